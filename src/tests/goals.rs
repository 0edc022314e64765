//! A goal is read from its numbers, and what it needs is asked for, approved by both sides, and granted.

use super::{Answer, TestApp, User};
use crate::{sql, story};

/// A KPI of Lena's, measured monthly since January; gives its path and id.
pub(super) async fn kpi(
    t: &TestApp,
    title: &str,
    direction: &str,
    values: &[(&str, &str)],
) -> (String, String) {
    let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
    let (dana_id, kofi_id, lena_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
    );
    let id = dana.page("kpis/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", title),
        ("about", "Told."),
        ("unit", "%"),
        ("baseline", ""),
        ("direction", direction),
        ("cadence", "monthly"),
        ("starts_on", "2026-08-01"),
        ("watch", "90"),
        ("act", "70"),
        ("driver", &lena_id),
        ("marketing_owner", &dana_id),
        ("technology_owner", &kofi_id),
    ];
    let path = dana
        .takes("kpis/new", &fields)
        .await
        .trim_end_matches("/targets")
        .to_owned();
    for (period, value) in values {
        lena.takes(&format!("{path}/periods/{period}/value"), &[("value", value)])
            .await;
    }
    (path, id)
}

async fn set(who: &User, owner: &str, measures: &[(&str, &str, &str)]) -> Answer {
    let id = who.page("goals/new").await.value("id");
    let mut fields = vec![
        ("id".to_owned(), id),
        ("title".to_owned(), "Customers come back".to_owned()),
        ("why".to_owned(), "Keeping is cheaper than winning.".to_owned()),
        ("owner".to_owned(), owner.to_owned()),
        ("starts_on".to_owned(), "2026-05-23".to_owned()),
        ("due_on".to_owned(), "2027-05-23".to_owned()),
    ];
    for (index, (kpi, baseline, target)) in (1..).zip(measures) {
        fields.extend([
            (format!("kpi-{index}"), (*kpi).to_owned()),
            (format!("baseline-{index}"), (*baseline).to_owned()),
            (format!("target-{index}"), (*target).to_owned()),
        ]);
    }
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    who.post("goals/new", &fields).await
}

const AUTUMN: [&str; 3] = ["2026-08-01", "2026-09-01", "2026-10-01"];

