//! Access to data and technology: asked for, approved by both sides, granted by a third person.

use crate::{
    sql, story,
    tests::{TestApp, User},
};

story!(access_is_approved_by_both_sides_then_granted_and_ends, |t| {
    let world = super::world::World::with(&t, "Something of ours").await;
    let (dana, kofi, access) = (world.dana.clone(), world.kofi.clone(), world.access.clone());
    let (ana, jonas, priya) = (
        t.sign_in("ana").await,
        t.sign_in("jonas").await,
        t.sign_in("priya").await,
    );
    // Marketing has signed; that is one of two, and nobody grants on it.
    dana.page(&access)
        .await
        .must_say("1 of 2 signed.")
        .must_say("Asked");
    jonas
        .post(&format!("{access}/grant"), &[])
        .await
        .must_be(422)
        .must_say("Both sides have to approve this access before it can be opened.");
    t.sign_in("lena")
        .await
        .get(&format!("{access}/sign"))
        .await
        .must_be(303);
    ana.get(&format!("{access}/sign")).await.must_be(403);
    priya.page("desk").await.must_say("Access to Something of ours");
    priya.sign(&access).await.must_be(303);
    dana.page(&access)
        .await
        .must_say("Approved by both sides 23 Nov · Technology has to open it");
    dana.page(&world.milestone)
        .await
        .must_say("This milestone needs access to it · Approved by both sides, not open yet")
        .must_say("In time, 10 days to spare");
    // Granted by the side that was asked, once.
    ana.post(&format!("{access}/grant"), &[]).await.must_be(403);
    kofi.page("desk").await.must_say("Both sides approved it for");
    jonas.takes(&format!("{access}/grant"), &[]).await;
    jonas.takes(&format!("{access}/grant"), &[]).await;
    dana.page(&world.milestone).await.must_not_say("too late");
    assert_eq!(
        t.count(sql!(
            "select count(*) from audit_events where verb = 'granted access to'"
        ))
        .await,
        2,
        "the world’s own, and this one once"
    );
    dana.page(&access).await.must_say("opened 23 Nov by jonas");
    dana.page(&world.milestone)
        .await
        .must_say("needs access to it · Open");
    kofi.page("desk").await.must_not_say("Both sides approved it for");
    // It lasts until its last day, and not a day longer.
    t.clock.set(
        crate::platform::time::Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::platform::time::Day::new(2027, 6, 30))
            .plus_seconds(3600 * 23),
    );
    t.sign_in("dana")
        .await
        .page(&access)
        .await
        .must_say("opened 23 Nov 2026 by jonas");
    t.clock.advance_days(1);
    let dana = t.sign_in("dana").await;
    dana.page(&access)
        .await
        .must_say("Its last day has passed")
        .must_not_say("End the access");
    dana.page(&world.milestone)
        .await
        .must_say("Its last day has passed")
        .must_not_say("too late");
    dana.post(&format!("{access}/end"), &[("because", "Late.")])
        .await
        .must_be(422)
        .must_say("Its last day has passed, so this access has ended.");
    t.verify().await;
});

story!(a_request_that_nobody_approved_in_time_lapses, |t| {
    let world = super::world::World::with(&t, "Something of ours").await;
    let lapsed = async || {
        crate::access::write::lapse_everywhere(&t.state)
            .await
            .expect("lapsed");
        t.count(sql!(
            "select count(*) from audit_events where verb = 'closed, unanswered, the request for access to'"
        ))
        .await
    };
    assert_eq!(lapsed().await, 0);
    t.clock.set(
        crate::platform::time::Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::platform::time::Day::new(2027, 7, 1)),
    );
    let kofi = t.sign_in("kofi").await;
    kofi.page("desk")
        .await
        .must_say("Access to Something of ours Marketing signed");
    assert_eq!((lapsed().await, lapsed().await), (1, 1), "once");
    let kofi = t.sign_in("kofi").await;
    kofi.page("desk")
        .await
        .must_not_say("Access to Something of ours Marketing signed");
    kofi.page(&world.access).await.must_say("Never opened");
    // Nothing waits for it from now on, and its asker may put it away.
    let dana = t.sign_in("dana").await;
    dana.post(
        &format!("{}/waits", world.milestone),
        &[("on", &format!("access-{}", world.access_id))],
    )
    .await
    .must_be(422)
    .must_say("That access is open or has ended, so nothing needs to wait for it.");
    dana.takes(
        &format!("{}/end", world.access),
        &[("because", "Asked too early.")],
    )
    .await;
    dana.page(&world.access).await.must_say("Ended");
    t.verify().await;
});

