//! What changed between two texts, word by word.

use leptos::prelude::*;
use similar::{ChangeTag, TextDiff};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Removed(String),
    Added(String),
}

/// Pieces of `before` and `after` in reading order; neighbours of one kind are joined.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        let text = change.value();
        match (change.tag(), pieces.last_mut()) {
            (ChangeTag::Equal, Some(Piece::Same(last)))
            | (ChangeTag::Delete, Some(Piece::Removed(last)))
            | (ChangeTag::Insert, Some(Piece::Added(last))) => {
                last.push_str(text);
            }
            (ChangeTag::Equal, _) => pieces.push(Piece::Same(text.to_owned())),
            (ChangeTag::Delete, _) => pieces.push(Piece::Removed(text.to_owned())),
            (ChangeTag::Insert, _) => pieces.push(Piece::Added(text.to_owned())),
        }
    }
    pieces
}

/// The two texts as one, with what went and what came.
#[component]
pub fn Redline(#[prop(into)] before: String, #[prop(into)] after: String) -> impl IntoView {
    pieces(&before, &after)
        .into_iter()
        .map(|piece| match piece {
            Piece::Same(text) => view! { <span>{text}</span> }.into_any(),
            Piece::Removed(text) => view! { <del>{text}</del> }.into_any(),
            Piece::Added(text) => view! { <ins>{text}</ins> }.into_any(),
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_compared_not_letters() {
        let pieces = pieces("never has to tell us twice.", "never has to repeat it.");
        let removed: String = pieces
            .iter()
            .filter_map(|p| {
                if let Piece::Removed(t) = p {
                    Some(t.as_str())
                } else {
                    None
                }
            })
            .collect();
        let added: String = pieces
            .iter()
            .filter_map(|p| {
                if let Piece::Added(t) = p {
                    Some(t.as_str())
                } else {
                    None
                }
            })
            .collect();
        assert_eq!(
            (
                removed.contains("tell"),
                added.contains("repeat"),
                added.contains("never")
            ),
            (true, true, false)
        );
    }

    proptest! {
        #[test]
        fn a_redline_loses_nothing(before in "[a-c ]{0,40}", after in "[a-c ]{0,40}") {
            let pieces = pieces(&before, &after);
            let left: String = pieces.iter().map(|p| match p { Piece::Same(t) | Piece::Removed(t) => t.as_str(), Piece::Added(_) => "" }).collect();
            let right: String = pieces.iter().map(|p| match p { Piece::Same(t) | Piece::Added(t) => t.as_str(), Piece::Removed(_) => "" }).collect();
            prop_assert_eq!((left, right), (before, after));
        }
    }
}
