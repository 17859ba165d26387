package solution

// Span is a stretch of the day; times are "HH:MM".
type Span struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// FindSlots lists the stretches of the day when everybody is free for at least the given minutes.
//
// calendars holds one list of bookings for each person; buffer is the number of minutes kept free
// before and after each booking.
func FindSlots(calendars [][]Span, day Span, minutes int, buffer int) []Span {
	return []Span{}
}
