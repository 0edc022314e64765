//! Numbers get in without typing, are right, and bring an explanation and an action when they are red.

use super::{Answer, TestApp, User};

use crate::{sql, story};

/// A monthly KPI from January on, driven by Lena, owned by Dana and Kofi; gives its path and its id.
pub(super) async fn kpi(t: &TestApp, title: &str, unit: &str, direction: &str) -> (String, String) {
    let dana = t.sign_in("dana").await;
    let (dana_id, kofi_id, lena_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
    );
    let id = dana.page("kpis/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", title),
        ("about", "From the warehouse."),
        ("unit", unit),
        ("baseline", ""),
        ("direction", direction),
        ("cadence", "monthly"),
        ("starts_on", "2026-01-01"),
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
    (path, id)
}

/// Edits a KPI, with what its form shows but for the changes.
pub(super) async fn edit_kpi(who: &User, path: &str, changes: &[(&str, &str)]) -> Answer {
    let edit = format!("{path}/edit");
    let form = who.page(&edit).await;
    let shown = [
        "version",
        "title",
        "about",
        "unit",
        "direction",
        "cadence",
        "baseline",
        "starts_on",
        "watch",
        "act",
        "driver",
        "marketing_owner",
        "technology_owner",
    ]
    .map(|name| (name, form.value(name)));
    let fields: Vec<(&str, &str)> = shown
        .iter()
        .map(|(name, value)| {
            let other = changes.iter().find(|(changed, _)| changed == name);
            (*name, other.map_or(value.as_str(), |(_, value)| *value))
        })
        .collect();
    who.post(&edit, &fields).await
}

impl TestApp {
    /// Dana proposes targets of a KPI that she and Kofi own, and both sign them.
    pub(super) async fn set_targets(&self, path: &str, targets: &[(&str, &str)]) {
        let (dana, kofi) = (self.sign_in("dana").await, self.sign_in("kofi").await);
        let form = format!("{path}/targets");
        let version = dana.page(&form).await.value("version");
        let mut fields = targets.to_vec();
        fields.push(("version", &version));
        dana.takes(&form, &fields).await;
        for owner in [dana, kofi] {
            owner.sign(&format!("{form}/proposal")).await.must_be(303);
        }
    }

    pub(super) async fn values(&self) -> i64 {
        self.count(sql!("select count(*) from kpi_values where replaced_at is null"))
            .await
    }
}