fn measured(values: [&'static str; 3]) -> Vec<(&'static str, &'static str)> {
    AUTUMN.into_iter().zip(values).collect()
}

story!(
    a_goal_is_read_from_its_numbers_and_its_weakest_speaks_for_it,
    |t| {
        let (_, repeat) = kpi(
            &t,
            "Repeat purchase rate",
            "increase",
            &measured(["20", "22", "25"]),
        )
        .await;
        let (churn_place, churn) = kpi(&t, "Churn", "decrease", &measured(["4", "4.2", "3.9"])).await;
        let (_, within) = kpi(&t, "Stock", "within", &[]).await;
        let (dana, kofi, dana_id) = (
            t.sign_in("dana").await,
            t.sign_in("kofi").await,
            t.member("dana").await,
        );
        // A goal has a number, each KPI once, in its own direction; and an owner in Marketing.
        set(&dana, &dana_id, &[])
            .await
            .must_be(422)
            .must_say("A goal without a number cannot be reached.");
        set(&dana, &dana_id, &[(&churn, "4", "5")])
            .await
            .must_be(422)
            .must_say("This KPI should fall: its target is below its baseline.");
        set(&dana, &dana_id, &[(&repeat, "30", "20")])
            .await
            .must_be(422)
            .must_say("This KPI should rise");
        set(&dana, &dana_id, &[(&within, "30", "20")])
            .await
            .must_be(422)
            .must_say("stays within a range");
        set(&dana, &dana_id, &[(&repeat, "20", "30"), (&repeat, "20", "40")])
            .await
            .must_be(422)
            .must_say("Choose each KPI once.");
        set(&dana, &dana_id, &[(&repeat, "20", "many")])
            .await
            .must_be(422);
        set(&dana, &t.member("kofi").await, &[(&repeat, "20", "30")])
            .await
            .must_be(422);
        assert_eq!(t.count(sql!("select count(*) from goals")).await, 0);
        // Half a year of a whole one has passed: half the way is on track, a twentieth is not.
        let goal = set(&dana, &dana_id, &[(&repeat, "20", "30"), (&churn, "4", "2")])
            .await
            .must_be(303)
            .location();
        let goal = goal.split('?').next().unwrap_or_default();
        dana.page(goal)
            .await
            .must_say("On track, 50 % there")
            .must_say("Off track, 5 % there")
            .must_say("1 of 2 measures on the way or reached; weakest: Churn, off track, 5 % there")
            .must_say("Rose 3 points in October, as it should. 5 points to go.")
            .must_say("A goal that nobody works for is a wish.");
        kofi.page("goals").await.must_say("Off track, 5 % there");
        kofi.page(&churn_place)
            .await
            .must_say("Measures Customers come back");
        // Its numbers change only with a reason, which stays.
        let page = dana.page(&format!("{goal}/edit")).await;
        let same = |target: &'static str, because: &'static str| {
            [
                ("version", page.value("version")),
                ("title", "Customers come back".to_owned()),
                ("why", "Keeping is cheaper than winning.".to_owned()),
                ("owner", dana_id.clone()),
                ("starts_on", "2026-05-23".to_owned()),
                ("due_on", "2027-05-23".to_owned()),
                ("kpi-1", repeat.clone()),
                ("baseline-1", "20".to_owned()),
                ("target-1", target.to_owned()),
                ("because", because.to_owned()),
            ]
        };
        let send = async |target: &'static str, because: &'static str| {
            let fields = same(target, because);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            dana.post(&format!("{goal}/edit"), &fields).await
        };
        send("28", "")
            .await
            .must_be(422)
            .must_say("changes only with a reason");
        send("28", "The board lowered it.").await.must_be(303);
        send("27", "Again.")
            .await
            .must_be(409)
            .must_say("Somebody changed this while you were at it");
        dana.page("history")
            .await
            .must_say("Repeat purchase rate from 20 % to 28 %")
            .must_say("The board lowered it.");
        // A choice that somebody else made meanwhile is not overwritten in silence.
        let (lena_id, version) = (
            t.member("lena").await,
            dana.page(&format!("{goal}/edit")).await.value("version"),
        );
        let owned_by = async |owner: &str| {
            let mut fields = same("28", "").to_vec();
            fields[0].1.clone_from(&version);
            owner.clone_into(&mut fields[3].1);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            dana.post(&format!("{goal}/edit"), &fields).await
        };
        owned_by(&lena_id).await.must_be(303);
        let late = owned_by(&dana_id).await;
        late.must_be(409)
            .must_say("Somebody changed this while you were at it")
            .must_say("Somebody made this “lena” meanwhile.");
        assert_eq!(late.value("owner"), dana_id);
        // Nor does a measure that was taken away come back without a word.
        let version = dana.page(&format!("{goal}/edit")).await.value("version");
        let with_churn = async |keeps: bool| {
            let mut fields = same("28", "Churn counts.").to_vec();
            fields[0].1.clone_from(&version);
            fields[3].1.clone_from(&lena_id);
            if keeps {
                fields.extend([
                    ("kpi-2", churn.clone()),
                    ("baseline-2", "4".to_owned()),
                    ("target-2", "2".to_owned()),
                ]);
            }
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            dana.post(&format!("{goal}/edit"), &fields).await
        };
        with_churn(false).await.must_be(303);
        with_churn(true)
            .await
            .must_be(409)
            .must_say("Somebody changed this while you were at it")
            .must_say("Somebody left this empty meanwhile.");
        // Silence outranks the last number.
        t.clock.advance_days(60);
        t.sign_in("dana").await.page(goal).await.must_say("Outdated");
        t.verify().await;
    }
);

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
        .must_say("Both sides approve it before it is granted.");
    t.sign_in("lena")
        .await
        .get(&format!("{access}/sign"))
        .await
        .must_be(409);
    ana.get(&format!("{access}/sign")).await.must_be(403);
    priya.page("desk").await.must_say("Access: Something of ours");
    priya.sign(&access).await.must_be(303);
    dana.page(&access)
        .await
        .must_say("Approved, not granted")
        .must_say("Approved by both sides 23 Nov, waiting for Technology to grant it");
    dana.page(&world.milestone)
        .await
        .must_say("This waits for access to it · Approved, not granted")
        .must_say("10 days ahead");
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
        1
    );
    dana.page(&access).await.must_say("granted 23 Nov by jonas");
    dana.page(&world.milestone).await.must_say("Granted");
    kofi.page("desk").await.must_not_say("Both sides approved it for");
    // It lasts until its last day, and not a day longer.
    t.clock.set(
        crate::platform::time::Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::platform::time::Day::new(2027, 6, 30))
            .plus_seconds(3600 * 23),
    );
    t.sign_in("dana").await.page(&access).await.must_say("Granted");
    t.clock.advance_days(1);
    let dana = t.sign_in("dana").await;
    dana.page(&access)
        .await
        .must_say("Expired")
        .must_not_say("End it");
    dana.page(&world.milestone)
        .await
        .must_say("Expired")
        .must_not_say("too late");
    dana.post(&format!("{access}/end"), &[("because", "Late.")])
        .await
        .must_be(422)
        .must_say("Its last day has passed: it has ended by itself.");
    t.verify().await;
});

