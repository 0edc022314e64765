//! Proposing an option and signing it.

use axum::extract::Path;
use leptos::prelude::*;

use super::{
    ROOM, agreement,
    cards::rests_on,
    proposals::{ChoiceTable, conditions},
    question::shapeable,
    scoring,
};

use crate::{
    decisions::{
        read::{self, Choice, CitedEvidence, Condition, Decision, Proposal},
        text::{DecisionText, OptionText},
        write::{self, ConditionInput, ProposalInput},
    },
    handshake::{
        Kind, Verdict,
        components::{DigestLine, SignForm},
        page::{SigningPage, TablePage},
        read::current,
        text::SignedText as _,
    },
    identity::{FormResponse, Page, Redirect, Side, Viewer, respond},
    members, milestones,
    platform::{
        error::{Error, Result},
        form::Form,
    },
    rounds::RoundText,
    technologies::TechnologyStage,
    ui::{Actions, Crumb, Fields, Notice, PostForm, RadioGroup, Section, Select, TextArea, TextField},
};

/// The criteria and every score of both sides, as they are signed.
fn signed_criteria(signed: &DecisionText) -> Option<impl IntoView + use<>> {
    let criteria = signed
        .criteria
        .iter()
        .map(|(title, weight)| view! { <li>{format!("{title}, weighs {weight}")}</li> })
        .collect_view();
    let scores = signed.scores.as_ref().map(signed_scores);
    (!signed.criteria.is_empty()).then(|| {
        view! {
            <Section title="Criteria">
                <ul class="plain">{criteria}</ul>
            </Section>
            {scores}
        }
    })
}

/// A row for each criterion of each option; in it what every person of either side gave, and noted.
fn signed_scores(scores: &RoundText) -> impl IntoView + use<> {
    let mut lines: Vec<(&str, &str)> = Vec::new();
    for score in &scores.given {
        let line = (score.option.as_str(), score.criterion.as_str());
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let given = |(option, criterion): (&str, &str), side: Side| {
        scores
            .given
            .iter()
            .filter(|score| score.side == side && score.option == option && score.criterion == criterion)
            .map(|score| {
                let note = Some(&score.note).filter(|note| !note.is_empty());
                let note = note.map_or_else(String::new, |note| format!(" “{note}”"));
                view! {
                    <li>
                        <strong>{score.score}</strong>
                        {format!(" {}{note}", score.who)}
                    </li>
                }
            })
            .collect_view()
    };
    let rows = lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row">{line.0.to_owned()}</th>
                    <td data-label="Criterion">{line.1.to_owned()}</td>
                    <td data-label="Marketing">
                        <ul class="plain">{given(*line, Side::Marketing)}</ul>
                    </td>
                    <td data-label="Technology">
                        <ul class="plain">{given(*line, Side::Technology)}</ul>
                    </td>
                </tr>
            }
        })
        .collect_view();
    let aside = format!("round {}", scores.round);
    view! {
        <Section title="Scores" aside=aside>
            <table class="table is-stacked">
                <thead>
                    <tr>
                        <th scope="col">"Option"</th>
                        <th scope="col">"Criterion"</th>
                        <th scope="col">"Marketing"</th>
                        <th scope="col">"Technology"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </Section>
    }
}

pub async fn propose_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let form = Form::blank()
        .with("stage", TechnologyStage::Adopt.as_str())
        .with("review_on", viewer.today().plus_months(6).to_string());
    propose_page(&viewer, number, form).await
}

async fn propose_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let choices = read::choices(viewer, it.id).await?;
    let changed = scoring::changed_since_scoring(viewer, &it, &choices).await?;
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Propose an option: {}", it.question),
        move |_| {
            let stages = TechnologyStage::ALL
                .iter()
                .map(|stage| {
                    (
                        stage.as_str().to_owned(),
                        format!("{}: {}", stage.name(), stage.meaning()),
                    )
                })
                .collect::<Vec<_>>();
            let options = choices
                .into_iter()
                .map(|choice| (choice.id.to_string(), choice.title, choice.advantages))
                .collect::<Vec<_>>();
            view! {
                <Crumb href=cancel.clone() text=it.question.clone() />
                <h1>"Propose an option to both sides"</h1>
                <p>
                    "A manager or lead of each side signs this proposal together with the question, the \
                        context and all options. Changing any of these withdraws the proposal."
                </p>
                {scoring::stale_scores(&changed)}
                <PostForm form=form>
                    <RadioGroup name="option" label="The option" options=options />
                    <TextArea name="rationale" label="Why this one" rows=4 max_length=2000 />
                    <Fields>
                        <Select
                            name="stage"
                            label="List it under Technologies as"
                            options=stages
                            none="Do not list it"
                            optional=true
                        />
                        <TextField
                            name="review_on"
                            label="Check the result on"
                            kind="date"
                            max_length=10
                            optional=true
                        />
                    </Fields>
                    <Actions verb="Propose to both sides" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn propose(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let fields = (
            form.choice("option"),
            form.paragraphs("rationale", 2000),
            form.optional_choice("stage"),
            form.optional_day("review_on"),
        );
        let (Some(option), Some(rationale), Some(stage), Some(review_on)) = fields else {
            return Err(form.refusal());
        };
        write::propose(
            &viewer,
            number,
            ProposalInput {
                option,
                rationale,
                stage,
                review_on,
            },
        )
        .await?;
        Ok(Redirect::to(viewer.path(&format!("decisions/{number}"))).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| propose_page(&viewer, number, form)).await
}

impl TablePage for write::DecisionOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("decisions/{number}")
    }
}

