package main

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
)

const cycle = CellError("#CYCLE")

var integerPattern = regexp.MustCompile(`^-?[0-9]+$`)

// Sheet holds what is in the cells, and what they show.
type Sheet struct {
	formulas map[string]Tree
	values   map[string]Value
	graph    *Graph
}

// NewSheet is a sheet of empty cells.
func NewSheet() *Sheet {
	return &Sheet{formulas: map[string]Tree{}, values: map[string]Value{}, graph: NewGraph()}
}

// Put gives a cell its content; an empty content clears it.
func (s *Sheet) Put(cell string, content string) {
	delete(s.formulas, cell)
	delete(s.values, cell)
	if text, isFormula := strings.CutPrefix(content, "="); isFormula {
		s.putFormula(cell, text)
	} else if integerPattern.MatchString(content) {
		s.values[cell], _ = strconv.Atoi(content)
	} else if content != "" {
		s.values[cell] = content
	}
	s.graph.Connect(cell, References(s.formulas[cell]))
	s.recalculate(cell)
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
	s.formulas[cell] = formula
}

func (s *Sheet) recalculate(changed string) {
	affected := s.graph.Dependents(changed)
	affected[changed] = true
	ordered, circular := s.graph.Order(affected)
	for _, cell := range circular {
		s.values[cell] = cycle
	}
	for _, cell := range ordered {
		if formula, has := s.formulas[cell]; has {
			s.values[cell] = s.compute(cell, formula)
		}
	}
}

func (s *Sheet) compute(cell string, formula Tree) Value {
	for reference := range s.graph.References(cell) {
		if s.values[reference] == cycle {
			return cycle
		}
	}
	number, err := Evaluate(formula, s.Value)
	if err != nil {
		return err
	}
	return number
}
