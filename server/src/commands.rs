//! What an operator asks of the program on its command line: to serve, or to erase an interview.

use std::ffi::OsString;

use anyhow::{Context as _, bail};
use interview::InterviewId;
use service::ports::Catalog as _;
use service::ports::catalog::Erasure;
use store::Store;

use crate::configuration::Configuration;

/// How the program is called.
const USAGE: &str = "start it as `server`, or as `server erase INTERVIEW` to erase an interview that has ended";

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Serve until told to stop.
    Serve,
    /// Erase an interview.
    Erase(InterviewId),
}

impl Command {
    /// Reads the arguments, without the program's own name.
    pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Self> {
        let words: Vec<String> = arguments.into_iter().map(|word| word.to_string_lossy().into_owned()).collect();
        match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Ok(Self::Serve),
            ["erase", id] => Ok(Self::Erase(InterviewId::parse(id).context("that is no interview's id")?)),
            [..] => bail!(USAGE),
        }
    }
}

/// Erases an interview from the database, and answers with what went. A server may be running meanwhile.
pub async fn erase(configuration: &Configuration, interview: &InterviewId) -> anyhow::Result<String> {
    let store = Store::open(&configuration.database).await.context("DATABASE_URL: the database cannot be opened")?;
    let erasure = store.erase_interview(interview).await.context("the interview cannot be erased")?;
    store.close().await;
    match erasure {
        Erasure::Unknown => bail!("there is no interview {interview}"),
        Erasure::StillOpen => {
            bail!("the interview {interview} has not ended; erase it when it was handed in or its time is up")
        }
        Erasure::Done { events, invitations } => {
            Ok(format!("Erased the interview {interview}: {events} events, {invitations} invitations, and its row."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &[&str]) -> anyhow::Result<Command> {
        Command::parse(words.iter().map(OsString::from))
    }

    #[test]
    fn without_arguments_the_program_serves_and_what_it_does_not_know_it_refuses() {
        assert_eq!(parsed(&[]).expect("a command"), Command::Serve);
        assert_eq!(
            parsed(&["erase", "0198"]).expect("a command"),
            Command::Erase(InterviewId::parse("0198").expect("an id"))
        );
        for wrong in [&["erase"][..], &["erase", "a", "b"], &["erase", "no id!"], &["--help"], &["serve"]] {
            assert!(parsed(wrong).is_err(), "{wrong:?}");
        }
    }
}
