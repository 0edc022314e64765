//! The record of processing activities (Article 30(1) of the GDPR): one row a use, complete or not, as a page
//! and a file.

use std::collections::HashMap;

use axum::{extract::Query, response::Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        http::attachment,
        ids::{SourceId, UseId},
        text,
    },
    sources::{
        Chair,
        read::{self, Reached, RecordHead, Source, SourceAccess, Use},
        text::UseText,
        write::{self, HeadInput},
    },
    ui::{Actions, Crumb, Empty, Hidden, Notice, PostForm, Section, TextArea},
};

/// The columns, by the letters of Article 30(1) where the law lists them.
pub const COLUMNS: [&str; 27] = [
    "reference",
    "use",
    "purpose",
    "purpose in words (b)",
    "kinds of people (c)",
    "kinds of data (c)",
    "special categories (c)",
    "recipients inside (d)",
    "recipients outside (d)",
    "countries (d)",
    "safeguard (e)",
    "kept (f)",
    "archived under (f)",
    "protection (g)",
    "legal basis",
    "rests on",
    "article 9",
    "source",
    "sensitivity",
    "kept in",
    "owner",
    "custodian",
    "signed on",
    "digest",
    "access until",
    "retired on",
    "missing",
];

/// Where each field of a use stands in the record.
pub const FIELDS: [(&str, &str); 12] = [
    ("number", "reference"),
    ("name", "use"),
    ("purpose", "purpose"),
    ("in_words", "purpose in words (b)"),
    ("basis", "legal basis"),
    ("rests_on", "rests on"),
    ("article_9", "article 9"),
    ("kept", "kept (f)"),
    ("archived_under", "archived under (f)"),
    ("recipients", "recipients outside (d)"),
    ("countries", "countries (d)"),
    ("safeguard", "safeguard (e)"),
];

struct Row {
    source: Source,
    one: Use,
    /// Whose doors are open today, for this use.
    accesses: Vec<SourceAccess>,
}

impl Row {
    fn missing(&self) -> Vec<&'static str> {
        let mut missing = self.one.missing(self.source.is_special);
        if self.source.people.is_empty() {
            missing.push("kinds of people");
        }
        if self.source.kinds_of_data.is_empty() {
            missing.push("kinds of data");
        }
        if self.source.protection.is_empty() {
            missing.push("protection");
        }
        missing
    }

    /// Whether any of its cells says so.
    fn says(&self, words: &str, viewer: &Viewer) -> bool {
        let words = words.to_lowercase();
        self.cells(viewer)
            .iter()
            .any(|cell| cell.to_lowercase().contains(&words))
    }

    fn inside(&self) -> String {
        let mut names: Vec<&str> = self
            .accesses
            .iter()
            .map(|access| access.asked_by.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }

    fn cells(&self, viewer: &Viewer) -> [String; 27] {
        let (source, text): (&Source, UseText) = (&self.source, self.one.text());
        let holder = |chair: Chair| {
            source
                .holder(chair)
                .map_or_else(String::new, |holder| holder.name.clone())
        };
        let day = |at| viewer.day_of(at).to_string();
        [
            format!("{}.{}", source.number, text.number),
            text.name,
            text.purpose.name().to_owned(),
            text.in_words,
            source.people.clone(),
            source.kinds_of_data.clone(),
            if source.is_special { "yes" } else { "no" }.to_owned(),
            self.inside(),
            text.recipients,
            text.countries,
            text.safeguard,
            text.kept,
            text.archived_under,
            source.protection.clone(),
            text.basis
                .map_or_else(String::new, |basis| basis.name().to_owned()),
            text.rests_on,
            text.article_9
                .map_or_else(String::new, |article| article.name().to_owned()),
            source.name.clone(),
            source
                .sensitivity
                .map_or_else(String::new, |sensitivity| sensitivity.name().to_owned()),
            source.kept_in.clone(),
            holder(Chair::Owner),
            holder(Chair::Custodian),
            // What was changed since both signed, nobody has signed.
            source
                .agreed_at
                .filter(|_| source.is_agreed_as_it_stands())
                .map_or_else(String::new, day),
            source
                .standing
                .as_ref()
                .filter(|_| source.is_agreed_as_it_stands())
                .map_or_else(String::new, |standing| standing.digest.clone()),
            self.accesses
                .iter()
                .map(|access| access.ends_on)
                .max()
                .map_or_else(String::new, |last| last.to_string()),
            source
                .retired
                .as_ref()
                .map_or_else(String::new, |(at, _)| day(*at)),
            self.missing().join(", "),
        ]
    }
}

