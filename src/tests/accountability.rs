//! Nobody has to ask how it is going, and nobody hides behind a co-owner.

use super::{TestApp, User, world::tail};
use crate::{desk, platform::time::Day, sql, story};

/// An active initiative of Dana, who drives it, and Kofi, checked in on every week; gives its path.
async fn underway(t: &TestApp) -> (User, User, String) {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id, lena_id, priya_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
        t.member("priya").await,
    );
    let id = dana.page("initiatives/new").await.value("id");
    let told = format!("responsibility-{lena_id}");
    let fields = [
        ("id", id.as_str()),
        ("title", "One profile"),
        ("purpose", "Known everywhere."),
        ("starts_on", "2026-11-01"),
        ("due_on", "2027-06-30"),
        ("marketing_lead", &dana_id),
        ("technology_lead", &kofi_id),
        ("driver_side", "marketing"),
        ("cadence", "weekly"),
        ("members", &lena_id),
        ("members", &priya_id),
        (&told, "The words to customers"),
    ];
    let path = dana.takes("initiatives/new", &fields).await;
    dana.takes(&format!("{path}/phase"), &[("phase", "active")]).await;
    (dana, kofi, path)
}

const WELL: [(&str, &str); 5] = [
    ("status", "on_track"),
    ("confidence", "80"),
    ("note", "The feed runs."),
    ("next_step", "Test it."),
    ("risks", ""),
];

impl TestApp {
    /// Noon of a day in Berlin, after the system has reminded that morning.
    async fn wake_on(&self, day: Day) {
        let zone = crate::platform::time::Zone::get("Europe/Berlin").expect("a zone");
        self.clock.set(zone.start_of(day).plus_seconds(8 * 3600));
        desk::gather::remind_everywhere(&self.state)
            .await
            .expect("reminded");
        self.clock.set(zone.start_of(day).plus_seconds(12 * 3600));
    }

    async fn letters(&self) -> Vec<(String, String)> {
        self.state
            .db()
            .fetch_all(
                sql!("select recipient, subject from outbox order by created_at, recipient"),
                Vec::new(),
            )
            .await
            .expect("read")
    }
}

const fn november(day: i8) -> Day {
    Day::new(2026, 11, day)
}

const fn december(day: i8) -> Day {
    Day::new(2026, 12, day)
}

story!(a_missed_check_in_climbs_the_ladder, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let (dana, _, path) = underway(&t).await;
    let (adm_id, adm) = (t.member("adm").await, "adm");
    dana.takes("members/arbiter", &[("arbiter", &adm_id)]).await;
    // Today is 23 November; the first check-in is due a week later.
    t.wake_on(november(29)).await;
    assert_eq!(t.letters().await, []);
    t.wake_on(november(30)).await;
    t.wake_on(november(30)).await;
    assert_eq!(
        t.letters().await.len(),
        1,
        "once a morning, however often one looks"
    );
    t.wake_on(december(1)).await;
    t.wake_on(december(3)).await;
    assert_eq!(
        t.letters().await.len(),
        2,
        "the other seat a day later, nobody more within the grace"
    );
    t.wake_on(december(4)).await;
    t.wake_on(december(7)).await;
    let told: Vec<String> = t
        .letters()
        .await
        .into_iter()
        .map(|(to, _)| to.replace("@northwind.test", ""))
        .collect();
    assert_eq!(
        told,
        ["dana", "kofi", adm],
        "the leads hold both seats, so they were told already"
    );
    // Everybody sees who was asked and who was told, whoever was passed over too.
    let (dana, kofi, adm) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("adm").await,
    );
    let words = "Handshake asked dana 30 Nov, told kofi 1 Dec, told adm 7 Dec.";
    dana.page(&path).await.must_say("Outdated 7 days").must_say(words);
    dana.page("desk").await.must_say("One profile").must_say(words);
    kofi.page("desk")
        .await
        .must_say("Others owe it, and you were told 1 Overdue 7 days A check-in on One profile is owed")
        .must_say(words);
    // What others owe is no work of one's own.
    adm.page("desk")
        .await
        .must_say("Desk 0 What waits for you")
        .must_say("All caught up.")
        .must_say("A check-in on One profile is owed");
    // The check-in ends it; the day that passed stays missed.
    dana.takes(&format!("{path}/check-in"), &WELL).await;
    kofi.page("desk").await.must_not_say("is owed");
    dana.page(&path)
        .await
        .must_say("No check-in came for 30 Nov.")
        .must_say("On track")
        .must_say("80 % confident")
        .must_not_say("Handshake asked");
    t.wake_on(december(14)).await;
    assert_eq!(
        t.letters().await.len(),
        4,
        "the next week begins at the first rung"
    );
    t.verify().await;
});

