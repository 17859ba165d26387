//! Anything a shell may print: text in many scripts, escapes of many kinds, whole and cut in the middle.

use proptest::prelude::*;
use proptest::sample::select;

const SEQUENCES: &[&str] = &[
    "\r\n", "\n", "\r", "\t", "\u{8}", "\u{7}", "\u{1b}[0m", "\u{1b}[1;31m", "\u{1b}[38;5;208m", "\u{1b}[48;2;1;2;3m",
    "\u{1b}[7m", "\u{1b}[27m", "\u{1b}[H", "\u{1b}[2J", "\u{1b}[3J", "\u{1b}[K", "\u{1b}[1K", "\u{1b}[J", "\u{1b}[5;7H",
    "\u{1b}[99;99H", "\u{1b}[A", "\u{1b}[3B", "\u{1b}[2C", "\u{1b}[D", "\u{1b}[4@", "\u{1b}[2P", "\u{1b}[3X", "\u{1b}[L",
    "\u{1b}[2M", "\u{1b}[2S", "\u{1b}[T", "\u{1b}[2;5r", "\u{1b}[r", "\u{1b}7", "\u{1b}8", "\u{1b}[s", "\u{1b}[u", "\u{1b}M",
    "\u{1b}D", "\u{1b}E", "\u{1b}H", "\u{1b}[g", "\u{1b}[3g", "\u{1b}c", "\u{1b}[!p", "\u{1b}#8", "\u{1b}[?1049h",
    "\u{1b}[?1049l", "\u{1b}[?1047h", "\u{1b}[?1047l", "\u{1b}[?25l", "\u{1b}[?25h", "\u{1b}[?6h", "\u{1b}[?6l", "\u{1b}[?7l",
    "\u{1b}[?7h", "\u{1b}[4h", "\u{1b}[4l", "\u{1b}[20h", "\u{1b}[20l", "\u{1b}[?1h", "\u{1b}[?2004h", "\u{1b}(0", "\u{1b}(B",
    "\u{e}", "\u{f}", "\u{1b})0", "\u{1b}[b", "\u{1b}[5b", "\u{1b}]0;a title\u{7}", "\u{1b}]8;;https://example.org\u{1b}\\",
    "\u{1b}P1$r\u{1b}\\", "\u{9b}31m", "\u{1b}[?", "\u{1b}[3", "1m", "\u{1b}", "[", "]0;", "\u{18}", "\u{1a}", "\u{0}",
];

const WORDS: &[&str] =
    &["$ ", "ls", "naïve", "日本語", "👩‍👩‍👧", "e\u{301}", "ﷺ", "─┼─", "lqqk", "a long line that has to be wrapped somewhere on it ", "   "];

/// What a shell prints at once.
pub fn any_print() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(SEQUENCES).prop_map(str::to_owned),
        3 => select(WORDS).prop_map(str::to_owned),
        1 => proptest::collection::vec(any::<char>(), 0..6).prop_map(String::from_iter),
        1 => (0u16..40, 0u16..20).prop_map(|(row, column)| format!("\u{1b}[{row};{column}H")),
        1 => (0u8..110).prop_map(|code| format!("\u{1b}[{code}m")),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}