story!(a_number_far_from_what_is_known_is_asked_about, |t| {
    let (path, id) = kpi(&t, "Orders", "", "increase").await;
    let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
    let september = format!("{path}/periods/2026-09-01/value");
    let october = format!("{path}/periods/2026-10-01/value");
    lena.takes(&september, &[("value", "398000")]).await;
    let asked = lena.post(&october, &[("value", "410")]).await;
    asked
        .must_be(422)
        .must_say("October: 410 after 398,000 in September. If that is right, say so here.")
        .must_say("It is right as typed");
    assert_eq!(asked.value("value"), "410", "what was typed stays");
    assert_eq!(t.values().await, 1);
    // Who says that it is right, or mends it, enters it.
    lena.takes(&october, &[("value", "410"), ("is_sure", "on")]).await;
    // Whoever confirms it is told, too: a feed cannot be asked.
    dana.page(&format!("{path}/periods/2026-10-01"))
        .await
        .must_say("This value is far from the one before it, 398,000.");
    lena.takes(&october, &[("value", "410000"), ("because", "In thousands")])
        .await;
    lena.page(&path).await.must_say("410,000");
    dana.page(&format!("{path}/periods/2026-10-01"))
        .await
        .must_not_say("far from the one before it");

    let targets = format!("{path}/targets");
    let version = dana.page(&targets).await.value("version");
    // Periods of the past have targets, too; a column is pasted, and what is typed is copied down.
    let past = dana.page(&format!("{targets}?from=2026-02-01")).await;
    past.must_say("February").must_say("Earlier periods");
    let column = [
        ("version", version.as_str()),
        ("from", "2026-02-01"),
        ("step", "fill"),
        ("column", "400000\r\n410000"),
    ];
    let filled = dana.post(&targets, &column).await;
    filled.must_be(200);
    assert_eq!(filled.value("low-2026-02-01"), "400000");
    assert_eq!(filled.value("low-2026-03-01"), "410000");
    let down = [
        ("version", version.as_str()),
        ("from", "2026-02-01"),
        ("step", "fill"),
        ("low-2026-02-01", "400000"),
    ];
    let filled = dana.post(&targets, &down).await;
    assert_eq!(filled.value("low-2026-12-01"), "400000");
    // Without a value the baseline tells; a column is taken whichever button was pressed.
    let pressed = [("version", version.as_str()), ("column", "400000")];
    let shown = dana.post(&targets, &pressed).await;
    shown.must_be(200);
    let target = [("version", version.as_str()), ("low-2026-12-01", "450")];
    dana.post(&targets, &target)
        .await
        .must_be(422)
        .must_say("December: 450, while October was 410,000.");
    let sure = [target.as_slice(), &[("is_sure", "on")]].concat();
    dana.takes(&targets, &sure).await;
    // Those of other periods stay beside it.
    let version = dana.page(&targets).await.value("version");
    let past = [
        ("version", version.as_str()),
        ("from", "2026-02-01"),
        ("low-2026-02-01", "390000"),
    ];
    dana.takes(&targets, &past).await;
    dana.page(&format!("{targets}/proposal"))
        .await
        .must_say("February none 390,000")
        .must_say("December none 450")
        .must_say("At risk below 90% of the target, off track below 70%.");

    let dana_id = t.member("dana").await;
    let goal = super::goals::set(&dana, &dana_id, &[(&id, "410", "450")]).await;
    goal.must_be(422)
        .must_say("Orders: 410, while its newest value is 410,000. If that is right, say so here.");
    let clause = dana.page("definition/clauses/new").await.value("id");
    let promise = [
        ("id", clause.as_str()),
        ("title", "They order again"),
        ("promise", "Whoever ordered once finds it easy to do so again."),
        ("for_marketing", "One list."),
        ("for_technology", "One service."),
        ("kpis", &id),
    ];
    dana.takes("definition/clauses/new", &promise).await;
    let goal = super::goals::set(&dana, &dana_id, &[(&id, "410000", "450000")]).await;
    goal.must_be(303);
    dana.page("goals/1")
        .await
        .must_say("Serves the clause: They order again");
    t.verify().await;
});

story!(limits_hold_once_both_owners_have_signed_them, |t| {
    let (path, _) = kpi(&t, "Repeat", "%", "increase").await;
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    lena.takes(&format!("{path}/periods/2026-10-01/value"), &[("value", "12")])
        .await;
    let change = async |changes: &[(&str, &str)]| edit_kpi(&lena, &path, changes).await;
    // Limits are signed with the first targets: no other ones slip in between two signatures.
    let version = dana.page(&format!("{path}/targets")).await.value("version");
    let first = [("version", version.as_str()), ("low-2026-10-01", "20")];
    dana.takes(&format!("{path}/targets"), &first).await;
    kofi.sign(&format!("{path}/targets/proposal")).await.must_be(303);
    change(&[("watch", "0"), ("act", "0")]).await.must_be(303);
    dana.page(&format!("{path}/targets/proposal"))
        .await
        .must_say("0 of 2 signed")
        .must_say("At risk below 0% of the target instead of 90%");
    change(&[("watch", "90"), ("act", "70")]).await.must_be(303);
    for owner in [&dana, &kofi] {
        owner.sign(&format!("{path}/targets/proposal")).await.must_be(303);
    }
    dana.page(&path).await.must_say("Off track");
    // One person does not make a red number green.
    change(&[("watch", "60"), ("act", "50")]).await.must_be(303);
    dana.page(&path)
        .await
        .must_say("Off track")
        .must_say("New limits wait for both owners.");
    kofi.page(&format!("{path}/targets/proposal/sign"))
        .await
        .must_say("At risk below 60% of the target instead of 90%; off track below 50% instead of 70%.");
    for owner in [&dana, &kofi] {
        owner.sign(&format!("{path}/targets/proposal")).await.must_be(303);
    }
    dana.page(&path).await.must_not_say("Off track");
    t.verify().await;
    // Nor does somebody of one side choose who answers for the other.
    let priya = t.member("priya").await;
    change(&[("technology_owner", &priya)])
        .await
        .must_be(422)
        .must_say("Only Technology changes who answers for it for Technology.");
    change(&[("marketing_owner", &t.member("lena").await)])
        .await
        .must_be(303);
    t.verify().await;
});

