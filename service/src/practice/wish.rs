//! What the candidate asks for, as far as plain words tell. Anything else is `Unclear`, never a guess.

use super::words::Message;

/// What the candidate asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Wish {
    /// A hint.
    Hint,
    /// The names of the files.
    Files,
    /// A file's text.
    Read(String),
    /// A test run.
    Tests,
    /// A command in the terminal's box.
    Command(String),
    /// A passage of a file to become another.
    Replace {
        /// Which file.
        path: String,
        /// The passage.
        old: String,
        /// What it becomes.
        new: String,
    },
    /// A file to hold this and nothing else.
    Write {
        /// Which file.
        path: String,
        /// All of it.
        content: String,
    },
    /// A comment in a file.
    Comment(CommentWish),
    /// An edit without a file's name.
    EditSomewhere,
    /// A comment without its text.
    CommentOfUnknownText,
    /// A greeting or thanks.
    Pleasantry,
    /// Something else.
    Unclear,
}

/// A comment in a file.
#[derive(Debug, PartialEq, Eq)]
pub struct CommentWish {
    /// Which file.
    pub path: String,
    /// What it says.
    pub text: String,
    /// A piece of the line it belongs to; without one it is the file's own.
    pub beside: Option<String>,
    /// Whether it is to be a docstring.
    pub is_docstring: bool,
}

impl Wish {
    /// Reads a candidate's message.
    pub fn of(text: &str) -> Self {
        let message = Message::read(text);
        if let Some(command) = text.trim().strip_prefix("$ ") {
            return Self::Command(command.to_owned());
        }
        comment(&message)
            .or_else(|| edit(&message))
            .or_else(|| action(&message))
            .or_else(|| advice(&message))
            .unwrap_or(Self::Unclear)
    }
}

fn comment(message: &Message) -> Option<Wish> {
    let is_docstring = message.has(&["docstring"]);
    if !message.has(&["add", "insert", "put", "write"]) || !(is_docstring || message.has(&["comment"])) {
        return None;
    }
    let Some(path) = message.path.clone() else { return Some(Wish::EditSomewhere) };
    let mut quotes = message.quotes.iter().cloned();
    let Some(text) = quotes.next() else { return Some(Wish::CommentOfUnknownText) };
    Some(Wish::Comment(CommentWish { path, text, beside: quotes.next(), is_docstring }))
}

fn edit(message: &Message) -> Option<Wish> {
    let is_replacement = message.has(&["replace", "change", "swap"]);
    let is_removal = message.has(&["remove", "delete"]);
    let code = if message.fences.len() == 2 { &message.fences } else { &message.quotes };
    let (old, new) = match &code[..] {
        [old, new] if is_replacement => (old.clone(), new.clone()),
        [old] if is_removal => (old.clone(), String::new()),
        _ => return whole_file(message, is_replacement),
    };
    let path = message.path.clone().map(|path| Wish::Replace { path, old, new });
    Some(path.unwrap_or(Wish::EditSomewhere))
}

/// A block of code is a file's text only if the candidate says so; it may as well be something to talk about.
fn whole_file(message: &Message, is_replacement: bool) -> Option<Wish> {
    let [content] = &message.fences[..] else { return None };
    let says_so = message.has(&["create", "make", "overwrite", "put", "save", "set", "use", "write"]);
    if !(says_so || is_replacement || message.is_path_of_fence) {
        return None;
    }
    let path = message.path.clone().map(|path| Wish::Write { path, content: content.clone() });
    Some(path.unwrap_or(Wish::EditSomewhere))
}

fn action(message: &Message) -> Option<Wish> {
    let does = message.has(&["run", "rerun", "execute", "start"]);
    if let ([command], true) = (&message.quotes[..], does) {
        return Some(Wish::Command(command.clone()));
    }
    let is_short = message.words.len() <= 3;
    if message.has(&["test", "tests"]) && (does || is_short || message.has(&["check", "pass"])) {
        return Some(Wish::Tests);
    }
    let looks = message.has(&["read", "open", "show", "see", "look", "cat", "print"]);
    if let Some(path) = message.path.clone().filter(|_| looks || is_short) {
        return Some(Wish::Read(path));
    }
    let lists = looks || message.has(&["what", "which", "list", "ls"]);
    (lists && message.has(&["files", "folder", "directory", "ls"])).then_some(Wish::Files)
}

