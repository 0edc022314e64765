//! The minutes as they are first composed: what was recorded, part by part. From then on people write them.

use std::fmt::Write as _;

use super::{
    AgendaPart, ItemState, NoteKind,
    read::{Item, Note, ReviewAction},
};
use crate::platform::time::Day;

/// "5 min, 3 planned"
pub fn taken_words(taken_seconds: i64, planned: i64) -> String {
    let taken = (taken_seconds + 30) / 60;
    format!("{taken} min, {planned} planned")
}

/// Markdown: a heading a part, a line an item with what was noted under it.
pub fn compose(items: &[Item], notes: &[Note], actions: &[ReviewAction], today: Day) -> String {
    let mut text = String::new();
    for part in AgendaPart::ALL {
        let of_part: Vec<&Item> = items
            .iter()
            .filter(|item| item.part == *part && is_told(item, notes, actions))
            .collect();
        if of_part.is_empty() {
            continue;
        }
        text.push_str("## ");
        text.push_str(part.name());
        text.push_str("\n\n");
        for item in of_part {
            text.push_str(&item_lines(item, notes, actions, today));
        }
        text.push('\n');
    }
    if text.is_empty() {
        "Nothing was recorded.\n".to_owned()
    } else {
        text.trim_end().to_owned() + "\n"
    }
}

/// What was neither spoken of nor recorded is left to the next review and to its agenda.
fn is_told(item: &Item, notes: &[Note], actions: &[ReviewAction]) -> bool {
    let is_recorded = notes.iter().any(|note| note.item_id == item.id)
        || actions.iter().any(|action| action.item_id == item.id);
    is_recorded
        || (item.state != ItemState::Open
            && !(item.state == ItemState::Discussed
                && matches!(item.part, AgendaPart::Changes | AgendaPart::Close)))
}

fn item_lines(item: &Item, notes: &[Note], actions: &[ReviewAction], today: Day) -> String {
    let became = match item.state {
        ItemState::Open => " (not reached)",
        ItemState::Discussed => "",
        ItemState::Parked => " (parked)",
        ItemState::Dropped => " (dropped)",
        ItemState::Resolved => " (settled before the meeting)",
    };
    let mut lines = format!("- **{}**{became}\n", plain(&item.title));
    for note in notes.iter().filter(|note| note.item_id == item.id) {
        let label = match note.kind {
            NoteKind::Note => "",
            NoteKind::Resolution => "Decided: ",
        };
        let _ = writeln!(lines, "  - {label}{}", plain(&note.body));
    }
    for action in actions.iter().filter(|action| action.item_id == item.id) {
        let _ = writeln!(
            lines,
            "  - Action: {}, {} by {}",
            plain(&action.body),
            plain(&action.owner),
            action.due_on.format(today)
        );
    }
    lines
}

/// One line, whatever was typed.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{
        ids::{ActionId, NoteId, ReviewItemId},
        time::Timestamp,
    };

    fn id<I: From<uuid::Uuid>>(id: u128) -> I {
        uuid::Uuid::from_u128(id).into()
    }

    fn item(number: i64, part: AgendaPart, state: ItemState) -> Item {
        Item {
            id: id::<ReviewItemId>(u128::from(number.unsigned_abs())),
            number,
            part,
            subject: number.to_string(),
            title: format!("Item {number}"),
            why: String::new(),
            path: None,
            minutes: 3,
            speaker_id: None,
            speaker: None,
            raised_by: None,
            state,
            state_at: None,
            state_by: None,
            taken_seconds: 0,
            carried_from: None,
        }
    }

    #[test]
    fn what_was_recorded_stands_under_its_item_and_part() {
        let items = [
            item(1, AgendaPart::Changes, ItemState::Discussed),
            item(2, AgendaPart::Numbers, ItemState::Discussed),
            item(3, AgendaPart::Topics, ItemState::Parked),
            item(4, AgendaPart::Topics, ItemState::Open),
        ];
        let note = |kind, body: &str| Note {
            id: id::<NoteId>(9),
            item_id: items[1].id,
            kind,
            body: body.to_owned(),
            at: Timestamp::from_millis(0),
            who: "Ana".to_owned(),
        };
        let notes = [
            note(NoteKind::Note, "The feed\nwas late."),
            note(NoteKind::Resolution, "Two weeks more."),
        ];
        let action = ReviewAction {
            id: id::<ActionId>(5),
            review_number: 1,
            item_id: items[1].id,
            body: "Repair the feed".to_owned(),
            owner_id: id(7),
            owner: "Sam".to_owned(),
            owner_side: None,
            due_on: Day::new(2026, 12, 4),
            state: super::super::ActionState::Open,
            settled_at: None,
            settled_because: None,
            settled_by: None,
            is_checkpoint: false,
            moves: 0,
            version: 1,
        };
        assert_eq!(
            compose(&items, &notes, &[action], Day::new(2026, 11, 5)),
            "## Numbers\n\n- **Item 2**\n  - The feed was late.\n  - Decided: Two weeks more.\n  \
             - Action: Repair the feed, Sam by 4 Dec\n\n## Topics\n\n- **Item 3** (parked)\n"
        );
        assert_eq!(
            compose(&items[..1], &[], &[], Day::new(2026, 11, 5)),
            "Nothing was recorded.\n"
        );
    }

    #[test]
    fn time_taken_stands_beside_time_planned() {
        assert_eq!(taken_words(290, 3), "5 min, 3 planned");
        assert_eq!(taken_words(20, 1), "0 min, 1 planned");
    }
}
