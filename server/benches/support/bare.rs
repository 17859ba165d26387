//! The same question over nothing but a socket: what an answer's first word takes without any of our code.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::fake_claude::{FakeClaude, text_reply};

/// A connection that stays open.
pub struct Bare(TcpStream);

impl Bare {
    pub async fn open(fake: &FakeClaude) -> Self {
        let stream = TcpStream::connect(fake.base_url().trim_start_matches("http://")).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(stream)
    }

    /// From the request to the first word.
    pub async fn first_word(&mut self, fake: &FakeClaude, body: &str) -> Duration {
        fake.reply(text_reply("Sort the list."));
        let start = Instant::now();
        let head = format!(
            "POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: key\r\nanthropic-version: 2023-06-01\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        self.0.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
        let (mut read, mut took) = (Vec::new(), None);
        while !read.ends_with(b"0\r\n\r\n") {
            self.0.read_buf(&mut read).await.unwrap();
            if took.is_none() && read.windows(10).any(|bytes| bytes == b"text_delta") {
                took = Some(start.elapsed());
            }
        }
        took.expect("a word")
    }
}
