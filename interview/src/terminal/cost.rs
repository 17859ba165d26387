//! What a screen may cost. A few bytes can ask a terminal to touch every cell it has, thousands of times in a row; whoever
//! folds a recording would stand still. What touches more than two lines is paid for from a purse that every character
//! fills a little, and what cannot be paid is left out. It counts cells and never time, so all who fold see the same.

use avt::parser::{AnsiMode, DecMode, EdScope, Function};

use super::{SIZE_LIMIT, Size};

/// What a character brings into the purse, in cells.
const INCOME_CELLS: u64 = 64;

/// What the purse holds at most: as much as clearing the largest screen sixteen times, or a usual one four thousand times.
const PURSE_CELLS: u64 = 32 * (SIZE_LIMIT as u64) * (SIZE_LIMIT as u64);

/// What one character may touch without paying: the line it stands in and the one that a scroll makes.
const FREE_LINES: u64 = 2;

/// What was taken out of the purse and is not earned again. It only depends on what was printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Purse {
    pub spent_cells: u64,
    /// Whether characters push others to the right, which makes repeating one dearer.
    is_inserting: bool,
}

impl Purse {
    /// So many more characters were printed.
    pub fn earn(&mut self, characters: u64) {
        self.spent_cells = self.spent_cells.saturating_sub(INCOME_CELLS.saturating_mul(characters));
    }

    /// Whether that can be paid; then it is.
    pub fn pay(&mut self, function: &Function, size: Size) -> bool {
        let cells = cells(function, size, self.is_inserting);
        if cells > FREE_LINES * u64::from(size.cols) {
            if self.spent_cells + cells > PURSE_CELLS {
                return false;
            }
            self.spent_cells += cells;
        }
        self.follow(function);
        true
    }

    /// What a redraw restores is paid in another way.
    pub fn forgive(&mut self, size: Size) {
        self.spent_cells = self.spent_cells.saturating_sub(2 * u64::from(size.cols) * u64::from(size.rows));
    }

    /// Keeps up with what decides about later costs.
    pub fn follow(&mut self, function: &Function) {
        match function {
            Function::Sm(modes) => self.is_inserting |= modes.as_slice().contains(&AnsiMode::Insert),
            Function::Rm(modes) => self.is_inserting &= !modes.as_slice().contains(&AnsiMode::Insert),
            Function::Ris | Function::Decstr => self.is_inserting = false,
            _ => {}
        }
    }
}

