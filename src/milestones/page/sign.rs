//! Where both sides accept a milestone.

use leptos::prelude::*;

use super::{ROOM, checkpoints};

use crate::{
    handshake::{
        Kind,
        components::{DigestLine, SignForm},
        page::{SigningPage, TablePage},
        read::current,
        text::SignedText as _,
    },
    identity::{Action, Page, Seats as SeatsOf, Side, Viewer},
    milestones::{
        read::{self, Checkpoint},
        text::{CheckpointText, MilestoneText},
        write,
    },
    platform::{
        error::{Error, Result},
        form::Form,
        time::{Day, Timestamp},
    },
    ui::Crumb,
};

impl TablePage for write::MilestoneOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("milestones/{number}")
    }
}

impl SigningPage for write::MilestoneOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::one(viewer, number).await?;
        let owner = match viewer.side().ok_or(Error::Forbidden)? {
            Side::Marketing => it.marketing_owner,
            Side::Technology => it.technology_owner,
        };
        if !viewer.may(Action::FillSeat {
            seats: SeatsOf::Owners,
            owner: Some(owner),
        }) {
            return Err(Error::Forbidden);
        }
        let mut checkpoints = read::checkpoints(viewer, it.id).await?;
        let (standing, content) = current(viewer, Kind::Milestone, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let text = MilestoneText::read(&content)?;
        // The evidence is shown from its rows, so that links lead to it: they are what is signed, or nothing
        // is.
        let are_signed = text.checkpoints.iter().all(|signed| {
            checkpoints.iter().any(|row| {
                row.id.to_string() == signed.id
                    && row.passed_at.map(Timestamp::rfc3339) == signed.passed_at
                    && (&row.evidence, &row.file) == (&signed.evidence, &signed.file)
            })
        });
        if !are_signed {
            return Err(Error::Conflict);
        }
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&it.path());
        let today = viewer.today();
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Accept {}", it.title),
            move |viewer| {
                let rows = text
                    .checkpoints
                    .into_iter()
                    .map(|signed| {
                        let row = checkpoints
                            .iter()
                            .position(|checkpoint| checkpoint.id.to_string() == signed.id)
                            .map(|index| checkpoints.swap_remove(index));
                        checkpoint_row(&viewer, signed, row)
                    })
                    .collect_view();
                view! {
                    <Crumb href=cancel.clone() text=it.title.clone() />
                    <h1>{format!("Accept for {}", side.name())}</h1>
                    <p>"This is what you accept, in full."</p>
                    <div class="card record">
                        <h2>{text.title}</h2>
                        <p class="prose">{text.outcome}</p>
                        <p>{due(&text.due_on, today)}</p>
                    </div>
                    <ul class="rows">{rows}</ul>
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="the outcome, the day, the checkpoints and their evidence"
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="this milestone"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}

fn due(day: &str, today: Day) -> String {
    day.parse::<Day>()
        .map_or_else(|_| String::new(), |day| format!("Due {}", day.format(today)))
}

/// A checkpoint as it is signed, with its evidence as the row has it.
fn checkpoint_row(viewer: &Viewer, signed: CheckpointText, row: Option<Checkpoint>) -> impl IntoView + use<> {
    let today = viewer.today();
    let given = row.map(|checkpoint| {
        let passed = checkpoint.passed_at.map_or_else(String::new, |at| {
            format!(
                " · done {} by {}: ",
                viewer.day_of(at).format(today),
                checkpoint.passed_by.clone().unwrap_or_default()
            )
        });
        view! {
            {passed}
            {checkpoints::evidence(viewer, &checkpoint)}
        }
    });
    let digest = signed.file_sha256.as_deref().map(|digest| {
        format!(
            " · the file’s digest begins with {}",
            digest.get(..12).unwrap_or(digest)
        )
    });
    let criteria =
        (!signed.criteria.is_empty()).then(|| view! { <span class="criteria">{signed.criteria}</span> });
    view! {
        <li class="row">
            <span class="row-main">
                <strong>{signed.title}</strong>
                {criteria}
                <span class="faint">{due(&signed.due_on, today)}{given}{digest}</span>
            </span>
        </li>
    }
}
