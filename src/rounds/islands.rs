//! Weighted totals that follow what is being scored.

use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys::HtmlInputElement};

/// Stands around the form; the server renders the totals of what is filled in already.
#[island]
pub fn LiveTotals(titles: Vec<String>, weights: Vec<i64>, given: Vec<Vec<Option<i64>>>, children: Children) -> impl IntoView {
    let scores = RwSignal::new(given);
    let changed = move |event: ev::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        let name = input.name();
        let mut parts = name.strip_prefix("score-").unwrap_or_default().split('-').map(str::parse::<usize>);
        if let (Some(Ok(thing)), Some(Ok(measure))) = (parts.next(), parts.next()) {
            scores.update(|scores| {
                if let Some(cell) = scores.get_mut(thing).and_then(|row| row.get_mut(measure)) {
                    *cell = input.value().parse().ok();
                }
            });
        }
    };
    let rows = titles
        .into_iter()
        .enumerate()
        .map(|(thing, title)| {
            let weights = weights.clone();
            let total = move || scores.with(|scores| scores.get(thing).map_or_else(String::new, |row| total(row, &weights)));
            view! { <li><span>{title}</span><strong>{total}</strong></li> }
        })
        .collect_view();
    view! {
        <div class="with-totals" on:change=changed>
            {children()}
            <aside class="card totals" aria-live="polite"><h2>"Your weighted totals"</h2><ul>{rows}</ul></aside>
        </div>
    }
}

/// "4.2", or how many scores are missing.
fn total(row: &[Option<i64>], weights: &[i64]) -> String {
    let missing = row.iter().filter(|score| score.is_none()).count();
    if missing > 0 {
        return format!("{missing} to go");
    }
    let sum: i64 = row.iter().flatten().zip(weights).map(|(score, weight)| score * weight).sum();
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
