//! What was entered in the shell, line by line: from the keys where they say all, else from the screen.

use crate::fact::TerminalFact;
use crate::terminal::Terminal;

/// Longest line that is kept, in characters.
const LINE_LIMIT: usize = 200;

/// Follows the line that is being typed.
#[derive(Clone, Debug, Default)]
pub(super) struct CommandReader {
    line: String,
    /// Whether keys were used that change the line in ways only the shell knows: completion, history, moving about.
    uncertain: bool,
}

impl CommandReader {
    /// Takes a fact in, before the screen does; gives the lines that it entered.
    pub fn read(&mut self, fact: &TerminalFact, before: &Terminal) -> Vec<String> {
        match fact {
            TerminalFact::Typed(bytes) => self.typed(&bytes.data, before),
            TerminalFact::Opened(_) | TerminalFact::Closed(_) => {
                *self = Self::default();
                Vec::new()
            }
            TerminalFact::Resized(_) | TerminalFact::Printed(_) => Vec::new(),
        }
    }

    fn typed(&mut self, data: &str, before: &Terminal) -> Vec<String> {
        let mut entered = Vec::new();
        for c in data.chars() {
            match c {
                '\r' | '\n' => {
                    entered.extend(self.enter(before));
                    *self = Self::default();
                }
                '\u{7f}' | '\u{8}' => {
                    self.line.pop();
                }
                // Interrupted, ended, or the line was cut.
                '\u{3}' | '\u{4}' | '\u{15}' => *self = Self::default(),
                c if c.is_control() => self.uncertain = true,
                c => self.line.push(c),
            }
        }
        entered
    }

    fn enter(&self, before: &Terminal) -> Option<String> {
        if before.is_full_screen() {
            return None;
        }
        let line = if self.uncertain { after_prompt(&before.cursor_line()) } else { self.line.clone() };
        let line: String = line.trim().chars().take(LINE_LIMIT).collect();
        (!line.is_empty()).then_some(line)
    }
}

/// The line without the prompt in front of it, as far as a prompt can be told.
fn after_prompt(line: &str) -> String {
    let end =
        ["$ ", "# ", "% ", "❯ ", "> "].iter().filter_map(|mark| line.find(mark).map(|index| index + mark.len())).min();
    line[end.unwrap_or(0)..].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Bytes, Size};

    fn typed(data: &str) -> TerminalFact {
        TerminalFact::Typed(Bytes { data: data.to_owned() })
    }

    #[test]
    fn a_line_is_what_is_left_of_its_keys_at_enter() {
        let screen = Terminal::new(Size::USUAL);
        let mut reader = CommandReader::default();
        assert!(reader.read(&typed("pyy"), &screen).is_empty());
        assert!(reader.read(&typed("\u{7f}test"), &screen).is_empty());
        assert_eq!(reader.read(&typed("\r"), &screen), ["pytest"]);
        assert_eq!(reader.read(&typed("wrong\u{3}ls\r\rpwd\r"), &screen), ["ls", "pwd"]);
    }

    #[test]
    fn a_completed_line_is_read_off_the_screen() {
        let mut screen = Terminal::new(Size::USUAL);
        screen.apply(&TerminalFact::Printed(Bytes { data: "box:~$ cat solution.py".to_owned() }));
        let mut reader = CommandReader::default();
        reader.read(&typed("cat so\t"), &screen);
        assert_eq!(reader.read(&typed("\r"), &screen), ["cat solution.py"]);
    }

    #[test]
    fn keys_of_a_full_screen_program_are_no_commands() {
        let mut screen = Terminal::new(Size::USUAL);
        screen.apply(&TerminalFact::Printed(Bytes { data: "\u{1b}[?1049h".to_owned() }));
        assert!(CommandReader::default().read(&typed(":wq\r"), &screen).is_empty());
    }
}
