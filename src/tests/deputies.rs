//! A lead who is away lets somebody sign for them, on record.

use super::initiatives::underway;

use crate::{story, tests::world::tail};

story!(a_lead_who_is_away_lets_a_manager_sign_on_record, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (lena_id, priya_id, ana_id) = (
        t.member("lena").await,
        t.member("priya").await,
        t.member("ana").await,
    );
    let id = dana.page("definition/clauses/new").await.value("id");
    let clause = [
        ("id", id.as_str()),
        ("title", "Known"),
        ("promise", "We know you."),
        ("for_marketing", "One list."),
        ("for_technology", "One service."),
    ];
    dana.takes("definition/clauses/new", &clause).await;
    let version = dana.takes("definition/propose", &[]).await;
    let priya = t.sign_in("priya").await;
    priya.get(&format!("{version}/sign")).await.must_be(403);
    let days = [("starts_on", "2026-11-23"), ("ends_on", "2026-11-30")];
    let to = |member: &str| -> Vec<(&str, String)> {
        days.iter()
            .map(|(name, day)| (*name, (*day).to_owned()))
            .chain([("deputy", member.to_owned())])
            .collect()
    };
    for wrong in [&lena_id, &ana_id] {
        let fields = to(wrong);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        kofi.post("members/delegation", &fields)
            .await
            .must_be(422)
            .must_say("Choose a manager of Technology.");
    }
    priya.post("members/delegation", &[]).await.must_be(403);
    kofi.takes("members/delegation", &[days[0], days[1], ("deputy", &priya_id)])
        .await;
    priya
        .page("members")
        .await
        .must_say("Until 30 Nov, priya signs for Technology in place of kofi.");
    priya.sign(&version).await.must_be(303);
    // The lead's seat is filled: the lead does not fill it again, and the other side sees who signed for
    // whom.
    kofi.get(&format!("{version}/sign")).await.must_be(303);
    dana.page(&version).await.must_say("priya, in place of kofi");
    dana.sign(&version).await.must_be(303);
    dana.page("definition")
        .await
        .must_say("No changes since version 1");
    // What only a lead may do else stays with the lead; after the last day nothing is left of it.
    priya.post("members/delegation", &[]).await.must_be(403);
    t.clock.advance_days(8);
    let (dana, priya) = (t.sign_in("dana").await, t.sign_in("priya").await);
    let id = dana.page("definition/clauses/new").await.value("id");
    let clause = [
        ("id", id.as_str()),
        ("title", "Safe"),
        ("promise", "We keep it."),
        ("for_marketing", "We ask."),
        ("for_technology", "We log."),
    ];
    dana.takes("definition/clauses/new", &clause).await;
    let again = dana.takes("definition/propose", &[]).await;
    priya.get(&format!("{again}/sign")).await.must_be(403);
    dana.page("members").await.must_not_say("in place of kofi");
    t.verify().await;
});

story!(a_deputy_taken_back_signs_nothing_more, |t| {
    let (dana, kofi, path) = underway(&t).await;
    let priya = t.sign_in("priya").await;
    let priya_id = t.member("priya").await;
    kofi.takes(
        "members/delegation",
        &[
            ("deputy", &priya_id),
            ("starts_on", "2026-11-23"),
            ("ends_on", "2026-12-23"),
        ],
    )
    .await;
    let told = [
        ("outcome", "achieved"),
        ("worked", "All."),
        ("failed", "Nothing."),
        ("lesson", "None."),
    ];
    dana.takes(&format!("{path}/close"), &told).await;
    let digest = priya
        .page(&format!("{path}/retrospective/sign"))
        .await
        .value("digest");
    let page = kofi.page("members").await;
    let end = page
        .body
        .split("/delegations/")
        .nth(1)
        .expect("a delegation")
        .chars()
        .take(36)
        .collect::<String>();
    dana.post(&format!("members/delegations/{end}/end"), &[])
        .await
        .must_be(404);
    kofi.takes(&format!("members/delegations/{end}/end"), &[]).await;
    priya
        .post(
            &format!("{path}/retrospective/sign"),
            &[("digest", &digest), ("verdict", "agree")],
        )
        .await
        .must_be(403);
    assert_eq!(tail(&path), "1");
    t.verify().await;
});
