//! What goes wrong elsewhere and must not here: one story for each.

use super::{TestApp, goals::kpi, world::World};
use crate::{
    desk, identity::system::SystemActor, letters::deliver::deliver_everywhere, platform::time::Zone, sql,
    story,
};

const OCTOBER: &str = "2026-10-01";

story!(a_rise_is_not_good_where_it_should_fall, |t| {
    let (churn, _) = kpi(&t, "Churn", "decrease", &[("2026-09-01", "3"), (OCTOBER, "5")]).await;
    let dana = t.sign_in("dana").await;
    t.set_targets(&churn, &[("high-2026-10-01", "3")]).await;
    let page = dana.page(&churn).await;
    page.must_say("Up 2 points in October, should fall.")
        .must_say("2 points above target");
    assert!(page.has(".page-head .pill.is-off-track") && !page.has(".page-head .pill.is-on-track"));
});

story!(reached_respects_direction, |t| {
    let (falling, _) = kpi(&t, "Churn", "decrease", &[(OCTOBER, "5")]).await;
    let (rising, _) = kpi(&t, "Repeat", "increase", &[(OCTOBER, "5")]).await;
    let dana = t.sign_in("dana").await;
    t.set_targets(&falling, &[("high-2026-10-01", "4")]).await;
    t.set_targets(&rising, &[("low-2026-10-01", "4")]).await;
    dana.page(&falling)
        .await
        .must_say("1 point above target")
        .must_not_say("below target");
    dana.page(&rising)
        .await
        .must_say("On track")
        .must_not_say("to go");
});

story!(no_target_is_not_healthy, |t| {
    let (path, _) = kpi(&t, "Orders", "increase", &[(OCTOBER, "5")]).await;
    let dana = t.sign_in("dana").await;
    let page = dana.page(&path).await;
    assert!(page.must_say("No target").has(".page-head .pill.is-quiet"));
    dana.page("kpis")
        .await
        .must_say("0 of 1 on track. Furthest behind: Orders, no target");
});

story!(due_today_is_not_overdue, |t| {
    let world = World::with(&t, "Something of ours").await;
    let berlin = Zone::get("Europe/Berlin").expect("a zone");
    // The last minute of the day in the workspace's zone, and the first of the next.
    let midnight = berlin.start_of(crate::platform::time::Day::new(2026, 12, 2));
    t.clock.set(midnight.plus_seconds(-60));
    let dana = t.sign_in("dana").await;
    dana.page(&world.milestone)
        .await
        .must_say("Due today")
        .must_not_say("Overdue");
    dana.page("desk").await.must_say("Due soon today");
    t.clock.set(midnight.plus_seconds(60));
    let dana = t.sign_in("dana").await;
    dana.page(&world.milestone).await.must_say("Late 1 day");
});

story!(staleness_is_shown_wherever_the_status_is, |t| {
    let world = World::with(&t, "Something of ours").await;
    t.clock.advance_days(60);
    let dana = t.sign_in("dana").await;
    for path in [
        "",
        "initiatives",
        &world.initiative,
        "kpis",
        &world.kpi,
        "goals",
        &world.goal,
    ] {
        dana.page(path).await.must_say("No news");
    }
    dana.page("initiatives").await.must_not_say("At risk");
});

