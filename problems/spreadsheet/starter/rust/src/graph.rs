//! Which cell refers to which.

use std::collections::BTreeSet;

use crate::cell::Cell;

/// A set of cells, row by row.
pub type Cells = BTreeSet<Cell>;

#[derive(Debug, Default)]
pub struct Graph {}

impl Graph {
    /// Records all that a cell refers to, in place of what it referred to before.
    pub fn connect(&mut self, cell: Cell, references: impl IntoIterator<Item = Cell>) {}

    /// The cells that refer to a cell, directly or through others.
    pub fn dependents(&self, cell: Cell) -> Cells {
        Cells::new()
    }
}
