//! What a KPI is made of.

use axum::extract::Path;
use leptos::prelude::*;

use super::ROOM;
use crate::{
    handshake::read::Standing,
    identity::{Action, FormResponse, Page, Redirect, Viewer, respond},
    kpis::{
        Formula,
        needed::is_in_force,
        read,
        write::{self, ChangeOutcome},
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::KpiId,
    },
    ui::{Actions, Crumb, Hidden, Notice, PostForm, Select},
};

/// How many KPIs the form takes; more than a page wants to show, fewer than a sum needs rarely.
const SLOTS: usize = 6;

const FIELDS: [&str; SLOTS] = ["input-1", "input-2", "input-3", "input-4", "input-5", "input-6"];

pub async fn formula_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    page(&viewer, number, Form::blank()).await
}

async fn page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageKpi) {
        return Err(Error::Forbidden);
    }
    let kpi = read::one(viewer, number).await?;
    let inputs = read::inputs(viewer, kpi.id).await?;
    let mut now = Form::blank()
        .with("version", kpi.version.to_string())
        .with("formula", kpi.formula.map_or("", Formula::as_str));
    for (index, field) in FIELDS.iter().enumerate() {
        now = now.with(
            field,
            inputs
                .get(index)
                .map_or_else(String::new, |input| input.id.to_string()),
        );
    }
    let form = form.over(now, &[]);
    let is_confirmed = read::periods(viewer, kpi.id)
        .await?
        .iter()
        .any(|period| period.standing.as_ref().is_some_and(Standing::is_sealed));
    let bears_signatures =
        is_confirmed || read::is_judged(viewer, kpi.id).await? || is_in_force(viewer, kpi.id).await?;
    let own = kpi.id.to_string();
    let others: Vec<(String, String)> = read::options(viewer)
        .await?
        .into_iter()
        .filter(|(id, _)| *id != own)
        .collect();
    let cancel = viewer.path(&kpi.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Formula of {}", kpi.title),
        move |_| {
            let formulas = Formula::ALL
                .iter()
                .map(|formula| (formula.as_str().to_owned(), formula.name().to_owned()))
                .collect::<Vec<_>>();
            let wrong = form.problem_of("inputs").map(str::to_owned);
            let slots = FIELDS
                .iter()
                .enumerate()
                .map(|(index, field)| {
                    let (field, options) = (*field, others.clone());
                    move || {
                        view! { <Select name=field label=format!("KPI \
                        {}", index + 1) options=options none="None" optional=true /> }
                    }
                })
                .collect::<Vec<_>>();
            view! {
                <Crumb href=cancel.clone() text=kpi.title.clone() />
                <h1>"Formula"</h1>
                <p class="lead">
                    "The values are then computed from other KPIs, and again when one of those changes. \
                        Both owners confirm them like any others."
                </p>
                {bears_signatures
                    .then(|| {
                        view! {
                            <p>
                                "Both owners have signed targets or confirmed values of this KPI, so both sign its \
                                formula, too."
                            </p>
                        }
                    })}
                <PostForm form=form>
                    <Hidden name="version" />
                    <Select
                        name="formula"
                        label="Computed as"
                        options=formulas
                        none="Not computed: the driver enters it"
                        optional=true
                    />
                    <fieldset class="field" id="inputs">
                        <legend>"From these, in this order"</legend>
                        {wrong.map(|wrong| view! { <p class="problem">{wrong}</p> })}
                        {slots.into_iter().map(|slot| slot()).collect_view()}
                    </fieldset>
                    <Actions verb="Set the formula" cancel=cancel />
                </PostForm>
            }
        },
    ))
}

pub async fn set_formula(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    mut form: Form,
) -> FormResponse {
    let outcome = async {
        if !viewer.may(Action::ManageKpi) {
            return Err(Error::Forbidden);
        }
        let formula: Option<Formula> = form.optional_choice("formula").ok_or_else(|| form.refusal())?;
        let mut inputs: Vec<KpiId> = Vec::new();
        for field in FIELDS {
            inputs.extend(
                form.optional_choice::<KpiId>(field)
                    .ok_or_else(|| form.refusal())?,
            );
        }
        let outcome = write::set_formula(
            &viewer,
            number,
            form.version(),
            formula.map(|formula| (formula, inputs.as_slice())),
        )
        .await?;
        let path = viewer.path(&format!("kpis/{number}"));
        Ok(match outcome {
            ChangeOutcome::Done => Redirect::to(path).with_notice(Notice::Saved),
            ChangeOutcome::Asked => {
                Redirect::to(format!("{path}/targets/proposal")).with_notice(Notice::Proposed)
            }
        })
    }
    .await;
    respond(outcome, form, |form| page(&viewer, number, form)).await
}
