package main

// Graph knows which cell refers to which.
type Graph struct {
}

// Cells is a set of cells.
type Cells map[string]bool

// NewGraph has no references.
func NewGraph() *Graph {
	return &Graph{}
}

// Connect records all that a cell refers to, in place of what it referred to before.
func (g *Graph) Connect(cell string, references []string) {
}

// Dependents is the cells that refer to a cell, directly or through others.
func (g *Graph) Dependents(cell string) Cells {
	return Cells{}
}
