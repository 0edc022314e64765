//! Calendars as files (iCalendar, RFC 5545), for calendar programs to import, subscribe to or receive by
//! mail.
//!
//! Instants are UTC and days have no end, because programs disagree about everything else. Lines end in CRLF
//! and hold at most 75 octets, none of them half a character or half an escape.

use super::time::{Day, Timestamp};

/// Octets of a line, without its end.
const MAX_LINE: usize = 75;

/// When something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Day(Day),
    Between(Timestamp, Timestamp),
}

/// One entry. Whoever has read it before knows it again by its `uid`, and that it changed by a higher
/// `sequence`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub uid: String,
    pub title: String,
    /// The page that it leads to.
    pub link: String,
    pub place: String,
    pub when: When,
    pub sequence: i64,
    pub changed_at: Timestamp,
    pub is_cancelled: bool,
}

/// What is done with the entries.
pub enum Method<'a> {
    /// Read, and read again.
    Publish,
    /// One mailbox invites another, or calls off.
    Invite { from: &'a str, to: &'a str },
}

/// The calendar as a text.
pub fn write(name: &str, method: &Method<'_>, entries: &[Entry]) -> String {
    let mut lines = Lines(String::new());
    lines.raw("BEGIN", "VCALENDAR");
    lines.raw("VERSION", "2.0");
    lines.raw("PRODID", "-//Handshake//EN");
    lines.raw("CALSCALE", "GREGORIAN");
    lines.raw(
        "METHOD",
        match method {
            Method::Publish => "PUBLISH",
            Method::Invite { .. } if entries.iter().all(|entry| entry.is_cancelled) => "CANCEL",
            Method::Invite { .. } => "REQUEST",
        },
    );
    if matches!(method, Method::Publish) {
        lines.text("X-WR-CALNAME", name);
    }
    for entry in entries {
        lines.raw("BEGIN", "VEVENT");
        lines.text("UID", &entry.uid);
        lines.raw("DTSTAMP", &instant(entry.changed_at));
        lines.raw("LAST-MODIFIED", &instant(entry.changed_at));
        lines.raw("SEQUENCE", &entry.sequence.to_string());
        match entry.when {
            When::Day(day) => lines.raw("DTSTART;VALUE=DATE", &day.to_string().replace('-', "")),
            When::Between(from, to) => {
                lines.raw("DTSTART", &instant(from));
                lines.raw("DTEND", &instant(to));
            }
        }
        lines.text("SUMMARY", &entry.title);
        if !entry.place.is_empty() {
            lines.text("LOCATION", &entry.place);
        }
        lines.text("DESCRIPTION", &entry.link);
        lines.raw("URL", &entry.link);
        lines.raw(
            "STATUS",
            if entry.is_cancelled {
                "CANCELLED"
            } else {
                "CONFIRMED"
            },
        );
        // What is due on a day keeps nobody from meeting on it.
        if matches!(entry.when, When::Day(_)) {
            lines.raw("TRANSP", "TRANSPARENT");
        }
        if let Method::Invite { from, to } = method {
            lines.raw("ORGANIZER", &format!("mailto:{from}"));
            lines.raw("ATTENDEE;RSVP=FALSE", &format!("mailto:{to}"));
        }
        lines.raw("END", "VEVENT");
    }
    lines.raw("END", "VCALENDAR");
    lines.0
}

/// `20261203T090000Z`
fn instant(at: Timestamp) -> String {
    at.rfc3339().replace(['-', ':'], "")
}

struct Lines(String);

impl Lines {
    /// A value that people wrote.
    fn text(&mut self, name: &str, value: &str) {
        let lines: Vec<&str> = value.lines().collect();
        let mut escaped = String::with_capacity(value.len());
        for character in lines.join("\n").chars() {
            match character {
                '\n' => escaped.push_str("\\n"),
                '\\' | ';' | ',' => {
                    escaped.push('\\');
                    escaped.push(character);
                }
                _ if character.is_control() => {}
                _ => escaped.push(character),
            }
        }
        self.folded(&format!("{name}:{escaped}"));
    }

    /// A value of ours; a control character would begin a line of its own.
    fn raw(&mut self, name: &str, value: &str) {
        let value: String = value
            .chars()
            .filter(|character| !character.is_control())
            .collect();
        self.folded(&format!("{name}:{value}"));
    }

