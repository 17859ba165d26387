//! Markdown to HTML that is safe to show: no raw HTML, no images from elsewhere, links that say where they lead.

use std::sync::LazyLock;

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .rm_tags(["img", "a", "details", "summary"])
        .add_tags(["a"])
        .add_allowed_classes("code", LANGUAGES.iter().copied())
        .url_schemes(["http", "https", "mailto"].into())
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
});

const LANGUAGES: [&str; 10] = [
    "language-python",
    "language-javascript",
    "language-typescript",
    "language-go",
    "language-rust",
    "language-json",
    "language-text",
    "language-sh",
    "language-ts",
    "language-js",
];

/// The HTML of a Markdown text.
pub fn to_html(markdown: &str) -> String {
    let events =
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH).filter_map(|event| {
            match event {
                // An image becomes its description.
                Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
                Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
                other => Some(other),
            }
        });
    let mut text = String::new();
    html::push_html(&mut text, events);
    CLEANER.clean(&text).to_string()
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn nothing_in_markdown_can_run_or_load() {
        let evil = "<script>alert(1)</script>\n\ntext <img src=x onerror=alert(1)> ![x](http://evil/p.png) [a](javascript:alert(1)) [b](https://ok.example)";
        let html = to_html(evil);
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("<img"), "{html}");
        assert!(!html.contains("javascript:"), "{html}");
        assert!(html.contains("https://ok.example"), "{html}");
    }

    #[test]
    fn code_keeps_its_language_and_tables_stay_tables() {
        let html = to_html("```python\nprint(1 < 2)\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
        assert!(html.contains("language-python"), "{html}");
        assert!(html.contains("1 &lt; 2"), "{html}");
        assert!(html.contains("<table>"), "{html}");
    }
}
