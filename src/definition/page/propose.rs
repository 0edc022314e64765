//! A version is proposed, signed, taken back and restored.

use axum::{extract::Path, response::IntoResponse};
use leptos::prelude::*;

use crate::{
    definition::{
        changes, changes_in_words,
        page::{ROOM, compare::ChangeList},
        read, write,
    },
    handshake::{
        components::{DigestLine, SignForm},
        page::{SigningPage, TablePage},
    },
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::{Actions, Crumb, DateField, Notice, PostForm},
};

pub async fn propose_form(viewer: Viewer) -> Result<Page> {
    let form = Form::blank().with("again_by", viewer.today().plus_months(12).to_string());
    propose_page(&viewer, form).await
}

async fn propose_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::ProposeDefinition) {
        return Err(Error::Forbidden);
    }
    let whole = read::whole(viewer).await?;
    let cancel = viewer.path("definition");
    Ok(Page::new(viewer, ROOM, "Propose a version", move |_| {
        let changed = whole.change_count();
        let summary = whole.in_force.as_ref().map_or_else(
            || format!("{} clauses become the first version.", whole.draft.len()),
            |version| {
                format!(
                    "{}. Both leads will see exactly these, marked.",
                    changes_in_words(changed, version.number)
                )
            },
        );
        let unmeasured = whole
            .draft
            .iter()
            .filter(|clause| !whole.measures.iter().any(|m| m.clause_id == clause.id))
            .count();
        view! {
            <Crumb href=cancel.clone() text="Definition" />
            <h1>"Propose the draft for ratification"</h1>
            <p>{summary}</p>
            {(unmeasured > 0)
                .then(|| {
                    view! {
                        <p>
                            {if unmeasured == 1 {
                                "1 clause has no KPI yet.".to_owned()
                            } else {
                                format!("{unmeasured} clauses have no KPI yet.")
                            }}
                        </p>
                    }
                })}
            <p class="faint">
                "The text is frozen as a numbered version. It takes effect when both leads sign. Any edit \
                    before that cancels the proposal."
            </p>
            <PostForm form=form>
                <DateField
                    name="again_by"
                    label="Renew by"
                    help="Both leads are reminded 30 days before it expires."
                />
                <Actions verb="Propose to both leads" cancel=cancel />
            </PostForm>
        }
    }))
}

pub async fn propose(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let again_by = form.optional_day("again_by").ok_or_else(|| form.refusal())?;
        let number = write::propose(&viewer, again_by).await?;
        Ok(Redirect::to(viewer.path(&format!("definition/versions/{number}"))).with_notice(Notice::Proposed))
    }
    .await;
    respond(outcome, form, |form| propose_page(&viewer, form)).await
}

impl TablePage for write::VersionOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("definition/versions/{number}")
    }
}

impl SigningPage for write::VersionOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let version = read::version(viewer, number).await?;
        let standing = version.standing.clone().ok_or(Error::Conflict)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let (in_force, _) = read::standing_versions(viewer).await?;
        let form = form.over(Form::blank(), &[]);
        let path = viewer.path(&format!("definition/versions/{number}"));
        let again = version
            .review_on
            .map(|day| format!("Both leads renew it by {}.", day.format_long()));
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Sign version {number}"),
            move |_| {
                let changes = changes(
                    in_force.as_ref().map_or(&version.clauses, |base| &base.clauses),
                    &version.clauses,
                );
                view! {
                    <Crumb href=path.clone() text=format!("Version {number}") />
                    <h1>{format!("Ratify version {number} for {}", side.name())}</h1>
                    <p>
                        "This is the text you sign, in full"
                        {in_force
                            .map(|base| {
                                format!(", marked against version {}, which is in force", base.number)
                            })} "."
                    </p>
                    <ChangeList changes=changes />
                    {again.map(|again| view! { <p>{again}</p> })}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers="these clauses, the version’s number and the date by which both leads renew it"
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what=format!("version {number}")
                        cancel=path
                        conditions=false
                    />
                }
            },
        ))
    }
}

pub async fn take_back(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    write::take_back(&viewer, number).await?;
    Ok(Redirect::to(viewer.path("definition"))
        .with_notice(Notice::TakenBack)
        .into_response())
}

/// What restoring would change, and the question whether to.
pub async fn restore_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    if !viewer.may(Action::ProposeDefinition) {
        return Err(Error::Forbidden);
    }
    let version = read::version(&viewer, number).await?;
    let draft = read::draft(&viewer).await?;
    let now = read::as_clauses(&draft, &read::measures(&viewer).await?);
    let path = viewer.path(&format!("definition/versions/{number}"));
    Ok(Page::new(&viewer, ROOM, "Use as the draft", move |_| {
        let changes = changes(&now, &version.clauses);
        let count = changes.iter().filter(|change| change.is_change()).count();
        view! {
            <Crumb href=path.clone() text=format!("Version {number}") />
            <h1>{format!("Restore version {number} as the draft")}</h1>
            <p class="lead">
                {format!(
                    "{} of the draft would change, as marked. Struck-through text is only in \
                        the draft; the history keeps it. The KPIs of each clause stay as they are.",
                    if count == 1 { "1 clause".to_owned() } else { format!("{count} clauses") },
                )}
            </p>
            <ChangeList changes=changes />
            <PostForm form=Form::blank()>
                <Actions verb=format!("Restore version {number}") cancel=path />
            </PostForm>
        }
    }))
}

/// Makes a version's text the working draft again.
pub async fn restore(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> FormResponse {
    write::restore(&viewer, number).await?;
    Ok(Redirect::to(viewer.path("definition"))
        .with_notice(Notice::Restored)
        .into_response())
}