story!(silence_is_outdated_and_overrides_the_last_word, |t| {
    let (dana, _, path) = underway(&t).await;
    dana.page(&path)
        .await
        .must_say("No check-in yet")
        .must_say("next check-in 30 Nov");
    dana.takes(&format!("{path}/check-in"), &WELL).await;
    dana.page(&path)
        .await
        .must_say("On track")
        .must_say("next check-in 7 Dec");
    t.clock.advance_days(17);
    let dana = t.sign_in("dana").await;
    dana.page(&path)
        .await
        .must_say("On track")
        .must_not_say("Outdated");
    t.clock.advance_days(1);
    t.sign_in("dana")
        .await
        .page(&path)
        .await
        .must_say("Outdated 4 days");
});

story!(
    a_check_in_is_read_by_the_other_side_corrected_for_three_days_then_locked,
    |t| {
        let (dana, kofi, path) = underway(&t).await;
        dana.takes(&format!("{path}/check-in"), &WELL).await;
        let id: String = dana
            .page(&path)
            .await
            .body
            .split("/check-ins/")
            .nth(1)
            .expect("a check-in")
            .chars()
            .take(36)
            .collect();
        let told = format!("{path}/check-ins/{id}");
        // Its author does not acknowledge it, nor does anybody of the same side.
        dana.post(&format!("{told}/acknowledge"), &[]).await.must_be(403);
        t.sign_in("lena")
            .await
            .post(&format!("{told}/acknowledge"), &[])
            .await
            .must_be(403);
        kofi.page("desk")
            .await
            .must_say("dana checked in. Read it and say so.");
        kofi.takes(&format!("{told}/acknowledge"), &[]).await;
        kofi.takes(&format!("{told}/acknowledge"), &[]).await;
        assert_eq!(t.count(sql!("select count(*) from acknowledgements")).await, 1);
        dana.page(&path).await.must_say("Acknowledged by kofi");
        kofi.page("desk").await.must_not_say("Read it and say so");
        // Corrected within three days: read again by the other side, the earlier words in the history.
        let mut again = WELL.to_vec();
        again[2] = ("note", "The feed runs at night.");
        kofi.post(&format!("{told}/edit"), &again).await.must_be(403);
        dana.takes(&format!("{told}/edit"), &again).await;
        dana.page(&path)
            .await
            .must_say("The feed runs at night.")
            .must_say("Technology has not acknowledged it");
        dana.page("history")
            .await
            .must_say("What is new: “The feed runs.” became “The feed runs at night.”");
        t.clock.advance_days(4);
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        let id: String = dana
            .page(&path)
            .await
            .body
            .split("/check-ins/")
            .nth(1)
            .expect("a check-in")
            .chars()
            .take(36)
            .collect();
        let told = format!("{path}/check-ins/{id}");
        dana.post(&format!("{told}/edit"), &WELL)
            .await
            .must_be(422)
            .must_say("It is locked after 3 days");
        dana.page(&told)
            .await
            .must_say("Locked")
            .must_not_say("Correct it");
        kofi.takes(&format!("{told}/comment"), &[("body", "At night only? @dana")])
            .await;
        dana.page(&told).await.must_say("At night only?");
        dana.page("desk").await.must_say("kofi named you");
        t.verify().await;
    }
);

story!(
    off_track_needs_an_action_and_what_was_missed_stays_through_a_pause,
    |t| {
        let (dana, _, path) = underway(&t).await;
        let red = [
            ("status", "off_track"),
            ("confidence", "20"),
            ("note", "The vendor left."),
            ("next_step", "Find another."),
        ];
        dana.post(&format!("{path}/check-in"), &red)
            .await
            .must_be(422)
            .must_say("Corrective action");
        assert_eq!(t.count(sql!("select count(*) from check_ins")).await, 0);
        let dana_id = t.member("dana").await;
        let mut whole = red.to_vec();
        whole.extend([
            ("action", "Ask three vendors"),
            ("action_owner", dana_id.as_str()),
            ("action_due_on", "2026-11-01"),
        ]);
        dana.post(&format!("{path}/check-in"), &whole)
            .await
            .must_be(422)
            .must_say("Choose today or a later day.");
        whole[6] = ("action_due_on", "2026-12-05");
        dana.takes(&format!("{path}/check-in"), &whole).await;
        dana.page(&path).await.must_say("Ask three vendors (dana, 5 Dec)");
        t.clock.advance_days(28);
        let dana = t.sign_in("dana").await;
        dana.page(&path).await.must_say("Outdated 14 days");
        dana.takes(
            &format!("{path}/phase"),
            &[("phase", "paused"), ("because", "Christmas.")],
        )
        .await;
        dana.takes(&format!("{path}/phase"), &[("phase", "active"), ("because", "")])
            .await;
        assert_eq!(
            t.count(sql!("select count(*) from missed_check_ins")).await,
            2,
            "a pause hides nothing"
        );
        t.verify().await;
    }
);

