//! Starting a KPI and changing it.

use axum::extract::Path;
use leptos::prelude::*;

use super::{ROOM, proposal};
use crate::{
    handshake::{Kind, read::edit_warning},
    identity::{Action, FormResponse, Page, Redirect, Side, Viewer, respond},
    kpis::{
        Cadence, Direction,
        needed::{is_cited, needed_by},
        read,
        write::{self, ChangeOutcome, KpiInput},
    },
    members,
    platform::{
        error::{Error, Result},
        form::Form,
        ids::KpiId,
        notation::unmistakable,
    },
    ui::{
        Actions, Crumb, DateField, Fields, Hidden, Notice, PostForm, Reason, Section, Select, TextArea,
        TextField, Warning,
    },
};

async fn plan_form(
    viewer: &Viewer,
    form: Form,
    verb: &'static str,
    cancel: String,
) -> Result<impl FnOnce() -> AnyView + use<>> {
    let workers = members::read::workers(viewer).await?;
    let (marketing, technology, everybody) = (
        members::read::options(&workers, Some(Side::Marketing)),
        members::read::options(&workers, Some(Side::Technology)),
        members::read::options(&workers, None),
    );
    Ok(move || {
        let directions = Direction::ALL
            .iter()
            .map(|d| (d.as_str().to_owned(), d.name().to_owned()))
            .collect::<Vec<_>>();
        let cadences = Cadence::ALL
            .iter()
            .map(|c| (c.as_str().to_owned(), c.name().to_owned()))
            .collect::<Vec<_>>();
        view! {
            <PostForm form=form>
                <Hidden name="id" />
                <Hidden name="version" />
                <TextField name="title" label="Title" max_length=120 />
                <TextArea
                    name="about"
                    label="What it measures, and where the number comes from"
                    rows=3
                    max_length=1000
                />
                <Fields>
                    <TextField
                        name="unit"
                        label="Unit"
                        help="Such as %, h, points."
                        max_length=12
                        optional=true
                    />
                    <TextField
                        name="baseline"
                        label="Baseline"
                        inputmode="decimal"
                        max_length=20
                        optional=true
                    />
                </Fields>
                <Fields>
                    <Select name="direction" label="Good is to" options=directions />
                    <Select name="cadence" label="Reported" options=cadences />
                </Fields>
                <DateField name="starts_on" label="First period" help="The period that contains this day." />
                <Fields>
                    <TextField
                        name="watch"
                        label="At risk below this % of the target"
                        inputmode="numeric"
                        max_length=3
                    />
                    <TextField
                        name="act"
                        label="Off track below this % of the target"
                        help="Once there are targets, both owners sign other limits before they hold."
                        inputmode="numeric"
                        max_length=3
                    />
                </Fields>
                <Select
                    name="driver"
                    label="Driver"
                    help="The person who enters the value."
                    options=everybody
                    none="Choose"
                />
                <Fields>
                    <Select
                        name="marketing_owner"
                        label="Owner from Marketing"
                        options=marketing
                        none="Choose"
                    />
                    <Select
                        name="technology_owner"
                        label="Owner from Technology"
                        options=technology
                        none="Choose"
                    />
                </Fields>
                <Actions verb=verb cancel=cancel />
            </PostForm>
        }
        .into_any()
    })
}

fn plan(form: &mut Form) -> Result<KpiInput> {
    let texts = (
        form.line("title", 120),
        form.paragraphs("about", 1000),
        form.optional_line("unit", 12),
        form.optional_quantity("baseline"),
    );
    let words = (
        form.choice("direction"),
        form.choice("cadence"),
        form.day("starts_on"),
        form.choice("watch"),
        form.choice("act"),
    );
    let people = (
        form.choice("driver"),
        form.choice("marketing_owner"),
        form.choice("technology_owner"),
    );
    let (Some(title), Some(about), Some(unit), Some(baseline)) = texts else {
        return Err(form.refusal());
    };
    let (Some(direction), Some(cadence), Some(starts_on), Some(watch_below), Some(act_below)) = words else {
        return Err(form.refusal());
    };
    let (Some(driver), Some(marketing_owner), Some(technology_owner)) = people else {
        return Err(form.refusal());
    };
    Ok(KpiInput {
        title,
        about,
        unit,
        direction,
        cadence,
        baseline,
        starts_on,
        watch_below,
        act_below,
        driver,
        marketing_owner,
        technology_owner,
    })
}

pub async fn new(viewer: Viewer) -> Result<Page> {
    let id: KpiId = viewer.fresh_id();
    let form = Form::blank()
        .with("id", id.to_string())
        .with("direction", "increase")
        .with("cadence", "monthly")
        .with(
            "starts_on",
            Cadence::Monthly.last_complete(viewer.today()).to_string(),
        )
        .with("watch", "90")
        .with("act", "70");
    new_page(&viewer, form).await
}

async fn new_page(viewer: &Viewer, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageKpi) {
        return Err(Error::Forbidden);
    }
    let cancel = viewer.path("kpis");
    let fields = plan_form(viewer, form, "Create the KPI", cancel.clone()).await?;
    Ok(Page::new(viewer, ROOM, "New KPI", move |_| {
        view! {
            <Crumb href=cancel text="KPIs" />
            <h1>"New KPI"</h1>
            {fields()}
        }
    }))
}