/// Every use of every source, those with something missing first.
async fn rows(viewer: &Viewer) -> Result<Vec<Row>> {
    let sources: HashMap<SourceId, Source> = read::sources(viewer)
        .await?
        .into_iter()
        .map(|source| (source.id, source))
        .collect();
    let today = viewer.today();
    let mut open: HashMap<UseId, Vec<SourceAccess>> = HashMap::new();
    for access in read::accesses(viewer).await? {
        // Whoever's door nobody has shut can still read it.
        if matches!(access.reached(today), Reached::Open | Reached::ToShut) {
            open.entry(access.use_id).or_default().push(access);
        }
    }
    let mut rows: Vec<Row> = read::uses(viewer)
        .await?
        .into_iter()
        .filter_map(|one| {
            let source = sources.get(&one.source_id)?.clone();
            let accesses = open.remove(&one.id).unwrap_or_default();
            Some(Row {
                source,
                one,
                accesses,
            })
        })
        .collect();
    rows.sort_by_key(|row| (row.missing().is_empty(), row.source.number, row.one.number));
    Ok(rows)
}

/// What is looked for in the record.
#[derive(Deserialize)]
pub struct Finding {
    #[serde(default)]
    find: String,
}

/// `/sources/record?find=…`: the uses that say so, or all of them.
pub async fn record(viewer: Viewer, Query(finding): Query<Finding>) -> Result<Page> {
    let find = finding.find.trim().to_owned();
    let all = rows(&viewer).await?;
    let count = all.len();
    let gaps = all.iter().filter(|row| !row.missing().is_empty()).count();
    let rows: Vec<Row> = all
        .into_iter()
        .filter(|row| find.is_empty() || row.says(&find, &viewer))
        .collect();
    let head = read::record_head(&viewer).await?;
    Ok(Page::new(&viewer, ROOM, "Record of processing", move |viewer| {
        let (file, edit) = (
            viewer.path("sources/record.csv"),
            viewer.path("sources/record/head"),
        );
        let searched = (count > 0).then(|| search(&find, rows.len(), count));
        let aside = match (count, gaps) {
            (all, 0) => format!("{}, complete", uses(all)),
            (1, _) => "1 use, with something missing".to_owned(),
            (all, gaps) => format!("{}, {gaps} with something missing", uses(all)),
        };
        let body = if count == 0 {
            view! {
                <Empty
                    purpose="Each use of a source is a row here: what for, on which ground, for how long, for whom."
                    next=(viewer.path("sources"), "To the sources")
                />
            }
            .into_any()
        } else {
            let table = (!rows.is_empty()).then(|| table(&viewer, &rows));
            view! {
                <Section title="Uses" aside=aside>
                    {searched}
                    {table}
                </Section>
            }
            .into_any()
        };
        view! {
            <Crumb href=viewer.path("sources") text="Sources" />
            <header class="page-head">
                <div>
                    <h1>"Record of processing"</h1>
                    <p class="lead">"Article 30(1) GDPR: what we use customers’ data for, and on which ground."</p>
                </div>
                <div class="page-actions">
                    <a class="button" href=file>
                        "As a table (CSV)"
                    </a>
                </div>
            </header>
            {head_section(&head, viewer.may(Action::KeepRecord), edit)}
            {body}
            <p class="faint">
                "As a processor for others (Article 30(2)) a company keeps another record; this one is the controller’s."
            </p>
        }
    }))
}

