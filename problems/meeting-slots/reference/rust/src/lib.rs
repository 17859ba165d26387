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
    let bookings = calendars.iter().flatten().map(Minutes::of);
    let mut busy: Vec<Minutes> = bookings.filter(|booking| !booking.is_empty()).collect();
    busy.sort_unstable();

    let day = Minutes::of(day);
    let mut slots = Vec::new();
    let mut free_from = day.start;
    for booking in busy {
        slots.push(Minutes { start: free_from, end: day.end.min(booking.start - buffer) });
        free_from = free_from.max(booking.end + buffer);
    }
    slots.push(Minutes { start: free_from, end: day.end });
    slots.into_iter().filter(|slot| slot.end - slot.start >= minutes).map(Span::from).collect()
}

/// A stretch of the day, in minutes since midnight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Minutes {
    start: i32,
    end: i32,
}

impl Minutes {
    fn of(span: &Span) -> Self {
        Self { start: minutes_in(&span.start), end: minutes_in(&span.end) }
    }

    fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl From<Minutes> for Span {
    fn from(Minutes { start, end }: Minutes) -> Self {
        let clock = |minutes: i32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        Self { start: clock(start), end: clock(end) }
    }
}

fn minutes_in(clock: &str) -> i32 {
    let (hours, minutes) = clock.split_once(':').expect("times are HH:MM");
    let number = |text: &str| text.parse::<i32>().expect("times are HH:MM");
    number(hours) * 60 + number(minutes)
}
