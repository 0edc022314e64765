//! The words of a letter.

use super::{Detail, week};
use crate::{
    comments::mentions::Mention,
    identity::system::SystemActor,
    platform::{mail::Email, time::Day},
    reminders::{ReminderKind, Rung, read::ReminderLine},
};

/// The facts of a review that begins today, for whoever prepares.
#[derive(Clone)]
pub(super) struct PreRead {
    pub review: String,
    /// "Review 4 begins on 3 Dec at 09:00 (Europe/Berlin)".
    pub heading: String,
    pub lines: Vec<String>,
    pub path: String,
}

/// All of one letter.
#[derive(Default)]
pub(super) struct Contents {
    pub asked: Vec<ReminderLine>,
    pub mentions: Vec<Mention>,
    pub pre_reads: Vec<PreRead>,
    pub week: Vec<week::Section>,
}

impl Contents {
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty() && self.mentions.is_empty() && self.pre_reads.is_empty() && self.week.is_empty()
    }

    /// The letter, as far as whoever may see it is meant to see.
    pub fn letter(&self, system: &SystemActor, to: String, shown: Detail, today: Day) -> Email {
        let footer = format!(
            "Your desk: {}\nWhich letters you get, and when: {}\n",
            system.link("desk"),
            system.account_link("letters"),
        );
        if shown == Detail::Waiting {
            return Email {
                to,
                subject: format!("Something waits for you in {}", system.workspace()),
                body: format!("{}\n\n{footer}", self.counted()),
                calendar: String::new(),
            };
        }
        let mut parts: Vec<String> = Vec::new();
        for pre_read in &self.pre_reads {
            parts.push(section(
                &pre_read.heading,
                &pre_read.lines,
                &system.link(&pre_read.path),
            ));
        }
        for told in &self.asked {
            parts.push(asked(told, system, today));
        }
        for mention in &self.mentions {
            let link = system.link(&format!("{}#comment-{}", mention.path, mention.comment_id));
            parts.push(format!(
                "{} wrote about {}:\n\n{}\n\n{link}",
                mention.who, mention.label, mention.body
            ));
        }
        for of_week in &self.week {
            parts.push(section(
                &of_week.heading,
                &of_week.lines,
                &system.link(&of_week.path),
            ));
        }
        Email {
            to,
            subject: self.subject(system),
            body: format!("{}\n\n{footer}", parts.join("\n\n")),
            calendar: String::new(),
        }
    }

    fn subject(&self, system: &SystemActor) -> String {
        let workspace = system.workspace();
        if !self.week.is_empty() {
            return format!("Your week in {workspace}");
        }
        match (&self.pre_reads[..], &self.asked[..], &self.mentions[..]) {
            ([pre_read, ..], ..) => pre_read.heading.clone(),
            ([], [told], []) => format!("{} “{}”", told.kind.noun(), told.label),
            ([], [], [mention]) => format!("{} mentioned you: {}", mention.who, mention.label),
            ([], asked, mentions) => {
                format!(
                    "{} things wait for you in {workspace}",
                    asked.len() + mentions.len()
                )
            }
        }
    }

    /// "You have 2 tasks. You were mentioned once.": how much there is, without a word of what.
    fn counted(&self) -> String {
        let parts = [
            match self.asked.len() {
                0 => None,
                1 => Some("You have 1 task.".to_owned()),
                count => Some(format!("You have {count} tasks.")),
            },
            match self.mentions.len() {
                0 => None,
                1 => Some("You were mentioned once.".to_owned()),
                count => Some(format!("You were mentioned {count} times.")),
            },
            (!self.pre_reads.is_empty()).then(|| "A review begins today.".to_owned()),
            (!self.week.is_empty()).then(|| "Your week is ready.".to_owned()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fn section(heading: &str, lines: &[String], link: &str) -> String {
    let lines: Vec<String> = lines.iter().map(|line| format!("- {line}")).collect();
    format!("{heading}\n{}\n{link}", lines.join("\n"))
}

fn asked(told: &ReminderLine, system: &SystemActor, today: Day) -> String {
    let late = today.days_since(told.due_on);
    let when = match late {
        ..0 => format!("due {}", told.due_on.format(today)),
        0 => "due today".to_owned(),
        1 => "due yesterday".to_owned(),
        _ => format!("due {late} days ago"),
    };
    let why = match told.rung {
        Rung::Soon | Rung::Due => "",
        Rung::OtherSeat if matches!(told.kind, ReminderKind::CheckIn | ReminderKind::Attestation) => {
            " You are the owner of the other side."
        }
        Rung::OtherSeat => " You are involved.",
        Rung::Leads => " You are the lead.",
        Rung::Arbiter => " You are the arbiter.",
    };
    format!(
        "{} “{}”: {when}.{why}\n{}",
        told.kind.noun(),
        told.label,
        system.link(&told.path)
    )
}
