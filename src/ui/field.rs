//! Forms: one column, label above, help below, the error beside its field and in a summary that takes focus.
//! Values and errors come from the [`Form`] in context, so a refused form comes back as it was typed.

use std::sync::{Arc, Mutex};

use leptos::prelude::*;

use super::redline::Redline;
use crate::platform::form::{Form, MISSING};

pub(super) fn form() -> Form {
    use_context::<Form>().unwrap_or_default()
}

/// A form that posts to `action`, or to the page's own address. Gives its children their values, and says
/// above them what was wrong or what changed meanwhile.
#[component]
pub fn PostForm(
    #[prop(optional)] form: Form,
    #[prop(optional, into)] action: Option<String>,
    #[prop(optional)] class: &'static str,
    /// Whether it sends a file.
    #[prop(optional)]
    uploads: bool,
    children: Children,
) -> impl IntoView {
    let owner = Owner::current().map(|owner| owner.child()).unwrap_or_default();
    let labels = Labels::default();
    let inner = owner.with(|| {
        provide_context(form.clone());
        provide_context(labels.clone());
        children()
    });
    let summary = summary(&form, &labels);
    let class = format!("form {class}");
    view! {
        <form
            method="post"
            action=action
            class=class.trim().to_owned()
            enctype=uploads.then_some("multipart/form-data")
        >
            {summary}
            {inner}
        </form>
    }
}

/// What the fields of a form are called, by their names: known once they are drawn, for saying above them
/// what is wrong.
#[derive(Clone, Default)]
struct Labels(Arc<Mutex<Vec<(&'static str, String)>>>);

impl Labels {
    fn of(&self, name: &str) -> Option<String> {
        self.0
            .lock()
            .ok()?
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, label)| label.clone())
    }
}

/// Tells the form what a field is called.
pub(super) fn field_label(name: &'static str, label: &str) {
    if let Some(mut labels) = use_context::<Labels>()
        .as_ref()
        .and_then(|labels| labels.0.lock().ok())
    {
        labels.push((name, label.to_owned()));
    }
}

fn summary(form: &Form, labels: &Labels) -> AnyView {
    if form.is_late() && !form.is_changed_meanwhile() {
        return view! {
            <div class="problems" role="alert" tabindex="-1" autofocus=true>
                <h2>"This changed while you were reading"</h2>
                <p>
                    "Nothing was signed or saved. The page now shows the current text. Read it again, then \
                        decide. Your words are kept below."
                </p>
            </div>
        }
        .into_any();
    }
    if form.is_late() {
        let differences = form
            .conflicts()
            .iter()
            .map(|difference| {
                view! {
                    <div class="difference">
                        <h3>{difference.label}</h3>
                        <p class="prose">
                            <Redline before=difference.theirs.clone() after=difference.yours.clone() />
                        </p>
                        <details>
                            <summary>"The text as it is now"</summary>
                            <p class="prose">{difference.theirs.clone()}</p>
                        </details>
                    </div>
                }
            })
            .collect_view();
        return view! {
            <div class="problems" role="alert" tabindex="-1" autofocus=true>
                <h2>"Somebody changed this while you were editing"</h2>
                <p>
                    "Nothing was saved, and nothing is lost: your text is in the form below. The \
                        differences are marked here and beside each choice. Saving again replaces the \
                        current text with yours."
                </p>
                {differences}
            </div>
        }
        .into_any();
    }
    if form.problems().is_empty() {
        return ().into_any();
    }
    let title = match form.problems().len() {
        1 => "Please fix this".to_owned(),
        count => format!("Please fix these {count} things"),
    };
    let lines = form
        .problems()
        .iter()
        .map(|problem| {
            if problem.field.is_empty() {
                view! { <li>{problem.what.clone()}</li> }.into_any()
            } else {
                let label = labels.of(&problem.field);
                let words = match label {
                    Some(label) if problem.what == MISSING && !label.ends_with('?') => {
                        format!("“{label}” is missing.")
                    }
                    Some(label) if label.ends_with('?') => format!("{label} {}", problem.what),
                    Some(label) => format!("{label}: {}", problem.what),
                    None => problem.what.clone(),
                };
                view! {
                    <li>
                        <a href=format!("#{}", problem.field)>{words}</a>
                    </li>
                }
                .into_any()
            }
        })
        .collect_view();
    view! {
        <div class="problems" role="alert" tabindex="-1" autofocus=true>
            <h2>{title}</h2>
            <ul>{lines}</ul>
        </div>
    }
    .into_any()
}

