//! The uses of a source: the section on its page, and the forms that add, change and take them out.

use axum::{extract::Path, response::IntoResponse as _};
use leptos::prelude::*;

use super::ROOM;
use crate::{
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{MemberId, UseId},
        text::join_names,
    },
    sources::{
        Chair,
        read::{self, EntryState, Source, Use},
        uses::{Article9, Basis, Kept, KeptAfter, KeptThen, Purpose},
        write::{self, UseInput},
    },
    ui::{Actions, Crumb, Fields, Hidden, Notice, PostForm, Section, Select, TextArea, TextField, choices},
};

fn deciders(it: &Source) -> Vec<MemberId> {
    it.chairs
        .iter()
        .filter(|holder| matches!(holder.chair, Chair::Owner | Chair::Steward | Chair::OwnerDeputy))
        .map(|holder| holder.member_id)
        .collect()
}

/// Whether the viewer decides what it is used for.
pub(super) fn may_decide(viewer: &Viewer, it: &Source) -> bool {
    it.state != EntryState::Retired
        && viewer.may(Action::DecideUse {
            holders: &deciders(it),
        })
}

/// What the source's data is used for, a row each.
pub(super) fn section(viewer: &Viewer, it: &Source, uses: &[Use]) -> impl IntoView + use<> {
    let may = may_decide(viewer, it);
    let path = viewer.path(&it.path());
    let rows = uses
        .iter()
        .map(|one| {
            let href = format!("{path}/uses/{}", one.number);
            let missing = one.missing(it.is_special);
            let basis = one.basis.map_or("no legal basis yet", Basis::name);
            let rests_on = if one.rests_on.is_empty() {
                String::new()
            } else {
                format!(", on {}", one.rests_on)
            };
            let kept = one.kept.map_or_else(String::new, |kept| format!(" · Kept {}", kept.label()));
            view! {
                <li class="row">
                    <span class="row-main">
                        <span>
                            <a href=href>{one.name.clone()}</a>
                            " · "
                            {one.purpose.name()}
                        </span>
                        <span class="faint">{format!("{basis}{rests_on}{kept}")}</span>
                        {(!missing.is_empty())
                            .then(|| {
                                view! { <span class="late">{format!("Missing: {}", join_names(&missing))}</span> }
                            })}
                    </span>
                </li>
            }
        })
        .collect_view();
    let (none, count) = (uses.is_empty(), uses.len());
    let add = format!("{path}/uses/new");
    let record = viewer.path("sources/record");
    view! {
        <Section title="Uses" aside=count.to_string()>
            {none.then(|| view! { <p class="faint">"Nobody has said yet what its data is used for."</p> })}
            <ul class="rows">{rows}</ul> <p class="actions">
                {may
                    .then(|| {
                        view! {
                            <a class="button" href=add>
                                "Add a use"
                            </a>
                        }
                    })} <a href=record>"The record of processing"</a>
            </p>
        </Section>
    }
}

fn basis_fields(is_special: bool) -> impl IntoView {
    let bases = Basis::ALL
        .iter()
        .map(|basis| {
            (
                basis.as_str().to_owned(),
                format!("{}: rests on {}", basis.name(), basis.rests_on()),
            )
        })
        .collect();
    view! {
        <Select
            name="basis"
            label="Legal basis, Article 6(1)"
            help="Nothing is chosen for you: choosing is the point. Left open, the record says that it is missing."
            options=bases
            none="Not said yet"
            optional=true
        />
        <TextArea
            name="rests_on"
            label="What it rests on"
            help="Needed once a basis is chosen: the wording, contract, law or balancing test, and where it is found."
            rows=2
            max_length=1000
            optional=true
        />
        {is_special
            .then(|| {
                view! {
                    <Select
                        name="article_9"
                        label="Condition of Article 9(2)"
                        options=choices(Article9::ALL, Article9::as_str, Article9::name)
                        none="Not said yet"
                        optional=true
                    />
                }
            })}
    }
}

fn kept_fields() -> impl IntoView {
    view! {
        <Fields>
            <TextField
                name="kept_months"
                label="Kept for, in months"
                inputmode="numeric"
                max_length=5
                optional=true
            />
            <Select
                name="kept_after"
                label="Counted after"
                options=choices(KeptAfter::ALL, KeptAfter::as_str, KeptAfter::name)
                none="Not said yet"
                optional=true
            />
            <Select
                name="kept_then"
                label="Then it is"
                options=choices(KeptThen::ALL, KeptThen::as_str, KeptThen::name)
                none="Not said yet"
                optional=true
            />
        </Fields>
        <TextField
            name="archived_under"
            label="Archived under which law"
            help="Only where it is archived."
            max_length=200
            optional=true
        />
    }
}

