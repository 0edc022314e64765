//! Reminders, and the days on which something is owed.

use super::initiatives::{december, november};

use crate::{desk, platform::time::Day, sql, story, tests::TestApp};

story!(deadlines_are_announced_and_nobody_hears_of_their_own_deed, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let world = super::world::World::with(&t, "Something of ours").await;
    // The decision is to be made on 1 December; Marketing has signed.
    t.wake_on(november(29)).await;
    let signers: Vec<String> = t
        .letters()
        .await
        .into_iter()
        .filter(|(_, subject)| subject.contains("signature") || subject.contains("things wait"))
        .map(|(to, _)| to)
        .collect();
    assert!(
        signers.contains(&"priya@northwind.test".to_owned()),
        "{signers:?}"
    );
    let told = t
        .count(sql!(
            "select count(*) from reminders r join handshakes h on h.id = r.subject_id where
         h.kind = 'decision' and r.rung = 'soon'"
        ))
        .await;
    assert_eq!(
        told, 2,
        "Technology's lead and manager are asked; Marketing has signed"
    );
    t.sign_in("kofi").await.sign(&world.decision).await.must_be(303);
    t.wake_on(december(4)).await;
    let after = t
        .count(sql!(
            "select count(*) from reminders r join handshakes h on h.id = r.subject_id where
         h.kind = 'decision' and r.rung = 'due'"
        ))
        .await;
    assert_eq!(after, 0, "what is signed is not asked for");
    t.verify().await;
});

story!(a_signature_is_due_on_its_own_day, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let (path, options) = super::story::decision(&t, "Which platform?").await;
    let ana = t.sign_in("ana").await;
    ana.takes(
        &format!("{path}/propose"),
        &[
            ("option", &options[0]),
            ("rationale", "It is ours."),
            ("stage", "adopt"),
        ],
    )
    .await;
    // Long after the days that a signature has elsewhere, and before anybody was reminded.
    t.clock.advance_days(6);
    let priya = t.sign_in("priya").await;
    priya
        .page("desk")
        .await
        .must_say("by 1 Dec Which platform?")
        .must_not_say("Overdue");
    priya
        .page("")
        .await
        .must_say("Proposed Which platform?")
        .must_not_say("Overdue");
    priya
        .page("decisions")
        .await
        .must_say("Neither side has signed (6 days)");
    t.wake_on(december(1)).await;
    t.sign_in("priya")
        .await
        .page("desk")
        .await
        .must_say("today Which platform?");
    // A day later it is late wherever one looks, and whoever proposed is told.
    t.wake_on(december(2)).await;
    t.sign_in("priya")
        .await
        .page("desk")
        .await
        .must_say("Late 1 day Which platform?");
    let olu = t.sign_in("olu").await;
    for page in ["", "attention"] {
        olu.page(page).await.must_say("Late 1 day Which platform?");
    }
    olu.page("decisions").await.must_say("Neither side has signed");
    t.sign_in("ana")
        .await
        .page("desk")
        .await
        .must_say("not signed “Which platform?”");
    // The date moves after the system has asked.
    let ana = t.sign_in("ana").await;
    let page = ana.page(&format!("{path}/edit")).await;
    let mut later: Vec<(&str, String)> = ["version", "question", "context", "driver"]
        .map(|name| (name, page.value(name)))
        .to_vec();
    later.push(("decide_by", "2026-12-09".to_owned()));
    let later: Vec<(&str, &str)> = later
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    ana.takes(&format!("{path}/edit"), &later).await;
    t.sign_in("priya")
        .await
        .page("desk")
        .await
        .must_say("by 9 Dec Which platform?");
    ana.page("desk").await.must_not_say("Late with others");
    ana.page("decisions")
        .await
        .must_say("Neither side has signed (9 days)");
    t.verify().await;
});

