//! Entering and attesting where the number stands, and a chart that answers the pointer and the keys.

use leptos::{ev, prelude::*, task::spawn_local};

use super::actions::{attest, enter_value};

/// One field, Enter. Without client code it posts to `action`.
#[island]
pub fn EnterInPlace(
    workspace: String,
    kpi: i64,
    period: String,
    label: String,
    unit: String,
    action: String,
    back: String,
) -> impl IntoView {
    let value = NodeRef::<leptos::html::Input>::new();
    let working = RwSignal::new(false);
    let entered = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let field = format!("value-{kpi}");
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        // Read now: it may have been typed before this code arrived.
        let typed = value
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        working.set(true);
        let (workspace, period) = (workspace.clone(), period.clone());
        spawn_local(async move {
            match enter_value(workspace, kpi, period, typed).await {
                Ok(()) => {
                    wrong.set(None);
                    entered.set(true);
                }
                Err(error) => wrong.set(Some(error.to_string())),
            }
            working.set(false);
        });
    };
    view! {
        <form method="post" action=action class="in-place is-narrow" class:is-done=entered on:submit=submit>
            <input type="hidden" name="back" value=back />
            <label class="visually-hidden" for=field.clone()>
                {label.clone()}
            </label>
            <input
                node_ref=value
                id=field
                name="value"
                required
                maxlength="20"
                inputmode="decimal"
                autocomplete="off"
            />
            <span class="unit">{unit}</span>
            <button
                class="button is-primary"
                type="submit"
                disabled=working
                aria-label=format!("Enter {label}")
            >
                "Enter"
            </button>
            <span class="in-place-word" role="status">
                {move || if entered.get() { "Entered" } else { "" }}
            </span>
            <span class="problem" role="alert">
                {move || wrong.get().unwrap_or_default()}
            </span>
        </form>
    }
}

/// Two verdicts that need nothing more, and the way to the one that does.
#[island]
pub fn AttestInPlace(
    workspace: String,
    kpi: i64,
    period: String,
    digest: String,
    label: String,
    action: String,
    back: String,
) -> impl IntoView {
    let working = RwSignal::new(false);
    let attested = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let call = {
        let (workspace, period, digest) = (workspace.clone(), period.clone(), digest.clone());
        move |event: ev::MouseEvent, status: &'static str| {
            event.prevent_default();
            if working.get_untracked() {
                return;
            }
            working.set(true);
            let (workspace, period, digest) = (workspace.clone(), period.clone(), digest.clone());
            spawn_local(async move {
                match attest(workspace, kpi, period, digest, status.to_owned()).await {
                    Ok(()) => attested.set(true),
                    Err(error) => wrong.set(Some(error.to_string())),
                }
                working.set(false);
            });
        }
    };
    let (on_track, at_risk) = (call.clone(), call);
    let off_track = action.clone();
    view! {
        <form method="post" action=action class="in-place" class:is-done=attested>
            <input type="hidden" name="back" value=back />
            <input type="hidden" name="digest" value=digest />
            <button
                class="button"
                name="status"
                value="on_track"
                disabled=working
                on:click=move |event| on_track(event, "on_track")
                aria-label=format!("On track: {label}")
            >
                "On track"
            </button>
            <button
                class="button"
                name="status"
                value="at_risk"
                disabled=working
                on:click=move |event| at_risk(event, "at_risk")
                aria-label=format!("At risk: {label}")
            >
                "At risk"
            </button>
            <a class="button" href=off_track aria-label=format!("Off track: {label}")>
                "Off track…"
            </a>
            <span class="in-place-word" role="status">
                {move || if attested.get() { "Confirmed" } else { "" }}
            </span>
            <span class="problem" role="alert">
                {move || wrong.get().unwrap_or_default()}
            </span>
        </form>
    }
}

/// Wraps a drawn chart: the pointer or the arrow keys read out its points. `positions` are thousandths of its
/// width.
#[island]
pub fn ChartReader(positions: Vec<u16>, said: Vec<String>, children: Children) -> impl IntoView {
    let at = RwSignal::new(None::<usize>);
    let count = said.len();
    let marker = {
        let positions = positions.clone();
        move || {
            at.get()
                .and_then(|index| positions.get(index).map(|share| f64::from(*share) * 0.72))
                .unwrap_or(-10.0)
        }
    };
    let nearest = move |event: ev::PointerEvent| {
        use leptos::wasm_bindgen::JsCast as _;
        let Some(element) = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        else {
            return;
        };
        let bounds = element.get_bounding_client_rect();
        if bounds.width() <= 0.0 {
            return;
        }
        let share = (f64::from(event.client_x()) - bounds.left()) / bounds.width() * 1000.0;
        let closest = positions
            .iter()
            .enumerate()
            .min_by(|(_, a), (_, b)| {
                (f64::from(**a) - share)
                    .abs()
                    .total_cmp(&(f64::from(**b) - share).abs())
            })
            .map(|(index, _)| index);
        at.set(closest);
    };
    let keys = move |event: ev::KeyboardEvent| {
        let last = count.saturating_sub(1);
        let next = match (event.key().as_str(), at.get_untracked()) {
            ("ArrowRight", Some(index)) => Some((index + 1).min(last)),
            ("ArrowLeft", Some(index)) => Some(index.saturating_sub(1)),
            ("ArrowRight" | "Home", _) => Some(0),
            ("ArrowLeft" | "End", _) => Some(last),
            ("Escape", _) => None,
            _ => return,
        };
        event.prevent_default();
        at.set(next);
    };
    view! {
        <div
            class="chart-reader"
            tabindex="0"
            role="group"
            aria-label="Chart. The arrow keys read out its periods."
            on:pointermove=nearest
            on:pointerleave=move |_| at.set(None)
            on:keydown=keys
        >
            {children()}
            <svg class="chart-marker" viewBox="0 0 720 240" aria-hidden="true">
                <line x1=marker.clone() x2=marker y1="12" y2="214"></line>
            </svg>
            <output class="chart-said" aria-live="polite">
                {move || {
                    at.get()
                        .and_then(|index| said.get(index).cloned())
                        .unwrap_or_else(|| "Point at a period, or use the arrow keys.".to_owned())
                }}
            </output>
        </div>
    }
}