pub async fn create(viewer: Viewer, mut form: Form) -> FormResponse {
    let outcome = async {
        let plan = plan(&mut form)?;
        let id = form.choice("id").ok_or_else(|| form.refusal())?;
        let number = write::start(&viewer, id, plan).await?;
        Ok(Redirect::to(viewer.path(&format!("kpis/{number}/targets"))).with_notice(Notice::Added))
    }
    .await;
    respond(outcome, form, |form| new_page(&viewer, form)).await
}

pub async fn edit(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    edit_page(&viewer, number, Form::blank()).await
}

async fn edit_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageKpi) {
        return Err(Error::Forbidden);
    }
    let kpi = read::one(viewer, number).await?;
    // What lies before both owners is what one goes on from.
    let limits = proposal::awaited(viewer, &kpi)
        .await?
        .and_then(|text| text.limits)
        .map_or((kpi.thresholds.watch_below, kpi.thresholds.act_below), |limits| {
            (limits.at_risk_below, limits.off_track_below)
        });
    let warning = edit_warning(viewer, Kind::Targets, kpi.id.uuid()).await?;
    let now = Form::blank()
        .with("version", kpi.version.to_string())
        .with("title", kpi.title.clone())
        .with("about", kpi.about.clone())
        .with("unit", kpi.unit.clone())
        .with("baseline", kpi.baseline.map_or_else(String::new, unmistakable))
        .with("direction", kpi.direction.as_str())
        .with("cadence", kpi.cadence.as_str())
        .with("starts_on", kpi.starts_on.to_string())
        .with("watch", limits.0.to_string())
        .with("act", limits.1.to_string())
        .with("driver", kpi.driver_id.to_string())
        .with("marketing_owner", kpi.marketing_owner.to_string())
        .with("technology_owner", kpi.technology_owner.to_string());
    let form = form.over(
        now,
        &[
            ("title", "Title"),
            ("about", "What it measures"),
            ("unit", "Unit"),
            ("baseline", "Baseline"),
        ],
    );
    let cancel = viewer.path(&kpi.path());
    let fields = plan_form(viewer, form, "Save the KPI", cancel.clone()).await?;
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change {}", kpi.title),
        move |_| {
            let action = format!("{cancel}/archive");
            view! {
                <Crumb href=cancel text=kpi.title.clone() />
                <h1>"Change the KPI"</h1>
                <Warning text=warning />
                {fields()}
                <Section title="Archive this KPI">
                    <p>
                        "Past values stay in the history. Nobody has to enter new ones. Where targets were signed, \
                        both owners sign that it ends."
                    </p>
                    <p><a class="button" href=action>"Archive …"</a></p>
                </Section>
            }
        },
    ))
}

pub async fn update(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let plan = plan(&mut form)?;
        let asked = (plan.watch_below, plan.act_below);
        write::edit(&viewer, number, form.version(), plan).await?;
        let (kpi, to) = (
            read::one(&viewer, number).await?,
            viewer.path(&format!("kpis/{number}")),
        );
        Ok(
            if asked == (kpi.thresholds.watch_below, kpi.thresholds.act_below) {
                Redirect::to(to).with_notice(Notice::Saved)
            } else {
                Redirect::to(format!("{to}/targets/proposal")).with_notice(Notice::Proposed)
            },
        )
    }
    .await;
    respond(outcome, form, |form| edit_page(&viewer, number, form)).await
}

pub async fn archive_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    archive_page(&viewer, number, Form::blank()).await
}

async fn archive_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
    if !viewer.may(Action::ManageKpi) {
        return Err(Error::Forbidden);
    }
    let kpi = read::one(viewer, number).await?;
    let is_judged = read::is_judged(viewer, kpi.id).await? || is_cited(viewer, kpi.id).await?;
    let needed = needed_by(viewer, kpi.id).await?;
    let verb = if is_judged {
        "Ask both owners to sign"
    } else {
        "Archive the KPI"
    };
    let form = form.over(Form::blank().with("version", kpi.version.to_string()), &[]);
    let cancel = viewer.path(&kpi.path());
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Archive {}", kpi.title),
        move |_| {
            view! {
                <Crumb href=cancel.clone() text=kpi.title.clone() />
                <h1>"Archive the KPI"</h1>
                <p>
                    "Past values stay in the history. Nobody has to enter new ones, and its targets no longer \
                    count."
                </p>
                <Warning text=needed />
                <PostForm form=form>
                    <Hidden name="version" />
                    {is_judged
                        .then(|| {
                            view! {
                                <p>
                                    "Both owners sign its end: they have signed targets for it, or the definition \
                                    measures a clause by it."
                                </p>
                            }
                        })}
                    <Reason />
                    <Actions verb=verb cancel=cancel danger=true />
                </PostForm>
            }
        },
    ))
}

pub async fn archive(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let outcome = async {
        let Some(because) = form.paragraphs("because", 500) else {
            return Err(form.refusal());
        };
        Ok(
            match write::archive(&viewer, number, form.version(), &because).await? {
                ChangeOutcome::Done => Redirect::to(viewer.path("kpis")).with_notice(Notice::Archived),
                ChangeOutcome::Asked => Redirect::to(viewer.path(&format!("kpis/{number}/targets/proposal")))
                    .with_notice(Notice::Proposed),
            },
        )
    }
    .await;
    respond(outcome, form, |form| archive_page(&viewer, number, form)).await
}