fn uses(count: usize) -> String {
    match count {
        1 => "1 use".to_owned(),
        count => format!("{count} uses"),
    }
}

/// Looks for words in all columns of the record.
fn search(find: &str, found: usize, count: usize) -> impl IntoView + use<> {
    let outcome = (!find.is_empty()).then(|| match found {
        0 => format!("No use mentions “{find}”."),
        1 => format!("1 of {} mentions “{find}”.", uses(count)),
        found => format!("{found} of {} mention “{find}”.", uses(count)),
    });
    view! {
        <form method="get" class="filters" role="search">
            <label>
                "Find a use" <input type="search" name="find" value=find.to_owned() maxlength="120" />
            </label>
            <button class="button" type="submit">
                "Find"
            </button>
        </form>
        {outcome.map(|outcome| view! { <p class="faint">{outcome}</p> })}
    }
}

fn head_section(head: &RecordHead, may: bool, edit: String) -> impl IntoView + use<> {
    let rows = [
        ("Controller", head.controller.clone()),
        ("Joint controller", head.joint_controller.clone()),
        ("Representative", head.representative.clone()),
        ("Data protection officer", head.officer.clone()),
    ]
    .into_iter()
    .map(|(name, value)| {
        let value = if value.is_empty() {
            "not said".to_owned()
        } else {
            value
        };
        view! {
            <dt>{name}</dt>
            <dd class="lines">{value}</dd>
        }
    })
    .collect_view();
    let lacks = head.controller.is_empty();
    view! {
        <Section title="Who answers for it (a)">
            {lacks.then(|| view! { <p class="late">"Missing: the controller."</p> })}
            <dl class="pairs">{rows}</dl>
            {may
                .then(|| {
                    view! {
                        <p>
                            <a href=edit>"Change"</a>
                        </p>
                    }
                })}
        </Section>
    }
}

fn people_and_data(people: &str, data: &str) -> String {
    let said: Vec<&str> = [people, data]
        .into_iter()
        .filter(|said| !said.is_empty())
        .collect();
    if said.is_empty() {
        "not said".to_owned()
    } else {
        said.join("; ")
    }
}

