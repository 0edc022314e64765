//! Asking for access that a goal needs: to data on terms, or to a technology.

use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    access::{
        self, AccessKind,
        terms::Copies,
        text::{AccessText, TermsText},
        write::{Ask, TermsInput},
    },
    goals::{
        read::{self, Goal},
        write,
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::AccessId,
        time::Day,
    },
    sources::{
        self, PersonalForm, Sensitivity,
        read::{Source, Use},
        uses::Basis,
    },
    ui::{
        Actions, CheckGroup, Crumb, DateField, Empty, Fields, Hidden, Notice, PostForm, RadioGroup, Select,
        TextArea, TextField, choices,
    },
};

/// What a link to the form brings along.
#[derive(Default, Deserialize)]
pub struct AskQuery {
    /// `technology`; data otherwise.
    kind: Option<AccessKind>,
    /// The number of a source.
    source: Option<i64>,
    /// The number of the access that it prolongs or narrows.
    follows: Option<i64>,
}

/// The sources that can be asked for, and their uses.
struct Offered {
    sources: Vec<Source>,
    uses: Vec<Use>,
}

impl Offered {
    async fn read(viewer: &Viewer) -> Result<Self> {
        let mut sources = sources::read::sources(viewer).await?;
        sources.retain(|source| {
            source.agreed_at.is_some()
                && source.retired.is_none()
                && source.sensitivity != Some(Sensitivity::Public)
        });
        let mut uses = sources::read::uses(viewer).await?;
        uses.retain(|one| {
            sources
                .iter()
                .any(|source| source.id == one.source_id && one.missing(source.is_special).is_empty())
        });
        Ok(Self { sources, uses })
    }

    fn by_number(&self, number: i64) -> Option<&Source> {
        self.sources.iter().find(|source| source.number == number)
    }

    fn source_options(&self) -> Vec<(String, String)> {
        self.sources
            .iter()
            .map(|source| (source.id.to_string(), labelled(source)))
            .collect()
    }

    fn use_options(&self) -> Vec<(String, String)> {
        self.sources
            .iter()
            .flat_map(|source| {
                self.uses
                    .iter()
                    .filter(|one| one.source_id == source.id)
                    .map(|one| {
                        let basis = one.basis.map_or("no legal basis yet", Basis::name);
                        let label = format!("{}: {} · {basis}", source.name, one.name);
                        (one.id.to_string(), label)
                    })
            })
            .collect()
    }
}

/// "Sales warehouse, Confidential, 365 days at most".
fn labelled(source: &Source) -> String {
    let longest = source
        .sensitivity
        .and_then(|sensitivity| Some((sensitivity, sensitivity.longest_access_days()?)));
    longest.map_or_else(
        || source.name.clone(),
        |(sensitivity, days)| format!("{} · {} · {days} days at most", source.name, sensitivity.name()),
    )
}

/// The last day that is proposed: in a year, or as late as the data allows.
fn proposed_end(needed_on: Day, sensitivity: Option<Sensitivity>) -> Day {
    let year = needed_on.plus_months(12);
    sensitivity
        .and_then(Sensitivity::longest_access_days)
        .map_or(year, |days| year.min(needed_on.plus(days)))
}

pub async fn ask_form(
    viewer: Viewer,
    Path((_, goal)): Path<(String, i64)>,
    Query(query): Query<AskQuery>,
) -> Result<Page> {
    let id: AccessId = viewer.fresh_id();
    let kind = query.kind.unwrap_or(AccessKind::Data);
    let needed_on = viewer.today().plus(14);
    let form = Form::blank()
        .with("id", id.to_string())
        .with("kind", kind.as_str())
        .with("form", PersonalForm::Counts.as_str())
        .with("copies", Copies::None.as_str());
    if kind == AccessKind::Technology {
        let form = form
            .with("needed_on", needed_on.to_string())
            .with("ends_on", needed_on.plus_months(12).to_string());
        return technology_page(&viewer, goal, form).await;
    }
    let offered = Offered::read(&viewer).await?;
    let form = match (
        query.follows,
        query.source.and_then(|number| offered.by_number(number)),
    ) {
        (Some(follows), _) => following(&viewer, form, &offered, follows).await?,
        (None, Some(source)) => form
            .with("sources", source.id.to_string())
            .with("needed_on", needed_on.to_string())
            .with("ends_on", proposed_end(needed_on, source.sensitivity).to_string()),
        (None, None) => form
            .with("needed_on", needed_on.to_string())
            .with("ends_on", proposed_end(needed_on, None).to_string()),
    };
    data_page(&viewer, goal, offered, form).await
}

