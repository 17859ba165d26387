package solution

import (
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// Operation is one step of a patch, with the keys "op", "path" and, unless it removes, "value".
type Operation map[string]any

// DiffConfig lists the operations that turn before into after, in the order to apply them.
//
// Both are parsed JSON: nil, bool, float64, string, []any or map[string]any.
func DiffConfig(before any, after any) []Operation {
	patch := patch{}
	patch.diff("", before, after)
	return patch
}

type patch []Operation

func (p *patch) add(path string, value any) {
	*p = append(*p, Operation{"op": "add", "path": path, "value": value})
}

func (p *patch) remove(path string) {
	*p = append(*p, Operation{"op": "remove", "path": path})
}

func (p *patch) replace(path string, value any) {
	*p = append(*p, Operation{"op": "replace", "path": path, "value": value})
}

func (p *patch) diff(path string, before, after any) {
	if oldObject, newObject, both := bothAre[map[string]any](before, after); both {
		p.diffObjects(path, oldObject, newObject)
	} else if oldList, newList, both := bothAre[[]any](before, after); both {
		p.diffLists(path, oldList, newList)
	} else if !reflect.DeepEqual(before, after) {
		p.replace(path, after)
	}
}

func (p *patch) diffObjects(path string, before, after map[string]any) {
	for _, key := range sortedKeys(before, after) {
		place := path + "/" + escape.Replace(key)
		oldValue, wasThere := before[key]
		newValue, isThere := after[key]
		switch {
		case !isThere:
			p.remove(place)
		case !wasThere:
			p.add(place, newValue)
		default:
			p.diff(place, oldValue, newValue)
		}
	}
}

func (p *patch) diffLists(path string, before, after []any) {
	front := 0
	for front < min(len(before), len(after)) && reflect.DeepEqual(before[front], after[front]) {
		front++
	}
	oldEnd, newEnd := len(before), len(after)
	for min(oldEnd, newEnd) > front && reflect.DeepEqual(before[oldEnd-1], after[newEnd-1]) {
		oldEnd--
		newEnd--
	}

	paired := min(oldEnd, newEnd)
	for index := front; index < paired; index++ {
		p.diff(at(path, index), before[index], after[index])
	}
	for index := paired; index < oldEnd; index++ {
		p.remove(at(path, paired))
	}
	for index := paired; index < newEnd; index++ {
		p.add(at(path, index), after[index])
	}
}

func bothAre[T any](one, other any) (T, T, bool) {
	left, leftIs := one.(T)
	right, rightIs := other.(T)
	return left, right, leftIs && rightIs
}

func sortedKeys(one, other map[string]any) []string {
	keys := []string{}
	for key := range one {
		keys = append(keys, key)
	}
	for key := range other {
		if _, shared := one[key]; !shared {
			keys = append(keys, key)
		}
	}
	sort.Strings(keys)
	return keys
}

func at(path string, index int) string {
	return path + "/" + strconv.Itoa(index)
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")
