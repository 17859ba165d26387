//! The paths that a source names, found without a compiler: `use` trees spelled out, and `a::b` wherever it stands. It
//! resolves nothing; it only leaves comments and literals out.

/// Every path of two or more parts in a source.
pub fn paths_of(source: &str) -> Vec<String> {
    let tokens = tokens_of(&without_comments_and_literals(source));
    let mut found = Vec::new();
    let mut place = 0;
    while place < tokens.len() {
        place = match tokens[place].as_str() {
            "use" => take_tree(&tokens, place + 1, "", &mut found),
            token if is_name(token) => take_path(&tokens, place, &mut found),
            _ => place + 1,
        };
    }
    found
}

/// Takes a path that stands in the code; gives the place after it.
fn take_path(tokens: &[String], mut place: usize, found: &mut Vec<String>) -> usize {
    let mut path = tokens[place].clone();
    place += 1;
    while follows(tokens, place, "::") && tokens.get(place + 1).is_some_and(|token| is_name(token)) {
        path = path + "::" + &tokens[place + 1];
        place += 2;
    }
    if path.contains("::") {
        found.push(path);
    }
    place
}

/// Takes a tree of a `use`, below `above`; gives the place after it.
fn take_tree(tokens: &[String], mut place: usize, above: &str, found: &mut Vec<String>) -> usize {
    let mut path = above.to_owned();
    while let Some(token) = tokens.get(place) {
        match token.as_str() {
            "::" => place += 1,
            "{" => {
                place += 1;
                while place < tokens.len() && !follows(tokens, place, "}") {
                    place =
                        if follows(tokens, place, ",") { place + 1 } else { take_tree(tokens, place, &path, found) };
                }
                return place + 1;
            }
            "as" => place += 2,
            token if is_name(token) || token == "*" => {
                path = if path.is_empty() { token.to_owned() } else { format!("{path}::{token}") };
                place += 1;
            }
            _ => break,
        }
    }
    found.push(path);
    // Whatever ended it is looked at by the caller; only a token that nobody wants is passed over, so that we get on.
    if tokens.get(place).is_some_and(|token| [",", "}"].contains(&token.as_str())) && !above.is_empty() {
        place
    } else {
        place + 1
    }
}

fn follows(tokens: &[String], place: usize, wanted: &str) -> bool {
    tokens.get(place).is_some_and(|token| token == wanted)
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens_of(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("::") {
            2
        } else if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            tokens.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    tokens
}

/// The code alone. A literal becomes a space; so a path in a message is no path.
fn without_comments_and_literals(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if first == '"' {
            length_of_text(rest)
        } else if let Some(hashes) = raw_text_opens(rest, code.chars().last()) {
            length_of_raw_text(rest, hashes)
        } else if first == '\'' {
            length_of_character(rest)
        } else {
            0
        };
        if skipped == 0 {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            code.push(' ');
            rest = &rest[skipped..];
        }
    }
    code
}

fn length_of_text(rest: &str) -> usize {
    let mut escaped = false;
    for (index, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return index + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The number of `#` of a raw text that opens here.
fn raw_text_opens(rest: &str, before: Option<char>) -> Option<usize> {
    let is_in_name = before.is_some_and(|c| c.is_alphanumeric() || c == '_') && before != Some('b');
    let after = rest.strip_prefix('r').filter(|_| !is_in_name)?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn length_of_raw_text(rest: &str, hashes: usize) -> usize {
    let end = format!("\"{}", "#".repeat(hashes));
    let opened = 1 + hashes + 1;
    rest[opened..].find(&end).map_or(rest.len(), |index| opened + index + end.len())
}

/// A character literal's length; nothing for a lifetime.
fn length_of_character(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => rest[2..].find('\'').map_or(0, |end| if end == 0 { 4 } else { 2 + end + 1 }),
        Some(_) => characters.next().filter(|(_, c)| *c == '\'').map_or(0, |(index, _)| index + 1),
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::paths_of;

    #[test]
    fn trees_are_spelled_out() {
        let source = "use std::{fs, time::{Duration, Instant as Now}};\nuse crate::chat::*;\npub use self::a::B;";
        let expected = ["std::fs", "std::time::Duration", "std::time::Instant", "crate::chat::*", "self::a::B"];
        assert_eq!(paths_of(source), expected);
    }

    #[test]
    fn paths_in_code_are_found_and_those_in_comments_and_literals_are_not() {
        let source = r##"
            // std::env::var
            fn a<'a>(x: &'a str) -> char { std::fs::read("std::net"); let _ = r#"std::thread"#; '"' }
            /* std::process::exit */ fn b() -> Vec<u8> { Vec::new() }
        "##;
        assert_eq!(paths_of(source), ["std::fs::read", "Vec::new"]);
    }

    #[test]
    fn code_after_a_use_is_read_on() {
        assert_eq!(paths_of("use a::{b, c::{d}};\nfn f() { x::y() }"), ["a::b", "a::c::d", "x::y"]);
    }
}
