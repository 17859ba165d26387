//! The room's socket: messages of `interview::wire` both ways, one tab at a time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use interview::wire::{About, ClientMessage, MESSAGE_LIMIT_BYTES, ServerMessage};
use service::Service;
use service::live::{Room, RoomError, SIGN_OF_LIFE, Tap};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, interval_at, timeout, timeout_at};

use crate::problem::Problem;
use crate::who::Candidate;

/// A tab that gives no sign of life for so long is gone. A living one says something now and then, and its browser answers
/// pings by itself, also where the page is in the background.
const SILENCE: Duration = Duration::from_secs(30);

/// How many answers to a tab's own messages may wait.
const ANSWER_CAPACITY: usize = 256;

/// How many batches of facts may be under way. A tab sends one after the other; what an earlier visit left behind may come
/// beside it.
const BATCHES_UNDER_WAY: usize = 4;

/// Why a socket is closed; in the range that applications may use.
const TAKEN_OVER: u16 = 4_001;
const TOO_SLOW: u16 = 4_002;
const MALFORMED: u16 = 4_003;

/// Opens the room.
#[utoipa::path(get, path = "/api/interview/{id}/room", params(("id" = String, Path)),
    responses((status = 101, description = "A WebSocket that speaks the room's messages as JSON text frames"), (status = 401, body = Problem)))]
pub async fn open(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let room = service.rooms.room(&row.id).await?;
    Ok(upgrade.max_message_size(MESSAGE_LIMIT_BYTES).on_upgrade(move |socket| serve(socket, room)))
}

async fn serve(mut socket: WebSocket, room: Room) {
    let first = timeout(SILENCE, first_message(&mut socket)).await;
    let Ok(Some(Heard::Message(ClientMessage::Hello { origin, from }))) = first else {
        return close(socket, MALFORMED, "the first message is `hello`").await;
    };
    match room.join(origin, from).await {
        Ok((welcome, tap)) => {
            if send(&mut socket, &ServerMessage::Welcome(Box::new(welcome))).await {
                talk(&mut socket, &room, tap).await;
            }
        }
        Err(error) => close(socket, TOO_SLOW, &error.to_string()).await,
    }
}

async fn talk(socket: &mut WebSocket, room: &Room, mut tap: Tap) {
    let (answers, mut ready) = mpsc::channel(ANSWER_CAPACITY);
    let batches = Arc::new(Semaphore::new(BATCHES_UNDER_WAY));
    // What is sent to a tab does not say that it is still there.
    let mut heard = Instant::now();
    let mut pulse = interval_at(heard + SIGN_OF_LIFE, SIGN_OF_LIFE);
    let reason = loop {
        tokio::select! {
            message = timeout_at(heard + SILENCE, read(socket)) => {
                let Ok(Some(message)) = message else { break None };
                heard = Instant::now();
                tap.note_sign_of_life();
                match message {
                    Heard::Sign => {}
                    Heard::Message(message) => obey(message, room, &answers, &batches).await,
                    Heard::Nonsense(reason) => {
                        if !send(socket, &ServerMessage::Sorry { about: About::Message, reason }).await { break None }
                    }
                }
            },
            message = tap.next() => match message {
                Some(message) => {
                    let is_last = message == ServerMessage::TakenOver;
                    if !send(socket, &message).await { break None }
                    if is_last { break Some((TAKEN_OVER, "another tab took over")) }
                }
                None => break Some((TOO_SLOW, "reconnect to go on")),
            },
            Some(answer) = ready.recv() => {
                if !send(socket, &answer).await { break None }
            },
            _ = pulse.tick() => {
                if !send_frame(socket, Message::Ping(Bytes::new())).await { break None }
            }
        }
    };
    drop(tap);
    if let Some((code, reason)) = reason {
        let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }
}

