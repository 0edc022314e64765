//! Choosing: one of a list, one of a few with their meaning, any number, and a tick.

use leptos::prelude::*;

use super::field::{describedby, field_frame, field_label, form, meanwhile};

/// The options of a [`Select`] over a closed list, each with its value and its name.
pub fn choices<T: Copy>(
    all: &[T],
    value: fn(T) -> &'static str,
    name: fn(T) -> &'static str,
) -> Vec<(String, String)> {
    all.iter()
        .map(|one| (value(*one).to_owned(), name(*one).to_owned()))
        .collect()
}

/// A choice from a list of `(value, label)`.
#[component]
pub fn Select(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] help: Option<String>,
    /// What an empty choice is called; without it, one of the options is chosen.
    #[prop(optional, into)]
    none: Option<String>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let form = form();
    let problem = form.problem_of(name).map(str::to_owned);
    let described = describedby(name, help.is_some(), problem.is_some());
    let chosen = form.raw(name).to_owned();
    let listed = options
        .iter()
        .cloned()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {label}
                </option>
            }
        })
        .collect_view();
    let control = view! {
        <select
            id=name
            name=name
            required=!optional
            aria-describedby=described
            aria-invalid=problem.is_some().then_some("true")
        >
            {none
                .map(|none| {
                    view! {
                        <option value="" selected=chosen.is_empty()>
                            {none}
                        </option>
                    }
                })}
            {listed}
        </select>
    };
    field_frame(&form, name, (label, optional), help, &options, control.into_any())
}

/// One choice of a few, each with its meaning: `(value, label, help)`.
#[component]
pub fn RadioGroup(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String, String)>,
) -> impl IntoView {
    let form = form();
    let problem = form.problem_of(name).map(str::to_owned);
    let labels: Vec<(String, String)> = options
        .iter()
        .map(|(value, label, _)| (value.clone(), label.clone()))
        .collect();
    let meanwhile = meanwhile(&form, name, &labels);
    let listed = options
        .into_iter()
        .enumerate()
        .map(|(index, (value, label, help))| {
            let id = if index == 0 {
                name.to_owned()
            } else {
                format!("{name}-{value}")
            };
            let checked = form.has(name, &value);
            view! {
                <div class="choice">
                    <input type="radio" id=id.clone() name=name value=value checked=checked required=true />
                    <label for=id>
                        <span>{label}</span>
                        {(!help.is_empty()).then_some(view! { <small>{help}</small> })}
                    </label>
                </div>
            }
        })
        .collect_view();
    field_label(name, &label);
    let class = if problem.is_some() {
        "field is-wrong"
    } else {
        "field"
    };
    view! {
        <fieldset class=class>
            <legend>{label}</legend>
            {listed}
            {meanwhile}
            {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
        </fieldset>
    }
}

/// Any number of choices: `(value, label)`.
#[component]
pub fn CheckGroup(
    name: &'static str,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(optional, into)] help: Option<String>,
) -> impl IntoView {
    let form = form();
    let problem = form.problem_of(name).map(str::to_owned);
    let (is_empty, meanwhile) = (options.is_empty(), meanwhile(&form, name, &options));
    let listed = options
        .into_iter()
        .enumerate()
        .map(|(index, (value, label))| {
            let id = if index == 0 {
                name.to_owned()
            } else {
                format!("{name}-{index}")
            };
            let checked = form.has(name, &value);
            view! {
                <div class="choice">
                    <input type="checkbox" id=id.clone() name=name value=value checked=checked />
                    <label for=id>{label}</label>
                </div>
            }
        })
        .collect_view();
    field_label(name, &label);
    let class = if problem.is_some() {
        "field is-wrong"
    } else {
        "field"
    };
    view! {
        <fieldset class=class>
            <legend>{label}</legend>
            {help.map(|help| view! { <p class="help">{help}</p> })}
            <div class="choices">{listed}</div>
            {meanwhile}
            {is_empty.then_some(view! { <p class="help">"There are none yet."</p> })}
            {problem.map(|problem| view! { <p class="problem">{problem}</p> })}
        </fieldset>
    }
}

/// Asked where a typed number was doubted: whether it is right as it stands.
#[component]
pub fn SureTick() -> impl IntoView {
    let form = form();
    let problem = form.problem_of("is_sure").map(str::to_owned);
    let is_sure = form.is_ticked("is_sure");
    (problem.is_some() || is_sure).then(|| {
        let class = if problem.is_some() {
            "field is-wrong"
        } else {
            "field"
        };
        field_label("is_sure", "Unusual number");
        view! {
            <div class=class>
                {problem
                    .clone()
                    .map(|problem| view! { <p class="problem" id="is_sure-problem">{problem}</p> })}
                <div class="choice">
                    <input
                        type="checkbox"
                        id="is_sure"
                        name="is_sure"
                        value="on"
                        checked=is_sure
                        aria-invalid=problem.is_some().then_some("true")
                        aria-describedby="is_sure-problem"
                    />
                    <label for="is_sure">"It is right as typed"</label>
                </div>
            </div>
        }
    })
}
