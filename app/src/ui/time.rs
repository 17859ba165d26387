//! Times and durations as text: the same on the server and in the browser, in UTC. It asks no clock.

use leptos::prelude::*;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment of the calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Calendar {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Calendar {
    /// The moment so many milliseconds after 1970 began. The civil calendar, by counting days from 1 March of year 0.
    fn at(unix_millis: u64) -> Self {
        let seconds = unix_millis / 1_000;
        let days = seconds / 86_400 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        Self {
            year: year_of_era + era * 400 + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * month_from_march + 2) / 5 + 1,
            hour: seconds / 3_600 % 24,
            minute: seconds / 60 % 60,
            second: seconds % 60,
        }
    }
}

/// `2026-11-20T14:19:48Z`, for machines.
pub fn iso(unix_millis: u64) -> String {
    let Calendar { year, month, day, hour, minute, second } = Calendar::at(unix_millis);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `20 Nov 2026, 14:19`, in UTC, for people.
pub fn spoken(unix_millis: u64) -> String {
    let Calendar { year, month, day, hour, minute, .. } = Calendar::at(unix_millis);
    let month = usize::try_from(month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    format!("{day} {month} {year}, {hour:02}:{minute:02}")
}

/// How long something took: `48 min`, `1 h 05 min`, `40 s`.
pub fn duration(millis: u64) -> String {
    let seconds = millis / 1_000;
    match (seconds / 3_600, seconds / 60 % 60) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// A moment, readable for people and machines.
#[component]
pub fn Moment(
    /// Milliseconds since 1970.
    at: u64,
) -> impl IntoView {
    view! { <time class="numeric" datetime=iso(at)>{spoken(at)}</time> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_utc() {
        assert_eq!(iso(0), "1970-01-01T00:00:00Z");
        assert_eq!(iso(951_782_400_000), "2000-02-29T00:00:00Z");
        assert_eq!(iso(1_795_184_388_999), "2026-11-20T14:19:48Z");
        assert_eq!(spoken(1_795_184_388_999), "20 Nov 2026, 14:19");
        assert_eq!(spoken(4_102_444_799_000), "31 Dec 2099, 23:59");
    }

    #[test]
    fn durations_are_told_in_the_largest_unit_that_helps() {
        assert_eq!(duration(40_999), "40 s");
        assert_eq!(duration(48 * 60_000), "48 min");
        assert_eq!(duration(65 * 60_000), "1 h 05 min");
    }
}