fn table(viewer: &Viewer, rows: &[Row]) -> impl IntoView + use<> {
    let rows = rows
        .iter()
        .map(|row| {
            let cells = row.cells(viewer);
            let href = viewer.path(&format!("{}/uses/{}", row.source.path(), row.one.number));
            let missing = row.missing();
            let of = |column: &str| {
                let at = COLUMNS.iter().position(|known| *known == column);
                at.map_or_else(String::new, |at| cells[at].clone())
            };
            let basis = match (of("legal basis"), of("rests on")) {
                (basis, _) if basis.is_empty() => "not said".to_owned(),
                (basis, rests_on) if rests_on.is_empty() => basis,
                (basis, rests_on) => format!("{basis}: {rests_on}"),
            };
            view! {
                <tr>
                    <td data-label="Reference">{of("reference")}</td>
                    <th scope="row">
                        <a href=href>{of("use")}</a>
                        <small class="faint">{format!("{} · {}", of("source"), of("purpose"))}</small>
                        {(!missing.is_empty())
                            .then(|| view! { <small class="late">{format!("Missing: {}", missing.join(", "))}</small> })}
                    </th>
                    <td data-label="Purpose in words">{of("purpose in words (b)")}</td>
                    <td data-label="Legal basis">{basis}</td>
                    <td data-label="People and data">
                        {people_and_data(&of("kinds of people (c)"), &of("kinds of data (c)"))}
                    </td>
                    <td data-label="Kept">{of("kept (f)")}</td>
                    <td data-label="Recipients outside">{of("recipients outside (d)")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table is-stacked record-table">
            <thead>
                <tr>
                    <th scope="col">"#"</th>
                    <th scope="col">"Use"</th>
                    <th scope="col">"Purpose in words"</th>
                    <th scope="col">"Legal basis"</th>
                    <th scope="col">"People and data"</th>
                    <th scope="col">"Kept"</th>
                    <th scope="col">"Recipients outside"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// `/sources/record.csv`: all columns, with the head before them.
pub async fn record_csv(viewer: Viewer) -> Result<Response> {
    let rows = rows(&viewer).await?;
    let head = read::record_head(&viewer).await?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let broken = |error: csv::Error| {
        tracing::error!(error = %error, "the record could not be written");
        Error::Internal
    };
    for (name, value) in [
        ("controller (a)", &head.controller),
        ("joint controller (a)", &head.joint_controller),
        ("representative (a)", &head.representative),
        ("data protection officer (a)", &head.officer),
    ] {
        writer
            .write_record([name, &text::for_a_spreadsheet(value)])
            .map_err(broken)?;
    }
    writer.write_record(COLUMNS).map_err(broken)?;
    for row in &rows {
        let cells = row.cells(&viewer);
        writer
            .write_record(cells.iter().map(|cell| text::for_a_spreadsheet(cell)))
            .map_err(broken)?;
    }
    let bytes = writer.into_inner().map_err(|_| Error::Internal)?;
    Ok(attachment(
        text::with_byte_order_mark(&String::from_utf8_lossy(&bytes)),
        "text/csv; charset=utf-8",
        "record-of-processing.csv",
    ))
}

pub async fn head_form(viewer: Viewer) -> Result<Page> {
    head_page(&viewer, Form::blank()).await
}

async fn head_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::KeepRecord) {
        return Err(Error::Forbidden);
    }
    let head = read::record_head(viewer).await?;
    let now = Form::blank()
        .with("version", head.version.to_string())
        .with("controller", head.controller)
        .with("joint_controller", head.joint_controller)
        .with("representative", head.representative)
        .with("officer", head.officer);
    let form = form.over(
        now,
        &[
            ("controller", "Controller"),
            ("joint_controller", "Joint controller"),
            ("representative", "Representative"),
            ("officer", "Data protection officer"),
        ],
    );
    let cancel = viewer.path("sources/record");
    Ok(Page::new(
        viewer,
        ROOM,
        "Who answers for the processing",
        move |_| {
            let optional = |name: &'static str, label: &'static str| {
                view! { <TextArea name=name label=label rows=2 max_length=500 optional=true /> }
            };
            view! {
                <Crumb href=cancel.clone() text="Record of processing" />
                <h1>"Who answers for the processing"</h1>
                <PostForm form=form>
                    <Hidden name="version" />
                    <TextArea
                        name="controller"
                        label="Controller"
                        help="Name and contact of the company."
                        rows=2
                        max_length=500
                    />
                    {optional("joint_controller", "Joint controller")}
                    {optional("representative", "Representative")}
                    {optional("officer", "Data protection officer")}
                    <Actions verb="Save the head of the record" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn set_head(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let texts = [
            form.paragraphs("controller", 500),
            form.optional_paragraphs("joint_controller", 500),
            form.optional_paragraphs("representative", 500),
            form.optional_paragraphs("officer", 500),
        ];
        let [
            Some(controller),
            Some(joint_controller),
            Some(representative),
            Some(officer),
        ] = texts
        else {
            return Err(form.refusal());
        };
        let input = HeadInput {
            controller,
            joint_controller,
            representative,
            officer,
        };
        write::set_head(&viewer, form.version(), &input).await?;
        Ok(Redirect::to(viewer.path("sources/record")).with_notice(Notice::Saved))
    }
    .await;
    respond(outcome, form, |form| head_page(&viewer, form)).await
}
