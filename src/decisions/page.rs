//! The pages of decisions.

use axum::{
    extract::{Path, Query},
    response::IntoResponse,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    Status,
    read::{self, Choice, Decision, Proposal, Remark, Row, waited},
    status,
    write::{self, Condition, Question},
};
use crate::{
    ground::{
        error::{Error, Result},
        form::Form,
        ids::{DecisionId, InitiativeId, OptionId},
        quantity::Quantity,
    },
    handshake::{
        Kind, Verdict,
        components::{DigestLine, Seats, SignForm, Signatures, StandingLine, notice},
        read::{Standing, current},
    },
    initiatives, milestones,
    people::{Deed, Page, See, Settled, Viewer, members, settle},
    ui::{Actions, Crumb, DateField, Empty, Fields, Hidden, Notice, Pill, PostForm, RadioGroup, Section, Select, TextArea, TextField},
};

const ROOM: &str = "decisions";
const PER_PAGE: i64 = 50;

#[derive(Deserialize)]
pub struct Skip {
    skip: Option<i64>,
}

pub async fn list(viewer: Viewer, Query(query): Query<Skip>) -> Result<Page> {
    let skip = query.skip.unwrap_or(0).clamp(0, 100_000);
    let rows = read::list(&viewer, PER_PAGE, skip).await?;
    let count = read::count(&viewer).await?;
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, "Decisions", move || {
        let may_ask = asked.may(Deed::AskDecision);
        let new = asked.path("decisions/new");
        let more = (skip + PER_PAGE < count).then(|| asked.path(&format!("decisions?skip={}", skip + PER_PAGE)));
        view! {
            <header class="page-head">
                <div><h1>"Decisions"</h1><p class="lead">"Technology choices, signed by both sides before anything is bought."</p></div>
                {may_ask.then(|| view! { <a class="button is-primary" href=new.clone()>"Ask for a decision"</a> })}
            </header>
            {if rows.is_empty() {
                let purpose = "A decision asks one question, weighs its options, and is made when a manager or lead of each side signs the same proposal.";
                if may_ask { view! { <Empty purpose=purpose next=(new, "Ask the first question")/> }.into_any() } else { view! { <Empty purpose=purpose/> }.into_any() }
            } else {
                view! { <Section title="All decisions" aside=format!("{count} · undecided first, by date")><Rows rows=rows viewer=asked.clone()/></Section> }.into_any()
            }}
            {more.map(|href| view! { <p><a class="button" href=href>"More"</a></p> })}
        }
    }))
}