story!(a_milestone_may_be_done_while_its_goal_has_not_moved, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (_, kpi) = kpi(&t, "Repeat", "increase", &[(OCTOBER, "20")]).await;
    let (dana, kofi) = (&world.dana, &world.kofi);
    dana.takes(
        &format!("checkpoints/{}/pass", world.checkpoint),
        &[("evidence", "Seen by both.")],
    )
    .await;
    let version = dana.page(&format!("{}/edit", world.goal)).await.value("version");
    let owner = t.member("dana").await;
    let initiative = dana.page("goals/1/edit").await;
    let initiative = initiative
        .body
        .split("name=\"initiatives\" value=\"")
        .nth(1)
        .expect("an initiative")[..36]
        .to_owned();
    let goal = [
        ("version", version.as_str()),
        ("title", "Customers come back"),
        ("why", "Keeping is cheaper."),
        ("owner", &owner),
        ("starts_on", "2026-05-01"),
        ("due_on", "2027-05-01"),
        ("kpi-1", &kpi),
        ("baseline-1", "20"),
        ("target-1", "30"),
        ("initiatives", &initiative),
        ("because", "Another number."),
    ];
    dana.takes(&format!("{}/edit", world.goal), &goal).await;
    // All work is passed and accepted by both sides, and the goal says zero.
    let open = dana.page(&world.milestone).await;
    let mut steps: Vec<String> = open
        .body
        .split("/checkpoints/")
        .skip(1)
        .map(|rest| rest.chars().take(36).collect())
        .collect();
    steps.retain(|id| id.matches('-').count() == 4);
    for id in steps {
        dana.post(
            &format!("checkpoints/{id}/pass"),
            &[("evidence", "Seen by both.")],
        )
        .await;
    }
    let mut accepted = None;
    for who in [dana, kofi] {
        let page = who.page(&world.milestone).await;
        let waiting: Vec<&str> = page
            .body
            .split("/checkpoints/")
            .skip(1)
            .filter(|rest| rest.get(36..44) == Some("/accept\""))
            .map(|rest| &rest[..36])
            .collect();
        for id in waiting {
            accepted = Some(id.to_owned());
            // Accepted, taken back, accepted again.
            for _ in 0..2 {
                who.takes(&format!("checkpoints/{id}/accept/withdraw"), &[]).await;
                let version = who
                    .page(&format!("checkpoints/{id}/return"))
                    .await
                    .value("version");
                who.takes(&format!("checkpoints/{id}/accept"), &[("version", &version)])
                    .await;
            }
        }
    }
    dana.sign(&world.milestone).await.must_be(303);
    let late = format!("checkpoints/{}/accept/withdraw", accepted.expect("one"));
    let (by_dana, by_kofi) = (dana.post(&late, &[]).await, kofi.post(&late, &[]).await);
    assert!(
        [by_dana, by_kofi]
            .iter()
            .any(|answer| answer.body.contains("Somebody has accepted the whole milestone"))
    );
    kofi.sign(&world.milestone).await.must_be(303);
    dana.page(&world.milestone)
        .await
        .must_say("Accepted by both sides");
    dana.page(&world.initiative).await.must_say("Accepted");
    kofi.page(&world.goal)
        .await
        .must_say("0% of the way")
        .must_say("0% of the way")
        .must_say("3 of 3 checkpoints done")
        .must_say("10 points to go");
});

story!(nobody_is_told_of_their_own_deed, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let id = dana.page("definition/clauses/new").await.value("id");
    let clause = [
        ("id", id.as_str()),
        ("title", "Known"),
        ("promise", "We know you."),
        ("for_marketing", "One list."),
        ("for_technology", "One service."),
    ];
    dana.takes("definition/clauses/new", &clause).await;
    dana.takes(
        &format!("definition/clauses/{id}/comments"),
        &[("body", "@dana @kofi read this")],
    )
    .await;
    t.without_weeks().await;
    deliver_everywhere(&t.state).await.expect("delivered");
    let version = dana.takes("definition/propose", &[]).await;
    dana.sign(&version).await.must_be(303);
    dana.page("desk").await.must_say("You are up to date.");
    kofi.page("desk")
        .await
        .must_say("dana mentioned you")
        .must_say("Version 1 of the definition");
    let zone = Zone::get("Europe/Berlin").expect("a zone");
    for day in 0..12 {
        t.clock
            .set(zone.start_of(super::TODAY.plus(day)).plus_seconds(8 * 3600));
        desk::gather::remind_everywhere(&t.state).await.expect("reminded");
        deliver_everywhere(&t.state).await.expect("delivered");
    }
    let letters: Vec<(String, String)> = t
        .state
        .db()
        .fetch_all(
            sql!("select recipient, body from outbox order by created_at"),
            Vec::new(),
        )
        .await
        .expect("read");
    let told: Vec<&str> = letters.iter().map(|(to, _)| to.as_str()).collect();
    let (kofi, dana) = ("kofi@northwind.test", "dana@northwind.test");
    assert_eq!(
        told,
        [kofi, kofi, kofi, dana],
        "who is named; who owes it, before and on the day; then whoever waits for it"
    );
    assert!(letters[3].1.contains("You are involved."), "{}", letters[2].1);
});