/// The frame of one field: label, control, help, error, and what somebody else made of it meanwhile.
pub(super) fn field_frame(
    form: &Form,
    name: &'static str,
    (label, optional): (String, bool),
    help: Option<String>,
    options: &[(String, String)],
    control: AnyView,
) -> impl IntoView + use<> {
    field_label(name, &label);
    let problem = form.problem_of(name).map(str::to_owned);
    let class = if problem.is_some() {
        "field is-wrong"
    } else {
        "field"
    };
    view! {
        <div class=class>
            <label for=name>
                {label}{optional.then_some(view! { <span class="optional">" (optional)"</span> })}
            </label>
            {control}
            {meanwhile(form, name, options)}
            {help
                .map(|help| {
                    view! {
                        <p class="help" id=format!("{name}-help")>
                            {help}
                        </p>
                    }
                })}
            {problem
                .map(|problem| {
                    view! {
                        <p class="problem" id=format!("{name}-problem")>
                            {problem}
                        </p>
                    }
                })}
        </div>
    }
}

/// What somebody else made of a field since its form was made, in the words of its options.
pub(super) fn meanwhile(
    form: &Form,
    name: &str,
    options: &[(String, String)],
) -> Option<impl IntoView + use<>> {
    let said = |value: &str| {
        options
            .iter()
            .find(|(known, _)| known == value)
            .map_or_else(|| value.to_owned(), |(_, label)| label.clone())
    };
    let values: Vec<String> = form.conflict_of(name)?.into_iter().map(said).collect();
    let detail = if values.is_empty() {
        "Somebody emptied this meanwhile.".to_owned()
    } else {
        format!("Somebody changed this to “{}” meanwhile.", values.join("”, “"))
    };
    Some(view! { <p class="changed">{detail}</p> })
}

/// `aria-describedby` for a field with this help and problem.
pub(super) fn describedby(name: &str, has_help: bool, has_problem: bool) -> Option<String> {
    match (has_help, has_problem) {
        (true, true) => Some(format!("{name}-problem {name}-help")),
        (true, false) => Some(format!("{name}-help")),
        (false, true) => Some(format!("{name}-problem")),
        (false, false) => None,
    }
}

#[component]
pub fn TextField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(default = 200)] max_length: usize,
    #[prop(optional)] min_length: Option<usize>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] autofocus: bool,
    /// A new password that something else in the form sent back: it was typed on this page, for nobody yet.
    #[prop(optional)]
    is_kept: bool,
) -> impl IntoView {
    let form = form();
    let problem = form.problem_of(name).map(str::to_owned);
    let value = (kind != "password" || (is_kept && problem.is_none())).then(|| form.raw(name).to_owned());
    let described = describedby(name, help.is_some(), problem.is_some());
    let control = view! {
        <input
            id=name
            name=name
            type=kind
            dir=(kind == "text").then_some("auto")
            value=value
            maxlength=max_length
            minlength=min_length
            required=!optional
            autocomplete=autocomplete
            inputmode=inputmode
            autofocus=autofocus
            aria-describedby=described
            aria-invalid=problem.is_some().then_some("true")
        />
    };
    field_frame(&form, name, (label, optional), help, &[], control.into_any())
}

#[component]
pub fn DateField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: Option<String>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let form = form();
    let problem = form.problem_of(name).map(str::to_owned);
    let described = describedby(name, help.is_some(), problem.is_some());
    let control = view! {
        <input
            id=name
            name=name
            type="date"
            value=form.raw(name).to_owned()
            required=!optional
            min="1900-01-01"
            max="2199-12-31"
            aria-describedby=described
            aria-invalid=problem.is_some().then_some("true")
        />
    };
    field_frame(&form, name, (label, optional), help, &[], control.into_any())
}

/// A file to be sent along. Browsers do not give it back after a refusal, so it is never required, and named
/// then.
#[component]
pub fn FileField(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into)] help: String,
    accept: &'static str,
) -> impl IntoView {
    let form = form();
    let problem = form.problem_of(name).map(str::to_owned);
    let described = describedby(name, true, problem.is_some());
    let help = if form.raw(name).is_empty() {
        help
    } else {
        format!("{help} Choose the file “{}” again.", form.raw(name))
    };
    let control = view! {
        <input
            id=name
            name=name
            type="file"
            accept=accept
            aria-describedby=described
            aria-invalid=problem.is_some().then_some("true")
        />
    };
    field_frame(&form, name, (label, true), Some(help), &[], control.into_any())
}

