//! Both owners report a KPI.

use crate::{
    story,
    tests::{
        goals::kpi,
        world::{World, tail},
    },
};

story!(both_owners_report_a_kpi_and_their_split_is_shown, |t| {
    let (dana, kofi, ana) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("ana").await,
    );
    let (m, c, a) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("ana").await,
    );
    let id = dana.page("kpis/new").await.value("id");
    let plan = [
        ("id", id.as_str()),
        ("title", "Churn"),
        ("about", "Members who left."),
        ("unit", "%"),
        ("baseline", ""),
        ("direction", "decrease"),
        ("cadence", "monthly"),
        ("starts_on", "2026-09-15"),
        ("watch", "90"),
        ("act", "70"),
        ("driver", &a),
        ("marketing_owner", &m),
    ];
    // One person does not own a number for both sides.
    let mut doubled = plan.to_vec();
    doubled.push(("technology_owner", &m));
    dana.post("kpis/new", &doubled)
        .await
        .must_be(422)
        .must_say("Choose somebody of Technology.");
    let mut fields = plan.to_vec();
    fields.push(("technology_owner", &c));
    let path = dana
        .takes("kpis/new", &fields)
        .await
        .trim_end_matches("/targets")
        .to_owned();
    t.set_targets(&path, &[("high-2026-09-01", "3"), ("high-2026-10-01", "2.8")])
        .await;

    let september = format!("{path}/periods/2026-09-01");
    ana.post(&format!("{september}/value"), &[("value", "about 3")])
        .await
        .must_be(422)
        .must_say("Write a number such as 12.5.");
    ana.takes(&format!("{september}/value"), &[("value", "3.0")])
        .await;
    ana.post(&format!("{path}/periods/2026-11-01/value"), &[("value", "1")])
        .await
        .must_be(404);
    let october = format!("{path}/periods/2026-10-01");
    ana.takes(&format!("{october}/value"), &[("value", "3.5")]).await;
    // Rising churn is bad, whatever the arrow says.
    ana.page(&path)
        .await
        .must_say("Up 0.5 points in October, should fall.")
        .must_say("0.7 points above target")
        .must_say("At risk");

    let digest = kofi.page(&october).await.value("digest");
    kofi.post(
        &format!("{october}/attest"),
        &[("digest", &digest), ("status", "off_track"), ("insight", "")],
    )
    .await
    .must_be(422)
    .must_say("Off track needs one line of explanation.");
    kofi.takes(
        &format!("{october}/attest"),
        &[
            ("digest", &digest),
            ("status", "off_track"),
            ("insight", "The app logs people out."),
            ("action", "Fix the log-in"),
            ("action_owner", &c),
            ("action_due_on", "2026-12-01"),
        ],
    )
    .await;
    // Marketing does not see it before it has given its own; nor does anybody else.
    for who in ["dana", "ana", "olu", "lena"] {
        for path in [path.as_str(), october.as_str(), "kpis", "", "history", "desk"] {
            t.sign_in(who)
                .await
                .page(path)
                .await
                .must_not_say("logs people out")
                .must_not_say("Technology says off track");
        }
    }
    kofi.page(&october).await.must_say("The app logs people out.");
    dana.page("desk").await.must_say("Churn, October");
    let attest = [("digest", digest.as_str()), ("status", "on_track")];
    let done = dana.post(&format!("{october}/attest"), &attest).await;
    assert!(
        !done.must_be(303).location().contains("undo="),
        "what both have confirmed stays"
    );
    dana.page(&path)
        .await
        .must_say("Marketing says on track, Technology says off track")
        .must_say("The app logs people out.");
    dana.page("")
        .await
        .must_say("At risk Churn")
        .must_say("Marketing says on track, Technology says off track.");

    // A correction takes a reason, keeps the old value, and asks both again.
    ana.post(&format!("{october}/value"), &[("value", "2.9")])
        .await
        .must_be(422)
        .must_say("Write the reason for the change.");
    ana.takes(
        &format!("{october}/value"),
        &[("value", "2.9"), ("because", "Double counted.")],
    )
    .await;
    dana.page(&path)
        .await
        .must_say("Neither side has confirmed it")
        .must_say("Double counted.")
        .must_say("3.5");
    // A number that is fine is not green while its owners see it differently.
    for (who, status) in [(&dana, "on_track"), (&kofi, "at_risk")] {
        let digest = who.page(&october).await.value("digest");
        who.takes(
            &format!("{october}/attest"),
            &[("digest", &digest), ("status", status), ("insight", "")],
        )
        .await;
    }
    for page in ["", "kpis", path.as_str()] {
        dana.page(page)
            .await
            .must_say("Disputed")
            .must_say("Marketing says on track, Technology says at risk")
            .must_not_say("On track Churn");
    }
    dana.page("").await.must_say("Disputed Churn");
    dana.page("kpis")
        .await
        .must_say("0 of 1 on track. Furthest behind: Churn, disputed");
    ana.takes(
        &format!("{october}/value"),
        &[("value", "2.8"), ("because", "Counted once more.")],
    )
    .await;
    dana.page("kpis").await.must_say("On track");
    // Who says that the number is wrong is heard before the number is, and silence before both.
    let digest = kofi.page(&october).await.value("digest");
    kofi.takes(
        &format!("{october}/attest"),
        &[
            ("digest", &digest),
            ("status", "wrong"),
            ("insight", "The app counts twice."),
        ],
    )
    .await;
    dana.page("")
        .await
        .must_say("Disputed Churn")
        .must_say("Technology disputes the number.");
    dana.page("kpis")
        .await
        .must_say("Disputed")
        .must_not_say("On track Churn");
    t.clock.advance_days(18);
    let dana = t.sign_in("dana").await;
    let november = format!("{path}/periods/2026-11-01");
    t.sign_in("olu")
        .await
        .page(&november)
        .await
        .must_say("No value yet. Due from ana since 10 Dec.");
    dana.page(&path).await.must_say("New value due 1 day ago");
    dana.page("attention")
        .await
        .must_say("No news Churn")
        .must_not_say("Disputed Churn");
    t.verify().await;
});

