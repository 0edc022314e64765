//! A chart that answers the pointer and the keys.

use leptos::{ev, prelude::*};

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