story!(a_draft_survives_and_is_nobody_elses, |t| {
    let (dana, kofi, path) = underway(&t).await;
    let check_in = format!("{path}/check-in");
    let half = [
        ("draft", "keep"),
        ("note", "Half a thought"),
        ("status", "at_risk"),
    ];
    dana.takes(&check_in, &half).await;
    assert_eq!(t.count(sql!("select count(*) from check_ins")).await, 0);
    let again = t.sign_in("dana").await;
    let page = again.page(&check_in).await;
    page.must_say("Draft");
    assert_eq!(page.value("note").trim(), "Half a thought");
    kofi.page(&check_in).await.must_not_say("Draft");
    dana.takes(&check_in, &WELL).await;
    again.page(&check_in).await.must_not_say("Draft");
});

story!(
    an_initiative_closes_when_both_co_leads_sign_the_same_retrospective,
    |t| {
        let (dana, kofi, path) = underway(&t).await;
        dana.page(&path).await.must_say("The words to customers");
        dana.post(
            &format!("{path}/phase"),
            &[("phase", "achieved"), ("because", "Done.")],
        )
        .await
        .must_be(422);
        let told = [
            ("outcome", "achieved"),
            ("worked", "Both teams sat together."),
            ("failed", "The feed was late."),
            ("lesson", "Ask for data first."),
        ];
        dana.takes(&format!("{path}/close"), &told).await;
        dana.takes(&format!("{path}/close"), &told).await;
        assert_eq!(t.count(sql!("select count(*) from retrospectives")).await, 1);
        let retrospective = format!("{path}/retrospective");
        dana.sign(&retrospective).await.must_be(303);
        dana.page(&path)
            .await
            .must_say("1 of 2 signed")
            .must_say("No check-in yet");
        kofi.give_verdict(
            &retrospective,
            &[
                ("verdict", "object"),
                ("reason", "It was missed: churn did not move."),
            ],
        )
        .await
        .must_be(303);
        dana.page(&retrospective)
            .await
            .must_say("Technology objected")
            .must_say("Write it again");
        // The proposer may also go on instead; then it is proposed once more.
        dana.takes(&format!("{retrospective}/take-back"), &[]).await;
        dana.page(&path).await.must_not_say("It is proposed to close it");
        let mut honest = told.to_vec();
        honest[0] = ("outcome", "missed");
        dana.takes(&format!("{path}/close"), &honest).await;
        // Nobody signs for both sides.
        dana.sign(&retrospective).await.must_be(303);
        dana.get(&format!("{retrospective}/sign")).await.must_be(409);
        kofi.sign(&retrospective).await.must_be(303);
        dana.page(&path).await.must_say("Missed").must_not_say("Check in");
        dana.page("initiatives").await.must_say("Missed");
        dana.post(&format!("{path}/check-in"), &WELL)
            .await
            .must_be(422)
            .must_say("Only an active initiative");
        kofi.page(&retrospective)
            .await
            .must_say("Ask for data first.")
            .must_say("Sealed");
        t.verify().await;
    }
);

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
    kofi.get(&format!("{version}/sign")).await.must_be(409);
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

/// Adds a milestone to an initiative; gives its path and its id.
async fn milestone(
    t: &TestApp,
    user: &User,
    initiative: &str,
    title: &str,
    due_on: &str,
) -> (String, String) {
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let id = user
        .page(&format!("{initiative}/milestones/new"))
        .await
        .value("id");
    let plan = [
        ("id", id.as_str()),
        ("title", title),
        ("outcome", "Agreed."),
        ("due_on", due_on),
        ("driver", &kofi_id),
        ("marketing_owner", &dana_id),
        ("technology_owner", &kofi_id),
    ];
    (
        user.takes(&format!("{initiative}/milestones/new"), &plan).await,
        id,
    )
}