story!(
    access_takes_two_sides_and_three_people_who_ask_approve_and_grant,
    |t| {
        let world = super::world::World::with(&t, "Something of ours").await;
        let (adm, lena_id) = (t.sign_in("adm").await, t.member("lena").await);
        let lena = t.sign_in("lena").await;
        let id = lena
            .page(&format!("{}/access?kind=technology", world.goal))
            .await
            .value("id");
        let ask = [
            ("id", id.as_str()),
            ("kind", "technology"),
            ("title", "Orders"),
            ("purpose", "Count."),
            ("needed_on", "2026-12-01"),
            ("ends_on", "2026-12-31"),
        ];
        let access = lena.takes(&format!("{}/access", world.goal), &ask).await;
        world.dana.sign(&access).await.must_be(303);
        // Moved to the other side, whoever asked neither signs for it nor grants.
        let dana_id = t.member("dana").await;
        adm.takes(
            &format!("members/{lena_id}/edit"),
            &[
                ("side", "technology"),
                ("role", "manager"),
                ("successor", &dana_id),
            ],
        )
        .await;
        let lena = t.sign_in("lena").await;
        lena.sign(&access)
            .await
            .must_be(422)
            .must_say("Somebody else has to sign for the other side.");
        world.kofi.sign(&access).await.must_be(303);
        lena.post(&format!("{access}/grant"), &[]).await.must_be(403);
        // A granted access may end before its last day, with a reason; what waited for it stays told.
        t.sign_in("jonas")
            .await
            .takes(&format!("{access}/grant"), &[])
            .await;
        world
            .dana
            .takes(&format!("{access}/end"), &[("because", "The count is done.")])
            .await;
        world
            .dana
            .page(&access)
            .await
            .must_say("The count is done.")
            .must_say("Ended");
        // A signature may be withdrawn until the second is there.
        world.dana.takes(&format!("{}/withdraw", world.access), &[]).await;
        world.dana.page(&world.access).await.must_say("0 of 2 signed.");
        // A milestone may stop waiting for an access.
        world
            .dana
            .takes(
                &format!("{}/waits/access/{}/end", world.milestone, world.access_id),
                &[],
            )
            .await;
        world
            .dana
            .page(&world.milestone)
            .await
            .must_not_say("This milestone needs access to it");
        t.verify().await;
    }
);

story!(the_granting_is_owed_from_the_day_it_is_needed_or_approved, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let world = super::world::World::with(&t, "Something of ours").await;
    let zone = crate::platform::time::Zone::get("Europe/Berlin").expect("a zone");
    let wake = async |day: crate::platform::time::Day| {
        t.clock.set(zone.start_of(day).plus_seconds(8 * 3600));
        crate::desk::gather::remind_everywhere(&t.state)
            .await
            .expect("reminded");
        t.count(sql!("select count(*) from reminders where kind = 'access'"))
            .await
    };
    // Needed on 10 December, approved on the 14th.
    t.clock.set(
        zone.start_of(crate::platform::time::Day::new(2026, 12, 14))
            .plus_seconds(12 * 3600),
    );
    t.sign_in("priya").await.sign(&world.access).await.must_be(303);
    assert_eq!(
        wake(crate::platform::time::Day::new(2026, 12, 14)).await,
        2,
        "Technology's manager and lead"
    );
    assert_eq!(
        wake(crate::platform::time::Day::new(2026, 12, 15)).await,
        3,
        "then whoever asked"
    );
    t.sign_in("priya")
        .await
        .page("desk")
        .await
        .must_say("Late 1 day Access to Something of ours")
        .must_say("Confirm access is open");
    t.sign_in("dana")
        .await
        .page("desk")
        .await
        .must_say("not opened access to “Something of ours”");
    let olu = t.sign_in("olu").await;
    olu.page("attention")
        .await
        .must_say("Late 1 day")
        .must_say("Access to Something of ours")
        .must_say("still has to open the access");
    t.sign_in("jonas")
        .await
        .takes(&format!("{}/grant", world.access), &[])
        .await;
    t.sign_in("dana")
        .await
        .page("desk")
        .await
        .must_not_say("Opening the access to");
    olu.page("attention")
        .await
        .must_not_say("still has to open the access");
    t.verify().await;
});

