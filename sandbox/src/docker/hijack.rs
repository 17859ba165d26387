//! A line of plain bytes to a program with a terminal.
//!
//! The engine sends what such a program prints as it is. A reader that looks for frames in it would take a stranger's first
//! byte for the length of one, and wait for gigabytes; so here nothing is read into it.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};

/// How long the engine's answer may be before the bytes begin.
const HEAD_LIMIT_BYTES: usize = 16 << 10;
/// How every answer's head ends.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// Both directions.
pub(super) struct Line {
    pub(super) reader: Box<dyn AsyncRead + Send + Unpin>,
    pub(super) writer: Box<dyn AsyncWrite + Send + Unpin>,
}

/// Asks, and keeps the line for what follows the answer.
pub(super) async fn post(host: &str, path: &str, body: &str) -> io::Result<Line> {
    let mut line = connect(host).await?;
    let length = body.len();
    let question = format!(
        "POST {path} HTTP/1.1\r\nHost: engine\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    line.writer.write_all(question.as_bytes()).await?;
    let mut head = Vec::new();
    while !head.ends_with(HEAD_END) {
        if head.len() > HEAD_LIMIT_BYTES {
            return Err(io::Error::other("its answer is too long"));
        }
        // Not one byte more than the head: the rest is the terminal's.
        head.push(line.reader.read_u8().await?);
    }
    let text = String::from_utf8_lossy(&head);
    let status = text.lines().next().unwrap_or_default();
    match status.split(' ').nth(1) {
        Some("101" | "200") => Ok(line),
        _ => Err(io::Error::other(status.to_owned())),
    }
}

async fn connect(host: &str) -> io::Result<Line> {
    if let Some(path) = host.strip_prefix("unix://") {
        let (reader, writer) = UnixStream::connect(path).await?.into_split();
        return Ok(Line { reader: Box::new(reader), writer: Box::new(writer) });
    }
    let place = host.strip_prefix("tcp://").or_else(|| host.strip_prefix("http://")).unwrap_or(host);
    let stream = TcpStream::connect(place.trim_end_matches('/')).await?;
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    Ok(Line { reader: Box::new(reader), writer: Box::new(writer) })
}
