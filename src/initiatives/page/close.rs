//! Closing: the retrospective that both co-leads sign.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use super::ROOM;

use crate::{
    decisions,
    handshake::{
        Kind,
        components::{DigestLine, SignForm, Signatures, StandingLine, seat_actions},
        page::{SigningPage, TablePage},
        read::{Standing, current},
        text::SignedText as _,
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    initiatives::{
        Phase,
        read::{self, Initiative},
        text::RetrospectiveText,
        write::{self, RetrospectiveInput},
    },
    milestones,
    platform::{
        error::{Error, Result},
        form::Form,
        text::join_names,
        time::Day,
    },
    ui::{Actions, Crumb, Notice, Pill, PostForm, RadioGroup, Section, StatusWord, Tag, TextArea},
};

pub async fn close_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::one(&viewer, number).await?;
    let before = read::retrospective(&viewer, it.id).await?;
    let form = before.map_or_else(Form::blank, |before| {
        Form::blank()
            .with("outcome", before.outcome.as_str())
            .with("worked", before.worked)
            .with("failed", before.failed)
            .with("lesson", before.lesson)
    });
    close_page(&viewer, number, form).await
}

const MOST_NAMED: usize = 5;

/// What closing leaves behind: milestones that nobody accepted, decisions that nobody signed.
async fn open_ends(viewer: &Viewer, it: &Initiative) -> Result<Option<String>> {
    let milestones = milestones::read::of_initiative(viewer, it.id).await?;
    let unmet: Vec<&str> = milestones
        .iter()
        .filter(|milestone| !milestone.facts.is_accepted)
        .map(|milestone| milestone.title.as_str())
        .collect();
    let decisions = decisions::read::of_initiative(viewer, it.id).await?;
    let undecided: Vec<&str> = decisions
        .iter()
        .filter(|it| !it.is_settled())
        .map(|decision| decision.question.as_str())
        .collect();
    let detail: Vec<String> = [("Not accepted", unmet), ("Not decided", undecided)]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(what, names)| match names.len() {
            0..=MOST_NAMED => format!("{what}: {}", join_names(&names)),
            count => format!(
                "{what}: {} and {} more",
                names[..MOST_NAMED].join(", "),
                count - MOST_NAMED
            ),
        })
        .collect();
    Ok((!detail.is_empty()).then(|| format!("These stay open: {}", detail.join(" · "))))
}

async fn close_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Action::ManageInitiative { leads: it.leads() }) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&it.path());
    let open = open_ends(viewer, &it).await?;
    let conditions = read::open_conditions(viewer, it.id).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Close {}", it.title),
        move |_| {
            let outcomes = vec![
                (
                    Phase::Achieved.as_str().to_owned(),
                    "Achieved".to_owned(),
                    "It achieved its purpose.".to_owned(),
                ),
                (
                    Phase::Missed.as_str().to_owned(),
                    "Missed".to_owned(),
                    "It ends without achieving its purpose.".to_owned(),
                ),
            ];
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Close the initiative"</h1>
                <p class="lead">
                    {format!(
                        "{} and {} sign the same retrospective. The second signature closes the initiative.",
                        it.marketing_name,
                        it.technology_name,
                    )}
                </p>
                {open.map(|open| view! { <p class="prose">{open}</p> })}
                {waived(
                    conditions.iter().map(|condition| (condition.decision_number, condition.body.as_str())),
                )}
                <PostForm form=form>
                    <RadioGroup name="outcome" label="Outcome" options=outcomes />
                    <TextArea name="worked" label="What worked" rows=3 max_length=2000 />
                    <TextArea name="failed" label="What did not" rows=3 max_length=2000 />
                    <TextArea
                        name="lesson"
                        label="What we keep"
                        help="One thing the next cross-team should know."
                        rows=3
                        max_length=2000
                    />
                    <Actions verb="Ask both co-leads to sign" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn close(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let fields = (
            form.choice("outcome"),
            form.paragraphs("worked", 2000),
            form.paragraphs("failed", 2000),
            form.paragraphs("lesson", 2000),
        );
        let (Some(outcome), Some(worked), Some(failed), Some(lesson)) = fields else {
            return Err(form.refusal());
        };
        write::propose_closing(
            &viewer,
            number,
            &RetrospectiveInput {
                outcome,
                worked,
                failed,
                lesson,
            },
        )
        .await?;
        Ok(
            Redirect::to(viewer.path(&format!("initiatives/{number}/retrospective")))
                .with_notice(Notice::Proposed),
        )
    }
    .await;
    respond(outcome, form, |form| close_page(&viewer, number, form)).await
}

/// The conditions that both waive by signing, each with its decision.
fn waived<'a>(conditions: impl Iterator<Item = (i64, &'a str)>) -> Option<AnyView> {
    let rows: Vec<_> = conditions
        .map(|(number, body)| {
            view! {
                <li class="row">
                    <Tag label="Waived" />
                    <span class="row-main">
                        <strong>{body.to_owned()}</strong>
                        <span class="faint">{format!("A condition of decision {number}")}</span>
                    </span>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <Section title="Conditions that are waived">
                <p>
                    "Both sides signed these conditions, and they are not met. Both co-leads waive them by \
                        signing the retrospective."
                </p>
                <ul class="rows">{rows}</ul>
            </Section>
        }
        .into_any()
    })
}

