//! The pages of the definition.

use axum::{
    extract::{Path, Query},
    response::IntoResponse,
};
use leptos::prelude::*;
use serde::Deserialize;

use super::{
    Change, Clause, changes, changes_in_words,
    read::{self, DraftClause, Version, Whole},
    write::{self, Text},
};
use crate::{
    ground::{
        error::{Error, Result},
        form::Form,
        ids::ClauseId,
    },
    handshake::{
        Verdict,
        components::{DigestLine, Seats, SignForm, Signatures, StandingLine, notice},
    },
    kpis,
    people::{Deed, Page, See, Settled, Viewer, settle},
    ui::{Actions, CheckGroup, Crumb, Empty, Fields, Hidden, Notice, Pill, PostForm, Section, TextArea, TextField, Tone, redline::Redline},
};

const ROOM: &str = "definition";
const CLAUSE_LABELS: [(&str, &str); 4] = [("title", "Title"), ("promise", "Promise"), ("for_marketing", "For Marketing"), ("for_technology", "For Technology")];

/// `/definition`: the draft against what is in force, and the proposal on the table.
pub async fn show(viewer: Viewer) -> Result<Page> {
    let whole = read::whole(&viewer).await?;
    Ok(whole_page(&viewer, whole, Form::blank()))
}

fn whole_page(viewer: &Viewer, whole: Whole, form: Form) -> Page {
    let asked = viewer.clone();
    Page::new(viewer, ROOM, "Definition", move || {
        let may_edit = asked.may(Deed::EditDefinition);
        let may_propose = asked.may(Deed::ProposeDefinition) && !whole.draft.is_empty();
        let changed = whole.changed();
        let proposed = whole.proposed.clone();
        let in_force = whole.in_force.clone();
        let can_propose = may_propose && proposed.is_none() && (in_force.is_none() || changed > 0);
        let eyebrow = match &in_force {
            Some(version) => format!("Definition · draft after version {}", version.number),
            None => "Definition · first draft".to_owned(),
        };
        let actions = view! {
            <div class="page-actions">
                <a class="button" href=asked.path("definition/versions")>"Versions"</a>
                {may_edit.then(|| view! { <a class="button" href=asked.path("definition/clauses/new")>"Add a clause"</a> })}
                {can_propose.then(|| view! { <a class="button is-primary" href=asked.path("definition/propose")>{if in_force.is_some() { "Propose the next version…" } else { "Propose version 1…" }}</a> })}
            </div>
        };
        let standing = standing_words(&asked, &whole, changed);
        let clauses = clause_list(&asked, &whole, may_edit);
        let problems = form.problems().iter().map(|problem| view! { <p class="problem" role="alert">{problem.what.clone()}</p> }).collect_view();
        view! {
            <header class="page-head">
                <div><p class="eyebrow">{eyebrow}</p><h1>"What a good customer experience is"</h1>{standing}</div>
                {actions}
            </header>
            {problems}
            {clauses}
        }
    })
}

fn standing_words(viewer: &Viewer, whole: &Whole, changed: usize) -> AnyView {
    if let Some(proposed) = &whole.proposed
        && let Some(standing) = proposed.standing.clone()
    {
        let href = viewer.path(&format!("definition/versions/{}", proposed.number));
        let may_sign = standing.open_to(viewer).is_some();
        return view! {
            <StandingLine standing=standing viewer=viewer.clone()/>
            <p><a class=if may_sign { "button is-primary" } else { "button" } href=href>{format!("{} version {}", if may_sign { "Read and sign" } else { "Read" }, proposed.number)}</a></p>
        }
        .into_any();
    }
    match &whole.in_force {
        Some(version) => {
            let since = version.in_force_at.map_or_else(String::new, |at| viewer.day_of(at).said(viewer.today()));
            let stale = changed > 0;
            let words = changes_in_words(changed, version.number);
            view! {
                <p class="standing">
                    <Seats standing=version.standing.clone() viewer=viewer.clone() stale=stale large=true/>
                    <span><strong>{words}</strong>", which both leads ratified on "{since}"."</span>
                </p>
            }
            .into_any()
        }
        None => view! { <p class="lead">"Nothing is in force yet. When the clauses say what both sides mean, propose them; both leads then sign the same text."</p> }.into_any(),
    }
}

