//! From the text of a formula to a tree.

use crate::cell::Cell;

/// A parsed formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Number(i64),
    Reference(Cell),
    /// The cells of a rectangle, row by row, from left to right; only as an argument of an aggregate.
    Range(Vec<Cell>),
    Negate(Box<Tree>),
    Binary(Operator, Box<Tree>, Box<Tree>),
    If {
        condition: Box<Tree>,
        holds: Box<Tree>,
        fails: Box<Tree>,
    },
    Aggregate(Function, Vec<Tree>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Less,
    Greater,
    Equal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    Sum,
    Min,
    Max,
    Count,
}

/// A text is not a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFormula;

/// Reads a formula, which is given without its leading `=`.
pub fn parse(text: &str) -> Result<Tree, NotAFormula> {
    let mut parser = Parser { tokens: tokenize(text)?, position: 0 };
    let tree = parser.comparison()?;
    if parser.peek().is_empty() { Ok(tree) } else { Err(NotAFormula) }
}

impl Tree {
    /// The cells that it refers to.
    pub fn references(&self) -> Vec<Cell> {
        match self {
            Self::Number(_) => Vec::new(),
            Self::Reference(cell) => vec![*cell],
            Self::Range(cells) => cells.clone(),
            Self::Negate(operand) => operand.references(),
            Self::Binary(_, left, right) => [left, right].into_iter().flat_map(|tree| tree.references()).collect(),
            Self::If { condition, holds, fails } => {
                [condition, holds, fails].into_iter().flat_map(|tree| tree.references()).collect()
            }
            Self::Aggregate(_, arguments) => arguments.iter().flat_map(Self::references).collect(),
        }
    }
}

fn tokenize(text: &str) -> Result<Vec<&str>, NotAFormula> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let digits_from = |place: usize| {
            let digits = rest[place..].find(|c: char| !c.is_ascii_digit());
            digits.map_or(rest.len(), |digits| place + digits)
        };
        let length = match first {
            'A'..='Z' => digits_from(rest.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(rest.len())),
            '0'..='9' => digits_from(0),
            '-' | '+' | '*' | '/' | '<' | '>' | '=' | '(' | ')' | ',' | ':' => 1,
            _ => return Err(NotAFormula),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    Ok(tokens)
}

/// Descends through the grammar, from the loosest operator to the tightest.
struct Parser<'a> {
    tokens: Vec<&'a str>,
    position: usize,
}

type Parsed = Result<Tree, NotAFormula>;

impl<'a> Parser<'a> {
    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let operator = match self.peek() {
            "<" => Operator::Less,
            ">" => Operator::Greater,
            "=" => Operator::Equal,
            _ => return Ok(left),
        };
        self.next();
        Ok(Tree::Binary(operator, left.into(), self.sum()?.into()))
    }

    fn sum(&mut self) -> Parsed {
        self.chain(&[("+", Operator::Add), ("-", Operator::Subtract)], Self::product)
    }

    fn product(&mut self) -> Parsed {
        self.chain(&[("*", Operator::Multiply), ("/", Operator::Divide)], Self::unary)
    }

    /// Operands of the same rank, joined by operators.
    fn chain(&mut self, operators: &[(&str, Operator)], operand: fn(&mut Self) -> Parsed) -> Parsed {
        let left = operand(self)?;
        let Some((_, operator)) = operators.iter().find(|(sign, _)| *sign == self.peek()) else {
            return Ok(left);
        };
        self.next();
        Ok(Tree::Binary(*operator, left.into(), self.chain(operators, operand)?.into()))
    }

    fn unary(&mut self) -> Parsed {
        if self.peek() != "-" {
            return self.primary();
        }
        self.next();
        Ok(Tree::Negate(self.unary()?.into()))
    }

    fn primary(&mut self) -> Parsed {
        match self.next() {
            "(" => {
                let inner = self.comparison()?;
                self.expect(")")?;
                Ok(inner)
            }
            "IF" => self.choice(),
            "SUM" => self.aggregate(Function::Sum),
            "MIN" => self.aggregate(Function::Min),
            "MAX" => self.aggregate(Function::Max),
            "COUNT" => self.aggregate(Function::Count),
            token if token.starts_with(|c: char| c.is_ascii_digit()) => {
                token.parse().map(Tree::Number).map_err(|_| NotAFormula)
            }
            token => cell(token).map(Tree::Reference),
        }
    }

    fn choice(&mut self) -> Parsed {
        let parts = self.list(Self::comparison)?;
        let [condition, holds, fails] = parts.try_into().map_err(|_| NotAFormula)?;
        Ok(Tree::If { condition: Box::new(condition), holds: Box::new(holds), fails: Box::new(fails) })
    }

    fn aggregate(&mut self, function: Function) -> Parsed {
        Ok(Tree::Aggregate(function, self.list(Self::argument)?))
    }

    fn argument(&mut self) -> Parsed {
        if self.tokens.get(self.position + 1) != Some(&":") {
            return self.comparison();
        }
        let first = self.next();
        self.expect(":")?;
        Ok(Tree::Range(rectangle(cell(first)?, cell(self.next())?)))
    }

    fn list(&mut self, item: fn(&mut Self) -> Parsed) -> Result<Vec<Tree>, NotAFormula> {
        self.expect("(")?;
        let mut items = vec![item(self)?];
        while self.peek() == "," {
            self.next();
            items.push(item(self)?);
        }
        self.expect(")")?;
        Ok(items)
    }

    fn expect(&mut self, token: &str) -> Result<(), NotAFormula> {
        if self.next() == token { Ok(()) } else { Err(NotAFormula) }
    }

    /// The token that comes next, or an empty text after the last.
    fn peek(&self) -> &'a str {
        self.tokens.get(self.position).copied().unwrap_or_default()
    }

    fn next(&mut self) -> &'a str {
        let token = self.peek();
        self.position += 1;
        token
    }
}

fn cell(token: &str) -> Result<Cell, NotAFormula> {
    token.parse().map_err(|_| NotAFormula)
}

/// The range between two corners.
fn rectangle(one: Cell, other: Cell) -> Vec<Cell> {
    let rows = one.row.min(other.row)..=one.row.max(other.row);
    let columns = one.column.min(other.column)..=one.column.max(other.column);
    rows.flat_map(|row| columns.clone().map(move |column| Cell { row, column })).collect()
}
