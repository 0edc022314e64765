//! What answers a checkpoint where it stands: on the desk and on its milestone.

use leptos::prelude::*;

/// A small form: evidence, and "Mark done".
#[component]
pub fn PassInPlace(
    checkpoint: String,
    version: i64,
    title: String,
    action: String,
    /// Where it leads when it is done.
    back: String,
) -> impl IntoView {
    let field = format!("evidence-{checkpoint}");
    view! {
        <form method="post" action=action class="in-place">
            <input type="hidden" name="back" value=back />
            <input type="hidden" name="version" value=version />
            <label class="visually-hidden" for=field.clone()>
                {format!("Evidence for {title}")}
            </label>
            <input
                id=field
                name="evidence"
                required
                maxlength="1000"
                placeholder="Evidence: a link or a sentence"
                autocomplete="off"
            />
            <button class="button" type="submit" aria-label=format!("Mark done: {title}")>
                "Mark done"
            </button>
        </form>
    }
}