impl SigningPage for write::DecisionOnTable {
    fn input(form: &mut Form, verdict: Verdict) -> Result<Option<ConditionInput>> {
        if verdict != Verdict::AgreeWithConditions {
            return Ok(None);
        }
        let (Some(milestone), Some(owner), Some(due_on)) =
            (form.choice("milestone"), form.choice("owner"), form.day("due_on"))
        else {
            return Err(form.refusal());
        };
        Ok(Some(ConditionInput {
            milestone,
            owner,
            due_on,
        }))
    }

    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::one(viewer, number).await?;
        let (standing, content) = current(viewer, Kind::Decision, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let signed = DecisionText::read(&content)?;
        let choices = read::choices(viewer, it.id).await?;
        let proposal = read::proposals(viewer, it.id).await?.into_iter().next();
        let agreed_if = read::conditions(viewer, it.id).await?;
        let evidence = read::evidence(viewer, it.id).await?;
        // What is shown was read in several steps; it is shown only when it is the text on the table.
        let shown = DisplayedDecision {
            it: &it,
            choices: &choices,
            proposal: proposal.as_ref(),
            conditions: &agreed_if,
            evidence: &evidence,
        };
        if !shown.is(&signed) {
            return Err(Error::Conflict);
        }
        let milestones = milestones::read::options(viewer).await?;
        let people = members::read::options(&members::read::workers(viewer).await?, None);
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&it.path());
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign decision {number}"),
            move |viewer| {
                let proposed = proposal.as_ref().map(|proposal| proposal.option_id);
                let (evidence, conditions) = (rests_on(&viewer, &evidence), conditions(&viewer, &agreed_if));
                view! {
                    <Crumb href=cancel.clone() text=it.question.clone() />
                    <h1>{format!("Sign for {}", side.name())}</h1>
                    <p>"This is what you sign, in full."</p>
                    <h2>{it.question.clone()}</h2>
                    {proposal
                        .as_ref()
                        .map(|proposal| {
                            view! {
                                <div class="card agreement">
                                    {agreement::proposed(&viewer, &it, proposal)}
                                </div>
                            }
                        })}
                    <Section title="Context">
                        <p class="prose">{it.context.clone()}</p>
                        {(!it.impact.is_empty())
                            .then(|| {
                                view! {
                                    <p class="prose">
                                        <strong>"Impact. "</strong>
                                        {it.impact.clone()}
                                    </p>
                                }
                            })}
                        {evidence}
                    </Section>
                    <Section title="Options">
                        <ChoiceTable
                            viewer=viewer.clone()
                            choices=choices
                            proposed=proposed
                            is_decided=false
                            edit=None
                        />
                    </Section>
                    {signed_criteria(&signed)}
                    {conditions}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="the question, the context, the impact, the evidence, every option, the \
                        criteria, the scores, this proposal and its conditions"
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="this decision"
                        cancel=cancel
                        conditions=true
                    >
                        <fieldset class="field">
                            <legend>"With a condition"<span class="optional">" (only then)"</span></legend>
                            <Select
                                name="milestone"
                                label="Milestone of the condition"
                                options=milestones
                                none="Choose a milestone"
                                optional=true
                            />
                            <Select name="owner" label="Owner" options=people none="Choose" optional=true />
                            <TextField name="due_on" label="Due" kind="date" max_length=10 optional=true />
                        </fieldset>
                    </SignForm>
                }
            },
        ))
    }
}

/// What the page shows of a decision before it is signed, as rows.
struct DisplayedDecision<'a> {
    it: &'a Decision,
    choices: &'a [Choice],
    proposal: Option<&'a Proposal>,
    conditions: &'a [Condition],
    evidence: &'a [CitedEvidence],
}

impl DisplayedDecision<'_> {
    /// Whether that is the signed text, word by word. Criteria and scores are rendered from the text itself.
    fn is(&self, signed: &DecisionText) -> bool {
        let options: Vec<OptionText> = self.choices.iter().cloned().map(OptionText::from).collect();
        let mut evidence: Vec<(String, String)> = self
            .evidence
            .iter()
            .map(|one| match (one.clause_id, one.kpi_id) {
                (Some(_), _) => ("clause".to_owned(), one.title.clone()),
                (_, Some(_)) => ("kpi".to_owned(), one.title.clone()),
                _ => (one.title.clone(), one.path.clone()),
            })
            .collect();
        let mut rests_on = signed.rests_on.clone();
        evidence.sort();
        rests_on.sort();
        let is_proposed = self.proposal.is_some_and(|proposal| {
            let text = &signed.proposal;
            (proposal.number, &proposal.option, &proposal.rationale)
                == (text.number, &text.option, &text.rationale)
                && self.it.stage == text.stage
                && self.it.review_on.map(|day| day.to_string()) == text.review_on
        });
        let conditions = signed.conditions.as_deref().unwrap_or_default();
        let are_agreed = self.conditions.len() == conditions.len()
            && self.conditions.iter().zip(conditions).all(|(row, text)| {
                (row.side, &row.signer, &row.body, &row.milestone, &row.owner)
                    == (
                        text.side,
                        &text.signer,
                        &text.condition,
                        &text.milestone,
                        &text.owner,
                    )
                    && row.due_on.to_string() == text.due_on
            });
        (&self.it.question, &self.it.context, &self.it.impact)
            == (&signed.question, &signed.context, &signed.impact)
            && options == signed.options
            && evidence == rests_on
            && is_proposed
            && are_agreed
    }
}
