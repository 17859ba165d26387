//! Markdown by strangers and models, made safe to show. What it refuses: HTML of its own becomes text, an image becomes
//! its description, a link leads to the web or to mail or is no link.

use leptos::prelude::*;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::code::CodeBlock;

/// A part of a text that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Block {
    /// Safe HTML.
    Prose(String),
    /// Code, and what its author says it is written in.
    Code {
        /// The language's name; may be empty.
        language: String,
        /// The code.
        text: String,
    },
}

/// The blocks of a Markdown text, in order.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut blocks = Vec::new();
    let mut block = Vec::new();
    let mut depth = 0_usize;
    for event in Parser::new_ext(markdown, options) {
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        block.push(event);
        if depth == 0 {
            blocks.push(finished(std::mem::take(&mut block)));
        }
    }
    blocks
}

fn finished(events: Vec<Event<'_>>) -> Block {
    if let Some(Event::Start(Tag::CodeBlock(kind))) = events.first() {
        let language = match kind {
            CodeBlockKind::Fenced(name) => name.split_whitespace().next().unwrap_or_default().to_owned(),
            CodeBlockKind::Indented => String::new(),
        };
        let text =
            events.iter().filter_map(|event| if let Event::Text(text) = event { Some(text.as_ref()) } else { None });
        return Block::Code { language, text: text.collect() };
    }
    let mut links = Vec::new();
    let mut prose = String::new();
    html::push_html(&mut prose, events.into_iter().filter_map(|event| made_safe(event, &mut links)));
    Block::Prose(prose)
}

/// An event that can do no harm, if there is one; `links` remembers which of the open ones are real.
fn made_safe<'a>(event: Event<'a>, links: &mut Vec<bool>) -> Option<Event<'a>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link { dest_url, .. }) => {
            let leads_out = is_allowed(&dest_url);
            links.push(leads_out);
            leads_out.then(|| Event::InlineHtml(CowStr::from(opening_of(&dest_url))))
        }
        Event::End(TagEnd::Link) => {
            links.pop().unwrap_or_default().then_some(Event::InlineHtml(CowStr::Borrowed("</a>")))
        }
        other => Some(other),
    }
}

fn is_allowed(address: &str) -> bool {
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("http" | "https" | "mailto"))
}

fn opening_of(address: &str) -> String {
    let mut escaped = String::with_capacity(address.len());
    for letter in address.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    format!("<a href=\"{escaped}\" rel=\"noopener noreferrer\" target=\"_blank\">")
}

/// Markdown as it reads, inside something of class `.markdown`. While it grows, only its last block is drawn again.
#[component]
pub fn Markdown(
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// Whether the text is complete.
    #[prop(into, default = Signal::stored(true))]
    complete: Signal<bool>,
    /// Called with a block of code that was copied.
    #[prop(optional_no_strip)]
    on_copy: Option<Callback<String>>,
) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let blocks = text.with(|text| blocks(text));
        let last = blocks.len().saturating_sub(1);
        let is_whole = complete.get();
        blocks
            .into_iter()
            .enumerate()
            .map(|(index, block)| (index, block, is_whole || index < last))
            .collect::<Vec<_>>()
    });
    view! {
        <For each=move || rows.get() key=|row| row.clone() let((_, block, complete))>
            {match block {
                Block::Prose(html) => view! { <div class="markdown-block" inner_html=html></div> }.into_any(),
                Block::Code { language, text } => view! { <CodeBlock language text complete on_copy/> }.into_any(),
            }}
        </For>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prose(markdown: &str) -> String {
        let html = |block| match block {
            Block::Prose(html) => html,
            Block::Code { text, .. } => text,
        };
        blocks(markdown).into_iter().map(html).collect()
    }

    #[test]
    fn html_by_others_is_text() {
        let html = prose("<script>alert(1)</script>\n\na <img src=x onerror=alert(1)> b\n\n<div>\n<b>x</b>");
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<b>"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }

    #[test]
    fn an_image_is_its_description() {
        assert_eq!(prose("![a *chart*](https://evil.example/p.png)"), "<p>a <em>chart</em></p>\n");
    }

    #[test]
    fn a_link_leads_to_the_web_or_nowhere() {
        assert_eq!(
            prose("[a](https://ok.example/?a=1&b='\"<)"),
            "<p><a href=\"https://ok.example/?a=1&amp;b=&#39;&quot;&lt;\" rel=\"noopener noreferrer\" target=\"_blank\">a</a></p>\n"
        );
        for address in
            ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "/dashboard", "//evil.example", "#x"]
        {
            assert_eq!(prose(&format!("[a]({address})")), "<p>a</p>\n", "{address}");
        }
    }

    #[test]
    fn links_and_images_nest_without_a_stray_end() {
        assert_eq!(
            prose("[![a](x.png)](javascript:1) [b](https://ok.example)"),
            "<p>a <a href=\"https://ok.example\" rel=\"noopener noreferrer\" target=\"_blank\">b</a></p>\n"
        );
    }

    #[test]
    fn code_is_a_block_with_its_language() {
        let expected = Block::Code { language: "python".to_owned(), text: "print(1 < 2)\n".to_owned() };
        assert_eq!(blocks("text\n\n```python title=x\nprint(1 < 2)\n```")[1], expected);
    }

    #[test]
    fn an_open_fence_is_code_already() {
        assert_eq!(blocks("```go\nfunc").len(), 1);
    }

    #[test]
    fn a_language_cannot_leave_its_attribute() {
        let html = prose("- ```x\"><script>\n  code\n  ```");
        assert!(!html.contains("<script"), "{html}");
    }
}
