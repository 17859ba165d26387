package solution

// Request is one call to the API.
type Request struct {
	At     int    `json:"at"`
	Client string `json:"client"`
	Cost   int    `json:"cost"`
}

// RateLimit decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
//
// limit is what each client may spend in one window of windowMs milliseconds.
func RateLimit(limit int, windowMs int, requests []Request) []int {
	return []int{}
}