fn clause_list(viewer: &Viewer, whole: &Whole, may_edit: bool) -> AnyView {
    if whole.changes.is_empty() {
        return view! {
            <Empty purpose="A definition is a short list of clauses: a promise to the customer, what it means for Marketing, what it means for Technology, and the KPIs that measure it."
                next=(viewer.path("definition/clauses/new"), "Write the first clause")/>
        }
        .into_any();
    }
    let first_draft = whole.in_force.is_none();
    let cards = whole
        .changes
        .iter()
        .enumerate()
        .map(|(index, change)| {
            let (clause, before) = match change {
                Change::Same(clause) | Change::New(clause) | Change::Gone(clause) => (clause.clone(), None),
                Change::Changed { before, after } => (after.clone(), Some(before.clone())),
            };
            let word = if first_draft { "" } else { change.word() };
            let gone = matches!(change, Change::Gone(_));
            let is_new = matches!(change, Change::New(_)) && !first_draft;
            let measures = whole.measures.iter().filter(|m| m.clause_id.to_string() == clause.id).cloned().collect::<Vec<_>>();
            let servers = whole.servers.iter().filter(|s| s.clause_id.to_string() == clause.id).cloned().collect::<Vec<_>>();
            let edit = viewer.path(&format!("definition/clauses/{}", clause.id));
            let title = clause.title.clone();
            let anchor = format!("clause-{}", clause.id);
            view! {
                <article class="clause" id=anchor>
                    <div class="clause-text">
                        <p class="eyebrow">{if gone { "Clause".to_owned() } else { format!("Clause {}", index + 1) }}{(!word.is_empty()).then(|| format!(" · {word}"))}</p>
                        <ClauseText clause=clause before=before is_new=is_new is_gone=gone/>
                        {(may_edit && !gone).then(|| view! { <p><a class="button is-small" href=edit aria-label=format!("Edit the clause {title}")>"Edit"</a></p> })}
                    </div>
                    <aside class="clause-side">
                        {measured(viewer, &measures, gone)}
                        {served(viewer, &servers)}
                    </aside>
                </article>
            }
        })
        .collect_view();
    view! { <div class="card clauses">{cards}</div> }.into_any()
}

fn measured(viewer: &Viewer, measures: &[read::Measure], gone: bool) -> AnyView {
    if gone {
        return ().into_any();
    }
    if measures.is_empty() {
        return view! { <Pill tone=Tone::AtRisk words="No KPI measures this"/> }.into_any();
    }
    let links = measures.iter().map(|m| view! { <li><a href=viewer.path(&format!("kpis/{}", m.number))>{m.title.clone()}</a></li> }).collect_view();
    view! { <p class="faint">"Measured by"</p><ul class="plain">{links}</ul> }.into_any()
}

fn served(viewer: &Viewer, servers: &[read::Server]) -> AnyView {
    if servers.is_empty() {
        return view! { <p class="faint">"No initiative serves this yet"</p> }.into_any();
    }
    let links = servers.iter().map(|s| view! { <li><a href=viewer.path(&format!("initiatives/{}", s.number))>{s.title.clone()}</a></li> }).collect_view();
    view! { <p class="faint">"Served by"</p><ul class="plain">{links}</ul> }.into_any()
}

/// A clause's words; with `before`, what changed in them.
#[component]
fn ClauseText(clause: Clause, before: Option<Clause>, is_new: bool, is_gone: bool) -> impl IntoView {
    let told = move |now: String, then: Option<String>| match (then, is_new, is_gone) {
        (Some(then), ..) if then != now => view! { <Redline before=then after=now/> }.into_any(),
        (_, true, _) => view! { <ins>{now}</ins> }.into_any(),
        (_, _, true) => view! { <del>{now}</del> }.into_any(),
        _ => view! { {now} }.into_any(),
    };
    let then = |read: fn(&Clause) -> &String| before.as_ref().map(|before| read(before).clone());
    let kpis_changed =
        before.as_ref().filter(|before| before.measured_by != clause.measured_by).map(|before| (before.measured_by.join(", "), clause.measured_by.join(", ")));
    view! {
        <h2>{told(clause.title.clone(), then(|c| &c.title))}</h2>
        <p class="prose promise">{told(clause.promise.clone(), then(|c| &c.promise))}</p>
        <div class="two-sides">
            <div><h3 class="side is-marketing">"For Marketing"</h3><p class="prose">{told(clause.for_marketing.clone(), then(|c| &c.for_marketing))}</p></div>
            <div><h3 class="side is-technology">"For Technology"</h3><p class="prose">{told(clause.for_technology.clone(), then(|c| &c.for_technology))}</p></div>
        </div>
        {kpis_changed.map(|(before, after)| view! { <p class="faint">"Measured by: "<Redline before=before after=after/></p> })}
    }
}

