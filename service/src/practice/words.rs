//! A message taken apart: plain words, quoted pieces of code, and the file it names. It understands no grammar.

/// Endings that make a word a file's name; `e.g.` and `file.close` are not.
const ENDINGS: [&str; 32] = [
    "c", "cc", "cfg", "cpp", "cs", "css", "csv", "go", "h", "html", "ini", "java", "js", "json", "jsx", "kt", "lock",
    "md", "mjs", "mod", "php", "py", "rb", "rs", "sh", "sql", "toml", "ts", "tsx", "txt", "yaml", "yml",
];

/// A message taken apart.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its plain words in lower case, without what is quoted.
    pub words: Vec<String>,
    /// Its quoted pieces, the file's name left out.
    pub quotes: Vec<String>,
    /// Its fenced blocks of code.
    pub fences: Vec<String>,
    /// The first file it names.
    pub path: Option<String>,
    /// Whether that name stands at the head of a fenced block.
    pub is_path_of_fence: bool,
}

impl Message {
    /// Takes a message apart.
    pub fn read(text: &str) -> Self {
        let mut message = Self::default();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(['`', '"', '“']) {
            plain.push_str(&rest[..start]);
            let (quote, after) = Quote::read(&rest[start..]);
            match quote {
                Quote::Fence { info, code } => {
                    message.path = message.path.take().or_else(|| path_in(info));
                    message.fences.push(code.to_owned());
                }
                Quote::Inline(code) => message.quotes.push(code.to_owned()),
                Quote::Stray(character) => plain.push(character),
            }
            plain.push(' ');
            rest = after;
        }
        plain.push_str(rest);
        if let Some(path) = path_in(&plain).or_else(|| message.quoted_path()) {
            message.path = Some(path);
        } else {
            message.is_path_of_fence = message.path.is_some();
        }
        message.words = plain.to_lowercase().split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        message.words.retain(|word| !word.is_empty());
        message
    }

    /// Whether one of these is among its plain words.
    pub fn has(&self, any: &[&str]) -> bool {
        self.words.iter().any(|word| any.contains(&word.as_str()))
    }

    fn quoted_path(&mut self) -> Option<String> {
        let at = self.quotes.iter().position(|quote| is_path(quote))?;
        Some(self.quotes.remove(at))
    }
}

enum Quote<'a> {
    Fence { info: &'a str, code: &'a str },
    Inline(&'a str),
    Stray(char),
}

impl<'a> Quote<'a> {
    /// Reads the quotation this text begins with, and gives the text after it.
    fn read(text: &'a str) -> (Self, &'a str) {
        let ticks = text.len() - text.trim_start_matches('`').len();
        let (open, close) = match text.chars().next() {
            Some('“') => ("“", "”"),
            Some('"') => ("\"", "\""),
            _ => (&text[..ticks], &text[..ticks]),
        };
        let inside = &text[open.len()..];
        match inside.split_once(close) {
            Some((code, after)) if ticks >= 3 => {
                let (info, code) = code.split_once('\n').unwrap_or(("", code));
                (Self::Fence { info, code }, after)
            }
            Some((code, after)) if !code.is_empty() => (Self::Inline(code), after),
            Some(_) | None => {
                let first = text.chars().next().unwrap_or(' ');
                (Self::Stray(first), &text[first.len_utf8()..])
            }
        }
    }
}

fn path_in(text: &str) -> Option<String> {
    let trimmed =
        |word: &'_ str| word.trim_matches(|c: char| "()[]{}<>,;:!?'*".contains(c)).trim_end_matches('.').to_owned();
    text.split_whitespace().map(trimmed).find(|word| is_path(word))
}

fn is_path(word: &str) -> bool {
    let Some((stem, ending)) = word.rsplit_once('.') else { return false };
    let of_path = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    !stem.is_empty() && word.chars().all(of_path) && ENDINGS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_words_code_and_a_file() {
        let message = Message::read("In src/main.py, replace `a < b` with \"a <= b\" (e.g. here).");
        assert_eq!(message.path.as_deref(), Some("src/main.py"));
        assert_eq!(message.quotes, ["a < b", "a <= b"]);
        assert!(message.has(&["replace"]) && !message.has(&["a"]));
    }

    #[test]
    fn a_file_may_be_quoted_or_named_by_a_fence() {
        assert_eq!(Message::read("read `main.go`").path.as_deref(), Some("main.go"));
        let message = Message::read("take this\n```js solution.js\nlet a = `x`;\n```\n");
        assert_eq!(message.path.as_deref(), Some("solution.js"));
        assert_eq!((message.fences, message.quotes), (vec!["let a = `x`;\n".to_owned()], vec![]));
    }

    #[test]
    fn what_only_looks_like_a_file_is_none() {
        for text in ["e.g. this", "call file.close()", "it costs 3.5", "what about .py files", "a..b"] {
            assert_eq!(Message::read(text).path, None, "{text}");
        }
    }

    #[test]
    fn a_quotation_mark_without_its_end_is_a_character() {
        let message = Message::read("the ` key and the 5\" screen in main.py");
        assert_eq!((message.quotes.len(), message.path.as_deref()), (0, Some("main.py")));
    }
}
