//! Many checkpoints at once: seen before it is done, taken back after.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::{
    ROOM,
    edit::plannable,
    listed::{self, Listed},
};

use crate::{
    handshake::{Kind, read::edit_warning},
    identity::{FormResponse, Page, Redirect, Viewer, respond},
    members,
    milestones::{
        read::{self, Checkpoint, Milestone},
        write::{self, NewDates, Shift, Step},
    },
    platform::{
        error::{Error, Result},
        form::Form,
        ids::{BulkChangeId, CheckpointId, MemberId, MilestoneId},
        text,
        time::Day,
    },
    ui::{
        CheckGroup, Crumb, DateField, Fields, Hidden, Notice, PostForm, Section, Select, TextArea, TextField,
        Warning,
    },
};

const LONGEST_TITLE: usize = 200;

pub async fn paste_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let it = plannable(&viewer, number).await?;
    let id: BulkChangeId = viewer.fresh_id();
    let form = Form::blank()
        .with("id", id.to_string())
        .with("owner", it.driver_id.to_string())
        .with("due_on", it.due_on.to_string());
    paste_page(&viewer, number, form, &[]).await
}

async fn paste_page(
    viewer: &Viewer,
    number: i64,
    form: Form,
    shown: &[(String, String, Day)],
) -> Result<Page> {
    let it = plannable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Milestone, it.id.uuid()).await?;
    let people = members::read::options(&members::read::workers(viewer).await?, None);
    let (cancel, today) = (viewer.path(&it.path()), viewer.today());
    let rows: Vec<_> = shown
        .iter()
        .map(|(title, owner, due_on)| {
            view! {
                <li class="row">
                    <span class="row-main">
                        <strong>{title.clone()}</strong>
                        <span class="faint">{format!("{owner}, due {}", due_on.format(today))}</span>
                    </span>
                </li>
            }
        })
        .collect();
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Paste checkpoints into {}", it.title),
        move |_| {
            let looked = !rows.is_empty();
            let count = rows.len();
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Paste checkpoints"</h1>
                <Warning text=warning />
                <p class="lead">
                    "One checkpoint per line. Add the owner and the date after bars: “Feed tested | Jonas \
                        Thorne | 2026-12-01”."
                </p>
                {looked
                    .then(|| {
                        view! {
                            <Section title="Preview" aside=format!("{count}")>
                                <ul class="rows">{rows}</ul>
                            </Section>
                        }
                    })}
                <PostForm form=form>
                    <Hidden name="id" />
                    <TextArea name="lines" label="Lines" rows=10 max_length=20_000 />
                    <Fields>
                        <Select
                            name="owner"
                            label="Owner of lines without one"
                            options=people
                            none="Choose"
                        />
                        <DateField name="due_on" label="Due date of lines without one" />
                    </Fields>
                    <div class="actions">
                        {looked
                            .then(|| {
                                view! {
                                    <button type="submit" class="button is-primary" name="step" value="add">
                                        {format!("Add {count} checkpoints")}
                                    </button>
                                }
                            })}
                        <button
                            type="submit"
                            class=if looked { "button" } else { "button is-primary" }
                            name="step"
                            value="look"
                        >
                            "Preview"
                        </button> <a class="button" href=cancel>
                            "Cancel"
                        </a>
                    </div>
                </PostForm>
            }
        },
    ))
}

/// Every line as a step, with its owner's name; or what is wrong, line by line.
async fn steps(viewer: &Viewer, form: &mut Form) -> Result<Vec<(Step, String)>> {
    let workers = members::read::workers(viewer).await?;
    // Cells of a spreadsheet are told apart by tabs, which are no part of a text; lists come with their
    // bullets and numbers, some of them with a tab behind.
    let pasted: Vec<String> = form
        .raw("lines")
        .lines()
        .map(|line| without_bullet(line).trim_end().replace('\t', "|"))
        .collect();
    let pasted = pasted.join("\n");
    form.set("lines", pasted);
    let (Some(lines), Some(owner), Some(due_on)) = (
        form.paragraphs("lines", 20_000),
        form.choice::<MemberId>("owner"),
        form.day("due_on"),
    ) else {
        return Err(form.refusal());
    };
    let mut steps = Vec::new();
    for (index, line) in lines
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let mut parts = line.split('|').map(text::line);
        let title = parts.next().unwrap_or_default();
        let (mut whose, mut when) = (owner, due_on);
        let mut wrong = |why: String| form.fail("lines", format!("Line {}: {why}", index + 1));
        if title.is_empty() || title.chars().count() > LONGEST_TITLE {
            wrong(format!(
                "write what will be done, in 1 to {LONGEST_TITLE} characters."
            ));
        }
        for part in parts.filter(|part| !part.is_empty()) {
            if let Some(day) = day_of(&part) {
                when = day;
            } else {
                let named: Vec<_> = workers
                    .iter()
                    .filter(|member| member.name.eq_ignore_ascii_case(&part))
                    .collect();
                match named.as_slice() {
                    [only] => whose = only.id,
                    [] => wrong(format!(
                        "“{part}” is neither a member nor a date like 2026-12-01 or 1 Dec 2026."
                    )),
                    _ => wrong(format!(
                        "several members are called “{part}”. Choose the owner below instead."
                    )),
                }
            }
        }
        let name = workers
            .iter()
            .find(|member| member.id == whose)
            .map_or_else(String::new, |member| member.name.clone());
        steps.push((Step::new(title, whose, when), name));
    }
    if form.problems().is_empty() {
        Ok(steps)
    } else {
        Err(form.refusal())
    }
}

