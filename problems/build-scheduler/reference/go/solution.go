package solution

import (
	"container/heap"
	"slices"
	"sort"
)

// Target is something to build, once everything it needs is finished.
type Target struct {
	Name    string   `json:"name"`
	Minutes int      `json:"minutes"`
	Needs   []string `json:"needs"`
}

// Step says that a worker builds a target from start to end.
type Step struct {
	Target string `json:"target"`
	Worker int    `json:"worker"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
}

// Plan is the whole build, or the reason why there is none. Its lists must not be nil.
type Plan struct {
	Minutes int      `json:"minutes"`
	Steps   []Step   `json:"steps"`
	Missing []string `json:"missing"`
	Stuck   []string `json:"stuck"`
}

// PlanBuild plans which worker (numbered from 1) builds which target, and when.
func PlanBuild(targets []Target, workers int) Plan {
	plan := Plan{Steps: []Step{}, Missing: []string{}, Stuck: []string{}}
	nodes, missing := link(targets)
	if len(missing) > 0 {
		plan.Missing = missing
		return plan
	}
	order := buildOrder(nodes)
	if len(order) < len(nodes) {
		plan.Stuck = stuck(nodes, order)
		return plan
	}
	measureUrgency(order)
	plan.Steps = simulate(nodes, workers)
	for _, step := range plan.Steps {
		plan.Minutes = max(plan.Minutes, step.End)
	}
	return plan
}

// node is a target and its place among the others.
type node struct {
	Target
	wantedBy []*node
	urgency  int
}

// link gives each target its node, and lists the names that no target has.
func link(targets []Target) ([]*node, []string) {
	nodes := make([]*node, len(targets))
	named := map[string]*node{}
	for index, target := range targets {
		needs := slices.Clone(target.Needs)
		slices.Sort(needs)
		target.Needs = slices.Compact(needs)
		nodes[index] = &node{Target: target}
		named[target.Name] = nodes[index]
	}
	missing := []string{}
	for _, waiting := range nodes {
		for _, need := range waiting.Needs {
			if needed, exists := named[need]; exists {
				needed.wantedBy = append(needed.wantedBy, waiting)
			} else {
				missing = append(missing, need)
			}
		}
	}
	slices.Sort(missing)
	return nodes, slices.Compact(missing)
}

// countdown holds how many needs of each target are still open.
type countdown map[*node]int

func newCountdown(nodes []*node) (open countdown, ready []*node) {
	open = countdown{}
	for _, one := range nodes {
		open[one] = len(one.Needs)
		if len(one.Needs) == 0 {
			ready = append(ready, one)
		}
	}
	return open, ready
}

// finish lists the targets that become ready because this one is finished.
func (open countdown) finish(finished *node) []*node {
	var ready []*node
	for _, waiting := range finished.wantedBy {
		open[waiting]--
		if open[waiting] == 0 {
			ready = append(ready, waiting)
		}
	}
	return ready
}

// buildOrder lists all targets that can be built, each after everything it needs.
func buildOrder(nodes []*node) []*node {
	open, order := newCountdown(nodes)
	for index := 0; index < len(order); index++ {
		order = append(order, open.finish(order[index])...)
	}
	return order
}

func stuck(nodes, built []*node) []string {
	names := []string{}
	for _, one := range nodes {
		if !slices.Contains(built, one) {
			names = append(names, one.Name)
		}
	}
	sort.Strings(names)
	return names
}

// measureUrgency gives each target the length of the longest chain of work that begins with it.
func measureUrgency(order []*node) {
	for index := len(order) - 1; index >= 0; index-- {
		own := order[index]
		for _, waiting := range own.wantedBy {
			own.urgency = max(own.urgency, waiting.urgency)
		}
		own.urgency += own.Minutes
	}
}

// job is a target on a worker.
type job struct {
	node   *node
	worker int
	end    int
}

// simulate lets the workers build everything; its steps are in the order in which they start.
func simulate(nodes []*node, workers int) []Step {
	open, readyAtOnce := newCountdown(nodes)
	ready := newQueue(readyAtOnce, func(a, b *node) bool {
		return a.urgency > b.urgency || a.urgency == b.urgency && a.Name < b.Name
	})
	free := newQueue(nil, func(a, b int) bool { return a < b })
	for worker := 1; worker <= workers; worker++ {
		free.push(worker)
	}
	running := newQueue(nil, func(a, b job) bool { return a.end < b.end })
	steps := []Step{}
	now := 0
	for ready.Len() > 0 || running.Len() > 0 {
		for ready.Len() > 0 && free.Len() > 0 {
			next := job{node: ready.pop(), worker: free.pop()}
			next.end = now + next.node.Minutes
			running.push(next)
			steps = append(steps, Step{next.node.Name, next.worker, now, next.end})
		}

		now = running.items[0].end
		for running.Len() > 0 && running.items[0].end == now {
			finished := running.pop()
			free.push(finished.worker)
			for _, waiting := range open.finish(finished.node) {
				ready.push(waiting)
			}
		}
	}
	return steps
}

// queue is a priority queue: its first item is the least.
type queue[T any] struct {
	items []T
	less  func(a, b T) bool
}

func newQueue[T any](items []T, less func(a, b T) bool) *queue[T] {
	q := &queue[T]{items, less}
	heap.Init(q)
	return q
}

func (q *queue[T]) push(item T) { heap.Push(q, item) }
func (q *queue[T]) pop() T      { return heap.Pop(q).(T) }

func (q *queue[T]) Len() int           { return len(q.items) }
func (q *queue[T]) Less(i, j int) bool { return q.less(q.items[i], q.items[j]) }
func (q *queue[T]) Swap(i, j int)      { q.items[i], q.items[j] = q.items[j], q.items[i] }
func (q *queue[T]) Push(item any)      { q.items = append(q.items, item.(T)) }
func (q *queue[T]) Pop() any {
	last := q.items[len(q.items)-1]
	q.items = q.items[:len(q.items)-1]
	return last
}
