//! A chart that answers the pointer and the keys.

use leptos::{ev, prelude::*};

/// Up to this width the narrow drawing is shown, as the style sheet has it.
const NARROW: f64 = 480.0;

/// Left edge and width of what an event is heard on.
fn bounds(event: &ev::Event) -> Option<(f64, f64)> {
    use leptos::wasm_bindgen::JsCast as _;
    let element = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    let bounds = element.get_bounding_client_rect();
    (bounds.width() > 0.0).then(|| (bounds.left(), bounds.width()))
}

/// Wraps a drawn chart: the pointer or the arrow keys read out its points. The positions are thousandths of
/// its width, in the wide drawing and in the narrow one.
#[island]
pub fn ChartReader(
    positions: Vec<u16>,
    narrow_positions: Vec<u16>,
    said: Vec<String>,
    children: Children,
) -> impl IntoView {
    let at = RwSignal::new(None::<usize>);
    let is_narrow = RwSignal::new(false);
    let count = said.len();
    let places = StoredValue::new([positions, narrow_positions]);
    let marker = move || {
        at.get()
            .and_then(|index| {
                places.with_value(|places| places[usize::from(is_narrow.get())].get(index).copied())
            })
            .map_or(-10.0, f64::from)
    };
    let nearest = move |event: ev::PointerEvent| {
        let Some((left, width)) = bounds(&event) else {
            return;
        };
        is_narrow.set(width <= NARROW);
        let share = (f64::from(event.client_x()) - left) / width * 1000.0;
        let closest = places.with_value(|places| {
            places[usize::from(width <= NARROW)]
                .iter()
                .enumerate()
                .min_by(|(_, a), (_, b)| {
                    (f64::from(**a) - share)
                        .abs()
                        .total_cmp(&(f64::from(**b) - share).abs())
                })
                .map(|(index, _)| index)
        });
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
        is_narrow.set(bounds(&event).is_some_and(|(_, width)| width <= NARROW));
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
            <div class="chart-drawing">
                {children()}
                <svg
                    class="chart-marker"
                    viewBox="0 0 1000 100"
                    preserveAspectRatio="none"
                    aria-hidden="true"
                >
                    <line x1=marker x2=marker y1="5" y2="89"></line>
                </svg>
            </div>
            <output class="chart-said" aria-live="polite">
                {move || {
                    at.get()
                        .and_then(|index| said.get(index).cloned())
                        .unwrap_or_else(|| "Point at a period or tap it, or use the arrow keys.".to_owned())
                }}
            </output>
        </div>
    }
}
