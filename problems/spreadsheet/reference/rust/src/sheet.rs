//! What is in the cells, and what they show.

use std::collections::HashMap;

use crate::cell::Cell;
use crate::evaluate::{CellError, Value, evaluate};
use crate::formula::{self, Tree};
use crate::graph::Graph;

#[derive(Debug, Default)]
pub struct Sheet {
    formulas: HashMap<Cell, Tree>,
    values: HashMap<Cell, Value>,
    graph: Graph,
}

impl Sheet {
    /// Gives a cell its content; an empty content clears it.
    pub fn put(&mut self, cell: Cell, content: &str) {
        self.formulas.remove(&cell);
        self.values.remove(&cell);
        let mut references = Vec::new();
        if let Some(text) = content.strip_prefix('=') {
            match formula::parse(text) {
                Ok(formula) => {
                    references = formula.references();
                    self.formulas.insert(cell, formula);
                }
                Err(_) => {
                    self.values.insert(cell, Value::Error(CellError::Parse));
                }
            }
        } else if let Some(number) = whole_number(content) {
            self.values.insert(cell, Value::Number(number));
        } else if !content.is_empty() {
            self.values.insert(cell, Value::Text(content.into()));
        }
        self.graph.connect(cell, references);
        self.recalculate(cell);
    }

    /// What a cell shows.
    pub fn value(&self, cell: Cell) -> &Value {
        self.values.get(&cell).unwrap_or(&Value::Empty)
    }

    /// The cells that refer to a cell, directly or through others, row by row.
    pub fn dependents(&self, cell: Cell) -> Vec<Cell> {
        self.graph.dependents(cell).into_iter().collect()
    }

    fn recalculate(&mut self, changed: Cell) {
        let mut affected = self.graph.dependents(changed);
        affected.insert(changed);
        let order = self.graph.order(&affected);
        for cell in order.circular {
            self.values.insert(cell, Value::Error(CellError::Cycle));
        }
        for cell in order.ordered {
            if let Some(formula) = self.formulas.get(&cell) {
                let value = self.compute(cell, formula);
                self.values.insert(cell, value);
            }
        }
    }

    fn compute(&self, cell: Cell, formula: &Tree) -> Value {
        let cycle = Value::Error(CellError::Cycle);
        if self.graph.references(cell).any(|reference| *self.value(reference) == cycle) {
            return cycle;
        }
        evaluate(formula, &|cell| self.value(cell)).into()
    }
}

/// A whole number like `42` or `-7`: `parse` alone would let a plus sign through.
fn whole_number(content: &str) -> Option<i64> {
    content.parse().ok().filter(|_| !content.starts_with('+'))
}
