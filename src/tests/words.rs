//! What somebody typed is given back, wherever it cannot be taken.

use super::{
    story::{decision, reworded},
    world::World,
};
use crate::story;

story!(an_objection_survives_that_the_text_was_taken_away, |t| {
    let (path, options) = decision(&t, "Which platform?").await;
    let (lena, priya, ana) = (
        t.sign_in("lena").await,
        t.sign_in("priya").await,
        t.sign_in("ana").await,
    );
    ana.takes(
        &format!("{path}/propose"),
        &[
            ("option", &options[0]),
            ("rationale", "Fast."),
            ("stage", "adopt"),
        ],
    )
    .await;
    let digest = lena.page(&format!("{path}/sign")).await.value("digest");
    reworded(&t, &ana, &path).await;
    let objection = [
        ("digest", digest.as_str()),
        ("verdict", "object"),
        ("reason", "It ties us to one vendor for years."),
    ];
    lena.post(&format!("{path}/sign"), &objection)
        .await
        .must_be(409)
        .must_say("It ties us to one vendor for years.")
        .must_say("Continue");
    // Going back to the page of what is signed leads to the record.
    ana.takes(
        &format!("{path}/propose"),
        &[
            ("option", &options[0]),
            ("rationale", "Fast."),
            ("stage", "adopt"),
        ],
    )
    .await;
    for who in [&lena, &priya] {
        who.sign(&path).await.must_be(303);
        let back = who.get(&format!("{path}/sign")).await;
        back.must_be(303);
        assert!(back.location().ends_with(&path), "{}", back.location());
    }
});

story!(
    a_form_whose_session_ended_is_sent_after_signing_in_on_its_page,
    |t| {
        let world = World::with(&t, "Something of ours").await;
        let comment = format!("{}/comments", world.decision);
        let mut nobody = world.kofi.clone();
        nobody.cookie = None;
        let said = "The contract ends in March & we know it.";
        let refused = nobody.post(&comment, &[("body", said)]).await;
        refused
            .must_be(401)
            .must_say("You are signed out")
            .must_say("Sign in here to send what you typed; it is kept on this page.")
            .must_say(said);
        let (held, next) = (refused.value("held"), refused.value("next"));
        let wrong = [
            ("email", "kofi@northwind.test"),
            ("password", "not this one at all"),
            ("held", &held),
            ("next", &next),
        ];
        let again = nobody.post("/sign-in", &wrong).await;
        again.must_be(422);
        assert_eq!(again.value("held"), held, "kept through a mistyped password");
        let mut fields = wrong;
        fields[1].1 = super::PASSWORD;
        let offered = nobody.post("/sign-in", &fields).await;
        offered
            .must_be(200)
            .must_say("Send what you typed")
            .must_say(said);
        assert_eq!(offered.value("body"), said);
        let mut kofi = nobody.clone();
        kofi.cookie = offered.cookie();
        kofi.takes(&comment, &[("body", &offered.value("body"))]).await;
        kofi.page(&world.decision).await.must_say(said);

        // So are the words of a form that carries a file, and a pasted table.
        let file = "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF\r\n";
        let field = |name: &str, value: &str| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let pass = format!("{}{file}--x--\r\n", field("evidence", "Read by legal on Friday"));
        let table = format!("{}--x--\r\n", field("pasted", "kpi;period;value"));
        for (path, body, said) in [
            (
                "checkpoints/00000000-0000-0000-0000-000000000000/pass",
                pass,
                "Read by legal on Friday",
            ),
            ("kpis/import", table, "kpi;period;value"),
        ] {
            let kind = [("content-type", "multipart/form-data; boundary=x")];
            nobody
                .send_bytes(axum::http::Method::POST, path, &kind, body.into_bytes())
                .await
                .must_be(401)
                .must_say(said)
                .must_say("A file has to be chosen again.");
        }
        t.verify().await;
    }
);

story!(choosing_something_else_in_a_form_keeps_what_was_typed, |t| {
    let world = World::with(&t, "Something of ours").await;
    let dana = &world.dana;
    let typed = [("choose", "pilot"), ("title", "Our own title"), ("purpose", "")];
    let page = dana.page("initiatives/new").await;
    let template = page
        .body
        .split("name=\"choose\"")
        .nth(1)
        .and_then(|rest| rest.split("value=\"").nth(1))
        .and_then(|rest| rest.split('"').next())
        .expect("a template")
        .to_owned();
    let mut fields = typed.to_vec();
    fields[0].1 = &template;
    let chosen = dana.post("initiatives/new", &fields).await;
    chosen.must_be(200).must_say("The template adds the milestones");
    assert_eq!(chosen.value("title"), "Our own title");
    let suggest = format!("definition/clauses/{}/suggest", world.clause);
    let page = world.kofi.page(&suggest).await;
    let fields = [
        ("reword", "title".to_owned()),
        ("field", page.value("field")),
        ("before", page.value("before")),
        ("after", "A promise in other words".to_owned()),
        ("because", "Nobody reads the old one.".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let other = world.kofi.post(&suggest, &fields).await;
    other.must_be(200);
    assert_eq!(other.value("field"), "title");
    assert_eq!(other.value("kept-promise"), "A promise in other words");
    assert!(other.says("Nobody reads the old one."));
    t.verify().await;
});
