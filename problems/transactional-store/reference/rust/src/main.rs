//! The store's command line: reads commands, prints replies.

mod command;
mod store;
mod transactions;

use std::io::{self, BufRead, BufWriter, Write};

use command::Command;
use store::Store;
use transactions::{Change, NoTransaction, Transactions};

fn main() -> io::Result<()> {
    let mut transactions = Transactions::new(Store::default());
    let mut replies = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        for reply in execute(&mut transactions, &line) {
            writeln!(replies, "{reply}")?;
        }
    }
    replies.flush()
}

/// Carries out one line of input and returns the lines of the reply.
fn execute(transactions: &mut Transactions, line: &str) -> Vec<String> {
    match command::parse(line) {
        Ok(command) => carry_out(transactions, command).unwrap_or_else(|error| vec![error.to_string()]),
        Err(error) => vec![format!("ERROR {error}")],
    }
}

fn carry_out(transactions: &mut Transactions, command: Command) -> Result<Vec<String>, NoTransaction> {
    match command {
        Command::Set { key, value } => transactions.put(key, Some(value.into())),
        Command::Get { key } => return Ok(vec![or_null(transactions.get(key)).into()]),
        Command::Unset { key } => transactions.put(key, None),
        Command::Count { value } => return Ok(vec![transactions.count(value).to_string()]),
        Command::Begin => transactions.begin(),
        Command::Rollback => transactions.rollback()?,
        Command::Commit => transactions.commit()?,
        Command::Changes => return Ok(describe(&transactions.changes()?)),
    }
    Ok(Vec::new())
}

fn describe(changes: &[Change]) -> Vec<String> {
    if changes.is_empty() {
        return vec!["NO CHANGES".into()];
    }
    let line = |Change { key, before, now }: &Change| {
        format!("{key}: {} -> {}", or_null(before.as_deref()), or_null(now.as_deref()))
    };
    changes.iter().map(line).collect()
}

fn or_null(value: Option<&str>) -> &str {
    value.unwrap_or("NULL")
}
