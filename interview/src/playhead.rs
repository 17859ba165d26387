//! Where a replay stands and how it moves: a reducer of commands. It knows no clock; whoever drives it says how much time
//! went by.

use serde::{Deserialize, Serialize};

use crate::event::Offset;
use crate::replay::RecordingIndex;

/// Most time that one tick can bring, in milliseconds: a page that slept does not run on for what it missed.
pub const TICK_LIMIT_MILLIS: u64 = 1_000;

/// While playing, a moment no older than this counts as the one before: pressing twice goes back two.
const PREVIOUS_GRACE_MILLIS: u64 = 1_000;

/// How fast a replay plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speed {
    /// 0.25×
    Quarter,
    /// 0.5×
    Half,
    /// 1×
    #[default]
    Usual,
    /// 1.5×
    OneAndAHalf,
    /// 2×
    Double,
    /// 4×
    Four,
    /// 8×
    Eight,
    /// 16×
    Sixteen,
}

impl Speed {
    /// All of them, from slow to fast.
    pub const ALL: [Self; 8] = [
        Self::Quarter,
        Self::Half,
        Self::Usual,
        Self::OneAndAHalf,
        Self::Double,
        Self::Four,
        Self::Eight,
        Self::Sixteen,
    ];

    /// The factor for people, as in `1.5`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Quarter => "0.25",
            Self::Half => "0.5",
            Self::Usual => "1",
            Self::OneAndAHalf => "1.5",
            Self::Double => "2",
            Self::Four => "4",
            Self::Eight => "8",
            Self::Sixteen => "16",
        }
    }

    /// The speed of that title.
    pub fn parse(title: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|speed| speed.title() == title)
    }

    fn quarters(self) -> u64 {
        match self {
            Self::Quarter => 1,
            Self::Half => 2,
            Self::Usual => 4,
            Self::OneAndAHalf => 6,
            Self::Double => 8,
            Self::Four => 16,
            Self::Eight => 32,
            Self::Sixteen => 64,
        }
    }

    fn step(self, by: isize) -> Self {
        let here = Self::ALL.iter().position(|speed| *speed == self).unwrap_or_default();
        Self::ALL[here.saturating_add_signed(by).min(Self::ALL.len() - 1)]
    }
}

/// What a playhead can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Stand at that moment.
    Seek(Offset),
    /// Move by so many milliseconds.
    Nudge(i64),
    /// Stand at that tenth of the recording.
    Tenth(u8),
    /// Stand at the next moment worth jumping to, or at the end.
    NextMoment,
    /// Stand at the moment before, or at the start.
    PreviousMoment,
    /// Play; from the end, play again.
    Play,
    /// Stand still.
    Pause,
    /// Play if still, stand still if playing.
    Toggle,
    /// So much time went by.
    Tick {
        /// In milliseconds.
        elapsed_millis: u64,
    },
    /// Play at that speed.
    SetSpeed(Speed),
    /// Play at the next higher speed.
    Faster,
    /// Play at the next lower speed.
    Slower,
    /// Skip stretches in which nothing happens, or do not.
    SetSkipIdle(bool),
}

/// Where a replay stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Playhead {
    /// The moment shown.
    pub at: Offset,
    /// Whether it moves by itself.
    pub playing: bool,
    /// How fast.
    pub speed: Speed,
    /// Whether stretches in which nothing happens are skipped.
    pub skip_idle: bool,
    /// Quarters of a millisecond that were played but are not shown yet.
    #[serde(skip)]
    rest: u64,
}

impl Playhead {
    /// Does what it is told, within the recording.
    pub fn apply(&mut self, command: Command, index: &RecordingIndex) {
        match command {
            Command::Seek(at) => self.seek(at, index),
            Command::Nudge(millis) => self.seek(Offset(self.at.0.saturating_add_signed(millis)), index),
            Command::Tenth(tenth) => {
                let at = u128::from(index.duration.0) * u128::from(tenth.min(10)) / 10;
                self.seek(Offset(u64::try_from(at).unwrap_or(u64::MAX)), index);
            }
            Command::NextMoment => {
                let next = index.moment_after(self.at).map_or(index.duration, |moment| moment.at);
                self.seek(next, index);
            }
            Command::PreviousMoment => {
                let grace = if self.playing { PREVIOUS_GRACE_MILLIS } else { 0 };
                let before = Offset(self.at.0.saturating_sub(grace));
                self.seek(index.moment_before(before).map_or(Offset(0), |moment| moment.at), index);
            }
            Command::Play => self.play(index),
            Command::Pause => self.playing = false,
            Command::Toggle if self.playing => self.playing = false,
            Command::Toggle => self.play(index),
            Command::Tick { elapsed_millis } => self.tick(elapsed_millis, index),
            Command::SetSpeed(speed) => self.speed = speed,
            Command::Faster => self.speed = self.speed.step(1),
            Command::Slower => self.speed = self.speed.step(-1),
            Command::SetSkipIdle(skip) => self.skip_idle = skip,
        }
    }