story!(a_request_that_nobody_approved_in_time_lapses, |t| {
    let world = super::world::World::with(&t, "Something of ours").await;
    let lapsed = async || {
        crate::access::write::lapse_everywhere(&t.state)
            .await
            .expect("lapsed");
        t.count(sql!(
            "select count(*) from audit_events where verb = 'let lapse the request for access to'"
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
    kofi.page("desk").await.must_say("Access: Something of ours");
    assert_eq!((lapsed().await, lapsed().await), (1, 1), "once");
    let kofi = t.sign_in("kofi").await;
    kofi.page("desk").await.must_not_say("Access: Something of ours");
    kofi.page(&world.access).await.must_say("Never granted");
    // Nothing waits for it from now on, and its asker may put it away.
    let dana = t.sign_in("dana").await;
    dana.post(
        &format!("{}/waits", world.milestone),
        &[("on", &format!("access-{}", world.access_id))],
    )
    .await
    .must_be(422)
    .must_say("nothing to wait for");
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
        let id = lena.page(&format!("{}/access", world.goal)).await.value("id");
        let ask = [
            ("id", id.as_str()),
            ("kind", "data"),
            ("title", "Orders"),
            ("purpose", "Count."),
            ("needed_on", "2026-12-01"),
            ("ends_on", "2026-12-31"),
        ];
        let access = lena.takes(&format!("{}/access", world.goal), &ask).await;
        world.dana.sign(&access).await.must_be(303);
        // Moved to the other side, whoever asked neither signs for it nor grants.
        adm.takes(
            &format!("members/{lena_id}/edit"),
            &[("side", "technology"), ("role", "manager")],
        )
        .await;
        let lena = t.sign_in("lena").await;
        lena.sign(&access)
            .await
            .must_be(422)
            .must_say("You asked for it.");
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
            .must_not_say("This waits for access to it");
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
        .must_say("Overdue 1 day Access to Something of ours")
        .must_say("It is granted");
    t.sign_in("dana")
        .await
        .page("desk")
        .await
        .must_say("The granting of access to Something of ours is owed");
    let olu = t.sign_in("olu").await;
    olu.page("")
        .await
        .must_say("Not granted, 1 day late")
        .must_say("Access to Something of ours")
        .must_say("Whoever gives it has to say that it is granted");
    t.sign_in("jonas")
        .await
        .takes(&format!("{}/grant", world.access), &[])
        .await;
    t.sign_in("dana")
        .await
        .page("desk")
        .await
        .must_not_say("The granting of access");
    olu.page("attention").await.must_not_say("Whoever gives it");
    t.verify().await;
});

story!(a_goals_result_is_final, |t| {
    let (path, repeat) = kpi(
        &t,
        "Repeat purchase rate",
        "increase",
        &measured(["20", "22", "25"]),
    )
    .await;
    let (dana, dana_id) = (t.sign_in("dana").await, t.member("dana").await);
    let goal = set(&dana, &dana_id, &[(&repeat, "20", "26")])
        .await
        .must_be(303)
        .location();
    let goal = goal.split('?').next().unwrap_or_default().to_owned();
    let version = dana.page(&format!("{goal}/edit")).await.value("version");
    let sooner = [
        ("version", version.as_str()),
        ("title", "Customers come back"),
        ("why", "Keeping is cheaper."),
        ("owner", &dana_id),
        ("starts_on", "2026-05-23"),
        ("due_on", "2026-12-10"),
        ("kpi-1", &repeat),
        ("baseline-1", "20"),
        ("target-1", "26"),
        ("because", "The board wants it this year."),
    ];
    dana.takes(&format!("{goal}/edit"), &sooner).await;
    let zone = crate::platform::time::Zone::get("Europe/Berlin").expect("a zone");
    t.clock
        .set(zone.start_of(crate::platform::time::Day::new(2026, 12, 20)));
    let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
    lena.takes(&format!("{path}/periods/2026-11-01/value"), &[("value", "25")])
        .await;
    dana.page(&goal).await.must_say("Not reached, 83 %");
    dana.page("").await.must_say("Not reached, 83 %");
    // November was the last month that ended by its date; December began before it and ended too late.
    t.clock
        .set(zone.start_of(crate::platform::time::Day::new(2027, 1, 5)));
    let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
    lena.takes(&format!("{path}/periods/2026-12-01/value"), &[("value", "27")])
        .await;
    dana.page(&goal)
        .await
        .must_say("Not reached, 83 %")
        .must_say("25 % from 20 to 26 %")
        .must_say("November 2026 counts: the last period that ended by then. 1 point to go.")
        .must_not_say("Unchanged");
    t.clock.advance_days(80);
    let dana = t.sign_in("dana").await;
    dana.page(&goal).await.must_say("Not reached, 83 %");
    // What became of the KPI changes nothing, and what was measured stays readable.
    dana.takes(&format!("{path}/archive"), &[]).await;
    dana.page(&goal)
        .await
        .must_say("Not reached, 83 %")
        .must_not_say("No data")
        .must_say("This KPI is not measured any more.");
    assert_eq!(
        dana.page(&goal).await.link("Repeat purchase rate"),
        dana.path(&path)
    );
    dana.page("goals").await.must_say("Not reached, 83 %");
    dana.page(&path)
        .await
        .must_say("Not measured any more since")
        .must_say("27 %")
        .must_not_say("Targets");
    // Its words may still change, with its result; to run on, it needs a KPI that is measured.
    let page = dana.page(&format!("{goal}/edit")).await;
    assert_eq!(page.value("kpi-1"), repeat);
    let version = page.value("version");
    let reworded = |title: &'static str, due_on: &'static str| {
        let mut fields = sooner.to_vec();
        fields.retain(|(name, _)| !["version", "title", "due_on"].contains(name));
        fields.extend([
            ("version", version.as_str()),
            ("title", title),
            ("due_on", due_on),
        ]);
        fields
    };
    dana.post(
        &format!("{goal}/edit"),
        &reworded("Customers come back", "2027-11-30"),
    )
    .await
    .must_be(422)
    .must_say("It is not measured any more.");
    dana.takes(
        &format!("{goal}/edit"),
        &reworded("Customers came back", "2026-12-10"),
    )
    .await;
    dana.page(&goal)
        .await
        .must_say("Customers came back")
        .must_say("Not reached, 83 %");
    t.verify().await;
});

story!(
    a_kpi_keeps_its_direction_and_unit_while_a_goal_counts_on_them,
    |t| {
        let (path, fresh) = kpi(&t, "Orders", "increase", &[]).await;
        let (dana, dana_id) = (t.sign_in("dana").await, t.member("dana").await);
        set(&dana, &dana_id, &[(&fresh, "10", "70")]).await.must_be(303);
        let page = dana.page(&format!("{path}/edit")).await;
        let change = async |direction: &'static str, unit: &'static str| {
            let names = [
                "version",
                "title",
                "about",
                "cadence",
                "starts_on",
                "watch",
                "act",
                "driver",
                "marketing_owner",
                "technology_owner",
            ];
            let mut fields: Vec<(&str, String)> =
                names.iter().map(|name| (*name, page.value(name))).collect();
            fields.extend([
                ("direction", direction.to_owned()),
                ("unit", unit.to_owned()),
                ("baseline", String::new()),
            ]);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            dana.post(&format!("{path}/edit"), &fields).await
        };
        change("decrease", "%")
            .await
            .must_be(422)
            .must_say("The goal “Customers come back” counts on its unit and direction");
        change("increase", "days").await.must_be(422);
        // Nor does it stop being measured under a goal that runs.
        dana.post(&format!("{path}/archive"), &[])
            .await
            .must_be(422)
            .must_say("Customers come back is measured by it; change that goal first.");
        let version = dana.page("goals/1/edit").await.value("version");
        let same = [
            ("version", version.as_str()),
            ("title", "Customers come back again"),
            ("why", "Keeping is cheaper."),
            ("owner", &dana_id),
            ("starts_on", "2026-05-23"),
            ("due_on", "2027-05-23"),
            ("kpi-1", &fresh),
            ("baseline-1", "10"),
            ("target-1", "70"),
        ];
        dana.takes("goals/1/edit", &same).await;
        t.verify().await;
    }
);

story!(a_request_is_taken_back_or_objected_to_with_a_reason, |t| {
    let world = super::world::World::with(&t, "Something of ours").await;
    let goal = world.goal.clone();
    let ana = t.sign_in("ana").await;
    let id = ana.page(&format!("{goal}/access")).await.value("id");
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
        .must_say("Its last day comes after the first.");
    send("2026-12-01", "2029-12-31")
        .await
        .must_be(422)
        .must_say("two years at most");
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
        .must_say("A side objected. Take it back, and ask anew");
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
        .must_not_say("Ask for access");
    world
        .dana
        .page(&world.access)
        .await
        .must_say("Ended")
        .must_say("The goal was given up: The market left.");
    // What waited for it is told the same on both pages.
    world
        .dana
        .page(&world.access)
        .await
        .must_say("What waits for it Never granted Something of ours");
    world
        .dana
        .page(&world.milestone)
        .await
        .must_say("Never granted Something of ours This waits for access to it · Ended");
    t.sign_in("priya")
        .await
        .get(&format!("{}/sign", world.access))
        .await
        .must_be(409);
    send("2026-12-02", "2026-12-31")
        .await
        .must_be(422)
        .must_say("This goal is archived");
    t.verify().await;
});
