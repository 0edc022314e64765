//! Markdown as people type it, in the safe subset: paragraphs, emphasis, lists, quotes, code, links. Raw HTML
//! is shown as the text it is, pictures as their description, and a link leads only where
//! [`super::part::safe_href`] allows.

use leptos::prelude::*;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::{
    field::escape,
    part::{safe_href, split_addresses},
};

/// HTML of the safe subset.
pub fn to_html(text: &str) -> String {
    let mut open_links: Vec<bool> = Vec::new();
    let events = Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).filter_map(|event| match event {
        // A page has its own headings; typed ones are strong paragraphs.
        Event::Start(Tag::Heading { .. }) => Some(Event::InlineHtml(CowStr::Borrowed("<p><strong>"))),
        Event::End(TagEnd::Heading(_)) => Some(Event::InlineHtml(CowStr::Borrowed("</strong></p>"))),
        Event::Start(Tag::Link { dest_url, .. }) => {
            let href = safe_href(&dest_url);
            open_links.push(href.is_some());
            href.map(|href| {
                Event::InlineHtml(
                    format!(
                        "<a href=\"{}\" rel=\"nofollow noopener noreferrer\">",
                        escape(&href)
                    )
                    .into(),
                )
            })
        }
        Event::End(TagEnd::Link) => open_links
            .pop()
            .unwrap_or(false)
            .then_some(Event::InlineHtml(CowStr::Borrowed("</a>"))),
        Event::Start(Tag::Image { .. } | Tag::HtmlBlock) | Event::End(TagEnd::Image | TagEnd::HtmlBlock) => {
            None
        }
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Start(Tag::CodeBlock(_)) => Some(Event::Start(Tag::CodeBlock(
            pulldown_cmark::CodeBlockKind::Indented,
        ))),
        other => Some(other),
    });
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, with_addresses(events));
    out
}

/// Bare addresses become links, outside of links and code.
fn with_addresses<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut depth = 0_u32;
    events.flat_map(move |event| {
        match &event {
            Event::Start(Tag::CodeBlock(_)) => depth += 1,
            Event::End(TagEnd::CodeBlock) => depth = depth.saturating_sub(1),
            Event::InlineHtml(raw) if raw.starts_with("<a ") => depth += 1,
            Event::InlineHtml(raw) if raw.as_ref() == "</a>" => depth = depth.saturating_sub(1),
            _ => {}
        }
        match event {
            Event::Text(words) if depth == 0 && words.contains("://") => split_addresses(&words)
                .into_iter()
                .map(
                    |(is_address, part)| match safe_href(part).filter(|_| is_address) {
                        Some(href) => {
                            let href = escape(&href);
                            Event::InlineHtml(
                                format!("<a href=\"{href}\" rel=\"nofollow noopener noreferrer\">{href}</a>")
                                    .into(),
                            )
                        }
                        None => Event::Text(part.to_owned().into()),
                    },
                )
                .collect::<Vec<_>>(),
            event => vec![event],
        }
    })
}

/// What whoever wrote it says in their own words: without code, quotations and addresses of pages.
pub fn own_words(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let mut depth = 0_u32;
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Link { .. }) => depth += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::BlockQuote(_) | TagEnd::Link) => {
                depth = depth.saturating_sub(1);
                said.push(' ');
            }
            Event::Text(words) if depth == 0 => {
                for (is_address, part) in split_addresses(&words) {
                    said.push_str(if is_address { " " } else { part });
                }
            }
            // Where strong or struck words end, the sentence goes on.
            Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough) => {}
            Event::Code(_) | Event::SoftBreak | Event::HardBreak | Event::End(_) if depth == 0 => {
                said.push('\n');
            }
            _ => {}
        }
    }
    said
}

/// The words alone, on one line, at most so many characters of them.
pub fn excerpt(text: &str, most: usize) -> String {
    let mut said = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                said.push_str(&words);
            }
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::CodeBlock) => {
                said.push(' ');
            }
            _ => {}
        }
    }
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if said.chars().count() > most {
        said.chars().take(most.saturating_sub(1)).chain(['…']).collect()
    } else {
        said
    }
}

