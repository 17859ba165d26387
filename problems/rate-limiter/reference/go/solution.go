package solution

// Request is one call to the API.
type Request struct {
	At     int    `json:"at"`
	Client string `json:"client"`
	Cost   int    `json:"cost"`
}

const never = -1

// RateLimit decides on each request: 0 to accept it, the milliseconds to wait, or -1 for never.
//
// limit is what each client may spend in one window of windowMs milliseconds.
func RateLimit(limit int, windowMs int, requests []Request) []int {
	budgets := map[string]*budget{}
	answers := make([]int, 0, len(requests))
	for _, request := range requests {
		own, known := budgets[request.Client]
		if !known {
			own = &budget{limit: limit, windowMs: windowMs}
			budgets[request.Client] = own
		}
		answers = append(answers, own.ask(request.At, request.Cost))
	}
	return answers
}

// budget is what one client has spent in the current window.
type budget struct {
	limit    int
	windowMs int
	accepted []spending // oldest first
	spent    int
}

type spending struct {
	at   int
	cost int
}

func (b *budget) ask(at, cost int) int {
	if cost > b.limit {
		return never
	}
	b.free(at)
	if excess := b.spent + cost - b.limit; excess > 0 {
		return b.freedAt(excess) - at
	}
	b.accepted = append(b.accepted, spending{at, cost})
	b.spent += cost
	return 0
}

func (b *budget) free(now int) {
	for len(b.accepted) > 0 && b.accepted[0].at+b.windowMs <= now {
		b.spent -= b.accepted[0].cost
		b.accepted = b.accepted[1:]
	}
}

// freedAt is the moment at which at least the given units of what is spent are free again.
func (b *budget) freedAt(units int) int {
	index := 0
	for units > b.accepted[index].cost {
		units -= b.accepted[index].cost
		index++
	}
	return b.accepted[index].at + b.windowMs
}