// Clauses.

fn clause_form(form: Form, kpi_options: Vec<(String, String)>, verb: &'static str, cancel: String) -> impl IntoView {
    view! {
        <PostForm form=form>
            <Hidden name="id"/>
            <Hidden name="version"/>
            <TextField name="title" label="Title" help="Two or three words that people will use, such as One memory." longest=120/>
            <TextArea name="promise" label="The promise to the customer" help="One or two sentences, from the customer’s point of view." rows=3 longest=1200/>
            <Fields>
                <TextArea name="for_marketing" label="What it means for Marketing" rows=4 longest=1200/>
                <TextArea name="for_technology" label="What it means for Technology" rows=4 longest=1200/>
            </Fields>
            <CheckGroup name="kpis" label="Measured by" options=kpi_options/>
            <Actions verb=verb cancel=cancel/>
        </PostForm>
    }
}

fn clause_text(form: &mut Form) -> Result<Text> {
    let fields = (
        form.line("title", 120),
        form.paragraphs("promise", 1200),
        form.paragraphs("for_marketing", 1200),
        form.paragraphs("for_technology", 1200),
        form.choices("kpis"),
    );
    let (Some(title), Some(promise), Some(for_marketing), Some(for_technology), Some(kpis)) = fields else { return Err(form.refusal()) };
    Ok(Text { title, promise, for_marketing, for_technology, kpis })
}

pub async fn new_clause(viewer: Viewer) -> Result<Page> {
    let id: ClauseId = viewer.fresh_id();
    new_clause_page(&viewer, Form::blank().with("id", id.to_string())).await
}

async fn new_clause_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Deed::EditDefinition) {
        return Err(Error::Forbidden);
    }
    let options = kpis::read::options(viewer).await?;
    let cancel = viewer.path("definition");
    Ok(Page::new(viewer, ROOM, "Write a clause", move || {
        view! { <Crumb href=cancel.clone() text="Definition"/><h1>"Write a clause"</h1>{clause_form(form, options, "Add the clause", cancel)} }
    }))
}

