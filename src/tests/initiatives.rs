//! Nobody has to ask how it is going, and nobody hides behind a co-owner.

use super::{TestApp, User};

use crate::{desk, platform::time::Day, sql, story};

/// An active initiative of Dana, who drives it, and Kofi, checked in on every week; gives its path.
pub(super) async fn underway(t: &TestApp) -> (User, User, String) {
    underway_as(t, "One profile").await
}

pub(super) async fn underway_as(t: &TestApp, title: &str) -> (User, User, String) {
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
        ("title", title),
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
    for lead in [&dana, &kofi] {
        lead.sign(&format!("{path}/charter")).await.must_be(303);
    }
    (dana, kofi, path)
}

story!(an_initiative_starts_once_both_co_leads_signed_its_charter, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (dana_id, kofi_id, lena_id, priya_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
        t.member("priya").await,
    );
    let id = dana.page("initiatives/new").await.value("id");
    let mut fields = vec![
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
    ];
    let path = dana.takes("initiatives/new", &fields).await;
    let other = dana.page("initiatives/new").await.value("id");
    let mut twin = fields.clone();
    (twin[0], twin[1]) = (("id", other.as_str()), ("title", " one  PROFILE"));
    dana.post("initiatives/new", &twin)
        .await
        .must_be(422)
        .must_say("There is an initiative of this name already");
    let charter = format!("{path}/charter");
    let start = [("phase", "active"), ("because", "")];

    // One co-lead asks; nothing runs by that alone.
    dana.get(&charter).await.must_be(404);
    dana.takes(&format!("{path}/phase"), &start).await;
    dana.page(&path)
        .await
        .must_say("The initiative starts when both co-leads have signed")
        .must_say("Proposed");
    dana.page(&format!("{path}/check-in"))
        .await
        .must_say("This initiative is not active");
    kofi.page("desk").await.must_say("Charter of One profile");
    lena.get(&format!("{charter}/sign")).await.must_be(403);
    dana.sign(&charter).await.must_be(303);
    dana.page(&path).await.must_say("Proposed");

    // What changes after one has signed is signed anew by both.
    let edit = format!("{path}/edit");
    let version = dana.page(&edit).await.value("version");
    fields[2] = ("purpose", "Known everywhere, by name.");
    fields[0] = ("version", &version);
    dana.takes(&edit, &fields).await;
    kofi.page(&format!("{charter}/sign"))
        .await
        .must_say("Known everywhere, by name.")
        .must_say("dana lead");
    kofi.give_verdict(&charter, &[("verdict", "object"), ("reason", "Too early.")])
        .await
        .must_be(303);
    dana.page(&path).await.must_say("Proposed").must_say("Start …");
    dana.takes(&format!("{path}/phase"), &start).await;
    kofi.sign(&charter).await.must_be(303);
    dana.takes(&format!("{charter}/take-back"), &[]).await;
    dana.page(&path).await.must_not_say("It starts once both");
    dana.takes(&format!("{path}/phase"), &start).await;
    for lead in [&kofi, &dana] {
        lead.sign(&charter).await.must_be(303);
    }
    dana.page(&path)
        .await
        .must_say("No check-in yet")
        .must_say("Both co-leads signed the charter.");
    dana.post(&format!("{charter}/take-back"), &[])
        .await
        .must_be(422)
        .must_say("This initiative is under way.");
    t.verify().await;
    t.clock.set(t.now().plus_seconds(60));

    // Whoever comes to lead work that runs takes over at once, and confirms it.
    let version = dana.page(&edit).await.value("version");
    fields[0] = ("version", &version);
    fields[6] = ("technology_lead", &priya_id);
    dana.post(&edit, &fields)
        .await
        .must_be(422)
        .must_say("Only Technology changes who answers for it for Technology.");
    kofi.takes(&edit, &fields).await;
    let priya = t.sign_in("priya").await;
    priya
        .page(&path)
        .await
        .must_say("Both co-leads have to confirm it");
    for lead in [&priya, &dana] {
        lead.sign(&charter).await.must_be(303);
    }
    dana.page(&path)
        .await
        .must_not_say("Both co-leads have to confirm it");
    t.verify().await;

    // One lead does not make something else of what both signed: it shows, and both are asked.
    let version = dana.page(&edit).await.value("version");
    fields[0] = ("version", &version);
    fields[1] = ("title", "Two profiles");
    dana.takes(&edit, &fields).await;
    priya
        .page(&path)
        .await
        .must_say("Both co-leads have to confirm it");
    for lead in [&priya, &dana] {
        lead.sign(&charter).await.must_be(303);
    }
    // Who works on it changes by one word.
    let version = dana.page(&edit).await.value("version");
    fields[0] = ("version", &version);
    fields.push(("members", &dana_id));
    dana.takes(&edit, &fields).await;
    priya
        .page(&path)
        .await
        .must_not_say("Both co-leads have to confirm it");
    t.verify().await;

    let forged = "update initiatives set phase = 'achieved', next_check_in_on = null";
    t.state.db().raw(forged).await.expect("an intruder");
    let wrong = t.wrong().await;
    assert!(
        wrong
            .iter()
            .any(|line| line == "initiative 1: it ended otherwise than both co-leads signed"),
        "{wrong:?}"
    );
});