story!(a_red_number_takes_a_word_of_whoever_sees_it_otherwise, |t| {
    let world = World::with(&t, "Something of ours").await;
    let path = format!("{}/periods/2026-10-01", world.kpi);
    let digest = world.kofi.page(&path).await.value("digest");
    let attest = format!("{path}/attest");
    world
        .kofi
        .post(&attest, &[("digest", &digest), ("status", "on_track")])
        .await
        .must_be(422)
        .must_say("By the numbers this is off track.");
    let reasoned = [
        ("digest", digest.as_str()),
        ("status", "on_track"),
        ("insight", "Half of it was paid back in November."),
    ];
    world.kofi.post(&attest, &reasoned).await.must_be(303);
    world
        .kofi
        .page(&path)
        .await
        .must_say("By the numbers this is off track.")
        .must_say("Half of it was paid back in November.");
});

const OCTOBER: &str = "2026-10-01";

story!(
    a_number_is_confirmed_from_the_desk_and_for_a_moment_it_can_be_undone,
    |t| {
        let (path, _) = kpi(&t, "Orders", "increase", &[(OCTOBER, "5")]).await;
        let (dana, october) = (t.sign_in("dana").await, format!("{path}/periods/{OCTOBER}"));
        let digest = dana.page(&october).await.value("digest");
        let desk = dana.path("desk");
        let attest = [
            ("digest", digest.as_str()),
            ("status", "on_track"),
            ("back", &desk),
        ];
        let done = dana.post(&format!("{october}/attest"), &attest).await;
        let offer = done.must_be(303).location();
        assert_eq!(
            offer,
            format!("{desk}?done=attested&undo=attestation.{}.{OCTOBER}", tail(&path))
        );
        let after = dana.get(&offer).await;
        assert!(after.must_be(200).body.contains("Undo"), "{}", after.body);
        dana.page("desk").await.must_not_say("Orders, October");
        let undone = dana
            .post(&format!("{october}/withdraw"), &[("back", &desk)])
            .await;
        assert_eq!(undone.must_be(303).location(), format!("{desk}?done=withdrawn"));
        dana.page("desk").await.must_say("Orders, October");
        // Nothing but what was done can be named.
        let forged = dana.get("desk?done=saved&undo=members/1/disable").await;
        assert!(!forged.must_be(200).body.contains("Undo"));
        t.verify().await;
    }
);
