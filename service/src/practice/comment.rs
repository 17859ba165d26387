//! Puts a comment into a file's text, in the way of the file's language. The text comes from the candidate.

use serde_json::{Value, json};

use super::wish::CommentWish;

/// The input of `edit_file` that puts the comment in; none if the place it belongs to is not in the file.
pub fn edit(wish: &CommentWish, text: &str) -> Option<Value> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let at = match &wish.beside {
        Some(piece) => place(&lines, piece)?,
        None => usize::from(text.starts_with("#!")),
    };
    let Some(line) = lines.get(at) else {
        let before = if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") };
        return Some(json!({ "path": wish.path, "content": format!("{before}{}\n", marked(wish)) }));
    };
    let indent = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
    let old = unique_passage(text, &lines, at);
    let is_inside = wish.is_docstring && wish.beside.is_some() && wish.path.ends_with(".py");
    let new = if is_inside {
        let ending = if line.ends_with('\n') { "" } else { "\n" };
        format!("{line}{ending}{indent}    {}\n{}", marked(wish), &old[line.len()..])
    } else {
        format!("{indent}{}\n{old}", marked(wish))
    };
    Some(json!({ "path": wish.path, "old": old, "new": new }))
}

/// The line the comment belongs to: the first that defines what it names, or else the first that mentions it.
fn place(lines: &[&str], piece: &str) -> Option<usize> {
    let mentions = |line: &&str| line.contains(piece);
    let defines = |line: &&str| mentions(line) && DEFINING.iter().any(|word| line.trim_start().starts_with(word));
    lines.iter().position(defines).or_else(|| lines.iter().position(mentions))
}

const DEFINING: [&str; 9] =
    ["def ", "async ", "class ", "func ", "function ", "export ", "const ", "interface ", "type "];

/// The shortest run of lines from there that stands in the text only once.
fn unique_passage<'a>(text: &'a str, lines: &[&str], at: usize) -> &'a str {
    let start: usize = lines[..at].iter().map(|line| line.len()).sum();
    let mut end = start;
    for line in &lines[at..] {
        end += line.len();
        if text.matches(&text[start..end]).nth(1).is_none() && !text[start..end].trim().is_empty() {
            break;
        }
    }
    &text[start..end]
}

fn marked(wish: &CommentWish) -> String {
    let text = wish.text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ending = wish.path.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "py" if wish.is_docstring => format!("\"\"\"{}\"\"\"", text.replace('"', "'")),
        "py" | "rb" | "sh" | "toml" | "yaml" | "yml" | "cfg" => format!("# {text}"),
        "html" | "md" => format!("<!-- {text} -->"),
        "css" => format!("/* {text} */"),
        "sql" => format!("-- {text}"),
        _ if wish.is_docstring && ending != "go" => format!("/** {text} */"),
        _ => format!("// {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(path: &str, beside: Option<&str>, is_docstring: bool, text: &str) -> Option<String> {
        let beside = beside.map(str::to_owned);
        let wish = CommentWish { path: path.into(), text: "Linear\ntime.".into(), beside, is_docstring };
        let edit = edit(&wish, text)?;
        if let Some(content) = edit["content"].as_str() {
            return Some(content.to_owned());
        }
        let (old, new) = (edit["old"].as_str().expect("a text"), edit["new"].as_str().expect("a text"));
        assert_eq!(text.matches(old).count(), 1, "{old:?} must stand there once");
        Some(text.replace(old, new))
    }

    #[test]
    fn a_file_s_own_comment_is_its_first_line() {
        let with = |path, text| after(path, None, false, text).expect("a place for it");
        assert_eq!(with("a.py", "x = 1\nx = 1\n"), "# Linear time.\nx = 1\nx = 1\n");
        assert_eq!(with("a.ts", "let x;"), "// Linear time.\nlet x;");
        assert_eq!(with("a.sh", "#!/bin/sh\nls\n"), "#!/bin/sh\n# Linear time.\nls\n");
        assert_eq!(with("a.sh", "#!/bin/sh"), "#!/bin/sh\n# Linear time.\n");
        assert_eq!(with("a.py", ""), "# Linear time.\n");
    }

    #[test]
    fn a_comment_stands_above_what_it_names() {
        let text = "call solve()\n  def solve(a):\n    pass\n";
        assert_eq!(
            after("a.py", Some("solve"), false, text).expect("a place for it"),
            "call solve()\n  # Linear time.\n  def solve(a):\n    pass\n"
        );
        assert_eq!(after("a.py", Some("other"), false, text), None);
    }

    #[test]
    fn a_docstring_stands_where_its_language_wants_it() {
        assert_eq!(
            after("a.py", Some("solve"), true, "def solve(a):\n    pass\n").expect("a place for it"),
            "def solve(a):\n    \"\"\"Linear time.\"\"\"\n    pass\n"
        );
        assert_eq!(
            after("a.py", Some("f"), true, "def f():").expect("a place for it"),
            "def f():\n    \"\"\"Linear time.\"\"\"\n"
        );
        let js = after("a.js", Some("solve"), true, "function solve() {}\n").expect("a place for it");
        assert_eq!(js, "/** Linear time. */\nfunction solve() {}\n");
    }
}
