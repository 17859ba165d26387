package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
)

// entry is one answered request.
type entry struct {
	time   int
	path   string
	failed bool
	millis int
}

// traffic is what is reported of one path in one window.
type traffic struct {
	path   string
	millis []int
	errors int
}

// report returns the lines of the report on an access log; the first line holds its options.
func report(lines []string) []string {
	var window, top, skipped int
	fmt.Sscanf(lines[0], "window=%d top=%d", &window, &top)
	windows := map[int]map[string]*traffic{}
	for _, line := range lines[1:] {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if parsed, valid := parse(line); valid {
			add(windows, parsed.time-parsed.time%window, parsed)
		} else {
			skipped++
		}
	}

	printed := []string{}
	for _, start := range sortedStarts(windows) {
		printed = append(printed, fmt.Sprintf("window %d", start))
		paths := busiest(windows[start])
		for _, one := range paths[:min(top, len(paths))] {
			printed = append(printed, one.describe())
		}
	}
	return append(printed, fmt.Sprintf("skipped %d", skipped))
}

// parse reads the entry on a line, and says whether the line holds one.
func parse(line string) (entry, bool) {
	fields := strings.Fields(line)
	if len(fields) != 5 || !strings.HasPrefix(fields[2], "/") {
		return entry{}, false
	}
	time, timeValid := parseNumber(fields[0])
	status, statusValid := parseNumber(fields[3])
	millis, millisValid := parseNumber(fields[4])
	if !timeValid || !statusValid || !millisValid || status < 100 || status > 599 {
		return entry{}, false
	}
	path, _, _ := strings.Cut(fields[2], "?")
	return entry{time, path, status >= 500, millis}, true
}

// parseNumber accepts digits only: strconv alone would let a sign through.
func parseNumber(text string) (int, bool) {
	if strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	number, err := strconv.Atoi(text)
	return number, err == nil
}

func add(windows map[int]map[string]*traffic, start int, parsed entry) {
	if windows[start] == nil {
		windows[start] = map[string]*traffic{}
	}
	own := windows[start][parsed.path]
	if own == nil {
		own = &traffic{path: parsed.path}
		windows[start][parsed.path] = own
	}
	own.millis = append(own.millis, parsed.millis)
	if parsed.failed {
		own.errors++
	}
}

func sortedStarts(windows map[int]map[string]*traffic) []int {
	starts := make([]int, 0, len(windows))
	for start := range windows {
		starts = append(starts, start)
	}
	sort.Ints(starts)
	return starts
}

func busiest(paths map[string]*traffic) []*traffic {
	ranked := make([]*traffic, 0, len(paths))
	for _, own := range paths {
		ranked = append(ranked, own)
	}
	sort.Slice(ranked, func(i, j int) bool {
		if len(ranked[i].millis) != len(ranked[j].millis) {
			return len(ranked[i].millis) > len(ranked[j].millis)
		}
		return ranked[i].path < ranked[j].path
	})
	return ranked
}

func (t *traffic) describe() string {
	return fmt.Sprintf("  %s count=%d errors=%d p95=%d", t.path, len(t.millis), t.errors, t.p95())
}

func (t *traffic) p95() int {
	sort.Ints(t.millis)
	rank := (95*len(t.millis) + 99) / 100
	return t.millis[rank-1]
}

func main() {
	var lines []string
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		lines = append(lines, input.Text())
	}
	for _, line := range report(lines) {
		fmt.Println(line)
	}
}
