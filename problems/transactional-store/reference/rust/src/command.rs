//! Parsing: from a line of input to a command and its arguments.

use std::fmt;

/// A line of input, understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command<'a> {
    Set { key: &'a str, value: &'a str },
    Get { key: &'a str },
    Unset { key: &'a str },
    Count { value: &'a str },
    Begin,
    Rollback,
    Commit,
    Changes,
}

/// Why a line is not a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError<'a> {
    Unknown(&'a str),
    Usage(&'static str),
}

impl fmt::Display for ParseError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(name) => write!(f, "unknown command {name}"),
            Self::Usage(usage) => write!(f, "usage: {usage}"),
        }
    }
}

/// The command on this line.
pub fn parse(line: &str) -> Result<Command<'_>, ParseError<'_>> {
    let line = line.trim();
    let (name, rest) = line.split_once(' ').map_or((line, ""), |(name, rest)| (name, rest.trim()));
    let (usage, command) = match name {
        "SET" => ("SET <key> <value>", key_and_value(rest).map(|(key, value)| Command::Set { key, value })),
        "GET" => ("GET <key>", word(rest).map(|key| Command::Get { key })),
        "UNSET" => ("UNSET <key>", word(rest).map(|key| Command::Unset { key })),
        "COUNT" => ("COUNT <value>", value(rest).map(|value| Command::Count { value })),
        "BEGIN" => ("BEGIN", nothing(rest, Command::Begin)),
        "ROLLBACK" => ("ROLLBACK", nothing(rest, Command::Rollback)),
        "COMMIT" => ("COMMIT", nothing(rest, Command::Commit)),
        "CHANGES" => ("CHANGES", nothing(rest, Command::Changes)),
        _ => return Err(ParseError::Unknown(name)),
    };
    command.ok_or(ParseError::Usage(usage))
}

/// The only word of a text.
fn word(text: &str) -> Option<&str> {
    let is_word = !text.is_empty() && !text.contains(char::is_whitespace);
    is_word.then_some(text)
}

/// A value is all that is left of the line.
fn value(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn key_and_value(text: &str) -> Option<(&str, &str)> {
    let (key, rest) = text.split_once(char::is_whitespace)?;
    Some((key, rest.trim_start()))
}

fn nothing<'a>(text: &str, command: Command<'a>) -> Option<Command<'a>> {
    text.is_empty().then_some(command)
}