story!(
    a_kpi_with_signed_targets_ends_and_changes_by_two_signatures,
    |t| {
        let (path, _) = kpi(&t, "Orders", "", "increase").await;
        let (in_stores, first) = kpi(&t, "In stores", "", "increase").await;
        let (_, second) = kpi(&t, "Online", "", "increase").await;
        let (dana, kofi, lena) = (
            t.sign_in("dana").await,
            t.sign_in("kofi").await,
            t.sign_in("lena").await,
        );
        lena.takes(&format!("{path}/periods/2026-10-01/value"), &[("value", "12")])
            .await;
        let proposal = format!("{path}/targets/proposal");
        let version = dana.page(&format!("{path}/targets")).await.value("version");
        let targets = [
            ("version", version.as_str()),
            ("low-2026-10-01", "20"),
            ("is_sure", "on"),
        ];
        dana.takes(&format!("{path}/targets"), &targets).await;
        for owner in [&dana, &kofi] {
            owner.sign(&proposal).await.must_be(303);
        }
        dana.page(&path).await.must_say("Off track");

        // Once a side has signed targets, nobody computes the number in another way beside them.
        let (other, _) = kpi(&t, "Visits", "", "increase").await;
        let version = dana.page(&format!("{other}/targets")).await.value("version");
        let aim = [("version", version.as_str()), ("low-2026-10-01", "20")];
        dana.takes(&format!("{other}/targets"), &aim).await;
        dana.sign(&format!("{other}/targets/proposal")).await.must_be(303);
        let version = lena.page(&format!("{other}/formula")).await.value("version");
        let sum = [
            ("version", version.as_str()),
            ("formula", "sum"),
            ("input-1", &first),
            ("input-2", &second),
        ];
        lena.post(&format!("{other}/formula"), &sum)
            .await
            .must_be(422)
            .must_say("Both owners are asked to sign the targets.");

        // A number that looks bad is not computed in another way by one person.
        let asked = lena.page(&format!("{path}/formula")).await;
        asked.must_say("both sign its formula, too");
        let version = asked.value("version");
        let formula = [
            ("version", version.as_str()),
            ("formula", "sum"),
            ("input-1", &first),
            ("input-2", &second),
        ];
        assert!(
            lena.takes(&format!("{path}/formula"), &formula)
                .await
                .ends_with(&proposal)
        );
        dana.page(&path)
            .await
            .must_say("Off track")
            .must_say("A new formula waits for both owners.")
            .must_not_say("In stores + Online");
        dana.page(&format!("{proposal}/sign"))
            .await
            .must_say("In stores + Online. Until now: Entered by hand.");
        // Targets that are typed beside it do not take it off the table.
        let version = lena.page(&format!("{path}/targets")).await.value("version");
        let more = [
            ("version", version.as_str()),
            ("low-2026-12-01", "30"),
            ("is_sure", "on"),
        ];
        lena.post(&format!("{path}/targets"), &more)
            .await
            .must_be(422)
            .must_say("Both owners are asked to sign the formula.");
        dana.sign(&proposal).await.must_be(303);
        kofi.sign(&proposal).await.must_be(303);
        dana.page(&path).await.must_say("In stores + Online");
        // Nor is what it is made of computed in another way by one person.
        let (visits, deeper) = kpi(&t, "Counters", "", "increase").await;
        let version = lena.page(&format!("{in_stores}/formula")).await.value("version");
        let counted = [
            ("version", version.as_str()),
            ("formula", "sum"),
            ("input-1", &second),
            ("input-2", &deeper),
        ];
        let before_both = lena.takes(&format!("{in_stores}/formula"), &counted).await;
        assert!(before_both.ends_with("/targets/proposal"), "{before_both}");
        // What was signed under one name is not taken under another.
        dana.sign(&before_both).await.must_be(303);
        edit_kpi(&lena, &visits, &[("title", "Clicks")])
            .await
            .must_be(303);
        kofi.sign(&before_both)
            .await
            .must_be(422)
            .must_say("A KPI of this formula has another name now.");

        // Nor does it end by one person, who would begin it anew with other targets.
        let archive = format!("{path}/archive");
        let version = lena.page(&archive).await.value("version");
        let why = [("version", version.as_str()), ("because", "Nobody looks at it")];
        assert!(lena.takes(&archive, &why).await.ends_with(&proposal));
        dana.page("kpis").await.must_say("Orders");
        dana.page(&path)
            .await
            .must_say("Both owners are asked to archive this KPI.");
        kofi.page("desk").await.must_say("Archive Orders");
        kofi.page(&format!("{proposal}/sign"))
            .await
            .must_say("This KPI is no longer measured.")
            .must_say("Nobody looks at it");
        dana.sign(&proposal).await.must_be(303);
        dana.page(&path).await.must_not_say("Archived");
        kofi.sign(&proposal).await.must_be(303);
        dana.page(&path).await.must_say("Archived");
        dana.page(&proposal)
            .await
            .must_say("This KPI is no longer measured.");
        dana.page("history").await.must_say("signed the end of");
        t.verify().await;
    }
);

