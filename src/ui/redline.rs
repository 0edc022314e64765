//! What changed between two texts, word by word.

use leptos::prelude::*;
use similar::{ChangeTag, TextDiff};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Same(String),
    Removed(String),
    Added(String),
}

/// Less of both texts than this is the same: they are read one after the other.
const FEWEST_SAME: f32 = 0.35;

/// Whether words are not set apart by spaces: then signs are compared, or one would change a whole sentence.
fn is_without_spaces(text: &str) -> bool {
    text.chars().any(|sign| {
        matches!(sign, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{0e00}'..='\u{0e7f}')
    })
}

/// Pieces of `before` and `after` in reading order; neighbours of one kind are joined. Texts that have little
/// in common are one removed and one added.
pub fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let diff = if is_without_spaces(before) || is_without_spaces(after) {
        TextDiff::from_chars(before, after)
    } else {
        TextDiff::from_words(before, after)
    };
    if diff.ratio() < FEWEST_SAME && !before.is_empty() && !after.is_empty() {
        return vec![Piece::Removed(before.to_owned()), Piece::Added(after.to_owned())];
    }
    for change in diff.iter_all_changes() {
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

/// A change of nothing but spaces and lines is seen, too.
fn visible(text: &str) -> String {
    if text.trim().is_empty() {
        text.replace(' ', "␣").replace('\n', "¶\n")
    } else {
        text.replace('\n', "¶\n")
    }
}

/// The two texts as one, with what went and what came.
#[component]
pub fn Redline(#[prop(into)] before: String, #[prop(into)] after: String) -> impl IntoView {
    pieces(&before, &after)
        .into_iter()
        .map(|piece| match piece {
            Piece::Same(text) => view! { <span>{text}</span> }.into_any(),
            Piece::Removed(text) => view! { <del>{visible(&text)}</del> }.into_any(),
            Piece::Added(text) => view! { <ins>{visible(&text)}</ins> }.into_any(),
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

    #[test]
    fn one_sign_of_a_text_without_spaces_is_one_change() {
        assert_eq!(
            pieces("顧客に二度聞かない。", "顧客に三度聞かない。"),
            [
                Piece::Same("顧客に".to_owned()),
                Piece::Removed("二".to_owned()),
                Piece::Added("三".to_owned()),
                Piece::Same("度聞かない。".to_owned()),
            ]
        );
    }

    #[test]
    fn texts_with_little_in_common_are_read_one_after_the_other() {
        let (before, after) = (
            "We answer within a day.",
            "Every store knows what was bought online, and says so.",
        );
        assert_eq!(
            pieces(before, after),
            [Piece::Removed(before.to_owned()), Piece::Added(after.to_owned())]
        );
    }

    #[test]
    fn a_changed_space_or_line_is_seen() {
        assert_eq!(visible("  "), "␣␣");
        assert_eq!(visible("\n\n"), "¶\n¶\n");
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