story!(what_waits_for_what_is_shown_and_a_circle_is_refused, |t| {
    let (dana, kofi, initiative) = underway(&t).await;
    let (rules, rules_id) = milestone(&t, &dana, &initiative, "Match rules", "2026-12-01").await;
    let (feeds, feeds_id) = milestone(&t, &dana, &initiative, "Feeds live", "2026-12-10").await;
    let (launch, launch_id) = milestone(&t, &dana, &initiative, "Launch", "2027-01-20").await;
    dana.takes(&format!("{feeds}/waits"), &[("on", &rules_id)]).await;
    dana.takes(&format!("{feeds}/waits"), &[("on", &rules_id)]).await;
    dana.takes(&format!("{launch}/waits"), &[("on", &feeds_id)]).await;
    dana.post(&format!("{rules}/waits"), &[("on", &launch_id)])
        .await
        .must_be(422)
        .must_say(
            "That goes in a circle: Match rules waits for Launch waits for Feeds live waits for Match rules.",
        );
    dana.post(&format!("{rules}/waits"), &[("on", &rules_id)])
        .await
        .must_be(422)
        .must_say("in a circle");
    assert_eq!(t.count(sql!("select count(*) from milestone_waits")).await, 2);
    dana.page(&feeds)
        .await
        .must_say("9 days ahead Match rules")
        .must_say("It waits for this");
    // A slip shows whom it hits, before and after.
    let page = kofi.page(&format!("{rules}/move")).await;
    page.must_say("What waits for it")
        .must_say("a date after 10 Dec hits it");
    let version = page.value("version");
    kofi.takes(
        &format!("{rules}/move"),
        &[
            ("version", &version),
            ("due_on", "2026-12-24"),
            ("reason", "The lawyers."),
        ],
    )
    .await;
    dana.page(&feeds).await.must_say("14 days too late Match rules");
    // Nothing of its own is late, and still it is not on track.
    let (id, owner) = (
        dana.page(&format!("{feeds}/checkpoints/new")).await.value("id"),
        t.member("dana").await,
    );
    let step = [
        ("id", id.as_str()),
        ("title", "Feeds tested"),
        ("owner", &owner),
        ("due_on", "2026-12-05"),
    ];
    dana.takes(&format!("{feeds}/checkpoints/new"), &step).await;
    for page in [&feeds as &str, "milestones", &initiative] {
        dana.page(page).await.must_say("At risk: 1 wait not in time");
    }
    dana.page("history").await.must_say("hits Feeds live");
    dana.page("milestones")
        .await
        .must_say("moved once, first promised 1 Dec");
    dana.takes(&format!("{feeds}/waits/{rules_id}/end"), &[]).await;
    dana.page(&feeds)
        .await
        .must_not_say("too late")
        .must_say("On track");
    t.sign_in("ana")
        .await
        .post(&format!("{feeds}/waits"), &[("on", &rules_id)])
        .await
        .must_be(403);
    t.verify().await;
});