story!(every_card_of_the_list_draws_its_last_periods, |t| {
    let lena = t.sign_in("lena").await;
    let many = 13;
    for at in 1..=many {
        let (path, _) = kpi(&t, &format!("KPI {at}"), "", "increase").await;
        lena.takes(&format!("{path}/periods/2026-10-01/value"), &[("value", "12")])
            .await;
    }
    let page = lena.page("kpis").await;
    assert_eq!(page.body.matches("chart-dot").count(), many);
});

story!(what_is_made_of_others_is_computed_and_a_circle_is_refused, |t| {
    let (kept, kept_id) = kpi(&t, "Kept", "customers", "increase").await;
    let (all, all_id) = kpi(&t, "All", "customers", "increase").await;
    let (share, share_id) = kpi(&t, "Share kept", "%", "increase").await;
    let (twice, _) = kpi(&t, "Twice", "%", "increase").await;
    let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
    for (path, values) in [(&kept, ["61", "62"]), (&all, ["80", "81"])] {
        for (month, value) in ["2026-09-01", "2026-10-01"].into_iter().zip(values) {
            lena.takes(&format!("{path}/periods/{month}/value"), &[("value", value)])
                .await;
        }
    }
    let formula = |of: &'static str, first: &str, second: &str| {
        [
            ("version", "1".to_owned()),
            ("formula", of.to_owned()),
            ("input-1", first.to_owned()),
            ("input-2", second.to_owned()),
        ]
    };
    let set = async |path: &str, fields: [(&str, String); 4]| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        dana.post(&format!("{path}/formula"), &fields).await
    };
    set(&share, formula("sum", &kept_id, &all_id))
        .await
        .must_be(422)
        .must_say("The result is in “%”, but its parts are in “customers”.");
    set(&share, formula("share", &kept_id, &kept_id))
        .await
        .must_be(422)
        .must_say("Choose each of them once.");
    set(&share, formula("share", &kept_id, ""))
        .await
        .must_be(422)
        .must_say("Choose 2 KPIs; 1 are chosen.");
    set(&share, formula("share", &kept_id, &all_id))
        .await
        .must_be(303);
    lena.page(&share)
        .await
        .must_say("76.5432")
        .must_say("Kept as % of All");
    // Nobody enters it by hand; what it is made of moves it, and whoever attested is asked again.
    lena.post(&format!("{share}/periods/2026-10-01/value"), &[("value", "90")])
        .await
        .must_be(422)
        .must_say("This KPI is computed from others.");
    let digest = dana
        .page(&format!("{share}/periods/2026-10-01"))
        .await
        .value("digest");
    dana.takes(
        &format!("{share}/periods/2026-10-01/attest"),
        &[("digest", &digest), ("status", "on_track")],
    )
    .await;
    lena.takes(
        &format!("{all}/periods/2026-10-01/value"),
        &[("value", "100"), ("because", "Late customers")],
    )
    .await;
    lena.page(&share)
        .await
        .must_say("62")
        .must_say("Computed again")
        .must_say("Neither side has confirmed it");
    // A chain of two is fine, a circle is not, and its path is said.
    let (other, other_id) = kpi(&t, "Other share", "%", "increase").await;
    lena.takes(&format!("{other}/periods/2026-10-01/value"), &[("value", "10")])
        .await;
    set(&twice, formula("sum", &share_id, &other_id))
        .await
        .must_be(303);
    lena.page(&twice).await.must_say("72");
    let version = dana.page(&format!("{share}/formula")).await.value("version");
    let circle = [
        ("version", version.as_str()),
        ("formula", "sum"),
        ("input-1", &other_id),
        ("input-2", ""),
    ];
    let twice_id = dana
        .page(&format!("{other}/formula"))
        .await
        .body
        .split("Twice")
        .next()
        .unwrap_or_default()
        .rsplit("value=\"")
        .next()
        .unwrap_or_default()[..36]
        .to_owned();
    let mut circle = circle.to_vec();
    circle[3] = ("input-2", &twice_id);
    dana.post(&format!("{share}/formula"), &circle)
        .await
        .must_be(422)
        .must_say("That would make a circle: Share kept ← Twice ← Share kept.");
    t.verify().await;
});

