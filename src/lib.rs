//! Handshake: where a CMO and a CIO agree on a better customer experience, choose the technology for it
//! together, and answer for the results together.
//!
//! The map: `routes` is every route in one list. A *room* is one noun of the product (`definition`,
//! `initiatives`, `goals`, `decisions`, `technologies`, `milestones`, `kpis`, `capacity`, `access`,
//! `comments`, `waits`, `rounds`, `members`, `accounts`); `overview`, `desk` and `history` read every room;
//! `reminders` stands below the rooms and knows none. Rooms stand on `handshake` (two seats, one digest) and
//! `identity` (who is asking, and what they may do), those on `ui` and `platform`, which know no room.

pub mod access;
pub mod capacity;
pub mod comments;
pub mod decisions;
pub mod definition;
pub mod goals;
pub mod handshake;
pub mod identity;
pub mod initiatives;
pub mod kpis;
pub mod milestones;
pub mod platform;
pub mod reminders;
pub mod rounds;
pub mod sources;
pub mod technologies;
pub mod ui;
pub mod waits;

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod attention;
#[cfg(feature = "ssr")]
pub mod commands;
#[cfg(feature = "ssr")]
pub mod demo;
#[cfg(feature = "ssr")]
pub mod desk;
#[cfg(feature = "ssr")]
pub mod handovers;
#[cfg(feature = "ssr")]
pub mod history;
#[cfg(feature = "ssr")]
pub mod letters;
#[cfg(feature = "ssr")]
pub mod members;
#[cfg(feature = "ssr")]
pub mod overview;
#[cfg(feature = "ssr")]
pub mod reviews;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod search;

#[cfg(all(test, feature = "ssr"))]
mod tests;

#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    // The style shows what needs this code only now.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-alive", "");
    }
}