story!(what_is_of_another_workspace_is_in_no_picker_and_no_letter, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let world = World::with(&t, "Canary of Northwind").await;
    let mut zoe = t.sign_in("zoe").await;
    "elsewhere".clone_into(&mut zoe.slug);
    let id = zoe.page("definition/clauses/new").await.value("id");
    let clause = [
        ("id", id.as_str()),
        ("title", "Known"),
        ("promise", "We know you."),
        ("for_marketing", "One list."),
        ("for_technology", "One service."),
    ];
    zoe.takes("definition/clauses/new", &clause).await;
    zoe.takes("definition/propose", &[]).await;
    let places = [
        "",
        "desk",
        "definition",
        "definition/clauses/new",
        "definition/trace",
        "initiatives/new",
        "capacity",
        "decisions/new",
        "technologies/new",
        "milestones",
        "milestones/baselines",
        "kpis/new",
        "kpis/import",
        "goals",
        "goals/new",
        "members",
        "members/invite",
        "history",
    ];
    for path in places {
        let page = zoe.page(path).await;
        for name in ["Canary", "dana", "kofi", "Northwind"] {
            assert!(!page.body.contains(name), "{name} on {path}");
        }
    }
    // Nor can one of its ids be used from here.
    let answer = zoe
        .post(
            &format!("definition/clauses/{id}/edit"),
            &[
                ("version", "1"),
                ("title", "x"),
                ("promise", "x"),
                ("for_marketing", "x"),
                ("for_technology", "x"),
                ("kpis", &t.member("dana").await),
            ],
        )
        .await;
    answer.must_be(422);
    zoe.get(&format!("checkpoints/{}/file", world.passed))
        .await
        .must_be(404);
    for system in SystemActor::everywhere(&t.state).await.expect("workspaces") {
        desk::gather::remind(&system).await.expect("reminded");
    }
    deliver_everywhere(&t.state).await.expect("delivered");
    t.clock.advance_days(20);
    for system in SystemActor::everywhere(&t.state).await.expect("workspaces") {
        desk::gather::remind(&system).await.expect("reminded");
    }
    deliver_everywhere(&t.state).await.expect("delivered");
    let letters: Vec<(String, String)> = t
        .state
        .db()
        .fetch_all(sql!("select recipient, body from outbox"), Vec::new())
        .await
        .expect("read");
    assert!(
        letters.iter().any(|(_, body)| body.contains("Canary")),
        "Northwind’s own people are reminded"
    );
    let zoes: Vec<&str> = letters
        .iter()
        .filter(|(to, _)| to.starts_with("zoe"))
        .map(|(_, body)| body.as_str())
        .collect();
    assert!(!zoes.is_empty(), "she is reminded of her own");
    assert!(
        zoes.iter()
            .all(|body| !body.contains("Canary") && !body.contains("northwind")),
        "{zoes:?}"
    );
});

story!(what_is_archived_does_not_vanish_from_the_baseline, |t| {
    let world = World::with(&t, "Something of ours").await;
    for who in [&world.dana, &world.kofi] {
        who.sign("milestones/baselines/1").await.must_be(303);
    }
    super::checkpoints::accept(&world.dana, &world.passed).await;
    let archive = format!("{}/archive", world.milestone);
    let version = world.dana.page(&archive).await.value("version");
    world
        .dana
        .takes(
            &archive,
            &[("version", &version), ("because", "The vendor left.")],
        )
        .await;
    world
        .dana
        .page("milestones/baselines/1")
        .await
        .must_say("Archived");
});

story!(one_approval_never_passes_where_two_are_required, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (dana, lena) = (&world.dana, t.sign_in("lena").await);
    // Marketing has signed each of these: the decision, the access to data. Nobody of Marketing can be the
    // second.
    for path in [&world.decision, &world.access] {
        dana.page(path).await.must_say("1 of 2 signed.");
        let digest = t
            .sign_in("priya")
            .await
            .page(&format!("{path}/sign"))
            .await
            .value("digest");
        let again = [("digest", digest.as_str()), ("verdict", "agree")];
        assert!(matches!(
            dana.post(&format!("{path}/sign"), &again).await.status.as_u16(),
            409 | 422
        ));
        assert!(matches!(
            lena.post(&format!("{path}/sign"), &again).await.status.as_u16(),
            409 | 422
        ));
        dana.page(path).await.must_say("1 of 2 signed.");
    }
    assert_eq!(
        t.count(sql!(
            "select count(*) from access_requests where approved_at is not null and number = 1"
        ))
        .await,
        0
    );
    assert_eq!(
        t.count(sql!("select count(*) from decisions where signed_at is not null"))
            .await,
        0
    );
    t.verify().await;
});