fn fields(is_special: bool) -> impl IntoView {
    view! {
        <Hidden name="id" />
        <Hidden name="version" />
        <TextField name="name" label="Name" help="Such as: monthly newsletter." max_length=120 />
        <Select
            name="purpose"
            label="Purpose"
            help="One. Several purposes are several uses."
            options=choices(Purpose::ALL, Purpose::as_str, Purpose::name)
            none="Choose"
        />
        <TextArea name="in_words" label="The purpose in words" rows=2 max_length=1000 />
        {basis_fields(is_special)}
        {kept_fields()}
        <Fields>
            <TextField
                name="recipients"
                label="Recipients outside the company"
                max_length=300
                optional=true
            />
            <TextField name="countries" label="Their countries" max_length=200 optional=true />
        </Fields>
        <TextField
            name="safeguard"
            label="Safeguard, for countries outside the EEA"
            max_length=300
            optional=true
        />
    }
}

/// A length, after what, and what then: all three, or none. What is wrong is noted at its field.
fn kept(form: &mut Form) -> Option<Kept> {
    let months = if form.raw("kept_months").trim().is_empty() {
        None
    } else {
        Some(form.whole("kept_months")?)
    };
    let after: Option<KeptAfter> = form.optional_choice("kept_after")?;
    let then: Option<KeptThen> = form.optional_choice("kept_then")?;
    match (months, after, then) {
        (None, None, None) => None,
        (Some(months), Some(after), Some(then)) => {
            if !(0..=1200).contains(&months) {
                form.fail("kept_months", "Write a number of months between 0 and 1200.");
                return None;
            }
            if months == 0 && after != KeptAfter::ConsentWithdrawn {
                form.fail(
                    "kept_months",
                    "After which fact does it end? Only a withdrawn consent ends at once.",
                );
                return None;
            }
            Some(Kept { after, months, then })
        }
        _ => {
            for (field, is_empty) in [
                ("kept_months", months.is_none()),
                ("kept_after", after.is_none()),
                ("kept_then", then.is_none()),
            ] {
                if is_empty {
                    form.fail(
                        field,
                        "Say for how long, after what, and what happens then; or leave all three open.",
                    );
                }
            }
            None
        }
    }
}

/// Reads the fields of a use.
pub(super) fn input(form: &mut Form) -> Result<UseInput> {
    let (name, purpose) = (form.line("name", 120), form.choice("purpose"));
    let in_words = form.paragraphs("in_words", 1000);
    let basis: Option<Option<Basis>> = form.optional_choice("basis");
    let rests_on = form.optional_paragraphs("rests_on", 1000);
    let article_9 = form.optional_choice("article_9");
    let kept = kept(form);
    let lines = [
        form.optional_line("archived_under", 200),
        form.optional_line("recipients", 300),
        form.optional_line("countries", 200),
        form.optional_line("safeguard", 300),
    ];
    if let (Some(Some(basis)), Some(rests_on)) = (basis, &rests_on)
        && basis != Basis::NoPersonalData
        && rests_on.is_empty()
    {
        form.fail("rests_on", format!("Say {}.", basis.rests_on()));
    }
    let (Some(name), Some(purpose), Some(in_words), Some(basis)) = (name, purpose, in_words, basis) else {
        return Err(form.refusal());
    };
    let (Some(rests_on), Some(article_9)) = (rests_on, article_9) else {
        return Err(form.refusal());
    };
    let [
        Some(archived_under),
        Some(recipients),
        Some(countries),
        Some(safeguard),
    ] = lines
    else {
        return Err(form.refusal());
    };
    if !form.problems().is_empty() {
        return Err(form.refusal());
    }
    Ok(UseInput {
        name,
        purpose,
        in_words,
        basis,
        rests_on,
        article_9,
        kept,
        archived_under,
        recipients,
        countries,
        safeguard,
    })
}

async fn decided(viewer: &Viewer, number: i64) -> Result<Source> {
    let it = read::source(viewer, number).await?;
    if may_decide(viewer, &it) {
        Ok(it)
    } else {
        Err(Error::Forbidden)
    }
}