pub async fn create_clause(viewer: Viewer, mut form: Form) -> Settled {
    let outcome = async {
        let text = clause_text(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        write::add_clause(&viewer, id, text).await?;
        Ok(See::at(format!("{}#clause-{id}", viewer.path("definition"))).done(Notice::Added))
    }
    .await;
    settle(outcome, form, |form| new_clause_page(&viewer, form)).await
}

pub async fn edit_clause(viewer: Viewer, Path((_, id)): Path<(String, ClauseId)>) -> Result<Page> {
    clause_page(&viewer, id, Form::blank()).await
}

async fn clause_page(viewer: &Viewer, id: ClauseId, form: Form) -> Result<Page> {
    if !viewer.may(Deed::EditDefinition) {
        return Err(Error::Forbidden);
    }
    let clause: DraftClause = read::draft(viewer).await?.into_iter().find(|clause| clause.id == id).ok_or(Error::NotFound)?;
    let measures = read::measures(viewer).await?;
    let options = kpis::read::options(viewer).await?;
    let now = Form::blank()
        .with("version", clause.version.to_string())
        .with("title", clause.title.clone())
        .with("promise", clause.promise.clone())
        .with("for_marketing", clause.for_marketing.clone())
        .with("for_technology", clause.for_technology.clone())
        .with_each("kpis", measures.into_iter().filter(|m| m.clause_id == id).map(|m| m.kpi_id.to_string()));
    let form = form.over(now, &CLAUSE_LABELS);
    let cancel = viewer.path("definition");
    let archive = viewer.path(&format!("definition/clauses/{id}/archive"));
    let edited = format!("Last edited {} by {}", viewer.day_of(clause.edited_at).said(viewer.today()), clause.edited_by);
    Ok(Page::new(viewer, ROOM, format!("Edit {}", clause.title), move || {
        view! {
            <Crumb href=cancel.clone() text="Definition"/>
            <h1>"Edit the clause"</h1>
            <p class="faint">{edited}</p>
            {clause_form(form, options, "Save the clause", cancel)}
            <Section title="Archive">
                <p>"Takes this clause out of the draft. Versions that hold it keep it."</p>
                <PostForm action=archive><Actions verb="Archive the clause" danger=true/></PostForm>
            </Section>
        }
    }))
}

pub async fn update_clause(viewer: Viewer, Path((_, id)): Path<(String, ClauseId)>, mut form: Form) -> Settled {
    let outcome = async {
        let text = clause_text(&mut form)?;
        write::edit_clause(&viewer, id, form.version(), text).await?;
        Ok(See::at(format!("{}#clause-{id}", viewer.path("definition"))).done(Notice::Saved))
    }
    .await;
    settle(outcome, form, |form| clause_page(&viewer, id, form)).await
}

pub async fn archive_clause(viewer: Viewer, Path((_, id)): Path<(String, ClauseId)>) -> Settled {
    write::archive_clause(&viewer, id).await?;
    Ok(See::at(viewer.path("definition")).done(Notice::Archived).into_response())
}

// Proposing and versions.

pub async fn propose_form(viewer: Viewer) -> Result<Page> {
    propose_page(&viewer, Form::blank()).await
}

async fn propose_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Deed::ProposeDefinition) {
        return Err(Error::Forbidden);
    }
    let whole = read::whole(viewer).await?;
    let cancel = viewer.path("definition");
    Ok(Page::new(viewer, ROOM, "Propose a version", move || {
        let changed = whole.changed();
        let summary = whole.in_force.as_ref().map_or_else(
            || format!("{} clauses become the first version.", whole.draft.len()),
            |version| format!("{}. Both leads will see exactly these, marked.", changes_in_words(changed, version.number)),
        );
        let unmeasured = whole.draft.iter().filter(|clause| !whole.measures.iter().any(|m| m.clause_id == clause.id)).count();
        view! {
            <Crumb href=cancel.clone() text="Definition"/>
            <h1>"Propose the draft for ratification"</h1>
            <p>{summary}</p>
            {(unmeasured > 0).then(|| view! { <p><Pill tone=Tone::AtRisk words=format!("{unmeasured} without a KPI")/>" Nothing measures these clauses yet."</p> })}
            <p class="faint">"The text is frozen and numbered. It is in force once both leads have signed it; an edit meanwhile ends the proposal."</p>
            <PostForm form=form><Actions verb="Propose to both leads" cancel=cancel/></PostForm>
        }
    }))
}

pub async fn propose(viewer: Viewer, form: Form) -> Settled {
    let outcome = write::propose(&viewer).await.map(|number| See::at(viewer.path(&format!("definition/versions/{number}"))).done(Notice::Proposed));
    settle(outcome, form, |form| propose_page(&viewer, form)).await
}

#[derive(Deserialize)]
pub struct Before {
    before: Option<i64>,
}

const VERSIONS_PER_PAGE: i64 = 50;

pub async fn versions(viewer: Viewer, Query(query): Query<Before>) -> Result<Page> {
    let listed = read::history(&viewer, query.before.unwrap_or(i64::MAX), VERSIONS_PER_PAGE).await?;
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, "Versions of the definition", move || {
        let today = asked.today();
        let more = (i64::try_from(listed.len()) == Ok(VERSIONS_PER_PAGE)).then(|| listed.last().map(|last| last.number)).flatten();
        let numbers: Vec<(String, String)> = listed.iter().map(|version| (version.number.to_string(), format!("Version {}", version.number))).collect();
        let compare = (numbers.len() > 1).then(|| {
            let form = Form::blank().with("to", numbers[0].0.clone()).with("from", numbers[1].0.clone());
            let (from, to) = (option_list(&numbers, form.raw("from")), option_list(&numbers, form.raw("to")));
            view! {
                <form method="get" action=asked.path("definition/compare") class="inline-form">
                    <label for="from">"Compare"</label><select id="from" name="from">{from}</select>
                    <label for="to">"with"</label><select id="to" name="to">{to}</select>
                    <button class="button" type="submit">"Show the redline"</button>
                </form>
            }
        });
        let rows = listed
            .into_iter()
            .map(|version| {
                let (word, tone) = match (version.in_force_at, version.superseded_at, version.is_open) {
                    (Some(_), None, _) => ("In force", Tone::Done),
                    (Some(_), Some(_), _) => ("Superseded", Tone::Quiet),
                    (None, _, true) => ("Proposed", Tone::AtRisk),
                    (None, ..) => ("Not ratified", Tone::Quiet),
                };
                let ratified = version.in_force_at.map(|at| format!(", in force from {}", asked.day_of(at).said(today)));
                view! {
                    <li class="row">
                        <Pill tone=tone words=word/>
                        <a class="row-main" href=asked.path(&format!("definition/versions/{}", version.number))>
                            <strong>{format!("Version {}", version.number)}</strong>
                            <span class="faint">{format!("Proposed {} by {}", asked.day_of(version.proposed_at).said(today), version.proposed_by)}{ratified}</span>
                        </a>
                    </li>
                }
            })
            .collect::<Vec<_>>();
        let empty = rows.is_empty();
        view! {
            <Crumb href=asked.path("definition") text="Definition"/>
            <h1>"Versions of the definition"</h1>
            {compare}
            {empty.then(|| view! { <Empty purpose="Every text that was proposed is kept here under its number, ratified or not."/> })}
            {(!empty).then(|| view! { <ul class="rows">{rows}</ul> })}
            {more.map(|last| view! { <p><a class="button" href=asked.path(&format!("definition/versions?before={last}"))>"Earlier versions"</a></p> })}
        }
    }))
}

