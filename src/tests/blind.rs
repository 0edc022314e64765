//! Nothing of a side's judgement reaches the other before the round closes: not by any page, export, count or
//! state.

use axum::http::Method;
use proptest::{
    strategy::{Strategy as _, ValueTree as _},
    test_runner::TestRunner,
};

use super::{TestApp, world::World};
use crate::{platform::db::Engine, routes};

/// Everything that can be read, as somebody sees it while Marketing's answers are these.
async fn seen_by_others(t: &TestApp, world: &World, who: &[&str]) -> Vec<(String, String)> {
    let lena = t.member("lena").await;
    let mut seen = Vec::new();
    for name in who {
        let user = t.sign_in(name).await;
        for (method, pattern) in routes::all().entries() {
            if *method != Method::GET || !pattern.starts_with("/w/") {
                continue;
            }
            let mut path = world.fill(pattern, &t.slug, &lena);
            if pattern.ends_with("compare") {
                path.push_str("?from=1&to=1");
            }
            let answer = user.get(&path).await;
            seen.push((format!("{name} at {path}"), without_secrets(&answer.body)));
        }
    }
    seen
}

/// Pages differ in their nonces, and in nothing else.
fn without_secrets(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find("nonce=\"") {
        out.push_str(&rest[..at]);
        rest = rest[at + 7..].split_once('"').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// The same story with these answers of Marketing, in rounds that stay open: over the clauses and over the
/// options.
async fn told(scores: &[String; 4], note: &str) -> Vec<(String, String)> {
    let t = TestApp::on(Engine::Sqlite).await;
    let world = World::with(&t, "Something of ours").await;
    world
        .dana
        .takes(
            "definition/rounds/open",
            &[("wanted", "2"), ("ends_on", "2026-11-30")],
        )
        .await;
    world
        .dana
        .takes(
            &format!("{}/scoring/open", world.decision),
            &[("wanted", "2"), ("ends_on", "2026-11-30")],
        )
        .await;
    let fields = |names: [&'static str; 4], round: &'static str| {
        let mut fields = vec![("round", round), ("note-0-0", note), ("note-0-1", note)];
        fields.extend(names.into_iter().zip(scores.iter().map(String::as_str)));
        fields
    };
    let answered = fields(["score-0-0", "score-0-1", "score-1-0", "score-1-1"], "2");
    let lena = t.sign_in("lena").await;
    for user in [&world.dana, &lena] {
        user.takes(&format!("{}/score", world.decision), &answered).await;
        user.takes("definition/rounds/answer", &answered[..5]).await;
    }
    seen_by_others(&t, &world, &["kofi", "jonas", "olu", "adm"]).await
}

/// Two worlds that differ in what Marketing answered, and in nothing else, look the same to everybody else.
#[tokio::test]
async fn what_one_side_answered_cannot_be_told_from_any_page_before_the_round_closes() {
    let mut runner = TestRunner::deterministic();
    let answers =
        proptest::array::uniform4(1_u8..=5).prop_map(|scores| scores.map(|score| score.to_string()));
    let first = told(&["5", "5", "1", "1"].map(str::to_owned), "A secret note").await;
    for _ in 0..2 {
        let other = answers.new_tree(&mut runner).expect("answers").current();
        let second = told(&other, "Another").await;
        assert_eq!(first.len(), second.len());
        for ((path, before), (_, after)) in first.iter().zip(&second) {
            assert_eq!(before, after, "{path} tells what Marketing answered");
        }
    }
    assert!(first.len() > 250, "{}", first.len());
    assert!(
        first
            .iter()
            .any(|(_, page)| page.contains("Marketing 2 of 2 answers, Technology 0 of 2")),
        "that they answered is told"
    );
}