/// The form of a request that prolongs or narrows another: the same words, from the day on which the other
/// ends.
async fn following(viewer: &Viewer, form: Form, offered: &Offered, follows: i64) -> Result<Form> {
    let (before, text) = access::read::request_with_text(viewer, follows).await?;
    let Some(terms) = &text.terms else {
        return Err(Error::NotFound);
    };
    let from = before.ends_on.max(viewer.today());
    let sensitivity = terms
        .sources
        .iter()
        .filter_map(|named| offered.by_number(named.number)?.sensitivity)
        .max();
    Ok(prefilled(form, offered, &text, terms)
        .with("follows", follows.to_string())
        .with("needed_on", from.to_string())
        .with("ends_on", proposed_end(from, sensitivity).to_string()))
}

fn prefilled(form: Form, offered: &Offered, text: &AccessText, terms: &TermsText) -> Form {
    let ids = terms
        .sources
        .iter()
        .filter_map(|named| Some(offered.by_number(named.number)?.id.to_string()));
    let used_for = offered
        .by_number(terms.use_of)
        .and_then(|source| {
            offered
                .uses
                .iter()
                .find(|one| one.source_id == source.id && one.number == terms.used_for.number)
        })
        .map_or_else(String::new, |one| one.id.to_string());
    let mut form = form
        .with_each("sources", ids)
        .with("title", text.title.clone())
        .with("purpose", text.purpose.clone())
        .with("use", used_for)
        .with("fields", terms.fields.clone());
    form.set("form", terms.form.as_str());
    form
}

fn lead(goal: &Goal, kind: AccessKind) -> String {
    let opens = match kind {
        AccessKind::Data => "the custodian of each source opens it",
        AccessKind::Technology => "the other side opens it",
    };
    format!(
        "This request is for the goal “{}”. Both sides approve it. Then {opens}.",
        goal.title
    )
}

async fn technology_page(viewer: &Viewer, goal: i64, form: Form) -> Result<Page> {
    let goal = read::one(viewer, goal).await?;
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&goal.path());
    let title = format!("Request access: {}", goal.title);
    Ok(Page::new(viewer, ROOM, title, move |_| {
        view! {
            <Crumb href=cancel.clone() text=goal.title.clone() />
            <h1>"Request access to a technology"</h1>
            <p class="lead">{lead(&goal, AccessKind::Technology)}</p>
            <p>
                <a href=format!("{cancel}/access")>"Request access to data instead"</a>
            </p>
            <PostForm form=form>
                <Hidden name="id" />
                <Hidden name="kind" />
                <TextField
                    name="title"
                    label="What exactly"
                    help="The system, the tool or the environment that has to be opened."
                    max_length=120
                />
                {what_for()}
                {days()}
                <Actions verb="Send the request" cancel=cancel />
            </PostForm>
        }
    }))
}

fn what_for() -> impl IntoView {
    view! {
        <TextArea
            name="purpose"
            label="What for"
            help="Who does what with it, and how that helps the goal."
            rows=4
            max_length=2000
        />
    }
}

fn days() -> impl IntoView {
    view! {
        <Fields>
            <DateField name="needed_on" label="Needed from" />
            <DateField name="ends_on" label="Until" help="The access ends automatically after this day." />
        </Fields>
    }
}

async fn data_page(viewer: &Viewer, goal: i64, offered: Offered, form: Form) -> Result<Page> {
    let goal = read::one(viewer, goal).await?;
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path(&goal.path());
    let title = format!("Request access: {}", goal.title);
    Ok(Page::new(viewer, ROOM, title, move |viewer| {
        let technology = format!("{cancel}/access?kind=technology");
        let is_empty = offered.sources.is_empty();
        let follows = form.raw("follows").parse::<i64>().ok();
        view! {
            <Crumb href=cancel.clone() text=goal.title.clone() />
            <h1>"Request access to data"</h1>
            <p class="lead">{lead(&goal, AccessKind::Data)}</p>
            {follows
                .map(|number| {
                    view! {
                        <p>
                            "It follows "
                            <a href=viewer.path(&format!("access/{number}"))>{format!("request {number}")}</a>
                            ", which keeps its own last day."
                        </p>
                    }
                })}
            <p>
                <a href=technology>"Request access to a technology instead"</a>
            </p>
            {if is_empty {
                view! {
                    <Empty
                        purpose="Access to data is given out of a source whose entry both sides have signed. There is none yet."
                        next=(viewer.path("sources"), "Sources")
                    />
                }
                    .into_any()
            } else {
                data_form(offered, form, cancel).into_any()
            }}
        }
    }))
}

