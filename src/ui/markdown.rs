//! Markdown as people type it, in the safe subset: paragraphs, emphasis, lists, quotes, code, links. Raw HTML is shown
//! as the text it is, pictures as their description, and a link leads only where [`super::part::safe_href`] allows.

use leptos::prelude::*;
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::{field::escaped, part::safe_href};

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
            href.map(|href| Event::InlineHtml(format!("<a href=\"{}\" rel=\"nofollow noopener noreferrer\">", escaped(&href)).into()))
        }
        Event::End(TagEnd::Link) => open_links.pop().unwrap_or(false).then_some(Event::InlineHtml(CowStr::Borrowed("</a>"))),
        Event::Start(Tag::Image { .. } | Tag::HtmlBlock) | Event::End(TagEnd::Image | TagEnd::HtmlBlock) => None,
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Start(Tag::CodeBlock(_)) => Some(Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented))),
        other => Some(other),
    });
    let mut out = String::with_capacity(text.len() * 2);
    html::push_html(&mut out, events);
    out
}

#[component]
pub fn Markdown(#[prop(into)] text: String) -> impl IntoView {
    view! { <div class="markdown" inner_html=to_html(&text)></div> }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn what_people_need_is_there() {
        assert_eq!(to_html("One **promise**,\nkept."), "<p>One <strong>promise</strong>,<br />\nkept.</p>\n");
        assert_eq!(to_html("- a\n- b"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
        assert_eq!(
            to_html("[x](https://example.com/?a=1&b=2)"),
            "<p><a href=\"https://example.com/?a=1&amp;b=2\" rel=\"nofollow noopener noreferrer\">x</a></p>\n"
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
        ] {
            let made = to_html(typed);
            for never in ["<script", "<img", "<b ", "href=\"javascript", "href=\"data", "\" onmouseover", "\"onmouseover"] {
                assert!(!made.contains(never), "{typed} became {made}");
            }
        }
    }
}
