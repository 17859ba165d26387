package solution

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
	return Plan{Steps: []Step{}, Missing: []string{}, Stuck: []string{}}
}