fn advice(message: &Message) -> Option<Wish> {
    const ADVICE: [&str; 15] = [
        "another", "approach", "clue", "continue", "help", "hint", "hints", "idea", "ideas", "lost", "more", "next",
        "start", "stuck", "tip",
    ];
    if message.has(&ADVICE) {
        return Some(Wish::Hint);
    }
    message.has(&["hello", "hey", "hi", "thank", "thanks", "ok", "okay", "bye"]).then_some(Wish::Pleasantry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_requests_are_understood() {
        let read = |path: &str| Wish::Read(path.into());
        for (text, wish) in [
            ("Can you give me a hint?", Wish::Hint),
            ("I'm stuck", Wish::Hint),
            ("What should I do next?", Wish::Hint),
            ("What files are there?", Wish::Files),
            ("list files", Wish::Files),
            ("ls", Wish::Files),
            ("read main.py", read("main.py")),
            ("Could you have a look at src/util.ts please?", read("src/util.ts")),
            ("main.go", read("main.go")),
            ("run the tests", Wish::Tests),
            ("Please check whether the tests pass.", Wish::Tests),
            ("tests?", Wish::Tests),
            ("run `python3 main.py < in.txt`", Wish::Command("python3 main.py < in.txt".into())),
            ("$ go vet ./...", Wish::Command("go vet ./...".into())),
            ("hello", Wish::Pleasantry),
            ("What is recursion?", Wish::Unclear),
            ("", Wish::Unclear),
        ] {
            assert_eq!(Wish::of(text), wish, "{text}");
        }
    }

    #[test]
    fn an_edit_is_a_file_and_what_changes_in_it() {
        let replace = |old: &str, new: &str| Wish::Replace { path: "a.py".into(), old: old.into(), new: new.into() };
        for (text, wish) in [
            ("edit a.py: replace `x < 1` with `x <= 1`", replace("x < 1", "x <= 1")),
            ("change \"foo\" to \"bar\" in `a.py`", replace("foo", "bar")),
            ("Remove `print(x)\n` from a.py", replace("print(x)\n", "")),
            ("replace in a.py\n```\nold()\n```\nwith\n```\nnew()\n```", replace("old()\n", "new()\n")),
            ("replace `x` with `y`", Wish::EditSomewhere),
            (
                "put this into a.py:\n```python\ny = 2\n```",
                Wish::Write { path: "a.py".into(), content: "y = 2\n".into() },
            ),
            ("save this:\n```python\ny = 2\n```", Wish::EditSomewhere),
            ("```js a.py\ny = 2\n```", Wish::Write { path: "a.py".into(), content: "y = 2\n".into() }),
            ("Is this wrong in a.py?\n```python\ny = 2\n```", Wish::Unclear),
        ] {
            assert_eq!(Wish::of(text), wish, "{text}");
        }
    }

    #[test]
    fn a_comment_needs_its_text_and_may_have_a_place() {
        let wish = |beside: Option<&str>, is_docstring| {
            let (path, text, beside) = ("a.py".into(), "Linear.".into(), beside.map(Into::into));
            Wish::Comment(CommentWish { path, text, beside, is_docstring })
        };
        assert_eq!(Wish::of("add a comment \"Linear.\" to a.py"), wish(None, false));
        assert_eq!(Wish::of("add the docstring `Linear.` to `solve` in a.py"), wish(Some("solve"), true));
        assert_eq!(Wish::of("add a docstring to a.py"), Wish::CommentOfUnknownText);
        assert_eq!(Wish::of("add a comment `x`"), Wish::EditSomewhere);
    }
}