fn data_form(offered: Offered, form: Form, cancel: String) -> impl IntoView {
    let (sources, uses) = (offered.source_options(), offered.use_options());
    let forms = choices(PersonalForm::ALL, PersonalForm::as_str, PersonalForm::name);
    let copies = [
        (Copies::None, "It is used where it is."),
        (Copies::Deleted, "Whoever asks deletes them, and says so."),
        (Copies::Kept, "They live there from then on, as its entry says."),
    ]
    .into_iter()
    .map(|(copies, help)| {
        (
            copies.as_str().to_owned(),
            copies.name().to_owned(),
            help.to_owned(),
        )
    })
    .collect();
    view! {
        <PostForm form=form>
            <Hidden name="id" />
            <Hidden name="kind" />
            <Hidden name="follows" />
            <TextField
                name="title"
                label="What exactly"
                help="In a few words: purchases of 24 months."
                max_length=120
            />
            <CheckGroup
                name="sources"
                label="From which sources"
                options=sources.clone()
                help="The most sensitive one decides for how long access can last."
            />
            <Select
                name="use"
                label="For which use"
                options=uses
                none="Choose"
                help="The uses that the sources’ owners and custodians have signed. For another one, ask the owner to add it."
            />
            {what_for()}
            <Select
                name="form"
                label="People appear"
                options=forms
                help="Most questions need no names."
            />
            <TextField
                name="fields"
                label="Which fields"
                help="In words: day, store, sum; no products."
                max_length=500
            />
            {days()}
            <RadioGroup name="copies" label="Copies" options=copies />
            <div class="for-deleted">
                <DateField name="copies_until" label="Deleted by" optional=true />
            </div>
            <div class="for-kept">
                <Select name="copies_in" label="Kept inside" options=sources none="Choose one" optional=true />
            </div>
            <Actions verb="Send the request" cancel=cancel />
        </PostForm>
    }
}

/// Reads on which terms data is asked for.
fn terms(form: &mut Form) -> Option<TermsInput> {
    let follows = form.raw("follows").parse().ok();
    let sources = form.choices("sources");
    if sources.as_ref().is_some_and(Vec::is_empty) {
        form.fail("sources", "Choose at least one source.");
    }
    let copies: Option<Copies> = form.choice("copies");
    let until = form.optional_day("copies_until");
    let inside = form.optional_choice("copies_in");
    let (used_for, shape, fields) = (form.choice("use"), form.choice("form"), form.line("fields", 500));
    let sources = sources.filter(|sources| !sources.is_empty())?;
    Some(TermsInput {
        sources,
        used_for: used_for?,
        form: shape?,
        fields: fields?,
        copies: copies?,
        copies_until: until?,
        copies_in: inside?,
        follows,
    })
}

pub async fn ask(viewer: Viewer, Path((_, goal)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let kind: AccessKind = form.raw("kind").parse().unwrap_or(AccessKind::Data);
    let outcome = async {
        let fields = (
            form.choice("id"),
            form.line("title", 120),
            form.paragraphs("purpose", 2000),
            form.day("needed_on"),
            form.day("ends_on"),
        );
        let terms = match kind {
            AccessKind::Data => terms(&mut form).map(Some),
            AccessKind::Technology => Some(None),
        };
        let ((Some(id), Some(title), Some(purpose), Some(needed_on), Some(ends_on)), Some(terms)) =
            (fields, terms)
        else {
            return Err(form.refusal());
        };
        let asked = Ask {
            kind,
            title,
            purpose,
            needed_on,
            ends_on,
            terms,
        };
        let number = write::ask_access(&viewer, id, goal, asked).await?;
        Ok(Redirect::to(viewer.path(&format!("access/{number}"))).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, async |form| {
        if kind == AccessKind::Technology {
            technology_page(&viewer, goal, form).await
        } else {
            data_page(&viewer, goal, Offered::read(&viewer).await?, form).await
        }
    })
    .await
}

/// `/access/new`: the goal that the access is for, before anything else.
pub async fn choose_goal(viewer: Viewer, Query(query): Query<AskQuery>) -> Result<Page> {
    if !viewer.may(Action::SpeakForSide) {
        return Err(Error::Forbidden);
    }
    let goals = read::all(&viewer, &[]).await?;
    Ok(Page::new(&viewer, ROOM, "Request access", move |viewer| {
        let rows = goals
            .iter()
            .map(|goal| {
                let source = query
                    .source
                    .map_or_else(String::new, |number| format!("?source={number}"));
                let href = viewer.path(&format!("{}/access{source}", goal.path()));
                let due = format!(
                    "Owned by {} · due {}",
                    goal.owner,
                    goal.due_on.format(viewer.today())
                );
                view! {
                    <li class="row">
                        <a class="row-main" href=href>
                            <strong>{goal.title.clone()}</strong>
                            <span class="faint">{due}</span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        let is_empty = goals.is_empty();
        view! {
            <Crumb href=viewer.path("access") text="Access" />
            <h1>"For which goal?"</h1>
            <p class="lead">"Access is given for a goal that both sides can measure. Choose the one that needs it."</p>
            {if is_empty {
                view! {
                    <Empty
                        purpose="There is no goal yet. Marketing sets the first one."
                        next=(viewer.path("goals"), "Goals")
                    />
                }
                    .into_any()
            } else {
                view! { <ul class="rows">{rows}</ul> }.into_any()
            }}
        }
    }))
}