story!(what_an_ended_initiative_left_unmet_never_comes, |t| {
    let (dana, kofi, running) = underway(&t).await;
    let (_, _, ended) = underway(&t).await;
    let (feeds, _) = milestone(&t, &dana, &running, "Feeds live", "2026-12-10").await;
    let (rules, rules_id) = milestone(&t, &dana, &running, "Match rules", "2026-11-28").await;
    let (consent, consent_id) = milestone(&t, &dana, &ended, "Consent asked once", "2026-11-28").await;
    let (id, owner) = (
        dana.page(&format!("{feeds}/checkpoints/new")).await.value("id"),
        t.member("dana").await,
    );
    dana.takes(
        &format!("{feeds}/checkpoints/new"),
        &[
            ("id", id.as_str()),
            ("title", "Feeds tested"),
            ("owner", &owner),
            ("due_on", "2026-12-05"),
        ],
    )
    .await;
    dana.takes(&format!("{feeds}/waits"), &[("on", &consent_id)])
        .await;
    dana.takes(&format!("{consent}/waits"), &[("on", &rules_id)])
        .await;
    dana.page(&feeds)
        .await
        .must_say("12 days ahead Consent asked once")
        .must_say("On track");
    dana.page(&format!("{rules}/move"))
        .await
        .must_say("Consent asked once");
    let told = [
        ("outcome", "missed"),
        ("worked", "The team."),
        ("failed", "The vendor."),
        ("lesson", "Ask earlier."),
    ];
    dana.takes(&format!("{ended}/close"), &told).await;
    for who in [&dana, &kofi] {
        who.sign(&format!("{ended}/retrospective")).await.must_be(303);
    }
    // Known at once, not only when its date has passed.
    dana.page(&feeds)
        .await
        .must_say("Not reached Consent asked once")
        .must_say("At risk: 1 wait not in time");
    dana.page(&consent)
        .await
        .must_say("Not reached, initiative ended")
        .must_say("Not reached Feeds live It waits for this");
    dana.page(&consent)
        .await
        .must_say("Waits no more Match rules This waits for it");
    dana.page("milestones")
        .await
        .must_say("At risk: 1 wait not in time")
        .must_say("Not reached, initiative ended");
    // Nor does what it waited for hit it.
    dana.page(&format!("{rules}/move"))
        .await
        .must_not_say("Consent asked once");
    dana.page(&rules)
        .await
        .must_say("Waits no more Consent asked once It waits for this");
    // Nobody owes it any more.
    t.clock.advance_days(6);
    let dana = t.sign_in("dana").await;
    dana.page("attention")
        .await
        .must_say("Overdue 1 day Match rules")
        .must_not_say("Consent asked once");
    dana.page("milestones")
        .await
        .must_say("Consent asked once: 28 Nov, not reached")
        .must_say("Match rules: 28 Nov, overdue");
    dana.page("")
        .await
        .must_say("Overdue 1 day Match rules")
        .must_say("1 overdue")
        .must_not_say("Consent asked once");
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
        .must_say("Due 1 Dec Which platform?")
        .must_not_say("Overdue");
    priya
        .page("")
        .await
        .must_say("Waiting for 6 days Which platform?")
        .must_not_say("Overdue");
    priya
        .page("decisions")
        .await
        .must_say("Proposed, waiting for 6 days");
    t.wake_on(december(1)).await;
    t.sign_in("priya")
        .await
        .page("desk")
        .await
        .must_say("Due today Which platform?");
    // A day later it is late wherever one looks, and whoever proposed is told.
    t.wake_on(december(2)).await;
    t.sign_in("priya")
        .await
        .page("desk")
        .await
        .must_say("Overdue 1 day Which platform?");
    let olu = t.sign_in("olu").await;
    for page in ["", "attention"] {
        olu.page(page).await.must_say("Overdue 1 day Which platform?");
    }
    olu.page("decisions").await.must_say("Proposed, 1 day late");
    t.sign_in("ana")
        .await
        .page("desk")
        .await
        .must_say("A signature on Which platform? is owed");
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
        .must_say("Due 9 Dec Which platform?");
    ana.page("desk").await.must_not_say("is owed");
    ana.page("decisions")
        .await
        .must_say("Proposed, waiting for 9 days");
    t.verify().await;
});

