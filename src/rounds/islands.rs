//! Weighted totals that follow what is being scored.

use leptos::{html, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

/// Stands around the form; the server renders the totals of what is filled in already.
#[island]
pub fn LiveTotals(
    titles: Vec<String>,
    weights: Vec<i64>,
    given: Vec<Vec<Option<i64>>>,
    children: Children,
) -> impl IntoView {
    let scores = RwSignal::new(given);
    let frame = NodeRef::<html::Div>::new();
    let read = move || {
        let Some(frame) = frame.get() else { return };
        scores.update(|scores| {
            for (thing, row) in scores.iter_mut().enumerate() {
                for (measure, cell) in row.iter_mut().enumerate() {
                    let ticked = frame
                        .query_selector(&format!("[name=score-{thing}-{measure}]:checked"))
                        .ok()
                        .flatten();
                    *cell = ticked
                        .and_then(|input| input.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok());
                }
            }
        });
    };
    // Some may have been ticked before this code arrived.
    Effect::new(read);
    let rows = titles
        .into_iter()
        .enumerate()
        .map(|(thing, title)| {
            let weights = weights.clone();
            let total = move || {
                scores.with(|scores| {
                    scores
                        .get(thing)
                        .map_or_else(String::new, |row| total(row, &weights))
                })
            };
            view! {
                <li>
                    <span>{title}</span>
                    <strong>{total}</strong>
                </li>
            }
        })
        .collect_view();
    view! {
        <div node_ref=frame class="with-totals" on:change=move |_| read()>
            {children()}
            <aside class="card totals" aria-live="polite">
                <h2>"Your weighted totals"</h2>
                <ul>{rows}</ul>
            </aside>
        </div>
    }
}

/// "4.2", or how many scores are missing.
fn total(row: &[Option<i64>], weights: &[i64]) -> String {
    let missing = row.iter().filter(|score| score.is_none()).count();
    if missing > 0 {
        return format!("{missing} to go");
    }
    let sum: i64 = row
        .iter()
        .flatten()
        .zip(weights)
        .map(|(score, weight)| score * weight)
        .sum();
    super::Mean::of(sum, weights.iter().sum()).map_or_else(String::new, |mean| mean.to_string())
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn a_total_waits_for_every_score() {
        assert_eq!(total(&[Some(4), None], &[3, 2]), "1 to go");
        // (3·4 + 2·5) / 5
        assert_eq!(total(&[Some(4), Some(5)], &[3, 2]), "4.4");
    }
}