/// The server's renderer does not escape what stands inside a text area; here it is.
#[component]
pub fn TextArea(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = 4000)] max_length: usize,
    #[prop(default = 4)] rows: usize,
    #[prop(optional)] optional: bool,
    /// Whether its help says when it is needed.
    #[prop(optional)]
    sometimes: bool,
    /// Where the names that may follow an @ are asked for.
    #[prop(optional, into)]
    names: Option<String>,
) -> impl IntoView {
    let form = form();
    let problem = form.problem_of(name).map(str::to_owned);
    let described = describedby(name, help.is_some(), problem.is_some());
    // A text area drops its first line break; this one is there to be dropped.
    let content = format!("\n{}", escape(form.raw(name)));
    let control = view! {
        <textarea
            id=name
            name=name
            dir="auto"
            rows=rows
            maxlength=max_length
            required=!(optional || sometimes)
            data-names=names
            aria-describedby=described
            aria-invalid=problem.is_some().then_some("true")
            inner_html=content
        ></textarea>
    };
    field_frame(&form, name, (label, optional), help, &[], control.into_any())
}

/// Why something is ended for both sides.
#[component]
pub fn Reason() -> impl IntoView {
    view! {
        <TextArea
            name="because"
            label="Reason"
            help="One sentence that both sides understand."
            rows=2
            max_length=500
        />
    }
}

/// The form by which a table is sent, as a file or pasted: where it is posted and where one goes back to, why
/// it was refused, an example and what was pasted.
pub fn table_upload(
    (action, cancel): (String, String),
    refused: Option<String>,
    (example, pasted): (&'static str, &str),
) -> impl IntoView + use<> {
    let area = plain_area("pasted", 8, example, pasted);
    view! {
        <form method="post" enctype="multipart/form-data" class="form" action=action>
            {refused
                .map(|why| {
                    view! {
                        <div class="problems" role="alert" tabindex="-1" autofocus=true>
                            <h2>"Nothing was entered"</h2>
                            <p>{why}</p>
                        </div>
                    }
                })}
            <div class="field">
                <label for="file">"File"</label>
                <input type="file" id="file" name="file" accept=".csv,.txt,.tsv,.xlsx,text/csv" />
            </div>
            <div class="field">
                <label for="pasted">"Or paste the table"</label>
                {area}
            </div>
            <Actions verb="Preview" cancel=cancel />
        </form>
    }
}

/// A text area outside of a [`PostForm`].
pub fn plain_area(
    name: &'static str,
    rows: usize,
    placeholder: &'static str,
    text: &str,
) -> impl IntoView + use<> {
    let content = format!("\n{}", escape(text));
    view! { <textarea id=name name=name dir="auto" rows=rows placeholder=placeholder inner_html=content></textarea> }
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A value that travels with the form: the version it was made from, the id of what it makes.
#[component]
pub fn Hidden(name: &'static str, #[prop(optional, into)] value: Option<String>) -> impl IntoView {
    let value = value.unwrap_or_else(|| form().raw(name).to_owned());
    view! { <input type="hidden" name=name value=value /> }
}

/// Fields that belong together, side by side where there is room.
#[component]
pub fn Fields(children: Children) -> impl IntoView {
    view! { <div class="fields">{children()}</div> }
}

/// What Enter presses in a form whose first button does something else: the one that sends it.
#[component]
pub fn DefaultButton() -> impl IntoView {
    view! { <button type="submit" class="default-button" tabindex="-1" aria-hidden="true"></button> }
}

/// The button that says what happens, and the way out.
#[component]
pub fn Actions(
    #[prop(into)] verb: String,
    #[prop(optional, into)] cancel: Option<String>,
    #[prop(optional)] danger: bool,
    /// What it does instead while an objection is chosen in the form.
    #[prop(optional, into)]
    objecting: Option<String>,
) -> impl IntoView {
    let verb = match objecting {
        None => verb.into_any(),
        Some(objecting) => view! {
            <span class="when-agreeing">{verb}</span>
            <span class="when-objecting">{objecting}</span>
        }
        .into_any(),
    };
    view! {
        <div class="actions">
            <button type="submit" class=if danger { "button is-danger" } else { "button is-primary" }>
                {verb}
            </button>
            {cancel
                .map(|href| {
                    view! {
                        <a class="button" href=href>
                            "Cancel"
                        </a>
                    }
                })}
        </div>
    }
}
