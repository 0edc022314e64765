//! The frame around every page: the document's head, the rooms at the side (at the bottom on a phone), the
//! notice of what was just done.

use leptos::{config::LeptosOptions, hydration::HydrationScripts, nonce::Nonce, prelude::*};

use super::{
    Notice, Theme,
    field::escape,
    icon::{Glyph, Icon},
};
use crate::{platform::markup::Markup, text_enum};

/// One entry of the navigation.
#[derive(Clone)]
pub struct NavEntry {
    pub href: String,
    pub name: &'static str,
    pub icon: Icon,
    pub is_current: bool,
    /// Stays in the bottom bar of a phone; the others are behind "More".
    pub is_main: bool,
    /// How much waits behind it, and whether some of it is overdue.
    pub waiting: (usize, bool),
    pub group: NavGroup,
    /// Leads there after `g`.
    pub key: char,
}

/// Who is here and where they can go.
#[derive(Clone)]
pub struct Chrome {
    pub workspace: String,
    pub home: String,
    pub person: String,
    pub part: String,
    pub entries: Vec<NavEntry>,
    /// `(address, name)` of the person's other workspaces.
    pub others: Vec<(String, String)>,
}

text_enum! {
    /// What rooms are for; in the order in which they stand.
    pub enum NavGroup { Mine = "mine", Agree = "agree", Work = "work", Measure = "measure", Record = "record" }
}

impl NavGroup {
    /// Empty for what needs none.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Agree => "Agree",
            Self::Work => "Do",
            Self::Measure => "Measure",
            Self::Mine | Self::Record => "",
        }
    }
}

/// Where something is undone, and the page to come back to.
pub struct UndoForm {
    pub action: String,
    pub back: String,
}

/// What the document around a page needs.
pub struct Document {
    pub title: String,
    pub body: Markup,
    /// Stands in the document where the body belongs.
    pub place: String,
    pub has_islands: bool,
    pub chrome: Option<Chrome>,
    /// Whose page it is and of what day, for paper.
    pub printed: Option<String>,
    pub notice: Option<(Notice, Option<UndoForm>)>,
    pub nonce: String,
    pub theme: Theme,
    /// `pkg/<build id>`.
    pub package: String,
}

/// Fetches a page when the pointer rests on its link. Reading changes nothing, so reading early is safe; but
/// what is edited or signed is fetched when it is opened, as it stands then.
const SPECULATION: &str = r#"{"prefetch":[{"where":{"and":[{"href_matches":"/w/*"},{"not":{"href_matches":["/w/*/edit","/w/*/sign"]}},{"not":{"selector_matches":"[rel~=nofollow]"}}]},"eagerness":"moderate"}]}"#;

/// Keys, buttons that print the page, and what was just done told once.
const AT_HAND: &str = include_str!("at_hand.js");

/// What stands beside a button that copies it.
const COPY: &str = include_str!("copy.js");

/// Names that may follow an @.
const NAMES: &str = include_str!("names.js");

/// What was just done, and for a moment the way to undo it.
fn told(notice: Notice, undo: Option<UndoForm>) -> impl IntoView {
    view! {
        <div class=format!("notice is-{}", notice.as_str()) role="status">
            <p>{notice.sentence()}</p>
            {undo
                .map(|UndoForm { action, back }| {
                    view! {
                        <form method="post" action=action class="undo">
                            <input type="hidden" name="back" value=back />
                            <button class="button is-small" type="submit">
                                "Undo"
                            </button>
                        </form>
                    }
                })}
        </div>
    }
}

