//! Sources: the map of what both sides know of their customer, and who answers for it.

mod chairs;
mod entries;
mod levels;
mod map;

use super::{TestApp, User};

/// Names a touchpoint; gives its place and its id.
async fn touchpoint(who: &User, name: &str) -> (String, String) {
    let id = who.page("sources/touchpoints/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("name", name),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", ""),
    ];
    (who.takes("sources/touchpoints/new", &fields).await, id)
}

/// Enters a source whose owner and custodian are the two leads; gives its place and its id.
pub(super) async fn source(t: &TestApp, name: &str) -> (String, String) {
    let dana = t.sign_in("dana").await;
    let id = dana.page("sources/new").await.value("id");
    let (owner, custodian) = (t.member("dana").await, t.member("kofi").await);
    let fields = [
        ("id", id.as_str()),
        ("name", name),
        ("holds", "Receipts."),
        ("owner", owner.as_str()),
        ("custodian", custodian.as_str()),
        ("sensitivity", "confidential"),
        ("form", "pseudonymous"),
    ];
    (dana.takes("sources/new", &fields).await, id)
}

async fn say(who: &User, source: &str, cell: (&str, &str), word: &str) {
    let field = format!("word-{}-{}", cell.0, cell.1);
    who.takes(&format!("{source}/words"), &[(field.as_str(), word)])
        .await;
}

/// Gives a chair as its form is shown.
async fn give(who: &User, place: &str, chair: &str, member: &str) -> super::Answer {
    let page = who.page(&format!("{place}/chairs")).await;
    let form = page
        .body
        .split(&format!("value=\"{chair}\""))
        .nth(1)
        .unwrap_or_default();
    let seen = form.split("name=\"seen\" value=\"").nth(1).unwrap_or_default();
    let seen = seen.split('"').next().unwrap_or_default();
    let fields = [("chair", chair), ("seen", seen), ("member", member)];
    who.post(&format!("{place}/chairs"), &fields).await
}

async fn name_profile(t: &TestApp, source: &str) {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let number = super::world::tail(source);
    dana.takes("sources/profile", &[("source", &number)]).await;
    for who in [&dana, &kofi] {
        who.sign("sources/profile").await.must_be(303);
    }
}