/// The table of decisions.
#[component]
pub fn Rows(rows: Vec<Row>, viewer: Viewer) -> impl IntoView {
    let today = viewer.today();
    let rows = rows
        .into_iter()
        .map(|row| {
            let status = row.status(&viewer);
            view! {
                <tr>
                    <th scope="row"><a href=viewer.path(&format!("decisions/{}", row.number))>{row.question}</a>{row.initiative.map(|title| view! { <small class="faint">{title}</small> })}</th>
                    <td data-label="Status"><span class="with-seats"><Seats standing=row.standing viewer=viewer.clone()/><Pill tone=status.tone() words=status.words()/></span></td>
                    <td data-label="Decide by">{row.decide_by.said(today)}</td>
                    <td data-label="Driver">{row.driver}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked">
            <thead><tr><th scope="col">"Question"</th><th scope="col">"Status"</th><th scope="col">"Decide by"</th><th scope="col">"Driver"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

pub async fn show(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = read::one(&viewer, number).await?;
    let choices = read::choices(&viewer, it.id).await?;
    let proposals = read::proposals(&viewer, it.id).await?;
    let remarks = read::remarks(&viewer, it.id).await?;
    let standing = current(&viewer, Kind::Decision, it.id.uuid()).await?.map(|(standing, _)| standing);
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, it.question.clone(), move || {
        let today = asked.today();
        let status = status(standing.as_ref().map(|s| (s.state, waited(&asked, s))), it.decide_by, today);
        let place = asked.path(&it.place());
        let signed = it.signed_at.is_some();
        let shape = asked.may(Deed::ShapeDecision { driver: it.driver_id }) && !signed;
        let open_side = standing.as_ref().and_then(|standing| standing.open_to(&asked));
        let withdrawable = standing.as_ref().is_some_and(|standing| standing.withdrawable_by(&asked));
        let needs_proposal = shape && matches!(status, Status::Open | Status::Overdue(_) | Status::Objected(_)) && choices.len() > 1;
        let proposed = standing.as_ref().and(proposals.first()).map(|p| p.option_id);
        let head = match &standing {
            Some(standing) => view! { <StandingLine standing=standing.clone() viewer=asked.clone()/> }.into_any(),
            None => view! { <p class="standing"><Pill tone=status.tone() words=status.words()/><span class="faint">"decide by "{it.decide_by.said(today)}</span></p> }.into_any(),
        };
        let reader = asked.clone();
        let signatures = standing.clone().map(|standing| view! { <Section title="Signatures"><Signatures standing=standing viewer=reader who_may="A manager or the lead of this side"/></Section> });
        let earlier: Vec<Proposal> = proposals.iter().skip(usize::from(standing.is_some())).cloned().collect();
        let eyebrow = match (&it.initiative, it.initiative_number) {
            (Some(title), Some(number)) => {
                view! { <p class="eyebrow">{format!("Decision {} · ", it.number)}<a href=asked.path(&format!("initiatives/{number}"))>{title.clone()}</a></p> }
                    .into_any()
            }
            _ => view! { <p class="eyebrow">{format!("Decision {}", it.number)}</p> }.into_any(),
        };
        view! {
            <Crumb href=asked.path("decisions") text="Decisions"/>
            <header class="page-head">
                <div>{eyebrow}<h1>{it.question.clone()}</h1>{head}</div>
                <div class="page-actions">
                    {shape.then(|| view! { <a class="button" href=format!("{place}/edit")>"Change"</a> })}
                    {withdrawable.then(|| view! { <form method="post" action=format!("{place}/withdraw")><button class="button" type="submit">"Withdraw my signature"</button></form> })}
                    {needs_proposal.then(|| view! { <a class="button is-primary" href=format!("{place}/propose")>"Propose an option…"</a> })}
                    {open_side.map(|side| view! { <a class="button is-primary" href=format!("{place}/sign")>{format!("Sign for {}…", side.name())}</a> })}
                </div>
            </header>
            {standing.as_ref().and(proposals.first()).map(|proposal| proposal_card(&asked, proposal, standing.as_ref()))}
            <Section title="Context"><p class="prose">{it.context.clone()}</p><p class="faint">{format!("Driver: {} · decide by {}", it.driver, it.decide_by.said_in_full())}</p></Section>
            <Section title="Options" aside=format!("{}", choices.len())>
                <ChoiceTable choices=choices proposed=proposed edit=shape.then(|| place.clone())/>
                {shape.then(|| view! { <p><a class="button" href=format!("{place}/options/new")>"Add an option"</a></p> })}
            </Section>
            {signatures}
            {conditions(&asked, &remarks)}
            {earlier_proposals(&asked, earlier, &remarks)}
        }
    }))
}

fn proposal_card(viewer: &Viewer, proposal: &Proposal, standing: Option<&Standing>) -> impl IntoView + use<> {
    let when = viewer.day_of(proposal.at).said(viewer.today());
    let digest = standing.map(|standing| standing.digest.clone());
    view! {
        <div class="card record">
            <p class="faint">{format!("Proposed {when} by {}", proposal.who)}</p>
            <p class="proposal prose"><strong>{proposal.option.clone()}</strong>" "{proposal.rationale.clone()}</p>
            {digest.map(|digest| view! { <DigestLine digest=digest covers="the question, the context, every option and this proposal"/> })}
        </div>
    }
}

/// Options side by side; `edit` is the decision's place when they may be changed.
#[component]
fn ChoiceTable(choices: Vec<Choice>, proposed: Option<OptionId>, edit: Option<String>) -> impl IntoView {
    if choices.is_empty() {
        return view! { <p class="faint">"None yet. A choice needs at least two; leaving things as they are can be one."</p> }.into_any();
    }
    let cost = |cost: Option<Quantity>| cost.map_or_else(|| "–".to_owned(), Quantity::said);
    let rows = choices
        .into_iter()
        .map(|choice| {
            let label = format!("Change the option {}", choice.title);
            view! {
                <tr class=(Some(choice.id) == proposed).then_some("is-chosen")>
                    <th scope="row">{choice.title}{(Some(choice.id) == proposed).then(|| view! { <small>"Proposed"</small> })}</th>
                    <td data-label="Advantages" class="prose">{choice.advantages}</td>
                    <td data-label="Drawbacks" class="prose">{choice.drawbacks}</td>
                    <td data-label="One-off cost" class="number">{cost(choice.one_off_cost)}</td>
                    <td data-label="Yearly cost" class="number">{cost(choice.yearly_cost)}</td>
                    {edit.clone().map(|place| view! { <td class="row-actions"><a class="button is-small" href=format!("{place}/options/{}/edit", choice.id) aria-label=label>"Change"</a></td> })}
                </tr>
            }
        })
        .collect_view();
    let actions = edit.is_some();
    view! {
        <table class="table is-stacked options">
            <thead><tr>
                <th scope="col">"Option"</th><th scope="col">"Advantages"</th><th scope="col">"Drawbacks"</th>
                <th scope="col" class="number">"One-off cost"</th><th scope="col" class="number">"Yearly cost"</th>
                {actions.then(|| view! { <th scope="col"><span class="visually-hidden">"Actions"</span></th> })}
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn conditions(viewer: &Viewer, remarks: &[Remark]) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let rows = remarks
        .iter()
        .filter(|remark| remark.is_current)
        .filter_map(|remark| {
            let (number, milestone, owner, due_on) = (remark.milestone_number?, remark.milestone.clone()?, remark.owner.clone()?, remark.due_on?);
            Some(view! {
                <li class="row"><span class="row-main">
                    <strong>{remark.reason.clone()}</strong>
                    <span class="faint">{format!("{}, {} · {owner} by {} · ", remark.signer, remark.side.name(), due_on.said(today))}<a href=viewer.path(&format!("milestones/{number}"))>{milestone}</a></span>
                </span></li>
            })
        })
        .collect::<Vec<_>>();
    (!rows.is_empty()).then(|| view! { <Section title="Conditions"><ul class="rows">{rows}</ul></Section> })
}

fn earlier_proposals(viewer: &Viewer, earlier: Vec<Proposal>, remarks: &[Remark]) -> Option<impl IntoView + use<>> {
    let today = viewer.today();
    let objections = remarks
        .iter()
        .filter(|remark| remark.verdict == Verdict::Object)
        .map(|remark| {
            view! {
                <li class="row"><Pill tone=crate::ui::Tone::OffTrack words=format!("{} objected", remark.side.name())/>
                <span class="row-main"><span>{remark.reason.clone()}</span><span class="faint">{format!("{}, {}", remark.signer, viewer.day_of(remark.at).said(today))}</span></span></li>
            }
        })
        .collect::<Vec<_>>();
    let rows = earlier
        .into_iter()
        .map(|proposal| {
            view! {
                <li class="row"><Pill tone=crate::ui::Tone::Quiet words="Not signed"/>
                <span class="row-main"><strong>{proposal.option}</strong><span>{proposal.rationale}</span><span class="faint">{format!("{}, {}", proposal.who, viewer.day_of(proposal.at).said(today))}</span></span></li>
            }
        })
        .collect::<Vec<_>>();
    (!rows.is_empty() || !objections.is_empty()).then(|| view! { <Section title="What led here"><ul class="rows">{objections}{rows}</ul></Section> })
}

// Forms.

async fn question_form(viewer: &Viewer, form: Form, verb: &'static str, cancel: String) -> Result<impl FnOnce() -> AnyView + use<>> {
    let people = members::options(&members::workers(viewer).await?, None);
    let initiatives = initiatives::read::options(viewer).await?;
    Ok(move || {
        view! {
            <PostForm form=form>
                <Hidden name="id"/>
                <Hidden name="version"/>
                <TextField name="question" label="The question" help="One that options can answer, such as: Which customer data platform do we build on?" longest=200/>
                <TextArea name="context" label="Context" help="What is known, what is needed, what limits the choice." rows=6 longest=6000/>
                <Select name="initiative" label="Initiative" options=initiatives none="None" optional=true/>
                <Fields>
                    <Select name="driver" label="Driver" help="The one person who brings it to a signature." options=people none="Choose"/>
                    <DateField name="decide_by" label="Decide by"/>
                </Fields>
                <Actions verb=verb cancel=cancel/>
            </PostForm>
        }
        .into_any()
    })
}

fn question(form: &mut Form) -> Result<Question> {
    let fields =
        (form.line("question", 200), form.paragraphs("context", 6000), form.optional_choice("initiative"), form.choice("driver"), form.day("decide_by"));
    let (Some(question), Some(context), Some(initiative), Some(driver), Some(decide_by)) = fields else { return Err(form.refusal()) };
    Ok(Question { question, context, initiative, driver, decide_by })
}

#[derive(Deserialize)]
pub struct Of {
    initiative: Option<InitiativeId>,
}

pub async fn new(viewer: Viewer, Query(of): Query<Of>) -> Result<Page> {
    let id: DecisionId = viewer.fresh_id();
    let form = Form::blank()
        .with("id", id.to_string())
        .with("initiative", of.initiative.map_or_else(String::new, |id| id.to_string()))
        .with("driver", viewer.member_id().to_string())
        .with("decide_by", viewer.today().plus(21).to_string());
    new_page(&viewer, form).await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Deed::AskDecision) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path("decisions");
    let fields = question_form(viewer, form, "Ask for the decision", cancel.clone()).await?;
    Ok(Page::new(viewer, ROOM, "Ask for a decision", move || view! { <Crumb href=cancel text="Decisions"/><h1>"Ask for a decision"</h1>{fields()} }))
}

pub async fn create(viewer: Viewer, mut form: Form) -> Settled {
    let outcome = async {
        let question = question(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::ask(&viewer, id, question).await?;
        Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(Notice::Added))
    }
    .await;
    settle(outcome, form, |form| new_page(&viewer, form)).await
}

/// The decision, when the viewer may shape it and it is not signed.
async fn shapeable(viewer: &Viewer, number: i64) -> Result<Decision> {
    let it = read::one(viewer, number).await?;
    if !viewer.may(Deed::ShapeDecision { driver: it.driver_id }) {
        return Err(Error::Forbidden);
    }
    Ok(it)
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("question", it.question.clone())
        .with("context", it.context.clone())
        .with("initiative", it.initiative_id.map_or_else(String::new, |id| id.to_string()))
        .with("driver", it.driver_id.to_string())
        .with("decide_by", it.decide_by.to_string());
    let form = form.over(now, &[("question", "The question"), ("context", "Context"), ("decide_by", "Decide by")]);
    let cancel = viewer.path(&it.place());
    let fields = question_form(viewer, form, "Save the decision", cancel.clone()).await?;
    Ok(Page::new(viewer, ROOM, format!("Change decision {number}"), move || {
        view! {
            <Crumb href=cancel text=it.question.clone()/>
            <h1>"Change the decision"</h1>
            <p class="faint">"Changing the question or the context takes an unsealed proposal off the table."</p>
            {fields()}
        }
    }))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let question = question(&mut form)?;
        write::edit(&viewer, number, form.version(), question).await?;
        Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| edit_page(&viewer, number, form)).await
}

fn choice_form(form: Form, verb: &'static str, cancel: String) -> impl IntoView {
    view! {
        <PostForm form=form>
            <Hidden name="id"/>
            <Hidden name="version"/>
            <TextField name="title" label="Option" longest=120/>
            <Fields>
                <TextArea name="advantages" label="Advantages" rows=4 longest=1500 optional=true/>
                <TextArea name="drawbacks" label="Drawbacks" rows=4 longest=1500 optional=true/>
            </Fields>
            <Fields>
                <TextField name="one_off_cost" label="One-off cost" inputmode="decimal" longest=20 optional=true/>
                <TextField name="yearly_cost" label="Yearly cost" inputmode="decimal" longest=20 optional=true/>
            </Fields>
            <Actions verb=verb cancel=cancel/>
        </PostForm>
    }
}

fn choice(form: &mut Form) -> Result<write::Choice> {
    let fields = (
        form.line("title", 120),
        form.optional_paragraphs("advantages", 1500),
        form.optional_paragraphs("drawbacks", 1500),
        form.optional_quantity("one_off_cost"),
        form.optional_quantity("yearly_cost"),
    );
    let (Some(title), Some(advantages), Some(drawbacks), Some(one_off_cost), Some(yearly_cost)) = fields else { return Err(form.refusal()) };
    Ok(write::Choice { title, advantages, drawbacks, one_off_cost, yearly_cost })
}

pub async fn new_option(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let id: OptionId = viewer.fresh_id();
    new_option_page(&viewer, number, Form::blank().with("id", id.to_string())).await
}

async fn new_option_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let cancel = viewer.path(&it.place());
    Ok(Page::new(viewer, ROOM, "Add an option", move || {
        view! { <Crumb href=cancel.clone() text=it.question.clone()/><h1>"Add an option"</h1>{choice_form(form, "Add the option", cancel)} }
    }))
}

