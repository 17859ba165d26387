//! How often a file that programs keep changing is looked at: after each news of it, it rests, the longer the larger the
//! news was. What happens meanwhile is looked at once, when the rest is over.

use std::collections::HashMap;
use std::time::Duration;

use interview::FilePath;
use tokio::time::Instant;

/// How long a file rests at least.
const LEAST: Duration = Duration::from_millis(500);

/// So much news of one file may come in a second.
const BYTES_PER_SECOND: u64 = 256 << 10;

#[derive(Clone, Copy, Debug)]
struct Rest {
    until: Instant,
    /// Whether the file may have changed meanwhile.
    is_awaited: bool,
}

/// The files that rest.
#[derive(Debug, Default)]
pub(super) struct Rests(HashMap<FilePath, Rest>);

impl Rests {
    /// After news of so many bytes.
    pub fn begin(&mut self, path: FilePath, bytes: u64, now: Instant) {
        self.0.retain(|_, rest| rest.is_awaited || rest.until > now);
        let duration = Duration::from_millis(bytes.saturating_mul(1_000) / BYTES_PER_SECOND).max(LEAST);
        self.0.insert(path, Rest { until: now + duration, is_awaited: false });
    }

    /// Whether a file that may have changed has to wait; then it is among those that are [`Self::over`] later.
    pub fn postpone(&mut self, path: &FilePath, now: Instant) -> bool {
        match self.0.get_mut(path).filter(|rest| rest.until > now) {
            Some(rest) => {
                rest.is_awaited = true;
                true
            }
            None => false,
        }
    }

    /// Ends a rest early; whether the file may have changed meanwhile.
    pub fn end(&mut self, path: &FilePath) -> bool {
        self.0.remove(path).is_some_and(|rest| rest.is_awaited)
    }

    /// When the next one is over that somebody waits for.
    pub fn next(&self) -> Option<Instant> {
        self.0.values().filter(|rest| rest.is_awaited).map(|rest| rest.until).min()
    }

    /// Takes out those that are over and waited for.
    pub fn over(&mut self, now: Instant) -> Vec<FilePath> {
        self.0.extract_if(|_, rest| rest.is_awaited && rest.until <= now).map(|(path, _)| path).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changes_all_the_time_is_looked_at_now_and_then_and_once_it_is_quiet() {
        let (path, mut now) = (FilePath::parse("log.txt").expect("a path"), Instant::now());
        let mut rests = Rests::default();
        let mut looks = 0;
        for _ in 0..100 {
            now += Duration::from_millis(50);
            for path in rests.over(now) {
                rests.begin(path, 1 << 20, now);
                looks += 1;
            }
            if !rests.postpone(&path, now) {
                rests.begin(path.clone(), 1 << 20, now);
                looks += 1;
            }
        }
        assert_eq!(looks, 2, "a mebibyte every four seconds");
        assert!(rests.next().is_some());
        assert_eq!(rests.over(now + Duration::from_secs(4)), [path]);
        assert_eq!(rests.next(), None);
    }
}
