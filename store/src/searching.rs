//! Searching by a part of a text, in any case. It is folded here and not in SQL: SQLite folds ASCII alone, and a
//! candidate may be called Ömer.

/// No name is as long, and a database refuses patterns that are much longer.
const LONGEST_CHARS: usize = 1000;

/// Texts as a search looks through them, each on a line of its own.
pub(crate) fn searchable(texts: &[&str]) -> String {
    texts.iter().map(|text| folded(text)).collect::<Vec<_>>().join("\n")
}

/// What a visitor looks for, as it can be found in a [`searchable`] text.
pub(crate) fn needle(search: &str) -> String {
    folded(search).chars().take(LONGEST_CHARS).collect()
}

/// The pattern for `like … escape '\'` that finds a needle anywhere; nothing in the needle has a meaning of its own.
pub(crate) fn pattern(needle: &str) -> String {
    let mut pattern = String::with_capacity(needle.len() + 2);
    pattern.push('%');
    for letter in needle.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

fn folded(text: &str) -> String {
    text.to_lowercase().replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_takes_its_needle_literally() {
        assert_eq!(pattern(r"50%_\x"), r"%50\%\_\\x%");
    }

    #[test]
    fn a_needle_never_spans_two_texts() {
        assert!(!searchable(&["Ann", "Bob"]).contains(&needle("ann\nbob")));
    }
}
