//! A goal is read from its numbers, and what it needs is asked for, approved by both sides, and granted.

use super::{Answer, TestApp, User, numbers::edit_kpi};

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

pub(super) async fn set(who: &User, owner: &str, measures: &[(&str, &str, &str)]) -> Answer {
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
            .must_say("Choose at least one KPI");
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
            .must_say("50% of the way")
            .must_say("5% of the way")
            .must_say("1 of 2 KPIs on track. Furthest behind: Churn, off track")
            .must_say("Up 3 points in October. 5 points to go.")
            .must_say("No initiative works on this goal yet.");
        kofi.page("goals").await.must_say("5% of the way");
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
            .must_say("changing the numbers or dates of a goal needs one");
        send("28", "The board lowered it.").await.must_be(303);
        send("27", "Again.")
            .await
            .must_be(409)
            .must_say("Somebody changed this while you were editing");
        dana.page("history")
            .await
            .must_say("Repeat purchase rate from 20% to 28%")
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
            .must_say("Somebody changed this while you were editing")
            .must_say("Somebody changed this to “lena” meanwhile.");
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
            .must_say("Somebody changed this while you were editing")
            .must_say("Somebody emptied this meanwhile.");
        // Silence outranks the last number.
        t.clock.advance_days(60);
        t.sign_in("dana").await.page(goal).await.must_say("No news");
        t.verify().await;
    }
);

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
    dana.page(&goal).await.must_say("Not reached: 83% of the way");
    dana.page("").await.must_say("Not reached: 83% of the way");
    // November was the last month that ended by its date; December began before it and ended too late.
    t.clock
        .set(zone.start_of(crate::platform::time::Day::new(2027, 1, 5)));
    let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
    lena.takes(&format!("{path}/periods/2026-12-01/value"), &[("value", "27")])
        .await;
    dana.page(&goal)
        .await
        .must_say("Not reached: 83% of the way")
        .must_say("25% from 20 to 26%")
        .must_say("The result is that of November 2026, the last period that ended by then. 1 point to go.")
        .must_not_say("Unchanged");
    t.clock.advance_days(80);
    let dana = t.sign_in("dana").await;
    dana.page(&goal).await.must_say("Not reached: 83% of the way");
    // What became of the KPI changes nothing, and what was measured stays readable.
    let version = dana.page(&format!("{path}/archive")).await.value("version");
    let archived = [("version", version.as_str()), ("because", "Nobody reads it.")];
    dana.takes(&format!("{path}/archive"), &archived).await;
    dana.page(&goal)
        .await
        .must_say("Not reached: 83% of the way")
        .must_not_say("No value yet")
        .must_say("This KPI is archived.");
    assert_eq!(
        dana.page(&goal).await.link("Repeat purchase rate"),
        dana.path(&path)
    );
    dana.page("goals").await.must_say("Not reached: 83% of the way");
    dana.page(&path)
        .await
        .must_say("Archived on")
        .must_say("27%")
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
    .must_say("This KPI is archived.");
    dana.takes(
        &format!("{goal}/edit"),
        &reworded("Customers came back", "2026-12-10"),
    )
    .await;
    dana.page(&goal)
        .await
        .must_say("Customers came back")
        .must_say("Not reached: 83% of the way");
    t.verify().await;
});

story!(
    a_kpi_keeps_its_direction_and_unit_while_a_goal_counts_on_them,
    |t| {
        let (path, fresh) = kpi(&t, "Orders", "increase", &[]).await;
        let (dana, dana_id) = (t.sign_in("dana").await, t.member("dana").await);
        set(&dana, &dana_id, &[(&fresh, "10", "70")]).await.must_be(303);
        let change = async |direction: &str, unit: &str| {
            edit_kpi(&dana, &path, &[("direction", direction), ("unit", unit)]).await
        };
        change("decrease", "%")
            .await
            .must_be(422)
            .must_say("The goal “Customers come back” uses this unit and direction");
        change("increase", "days").await.must_be(422);
        // Nor does it stop being measured under a goal that runs.
        let version = dana.page(&format!("{path}/archive")).await.value("version");
        let archived = [("version", version.as_str()), ("because", "Nobody reads it.")];
        dana.post(&format!("{path}/archive"), &[("version", &version)])
            .await
            .must_be(422)
            .must_say("This is missing.");
        let why = "The goal “Customers come back” is measured by it. Change that goal first.";
        dana.page(&format!("{path}/archive")).await.must_say(why);
        dana.post(&format!("{path}/archive"), &archived)
            .await
            .must_be(422)
            .must_say(why);
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