#[component]
pub fn Frame(document: Document) -> impl IntoView {
    let Document {
        title,
        body,
        place,
        has_islands,
        chrome,
        printed,
        notice,
        nonce,
        theme,
        package,
    } = document;
    let schemes = match theme {
        Theme::System => "light dark",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    provide_context(Nonce::from_value(nonce.clone()));
    let style = format!("/{package}/handshake.css");
    let options = LeptosOptions::builder()
        .output_name("handshake")
        .site_pkg_dir(package)
        .build();
    let full_title = match &chrome {
        Some(chrome) => {
            let waiting: usize = chrome.entries.iter().map(|entry| entry.waiting.0).sum();
            let count = if waiting == 0 {
                String::new()
            } else {
                format!("({waiting}) ")
            };
            format!("{count}{title} · {} · Handshake", chrome.workspace)
        }
        None => format!("{title} · Handshake"),
    };
    let inside = chrome.is_some();
    let has_stage = body.contains("data-stage");
    let (copies, names) = (body.contains("data-copy"), body.contains("data-names"));
    let notice = notice.map(|(notice, undo)| told(notice, undo));
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.as_str()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=schemes />
                <meta
                    name="description"
                    content="Where Marketing and Technology agree on a better customer experience, choose \
                    the technology for it and answer for the results."
                />
                // A title holds text alone; the marker that the renderer puts after a text would be shown.
                <title inner_html=escape(&full_title)></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link
                    rel="preload"
                    href="/fonts/inter-latin.woff2"
                    r#as="font"
                    type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="stylesheet" href=style />
                {inside
                    .then(|| {
                        view! {
                            <script type="speculationrules" nonce=nonce.clone()>
                                {SPECULATION}
                            </script>
                            <script type="module" nonce=nonce.clone() inner_html=AT_HAND></script>
                        }
                    })}
                {copies
                    .then(|| view! { <script type="module" nonce=nonce.clone() inner_html=COPY></script> })}
                {names
                    .then(|| view! { <script type="module" nonce=nonce.clone() inner_html=NAMES></script> })}
                {has_stage.then(|| view! { <script src="/stage.js" type="module" nonce=nonce></script> })}
                {has_islands.then(|| view! { <HydrationScripts options=options islands=true /> })}
            </head>
            <body class=if inside { "in-workspace" } else { "at-the-door" }>
                <a class="skip" href="#content">
                    "Skip to the content"
                </a>
                {chrome.map(|chrome| view! { <Sidebar chrome=chrome /> })}
                {(!inside)
                    .then(|| {
                        view! {
                            <header class="door-head">
                                <Brand href="/".to_owned() />
                            </header>
                        }
                    })}
                <div class="content">
                    {printed.map(|words| view! { <p class="printed">{words}</p> })} {notice}
                    <main id="content" tabindex="-1" inner_html=place></main>
                </div>
            </body>
        </html>
    }
}

#[component]
fn Brand(href: String) -> impl IntoView {
    view! {
        <a class="brand" href=href>
            <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                <path class="half is-marketing is-filled" d="M12 2a10 10 0 0 0 0 20z"></path>
                <path class="half is-technology is-filled" d="M12 2a10 10 0 0 1 0 20z"></path>
                <path class="tick" d="M7.5 12.5l3 3 6-6.5"></path>
            </svg>
            <span>"Handshake"</span>
        </a>
    }
}

/// Which keys there are.
fn keys_help(entries: &[NavEntry]) -> impl IntoView + use<> {
    let row = |keys: String, what: &'static str| {
        view! {
            <dt>
                <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
        }
    };
    let rooms = entries
        .iter()
        .map(|entry| row(format!("g {}", entry.key), entry.name))
        .collect_view();
    view! {
        <div id="keys" class="card keys" popover="auto" role="dialog" aria-label="Keyboard shortcuts">
            <h2>"Keyboard shortcuts"</h2>
            <dl>
                {row("Ctrl K  /".to_owned(), "Search")} {row("j k".to_owned(), "Next and previous row")}
                {row("Esc".to_owned(), "Out of a row’s field")} {row("?".to_owned(), "These keys")} {rooms}
            </dl>
            <label>
                <input type="checkbox" autofocus />
                "Use single letters on this device"
            </label>
        </div>
    }
}

