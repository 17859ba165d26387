package main

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
)

var integerPattern = regexp.MustCompile(`^-?[0-9]+$`)

// Sheet holds what is in the cells, and what they show.
type Sheet struct {
	values map[string]Value
	graph  *Graph
}

// NewSheet is a sheet of empty cells.
func NewSheet() *Sheet {
	return &Sheet{values: map[string]Value{}, graph: NewGraph()}
}

// Put gives a cell its content; an empty content clears it.
func (s *Sheet) Put(cell string, content string) {
	delete(s.values, cell)
	if text, isFormula := strings.CutPrefix(content, "="); isFormula {
		s.putFormula(cell, text)
	} else if integerPattern.MatchString(content) {
		s.values[cell], _ = strconv.Atoi(content)
	} else if content != "" {
		s.values[cell] = content
	}
}

// Value is what a cell shows.
func (s *Sheet) Value(cell string) Value {
	return s.values[cell]
}

// Dependents lists the cells that refer to a cell, directly or through others, row by row.
func (s *Sheet) Dependents(cell string) []string {
	var dependents []string
	for dependent := range s.graph.Dependents(cell) {
		dependents = append(dependents, dependent)
	}
	sort.Slice(dependents, func(i, j int) bool { return isBefore(dependents[i], dependents[j]) })
	return dependents
}

func isBefore(one, other string) bool {
	row, _ := strconv.Atoi(one[1:])
	otherRow, _ := strconv.Atoi(other[1:])
	return row < otherRow || row == otherRow && one[0] < other[0]
}

func (s *Sheet) putFormula(cell string, text string) {
	formula, err := Parse(text)
	if err != nil {
		s.values[cell] = CellError("#PARSE")
		return
	}
	s.graph.Connect(cell, References(formula))
	number, err := Evaluate(formula, s.Value)
	if err != nil {
		s.values[cell] = err
		return
	}
	s.values[cell] = number
}