    /// Breaks neither inside of an escape nor beside a space, which some programs then lose.
    fn folded(&mut self, line: &str) {
        let mut width = 0;
        let mut characters = line.chars().peekable();
        while let Some(first) = characters.next() {
            let mut unit = String::from(first);
            let (mut is_escape, mut is_after_space) = (first == '\\', false);
            while let Some(next) = characters.peek().copied() {
                let is_space = next.is_whitespace() && unit.len() < MAX_LINE / 2;
                if !is_escape && !is_after_space && !is_space {
                    break;
                }
                unit.push(next);
                characters.next();
                is_escape = !is_escape && next == '\\';
                is_after_space = is_space;
            }
            if width + unit.len() > MAX_LINE {
                self.0.push_str("\r\n ");
                width = 1;
            }
            width += unit.len();
            self.0.push_str(&unit);
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(title: &str) -> Entry {
        Entry {
            uid: "milestone-1@handshake".to_owned(),
            title: title.to_owned(),
            link: "https://handshake.example/w/northwind/milestones/1".to_owned(),
            place: String::new(),
            when: When::Day(Day::new(2026, 12, 3)),
            sequence: 2,
            changed_at: Timestamp::from_millis(1_764_000_000_000),
            is_cancelled: false,
        }
    }

    /// What the first independent reader finds: the titles.
    fn titles_by_icalendar(text: &str) -> Vec<String> {
        use icalendar::{Calendar, Component as _};
        let calendar: Calendar = text.parse().expect("it is a calendar");
        calendar
            .events()
            .map(|event| event.get_summary().unwrap_or_default().to_owned())
            .collect()
    }

    /// What the second finds; it leaves escapes as they stand.
    fn titles_by_ical(text: &str) -> Vec<String> {
        let calendars: Vec<_> = ical::IcalParser::new(text.as_bytes())
            .collect::<Result<_, _>>()
            .expect("it is a calendar");
        calendars
            .iter()
            .flat_map(|calendar| &calendar.events)
            .filter_map(|event| {
                event
                    .properties
                    .iter()
                    .find(|property| property.name == "SUMMARY")
            })
            .filter_map(|property| property.value.clone())
            .map(|value| value.replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";"))
            .collect()
    }

    #[test]
    fn a_day_has_no_end_and_a_meeting_is_told_in_utc() {
        let mut meeting = entry("Review 4");
        meeting.when = When::Between(
            Timestamp::from_millis(1_764_000_000_000),
            Timestamp::from_millis(1_764_002_700_000),
        );
        meeting.is_cancelled = true;
        let text = write("Mine", &Method::Publish, &[entry("Unified profile"), meeting]);
        assert!(text.contains("DTSTART;VALUE=DATE:20261203\r\n"));
        assert_eq!(text.matches("DTEND").count(), 1);
        assert!(text.contains("DTSTART:20251124T160000Z\r\nDTEND:20251124T164500Z\r\n"));
        assert!(text.contains("STATUS:CANCELLED\r\n"));
        assert!(!text.contains("TZID"));
    }

    #[test]
    fn whoever_is_invited_is_told_when_it_is_called_off() {
        let method = Method::Invite {
            from: "handshake@northwind.example",
            to: "dana@northwind.example",
        };
        assert!(write("", &method, &[entry("Review")]).contains("METHOD:REQUEST\r\n"));
        let mut off = entry("Review");
        off.is_cancelled = true;
        let text = write("", &method, &[off]);
        assert!(text.contains("METHOD:CANCEL\r\n"));
        assert!(text.contains("ATTENDEE;RSVP=FALSE:mailto:dana@northwind.example\r\n"));
    }

    proptest! {
        #[test]
        fn two_readers_find_every_title_as_it_was_written(title in "[a-zA-Zäß漢🙂][a-zA-Z,;:\"äß漢🙂👩\u{200d}👩\u{200d}👧 ]{1,120}") {
            let title = title.trim().to_owned();
            prop_assume!(!title.is_empty());
            let text = write("Mine", &Method::Publish, &[entry(&title)]);
            prop_assert_eq!(titles_by_icalendar(&text), [title.clone()]);
            prop_assert_eq!(titles_by_ical(&text), [title]);
        }

        #[test]
        fn no_line_is_too_long_or_broken_inside_of_a_character_or_an_escape(title in "\\PC{0,200}[\r\n\u{0}]?\\PC{0,40}") {
            let text = write("Mine", &Method::Publish, &[entry(&title)]);
            for line in text.split("\r\n") {
                prop_assert!(line.len() <= MAX_LINE, "{}", line);
                prop_assert!(!line.contains(['\r', '\n', '\0']));
                let backslashes = line.chars().rev().take_while(|last| *last == '\\').count();
                prop_assert_eq!(backslashes % 2, 0, "{}", line);
            }
        }
    }
}