#[component]
fn Sidebar(chrome: Chrome) -> impl IntoView {
    let keys = keys_help(&chrome.entries);
    let item = |entry: NavEntry| {
        let (count, is_late) = entry.waiting;
        let badge = (count > 0).then(|| {
            let class = if is_late { "count is-late" } else { "count" };
            let said = if is_late {
                " waiting, some late"
            } else {
                " waiting"
            };
            view! { <span class=class>{count} <span class="visually-hidden">{said}</span></span> }
        });
        view! {
            <li>
                <a
                    href=entry.href
                    aria-current=entry.is_current.then_some("page")
                    data-key=entry.key.to_string()
                >
                    <Glyph icon=entry.icon />
                    <span>{entry.name}</span>
                    {badge}
                </a>
            </li>
        }
    };
    let groups = NavGroup::ALL
        .iter()
        .map(|group| {
            let items = chrome
                .entries
                .iter()
                .filter(|entry| entry.group == *group)
                .cloned()
                .map(item)
                .collect_view();
            let name = group.name();
            view! {
                {(!name.is_empty()).then(|| view! { <p class="room-group">{name}</p> })}
                <ul>{items}</ul>
            }
        })
        .collect_view();
    let main = chrome
        .entries
        .iter()
        .filter(|entry| entry.is_main)
        .cloned()
        .map(item)
        .collect_view();
    let rest = chrome
        .entries
        .iter()
        .filter(|entry| !entry.is_main)
        .cloned()
        .map(item)
        .collect_view();
    let others = chrome
        .others
        .iter()
        .map(|(href, name)| {
            view! {
                <li>
                    <a href=href.clone()>{name.clone()}</a>
                </li>
            }
        })
        .collect_view();
    let several = !chrome.others.is_empty();
    let workspace = chrome.workspace.clone();
    let search = format!("{}/search", chrome.home);
    let search_on_a_phone = search.clone();
    view! {
        <header class="sidebar">
            <Brand href=chrome.home.clone() />
            {if several {
                view! {
                    <details class="switcher">
                        <summary>{workspace}</summary>
                        <ul>{others}</ul>
                    </details>
                }
                    .into_any()
            } else {
                view! { <p class="switcher">{workspace}</p> }.into_any()
            }}
            <form method="get" action=search class="finder" role="search" aria-label="Everything">
                <label class="visually-hidden" for="finder">
                    "Search"
                </label>
                <input
                    id="finder"
                    name="q"
                    type="search"
                    placeholder="Search"
                    maxlength="100"
                    autocomplete="off"
                    aria-keyshortcuts="Control+K"
                />
                <kbd aria-hidden="true">"Ctrl K"</kbd>
            </form>
            <nav class="rooms" aria-label="Rooms">
                {groups}
            </nav>
            <div class="me">
                <a href="/account">
                    <strong>{chrome.person}</strong>
                    <span class="faint">{chrome.part}</span>
                </a>
                <form method="post" action="/sign-out">
                    <button type="submit" class="link">
                        "Sign out"
                    </button>
                </form>
                // Shown by the script, without which there are no keys.
                <button type="button" class="link" popovertarget="keys" hidden>
                    "Shortcuts"
                </button>
            </div>
        </header>
        {keys}
        <nav class="bottom-bar" aria-label="Main rooms">
            <ul>
                {main}<li>
                    <button type="button" popovertarget="more-rooms">
                        <Glyph icon=Icon::More />
                        <span>"More"</span>
                    </button>
                </li>
            </ul>
        </nav>
        <div id="more-rooms" class="more-rooms" popover="auto">
            <nav aria-label="More rooms">
                <ul>
                    <li>
                        <a href=search_on_a_phone>"Search"</a>
                    </li>{rest}<li>
                        <a href="/account">"Your account"</a>
                    </li><li>
                        <button type="button" class="link" popovertarget="keys" hidden>
                            "Shortcuts"
                        </button>
                    </li><li>
                        <a href="/workspaces">"Workspaces"</a>
                    </li>
                </ul>
            </nav>
            <form method="post" action="/sign-out">
                <button type="submit" class="button">
                    "Sign out"
                </button>
            </form>
        </div>
    }
}