const WELL: [(&str, &str); 5] = [
    ("status", "on_track"),
    ("confidence", "80"),
    ("note", "The feed runs."),
    ("next_step", "Test it."),
    ("risks", ""),
];

impl TestApp {
    /// Noon of a day in Berlin, after the system has reminded that morning.
    pub(super) async fn wake_on(&self, day: Day) {
        let zone = crate::platform::time::Zone::get("Europe/Berlin").expect("a zone");
        self.clock.set(zone.start_of(day).plus_seconds(8 * 3600));
        desk::gather::remind_everywhere(&self.state)
            .await
            .expect("reminded");
        crate::letters::deliver::deliver_everywhere(&self.state)
            .await
            .expect("delivered");
        self.clock.set(zone.start_of(day).plus_seconds(12 * 3600));
    }

    pub(super) async fn letters(&self) -> Vec<(String, String)> {
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

pub(super) const fn november(day: i8) -> Day {
    Day::new(2026, 11, day)
}

pub(super) const fn december(day: i8) -> Day {
    Day::new(2026, 12, day)
}

story!(a_missed_check_in_climbs_the_ladder, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    t.without_weeks().await;
    let (_, _, path) = underway(&t).await;
    let adm = "adm";
    t.name_arbiter(adm).await;
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
    let words = "dana was reminded on 30 Nov. kofi and adm were informed, last on 7 Dec.";
    dana.page(&path)
        .await
        .must_say("Check-in due 7 days ago")
        .must_say(words);
    dana.page("desk").await.must_say("One profile").must_say(words);
    kofi.page("desk")
        .await
        .must_say("Late with others 1 Late 7 days dana has not checked in on “One profile”")
        .must_say(words);
    // What others owe is no work of one's own.
    adm.page("desk")
        .await
        .must_say("Desk 0 Everything that waits for you")
        .must_say("You are up to date.")
        .must_say("dana has not checked in on “One profile”");
    // The check-in ends it; the day that passed stays missed.
    dana.takes(&format!("{path}/check-in"), &WELL).await;
    kofi.page("desk").await.must_not_say("Late with others");
    dana.page(&path)
        .await
        .must_say("No check-in for 30 Nov.")
        .must_say("On track")
        .must_say("80% confident")
        .must_not_say("dana was reminded");
    t.wake_on(december(14)).await;
    assert_eq!(
        t.letters().await.len(),
        5,
        "the next week begins at the first rung, and the last check-in is not read"
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
        .must_say("Check-in due 4 days ago");
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
        kofi.page("desk").await.must_say("New check-in from dana.");
        kofi.takes(&format!("{told}/acknowledge"), &[]).await;
        kofi.takes(&format!("{told}/acknowledge"), &[]).await;
        assert_eq!(t.count(sql!("select count(*) from acknowledgements")).await, 1);
        dana.page(&path).await.must_say("Read by kofi");
        kofi.page("desk")
            .await
            .must_not_say("Please confirm that you have read it");
        // Corrected within three days: read again by the other side, the earlier words in the history.
        let mut again = WELL.to_vec();
        again[2] = ("note", "The feed runs at night.");
        kofi.post(&format!("{told}/edit"), &again).await.must_be(403);
        dana.takes(&format!("{told}/edit"), &again).await;
        dana.page(&path)
            .await
            .must_say("The feed runs at night.")
            .must_say("Technology has not read it yet");
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
            .must_say("Check-ins are locked after 3 days");
        dana.page(&told).await.must_say("Locked").must_not_say("Correct");
        kofi.takes(&format!("{told}/comment"), &[("body", "At night only? @dana")])
            .await;
        dana.page(&told).await.must_say("At night only?");
        dana.page("desk").await.must_say("kofi mentioned you");
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
        dana.page(&path).await.must_say("Check-in due 14 days ago");
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
            .must_say("Rewrite");
        // The proposer may also go on instead; then it is proposed once more.
        dana.takes(&format!("{retrospective}/take-back"), &[]).await;
        dana.page(&path)
            .await
            .must_not_say("Both co-leads are asked to close it");
        let mut honest = told.to_vec();
        honest[0] = ("outcome", "missed");
        dana.takes(&format!("{path}/close"), &honest).await;
        // Nobody signs for both sides.
        dana.sign(&retrospective).await.must_be(303);
        let back = dana.get(&format!("{retrospective}/sign")).await;
        back.must_be(303);
        assert!(
            back.location().ends_with("/retrospective"),
            "it leads to the record"
        );
        kofi.sign(&retrospective).await.must_be(303);
        dana.page(&path).await.must_say("Missed").must_not_say("Check in");
        dana.page("initiatives").await.must_say("Missed");
        dana.post(&format!("{path}/check-in"), &WELL)
            .await
            .must_be(422)
            .must_say("Only active initiatives need check-ins.");
        kofi.page(&retrospective)
            .await
            .must_say("Ask for data first.")
            .must_say("Agreed.");
        t.verify().await;
    }
);

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
                    .must_say(&format!("0 of {} done", milestone.steps.len()));
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

story!(running_work_goes_by_its_charter_until_both_confirm_another, |t| {
    let (dana, kofi, path) = underway(&t).await;
    let edit = format!("{path}/edit");
    let page = dana.page(&edit).await;
    let (version, lena, priya) = (
        page.value("version"),
        t.member("lena").await,
        t.member("priya").await,
    );
    let changed = [
        ("version", version.as_str()),
        ("title", "One profile"),
        ("purpose", "Something else altogether."),
        ("starts_on", "2026-11-01"),
        ("due_on", "2027-09-30"),
        ("marketing_lead", &t.member("dana").await),
        ("technology_lead", &t.member("kofi").await),
        ("driver_side", "marketing"),
        ("cadence", "weekly"),
        ("members", &lena),
        ("members", &priya),
    ];
    dana.takes(&edit, &changed).await;
    kofi.page("desk").await.must_say("Charter of One profile");
    // One co-lead cannot wave the question away, nor by a pause.
    dana.post(&format!("{path}/charter/take-back"), &[])
        .await
        .must_be(422)
        .must_say("This initiative is under way.");
    let paused = [("phase", "paused"), ("because", "Staff is away.")];
    dana.takes(&format!("{path}/phase"), &paused).await;
    dana.takes(&format!("{path}/phase"), &[("phase", "active"), ("because", "")])
        .await;
    kofi.page("desk").await.must_say("Charter of One profile");
    t.verify().await;
});