pub async fn create_option(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let choice = choice(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        write::add_option(&viewer, number, id, choice).await?;
        Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(Notice::Added))
    }
    .await;
    settle(outcome, form, |form| new_option_page(&viewer, number, form)).await
}

pub async fn edit_option(viewer: Viewer, Path((_, number, id)): Path<(String, i64, OptionId)>) -> Result<Page> {
    edit_option_page(&viewer, number, id, Form::blank()).await
}

async fn edit_option_page(viewer: &Viewer, number: i64, id: OptionId, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let choice = read::choices(viewer, it.id).await?.into_iter().find(|choice| choice.id == id).ok_or(Error::NotFound)?;
    let cost = |cost: Option<Quantity>| cost.map_or_else(String::new, |cost| cost.to_string());
    let now = Form::blank()
        .with("version", it.version.to_string())
        .with("title", choice.title.clone())
        .with("advantages", choice.advantages.clone())
        .with("drawbacks", choice.drawbacks.clone())
        .with("one_off_cost", cost(choice.one_off_cost))
        .with("yearly_cost", cost(choice.yearly_cost));
    let labels =
        [("title", "Option"), ("advantages", "Advantages"), ("drawbacks", "Drawbacks"), ("one_off_cost", "One-off cost"), ("yearly_cost", "Yearly cost")];
    let form = form.over(now, &labels);
    let cancel = viewer.path(&it.place());
    let archive = viewer.path(&format!("{}/options/{id}/archive", it.place()));
    Ok(Page::new(viewer, ROOM, format!("Change {}", choice.title), move || {
        view! {
            <Crumb href=cancel.clone() text=it.question.clone()/>
            <h1>"Change the option"</h1>
            {choice_form(form, "Save the option", cancel)}
            <Section title="Archive"><p>"Takes it out of the choice. The history keeps it."</p><PostForm action=archive><Actions verb="Archive the option" danger=true/></PostForm></Section>
        }
    }))
}