story!(
    a_slip_is_counted_where_it_was_promised_and_never_moves_into_the_past,
    |t| {
        let (dana, kofi, initiative) = underway(&t).await;
        let (rules, rules_id) = milestone(&t, &dana, &initiative, "Match rules", "2026-12-01").await;
        let (feeds, _) = milestone(&t, &dana, &initiative, "Feeds live", "2027-02-01").await;
        dana.page("")
            .await
            .must_say("0 of 1 0 moved from the first promise");
        let to = async |day: &str| {
            let version = dana.page(&format!("{rules}/move")).await.value("version");
            dana.post(
                &format!("{rules}/move"),
                &[("version", &version), ("due_on", day), ("reason", "The lawyers.")],
            )
            .await
        };
        to("2026-11-22")
            .await
            .must_be(422)
            .must_say("This day has passed. Choose today or a later day.");
        // Out of the quarter is not out of its count; nor does it go beyond its initiative without a word.
        to("2027-07-15").await.must_be(303);
        dana.page("")
            .await
            .must_say("0 of 1 1 moved from the first promise");
        let (id, owner) = (
            dana.page(&format!("{rules}/checkpoints/new")).await.value("id"),
            t.member("dana").await,
        );
        dana.takes(
            &format!("{rules}/checkpoints/new"),
            &[
                ("id", id.as_str()),
                ("title", "Rules tested"),
                ("owner", &owner),
                ("due_on", "2026-12-05"),
            ],
        )
        .await;
        for page in [&rules as &str, "milestones", &initiative, "attention"] {
            dana.page(page).await.must_say("At risk: after its initiative");
        }
        // Closing says what it leaves open; what was archived meanwhile gives the words back.
        dana.page(&format!("{initiative}/close"))
            .await
            .must_say("Not accepted: Feeds live and Match rules");
        let version = dana.page(&format!("{feeds}/archive")).await.value("version");
        let late = [
            ("version", version.as_str()),
            ("due_on", "2027-03-01"),
            ("reason", "The vendor is late."),
        ];
        kofi.takes(
            &format!("{feeds}/archive"),
            &[("version", &version), ("because", "Not now.")],
        )
        .await;
        dana.post(&format!("{feeds}/move"), &late)
            .await
            .must_be(404)
            .must_say("Not there any more")
            .must_say("The vendor is late.");
        let nothing = [
            ("version", version.as_str()),
            ("due_on", "soon"),
            ("reason", "Late"),
        ];
        dana.post(&format!("{feeds}/move"), &nothing)
            .await
            .must_be(404)
            .must_say("this is what you wrote: soon Late");
        // What is met already is not waited for.
        let (_, launch_id) = milestone(&t, &dana, &initiative, "Launch", "2027-03-20").await;
        dana.post(&format!("{rules}/waits"), &[("on", &launch_id)])
            .await
            .must_be(303);
        let over = "update initiatives set phase = 'missed', next_check_in_on = null";
        t.state.db().raw(over).await.expect("ended");
        let (_, _, other) = underway(&t).await;
        let (consent, _) = milestone(&t, &dana, &other, "Consent asked once", "2027-03-28").await;
        dana.post(&format!("{consent}/waits"), &[("on", &rules_id)])
            .await
            .must_be(422)
            .must_say("Choose one that is still ahead.");
    }
);

story!(what_waits_longest_comes_first, |t| {
    let (dana, _, initiative) = underway(&t).await;
    let clause = dana.page("definition/clauses/new").await.value("id");
    let text = [
        ("title", "One memory"),
        ("promise", "We know you."),
        ("for_marketing", "One voice."),
        ("for_technology", "One record."),
    ];
    dana.takes(
        "definition/clauses/new",
        &[[("id", clause.as_str())].as_slice(), &text].concat(),
    )
    .await;
    dana.takes("definition/propose", &[]).await;
    milestone(&t, &dana, &initiative, "Match rules", "2026-12-01").await;
    t.clock.advance_days(1);
    t.sign_in("dana").await.takes("milestones/baselines", &[]).await;
    let order = async || {
        let words = t.sign_in("olu").await.page("").await.text();
        let list = words
            .split("What waits for whose signature")
            .nth(1)
            .expect("the list")
            .to_owned();
        let path = |label: &str| {
            list.find(label)
                .unwrap_or_else(|| panic!("{label} is not in: {list}"))
        };
        path("Version 1 of the definition") < path("Baseline 1")
    };
    assert!(
        order().await,
        "both wait on both sides, the definition a day longer"
    );
    // Now it waits on one side, and only since today.
    t.clock.advance_days(1);
    t.sign_in("dana")
        .await
        .sign("definition/versions/1")
        .await
        .must_be(303);
    assert!(!order().await, "the baseline waits longer for what it waits for");
    t.verify().await;
});