story!(a_request_is_taken_back_or_objected_to_with_a_reason, |t| {
    let world = super::world::World::with(&t, "Something of ours").await;
    let goal = world.goal.clone();
    let ana = t.sign_in("ana").await;
    let id = ana
        .page(&format!("{goal}/access?kind=technology"))
        .await
        .value("id");
    let ask = |needed: &'static str, ends: &'static str| {
        [
            ("id", id.clone()),
            ("kind", "technology".to_owned()),
            ("title", "A test shop".to_owned()),
            ("purpose", "Try it.".to_owned()),
            ("needed_on", needed.to_owned()),
            ("ends_on", ends.to_owned()),
        ]
    };
    let send = async |needed: &'static str, ends: &'static str| {
        let fields = ask(needed, ends);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        ana.post(&format!("{goal}/access"), &fields).await
    };
    send("2026-11-01", "2026-12-31")
        .await
        .must_be(422)
        .must_say("Choose today or a later day.");
    send("2026-12-01", "2026-11-30")
        .await
        .must_be(422)
        .must_say("Choose a last day after the first day.");
    send("2026-12-01", "2029-12-31")
        .await
        .must_be(422)
        .must_say("within two years");
    let access = send("2026-12-01", "2026-12-31").await.must_be(303).location();
    send("2026-12-01", "2026-12-31").await.must_be(303);
    assert_eq!(
        t.count(sql!(
            "select count(*) from access_requests where title = 'A test shop'"
        ))
        .await,
        1
    );
    let access = access.split('?').next().unwrap_or_default().to_owned();
    world
        .kofi
        .give_verdict(&access, &[("verdict", "object")])
        .await
        .must_be(422)
        .must_say("Say why");
    world
        .kofi
        .give_verdict(
            &access,
            &[
                ("verdict", "object"),
                ("reason", "The test shop is gone since May."),
            ],
        )
        .await
        .must_be(303);
    ana.page(&access)
        .await
        .must_say("Technology objected")
        .must_say("The test shop is gone since May.");
    ana.page("desk")
        .await
        .must_say("A side objected. Withdraw the request");
    t.sign_in("jonas")
        .await
        .post(&format!("{access}/end"), &[("because", "x")])
        .await
        .must_be(403);
    ana.takes(
        &format!("{access}/end"),
        &[("because", "Asked for the new one instead.")],
    )
    .await;
    ana.page(&access)
        .await
        .must_say("Ended")
        .must_say("Asked for the new one instead.");
    ana.post(&format!("{access}/end"), &[("because", "x")])
        .await
        .must_be(422)
        .must_say("This request has ended.");
    // A goal that is given up is not cited any more, and what was asked for it and not granted ends with it.
    let version = world.dana.page(&format!("{goal}/archive")).await.value("version");
    world
        .dana
        .takes(
            &format!("{goal}/archive"),
            &[("version", &version), ("because", "The market left.")],
        )
        .await;
    world
        .dana
        .page(&goal)
        .await
        .must_say("The market left.")
        .must_not_say("Request access");
    world
        .dana
        .page(&world.access)
        .await
        .must_say("Ended")
        .must_say("The goal was cancelled: The market left.");
    // What waited for it is told the same on both pages.
    world
        .dana
        .page(&world.access)
        .await
        .must_say("Milestones that depend on it Off track Something of ours Never opened");
    world.dana.page(&world.milestone).await.must_say(
        "Off track Something of ours Never opened · This milestone needs access to it · Ended before it was fully open",
    );
    t.sign_in("priya")
        .await
        .get(&format!("{}/sign", world.access))
        .await
        .must_be(303);
    send("2026-12-02", "2026-12-31")
        .await
        .must_be(422)
        .must_say("This goal is archived");
    t.verify().await;
});

/// The fields that ask for data out of a source: its own id, and its first use.
pub async fn terms_of(source: &str, user: &User) -> Vec<(&'static str, String)> {
    let page = user.page("access/new").await;
    let goal = page
        .body
        .split("/goals/")
        .nth(1)
        .and_then(|rest| rest.split("/access").next())
        .expect("a goal")
        .to_owned();
    let number = source.trim_start_matches("sources/");
    let page = user.page(&format!("goals/{goal}/access?source={number}")).await;
    let chosen = page
        .body
        .split("name=\"sources\"")
        .find(|rest| rest.split('>').next().is_some_and(|tag| tag.contains("checked")))
        .expect("a source");
    let id = chosen
        .split("value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("its id");
    let options = page
        .body
        .split("name=\"use\"")
        .nth(1)
        .and_then(|rest| rest.split("</select>").next())
        .unwrap_or_default();
    let used_for = options
        .split("value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .find(|value| !value.is_empty())
        .expect("a use");
    vec![
        ("sources", id.to_owned()),
        ("use", used_for.to_owned()),
        ("fields", "day, store, sum".to_owned()),
        ("form", "counts".to_owned()),
        ("copies", "none".to_owned()),
    ]
}
