//! Icons: 24 × 24 outlines after Lucide (ISC licence, see `public/ICONS-LICENSE.txt`), drawn in the text's
//! colour.

use leptos::prelude::*;

crate::text_enum! {
    pub enum Icon {
        Overview = "overview", Desk = "desk", Definition = "definition", Initiatives = "initiatives", Decisions = "decisions",
        Milestones = "milestones", Technologies = "technologies", Capacity = "capacity", Kpis = "kpis", Goals = "goals", History = "history", Members = "members", More = "more", Check = "check", Print = "print", Reviews = "reviews", Sources = "sources",
    }
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Overview => "M3 3h7v9H3z M14 3h7v5h-7z M14 12h7v9h-7z M3 16h7v5H3z",
            Self::Desk => {
                "M22 12h-6l-2 3h-4l-2-3H2 M5.5 5.1 2 12v6a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2v-6l-3.5-6.9A2 2 0 0 \
                    0 16.8 4H7.2a2 2 0 0 0-1.7 1.1z"
            }
            Self::Definition => {
                "M2 4h6a4 4 0 0 1 4 4v13a3 3 0 0 0-3-3H2z M22 4h-6a4 4 0 0 0-4 4v13a3 3 0 0 1 3-3h7z"
            }
            Self::Initiatives => "M12 2 2 7l10 5 10-5z M2 12l10 5 10-5 M2 17l10 5 10-5",
            Self::Decisions => {
                "M6 3v12 M18 9a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M6 21a3 3 0 1 0 0-6 3 3 0 0 0 0 6z M18 9a9 9 0 0 \
                    1-9 9"
            }
            Self::Milestones => "M4 22v-7 M4 15s1-1 4-1 5 2 8 2 4-1 4-1V3s-1 1-4 1-5-2-8-2-4 1-4 1z",
            Self::Technologies => {
                "M9 3v2 M15 3v2 M9 19v2 M15 19v2 M3 9h2 M3 15h2 M19 9h2 M19 15h2 M7 5h10a2 2 0 0 1 2 2v10a2 2 0 0 \
                    1-2 2H7a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z M10 10h4v4h-4z"
            }
            Self::Capacity => "M6 20V10 M12 20V4 M18 20v-6",
            Self::Kpis => "M3 3v18h18 M7 14l4-4 4 4 5-6",
            Self::Goals => {
                "M12 22a10 10 0 1 0 0-20 10 10 0 0 0 0 20z M12 18a6 6 0 1 0 0-12 6 6 0 0 0 0 12z M12 14a2 2 \
                    0 1 0 0-4 2 2 0 0 0 0 4z"
            }
            Self::History => "M3 12a9 9 0 1 0 3-6.7L3 8 M3 3v5h5 M12 7v5l4 2",
            Self::Members => {
                "M16 21v-2a4 4 0 0 0-4-4H6a4 4 0 0 0-4 4v2 M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M22 21v-2a4 4 \
                    0 0 0-3-3.9 M16 3.1a4 4 0 0 1 0 7.8"
            }
            Self::Reviews => {
                "M8 2v4 M16 2v4 M3 10h18 M5 4h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z M9 16l2 2 4-4"
            }
            Self::Sources => {
                "M4 5a8 3 0 0 0 16 0 8 3 0 0 0-16 0z M4 5v14a8 3 0 0 0 16 0V5 M4 12a8 3 0 0 0 16 0"
            }
            Self::More => "M4 6h16 M4 12h16 M4 18h16",
            Self::Check => "M20 6 9 17l-5-5",
            Self::Print => {
                "M6 9V2h12v7 M6 18H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2h16a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-2 M6 \
                    14h12v8H6z"
            }
        }
    }
}

/// Decoration beside words; hidden from screen readers.
#[component]
pub fn Glyph(icon: Icon) -> impl IntoView {
    view! {
        <svg
            class="glyph"
            viewBox="0 0 24 24"
            width="16"
            height="16"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=icon.path()></path>
        </svg>
    }
}
