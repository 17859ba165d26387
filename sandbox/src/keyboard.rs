//! What is sent to a shell's terminal, in order.

use std::time::Duration;

use interview::terminal::Size;
use service::ports::ShellInput;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// How long after a change of size it is said once more. A shell that is about to prompt reads the size and writes it
/// back, and so may undo a change of that very moment.
const SAID_AGAIN: Duration = Duration::from_millis(250);

/// What was sent; and the last size once more, a little later.
pub(crate) struct Keyboard {
    sent: mpsc::Receiver<ShellInput>,
    again: Option<(Instant, Size)>,
}

impl Keyboard {
    pub(crate) fn new(sent: mpsc::Receiver<ShellInput>) -> Self {
        Self { sent, again: None }
    }

    /// What comes next; none when nothing can come any more.
    pub(crate) async fn next(&mut self) -> Option<ShellInput> {
        let sent = match self.again {
            None => self.sent.recv().await,
            Some((due, size)) => match timeout_at(due, self.sent.recv()).await {
                Ok(sent) => sent,
                Err(_) => {
                    self.again = None;
                    return Some(ShellInput::Resized(size));
                }
            },
        };
        if let Some(ShellInput::Resized(size)) = sent {
            self.again = Some((Instant::now() + SAID_AGAIN, size));
        }
        sent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_size_is_said_twice_and_only_the_last_one() {
        let (input, sent) = mpsc::channel(8);
        let mut keyboard = Keyboard::new(sent);
        let sizes = [(80, 24), (132, 43)].map(|(cols, rows)| ShellInput::Resized(Size { cols, rows }));
        for message in [sizes[0].clone(), sizes[1].clone(), ShellInput::Typed(b"x".to_vec())] {
            input.send(message.clone()).await.expect("it listens");
            assert_eq!(keyboard.next().await, Some(message));
        }
        assert_eq!(keyboard.next().await, Some(sizes[1].clone()));
        drop(input);
        assert_eq!(keyboard.next().await, None);
    }
}
