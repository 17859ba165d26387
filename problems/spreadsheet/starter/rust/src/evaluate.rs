//! Computes a tree.

use std::fmt;

use crate::cell::Cell;
use crate::formula::{Operator, Tree};

/// What a cell shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    #[default]
    Empty,
    Number(i64),
    Text(String),
    Error(CellError),
}

/// What a cell shows instead of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellError {
    Parse,
    Value,
    DivisionByZero,
    ToDo,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("(empty)"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => f.write_str(text),
            Self::Error(error) => write!(f, "{error}"),
        }
    }
}

impl fmt::Display for CellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Parse => "#PARSE",
            Self::Value => "#VALUE",
            Self::DivisionByZero => "#DIV/0",
            Self::ToDo => "#TODO",
        })
    }
}

impl From<Result<i64, CellError>> for Value {
    fn from(computed: Result<i64, CellError>) -> Self {
        computed.map_or_else(Self::Error, Self::Number)
    }
}

/// The number that a tree yields; `read` gives the value of a cell.
pub fn evaluate<'a>(tree: &Tree, read: &impl Fn(Cell) -> &'a Value) -> Result<i64, CellError> {
    match tree {
        Tree::Number(number) => Ok(*number),
        Tree::Reference(cell) => number_in(read(*cell)),
        Tree::Range(_) => Err(CellError::Parse),
        Tree::Negate(operand) => Ok(-evaluate(operand, read)?),
        Tree::Binary(operator, left, right) => apply(*operator, evaluate(left, read)?, evaluate(right, read)?),
        Tree::If { .. } | Tree::Aggregate(..) => Err(CellError::ToDo),
    }
}

fn number_in(value: &Value) -> Result<i64, CellError> {
    match value {
        Value::Empty => Ok(0),
        Value::Number(number) => Ok(*number),
        Value::Text(_) => Err(CellError::Value),
        Value::Error(error) => Err(*error),
    }
}

fn apply(operator: Operator, left: i64, right: i64) -> Result<i64, CellError> {
    Ok(match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left.checked_div(right).ok_or(CellError::DivisionByZero)?,
        Operator::Less => (left < right).into(),
        Operator::Greater => (left > right).into(),
        Operator::Equal => (left == right).into(),
    })
}
