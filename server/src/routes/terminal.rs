//! The raw terminal: bytes both ways over a socket, the window's size as a text frame. For clients that are no room.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use interview::fact::{Fact, TerminalFact};
use interview::masking::Viewer;
use interview::terminal::Size;
use interview::wire::ServerMessage;
use service::Service;
use service::live::{Room, RoomError, Tap};

use crate::problem::Problem;
use crate::who::Candidate;

/// Largest message from a client.
const MESSAGE_LIMIT_BYTES: usize = 256 * 1024;

/// Opens the shell: `{"cols":80,"rows":24}` as text sets the size and starts it, binary frames are keys and output.
#[utoipa::path(get, path = "/api/interview/{id}/terminal", params(("id" = String, Path)),
    responses((status = 101, description = "A WebSocket: binary frames are bytes, a text frame is the window's size"), (status = 401, body = Problem)))]
pub async fn open(
    State(service): State<Arc<Service>>,
    Candidate(row): Candidate,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let room = service.rooms.room(&row.id).await?;
    Ok(upgrade.max_message_size(MESSAGE_LIMIT_BYTES).on_upgrade(move |socket| serve(socket, room)))
}

async fn serve(mut socket: WebSocket, room: Room) {
    let Ok((stage, mut tap)) = room.watch(Viewer::Candidate).await else { return };
    if stage.terminal.open {
        let screen = stage.terminal.dump().text;
        if socket.send(Message::Binary(screen.into_bytes().into())).await.is_err() {
            return;
        }
    }
    while carry(&mut socket, &room, &mut tap).await {}
}

/// Carries one message in either direction; false when it is over.
async fn carry(socket: &mut WebSocket, room: &Room, tap: &mut Tap) -> bool {
    tokio::select! {
        message = socket.recv() => match message {
            Some(Ok(Message::Binary(bytes))) => {
                let keys = String::from_utf8_lossy(&bytes).into_owned();
                answer(socket, room.type_keys(keys).await).await
            }
            Some(Ok(Message::Text(text))) => match serde_json::from_str::<Size>(&text) {
                Ok(size) => answer(socket, room.resize(size).await).await,
                Err(_) => tell(socket, r#"{"error":"a text frame is {\"cols\":…,\"rows\":…}"}"#.to_owned()).await,
            },
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => true,
            Some(Ok(Message::Close(_)) | Err(_)) | None => false,
        },
        message = tap.next() => match message {
            Some(ServerMessage::Events { events }) => {
                for delivery in events {
                    if !show(socket, delivery.event.fact).await {
                        return false;
                    }
                }
                true
            }
            Some(_) => true,
            None => false,
        },
    }
}

async fn show(socket: &mut WebSocket, fact: Fact) -> bool {
    match fact {
        Fact::Terminal(TerminalFact::Printed(bytes)) => {
            socket.send(Message::Binary(bytes.data.into_bytes().into())).await.is_ok()
        }
        Fact::Terminal(TerminalFact::Closed(_)) => {
            let _ = socket.send(Message::Close(None)).await;
            false
        }
        Fact::Terminal(TerminalFact::Opened(_) | TerminalFact::Resized(_) | TerminalFact::Typed(_)) => true,
        Fact::Session(_) | Fact::Question(_) | Fact::Editor(_) | Fact::Chat(_) | Fact::Run(_) => true,
    }
}

async fn answer(socket: &mut WebSocket, result: Result<(), RoomError>) -> bool {
    match result {
        Ok(()) => true,
        Err(error) => tell(socket, serde_json::json!({ "error": error.to_string() }).to_string()).await,
    }
}

async fn tell(socket: &mut WebSocket, text: String) -> bool {
    socket.send(Message::Text(text.into())).await.is_ok()
}