/// The words as they are read, a line a paragraph, heading or point, with where links lead and what is
/// struck.
pub fn lines(text: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    let mut targets: Vec<String> = Vec::new();
    // The next number of each list that is open; none where points have none.
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut add = |words: &str, begins: bool| match lines.last_mut() {
        Some(line) if !begins => line.push_str(words),
        _ => lines.push(words.to_owned()),
    };
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                add(&words, false);
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                targets.push(dest_url.to_string());
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                add(&format!(" ({})", targets.pop().unwrap_or_default()), false);
            }
            Event::Start(Tag::Strikethrough) | Event::End(TagEnd::Strikethrough) => add("~~", false),
            Event::Start(Tag::List(first)) => lists.push(first),
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::Start(Tag::Item) => match lists.last_mut() {
                Some(Some(number)) => {
                    add(&format!("{number}. "), true);
                    *number += 1;
                }
                _ => add("– ", true),
            },
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Item) => {
                add("", true);
            }
            _ => {}
        }
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.join("\n")
}

#[component]
pub fn Markdown(#[prop(into)] text: String) -> impl IntoView {
    view! { <div class="markdown" inner_html=to_html(&text)></div> }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, lines, to_html};

    #[test]
    fn lines_are_what_is_read_one_below_the_other() {
        assert_eq!(
            lines(
                "## Numbers\n\n- **Item 2**\n  - The feed was *late*.\n\n## Topics\n\n1. ~~Two~~ [Three](/a)\n2. None."
            ),
            "Numbers\n– Item 2\n– The feed was late.\nTopics\n1. ~~Two~~ Three (/a)\n2. None."
        );
    }

    #[test]
    fn an_excerpt_is_what_is_read() {
        assert_eq!(
            excerpt("@kofi **Look**,\n- `one`\n- [two](https://example.com)", 160),
            "@kofi Look, one two"
        );
        assert_eq!(excerpt("1 < 2 <b>x</b>", 160), "1 < 2 <b>x</b>");
        assert_eq!(excerpt("abcdef", 4), "abc…");
    }

    #[test]
    fn what_people_need_is_there() {
        assert_eq!(
            to_html("One **promise**,\nkept."),
            "<p>One <strong>promise</strong>,<br />\nkept.</p>\n"
        );
        assert_eq!(to_html("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
        assert_eq!(
            to_html("[x](https://example.com/?a=1&b=2)"),
            "<p><a href=\"https://example.com/?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer\">x</a></p>\n"
        );
    }

    #[test]
    fn a_bare_address_becomes_a_link_once() {
        let link =
            "<a href=\"https://a.example/x\" rel=\"nofollow noopener noreferrer\">https://a.example/x</a>";
        assert_eq!(
            to_html("See https://a.example/x."),
            format!("<p>See {link}.</p>\n")
        );
        assert_eq!(
            to_html("[https://a.example/x](https://a.example/x)"),
            format!("<p>{link}</p>\n")
        );
        assert_eq!(
            to_html("`https://a.example/x`"),
            "<p><code>https://a.example/x</code></p>\n"
        );
    }

    #[test]
    fn nothing_typed_becomes_a_script() {
        for typed in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](data:text/html;base64,AAAA)",
            "![x](https://evil.example/x.png)",
            "<img src=x onerror=alert(1)>",
            "[x](https://a.example/\"onmouseover=\"alert(1))",
            "<https://a.example/\"><script>alert(1)</script>",
            "# <b onclick=x>t</b>",
            "https://a.example/\"onmouseover=\"alert(1)",
            "https://a.example/<script>alert(1)</script>",
        ] {
            let made = to_html(typed);
            for never in [
                "<script",
                "<img",
                "<b ",
                "href=\"javascript",
                "href=\"data",
                "\" onmouseover",
                "\"onmouseover",
            ] {
                assert!(!made.contains(never), "{typed} became {made}");
            }
        }
    }
}
