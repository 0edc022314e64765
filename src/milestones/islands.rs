//! Looking into the timeline and moving what is on it.

use leptos::{prelude::*, wasm_bindgen::JsCast as _};

/// What is being moved on the timeline: the milestone's form for it, its date, and by how many days so far.
#[derive(Clone, Debug, PartialEq)]
struct Moving {
    form: String,
    title: String,
    /// Days since 1970.
    due_on: i64,
    from_x: f64,
    days: i64,
}

impl Moving {
    fn to(&self) -> String {
        civil(self.due_on + self.days)
    }

    fn spoken(&self) -> String {
        if self.days == 0 {
            format!("{}: {}", self.title, format_day(self.due_on))
        } else {
            format!(
                "{} to {}. Press Enter or let go to give the reason. Escape cancels.",
                self.title,
                format_day(self.due_on + self.days)
            )
        }
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `2026-11-03` for the days since 1970.
fn civil(days: i64) -> String {
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `3 Nov 2026`
fn format_day(days: i64) -> String {
    let (year, month, day) = date(days);
    let month = usize::try_from(month - 1)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .unwrap_or(&"");
    format!("{day} {month} {year}")
}

/// Year, month and day, without the calendar's whole library: the browser loads this code.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The mark at or around an element.
fn mark_at(event: &leptos::ev::Event) -> Option<web_sys::Element> {
    event
        .target()?
        .dyn_into::<web_sys::Element>()
        .ok()?
        .closest("[data-day]")
        .ok()
        .flatten()
}

fn moving(mark: &web_sys::Element, from_x: f64) -> Option<Moving> {
    let due_on = mark.get_attribute("data-day")?.parse().ok()?;
    let label = mark.query_selector("title").ok()??.text_content()?;
    Some(Moving {
        form: format!("{}/move", mark.get_attribute("href")?),
        title: label
            .rsplit_once(": ")
            .map_or_else(|| label.clone(), |(title, _)| title.to_owned()),
        due_on,
        from_x,
        days: 0,
    })
}

fn ask_for_reason(moving: &Moving) {
    let _ = window()
        .location()
        .set_href(&format!("{}?due_on={}", moving.form, moving.to()));
}

/// Rows of the picture that have nothing of what is looked for step back; those of the table go.
fn fade_rows(find: NodeRef<leptos::html::Input>, frame: NodeRef<leptos::html::Div>) {
    let (Some(find), Some(frame)) = (find.get(), frame.get()) else {
        return;
    };
    let wanted = find.value().to_lowercase();
    let (Ok(names), Ok(rows)) = (
        frame.query_selector_all(".timeline-names li"),
        frame.query_selector_all(".timeline-picture g"),
    ) else {
        return;
    };
    // The table below lists what the picture shows.
    if let Ok(listed) = document().query_selector_all(".is-plan tbody tr") {
        for index in 0..listed.length() {
            let row = listed
                .item(index)
                .and_then(|row| row.dyn_into::<web_sys::Element>().ok());
            if let Some(row) = row {
                let words = row.text_content().unwrap_or_default().to_lowercase();
                let _ = row.toggle_attribute_with_force("hidden", !words.contains(&wanted));
            }
        }
    }
    // A name and its row stand at the same place of both.
    for index in 0..names.length() {
        let both: Vec<web_sys::Element> = [names.item(index), rows.item(index)]
            .into_iter()
            .flatten()
            .filter_map(|part| part.dyn_into().ok())
            .collect();
        let is_wanted = both.iter().any(|part| {
            let words = part.text_content().unwrap_or_default().to_lowercase();
            words.contains(&wanted)
        });
        for part in both {
            let _ = part.class_list().toggle_with_force("is-faded", !is_wanted);
        }
    }
}

/// Shows what is being moved where it would be: `units` of the picture for each of `per_days`.
fn show_moved(frame: NodeRef<leptos::html::Div>, moving: Option<&Moving>, (units, per_days): (i64, i64)) {
    let Some(Ok(marks)) = frame.get().map(|frame| frame.query_selector_all("[data-day]")) else {
        return;
    };
    for index in 0..marks.length() {
        let Some(mark) = marks
            .item(index)
            .and_then(|mark| mark.dyn_into::<web_sys::Element>().ok())
        else {
            continue;
        };
        let form = format!("{}/move", mark.get_attribute("href").unwrap_or_default());
        let away = moving.filter(|moving| moving.days != 0 && form == moving.form);
        let _ = match away {
            #[expect(clippy::cast_precision_loss, reason = "days of a few months")]
            Some(moving) => mark.set_attribute(
                "transform",
                &format!(
                    "translate({:.1} 0)",
                    (moving.days * units) as f64 / per_days as f64
                ),
            ),
            None => mark.remove_attribute("transform"),
        };
    }
}

/// Alt and the arrow keys move a mark by days, with Shift by weeks; Enter asks for the reason.
fn move_by_keys(event: &leptos::ev::KeyboardEvent, held: RwSignal<Option<Moving>>, moves: bool) {
    let step = match event.key().as_str() {
        "ArrowRight" if event.alt_key() => 1,
        "ArrowLeft" if event.alt_key() => -1,
        "Enter" => {
            if let Some(moving) = held.get_untracked().filter(|held| held.days != 0) {
                event.prevent_default();
                ask_for_reason(&moving);
            }
            return;
        }
        _ => return,
    };
    let Some(mark) = mark_at(event).filter(|_| moves) else {
        return;
    };
    event.prevent_default();
    let step = if event.shift_key() { step * 7 } else { step };
    let now = moving(&mark, -1.0);
    held.update(|held| match (held.as_mut(), now) {
        (Some(held), Some(now)) if held.form == now.form => held.days += step,
        (_, Some(now)) => *held = Some(Moving { days: step, ..now }),
        _ => {}
    });
}

/// Where not all of it is seen, the timeline opens at today, `today` pixels from its left.
fn open_at_today(frame: NodeRef<leptos::html::Div>, today: i64) {
    Effect::new(move || {
        if let Some(scroll) = frame
            .get()
            .and_then(|frame| frame.query_selector(".timeline-scroll").ok().flatten())
        {
            let shown = i64::from(scroll.client_width());
            scroll.set_scroll_left(i32::try_from(today - shown / 3).unwrap_or(0).max(0));
        }
    });
}

/// While a mark is dragged, no element has the focus: the window listens.
fn drop_on_escape(held: RwSignal<Option<Moving>>) {
    let left = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && held.with_untracked(Option::is_some) {
            held.set(None);
        }
    });
    on_cleanup(move || left.remove());
}

/// Around the drawn timeline: a filter, and moving a milestone by dragging it or with Alt and the arrow keys.
/// A move only opens the form that asks for its reason. The picture is `width` pixels wide for `days`, and
/// today stands `today` pixels from its left.
#[island]
pub fn TimelineTools(days: i64, width: i64, today: i64, moves: bool, children: Children) -> impl IntoView {
    let frame = NodeRef::<leptos::html::Div>::new();
    let held = RwSignal::new(None::<Moving>);
    let dragged = StoredValue::new(false);

    let find = NodeRef::<leptos::html::Input>::new();
    let filter = move || fade_rows(find, frame);
    // It may have been typed into before this code arrived.
    Effect::new(filter);
    // What is being moved stands where it would be.
    Effect::new(move || show_moved(frame, held.get().as_ref(), (width, days)));
    open_at_today(frame, today);
    drop_on_escape(held);
    let days_from = move |dx: f64| -> i64 {
        let width = frame
            .get_untracked()
            .and_then(|frame| frame.query_selector("svg.timeline-picture").ok().flatten())
            .map_or(0.0, |picture| picture.get_bounding_client_rect().width());
        if width <= 0.0 {
            return 0;
        }
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            reason = "days of a few months"
        )]
        let away = (dx / width * days as f64).round() as i64;
        away
    };
    let take = move |event: leptos::ev::PointerEvent| {
        if moves
            && event.button() == 0
            && let Some(mark) = mark_at(&event)
        {
            event.prevent_default();
            dragged.set_value(false);
            held.set(moving(&mark, f64::from(event.client_x())));
        }
    };
    let drag = move |event: leptos::ev::PointerEvent| {
        if held.with_untracked(Option::is_none) {
            return;
        }
        held.update(|held| {
            if let Some(held) = held.as_mut().filter(|held| held.from_x >= 0.0) {
                held.days = days_from(f64::from(event.client_x()) - held.from_x);
                if held.days != 0 {
                    dragged.set_value(true);
                }
            }
        });
    };
    let drop = move |_| {
        if let Some(moving) = held.get_untracked().filter(|held| held.from_x >= 0.0) {
            held.set(None);
            if moving.days != 0 {
                ask_for_reason(&moving);
            }
        }
    };
    // Letting go of a dragged mark is not following its link.
    let click = move |event: leptos::ev::MouseEvent| {
        if dragged.get_value() {
            dragged.set_value(false);
            event.prevent_default();
        }
    };
    let keys = move |event: leptos::ev::KeyboardEvent| move_by_keys(&event, held, moves);
    let hint = if moves {
        "Drag a diamond, or move it with Alt and the arrow keys (add Shift for weeks)."
    } else {
        ""
    };
    view! {
        <div class="timeline-tools">
            <label>
                "Find "
                <input
                    type="search"
                    node_ref=find
                    on:input=move |_| filter()
                    aria-label="Find an initiative or a milestone"
                />
            </label>
            <output class="faint" aria-live="polite" class:is-hint=move || held.with(Option::is_none)>
                {move || held.get().map_or_else(|| hint.to_owned(), |held| held.spoken())}
            </output>
        </div>
        <div
            node_ref=frame
            on:pointerdown=take
            on:pointermove=drag
            on:pointerup=drop
            on:pointerleave=drop
            on:pointercancel=move |_| held.set(None)
            on:click=click
            on:keydown=keys
        >
            {children()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use crate::platform::time::Day;

    #[test]
    fn civil_dates_are_the_calendars() {
        for days in (-30_000_i64..60_000).step_by(13).chain([11_016, 11_017, 20_880]) {
            let day = Day::new(1970, 1, 1).plus(days);
            assert_eq!(
                (super::civil(days), super::format_day(days)),
                (day.to_string(), day.0.strftime("%-d %b %Y").to_string())
            );
        }
    }
}