pub async fn update_option(viewer: Viewer, Path((_, number, id)): Path<(String, i64, OptionId)>, mut form: Form) -> Settled {
    let outcome = async {
        let choice = choice(&mut form)?;
        write::edit_option(&viewer, number, form.version(), id, choice).await?;
        Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| edit_option_page(&viewer, number, id, form)).await
}

pub async fn archive_option(viewer: Viewer, Path((_, number, id)): Path<(String, i64, OptionId)>) -> Settled {
    write::archive_option(&viewer, number, id).await?;
    Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(Notice::Archived).into_response())
}

pub async fn propose_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    propose_page(&viewer, number, Form::blank()).await
}

async fn propose_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = shapeable(viewer, number).await?;
    let choices = read::choices(viewer, it.id).await?;
    let cancel = viewer.path(&it.place());
    Ok(Page::new(viewer, ROOM, "Propose an option", move || {
        let options = choices.into_iter().map(|choice| (choice.id.to_string(), choice.title, choice.advantages)).collect::<Vec<_>>();
        view! {
            <Crumb href=cancel.clone() text=it.question.clone()/>
            <h1>"Propose an option to both sides"</h1>
            <p>"A manager or lead of each side signs this proposal together with the question, the context and every option. Changing any of them takes it off the table."</p>
            <PostForm form=form>
                <RadioGroup name="option" label="The option" options=options/>
                <TextArea name="rationale" label="Why this one" rows=4 longest=2000/>
                <Actions verb="Propose to both sides" cancel=cancel/>
            </PostForm>
        }
    }))
}

