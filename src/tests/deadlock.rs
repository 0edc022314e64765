//! Deadlocks, and who rules on them.

use super::story::decision;

use crate::story;

story!(a_deadlock_is_ruled_by_the_named_arbiter, |t| {
    let (dana, ana, lena, priya, olu) = (
        t.sign_in("dana").await,
        t.sign_in("ana").await,
        t.sign_in("lena").await,
        t.sign_in("priya").await,
        t.sign_in("olu").await,
    );
    let (path, options) = decision(&t, "Which platform?").await;
    let (kofi_id, olu_id) = (t.member("kofi").await, t.member("olu").await);
    let adm = t.sign_in("adm").await;
    dana.post("members/arbiter", &[("arbiter", &olu_id)])
        .await
        .must_be(403);
    adm.post("members/arbiter", &[("arbiter", &kofi_id)])
        .await
        .must_be(422)
        .must_say("An arbiter cannot belong to a side.");
    adm.takes("members/arbiter", &[("arbiter", &olu_id)]).await;
    dana.page("members")
        .await
        .must_say("Arbiter: olu decides when the sides cannot agree.");
    ana.takes(
        &format!("{path}/propose"),
        &[
            ("option", &options[0]),
            ("rationale", "Fast."),
            ("stage", "adopt"),
        ],
    )
    .await;
    lena.sign(&path).await.must_be(303);
    priya
        .give_verdict(&path, &[("verdict", "object"), ("reason", "Not ours to run.")])
        .await
        .must_be(303);
    priya.page(&path).await.must_say("Withdraw my objection");
    lena.page(&path).await.must_say("Withdraw my signature");
    // While the sides can still settle it, nobody rules.
    lena.post(&format!("{path}/statement"), &[("told", "Now.")])
        .await
        .must_be(422)
        .must_say("The sides can still agree on this decision, so no ruling is needed yet.");
    olu.post(
        &format!("{path}/rule"),
        &[("option", &options[1]), ("told", "Now.")],
    )
    .await
    .must_be(422)
    .must_say("The sides can still agree on this decision, so no ruling is needed yet.");
    t.clock.advance_days(8);
    let (dana, lena, priya, olu) = {
        drop((dana, ana, lena, priya, olu));
        (
            t.sign_in("dana").await,
            t.sign_in("lena").await,
            t.sign_in("priya").await,
            t.sign_in("olu").await,
        )
    };
    dana.page("")
        .await
        .must_say("Nothing is off track, but 1 thing is stuck.")
        .must_say("The sides cannot agree")
        .must_not_say("has to propose something else");
    dana.page("decisions").await.must_say("Stuck");
    // It is the arbiter's, and not late with others.
    olu.page("desk").await.must_not_say("Late: “");
    lena.takes(
        &format!("{path}/statement"),
        &[("told", "Six weeks to the first use.")],
    )
    .await;
    priya
        .takes(
            &format!("{path}/statement"),
            &[("told", "Nobody here can run it.")],
        )
        .await;
    dana.page(&path)
        .await
        .must_say("Six weeks to the first use.")
        .must_say("Nobody here can run it.")
        .must_say("olu now decides.");
    dana.get(&format!("{path}/rule")).await.must_be(403);
    olu.page("desk").await.must_say("You decide.");
    olu.post(&format!("{path}/rule"), &[("option", &options[1]), ("told", "")])
        .await
        .must_be(422);
    olu.takes(
        &format!("{path}/rule"),
        &[("option", &options[1]), ("told", "What can be run comes first.")],
    )
    .await;
    let page = dana.page(&path).await;
    page.must_say("olu decided on 1 Dec")
        .must_say("What can be run comes first.")
        .must_say("Six weeks to the first use.")
        .must_not_say("Agreed.");
    dana.page("decisions").await.must_say("Decided by the arbiter");
    dana.page("technologies").await.must_say("Suite A");
    olu.post(
        &format!("{path}/rule"),
        &[("option", &options[0]), ("told", "Again.")],
    )
    .await
    .must_be(422)
    .must_say("cannot be changed");
    let record = dana.get(&format!("{path}/record.md")).await.body;
    assert!(
        record.contains("Decided by olu") && record.contains("The case of Marketing: Six weeks"),
        "{record}"
    );
    t.verify().await;
});

story!(
    a_deadlock_begins_the_day_after_the_limit_in_the_workspace_s_zone,
    |t| {
        // Signed at half past eleven at night in Berlin; the limit is seven days, whatever the hours.
        let late = crate::platform::time::Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::tests::TODAY)
            .plus_seconds(23 * 3600 + 1800);
        t.clock.set(late);
        let (path, options) = decision(&t, "Which platform?").await;
        let (ana, lena) = (t.sign_in("ana").await, t.sign_in("lena").await);
        ana.takes(
            &format!("{path}/propose"),
            &[
                ("option", &options[0]),
                ("rationale", "Fast."),
                ("stage", "adopt"),
            ],
        )
        .await;
        lena.sign(&path).await.must_be(303);
        // The last minute of the seventh day after, then one minute later.
        let end_of_the_seventh = crate::platform::time::Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::tests::TODAY.plus(8))
            .plus_seconds(-60);
        t.clock.set(end_of_the_seventh);
        t.sign_in("dana")
            .await
            .page(&path)
            .await
            .must_not_say("Deadlocked");
        t.sign_in("lena")
            .await
            .post(&format!("{path}/statement"), &[("told", "Now.")])
            .await
            .must_be(422);
        t.clock.set(end_of_the_seventh.plus_seconds(60));
        t.sign_in("dana").await.page(&path).await.must_say("Stuck");
        t.sign_in("lena")
            .await
            .takes(&format!("{path}/statement"), &[("told", "Now.")])
            .await;
    }
);
