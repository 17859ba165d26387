//! The room's socket, as a browser uses it.

use futures::{SinkExt as _, StreamExt as _};
use interview::wire::{ClientMessage, ServerMessage, Welcome};
use interview::{Origin, Seq};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

use crate::house::House;
use crate::visitor::Visitor;

/// Longest that a test waits for anything.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
/// How often a living tab says something.
const PING_EVERY: std::time::Duration = std::time::Duration::from_secs(15);

pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// Opens a socket; an error is the HTTP status that refused it.
pub async fn open(url: &str, path: &str, visitor: &Visitor, origin: Option<&str>) -> Result<Socket, u16> {
    let address = format!("{}{path}", url.replace("http://", "ws://"));
    let mut request = address.into_client_request().unwrap();
    let headers = request.headers_mut();
    if !visitor.cookies.is_empty() {
        headers.insert("cookie", visitor.cookie_header().parse().unwrap());
    }
    if let Some(origin) = origin {
        headers.insert("origin", origin.parse().unwrap());
    }
    match connect_async_with_config(request, None, true).await {
        Ok((socket, _)) => Ok(Socket(socket)),
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

impl Socket {
    pub async fn say(&mut self, message: &ClientMessage) {
        self.say_text(serde_json::to_string(message).unwrap()).await;
    }

    pub async fn say_text(&mut self, text: String) {
        let _ = self.0.send(Message::Text(text.into())).await;
    }

    /// Sends bytes as they are: a binary frame, or what claims to be text.
    pub async fn say_bytes(&mut self, kind: Data, bytes: Vec<u8>) {
        let _ = self.0.send(Message::Frame(Frame::message(bytes, OpCode::Data(kind), true))).await;
    }

    /// The next message; none when the socket is closed.
    pub async fn hear(&mut self) -> Option<ServerMessage> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("the server says something within a minute")?
            {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub async fn hello(&mut self, origin: &str, from: Option<Seq>) -> Welcome {
        self.say(&ClientMessage::Hello { origin: Origin::parse(origin).unwrap(), from }).await;
        match self.hear().await {
            Some(ServerMessage::Welcome(welcome)) => *welcome,
            other => panic!("{other:?}"),
        }
    }

    /// Hears on until this finds what it looks for, and lets the server know now and then that it is there.
    pub async fn until<T>(&mut self, mut found: impl FnMut(&ServerMessage) -> Option<T>) -> T {
        let mut spoken = tokio::time::Instant::now();
        loop {
            if spoken.elapsed() > PING_EVERY {
                self.say(&ClientMessage::Ping).await;
                spoken = tokio::time::Instant::now();
            }
            let message = self.hear().await.expect("the socket stays open");
            if let Some(found) = found(&message) {
                return found;
            }
        }
    }
}

pub async fn room(house: &House, visitor: &Visitor, id: &str) -> Socket {
    open(&house.url, &format!("/api/interview/{id}/room"), visitor, Some(&house.url)).await.ok().unwrap()
}