pub async fn add_use_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let id: UseId = viewer.fresh_id();
    add_page(&viewer, number, Form::blank().with("id", id.to_string())).await
}

async fn add_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    let it = decided(viewer, number).await?;
    let is_agreed = it.agreed_at.is_some();
    let cancel = viewer.path(&it.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Add a use of {}", it.name),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=it.name.clone() />
                <h1>{format!("Add a use of {}", it.name)}</h1>
                {is_agreed
                    .then(|| view! { <p>"Both have signed this entry. A new use needs both signatures again; until then the signed one counts."</p> })}
                <PostForm form=form>
                    {fields(it.is_special)} <Actions verb="Add the use" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn add_use(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let input = input(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        write::add_use(&viewer, number, id, &input).await?;
        Ok(Redirect::to(viewer.path(&format!("sources/{number}"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| add_page(&viewer, number, form)).await
}

pub async fn change_use_form(
    viewer: Viewer,
    Path((_, number, use_number)): Path<(String, i64, i64)>,
) -> Result<Page> {
    change_page(&viewer, (number, use_number), Form::blank()).await
}

/// The fields as they are.
pub(super) fn form_of(one: &Use) -> Form {
    Form::blank()
        .with("version", one.version.to_string())
        .with("name", one.name.clone())
        .with("purpose", one.purpose.as_str())
        .with("in_words", one.in_words.clone())
        .with("basis", one.basis.map_or("", Basis::as_str))
        .with("rests_on", one.rests_on.clone())
        .with("article_9", one.article_9.map_or("", Article9::as_str))
        .with(
            "kept_months",
            one.kept.map_or_else(String::new, |kept| kept.months.to_string()),
        )
        .with("kept_after", one.kept.map_or("", |kept| kept.after.as_str()))
        .with("kept_then", one.kept.map_or("", |kept| kept.then.as_str()))
        .with("archived_under", one.archived_under.clone())
        .with("recipients", one.recipients.clone())
        .with("countries", one.countries.clone())
        .with("safeguard", one.safeguard.clone())
}

async fn change_page(viewer: &Viewer, (number, use_number): (i64, i64), form: Form) -> Result<Page> {
    let it = decided(viewer, number).await?;
    let one = read::uses_of(viewer, it.id)
        .await?
        .into_iter()
        .find(|one| one.number == use_number)
        .ok_or(Error::NotFound)?;
    let form = form.over(
        form_of(&one),
        &[
            ("name", "Name"),
            ("in_words", "The purpose in words"),
            ("rests_on", "What it rests on"),
            ("recipients", "Recipients"),
            ("countries", "Countries"),
            ("safeguard", "Safeguard"),
        ],
    );
    let cancel = viewer.path(&format!("{}/uses/{use_number}", it.path()));
    let remove = viewer.path(&format!("{}/uses/{use_number}/remove", it.path()));
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", one.name),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=one.name.clone() />
                <h1>{format!("Change the use “{}”", one.name)}</h1>
                <p>"Both holders sign the entry anew; until then the signed one counts."</p>
                <PostForm form=form>
                    {fields(it.is_special)} <Actions verb="Save the use" cancel=cancel />
                </PostForm>
                <details>
                    <summary>"Take it out"</summary>
                    <p>"The record no longer lists it. What both holders signed counts until they have signed again."</p>
                    <form method="post" action=remove>
                        <button class="button" type="submit">
                            "Take the use out"
                        </button>
                    </form>
                </details>
            }
        },
    ))
}

pub async fn change_use(
    viewer: Viewer,
    Path((_, number, use_number)): Path<(String, i64, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        let input = input(&mut form)?;
        write::change_use(&viewer, (number, use_number), form.version(), &input).await?;
        Ok(
            Redirect::to(viewer.path(&format!("sources/{number}/uses/{use_number}")))
                .with_notice(Notice::Saved),
        )
    }
    .await;
    respond(outcome, form, |form| {
        change_page(&viewer, (number, use_number), form)
    })
    .await
}

pub async fn remove_use(
    viewer: Viewer,
    Path((_, number, use_number)): Path<(String, i64, i64)>,
) -> FormResponse {
    write::remove_use(&viewer, number, use_number).await?;
    Ok(Redirect::to(viewer.path(&format!("sources/{number}")))
        .with_notice(Notice::Saved)
        .into_response())
}