story!(a_fine_number_that_nobody_attested_is_not_green, |t| {
    let (path, _) = kpi(&t, "Orders", "", "increase").await;
    let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
    t.set_targets(&path, &[("low-2026-10-01", "100")]).await;
    lena.takes(&format!("{path}/periods/2026-10-01/value"), &[("value", "120")])
        .await;
    dana.page(&path)
        .await
        .must_say("On track")
        .must_say("Neither side has confirmed it");
    dana.page("").await.must_not_say("Needs attention");
    // October was to be attested long ago; entered late, it was owed the day it was entered.
    t.clock.advance_days(1);
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    for page in ["", "attention", "kpis", path.as_str()] {
        dana.page(page)
            .await
            .must_say("Late 1 day")
            .must_not_say("On track");
    }
    let october = format!("{path}/periods/2026-10-01");
    dana.page(&october)
        .await
        .must_say("By the numbers this is on track.");
    for who in [&dana, &kofi] {
        let digest = who.page(&october).await.value("digest");
        who.takes(
            &format!("{october}/attest"),
            &[("digest", &digest), ("status", "on_track"), ("insight", "")],
        )
        .await;
    }
    dana.page("kpis")
        .await
        .must_say("On track")
        .must_not_say("has not confirmed");
    t.verify().await;
});

