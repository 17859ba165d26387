//! What is in the cells, and what they show.

use std::collections::HashMap;

use crate::cell::Cell;
use crate::evaluate::{CellError, Value, evaluate};
use crate::formula;
use crate::graph::Graph;

#[derive(Debug, Default)]
pub struct Sheet {
    values: HashMap<Cell, Value>,
    graph: Graph,
}

impl Sheet {
    /// Gives a cell its content; an empty content clears it.
    pub fn put(&mut self, cell: Cell, content: &str) {
        self.values.remove(&cell);
        if let Some(text) = content.strip_prefix('=') {
            let value = self.compute(cell, text);
            self.values.insert(cell, value);
        } else if let Some(number) = whole_number(content) {
            self.values.insert(cell, Value::Number(number));
        } else if !content.is_empty() {
            self.values.insert(cell, Value::Text(content.into()));
        }
    }

    /// What a cell shows.
    pub fn value(&self, cell: Cell) -> &Value {
        self.values.get(&cell).unwrap_or(&Value::Empty)
    }

    /// The cells that refer to a cell, directly or through others, row by row.
    pub fn dependents(&self, cell: Cell) -> Vec<Cell> {
        self.graph.dependents(cell).into_iter().collect()
    }

    fn compute(&mut self, cell: Cell, text: &str) -> Value {
        let Ok(formula) = formula::parse(text) else { return Value::Error(CellError::Parse) };
        self.graph.connect(cell, formula.references());
        evaluate(&formula, &|cell| self.value(cell)).into()
    }
}

/// A whole number like `42` or `-7`: `parse` alone would let a plus sign through.
fn whole_number(content: &str) -> Option<i64> {
    content.parse().ok().filter(|_| !content.starts_with('+'))
}
