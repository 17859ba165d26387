//! Opening a room: everything it knows is folded from the log.

use std::sync::Arc;

use interview::editor::history::{Authored, History};
use interview::{InterviewId, Offset, Seq, Stage};
use std::collections::HashMap;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::allowance::Spent;
use super::commit::Tail;
use super::edits::AssistantEdits;
use super::presence::Attendance;
use super::room::{RoomTask, Voice, fold_history};
use super::{Outside, Room, RoomError};

/// How many commands may wait for a room.
const COMMAND_CAPACITY: usize = 256;

/// How many entries are read at once.
const READ_LIMIT: usize = 2_000;

pub(super) async fn load(outside: Arc<Outside>, interview: &InterviewId) -> Result<Room, RoomError> {
    let row = outside.catalog.interview(interview).await?.ok_or(RoomError::Unknown)?;
    let assessment = outside.catalog.assessment(&row.assessment).await?.ok_or(RoomError::Unknown)?;
    let mut stage = Stage::default();
    let mut history = History::default();
    let mut assistant_edits = AssistantEdits::default();
    let mut spent = Spent::default();
    let mut through = HashMap::new();
    let mut attendance = Attendance::default();
    let mut next = Seq(0);
    loop {
        let entries = outside.events.read(interview, next, READ_LIMIT).await?;
        let Some(last) = entries.last() else { break };
        next = last.event.seq.next();
        for entry in &entries {
            let author = entry.source.as_ref().map(|source| {
                through.insert(source.origin.clone(), source.n);
                Authored { origin: source.origin.clone(), n: source.n, meant: None }
            });
            assistant_edits.apply(&entry.event, &stage);
            spent.apply(&entry.event);
            attendance.apply(&entry.event);
            fold_history(&mut history, &stage, &entry.event, author);
            stage.apply(&entry.event);
        }
    }
    let (sender, commands) = mpsc::channel(COMMAND_CAPACITY);
    let since_start = Offset(outside.clock.unix_millis().saturating_sub(row.started_at)).max(stage.at);
    let task = RoomTask {
        interview: interview.clone(),
        assessment,
        tail: Tail::new(outside.events.clone(), interview.clone()),
        voice: Voice(sender.downgrade()),
        commands,
        opened_at: (since_start, outside.clock.monotonic_millis()),
        outside,
        stage,
        history,
        assistant_edits,
        spent,
        through,
        taps: HashMap::new(),
        next_tap: 0,
        arrival: None,
        attendance,
        disk: None,
        sync_at: None,
        workspace_full_said: false,
        shell: None,
        shells: 0,
        boxes: (0, 0),
        next_shell: None,
        answer: None,
        proposals: HashMap::new(),
        early_decisions: HashMap::new(),
        running: None,
        closing: None,
        late_until: None,
        alone_since: None,
        progress: None,
        idle_since: Instant::now(),
    };
    tokio::spawn(task.live());
    Ok(Room { commands: sender })
}
