//! Recordings made once and never edited, with what must be seen in them for as long as this program lives.

use interview::replay::Recording;
use interview::{Event, Seq, Stage};
use serde_json::{Value, json};

/// A recording, one event a line, and stages in it: `[{"after": seq, "stage": {…}}, …]`.
pub struct Golden {
    pub name: &'static str,
    pub log: &'static str,
    pub stages: &'static str,
}

macro_rules! golden {
    ($($name:literal),* $(,)?) => {
        &[$(Golden {
            name: $name,
            log: include_str!(concat!("v1/", $name, ".jsonl")),
            stages: include_str!(concat!("v1/", $name, ".stages.json")),
        }),*]
    };
}

/// All of them.
pub const ALL: &[Golden] = golden!["whole-interview", "terminal", "many-hands", "edit-undone"];

impl Golden {
    /// Its events.
    pub fn events(&self) -> Vec<Event> {
        self.log.lines().map(|line| serde_json::from_str(line).expect("a golden line can be read")).collect()
    }

    /// Fails where the recording does not replay to its saved stages, by folding or by seeking.
    pub fn check_stages(&self) {
        let events = self.events();
        let recording = Recording::of(events.iter().cloned());
        let stages: Vec<Value> = serde_json::from_str(self.stages).expect("golden stages can be read");
        assert!(!stages.is_empty());
        for saved in &stages {
            let after = Seq(saved["after"].as_u64().expect("a saved stage has its place"));
            let folded = Stage::fold(events.iter().filter(|event| event.seq <= after));
            assert_eq!(recording.stage_after(after), folded, "{}: after {after:?}", self.name);
            expect_within(&saved["stage"], &seen(&folded), &format!("{} after {}", self.name, after.0));
        }
    }
}

/// The stage as JSON; of the terminal, what is on the screen, because a dump may be written in many ways.
fn seen(stage: &Stage) -> Value {
    let mut seen = serde_json::to_value(stage).expect("a stage is plain data");
    let (terminal, size) = (&stage.terminal, stage.terminal.size());
    seen["terminal"] = json!({
        "cols": size.cols,
        "rows": size.rows,
        "open": terminal.open,
        "lines": terminal.lines(),
        "cursor_line": terminal.cursor_line(),
        "full_screen": terminal.is_full_screen(),
    });
    seen
}

/// Fails unless everything saved is still there. A stage may come to know more than it did.
fn expect_within(saved: &Value, now: &Value, place: &str) {
    match (saved, now) {
        (Value::Object(saved), Value::Object(now)) => {
            for (key, value) in saved {
                expect_within(value, now.get(key).unwrap_or(&Value::Null), &format!("{place}.{key}"));
            }
        }
        (Value::Array(saved), Value::Array(now)) => {
            assert_eq!(saved.len(), now.len(), "{place}: as many");
            for (index, (saved, now)) in saved.iter().zip(now).enumerate() {
                expect_within(saved, now, &format!("{place}[{index}]"));
            }
        }
        (saved, now) => assert_eq!(saved, now, "{place}"),
    }
}