pub async fn paste(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    plannable(&viewer, number).await?;
    let adds = form.raw("step") == "add";
    let outcome = async {
        let steps = steps(&viewer, &mut form).await?;
        if adds {
            let steps: Vec<Step> = steps.into_iter().map(|(step, _)| step).collect();
            let id = form.choice("id").ok_or_else(|| form.refusal())?;
            write::add_checkpoints(&viewer, number, id, &steps).await?;
            return Ok(None);
        }
        Ok(Some(
            steps
                .into_iter()
                .map(|(step, name)| (step.title, name, step.due_on))
                .collect::<Vec<_>>(),
        ))
    }
    .await;
    match outcome {
        Ok(Some(shown)) => Ok(paste_page(&viewer, number, form, &shown).await?.into_response()),
        Ok(None) => Ok(Redirect::to(viewer.path(&format!("milestones/{number}")))
            .with_notice(Notice::Added)
            .into_response()),
        Err(error) => respond(Err(error), form, |form| paste_page(&viewer, number, form, &[])).await,
    }
}

pub async fn bulk_form(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Page> {
    let id: BulkChangeId = viewer.fresh_id();
    bulk_page(&viewer, number, Form::blank().with("id", id.to_string()), None).await
}

#[expect(clippy::too_many_lines, reason = "one page")]
async fn bulk_page(viewer: &Viewer, number: i64, mut form: Form, shift: Option<Shift>) -> Result<Page> {
    let previewed = asked(&form);
    form.set("previewed", previewed);
    let it: Milestone = plannable(viewer, number).await?;
    let warning = edit_warning(viewer, Kind::Milestone, it.id.uuid()).await?;
    let open: Vec<Checkpoint> = read::checkpoints(viewer, it.id)
        .await?
        .into_iter()
        .filter(|checkpoint| checkpoint.passed_at.is_none())
        .collect();
    let workers = members::read::workers(viewer).await?;
    let people = members::read::options(&workers, None);
    let others: Vec<(String, String)> = read::options(viewer)
        .await?
        .into_iter()
        .filter(|(id, _)| *id != it.id.to_string())
        .collect();
    let target = shift
        .and_then(|shift| shift.to)
        .and_then(|to| others.iter().find(|(id, _)| *id == to.to_string()))
        .map(|(_, name)| name.clone());
    let (cancel, today) = (viewer.path(&it.path()), viewer.today());
    let options = open
        .iter()
        .map(|c| {
            (
                c.id.to_string(),
                format!("{} · {}, {}", c.title, c.owner, c.due_on.format(today)),
            )
        })
        .collect::<Vec<_>>();
    let which = listed::choices(&open, today)
        .into_iter()
        .map(|(listed, name, count)| {
            let words = match listed {
                Listed::Open => format!("All {count}"),
                Listed::Late => format!("Those that are late: {count}"),
                Listed::Of(_) => format!("Those of {name}: {count}"),
            };
            (listed.to_string(), words)
        })
        .collect::<Vec<_>>();
    let rows: Vec<_> = shift
        .map(|shift| {
            open.iter()
                .filter(|checkpoint| form.has("chosen", &checkpoint.id.to_string()))
                .map(|checkpoint| change_row(checkpoint, shift, &workers, target.as_deref(), today))
                .collect()
        })
        .unwrap_or_default();
    Ok(Page::new(
        viewer,
        ROOM,
        format!("Change checkpoints of {}", it.title),
        move |_| {
            let (looked, count) = (!rows.is_empty(), rows.len());
            view! {
                <Crumb href=cancel.clone() text=it.title.clone() />
                <h1>"Change several checkpoints"</h1>
                <Warning text=warning />
                {looked
                    .then(|| {
                        view! {
                            <Section title="Preview" aside=format!("{count}")>
                                <ul class="rows">{rows}</ul>
                            </Section>
                        }
                    })}
                <PostForm form=form>
                    <Hidden name="id" />
                    <Hidden name="previewed" />
                    <Select
                        name="which"
                        label="Which checkpoints"
                        options=which
                        none="Those ticked below"
                        optional=true
                    />
                    <CheckGroup name="chosen" label="Open checkpoints" options=options />
                    <Fields>
                        <TextField
                            name="days"
                            label="Move by how many days"
                            help="Later with 7, earlier with -7."
                            inputmode="numeric"
                            max_length=4
                            optional=true
                        />
                        <DateField name="due_on" label="Or one date for all of them" optional=true />
                    </Fields>
                    <Fields>
                        <Select
                            name="owner"
                            label="Give them to"
                            options=people
                            none="Keep their owners"
                            optional=true
                        />
                        <Select
                            name="to"
                            label="Make them steps of"
                            options=others
                            none="This milestone"
                            optional=true
                        />
                    </Fields>
                    <div class="actions">
                        {looked
                            .then(|| {
                                view! {
                                    <button type="submit" class="button is-primary" name="step" value="do">
                                        {format!("Change {count} checkpoints")}
                                    </button>
                                }
                            })}
                        <button
                            type="submit"
                            class=if looked { "button" } else { "button is-primary" }
                            name="step"
                            value="look"
                        >
                            "Preview"
                        </button> <a class="button" href=cancel>
                            "Cancel"
                        </a>
                    </div>
                </PostForm>
            }
        },
    ))
}

fn change_row(
    checkpoint: &Checkpoint,
    shift: Shift,
    workers: &[members::read::Member],
    target: Option<&str>,
    today: Day,
) -> impl IntoView + use<> {
    let due_on = shift.dates.of(checkpoint.due_on);
    let date = (due_on != checkpoint.due_on).then(|| (checkpoint.due_on.format(today), due_on.format(today)));
    let owner = shift
        .owner
        .filter(|owner| *owner != checkpoint.owner_id)
        .and_then(|owner| workers.iter().find(|member| member.id == owner));
    let owner = owner.map(|member| (checkpoint.owner.clone(), member.name.clone()));
    let redline = |(before, after): (String, String)| {
        view! {
            <span>
                <del>{before}</del>
                " "
                <ins>{after}</ins>
                " "
            </span>
        }
    };
    view! {
        <li class="row">
            <span class="row-main">
                <strong>{checkpoint.title.clone()}</strong>
                <span>
                    {date.map(redline)}{owner.map(redline)}
                    {target.map(|name| view! { <ins>{format!("to {name}")}</ins> })}
                </span>
            </span>
        </li>
    }
}

/// Ticks what is meant by a whole group, so that the preview shows each.
async fn tick_group(viewer: &Viewer, milestone: MilestoneId, form: &mut Form) -> Result<()> {
    let Some(Some(group)) = form.optional_choice::<Listed>("which") else {
        return Ok(());
    };
    let mut chosen: Vec<String> = form.raw_each("chosen").map(str::to_owned).collect();
    for checkpoint in read::checkpoints(viewer, milestone).await? {
        let id = checkpoint.id.to_string();
        let is_meant = checkpoint.passed_at.is_none() && group.takes(&checkpoint, viewer.today());
        if is_meant && !chosen.contains(&id) {
            chosen.push(id);
        }
    }
    form.set_each("chosen", chosen);
    form.set("which", "");
    Ok(())
}

/// All that a change of several was asked for, to compare with what was previewed.
fn asked(form: &Form) -> String {
    let mut chosen: Vec<&str> = form.raw_each("chosen").collect();
    chosen.sort_unstable();
    let how = ["days", "due_on", "owner", "to"].map(|field| form.raw(field).trim());
    format!("{}|{}", chosen.join(","), how.join("|"))
}

/// The dates that were asked for: by some days, or one for all.
fn new_dates(form: &mut Form) -> Option<NewDates> {
    let typed = form.raw("days").trim().to_owned();
    let on = form.optional_day("due_on")?;
    if !typed.is_empty() && on.is_some() {
        form.fail("days", "Write a number of days or choose a date, not both.");
        return None;
    }
    if let Some(on) = on {
        return Some(NewDates::On(on));
    }
    if typed.is_empty() {
        return Some(NewDates::AsBefore);
    }
    match typed.parse::<i64>() {
        Ok(0) => Some(NewDates::AsBefore),
        Ok(days) if (-999..=999).contains(&days) => Some(NewDates::Moved(days)),
        _ => {
            form.fail("days", "Write a number of days, such as 7 or -7.");
            None
        }
    }
}

pub async fn bulk(viewer: Viewer, Path((_, number)): Path<(String, i64)>, mut form: Form) -> FormResponse {
    let it = plannable(&viewer, number).await?;
    tick_group(&viewer, it.id, &mut form).await?;
    // What was changed since the preview is shown before it is done.
    let does = form.raw("step") == "do" && form.raw("previewed") == asked(&form);
    let outcome: Result<Option<Shift>> = async {
        let dates = new_dates(&mut form);
        let (owner, to, chosen) = (
            form.optional_choice("owner"),
            form.optional_choice("to"),
            form.choices::<CheckpointId>("chosen"),
        );
        let (Some(dates), Some(owner), Some(to), Some(chosen)) = (dates, owner, to, chosen) else {
            return Err(form.refusal());
        };
        let shift = Shift { dates, owner, to };
        if chosen.is_empty() {
            return Err(Error::invalid("chosen", "Choose at least one."));
        }
        if does {
            let id = form.choice("id").ok_or_else(|| form.refusal())?;
            write::shift_checkpoints(&viewer, number, id, &chosen, shift).await?;
            return Ok(None);
        }
        Ok(Some(shift))
    }
    .await;
    let answer: Response = match outcome {
        Ok(Some(shift)) => bulk_page(&viewer, number, form, Some(shift))
            .await?
            .into_response(),
        Ok(None) => Redirect::to(viewer.path(&format!("milestones/{number}")))
            .with_notice(Notice::Saved)
            .into_response(),
        Err(Error::Invalid(problems)) => bulk_page(&viewer, number, form.with_problems(problems), None)
            .await?
            .with_status(StatusCode::UNPROCESSABLE_ENTITY)
            .into_response(),
        Err(error) => return Err(error),
    };
    Ok(answer)
}

pub async fn undo(viewer: Viewer, Path((_, number, id)): Path<(String, i64, BulkChangeId)>) -> FormResponse {
    write::undo(&viewer, number, id).await?;
    Ok(Redirect::to(viewer.path(&format!("milestones/{number}")))
        .with_notice(Notice::TakenBack)
        .into_response())
}

/// A day as spreadsheets write it: 2026-12-01, 1.12.2026, 1 Dec 2026. What could be either of two days, such
/// as 12/01/2026, is none.
fn day_of(part: &str) -> Option<Day> {
    let with_dots = || {
        let fields: Vec<&str> = part.split('.').map(str::trim).collect();
        let [day, month, year] = fields.as_slice() else {
            return None;
        };
        let number = |field: &str| field.parse::<u16>().ok();
        let (day, month) = (number(day)?, number(month)?);
        format!("{:0>4}-{month:02}-{day:02}", number(year)?).parse().ok()
    };
    let in_words = || {
        ["%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"]
            .iter()
            .find_map(|form| jiff::civil::Date::strptime(form, part).ok().map(Day))
    };
    part.parse()
        .ok()
        .or_else(with_dots)
        .or_else(in_words)
        .filter(|day: &Day| day.is_plannable())
}

/// A line of a list without its bullet or its number.
fn without_bullet(line: &str) -> &str {
    let line = line.trim_start();
    for bullet in ["-", "*", "•", "–", "·", "[ ]", "☐"] {
        let rest = line.strip_prefix(bullet);
        if let Some(rest) = rest.filter(|rest| rest.starts_with(char::is_whitespace)) {
            return without_bullet(rest);
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = line[digits..]
        .strip_prefix(['.', ')'])
        .filter(|rest| rest.starts_with(char::is_whitespace));
    numbered
        .filter(|_| (1..=3).contains(&digits))
        .map_or(line, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::{Day, day_of, without_bullet};

    #[test]
    fn a_day_is_read_as_spreadsheets_write_it_unless_it_could_be_another() {
        for written in [
            "2026-12-01",
            "1.12.2026",
            "01.12.2026",
            "1 Dec 2026",
            "Dec 1, 2026",
            "1 December 2026",
        ] {
            assert_eq!(day_of(written), Some(Day::new(2026, 12, 1)), "{written}");
        }
        for written in ["12/01/2026", "1.12.", "31.2.2026", "1.12.26", "Kofi"] {
            assert_eq!(day_of(written), None, "{written}");
        }
    }

    #[test]
    fn what_a_list_puts_before_a_line_is_not_part_of_it() {
        for (line, title) in [
            ("- Consent is kept", "Consent is kept"),
            ("  • Consent", "Consent"),
            ("12. Consent", "Consent"),
            ("3) Consent", "Consent"),
            ("- [ ] Consent", "Consent"),
            ("•\tConsent", "Consent"),
            ("\t1.\tConsent", "Consent"),
            ("2026 plan", "2026 plan"),
            ("1.5 million", "1.5 million"),
            ("-5 %", "-5 %"),
        ] {
            assert_eq!(without_bullet(line), title);
        }
    }
}
