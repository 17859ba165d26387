package solution

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Release is one version of a package, with the packages it needs and constraints on them.
type Release struct {
	Version string            `json:"version"`
	Needs   map[string]string `json:"needs"`
}

// ResolveVersions chooses a version of every package that has to be installed; nil if nothing fits.
func ResolveVersions(registry map[string][]Release, wanted map[string]string) map[string]string {
	newestFirst := candidates{}
	for name, releases := range registry {
		newestFirst[name] = slices.Clone(releases)
		slices.SortFunc(newestFirst[name], func(one, other Release) int {
			return compare(parse(other.Version), parse(one.Version))
		})
	}
	possible, fits := candidates{}.narrow(wanted, newestFirst)
	if !fits {
		return nil
	}
	return search(map[string]string{}, possible, newestFirst)
}

// candidates is, for each package, the releases to choose from, the newest first.
type candidates map[string][]Release

// search finds the first solution that completes what is chosen, or nil. For each package that has
// to be installed, possible holds the releases that all needs so far allow.
func search(chosen map[string]string, possible, registry candidates) map[string]string {
	name, open := firstOpen(chosen, possible)
	if !open {
		return chosen
	}
	for _, release := range possible[name] {
		narrowed := maps.Clone(possible)
		narrowed[name] = []Release{release}
		narrowed, fits := narrowed.narrow(release.Needs, registry)
		if !fits {
			continue
		}
		extended := maps.Clone(chosen)
		extended[name] = release.Version
		if solution := search(extended, narrowed, registry); solution != nil {
			return solution
		}
	}
	return nil
}

// firstOpen is the first package, by name, that has to be installed and has no version yet.
func firstOpen(chosen map[string]string, possible candidates) (first string, open bool) {
	for name := range possible {
		if _, done := chosen[name]; !done && (!open || name < first) {
			first, open = name, true
		}
	}
	return first, open
}

// narrow is what is still possible once some needs have to be met, if they can be.
func (possible candidates) narrow(needs map[string]string, registry candidates) (candidates, bool) {
	narrowed := maps.Clone(possible)
	for name, constraint := range needs {
		releases, required := narrowed[name]
		if !required {
			releases = registry[name]
		}
		allowed := []Release{}
		for _, release := range releases {
			if allows(constraint, parse(release.Version)) {
				allowed = append(allowed, release)
			}
		}
		if len(allowed) == 0 {
			return nil, false
		}
		narrowed[name] = allowed
	}
	return narrowed, true
}

func allows(constraint string, version [3]int) bool {
	if constraint == "*" {
		return true
	}
	for _, part := range strings.Fields(constraint) {
		if !partAllows(part, version) {
			return false
		}
	}
	return true
}

func partAllows(part string, version [3]int) bool {
	text := strings.TrimLeft(part, "<>=~^")
	bound := parse(text)
	order := compare(version, bound)
	switch strings.TrimSuffix(part, text) {
	case "":
		return order == 0
	case ">=":
		return order >= 0
	case ">":
		return order > 0
	case "<=":
		return order <= 0
	case "<":
		return order < 0
	case "~":
		return order >= 0 && agree(version, bound, 2)
	case "^":
		return order >= 0 && agree(version, bound, significant(bound))
	}
	panic("not a constraint: " + part)
}

// agree says whether the first few numbers of two versions are the same.
func agree(one, other [3]int, count int) bool {
	return slices.Equal(one[:count], other[:count])
}

// significant is how many numbers there are up to the leftmost that is not zero, or all of them.
func significant(version [3]int) int {
	for place, number := range version {
		if number != 0 {
			return place + 1
		}
	}
	return len(version)
}

func parse(version string) (numbers [3]int) {
	fmt.Sscanf(version, "%d.%d.%d", &numbers[0], &numbers[1], &numbers[2])
	return numbers
}

func compare(one, other [3]int) int {
	return slices.Compare(one[:], other[:])
}
