use super::*;

#[test]
fn a_refused_form_keeps_what_was_typed() {
    let mut form = Form::parse(b"title=%20&due_on=soon&value=1e5&days=2.5&who=x&who=y").expect("a form");
    let taken = (
        form.line("title", 10),
        form.day("due_on"),
        form.quantity("value"),
        form.whole("days"),
    );
    assert_eq!(taken, (None, None, None, None));
    let Error::Invalid(problems) = form.refusal() else {
        panic!("refused")
    };
    assert_eq!(
        problems.iter().map(|p| p.field.as_str()).collect::<Vec<_>>(),
        ["title", "due_on", "value", "days"]
    );
    let form = form.with_problems(problems);
    assert_eq!(
        (form.raw("due_on"), form.problem_of("title")),
        ("soon", Some("This is missing."))
    );
    assert!(form.has("who", "y"));
}

#[test]
fn a_conflict_names_the_fields_that_differ_and_takes_the_new_version() {
    let yours = Form::parse(b"version=3&title=Ours&promise=Same").expect("a form");
    let now = Form::blank()
        .with("version", "4")
        .with("title", "Theirs")
        .with("promise", "Same");
    let form = yours
        .late()
        .over(now, &[("title", "Title"), ("promise", "Promise")]);
    assert_eq!(form.version(), 4);
    assert_eq!(form.raw("title"), "Ours");
    assert_eq!(
        form.conflicts()
            .iter()
            .map(|d| (d.theirs.as_str(), d.yours.as_str()))
            .collect::<Vec<_>>(),
        [("Theirs", "Ours")]
    );
    assert_eq!(form.conflict_of("title"), None, "told once");
}

#[test]
fn a_choice_that_somebody_changed_is_told_beside_it() {
    let yours = || {
        Form::parse(b"version=3&owner=ana&serves=1&serves=2&starts_on=2026-11-01")
            .expect("a form")
            .late()
    };
    let now = |owner: &str, serves: &[&str]| {
        let each = serves.iter().map(|value| (*value).to_owned());
        Form::blank()
            .with("version", "4")
            .with("owner", owner)
            .with("starts_on", "2026-11-01")
            .with_each("serves", each)
    };
    let form = yours().over(now("kofi", &["2", "1"]), &[]);
    assert_eq!(form.conflict_of("owner"), Some(vec!["kofi"]));
    assert_eq!(
        (form.conflict_of("serves"), form.conflict_of("starts_on")),
        (None, None)
    );
    assert_eq!(
        yours().over(now("ana", &[]), &[]).conflict_of("serves"),
        Some(Vec::new())
    );
    let with_reason = yours()
        .with("because", "It moved.")
        .over(now("ana", &["1", "2"]), &[]);
    assert_eq!(
        with_reason.conflict_of("because"),
        None,
        "the reason is the act's, not the thing's"
    );
    assert!(
        form.is_changed_meanwhile() && !yours().over(now("ana", &["1", "2"]), &[]).is_changed_meanwhile()
    );
}