/// Does what a tab asks. What has to wait for the log waits beside, so that keys and stops never do.
async fn obey(message: ClientMessage, room: &Room, answers: &mpsc::Sender<ServerMessage>, batches: &Arc<Semaphore>) {
    let sorry = |about: About, result: Result<(), RoomError>| {
        result.err().map(|error| ServerMessage::Sorry { about, reason: error.to_string() })
    };
    let answer =
        match message {
            ClientMessage::Hello { .. } => {
                sorry(About::Message, Err(RoomError::NotNow("hello was said already".into())))
            }
            ClientMessage::Facts { origin, now, facts } => 'batch: {
                let Ok(under_way) = batches.clone().try_acquire_owned() else {
                    break 'batch sorry(About::Session, Err(RoomError::NotNow("one batch after the other".into())));
                };
                let (room, answers) = (room.clone(), answers.clone());
                tokio::spawn(async move {
                    let result = room.take(origin.clone(), Some(now), facts).await;
                    let answer = match result {
                        Ok(stored) => ServerMessage::Acknowledged { origin, through: stored.through },
                        Err(RoomError::Refused { n, reason, .. } | RoomError::Forbidden { n, reason }) => {
                            ServerMessage::Refused { origin, n, reason }
                        }
                        Err(error) => ServerMessage::Sorry { about: About::Session, reason: error.to_string() },
                    };
                    let _ = answers.send(answer).await;
                    drop(under_way);
                });
                None
            }
            ClientMessage::Type { data } => sorry(About::Terminal, room.type_keys(data).await),
            ClientMessage::Resize(size) => sorry(About::Terminal, room.resize(size).await),
            ClientMessage::RestartSandbox => sorry(About::Terminal, room.restart_box().await),
            ClientMessage::Ask { text } => beside(About::Assistant, answers, room.clone(), |room| async move {
                room.ask_assistant(text).await.map(drop)
            }),
            ClientMessage::StopAnswer => {
                room.stop_answer().await;
                None
            }
            ClientMessage::Decide { call, accept } => sorry(About::Assistant, room.decide(call, accept).await),
            ClientMessage::Undo { call } => sorry(About::Assistant, room.undo(call).await),
            ClientMessage::Run { cases } => {
                beside(About::Run, answers, room.clone(), |room| async move { room.run(cases).await.map(drop) })
            }
            ClientMessage::NextQuestion => sorry(About::Session, room.next_question().await),
            ClientMessage::Submit => {
                beside(About::Session, answers, room.clone(), |room| async move { room.submit().await })
            }
            ClientMessage::Ping => match room.look().await {
                Ok((_, now)) => Some(ServerMessage::Pong { now }),
                Err(error) => sorry(About::Message, Err(error)),
            },
        };
    if let Some(answer) = answer {
        let _ = answers.try_send(answer);
    }
}

fn beside<F>(
    about: About,
    answers: &mpsc::Sender<ServerMessage>,
    room: Room,
    ask: impl FnOnce(Room) -> F,
) -> Option<ServerMessage>
where
    F: Future<Output = Result<(), RoomError>> + Send + 'static,
{
    let (answers, result) = (answers.clone(), ask(room));
    tokio::spawn(async move {
        if let Err(error) = result.await {
            let _ = answers.send(ServerMessage::Sorry { about, reason: error.to_string() }).await;
        }
    });
    None
}

/// What came from a tab.
enum Heard {
    Message(ClientMessage),
    /// What cannot be read, and why.
    Nonsense(String),
    /// It is there.
    Sign,
}

async fn first_message(socket: &mut WebSocket) -> Option<Heard> {
    loop {
        match read(socket).await {
            Some(Heard::Sign) => {}
            other => return other,
        }
    }
}

/// What comes next; none at the end.
async fn read(socket: &mut WebSocket) -> Option<Heard> {
    match socket.recv().await? {
        Ok(Message::Text(text)) => Some(match serde_json::from_str(&text) {
            Ok(message) => Heard::Message(message),
            Err(error) => Heard::Nonsense(error.to_string()),
        }),
        Ok(Message::Binary(_)) => Some(Heard::Nonsense("this socket speaks JSON in text frames".to_owned())),
        Ok(Message::Ping(_) | Message::Pong(_)) => Some(Heard::Sign),
        Ok(Message::Close(_)) | Err(_) => None,
    }
}

async fn send(socket: &mut WebSocket, message: &ServerMessage) -> bool {
    match serde_json::to_string(message) {
        Ok(text) => send_frame(socket, Message::Text(text.into())).await,
        Err(error) => {
            tracing::error!(%error, "a message could not be written");
            false
        }
    }
}

async fn send_frame(socket: &mut WebSocket, frame: Message) -> bool {
    timeout(SILENCE, socket.send(frame)).await.is_ok_and(|sent| sent.is_ok())
}

async fn close(mut socket: WebSocket, code: u16, reason: &str) {
    let _ = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
}
