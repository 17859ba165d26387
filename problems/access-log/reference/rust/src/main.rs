use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::io;

/// One answered request.
struct Entry<'a> {
    time: u64,
    path: &'a str,
    failed: bool,
    millis: u64,
}

/// What is reported of one path in one window.
#[derive(Default)]
struct Traffic {
    millis: Vec<u64>,
    errors: usize,
}

impl<'a> Entry<'a> {
    /// The entry on this line; none if the line is broken.
    fn parse(line: &'a str) -> Option<Self> {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [time, _method, target, status, millis] = fields[..] else { return None };
        let status = number(status).filter(|status| (100..600).contains(status))?;
        if !target.starts_with('/') {
            return None;
        }
        let path = target.split_once('?').map_or(target, |(path, _query)| path);
        Some(Self { time: number(time)?, path, failed: status >= 500, millis: number(millis)? })
    }
}

/// A number made of digits only: `parse` alone would let a sign through.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

impl Traffic {
    fn add(&mut self, entry: &Entry) {
        self.millis.push(entry.millis);
        self.errors += usize::from(entry.failed);
    }

    fn describe(mut self, path: &str) -> String {
        let p95 = self.p95();
        format!("  {path} count={} errors={} p95={p95}", self.millis.len(), self.errors)
    }

    fn p95(&mut self) -> u64 {
        let rank = (95 * self.millis.len()).div_ceil(100);
        *self.millis.select_nth_unstable(rank - 1).1
    }
}

/// The lines of the report on an access log; the log's first line holds the options.
fn report(log: &str) -> Vec<String> {
    let mut lines = log.lines();
    let (window, top) = lines.next().and_then(options).unwrap_or((60, 10));
    let mut windows: BTreeMap<u64, HashMap<&str, Traffic>> = BTreeMap::new();
    let mut skipped = 0;
    for line in lines.filter(|line| !line.trim().is_empty()) {
        match Entry::parse(line) {
            Some(entry) => {
                let start = entry.time - entry.time % window;
                windows.entry(start).or_default().entry(entry.path).or_default().add(&entry);
            }
            None => skipped += 1,
        }
    }

    let mut printed = Vec::new();
    for (start, paths) in windows {
        printed.push(format!("window {start}"));
        printed.extend(busiest(paths).into_iter().take(top).map(|(path, traffic)| traffic.describe(path)));
    }
    printed.push(format!("skipped {skipped}"));
    printed
}

/// The window's length and how many paths to list: `window=60 top=2`.
fn options(line: &str) -> Option<(u64, usize)> {
    let (window, top) = line.trim().split_once(' ')?;
    Some((window.strip_prefix("window=")?.parse().ok()?, top.trim().strip_prefix("top=")?.parse().ok()?))
}

fn busiest<'a>(paths: HashMap<&'a str, Traffic>) -> Vec<(&'a str, Traffic)> {
    let mut ranked: Vec<_> = paths.into_iter().collect();
    ranked.sort_unstable_by_key(|(path, traffic)| (Reverse(traffic.millis.len()), *path));
    ranked
}

fn main() -> io::Result<()> {
    let log = io::read_to_string(io::stdin())?;
    println!("{}", report(&log).join("\n"));
    Ok(())
}
