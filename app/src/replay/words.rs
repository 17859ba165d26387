//! Moments and stretches of a recording in words, for eyes, ears and addresses.

use interview::Offset;

/// A moment as a clock shows it: `00:12:41`.
pub fn clock(at: Offset) -> String {
    let seconds = at.0 / 1_000;
    format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

/// A moment below a timeline, as short as it can be: `12:41`, `1:02:03`.
pub fn short_clock(at: Offset) -> String {
    let seconds = at.0 / 1_000;
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// A moment as it is read out: `12 minutes 41 seconds`.
pub fn spoken(at: Offset) -> String {
    let plural = |count: u64, unit: &str| match count {
        0 => None,
        1 => Some(format!("1 {unit}")),
        count => Some(format!("{count} {unit}s")),
    };
    let seconds = at.0 / 1_000;
    let parts = [plural(seconds / 3_600, "hour"), plural(seconds / 60 % 60, "minute"), plural(seconds % 60, "second")];
    let spoken: Vec<String> = parts.into_iter().flatten().collect();
    if spoken.is_empty() { "the start".to_owned() } else { spoken.join(" ") }
}

/// A moment as an address names it: seconds, with a tenth.
pub fn seconds(at: Offset) -> String {
    format!("{}.{}", at.0 / 1_000, at.0 / 100 % 10)
}

/// The moment that an address names.
pub fn parse_seconds(text: &str) -> Option<Offset> {
    let seconds: f64 = text.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then(|| Offset((seconds * 1_000.0).round() as u64))
}

/// How much of a whole lies before a moment, from 0 to 1.
pub fn share(at: Offset, whole: Offset) -> f64 {
    if whole.0 == 0 { 0.0 } else { at.0.min(whole.0) as f64 / whole.0 as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_read_out_and_named() {
        let at = Offset(761_340);
        assert_eq!((clock(at).as_str(), short_clock(at).as_str()), ("00:12:41", "12:41"));
        assert_eq!(spoken(at), "12 minutes 41 seconds");
        assert_eq!(spoken(Offset(3_601_000)), "1 hour 1 second");
        assert_eq!(spoken(Offset(400)), "the start");
        assert_eq!(seconds(at), "761.3");
    }

    #[test]
    fn an_address_names_a_moment_or_none() {
        assert_eq!(parse_seconds("754.2"), Some(Offset(754_200)));
        assert_eq!(parse_seconds("0"), Some(Offset(0)));
        assert_eq!(parse_seconds("1e300"), Some(Offset(u64::MAX)));
        for nonsense in ["", "-1", "NaN", "inf", "soon"] {
            assert_eq!(parse_seconds(nonsense), None, "{nonsense:?}");
        }
    }

    #[test]
    fn a_share_never_leaves_the_whole() {
        assert_eq!(share(Offset(5), Offset(10)), 0.5);
        assert_eq!(share(Offset(50), Offset(10)), 1.0);
        assert_eq!(share(Offset(5), Offset(0)), 0.0);
    }
}