story!(many_checkpoints_are_seen_first_and_taken_back, |t| {
    let (dana, _, initiative) = underway(&t).await;
    let (path, _) = milestone(&t, &dana, &initiative, "Match rules", "2026-12-20").await;
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let (paste_id, bulk_id) = (
        dana.page(&format!("{path}/checkpoints/paste")).await.value("id"),
        "0190aaaa-0000-7000-8000-000000000077",
    );
    let fields = |lines: &'static str, step: &'static str| {
        [
            ("id", paste_id.as_str()),
            ("lines", lines),
            ("owner", dana_id.as_str()),
            ("due_on", "2026-12-18"),
            ("step", step),
        ]
    };
    let paste = format!("{path}/checkpoints/paste");
    let lines = "Rules written\n\nRules tested | Kofi | 2026-12-10\nRules signed | 2026-12-19";
    dana.post(&paste, &fields("Rules written | 0001-01-01", "add"))
        .await
        .must_be(422);
    dana.post(&paste, &fields("Rules written | Nobody", "add"))
        .await
        .must_be(422)
        .must_say("Line 1: nobody here is called “Nobody”");
    let shown = dana.post(&paste, &fields(lines, "look")).await;
    shown
        .must_be(200)
        .must_say("Rules tested kofi, due 10 Dec")
        .must_say("Rules signed dana, due 19 Dec")
        .must_say("Add 3 checkpoints");
    assert_eq!(
        t.count(sql!("select count(*) from checkpoints")).await,
        0,
        "looking adds nothing"
    );
    dana.takes(&paste, &fields(lines, "add")).await;
    dana.takes(&paste, &fields(lines, "add")).await;
    dana.page(&path)
        .await
        .must_say("0 of 3 passed")
        .must_say("Take the last change of several back");
    // Two are moved and given away; one of them is passed before that is taken back.
    let page = dana.page(&format!("{path}/bulk")).await;
    let ids: Vec<String> = page
        .body
        .split("name=\"chosen\" value=\"")
        .skip(1)
        .map(|rest| rest[..36].to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
    let change = |step: &'static str| {
        vec![
            ("id", bulk_id),
            ("chosen", ids[0].as_str()),
            ("chosen", ids[1].as_str()),
            ("days", "7"),
            ("owner", kofi_id.as_str()),
            ("step", step),
        ]
    };
    dana.post(&format!("{path}/bulk"), &[("days", "7"), ("step", "do")])
        .await
        .must_be(422)
        .must_say("Choose at least one.");
    dana.post(&format!("{path}/bulk"), &change("look"))
        .await
        .must_say("18 Dec 25 Dec")
        .must_say("dana kofi");
    dana.takes(&format!("{path}/bulk"), &change("do")).await;
    dana.takes(&format!("{path}/bulk"), &change("do")).await;
    dana.page(&path)
        .await
        .must_say("Due 25 Dec")
        .must_say("Due 17 Dec");
    let undo = bulk_id;
    let kofi = t.sign_in("kofi").await;
    kofi.post(&format!("{path}/bulk/{undo}/undo"), &[])
        .await
        .must_be(403);
    kofi.takes(&format!("checkpoints/{}/pass", ids[1]), &[("evidence", "Done.")])
        .await;
    dana.takes(&format!("{path}/bulk/{undo}/undo"), &[]).await;
    dana.page(&path)
        .await
        .must_say("Due 10 Dec")
        .must_say("1 of 3 passed");
    dana.page("history")
        .await
        .must_say("took back a change of checkpoints of Match rules 1 of 2");
    dana.post(&format!("{path}/bulk/{undo}/undo"), &[])
        .await
        .must_be(404);
    t.verify().await;
});

story!(the_plan_is_shown_against_the_one_both_leads_fixed, |t| {
    let (dana, kofi, initiative) = underway(&t).await;
    dana.post("milestones/baselines", &[]).await.must_be(422);
    let (rules, _) = milestone(&t, &dana, &initiative, "Match rules", "2026-12-01").await;
    milestone(&t, &dana, &initiative, "Feeds live", "2026-12-10").await;
    let baseline = dana.takes("milestones/baselines", &[]).await;
    assert_eq!(
        dana.takes("milestones/baselines", &[]).await,
        baseline,
        "the same plan is proposed once"
    );
    t.sign_in("lena")
        .await
        .get(&format!("{baseline}/sign"))
        .await
        .must_be(403);
    for who in [&dana, &kofi] {
        who.sign(&baseline).await.must_be(303);
    }
    dana.page("milestones/baselines")
        .await
        .must_say("0 changed, 0 added, 0 archived, of 2");
    kofi.takes(
        &format!("{rules}/move"),
        &[
            ("version", "1"),
            ("due_on", "2026-12-24"),
            ("reason", "The lawyers."),
        ],
    )
    .await;
    milestone(&t, &dana, &initiative, "Launch", "2027-01-20").await;
    dana.page("milestones/baselines")
        .await
        .must_say("1 changed, 1 added, 0 archived, of 3")
        .must_say("Match rules One profile 1 Dec 24 Dec Changed");
    // A new one replaces it once both have signed, and the old one stays readable.
    let second = kofi.takes("milestones/baselines", &[]).await;
    dana.sign(&second).await.must_be(303);
    dana.page("milestones/baselines")
        .await
        .must_say("The plan beside baseline 1");
    kofi.sign(&second).await.must_be(303);
    dana.page("milestones/baselines")
        .await
        .must_say("The plan beside baseline 2")
        .must_say("0 changed");
    dana.page(&baseline).await.must_say("1 changed, 1 added");
    t.verify().await;
});

