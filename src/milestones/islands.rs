//! Passing a checkpoint where it stands.

use leptos::{prelude::*, task::spawn_local};

use super::actions::pass_checkpoint;

/// A small form: evidence, and "Pass". Without client code it posts to `action`; with it, it passes in place.
#[island]
pub fn PassInPlace(workspace: String, checkpoint: String, title: String, action: String, back: String) -> impl IntoView {
    let evidence = NodeRef::<leptos::html::Input>::new();
    let working = RwSignal::new(false);
    let passed = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let field = format!("evidence-{checkpoint}");

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if working.get_untracked() {
            return;
        }
        // Read now: it may have been typed before this code arrived.
        let typed = evidence.get_untracked().map(|input| input.value()).unwrap_or_default();
        working.set(true);
        let (workspace, checkpoint) = (workspace.clone(), checkpoint.clone());
        spawn_local(async move {
            match pass_checkpoint(workspace, checkpoint, typed).await {
                Ok(()) => passed.set(true),
                Err(error) => wrong.set(Some(error.to_string())),
            }
            working.set(false);
        });
    };
    view! {
        <form method="post" action=action class="in-place" class:is-done=passed on:submit=submit>
            <input type="hidden" name="back" value=back/>
            <label class="visually-hidden" for=field.clone()>{format!("Evidence for {title}")}</label>
            <input node_ref=evidence id=field name="evidence" required maxlength="1000" placeholder="Evidence: a link or a sentence" autocomplete="off"/>
            <button class="button" type="submit" disabled=working aria-label=format!("Pass {title}")>"Pass"</button>
            <span class="in-place-word" role="status">{move || if passed.get() { "Passed" } else { "" }}</span>
            <span class="problem" role="alert">{move || wrong.get().unwrap_or_default()}</span>
        </form>
    }
}
