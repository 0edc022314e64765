//! Small parts of pages.

use leptos::prelude::*;

use super::StatusWord;

/// How something stands.
#[component]
pub fn Pill(word: StatusWord) -> impl IntoView {
    view! { <span class=format!("pill is-{}", word.tone().as_str())>{word.format()}</span> }
}

/// What something is, where that is no status: a stage, a kind of change, that it was archived.
#[component]
pub fn Tag(#[prop(into)] label: String) -> impl IntoView {
    view! { <span class="tag">{label}</span> }
}

/// A person's initials in their side's hue; hollow while they have not attested.
#[component]
pub fn Avatar(
    #[prop(into)] name: String,
    #[prop(optional, into)] side: Option<&'static str>,
    #[prop(optional)] hollow: bool,
    #[prop(optional, into)] note: Option<String>,
) -> impl IntoView {
    let side_name = match side {
        Some("marketing") => ", Marketing",
        Some("technology") => ", Technology",
        _ => "",
    };
    let note = note.map_or_else(String::new, |note| format!(", {note}"));
    let label = format!("{name}{side_name}{note}");
    let class = format!(
        "avatar is-{}{}",
        side.unwrap_or("none"),
        if hollow { " is-hollow" } else { "" }
    );
    view! {
        <span class=class role="img" aria-label=label.clone() title=label>
            {initials(&name)}
        </span>
    }
}

/// Both owners, Marketing left, Technology right.
#[component]
pub fn Avatars(
    #[prop(into)] marketing: String,
    #[prop(into)] technology: String,
    #[prop(optional)] hollow: (bool, bool),
) -> impl IntoView {
    view! {
        <span class="avatars">
            <Avatar name=marketing side="marketing" hollow=hollow.0 />
            <Avatar name=technology side="technology" hollow=hollow.1 />
        </span>
    }
}

/// Passed of all, with its denominator; those of them that the other side has still to accept are not filled.
#[component]
pub fn Progress(passed: i64, of: i64, unaccepted: i64) -> impl IntoView {
    if of == 0 {
        return view! { <span class="faint">"None yet"</span> }.into_any();
    }
    let words = if unaccepted > 0 {
        format!("{passed} of {of} done, {unaccepted} not accepted")
    } else {
        format!("{passed} of {of} done")
    };
    view! {
        <span class="progress">
            {bar((passed - unaccepted) * 100 / of, passed * 100 / of)}
            <span class="progress-words">{words}</span>
        </span>
    }
    .into_any()
}

/// Filled to what is settled, and paler to what is begun; both in percent.
fn bar(settled: i64, begun: i64) -> impl IntoView {
    view! {
        <svg viewBox="0 0 100 6" width="100" height="6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="progress-all" width="100" height="6" rx="3"></rect>
            <rect class="progress-begun" width=begun.clamp(0, 100) height="6" rx="3"></rect>
            <rect class="progress-done" width=settled.clamp(0, 100) height="6" rx="3"></rect>
        </svg>
    }
}

/// A titled part of a page, with a word at its right.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    #[prop(optional, into)] aside: Option<String>,
    #[prop(optional, into)] id: Option<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" id=id>
            <header class="section-head">
                <h2>{title}</h2>
                {aside.map(|aside| view! { <p class="faint">{aside}</p> })}
            </header>
            {children()}
        </section>
    }
}

/// What this is for and the one next step.
#[component]
pub fn Empty(
    #[prop(into)] purpose: String,
    #[prop(optional)] next: Option<(String, &'static str)>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p>{purpose}</p>
            {next
                .map(|(href, verb)| {
                    view! {
                        <p>
                            <a class="button is-primary" href=href>
                                {verb}
                            </a>
                        </p>
                    }
                })}
        </div>
    }
}

/// A button for what cannot be taken back: it asks first, and says what follows. Without script, too; a
/// browser that does not know popovers shows the question at once.
#[component]
pub fn AskFirst(
    /// Of the question; no other on the page has it.
    id: &'static str,
    #[prop(into)] verb: String,
    #[prop(into)] question: String,
    /// What follows.
    #[prop(into)]
    follows: String,
    #[prop(into)] yes: String,
    no: &'static str,
    action: String,
    /// Hidden fields of the form.
    #[prop(optional)]
    fields: Vec<(&'static str, String)>,
    /// Whether it is what the page is waiting for.
    #[prop(optional)]
    is_primary: bool,
) -> impl IntoView {
    let class = if is_primary { "button is-primary" } else { "button" };
    let title = format!("{id}-title");
    let heading = title.clone();
    let fields = fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    view! {
        <button class=class type="button" popovertarget=id>
            {verb}
        </button>
        <div popover="auto" id=id class="ask-first" role="dialog" aria-labelledby=title>
            <h2 id=heading>{question}</h2>
            <p>{follows}</p>
            <div class="page-actions">
                <form method="post" action=action>
                    {fields}
                    <button class="button is-primary" type="submit">
                        {yes}
                    </button>
                </form>
                <button class="button" type="button" popovertarget=id popovertargetaction="hide">
                    {no}
                </button>
            </div>
        </div>
    }
}

/// Several pages behind one button, each with its path and its name. Nothing where there is none.
#[component]
pub fn Menu(label: &'static str, items: Vec<(String, &'static str)>) -> impl IntoView {
    let rows = items
        .iter()
        .map(|(href, name)| {
            view! {
                <li>
                    <a href=href.clone()>{*name}</a>
                </li>
            }
        })
        .collect_view();
    (!items.is_empty()).then(|| {
        view! {
            <details class="menu" name="menu">
                <summary class="button">{label}</summary>
                <ul>{rows}</ul>
            </details>
        }
    })
}

