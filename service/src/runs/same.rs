//! When what came out is what should have. It forgives what people would: order of keys, rounding, trailing space.

use std::fmt::Write as _;

use serde_json::{Number, Value};

const TOLERANCE: f64 = 1e-9;
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a JSON value.
pub fn parse_json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text.trim()).map_err(|error| error.to_string())
}

/// Whether two JSON values are the same. Keys have no order. Whole numbers must be equal; others may differ by one part
/// in a thousand million.
pub fn is_same_json(expected: &Value, got: &Value) -> bool {
    match (expected, got) {
        (Value::Number(expected), Value::Number(got)) => is_same_number(expected, got),
        (Value::Array(expected), Value::Array(got)) => {
            expected.len() == got.len() && expected.iter().zip(got).all(|(one, other)| is_same_json(one, other))
        }
        (Value::Object(expected), Value::Object(got)) => {
            expected.len() == got.len()
                && expected.iter().all(|(key, one)| got.get(key).is_some_and(|other| is_same_json(one, other)))
        }
        _ => expected == got,
    }
}

fn is_same_number(expected: &Number, got: &Number) -> bool {
    if let (Some(expected), Some(got)) = (expected.as_i128(), got.as_i128()) {
        return expected == got;
    }
    let (Some(expected), Some(got)) = (expected.as_f64(), got.as_f64()) else { return expected == got };
    let is_whole = |number: f64| number.fract() == 0.0 && number.abs() < EXACT;
    if is_whole(expected) && is_whole(got) {
        return expected == got;
    }
    (expected - got).abs() <= TOLERANCE * expected.abs().max(got.abs()).max(1.0)
}

/// Whether two texts are the same but for white space at the ends of lines and of the text.
pub fn is_same_text(expected: &str, got: &str) -> bool {
    fn lines(text: &str) -> impl Iterator<Item = &str> {
        text.trim_end().split('\n').map(str::trim_end)
    }
    lines(expected).eq(lines(got))
}

/// A JSON value on one line, as people write it: `[1, {"a": 2}]`.
pub fn show(value: &Value) -> String {
    let mut line = String::new();
    append(value, &mut line);
    line
}

fn append(value: &Value, line: &mut String) {
    match value {
        Value::Array(items) => {
            line.push('[');
            for (place, item) in items.iter().enumerate() {
                line.push_str(if place == 0 { "" } else { ", " });
                append(item, line);
            }
            line.push(']');
        }
        Value::Object(entries) => {
            line.push('{');
            for (place, (key, item)) in entries.iter().enumerate() {
                line.push_str(if place == 0 { "" } else { ", " });
                append(&Value::String(key.clone()), line);
                line.push_str(": ");
                append(item, line);
            }
            line.push('}');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let _ = write!(line, "{value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            prop::num::f64::NORMAL.prop_map(Value::from),
            ".{0,8}".prop_map(Value::String),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
                prop::collection::btree_map(".{0,4}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_is_the_same_as_itself(value in any_json()) {
            prop_assert!(is_same_json(&value, &value));
        }

        #[test]
        fn what_is_shown_reads_back_as_the_same(value in any_json()) {
            prop_assert!(is_same_json(&value, &parse_json(&show(&value)).expect("what is shown is JSON")));
        }

        #[test]
        fn the_order_of_keys_does_not_matter(map in prop::collection::btree_map(".{0,4}", any_json(), 0..6)) {
            let one: Value = map.clone().into_iter().collect();
            let other: Value = map.into_iter().rev().collect();
            prop_assert!(is_same_json(&one, &other));
        }

        #[test]
        fn sameness_has_no_direction(one in any_json(), other in any_json()) {
            prop_assert_eq!(is_same_json(&one, &other), is_same_json(&other, &one));
        }

        #[test]
        fn a_rounding_error_is_forgiven_and_a_larger_one_is_not(number in 0.1f64..1e6) {
            let number = number + 0.05;
            prop_assume!(number.fract() != 0.0);
            let scale = number.abs().max(1.0);
            prop_assert!(is_same_json(&json!(number), &json!(number + scale * 5e-10)));
            prop_assert!(!is_same_json(&json!(number), &json!(number + scale * 5e-9)));
        }

        #[test]
        fn trailing_space_does_not_matter(lines in prop::collection::vec("[ a-z]{0,6}", 0..6)) {
            let one = lines.join("\n");
            let other = lines.iter().map(|line| format!("{line}  \r\n")).collect::<String>() + "\n\n";
            prop_assert!(is_same_text(&one, &other));
        }
    }

    #[test]
    fn whole_numbers_are_never_rounded() {
        assert!(!is_same_json(&json!(1_700_000_042), &json!(1_700_000_043)));
        assert!(is_same_json(&json!(3), &json!(3.0)));
        assert!(is_same_json(&json!(0.3), &json!(0.1 + 0.2)));
        assert!(is_same_json(&json!(u64::MAX), &json!(u64::MAX)));
        assert!(!is_same_json(&json!(i64::MAX), &json!(i64::MAX - 1)));
    }

    #[test]
    fn kinds_are_never_mixed() {
        for (one, other) in [
            (json!(1), json!("1")),
            (json!(0), json!(false)),
            (json!(null), json!([])),
            (json!({}), json!([])),
            (json!([1, 2]), json!([2, 1])),
            (json!({"a": 1}), json!({"a": 1, "b": null})),
        ] {
            assert!(!is_same_json(&one, &other), "{one} {other}");
        }
    }

    #[test]
    fn space_at_the_start_of_a_line_counts() {
        assert!(!is_same_text("a\n  b", "a\nb"));
        assert!(!is_same_text("a\n\nb", "a\nb"));
    }

    #[test]
    fn json_is_shown_as_people_write_it() {
        assert_eq!(show(&json!([1, {"a": [], "b": "x\"y"}])), r#"[1, {"a": [], "b": "x\"y"}]"#);
    }
}