story!(
    a_red_number_brings_an_action_that_becomes_a_checkpoint_and_recovers,
    |t| {
        super::world::World::with(&t, "Something of ours").await;
        let (path, _) = kpi(&t, "Orders", "", "increase").await;
        let (dana, kofi, lena) = (
            t.sign_in("dana").await,
            t.sign_in("kofi").await,
            t.sign_in("lena").await,
        );
        let targets = [("low-2026-10-01", "100"), ("low-2026-11-01", "100")];
        t.set_targets(&path, &targets).await;
        lena.takes(&format!("{path}/periods/2026-10-01/value"), &[("value", "50")])
            .await;
        let october = format!("{path}/periods/2026-10-01");
        let page = kofi.page(&october).await;
        let (digest, milestone) = (
            page.value("digest"),
            page.body
                .split("id=\"action_milestone\"")
                .nth(1)
                .expect("a choice")
                .split("value=\"")
                .nth(2)
                .expect("a milestone")[..36]
                .to_owned(),
        );
        let kofi_id = t.member("kofi").await;
        let mut red = vec![
            ("digest", digest.as_str()),
            ("status", "off_track"),
            ("confidence", "20"),
            ("insight", "The feed is late."),
            ("action", "Nightly feed"),
            ("action_owner", &kofi_id),
            ("action_due_on", "2026-12-05"),
        ];
        kofi.post(&format!("{october}/attest"), &red)
            .await
            .must_be(422)
            .must_say("Choose the milestone that gets the action as a checkpoint.");
        red.push(("action_milestone", &milestone));
        kofi.takes(&format!("{october}/attest"), &red).await;
        // A checkpoint now would tell Marketing what Technology thinks.
        assert_eq!(
            t.count(sql!(
                "select count(*) from checkpoints where title = 'Nightly feed'"
            ))
            .await,
            0
        );
        dana.page("milestones/2").await.must_not_say("Nightly feed");
        dana.takes(
            &format!("{october}/attest"),
            &[
                ("digest", &digest),
                ("status", "at_risk"),
                ("confidence", "60"),
                ("insight", "The campaign starts in December."),
            ],
        )
        .await;
        dana.page("milestones/2").await.must_say("Nightly feed");
        dana.page(&october)
            .await
            .must_say("20% confident")
            .must_say("60% confident");
        dana.page(&path)
            .await
            .must_say("Off track")
            .must_say("Marketing says at risk, Technology says off track");
        // The next period is better: recovering, not on track; reached is on track.
        t.clock.advance_days(10);
        let (dana, lena) = (t.sign_in("dana").await, t.sign_in("lena").await);
        let november = format!("{path}/periods/2026-11-01/value");
        lena.takes(&november, &[("value", "65")]).await;
        dana.page(&path).await.must_say("Recovering");
        lena.takes(&november, &[("value", "45"), ("because", "Cancelled orders")])
            .await;
        dana.page(&path).await.must_say("Off track");
        lena.takes(&november, &[("value", "101"), ("because", "Late orders")])
            .await;
        dana.page(&path).await.must_say("On track");
        t.verify().await;
    }
);

story!(
    a_target_changes_only_with_a_reason_and_the_old_one_stays_visible,
    |t| {
        let (path, _) = kpi(&t, "Churn", "%", "below").await;
        let dana = t.sign_in("dana").await;
        let targets = format!("{path}/targets");
        t.set_targets(&path, &[("high-2026-12-01", "3")]).await;
        let version = dana.page(&targets).await.value("version");
        let changed = [("version", version.as_str()), ("high-2026-12-01", "4")];
        dana.post(&targets, &changed)
            .await
            .must_be(422)
            .must_say("Changing an existing target needs a reason.");
        let mut reasoned = changed.to_vec();
        reasoned.push(("because", "The market fell by a tenth."));
        dana.takes(&targets, &reasoned).await;
        let kofi = t.sign_in("kofi").await;
        for owner in [&dana, &kofi] {
            owner.sign(&format!("{targets}/proposal")).await.must_be(303);
        }
        dana.page(&targets)
            .await
            .must_say("3%")
            .must_say("The market fell by a tenth.");
        dana.page("history").await.must_say("December: 3% becomes 4%");
        // Two at once: the second sees that it changed.
        dana.post(&targets, &reasoned).await.must_be(409);
        t.verify().await;
    }
);

