use interview::record;

record! {
    /// A stretch of the day; times are "HH:MM".
    #[derive(Clone, Debug, PartialEq)]
    pub struct Span {
        pub start: String,
        pub end: String,
    }
}

/// The stretches of the day when everybody is free for at least the given minutes.
///
/// `calendars` holds one list of bookings for each person; `buffer` is the number of minutes kept
/// free before and after each booking.
pub fn find_slots(calendars: &[Vec<Span>], day: &Span, minutes: i32, buffer: i32) -> Vec<Span> {
    Vec::new()
}
