//! Samples, and what the kernel says about memory.

use std::fs;
use std::time::{Duration, SystemTime};

/// A moment of the clock that programs in boxes see as well.
#[derive(Clone, Copy, Debug)]
pub struct Nanos(u128);

#[expect(clippy::disallowed_methods, reason = "a program in another process can only be compared with by the date")]
pub fn now() -> Nanos {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Nanos(since_1970.expect("after 1970").as_nanos())
}

impl Nanos {
    /// How long after this a program printed its own moment.
    pub fn until(self, printed: &[u8]) -> Duration {
        let printed = String::from_utf8_lossy(printed);
        let printed: u128 = printed.trim().parse().expect("the time in nanoseconds");
        Duration::from_nanos(printed.saturating_sub(self.0).try_into().expect("not that long"))
    }
}

/// How long something took, many times.
#[derive(Debug, Default)]
pub struct Samples(Vec<Duration>);

impl Samples {
    pub fn add(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    pub fn extend(&mut self, samples: Vec<Duration>) {
        self.0.extend(samples);
    }

    /// The sample that so many of a hundred do not exceed, in milliseconds.
    fn percentile(&self, hundredths: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        let place = (sorted.len() * hundredths).div_ceil(100).clamp(1, sorted.len().max(1)) - 1;
        sorted.get(place).map_or(0.0, |sample| sample.as_secs_f64() * 1e3)
    }
}

pub fn row(name: &str, samples: &Samples) {
    let [p50, p99, most] = [50, 99, 100].map(|hundredths| samples.percentile(hundredths));
    println!("{name:36} p50 {p50:8.2}   p99 {p99:8.2}   max {most:8.2}");
}

/// What this process holds.
pub fn resident_bytes() -> u64 {
    let statm = fs::read_to_string("/proc/self/statm").expect("the kernel tells");
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).expect("a number") * 4096
}

/// What the machine has left.
pub fn available_bytes() -> u64 {
    let meminfo = fs::read_to_string("/proc/meminfo").expect("the kernel tells");
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}