async fn on_table(viewer: &Viewer, it: &Initiative) -> Result<(Standing, RetrospectiveText)> {
    let (standing, content) = current(viewer, Kind::Retrospective, it.id.uuid())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((standing, RetrospectiveText::read(&content)?))
}

fn retrospective_body(viewer: &Viewer, signed: &RetrospectiveText) -> impl IntoView + use<> {
    let today = viewer.today();
    let said = |day: &str| {
        day.parse::<Day>()
            .map_or_else(|_| day.to_owned(), |day| day.format(today))
    };
    let rows = signed
        .milestones
        .iter()
        .map(|milestone| {
            let (word, words) = match &milestone.accepted {
                Some(day) => (StatusWord::Done, format!("Accepted {}", said(day))),
                None => (StatusWord::Ended, "Never accepted".to_owned()),
            };
            let moved = (milestone.first_promised != milestone.due)
                .then(|| format!(", first promised for {}", said(&milestone.first_promised)));
            view! {
                <li class="row">
                    <Pill word=word />
                    <span class="row-main">
                        <strong>{milestone.title.clone()}</strong>
                        <span class="faint">{words}", due "{said(&milestone.due)}{moved}</span>
                    </span>
                </li>
            }
        })
        .collect::<Vec<_>>();
    let word = super::super::InitiativeStatus::Over(signed.outcome).word();
    let (worked, failed, lesson) = (
        signed.worked.clone(),
        signed.failed.clone(),
        signed.lesson.clone(),
    );
    view! {
        <p class="standing">
            <Pill word=word />
            <span>{signed.outcome.name()}</span>
        </p>
        <Section title="What worked">
            <p class="prose">{worked}</p>
        </Section>
        <Section title="What did not">
            <p class="prose">{failed}</p>
        </Section>
        <Section title="What we keep">
            <p class="prose">{lesson}</p>
        </Section>
        {(!rows.is_empty())
            .then(|| {
                view! {
                    <Section title="What became of its milestones">
                        <ul class="rows">{rows}</ul>
                    </Section>
                }
            })}
        {waived(signed.waived.iter().map(|condition| (condition.decision, condition.condition.as_str())))}
    }
}

pub async fn retrospective(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::one(&viewer, number).await?;
    let (standing, signed) = on_table(&viewer, &it).await?;
    Ok(Page::new(
        &viewer,
        ROOM,
        format!("Retrospective of {}", it.title),
        move |viewer| {
            let path = viewer.path(&it.path());
            let seat = seat_actions(&viewer, Some(&standing), &format!("{path}/retrospective"));
            let digest = standing.digest.clone();
            let (for_line, for_rows) = (standing.clone(), standing.clone());
            let (reader, other_reader) = (viewer.clone(), viewer.clone());
            let takes_back = it.phase.closes() && viewer.may(Action::ManageInitiative { leads: it.leads() });
            let again =
                standing.disputing().is_some() && viewer.may(Action::ManageInitiative { leads: it.leads() });
            view! {
                <Crumb href=path.clone() text=it.title.clone() />
                <header class="page-head">
                    <div>
                        <h1>"Retrospective"</h1>
                        <StandingLine standing=for_line viewer=reader />
                    </div>
                    <div class="page-actions">
                        {takes_back
                            .then(|| {
                                view! {
                                    <form method="post" action=format!("{path}/retrospective/take-back")>
                                        <button class="button" type="submit">
                                            "Continue instead"
                                        </button>
                                    </form>
                                }
                            })}
                        {again
                            .then(|| {
                                view! {
                                    <a class="button is-primary" href=format!("{path}/close")>
                                        "Rewrite…"
                                    </a>
                                }
                            })}
                        {seat}
                    </div>
                </header>
                {retrospective_body(&viewer, &signed)}
                <Section title="Signatures">
                    <Signatures standing=for_rows viewer=other_reader who_may="The co-lead of this side" />
                </Section>
                <DigestLine
                    digest=digest
                    covers="the outcome, the three answers, the milestones and what is waived"
                />
            }
        },
    ))
}

impl TablePage for write::RetrospectiveOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("initiatives/{number}/retrospective")
    }
}

impl SigningPage for write::RetrospectiveOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::one(viewer, number).await?;
        let (standing, signed) = on_table(viewer, &it).await?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let cancel = viewer.path(&format!("{}/retrospective", it.path()));
        let open = open_ends(viewer, &it).await?;
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign the retrospective of {}", it.title),
            move |viewer| {
                view! {
                    <Crumb href=cancel.clone() text=it.title.clone() />
                    <h1>{format!("Sign the retrospective for {}", side.name())}</h1>
                    {retrospective_body(&viewer, &signed)}
                    {open.map(|open| view! { <p class="prose">{open}</p> })}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="the outcome, what worked, what failed, the lesson and every milestone’s days"
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="the retrospective"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}

pub async fn take_back(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    write::take_closing_back(&viewer, number).await?;
    Ok(Redirect::to(viewer.path(&format!("initiatives/{number}")))
        .with_notice(Notice::TakenBack)
        .into_response())
}