story!(reminders_come_in_each_zones_morning_and_days_are_its_own, |t| {
    use crate::{
        demo::DemoWorkspace,
        handshake::{Kind, on_table::sign, read::current, write::VerdictInput},
        identity::{Role, Side, Viewer},
        initiatives::{self, CheckInCadence, Phase},
        platform::time::{Clock as _, Zone},
    };
    let zones = [
        "UTC",
        "Europe/Berlin",
        "Europe/London",
        "America/New_York",
        "America/Los_Angeles",
        "Asia/Kolkata",
        "Asia/Tokyo",
        "Pacific/Auckland",
    ];
    // A week around each change of the clocks: in Europe, in America, in New Zealand.
    for (number, start) in [
        Day::new(2027, 3, 23),
        Day::new(2027, 10, 26),
        Day::new(2027, 3, 9),
        Day::new(2027, 3, 30),
    ]
    .into_iter()
    .enumerate()
    {
        for name in zones {
            let zone = Zone::get(name).expect("a zone");
            let noon = zone.start_of(start).plus_seconds(12 * 3600);
            let stage = DemoWorkspace::set(
                &t.state,
                &format!("Zone {name} {number}"),
                name,
                noon,
                7,
                super::PASSWORD,
            )
            .await
            .expect("made");
            let mut people = Vec::new();
            for (index, side) in Side::BOTH.into_iter().enumerate() {
                let email = format!("{index}{}@zones.test", stage.slug);
                people.push(
                    stage
                        .person("Somebody", &email, Some(side), Role::Lead, true)
                        .await
                        .expect("a person"),
                );
            }
            let viewer = Viewer::enter(&stage.state, people[0].0, &stage.slug, String::new())
                .await
                .expect("in");
            let plan = initiatives::write::InitiativeInput {
                title: "One".to_owned(),
                purpose: "One.".to_owned(),
                starts_on: start,
                due_on: start.plus(90),
                marketing_lead: people[0].1,
                technology_lead: people[1].1,
                driver_side: Side::Marketing,
                cadence: CheckInCadence::Weekly,
                members: people
                    .iter()
                    .map(|(_, member)| (*member, String::new()))
                    .collect(),
                clauses: Vec::new(),
                kpis: Vec::new(),
            };
            let id: crate::platform::ids::InitiativeId = viewer.fresh_id();
            let initiative = initiatives::write::start(&viewer, id, plan, None)
                .await
                .expect("proposed");
            initiatives::write::move_to(&viewer, initiative, Phase::Active, "")
                .await
                .expect("asked to start");
            for (account, _) in &people {
                let lead = Viewer::enter(&stage.state, *account, &stage.slug, String::new())
                    .await
                    .expect("in");
                let (standing, _) = current(&lead, Kind::Charter, id.uuid())
                    .await
                    .expect("read")
                    .expect("a charter");
                let given = VerdictInput::agree(&standing.digest);
                sign::<initiatives::write::CharterOnTable>(&lead, initiative, given, ())
                    .await
                    .expect("signed");
            }
            let due = start.plus(7);
            let said = async |day: Day, hour: i64| -> i64 {
                stage.clock.set(zone.start_of(day).plus_seconds(hour * 3600));
                desk::gather::remind_everywhere(&stage.state)
                    .await
                    .expect("reminded");
                let sql = sql!(
                    "select count(*) from reminders r join workspaces w on w.id = r.workspace_id where w.slug
                     = $1"
                );
                let rows: Vec<(i64,)> = stage
                    .state
                    .db()
                    .fetch_all(sql, crate::args![stage.slug.as_str()])
                    .await
                    .expect("read");
                rows[0].0
            };
            assert_eq!(said(due.plus(-1), 22).await, 0, "{name}: not the day before");
            assert_eq!(said(due, 1).await, 0, "{name}: not at night");
            assert_eq!(said(due, 9).await, 1, "{name}: on its day");
            assert_eq!(
                said(due.plus(1), 9).await,
                2,
                "{name}: the other seat a day later"
            );
            let viewer = Viewer::enter(&stage.state, people[0].0, &stage.slug, String::new())
                .await
                .expect("in");
            assert_eq!(
                (viewer.today(), stage.clock.now().day_in(&zone)),
                (due.plus(1), due.plus(1)),
                "{name}"
            );
        }
    }
});

story!(a_lead_who_is_late_is_known_to_the_other_lead, |t| {
    let lena = t.sign_in("lena").await;
    let (kofi_id, lena_id) = (t.member("kofi").await, t.member("lena").await);
    let id = lena.page("kpis/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", "Churn"),
        ("about", "From the warehouse."),
        ("unit", "%"),
        ("baseline", ""),
        ("direction", "below"),
        ("cadence", "monthly"),
        ("starts_on", "2026-10-01"),
        ("watch", "90"),
        ("act", "70"),
        ("driver", &lena_id),
        ("marketing_owner", &lena_id),
        ("technology_owner", &kofi_id),
    ];
    let path = lena
        .takes("kpis/new", &fields)
        .await
        .trim_end_matches("/targets")
        .to_owned();
    let october = format!("{path}/periods/2026-10-01");
    lena.takes(&format!("{october}/value"), &[("value", "3")]).await;
    let digest = lena.page(&october).await.value("digest");
    let said = [
        ("digest", digest.as_str()),
        ("status", "on_track"),
        ("confidence", "80"),
    ];
    lena.takes(&format!("{october}/attest"), &said).await;
    // Nobody stands over Technology's lead but both leads together.
    t.wake_on(december(20)).await;
    t.sign_in("dana")
        .await
        .page("desk")
        .await
        .must_say("kofi has not confirmed “Churn, October”");
});
