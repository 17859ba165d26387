//! Which cell refers to which.

use std::collections::{BTreeSet, HashMap};

use crate::cell::Cell;

/// A set of cells, row by row.
pub type Cells = BTreeSet<Cell>;

#[derive(Debug, Default)]
pub struct Graph {
    /// From a cell to those that it refers to.
    references: HashMap<Cell, Cells>,
    /// From a cell to those that refer to it.
    dependents: HashMap<Cell, Cells>,
}

/// Cells that have to be computed again.
#[derive(Debug)]
pub struct Order {
    /// Those that can be, each after all it refers to.
    pub ordered: Vec<Cell>,
    /// Those in a circle, or referring to a cell that is in one.
    pub circular: Vec<Cell>,
}

impl Graph {
    /// Records all that a cell refers to, in place of what it referred to before.
    pub fn connect(&mut self, cell: Cell, references: impl IntoIterator<Item = Cell>) {
        let references: Cells = references.into_iter().collect();
        for reference in &references {
            self.dependents.entry(*reference).or_default().insert(cell);
        }
        for before in self.references.insert(cell, references).unwrap_or_default() {
            if !self.references[&cell].contains(&before)
                && let Some(dependents) = self.dependents.get_mut(&before)
            {
                dependents.remove(&cell);
            }
        }
    }

    /// The cells that a cell refers to directly.
    pub fn references(&self, cell: Cell) -> impl Iterator<Item = Cell> {
        self.references.get(&cell).into_iter().flatten().copied()
    }

    /// The cells that refer to a cell, directly or through others.
    pub fn dependents(&self, cell: Cell) -> Cells {
        let mut found = Cells::new();
        let mut unvisited = vec![cell];
        while let Some(next) = unvisited.pop() {
            unvisited.extend(self.direct_dependents(next).filter(|dependent| found.insert(*dependent)));
        }
        found
    }

    /// Splits cells in two. All dependents of the cells are among them.
    pub fn order(&self, cells: &Cells) -> Order {
        let open_references =
            |cell: &Cell| self.references(*cell).filter(|reference| cells.contains(reference)).count();
        let mut waiting_for: HashMap<Cell, usize> = cells.iter().map(|cell| (*cell, open_references(cell))).collect();
        let mut ordered: Vec<Cell> = cells.iter().copied().filter(|cell| waiting_for[cell] == 0).collect();
        let mut next = 0;
        while let Some(&cell) = ordered.get(next) {
            next += 1;
            for dependent in self.direct_dependents(cell) {
                let count = waiting_for.get_mut(&dependent).expect("dependents are among the cells");
                *count -= 1;
                if *count == 0 {
                    ordered.push(dependent);
                }
            }
        }
        let circular = cells.iter().copied().filter(|cell| waiting_for[cell] > 0).collect();
        Order { ordered, circular }
    }

    fn direct_dependents(&self, cell: Cell) -> impl Iterator<Item = Cell> {
        self.dependents.get(&cell).into_iter().flatten().copied()
    }
}
