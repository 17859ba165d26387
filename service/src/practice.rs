//! The built-in assistant, for rooms without a key. It is not a language model and says so: it gives the problem's own
//! hints, and turns a few plain requests into the same tool calls Claude makes. It guesses nothing.

mod answer;
mod comment;
mod results;
#[cfg(test)]
mod tests;
mod wish;
mod words;

use async_trait::async_trait;
use interview::chat::Stop;
use tokio::sync::mpsc;

use crate::ports::Assistant;
use crate::ports::assistant::{Block, Piece, Prompt, Usage};
use answer::Answer;

/// How many pieces may wait for a slow reader.
const PIECES_WAITING: usize = 64;

/// The assistant that needs no key.
#[derive(Clone, Copy, Debug, Default)]
pub struct Practice;

#[async_trait]
impl Assistant for Practice {
    fn model(&self) -> &str {
        "practice"
    }

    fn is_language_model(&self) -> bool {
        false
    }

    async fn answer(&self, prompt: Prompt) -> mpsc::Receiver<Piece> {
        let (sender, receiver) = mpsc::channel(PIECES_WAITING);
        let answer = Answer::to(&prompt);
        // The receiver owns this task: when it goes, the next piece finds nobody and the task ends.
        tokio::spawn(async move {
            for piece in pieces(answer) {
                if sender.send(piece).await.is_err() {
                    return;
                }
            }
        });
        receiver
    }

    fn cost_microusd(&self, _usage: Usage) -> u64 {
        0
    }
}

/// The answer word by word, then its call, then its end.
fn pieces(answer: Answer) -> Vec<Piece> {
    let mut pieces: Vec<_> = answer.text.split_inclusive(' ').map(|word| Piece::Text(word.to_owned())).collect();
    let mut blocks = vec![Block::Text(answer.text.clone())];
    let mut stop = Stop::EndTurn;
    if let Some(call) = answer.call {
        pieces.push(Piece::Call(call.clone()));
        blocks.push(Block::Call(call));
        stop = Stop::ToolUse;
    }
    pieces.push(Piece::Done { stop, blocks, usage: Usage::default() });
    pieces
}
