//! What a better customer experience is, in words that both sides signed.
//!
//! A *clause* is one promise to the customer: a title, the promise, what it means for Marketing, what it
//! means for Technology, and the KPIs that measure it. The clauses together are the *working draft*, which
//! members of both sides edit; who saves over a text that changed meanwhile is shown both.
//!
//! *Proposing* freezes the draft as the next numbered *version*, offered to both leads. Both ratify that very
//! text and it is *in force*; the version before is superseded. Editing the draft while a proposal is open
//! ends the proposal: its number is kept, its signatures count for nothing. Editing afterwards is the next
//! draft: "2 changes since version 3". No version ever changes; any two can be compared word by word; any can
//! be *restored* as the draft. A version says by when it is to be *ratified again*; both leads are asked in
//! time, even when no word changed.
//!
//! Before proposing, the sides find out where they differ. In a *round* (see [`crate::rounds`]) members of
//! both rate every clause blind: whether they agree, and whether they know what it means for their team. They
//! *comment* on a clause, naming each other with `@Name`. And they *suggest* another wording for one field of
//! a clause, which a member of the other side accepts, and it is the text, or declines. A suggestion made
//! over a text that has changed since cannot be accepted any more.

#[cfg(feature = "ssr")]
pub mod owed;

#[cfg(feature = "ssr")]
pub mod page;

#[cfg(feature = "ssr")]
pub mod read;

#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod verify;
#[cfg(feature = "ssr")]
pub mod write;

use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// A part of a clause that can be reworded.
    pub enum Field { Title = "title", Promise = "promise", ForMarketing = "for_marketing", ForTechnology = "for_technology" }
}

impl Field {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title => "The title",
            Self::Promise => "The promise",
            Self::ForMarketing => "For Marketing",
            Self::ForTechnology => "For Technology",
        }
    }

    /// In characters.
    pub const fn max_length(self) -> usize {
        match self {
            Self::Title => 120,
            _ => 1200,
        }
    }
}

text_enum! {
    /// What became of a suggestion.
    pub enum SuggestionOutcome { Accepted = "accepted", Declined = "declined", Withdrawn = "withdrawn" }
}

/// Days before its date from which a version may be ratified again word for word, and its leads are asked to.
pub const AGAIN_WITHIN_DAYS: i64 = 30;

/// A clause as a version holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    pub id: String,
    pub title: String,
    pub promise: String,
    pub for_marketing: String,
    pub for_technology: String,
    /// Titles of the KPIs, as they were.
    pub measured_by: Vec<String>,
}

/// How a clause differs between two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClauseChange {
    Same(Clause),
    Changed { before: Clause, after: Clause },
    New(Clause),
    Gone(Clause),
}

impl ClauseChange {
    pub const fn is_change(&self) -> bool {
        !matches!(self, Self::Same(_))
    }

    pub const fn word(&self) -> &'static str {
        match self {
            Self::Same(_) => "",
            Self::Changed { .. } => "changed",
            Self::New(_) => "new",
            Self::Gone(_) => "removed",
        }
    }
}

/// What became of each clause from `before` to `after`, in the order of `after`; removed ones at the end.
/// A change of order alone counts for the clauses it moved past each other as nothing.
pub fn changes(before: &[Clause], after: &[Clause]) -> Vec<ClauseChange> {
    let mut changes: Vec<ClauseChange> = after
        .iter()
        .map(|now| match before.iter().find(|then| then.id == now.id) {
            None => ClauseChange::New(now.clone()),
            Some(then) if then == now => ClauseChange::Same(now.clone()),
            Some(then) => ClauseChange::Changed {
                before: then.clone(),
                after: now.clone(),
            },
        })
        .collect();
    changes.extend(
        before
            .iter()
            .filter(|then| !after.iter().any(|now| now.id == then.id))
            .cloned()
            .map(ClauseChange::Gone),
    );
    changes
}

/// "2 changes since version 3".
pub fn changes_in_words(count: usize, since: i64) -> String {
    match count {
        0 => format!("No changes since version {since}"),
        1 => format!("1 change since version {since}"),
        _ => format!("{count} changes since version {since}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clause(id: &str, promise: &str) -> Clause {
        Clause {
            id: id.to_owned(),
            title: id.to_owned(),
            promise: promise.to_owned(),
            for_marketing: String::new(),
            for_technology: String::new(),
            measured_by: Vec::new(),
        }
    }

    #[test]
    fn changes_are_told_clause_by_clause() {
        let before = [clause("a", "one"), clause("b", "two"), clause("c", "three")];
        let after = [
            clause("c", "three"),
            clause("b", "two, better"),
            clause("d", "four"),
        ];
        let changes = changes(&before, &after);
        let words: Vec<&str> = changes.iter().map(ClauseChange::word).collect();
        assert_eq!(words, ["", "changed", "new", "removed"]);
        assert_eq!(
            changes_in_words(changes.iter().filter(|change| change.is_change()).count(), 3),
            "3 changes since version 3"
        );
    }
}