    fn seek(&mut self, at: Offset, index: &RecordingIndex) {
        self.at = at.min(index.duration);
        self.rest = 0;
    }

    fn play(&mut self, index: &RecordingIndex) {
        if self.at >= index.duration {
            self.seek(Offset(0), index);
        }
        self.playing = index.duration > Offset(0);
    }

    fn tick(&mut self, elapsed_millis: u64, index: &RecordingIndex) {
        if !self.playing {
            return;
        }
        let quarters = self.rest + elapsed_millis.min(TICK_LIMIT_MILLIS) * self.speed.quarters();
        self.rest = quarters % 4;
        self.advance(quarters / 4, index);
        if self.at >= index.duration {
            self.at = index.duration;
            self.playing = false;
            self.rest = 0;
        }
    }

    /// Goes on by so much of the recording's time; idle stretches take none of it when they are skipped.
    fn advance(&mut self, mut millis: u64, index: &RecordingIndex) {
        if self.skip_idle {
            let passed = index.idle.partition_point(|stretch| stretch.to <= self.at);
            for stretch in &index.idle[passed..] {
                let until = stretch.from.millis_since(self.at);
                if until > millis {
                    break;
                }
                millis -= until;
                self.at = stretch.to;
            }
        }
        self.at = Offset(self.at.0.saturating_add(millis));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Seq;
    use crate::replay::{Moment, MomentKind, Stretch};

    fn index() -> RecordingIndex {
        let moment = |at| Moment {
            at: Offset(at),
            seq: Seq(at),
            kind: MomentKind::Asked,
            label: String::new(),
            text: String::new(),
        };
        RecordingIndex {
            duration: Offset(100_000),
            moments: [10_000, 20_000, 21_000].map(moment).to_vec(),
            idle: vec![Stretch { from: Offset(30_000), to: Offset(60_000) }],
            ..RecordingIndex::default()
        }
    }

    fn after(start: Playhead, commands: &[Command]) -> Playhead {
        let mut playhead = start;
        commands.iter().for_each(|command| playhead.apply(*command, &index()));
        playhead
    }

    #[test]
    fn it_never_leaves_the_recording() {
        let at = |commands: &[Command]| after(Playhead::default(), commands).at;
        assert_eq!(at(&[Command::Seek(Offset(u64::MAX))]), Offset(100_000));
        assert_eq!(at(&[Command::Nudge(i64::MIN)]), Offset(0));
        assert_eq!(at(&[Command::Seek(Offset(5_000)), Command::Nudge(i64::MAX)]), Offset(100_000));
        assert_eq!(at(&[Command::Tenth(255)]), Offset(100_000));
    }

    #[test]
    fn slow_ticks_lose_no_time() {
        let mut playhead = after(Playhead::default(), &[Command::SetSpeed(Speed::Quarter), Command::Play]);
        for _ in 0..600 {
            playhead.apply(Command::Tick { elapsed_millis: 17 }, &index());
        }
        assert_eq!(playhead.at, Offset(600 * 17 / 4));
    }

    #[test]
    fn it_stops_at_the_end_and_plays_again_from_the_start() {
        let near = [Command::Seek(Offset(99_999)), Command::Play, Command::Tick { elapsed_millis: 500 }];
        let ended = after(Playhead::default(), &near);
        assert_eq!((ended.at, ended.playing), (Offset(100_000), false));
        let again = after(ended, &[Command::Toggle]);
        assert_eq!((again.at, again.playing), (Offset(0), true));
    }

    #[test]
    fn skipping_idle_time_takes_no_time() {
        let commands = [Command::SetSkipIdle(true), Command::Seek(Offset(29_900)), Command::Play];
        let start = after(Playhead::default(), &commands);
        assert_eq!(after(start, &[Command::Tick { elapsed_millis: 300 }]).at, Offset(60_200));
        let kept = after(start, &[Command::SetSkipIdle(false), Command::Tick { elapsed_millis: 300 }]);
        assert_eq!(kept.at, Offset(30_200));
    }

    #[test]
    fn moments_are_stepped_through_both_ways() {
        let at = |start: u64, command| after(Playhead::default(), &[Command::Seek(Offset(start)), command]).at.0;
        assert_eq!(at(0, Command::NextMoment), 10_000);
        assert_eq!(at(10_000, Command::NextMoment), 20_000);
        assert_eq!(at(21_000, Command::NextMoment), 100_000);
        assert_eq!(at(21_000, Command::PreviousMoment), 20_000);
        assert_eq!(at(10_000, Command::PreviousMoment), 0);
        let playing =
            after(Playhead::default(), &[Command::Seek(Offset(20_300)), Command::Play, Command::PreviousMoment]);
        assert_eq!(playing.at, Offset(10_000));
    }

    #[test]
    fn a_page_that_slept_does_not_run_on() {
        let playing = after(Playhead::default(), &[Command::Play, Command::Tick { elapsed_millis: u64::MAX }]);
        assert_eq!(playing.at, Offset(TICK_LIMIT_MILLIS));
    }
}