fn option_list(options: &[(String, String)], chosen: &str) -> impl IntoView + use<> {
    options
        .iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! { <option value=value.clone() selected=selected>{label.clone()}</option> }
        })
        .collect_view()
}

pub async fn version(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let version = read::version(&viewer, number).await?;
    let (in_force, _) = read::standing_versions(&viewer).await?;
    let before = in_force.filter(|base| base.number < version.number);
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, format!("Version {number} of the definition"), move || {
        let open_side = version.standing.as_ref().and_then(|standing| standing.open_to(&asked));
        let place = asked.path(&format!("definition/versions/{number}"));
        let withdrawable = version.standing.as_ref().is_some_and(|standing| standing.withdrawable_by(&asked));
        let is_open = version.in_force_at.is_none() && version.standing.is_some();
        let may_take_back = is_open && asked.may(Deed::ProposeDefinition);
        let head = version.standing.clone().map_or_else(
            || {
                view! { <p class="lead">"This proposal was ended by an edit or taken back before both leads had signed it. It never was in force."</p> }
                    .into_any()
            },
            |standing| view! { <StandingLine standing=standing viewer=asked.clone()/> }.into_any(),
        );
        let since = before.as_ref().map(|base| base.number);
        let changes = changes(before.as_ref().map_or(&version.clauses, |base| &base.clauses), &version.clauses);
        let signer = asked.clone();
        let signatures = version
            .standing
            .clone()
            .map(|standing| view! { <Section title="Signatures"><Signatures standing=standing viewer=signer who_may="The lead of this side"/></Section> });
        let digest = version.digest.clone();
        view! {
            <Crumb href=asked.path("definition/versions") text="Versions"/>
            <header class="page-head">
                <div>
                    <p class="eyebrow">{format!("Proposed {} by {}", asked.day_of(version.proposed_at).said(asked.today()), version.proposed_by)}</p>
                    <h1>{format!("Version {number}")}" "<Pill tone=if version.is_in_force() { Tone::Done } else { Tone::Quiet } words=version.state()/></h1>
                    {head}
                </div>
                <div class="page-actions">
                    {open_side.map(|side| view! { <a class="button is-primary" href=format!("{place}/sign")>{format!("Sign for {}…", side.name())}</a> })}
                    {withdrawable.then(|| view! { <form method="post" action=format!("{place}/withdraw")><button class="button" type="submit">"Withdraw my signature"</button></form> })}
                    {may_take_back.then(|| view! { <form method="post" action=format!("{place}/take-back")><button class="button" type="submit">"Take the proposal back"</button></form> })}
                </div>
            </header>
            {since.map(|since| view! { <p class="faint">{format!("Marked: what changed since version {since}, which is in force.")}</p> })}
            <ChangeList changes=changes/>
            <DigestLine digest=digest covers="these clauses and the number"/>
            {signatures}
        }
    }))
}

