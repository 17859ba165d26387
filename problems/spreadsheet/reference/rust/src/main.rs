//! The spreadsheet's command line: reads commands, prints answers.

mod cell;
mod evaluate;
mod formula;
mod graph;
mod sheet;

use std::io::{self, BufRead, BufWriter, Write};

use cell::Cell;
use sheet::Sheet;

fn main() -> io::Result<()> {
    let mut sheet = Sheet::default();
    let mut answers = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        if let Some(answer) = execute(&mut sheet, line?.trim()) {
            writeln!(answers, "{answer}")?;
        }
    }
    answers.flush()
}

/// Carries out one command and returns the answer, if it has one.
fn execute(sheet: &mut Sheet, line: &str) -> Option<String> {
    let (command, rest) = line.split_once(' ')?;
    let rest = rest.trim();
    let (cell, content) = rest.split_once(' ').map_or((rest, ""), |(cell, content)| (cell, content.trim()));
    let cell: Cell = cell.parse().ok()?;
    match command {
        "SET" => sheet.put(cell, content),
        "CLEAR" => sheet.put(cell, ""),
        "GET" => return Some(format!("{cell} = {}", sheet.value(cell))),
        "DEPENDENTS" => return Some(list(&sheet.dependents(cell))),
        _ => {}
    }
    None
}

fn list(cells: &[Cell]) -> String {
    if cells.is_empty() {
        return "none".into();
    }
    cells.iter().map(Cell::to_string).collect::<Vec<_>>().join(" ")
}
