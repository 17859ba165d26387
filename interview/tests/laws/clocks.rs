//! When a client's facts happened: its clock spaces them, and has no power besides.

use interview::{Clocks, Offset};
use proptest::prelude::*;

/// What a clock may show: a sensible time, nothing, or nonsense.
fn any_clock() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0u64..100_000, 1 => Just(0), 1 => Just(u64::MAX), 1 => any::<u64>()]
}

/// The moments of facts in the log, as they come in batch by batch; each batch some time after the one before.
fn placed(batches: &[(u64, u64, Vec<u64>)]) -> Vec<(Offset, Offset)> {
    let (mut received, mut previous) = (Offset(0), Offset(0));
    let mut placed = Vec::new();
    for (pause, sent, times) in batches {
        received = received.plus(*pause);
        for t in times {
            previous = Clocks { received, sent: *sent }.moment(*t).after(previous);
            placed.push((previous, received));
        }
    }
    placed
}

proptest! {
    #[test]
    fn whatever_clocks_say_time_goes_neither_back_nor_ahead(
        batches in proptest::collection::vec((0u64..10_000, any_clock(), proptest::collection::vec(any_clock(), 0..8)), 0..8),
    ) {
        let placed = placed(&batches);
        for pair in placed.windows(2) {
            prop_assert!(pair[0].0 <= pair[1].0);
        }
        for (at, received) in placed {
            prop_assert!(at <= received);
        }
    }

    #[test]
    fn the_rhythm_of_a_batch_survives_the_network_as_far_as_the_log_has_room(
        previous in 0u64..50_000,
        room in 0u64..50_000,
        gaps in proptest::collection::vec(0u64..2_000, 1..20),
        clock in 0u64..1_000_000,
        delay in 0u64..5_000,
    ) {
        // The client's clock began at any time; between the last fact and the sending, some time passed.
        let times: Vec<u64> = gaps.iter().scan(clock, |t, gap| { *t += gap; Some(*t) }).collect();
        let sent = times[times.len() - 1] + delay;
        let received = Offset(previous + room);
        let expected = |t: u64| Offset(received.0.saturating_sub(sent - t).max(previous));
        let mut last = Offset(previous);
        for t in &times {
            last = Clocks { received, sent }.moment(*t).after(last);
            prop_assert_eq!(last, expected(*t));
        }
        if sent - times[0] <= room {
            prop_assert_eq!(received.millis_since(expected(times[0])), sent - times[0], "all of it fits");
        }
    }
}