/// The way back up.
#[component]
pub fn Crumb(#[prop(into)] href: String, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <p class="crumb">
            <a href=href>{text}</a>
        </p>
    }
}

/// A link that cannot carry a script, whatever was typed: http, https, mailto or a path of this site.
pub fn safe_href(typed: &str) -> Option<String> {
    let lowered = typed.trim().to_ascii_lowercase();
    let fine = ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| lowered.starts_with(scheme))
        || crate::platform::text::local_path(typed.trim()).is_some();
    (fine && !typed.chars().any(char::is_control)).then(|| typed.trim().to_owned())
}

/// The way to the rest of a list that has more than its page.
#[component]
pub fn MoreLink(href: Option<String>) -> impl IntoView {
    href.map(|href| {
        view! {
            <p>
                <a class="button" href=href>
                    "More"
                </a>
            </p>
        }
    })
}

/// What is worth a second look before one goes on.
#[component]
pub fn Warning(text: Option<String>) -> impl IntoView {
    text.map(|text| view! { <p class="card ask">{text}</p> })
}

/// Something to copy whole, such as a link that is shown once; with a script, a button does it.
#[component]
pub fn Copyable(#[prop(into)] text: String) -> impl IntoView {
    view! {
        <span class="copy">
            <code>{text}</code>
            <button class="button is-small" type="button" aria-live="polite" data-copy hidden>
                "Copy"
            </button>
        </span>
    }
}

/// Words, and the addresses among them: `(is an address, text)`. What ends a sentence is not part of an
/// address.
pub fn split_addresses(text: &str) -> Vec<(bool, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| rest.find(scheme))
        .min()
    {
        let (before, from) = rest.split_at(at);
        let end = from
            .find(|sign: char| sign.is_whitespace() || matches!(sign, '<' | '>' | '“' | '”'))
            .unwrap_or(from.len());
        let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '"']);
        if !before.is_empty() {
            found.push((false, before));
        }
        let is_whole = address.len() > "https://".len();
        found.push((is_whole, address));
        rest = &from[address.len()..];
    }
    if !rest.is_empty() {
        found.push((false, rest));
    }
    found
}

/// Evidence: its words, with the addresses among them as links.
#[component]
pub fn Evidence(#[prop(into)] text: String) -> impl IntoView {
    let parts = split_addresses(&text)
        .into_iter()
        .map(|(is_address, part)| {
            let part = part.to_owned();
            match safe_href(&part).filter(|_| is_address) {
                Some(href) => view! {
                    <a href=href rel="nofollow noopener noreferrer">
                        {part}
                    </a>
                }
                .into_any(),
                None => view! { {part} }.into_any(),
            }
        })
        .collect_view();
    view! { <span>{parts}</span> }
}

/// `DR` for Dana Reyes, and for Dana Reyes (not here any more): what an avatar shows.
pub fn initials(name: &str) -> String {
    let mut words = name
        .split(" (")
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::safe_href;

    #[test]
    fn addresses_among_words_are_found_without_what_ends_the_sentence() {
        assert_eq!(
            super::split_addresses("See https://a.example/x?y=1, and (http://b.example)."),
            [
                (false, "See "),
                (true, "https://a.example/x?y=1"),
                (false, ", and ("),
                (true, "http://b.example"),
                (false, ")."),
            ]
        );
        assert_eq!(super::split_addresses("no address"), [(false, "no address")]);
    }

    #[test]
    fn links_carry_no_scripts() {
        for fine in [
            "https://example.com/a",
            "http://example.com",
            "mailto:a@b.c",
            "/w/acme",
        ] {
            assert_eq!(safe_href(fine).as_deref(), Some(fine));
        }
        for wrong in [
            "javascript:alert(1)",
            " JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "java\nscript:x",
            "vbscript:x",
            "",
            "example.com",
        ] {
            assert_eq!(safe_href(wrong), None, "{wrong:?}");
        }
    }
}