/// How many cells a function touches at most, counted generously.
fn cells(function: &Function, size: Size, is_inserting: bool) -> u64 {
    let (cols, rows) = (u64::from(size.cols), u64::from(size.rows));
    let screen = cols * rows;
    match function {
        // Both screens are made anew.
        Function::Ris => 2 * screen,
        // What is erased is scrolled out first.
        Function::Ed(EdScope::All) => 2 * screen,
        Function::Ed(EdScope::Below | EdScope::Above) | Function::Decaln => screen,
        Function::Decset(modes) => {
            let is_other_screen =
                |mode: &&DecMode| matches!(mode, DecMode::AltScreenBuffer | DecMode::SaveCursorAltScreenBuffer);
            screen * modes.as_slice().iter().filter(is_other_screen).count() as u64
        }
        // Lines are moved one by one.
        Function::Il(lines) | Function::Dl(lines) | Function::Su(lines) | Function::Sd(lines) => {
            u64::from(*lines).clamp(1, rows) * (cols + if *lines > 1 { rows } else { 0 })
        }
        Function::Rep(times) => u64::from(*times).max(1) * if is_inserting { cols } else { 2 },
        Function::Print(_) if is_inserting => cols,
        // All others stay in a line, scroll by one, or touch nothing.
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use avt::Parser;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::fact::TerminalFact;
    use crate::terminal::{Bytes, Terminal};

    /// What asks for the most work with the fewest characters.
    const DEAR: &[&str] = &[
        "x\u{1b}[65535b",
        "\u{1b}[b",
        "\u{1b}[4h",
        "\u{1b}[4l",
        "\u{1b}c",
        "\u{1b}#8",
        "\u{1b}[2J",
        "\u{1b}[J",
        "\u{1b}[1J",
        "\u{1b}[?1049h",
        "\u{1b}[?1049l",
        "\u{1b}[?1047;1047;1047;1047h",
        "\u{1b}[65535L",
        "\u{1b}[65535M",
        "\u{1b}[999S",
        "\u{1b}[999T",
        "\u{1b}[H",
        "\u{1b}[999;999H",
        "\u{1b}[1;9r",
        "\u{1b}[!p",
        "\n",
        "x",
        "\u{9b}9999b",
        "世",
    ];

    const WIDE: Size = Size { cols: SIZE_LIMIT, rows: SIZE_LIMIT };

    /// The cells that are touched in printing it, and how many characters that is.
    fn touched(text: &str, size: Size) -> (u64, u64) {
        let (mut purse, mut parser) = (Purse::default(), Parser::new());
        let mut touched = 0;
        for letter in text.chars() {
            purse.earn(1);
            let Some(function) = parser.feed(letter) else { continue };
            let cost = cells(&function, size, purse.is_inserting);
            touched += if purse.pay(&function, size) { cost } else { 0 };
        }
        (touched, text.chars().count() as u64)
    }

    proptest! {
        #[test]
        fn what_is_touched_grows_no_faster_than_what_is_printed(
            pieces in prop::collection::vec(select(DEAR), 1..60), times in 1usize..200,
            cols in 2..=SIZE_LIMIT, rows in 1..=SIZE_LIMIT,
        ) {
            let (touched, characters) = touched(&pieces.concat().repeat(times), Size { cols, rows });
            let most = PURSE_CELLS + characters * (INCOME_CELLS + FREE_LINES * u64::from(cols));
            prop_assert!(touched <= most, "{touched} cells for {characters} characters");
        }

        #[test]
        fn a_purse_goes_along_with_its_screen(pieces in prop::collection::vec(select(DEAR), 1..30), cut in 0usize..30) {
            let size = Size { cols: 90, rows: 30 };
            let print = |terminal: &mut Terminal, pieces: &[&str]| {
                terminal.apply(&TerminalFact::Printed(Bytes { data: pieces.concat() }));
            };
            let cut = cut.min(pieces.len());
            let mut whole = Terminal::new(size);
            print(&mut whole, &pieces[..cut]);
            let mut resumed = Terminal::restore(&whole.dump());
            print(&mut whole, &pieces[cut..]);
            print(&mut resumed, &pieces[cut..]);
            prop_assert_eq!(whole, resumed);
        }
    }

    #[test]
    fn a_piece_of_nothing_but_repeats_is_soon_left_out() {
        for dear in DEAR {
            let text = dear.repeat(8_192 / dear.len());
            let (touched, characters) = touched(&text, WIDE);
            let most = PURSE_CELLS + characters * (INCOME_CELLS + FREE_LINES * u64::from(SIZE_LIMIT));
            assert!(touched <= most, "{dear:?} touches {touched} cells");
        }
    }

    #[test]
    fn a_flood_of_repeats_is_folded_before_anybody_gives_up() {
        // Cell by cell this would print a thousand million characters.
        let mut terminal = Terminal::new(WIDE);
        terminal.apply(&TerminalFact::Printed(Bytes { data: "x\u{1b}[65535b".repeat(16_384) }));
        terminal.apply(&TerminalFact::Printed(Bytes { data: "\u{1b}chere".to_owned() }));
        assert_eq!(terminal.lines()[0], "here");
    }

    #[test]
    fn what_people_do_is_never_left_out() {
        let mut terminal = Terminal::new(Size { cols: 250, rows: 70 });
        for round in 0..400 {
            // A screen that is cleared and drawn anew by a program that watches something, and no more than a line on it.
            let data = format!(
                "\u{1b}[H\u{1b}[2J\u{1b}[3J{round:>200}\r\nall of it is well, and nothing has changed since {}",
                "then ".repeat(60)
            );
            terminal.apply(&TerminalFact::Printed(Bytes { data }));
            assert!(terminal.lines()[0].ends_with(&round.to_string()));
            assert!(terminal.lines()[5..].iter().all(String::is_empty), "round {round}");
        }
    }

    #[test]
    fn the_screen_is_redrawn_whatever_it_has_cost_before() {
        let mut terminal = Terminal::new(WIDE);
        terminal.apply(&TerminalFact::Printed(Bytes { data: "\u{1b}#8".repeat(10_000) }));
        terminal.apply(&TerminalFact::Printed(Bytes { data: "\u{1b}chello".to_owned() }));
        assert_eq!(terminal.lines()[0], "hello");
        assert!(terminal.lines()[1..].iter().all(String::is_empty));
    }
}