pub async fn propose(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let (Some(option), Some(rationale)) = (form.choice("option"), form.paragraphs("rationale", 2000)) else { return Err(form.refusal()) };
        write::propose(&viewer, number, option, &rationale).await?;
        Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(Notice::Proposed))
    }
    .await;
    settle(outcome, form, |form| propose_page(&viewer, number, form)).await
}

pub async fn sign_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    sign_page(&viewer, number, Form::blank()).await
}

async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = read::one(viewer, number).await?;
    let (standing, _) = current(viewer, Kind::Decision, it.id.uuid()).await?.ok_or(Error::Conflict)?;
    let side = standing.side_of_signer(viewer, form.is_typed())?;
    let choices = read::choices(viewer, it.id).await?;
    let proposal = read::proposals(viewer, it.id).await?.into_iter().next();
    let milestones = milestones::read::options(viewer).await?;
    let people = members::options(&members::workers(viewer).await?, None);
    let form = form.over(Form::blank(), &[]);
    let cancel = viewer.path(&it.place());
    let asked = viewer.clone();
    Ok(Page::new(viewer, ROOM, format!("Sign decision {number}"), move || {
        let proposed = proposal.as_ref().map(|proposal| proposal.option_id);
        view! {
            <Crumb href=cancel.clone() text=it.question.clone()/>
            <h1>{format!("Sign for {}", side.name())}</h1>
            <p>"This is what you sign, in full."</p>
            <h2>{it.question.clone()}</h2>
            {proposal.as_ref().map(|proposal| proposal_card(&asked, proposal, Some(&standing)))}
            <Section title="Context"><p class="prose">{it.context.clone()}</p></Section>
            <Section title="Options"><ChoiceTable choices=choices proposed=proposed edit=None/></Section>
            <SignForm form=form standing=standing side=side what="this decision" cancel=cancel conditions=true>
                <fieldset class="field">
                    <legend>"With a condition"<span class="optional">" (only then)"</span></legend>
                    <Select name="milestone" label="It becomes a checkpoint of" options=milestones none="Choose a milestone" optional=true/>
                    <Select name="owner" label="Owner" options=people none="Choose" optional=true/>
                    <TextField name="due_on" label="Due" kind="date" longest=10 optional=true/>
                </fieldset>
            </SignForm>
        }
    }))
}

pub async fn sign(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let verdict: Verdict = form.choice("verdict").ok_or_else(|| form.refusal())?;
        let reason = form.optional_paragraphs("reason", 1000).ok_or_else(|| form.refusal())?;
        let reason = (verdict.needs_reason() && !reason.is_empty()).then_some(reason);
        let condition = if verdict == Verdict::AgreeWithConditions {
            let (Some(milestone), Some(owner), Some(due_on)) = (form.choice("milestone"), form.choice("owner"), form.day("due_on")) else {
                return Err(form.refusal());
            };
            Some(Condition { milestone, owner, due_on })
        } else {
            None
        };
        let digest = form.raw("digest").to_owned();
        let state = write::sign(&viewer, number, &digest, verdict, reason.as_deref(), condition).await?;
        Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(notice(state)))
    }
    .await;
    settle(outcome, form, |form| sign_page(&viewer, number, form)).await
}

pub async fn withdraw(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Settled {
    write::withdraw_signature(&viewer, number).await?;
    Ok(See::at(viewer.path(&format!("decisions/{number}"))).done(Notice::Withdrawn).into_response())
}