story!(targets_hold_once_both_owners_signed_them, |t| {
    let (path, _) = kpi(&t, "Churn", "%", "below").await;
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (targets, proposal) = (format!("{path}/targets"), format!("{path}/targets/proposal"));
    lena.takes(&format!("{path}/periods/2026-10-01/value"), &[("value", "4")])
        .await;
    let propose = async |high: &str, because: &str| {
        let version = lena.page(&targets).await.value("version");
        let fields = [
            ("version", version.as_str()),
            ("high-2026-10-01", high),
            ("because", because),
        ];
        lena.takes(&targets, &fields).await
    };

    // One manager writes them; the value is judged by none yet.
    assert!(propose("3", "").await.ends_with("/proposal"));
    lena.page(&path)
        .await
        .must_say("New targets wait for both owners.")
        .must_say("No target");
    kofi.page("desk").await.must_say("Targets of Churn");
    lena.get(&format!("{proposal}/sign")).await.must_be(403);
    dana.sign(&proposal).await.must_be(303);
    lena.page(&path).await.must_say("No target");
    // Written anew, it is signed anew; the direction on which it stands does not change meanwhile.
    propose("3.5", "").await;
    kofi.page(&format!("{proposal}/sign")).await.must_say("3.5%");
    kofi.sign(&proposal).await.must_be(303);
    lena.page(&path).await.must_say("No target");
    dana.sign(&proposal).await.must_be(303);
    lena.page(&path).await.must_say("At risk");
    t.clock.set(t.now().plus_seconds(60));

    // A change that an owner objects to, or that is taken back, changes nothing.
    propose("4", "The market fell.").await;
    kofi.give_verdict(&proposal, &[("verdict", "object"), ("reason", "It did not.")])
        .await
        .must_be(303);
    lena.page(&path).await.must_say("At risk");
    // What is taken back is what was read.
    let seen = lena.page(&proposal).await.value("seen");
    lena.post(&format!("{proposal}/take-back"), &[("seen", "another")])
        .await
        .must_be(409);
    lena.takes(&format!("{proposal}/take-back"), &[("seen", &seen)])
        .await;
    lena.post(&format!("{proposal}/take-back"), &[("seen", &seen)])
        .await
        .must_be(409);
    propose("5", "The market fell by a fifth.").await;
    // Typed as they hold, nothing is left to sign.
    assert!(propose("3.5", "").await.ends_with(&path));
    // What both signed before stays to be read.
    lena.page(&proposal)
        .await
        .must_say("What was proposed since was taken back.")
        .must_say("3.5%");
    propose("5", "The market fell by a fifth.").await;
    for owner in [&kofi, &dana] {
        owner.sign(&proposal).await.must_be(303);
    }
    lena.page(&path)
        .await
        .must_say("On track")
        .must_not_say("New targets wait");
    t.verify().await;

    let forged = "update kpi_targets set high = 90000 where replaced_at is null";
    t.state.db().raw(forged).await.expect("an intruder");
    let wrong = t.wrong().await;
    assert!(
        wrong
            .iter()
            .any(|line| line == "kpi 1, 2026-10-01: its target is not the one that was signed"),
        "{wrong:?}"
    );
});

story!(a_forecast_says_its_range_and_its_method, |t| {
    let (path, _) = kpi(&t, "Churn", "%", "decrease").await;
    let lena = t.sign_in("lena").await;
    t.set_targets(&path, &[("high-2026-12-01", "2"), ("high-2027-03-01", "2")])
        .await;
    let months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"];
    for (month, value) in months[..5].iter().zip(["3.4", "3.3", "3.3", "3.1", "3.0"]) {
        lena.takes(
            &format!("{path}/periods/2026-{month}-01/value"),
            &[("value", value)],
        )
        .await;
    }
    lena.page(&path).await.must_not_say("Trend: about");
    for (month, value) in months[5..].iter().zip(["2.9", "2.9", "2.8", "2.7", "2.7"]) {
        lena.takes(
            &format!("{path}/periods/2026-{month}-01/value"),
            &[("value", value)],
        )
        .await;
    }
    lena.page(&path)
        .await
        .must_say("Trend: about 2.2% in March 2027")
        .must_say("target 2%")
        .must_say("two standard errors");
});
