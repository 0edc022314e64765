//! What answers a number where it stands: entering and confirming it.

use leptos::prelude::*;

/// One field, Enter.
#[component]
pub fn EnterInPlace(
    kpi: i64,
    label: String,
    unit: String,
    action: String,
    /// Where it leads when it is done.
    back: String,
) -> impl IntoView {
    let field = format!("value-{kpi}");
    view! {
        <form method="post" action=action class="in-place is-narrow">
            <input type="hidden" name="back" value=back />
            <label class="visually-hidden" for=field.clone()>
                {label.clone()}
            </label>
            <input id=field name="value" required maxlength="20" inputmode="decimal" autocomplete="off" />
            <span class="unit">{unit}</span>
            <button class="button is-primary" type="submit" aria-label=format!("Enter {label}")>
                "Enter"
            </button>
        </form>
    }
}

/// Two verdicts that need nothing more, and the way to the one that does.
#[component]
pub fn AttestInPlace(
    digest: String,
    label: String,
    action: String,
    /// Where it leads when it is done.
    back: String,
) -> impl IntoView {
    let off_track = action.clone();
    view! {
        <form method="post" action=action class="in-place">
            <input type="hidden" name="back" value=back />
            <input type="hidden" name="digest" value=digest />
            <button class="button" name="status" value="on_track" aria-label=format!("On track: {label}")>
                "On track"
            </button>
            <button class="button" name="status" value="at_risk" aria-label=format!("At risk: {label}")>
                "At risk"
            </button>
            <a class="button" href=off_track aria-label=format!("Off track: {label}")>
                "Off track…"
            </a>
        </form>
    }
}
