package solution

import (
	"fmt"
	"sort"
)

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
	closing := toMinutes(day.End)
	slots := []Span{}
	freeFrom := toMinutes(day.Start)
	for _, busy := range append(taken(calendars, buffer), booking{closing, closing}) {
		freeUntil := min(busy.start, closing)
		if freeUntil-freeFrom >= minutes {
			slots = append(slots, Span{toClock(freeFrom), toClock(freeUntil)})
		}
		freeFrom = max(freeFrom, busy.end)
	}
	return slots
}

// booking is a Span in minutes since midnight.
type booking struct {
	start int
	end   int
}

// taken is everybody's bookings, widened by the buffer, by start.
func taken(calendars [][]Span, buffer int) []booking {
	var bookings []booking
	for _, calendar := range calendars {
		for _, span := range calendar {
			start, end := toMinutes(span.Start), toMinutes(span.End)
			if start < end {
				bookings = append(bookings, booking{start - buffer, end + buffer})
			}
		}
	}
	sort.Slice(bookings, func(i, j int) bool { return bookings[i].start < bookings[j].start })
	return bookings
}

func toMinutes(clock string) int {
	var hours, minutes int
	fmt.Sscanf(clock, "%d:%d", &hours, &minutes)
	return hours*60 + minutes
}

func toClock(minutes int) string {
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}
