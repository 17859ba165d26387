package main

// Graph knows which cell refers to which.
type Graph struct {
	references map[string]Cells // cell → what it refers to
	dependents map[string]Cells // cell → what refers to it
}

// Cells is a set of cells.
type Cells map[string]bool

// NewGraph has no references.
func NewGraph() *Graph {
	return &Graph{references: map[string]Cells{}, dependents: map[string]Cells{}}
}

// Connect records all that a cell refers to, in place of what it referred to before.
func (g *Graph) Connect(cell string, references []string) {
	for before := range g.references[cell] {
		delete(g.dependents[before], cell)
	}
	g.references[cell] = Cells{}
	for _, reference := range references {
		g.references[cell][reference] = true
		if g.dependents[reference] == nil {
			g.dependents[reference] = Cells{}
		}
		g.dependents[reference][cell] = true
	}
}

// References is the cells that a cell refers to directly.
func (g *Graph) References(cell string) Cells {
	return g.references[cell]
}

// Dependents is the cells that refer to a cell, directly or through others.
func (g *Graph) Dependents(cell string) Cells {
	found := Cells{}
	unvisited := []string{cell}
	for len(unvisited) > 0 {
		last := len(unvisited) - 1
		next := unvisited[last]
		unvisited = unvisited[:last]
		for dependent := range g.dependents[next] {
			if !found[dependent] {
				found[dependent] = true
				unvisited = append(unvisited, dependent)
			}
		}
	}
	return found
}

// Order splits cells in two: those that can be computed, each after all it refers to, and the rest,
// which is in a circle or refers to a cell that is in one. All dependents of cells are among them.
func (g *Graph) Order(cells Cells) (ordered []string, circular []string) {
	waitingFor := map[string]int{}
	for cell := range cells {
		for reference := range g.references[cell] {
			if cells[reference] {
				waitingFor[cell]++
			}
		}
		if waitingFor[cell] == 0 {
			ordered = append(ordered, cell)
		}
	}
	for index := 0; index < len(ordered); index++ {
		for dependent := range g.dependents[ordered[index]] {
			waitingFor[dependent]--
			if waitingFor[dependent] == 0 {
				ordered = append(ordered, dependent)
			}
		}
	}
	for cell, count := range waitingFor {
		if count > 0 {
			circular = append(circular, cell)
		}
	}
	return ordered, circular
}