/// Clauses with what changed in them, to read.
#[component]
fn ChangeList(changes: Vec<Change>) -> impl IntoView {
    let cards = changes
        .into_iter()
        .enumerate()
        .map(|(index, change)| {
            let word = change.word();
            let (is_new, is_gone) = (matches!(change, Change::New(_)), matches!(change, Change::Gone(_)));
            let (clause, before) = match change {
                Change::Same(clause) | Change::New(clause) | Change::Gone(clause) => (clause, None),
                Change::Changed { before, after } => (after, Some(before)),
            };
            let measured_by = clause.measured_by.join(", ");
            let same_measures = before.as_ref().is_none_or(|before| before.measured_by == clause.measured_by);
            view! {
                <article class="clause">
                    <div class="clause-text">
                        <p class="eyebrow">{format!("Clause {}", index + 1)}{(!word.is_empty()).then(|| format!(" · {word}"))}</p>
                        <ClauseText clause=clause before=before is_new=is_new is_gone=is_gone/>
                        {(same_measures && !measured_by.is_empty()).then(|| view! { <p class="faint">"Measured by "{measured_by}</p> })}
                    </div>
                </article>
            }
        })
        .collect_view();
    view! { <div class="card clauses">{cards}</div> }
}

pub async fn sign_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    sign_page(&viewer, number, Form::blank()).await
}

async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let version = read::version(viewer, number).await?;
    let standing = version.standing.clone().ok_or(Error::Conflict)?;
    let side = standing.side_of_signer(viewer, form.is_typed())?;
    let (in_force, _) = read::standing_versions(viewer).await?;
    let form = form.over(Form::blank(), &[]);
    let place = viewer.path(&format!("definition/versions/{number}"));
    Ok(Page::new(viewer, ROOM, format!("Sign version {number}"), move || {
        let changes = changes(in_force.as_ref().map_or(&version.clauses, |base| &base.clauses), &version.clauses);
        view! {
            <Crumb href=place.clone() text=format!("Version {number}")/>
            <h1>{format!("Ratify version {number} for {}", side.name())}</h1>
            <p>"This is the text you sign, in full"{in_force.map(|base| format!(", marked against version {}, which is in force", base.number))}"."</p>
            <ChangeList changes=changes/>
            <DigestLine digest=standing.digest.clone() covers="these clauses and the number"/>
            <SignForm form=form standing=standing side=side what=format!("version {number}") cancel=place conditions=false/>
        }
    }))
}

pub async fn sign(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> Settled {
    let outcome = async {
        let verdict: Verdict = form.choice("verdict").ok_or_else(|| form.refusal())?;
        let reason = form.optional_paragraphs("reason", 1000).ok_or_else(|| form.refusal())?;
        let reason = (verdict.needs_reason() && !reason.is_empty()).then_some(reason);
        let digest = form.raw("digest").to_owned();
        let state = write::sign(&viewer, number, &digest, verdict, reason.as_deref()).await?;
        Ok(See::at(viewer.path(&format!("definition/versions/{number}"))).done(notice(state)))
    }
    .await;
    settle(outcome, form, |form| sign_page(&viewer, number, form)).await
}

pub async fn withdraw(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Settled {
    write::withdraw_signature(&viewer, number).await?;
    Ok(See::at(viewer.path(&format!("definition/versions/{number}"))).done(Notice::Withdrawn).into_response())
}

pub async fn take_back(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Settled {
    write::take_back(&viewer, number).await?;
    Ok(See::at(viewer.path("definition")).done(Notice::TakenBack).into_response())
}

#[derive(Deserialize)]
pub struct Pair {
    from: i64,
    to: i64,
}

pub async fn compare(viewer: Viewer, Query(pair): Query<Pair>) -> Result<Page> {
    let (from, to) = (read::version(&viewer, pair.from).await?, read::version(&viewer, pair.to).await?);
    let asked = viewer.clone();
    Ok(Page::new(&viewer, ROOM, format!("Version {} and version {}", from.number, to.number), move || {
        let changes = changes(&from.clauses, &to.clauses);
        let count = changes.iter().filter(|change| change.is_change()).count();
        let one =
            |version: &Version| view! { <a href=asked.path(&format!("definition/versions/{}", version.number))>{format!("version {}", version.number)}</a> };
        view! {
            <Crumb href=asked.path("definition/versions") text="Versions"/>
            <h1>{format!("From version {} to version {}", from.number, to.number)}</h1>
            <p class="lead">{format!("{count} of {} clauses differ.", changes.len())}" Struck through is only in "{one(&from)}", underlined only in "{one(&to)}"."</p>
            <ChangeList changes=changes/>
        }
    }))
}