story!(
    a_forecast_of_a_milestone_stands_beside_what_its_driver_says,
    |t| {
        let (dana, _, initiative) = underway(&t).await;
        let (path, _) = milestone(&t, &dana, &initiative, "Match rules", "2026-12-20").await;
        let dana_id = t.member("dana").await;
        let lines = "One\nTwo\nThree\nFour\nFive";
        let id = dana.page(&format!("{path}/checkpoints/paste")).await.value("id");
        dana.takes(
            &format!("{path}/checkpoints/paste"),
            &[
                ("id", id.as_str()),
                ("lines", lines),
                ("owner", &dana_id),
                ("due_on", "2026-12-18"),
                ("step", "add"),
            ],
        )
        .await;
        for days in [20, 7, 2] {
            t.clock.advance_days(days);
            let dana = t.sign_in("dana").await;
            let page = dana.page(&path).await;
            page.must_not_say("If what is left");
            let id = page
                .body
                .split("/checkpoints/")
                .find(|rest| rest.get(36..42) == Some("/pass\""))
                .expect("an open one")[..36]
                .to_owned();
            dana.takes(&format!("checkpoints/{id}/pass"), &[("evidence", "Seen.")])
                .await;
        }
        // Due on the 18th, passed on the 13th, the 20th and the 22nd: 5 days early, 2 and 4 days late.
        t.sign_in("dana")
            .await
            .page(&path)
            .await
            .must_say("If what is left is as late as what was passed: 22 Dec. Its driver says 20 Dec.");
    }
);

story!(reminders_come_in_each_zones_morning_and_days_are_its_own, |t| {
    use crate::{
        demo::DemoWorkspace,
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
            let initiative = initiatives::write::start(&viewer, viewer.fresh_id(), plan, None)
                .await
                .expect("proposed");
            initiatives::write::move_to(&viewer, initiative, Phase::Active, "")
                .await
                .expect("started");
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

story!(over_the_cap_something_is_cut_or_both_leads_sign_why_not, |t| {
    let (dana, kofi, initiative) = underway(&t).await;
    let quarter = "capacity/2026-10-01";
    let page = dana.page("capacity").await;
    page.must_say("Capacity in Q4 2026").must_say("No cap stated");
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
    .must_say("Nothing is over a cap");
    dana.takes(&format!("{quarter}/claim"), &claim("30", "72")).await;
    dana.page(quarter).await.must_say("Over by 12 days");
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
        .must_say("Over by 12 days, agreed")
        .must_say("The contract ends in December.");
    // What was agreed holds for exactly what stood then.
    dana.takes(&format!("{quarter}/claim"), &claim("30", "80")).await;
    dana.page(quarter)
        .await
        .must_say("Over by 20 days")
        .must_not_say("agreed");
    assert_eq!(tail(&initiative), "1");
    t.verify().await;
});

story!(
    a_template_brings_milestones_questions_and_numbers_in_one_step,
    |t| {
        let dana = t.sign_in("dana").await;
        let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
        for template in &crate::initiatives::templates::TEMPLATES {
            let page = dana
                .page(&format!("initiatives/new?template={}", template.name))
                .await;
            page.must_say(template.milestones[0].title);
            let (id, purpose) = (page.value("id"), page.value("purpose"));
            let fields = [
                ("id", id.as_str()),
                ("template", template.name),
                ("title", template.title),
                ("purpose", purpose.trim()),
                ("starts_on", "2026-12-01"),
                ("due_on", "2027-06-30"),
                ("marketing_lead", &dana_id),
                ("technology_lead", &kofi_id),
                ("driver_side", "technology"),
                ("cadence", "weekly"),
            ];
            let path = dana.takes("initiatives/new", &fields).await;
            assert_eq!(
                dana.takes("initiatives/new", &fields).await,
                path,
                "sent twice, made once"
            );
            let made = dana.page(&path).await;
            for milestone in template.milestones {
                made.must_say(milestone.title)
                    .must_say(&format!("0 of {} passed", milestone.steps.len()));
            }
            for question in template.questions {
                made.must_say(question.question);
            }
            for kpi in template.kpis {
                made.must_say(kpi.title);
            }
        }
        let refused = [
            ("id", "0190aaaa-0000-7000-8000-000000000001"),
            ("template", "consent"),
            ("title", "x"),
        ];
        dana.post("initiatives/new", &refused).await.must_be(422);
        assert_eq!(
            t.count(sql!("select count(*) from initiatives")).await,
            4,
            "nothing half-written"
        );
        t.verify().await;
    }
);
