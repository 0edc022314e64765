//! More is claimed than there is.

use super::initiatives::underway;

use crate::{story, tests::world::tail};

story!(over_the_cap_something_is_cut_or_both_leads_sign_why_not, |t| {
    let (dana, kofi, initiative) = underway(&t).await;
    let quarter = "capacity/2026-10-01";
    let page = dana.page("capacity").await;
    page.must_say("Capacity in Q4 2026").must_say("No limit set yet");
    let id = page
        .body
        .split("id=\"initiative\"")
        .nth(1)
        .expect("a choice")
        .split("value=\"")
        .nth(2)
        .expect("an initiative")[..36]
        .to_owned();
    let claim = |marketing: &'static str, technology: &'static str| {
        [
            ("what", "claim"),
            ("initiative", id.as_str()),
            ("marketing", marketing),
            ("technology", technology),
        ]
    };
    dana.takes(&format!("{quarter}/cap"), &[("days", "40")]).await;
    kofi.takes(&format!("{quarter}/cap"), &[("days", "60")]).await;
    dana.takes(&format!("{quarter}/claim"), &claim("30", "60")).await;
    dana.page(quarter)
        .await
        .must_say("10 days left")
        .must_say("0 days left");
    dana.post(
        &format!("{quarter}/override"),
        &[("what", "override"), ("reason", "Because.")],
    )
    .await
    .must_be(422)
    .must_say("Neither side is over its limit, so no exception is needed.");
    // What was planned for Technology is Technology's to change.
    for other in ["0", "72"] {
        dana.post(&format!("{quarter}/claim"), &claim("30", other))
            .await
            .must_be(422)
            .must_say("Technology plans its own days: 60 days so far. Ask Technology to change them.");
    }
    kofi.takes(&format!("{quarter}/claim"), &claim("30", "72")).await;
    dana.page(quarter).await.must_say("12 days over");
    t.sign_in("ana")
        .await
        .post(&format!("{quarter}/claim"), &claim("1", "1"))
        .await
        .must_be(403);
    dana.post(&format!("{quarter}/claim"), &claim("-1", "1"))
        .await
        .must_be(422);
    dana.get("capacity/2026-11-01").await.must_be(404);
    kofi.takes(
        &format!("{quarter}/override"),
        &[("what", "override"), ("reason", "The contract ends in December.")],
    )
    .await;
    t.sign_in("priya")
        .await
        .get(&format!("{quarter}/sign"))
        .await
        .must_be(403);
    for who in [&dana, &kofi] {
        who.sign(quarter).await.must_be(303);
    }
    dana.page(quarter)
        .await
        .must_say("12 days over, agreed")
        .must_say("The contract ends in December.");
    // What was agreed holds for exactly what stood then.
    kofi.takes(&format!("{quarter}/claim"), &claim("30", "80")).await;
    dana.page(quarter)
        .await
        .must_say("20 days over")
        .must_not_say("agreed");
    assert_eq!(tail(&initiative), "1");
    t.verify().await;
});
