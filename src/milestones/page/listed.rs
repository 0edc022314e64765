//! Which of a milestone's checkpoints are listed, or meant by a change of several.

use std::{fmt, str::FromStr};

use leptos::prelude::*;

use crate::{
    milestones::read::Checkpoint,
    platform::{ids::MemberId, time::Day},
};

/// With fewer checkpoints, all of them are seen at once.
const NARROWED_FROM: usize = 9;

/// Some of a milestone's checkpoints, as an address and a form say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    Open,
    Late,
    /// Those that one person owes or did.
    Of(MemberId),
}

impl Listed {
    pub fn takes(self, checkpoint: &Checkpoint, today: Day) -> bool {
        match self {
            Self::Open => checkpoint.passed_at.is_none(),
            Self::Late => checkpoint.passed_at.is_none() && checkpoint.due_on < today,
            Self::Of(owner) => checkpoint.owner_id == owner,
        }
    }
}

impl FromStr for Listed {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "open" => Ok(Self::Open),
            "late" => Ok(Self::Late),
            owner => owner.parse().map(Self::Of).map_err(|_| ()),
        }
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("open"),
            Self::Late => f.write_str("late"),
            Self::Of(owner) => write!(f, "{owner}"),
        }
    }
}

/// What the checkpoints can be narrowed to, with how many there are of each: by state, then by person.
pub fn choices(checkpoints: &[Checkpoint], today: Day) -> Vec<(Listed, String, usize)> {
    let mut found = vec![
        (Listed::Open, "Open".to_owned()),
        (Listed::Late, "Late".to_owned()),
    ];
    for checkpoint in checkpoints {
        let owner = Listed::Of(checkpoint.owner_id);
        if !found.iter().any(|(known, _)| *known == owner) {
            found.push((owner, checkpoint.owner.clone()));
        }
    }
    found
        .into_iter()
        .map(|(listed, name)| {
            let count = checkpoints.iter().filter(|one| listed.takes(one, today));
            (listed, name, count.count())
        })
        .filter(|(.., count)| *count > 0)
        .collect()
}

/// The links that narrow a long list, `path` being that of the milestone's page.
pub fn links(
    path: &str,
    checkpoints: &[Checkpoint],
    now: Option<Listed>,
    today: Day,
) -> Option<impl IntoView + use<>> {
    (checkpoints.len() >= NARROWED_FROM).then(|| {
        let link = |href: String, words: String, is_current: bool| {
            view! {
                <a class="button is-small" href=href aria-current=is_current.then_some("true")>
                    {words}
                </a>
            }
        };
        let all = link(
            format!("{path}#checkpoints"),
            format!("All {}", checkpoints.len()),
            now.is_none(),
        );
        let rest = choices(checkpoints, today)
            .into_iter()
            .map(|(listed, name, count)| {
                let href = format!("{path}?of={listed}#checkpoints");
                link(href, format!("{name} {count}"), now == Some(listed))
            })
            .collect_view();
        view! {
            <p class="choices-in-a-row" id="checkpoints" role="group" aria-label="Which checkpoints">
                {all}
                {rest}
            </p>
        }
    })
}
