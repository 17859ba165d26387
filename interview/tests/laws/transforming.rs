//! Edits of one text made without knowing of each other.

use interview::editor::operation::{Operation, Side};
use interview::editor::{Change, Text};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::log::{any_text, boundary};

#[derive(Clone, Debug)]
struct Pick {
    from: Index,
    length: usize,
    text: String,
}

fn any_pick() -> impl Strategy<Value = Pick> {
    (any::<Index>(), 0usize..8, any_text()).prop_map(|(from, length, text)| Pick { from, length, text })
}

fn any_picks() -> impl Strategy<Value = Vec<Pick>> {
    proptest::collection::vec(any_pick(), 0..5)
}

/// Changes that fit the text, one after the other, and the text after them.
fn changes(picks: &[Pick], text: &Text) -> (Vec<Change>, Text) {
    let mut text = text.clone();
    let mut changes = Vec::new();
    for pick in picks {
        let start = boundary(&text, pick.from.index(text.len() + 1));
        let end = boundary(&text, (start + pick.length).min(text.len()));
        let change = Change::new(start, end - start, pick.text.as_str());
        text.apply(std::slice::from_ref(&change));
        changes.push(change);
    }
    (changes, text)
}

fn applied(operation: &Operation, text: &Text) -> Text {
    let mut text = text.clone();
    text.apply(&operation.to_changes());
    text
}

fn any_start() -> impl Strategy<Value = Text> {
    proptest::collection::vec(any_text(), 0..8).prop_map(|texts| Text::from(texts.concat().as_str()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_operation_does_what_its_changes_do(start in any_start(), picks in any_picks()) {
        let (changes, after) = changes(&picks, &start);
        prop_assert_eq!(applied(&Operation::from_changes(&changes), &start), after);
    }

    /// However many at once: placing matters as much as the text, so the steps are compared.
    #[test]
    fn changes_together_are_the_changes_in_turn(start in any_start(), picks in proptest::collection::vec(any_pick(), 0..9)) {
        let (changes, _) = changes(&picks, &start);
        let one_by_one = changes.iter().map(|change| Operation::from_changes(std::slice::from_ref(change)));
        let in_turn = one_by_one.reduce(|whole, next| whole.then(&next)).unwrap_or_default();
        prop_assert_eq!(Operation::from_changes(&changes).to_changes(), in_turn.to_changes());
    }

    #[test]
    fn an_operation_survives_being_written_as_changes(start in any_start(), one in any_picks(), next in any_picks()) {
        let (one, after_one) = changes(&one, &start);
        let next = changes(&next, &after_one).0;
        let operation = Operation::from_changes(&one).then(&Operation::from_changes(&next));
        let written = operation.to_changes();
        prop_assert_eq!(Operation::from_changes(&written).to_changes(), written);
    }

    #[test]
    fn both_orders_of_two_edits_give_the_same_text(start in any_start(), one in any_picks(), other in any_picks()) {
        let (one, after_one) = changes(&one, &start);
        let (other, after_other) = changes(&other, &start);
        let (one, other) = (Operation::from_changes(&one), Operation::from_changes(&other));
        let one_then_other = applied(&other.after(&one, Side::Second), &after_one);
        let other_then_one = applied(&one.after(&other, Side::First), &after_other);
        prop_assert_eq!(one_then_other, other_then_one);
    }

    #[test]
    fn two_operations_as_one_do_what_they_do_in_turn(start in any_start(), one in any_picks(), next in any_picks()) {
        let (one, after_one) = changes(&one, &start);
        let (next, after_both) = changes(&next, &after_one);
        let whole = Operation::from_changes(&one).then(&Operation::from_changes(&next));
        prop_assert_eq!(applied(&whole, &start), after_both);
    }

    /// The browser moves what is pending behind each foreign edit in turn, the server behind all of them at once.
    #[test]
    fn moving_behind_two_edits_in_turn_is_moving_behind_both(
        start in any_start(), ours in any_picks(), one in any_picks(), next in any_picks(),
    ) {
        let (ours, after_ours) = changes(&ours, &start);
        let (one, after_one) = changes(&one, &start);
        let (next, after_both) = changes(&next, &after_one);
        let [ours, one, next] = [ours, one, next].map(|changes| Operation::from_changes(&changes));
        let between = ours.after(&one, Side::Second);
        let in_turn = between.after(&next, Side::Second);
        let at_once = ours.after(&one.then(&next), Side::Second);
        prop_assert_eq!(applied(&in_turn, &after_both), applied(&at_once, &after_both));

        let in_turn = one.after(&ours, Side::First).then(&next.after(&between, Side::First));
        let at_once = one.then(&next).after(&ours, Side::First);
        prop_assert_eq!(applied(&in_turn, &after_ours), applied(&at_once, &after_ours));
    }

    #[test]
    fn taking_back_gives_the_text_before(start in any_start(), picks in any_picks()) {
        let (changes, after) = changes(&picks, &start);
        let operation = Operation::from_changes(&changes);
        prop_assert_eq!(applied(&operation.inverse(&start), &after), start);
    }
}
