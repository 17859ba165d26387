//! Computes a tree.

use std::fmt;

use crate::cell::Cell;
use crate::formula::{Function, Operator, Tree};

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
    Cycle,
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
            Self::Cycle => "#CYCLE",
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
        Tree::If { condition, holds, fails } => {
            let chosen = if evaluate(condition, read)? != 0 { holds } else { fails };
            evaluate(chosen, read)
        }
        Tree::Aggregate(function, arguments) => {
            let mut numbers = Vec::new();
            for argument in arguments {
                collect(argument, read, &mut numbers)?;
            }
            Ok(aggregate(*function, &numbers))
        }
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

/// Adds all numbers that an argument stands for.
fn collect<'a>(argument: &Tree, read: &impl Fn(Cell) -> &'a Value, numbers: &mut Vec<i64>) -> Result<(), CellError> {
    let Tree::Range(cells) = argument else {
        numbers.push(evaluate(argument, read)?);
        return Ok(());
    };
    for cell in cells {
        match read(*cell) {
            Value::Number(number) => numbers.push(*number),
            Value::Error(error) => return Err(*error),
            Value::Empty | Value::Text(_) => {}
        }
    }
    Ok(())
}

fn aggregate(function: Function, numbers: &[i64]) -> i64 {
    let numbers = numbers.iter().copied();
    match function {
        Function::Sum => numbers.sum(),
        Function::Min => numbers.min().unwrap_or(0),
        Function::Max => numbers.max().unwrap_or(0),
        Function::Count => numbers.count() as i64,
    }
}
