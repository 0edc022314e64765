//! The rooms' stories, told through the forms as their users live them.

use super::{TestApp, world::tail};
use crate::story;

const CLAUSE: [(&str, &str); 4] = [
    ("title", "One memory"),
    ("promise", "Nobody has to tell us twice."),
    ("for_marketing", "One profile, no list of our own."),
    ("for_technology", "The profile answers within 500 ms."),
];

async fn write_clause(t: &TestApp, who: &str) -> String {
    let user = t.sign_in(who).await;
    let id = user.page("definition/clauses/new").await.value("id");
    let mut fields = CLAUSE.to_vec();
    fields.push(("id", &id));
    user.takes("definition/clauses/new", &fields).await;
    id
}

async fn edit(t: &TestApp, who: &str, id: &str, promise: &str) {
    let user = t.sign_in(who).await;
    let place = format!("definition/clauses/{id}/edit");
    let version = user.page(&place).await.value("version");
    let fields = [("version", version.as_str()), CLAUSE[0], ("promise", promise), CLAUSE[2], CLAUSE[3]];
    user.takes(&place, &fields).await;
}

story!(both_leads_ratify_a_definition_and_an_edit_makes_it_stale, |t| {
    let (dana, kofi, lena) = (t.sign_in("dana").await, t.sign_in("kofi").await, t.sign_in("lena").await);
    let id = write_clause(&t, "ana").await;
    lena.takes("definition/propose", &[]).await;
    dana.sign("definition/versions/1").await.must_be(303);
    dana.page("definition/versions/1").await.must_say("1 of 2 signed. Waiting for Technology for 0 days.");
    t.clock.advance_days(4);
    let (dana, kofi) = (t.sign_in("dana").await, {
        drop(kofi);
        t.sign_in("kofi").await
    });
    kofi.page("").await.must_say("Waiting for Technology since 23 Nov");

    // A manager does not ratify, and the lead who signed does not sign again.
    t.sign_in("priya").await.get("definition/versions/1/sign").await.must_be(403);
    dana.get("definition/versions/1/sign").await.must_be(409);

    kofi.sign("definition/versions/1").await.must_be(303);
    dana.page("definition").await.must_say("No changes since version 1").must_say("ratified on 27 Nov");
    edit(&t, "jonas", &id, "Nobody has to repeat what they told us.").await;
    let page = dana.page("definition").await;
    page.must_say("1 change since version 1");
    assert!(page.has(".clause del") && page.has(".clause ins"), "the redline shows what changed");
    assert!(page.has(".half.is-stale"), "the seats are stale");

    dana.takes("definition/propose", &[]).await;
    dana.sign("definition/versions/2").await.must_be(303);
    kofi.sign("definition/versions/2").await.must_be(303);
    dana.page("definition/versions/1").await.must_say("Superseded");
    dana.page("definition/versions/2").await.must_say("In force");
    dana.page("definition/compare?from=1&to=2").await.must_say("1 of 1 clauses differ");
    t.verify().await;
});

story!(an_edit_after_the_first_signature_voids_it, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let id = write_clause(&t, "dana").await;
    dana.takes("definition/propose", &[]).await;
    let seen = kofi.page("definition/versions/1/sign").await.value("digest");
    dana.sign("definition/versions/1").await.must_be(303);
    edit(&t, "ana", &id, "Something else.").await;
    kofi.post("definition/versions/1/sign", &[("digest", &seen), ("verdict", "agree")]).await.must_be(409);
    dana.page("definition/versions/1").await.must_say("Not ratified");
    assert_eq!(t.count("select count(*) from definition_versions where in_force_at is not null").await, 0);
    t.verify().await;
});

story!(an_objection_needs_a_reason_and_what_was_typed_comes_back, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    write_clause(&t, "dana").await;
    dana.takes("definition/propose", &[]).await;
    let refused = kofi.give_verdict("definition/versions/1", &[("verdict", "object"), ("reason", " ")]).await;
    refused.must_be(422).must_say("Say why, in a sentence the other side can act on.");
    assert!(refused.has("input[name=verdict][value=object][checked]"), "the choice is kept");
    kofi.give_verdict("definition/versions/1", &[("verdict", "object"), ("reason", "500 ms is not funded.")]).await.must_be(303);
    dana.page("definition/versions/1").await.must_say("Technology objected.").must_say("500 ms is not funded.");
    let digest = "0".repeat(64);
    dana.post("definition/versions/1/sign", &[("digest", &digest), ("verdict", "agree")]).await.must_be(422).must_say("There is an objection");
});

story!(a_conflicting_edit_shows_both_texts_and_loses_neither, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let id = write_clause(&t, "dana").await;
    let place = format!("definition/clauses/{id}/edit");
    let version = dana.page(&place).await.value("version");
    edit(&t, "kofi", &id, "Kofi’s promise.").await;
    let late = dana.post(&place, &[("version", &version), CLAUSE[0], ("promise", "Dana’s promise."), CLAUSE[2], CLAUSE[3]]).await;
    late.must_be(409).must_say("Kofi’s").must_say("Dana’s");
    assert_eq!(late.value("promise").trim(), "Dana’s promise.");
    kofi.page("definition").await.must_say("Kofi’s promise.");
    // Saving again, having seen both, replaces it.
    let version = late.value("version");
    dana.takes(&place, &[("version", &version), CLAUSE[0], ("promise", "Both."), CLAUSE[2], CLAUSE[3]]).await;
    kofi.page("definition").await.must_say("Both.");
});

story!(a_hundred_edits_at_once_have_one_winner_per_version, |t| {
    let dana = t.sign_in("dana").await;
    let id = write_clause(&t, "dana").await;
    let place = format!("definition/clauses/{id}/edit");
    let version = dana.page(&place).await.value("version");
    let attempts = (0..20).map(|number| {
        let (dana, place, version) = (dana.clone(), place.clone(), version.clone());
        tokio::spawn(async move {
            let promise = format!("Promise {number}");
            dana.post(&place, &[("version", &version), CLAUSE[0], ("promise", &promise), CLAUSE[2], CLAUSE[3]]).await.status.as_u16()
        })
    });
    let mut taken = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.expect("answered") {
            303 => taken += 1,
            other => assert_eq!(other, 409),
        }
    }
    assert_eq!(taken, 1);
    t.verify().await;
});

async fn decision(t: &TestApp, question: &str) -> (String, Vec<String>) {
    let ana = t.sign_in("ana").await;
    let id = ana.page("decisions/new").await.value("id");
    let driver = t.member("ana").await;
    let place = ana
        .takes(
            "decisions/new",
            &[("id", &id), ("question", question), ("context", "Seven tools hold parts of the customer."), ("driver", &driver), ("decide_by", "2026-12-01")],
        )
        .await;
    // A double click asks once.
    let again = ana
        .takes(
            "decisions/new",
            &[("id", &id), ("question", question), ("context", "Seven tools hold parts of the customer."), ("driver", &driver), ("decide_by", "2026-12-01")],
        )
        .await;
    assert_eq!(place, again);
    let mut options = Vec::new();
    for (title, cost) in [("Composable", "60,000"), ("Suite A", "90000.50")] {
        let id = ana.page(&format!("{place}/options/new")).await.value("id");
        ana.takes(
            &format!("{place}/options/new"),
            &[("id", &id), ("title", title), ("advantages", "Fast"), ("drawbacks", "Dear"), ("one_off_cost", cost), ("yearly_cost", "")],
        )
        .await;
        options.push(id);
    }
    (place, options)
}

async fn running_milestone(t: &TestApp) -> (String, String) {
    let dana = t.sign_in("dana").await;
    let (dana_id, kofi_id, lena_id, priya_id) = (t.member("dana").await, t.member("kofi").await, t.member("lena").await, t.member("priya").await);
    let id = dana.page("initiatives/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", "One profile"),
        ("purpose", "Known everywhere."),
        ("starts_on", "2026-11-01"),
        ("due_on", "2027-03-01"),
        ("marketing_lead", &dana_id),
        ("technology_lead", &kofi_id),
        ("members", &lena_id),
    ];
    let initiative = dana.takes("initiatives/new", &fields).await;
    // Nobody of Technology is in the team yet.
    dana.post(&format!("{initiative}/phase"), &[("phase", "active")]).await.must_be(422).must_say("Add one of Technology first.");
    let version = dana.page(&format!("{initiative}/edit")).await.value("version");
    let mut fields = fields.to_vec();
    fields.extend([("members", priya_id.as_str()), ("version", version.as_str())]);
    dana.takes(&format!("{initiative}/edit"), &fields).await;
    dana.takes(&format!("{initiative}/phase"), &[("phase", "active")]).await;
    dana.page(&initiative).await.must_say("Not reported");
    let id = dana.page(&format!("{initiative}/milestones/new")).await.value("id");
    let milestone = dana
        .takes(
            &format!("{initiative}/milestones/new"),
            &[
                ("id", &id),
                ("title", "Match rules"),
                ("outcome", "Agreed."),
                ("due_on", "2026-11-25"),
                ("driver", &lena_id),
                ("marketing_owner", &dana_id),
                ("technology_owner", &kofi_id),
            ],
        )
        .await;
    (milestone, id)
}

story!(both_sides_sign_a_technology_decision_and_its_condition_becomes_a_checkpoint, |t| {
    let (ana, lena, priya) = (t.sign_in("ana").await, t.sign_in("lena").await, t.sign_in("priya").await);
    let (milestone, milestone_id) = running_milestone(&t).await;
    let (place, options) = decision(&t, "Which platform do we build on?").await;
    ana.takes(&format!("{place}/propose"), &[("option", &options[1]), ("rationale", "First use case in six weeks."), ("stage", "adopt")]).await;
    priya.give_verdict(&place, &[("verdict", "object"), ("reason", "It leaves our governance.")]).await.must_be(303);
    // What waits for it says so until it is signed.
    ana.post(&format!("{place}/waits"), &[("milestone", "")]).await.must_be(422).must_say("Choose one.");
    ana.takes(&format!("{place}/waits"), &[("milestone", &milestone_id)]).await;
    ana.page(&milestone).await.must_say("Waits for a decision").must_say("Technology objected");
    ana.page(&place).await.must_say("Technology objected.").must_say("It leaves our governance.");
    ana.takes(&format!("{place}/propose"), &[("option", &options[0]), ("rationale", "The data stays where it is governed."), ("stage", "adopt")]).await;

    // Proposing the same twice proposes once.
    ana.takes(&format!("{place}/propose"), &[("option", &options[0]), ("rationale", "The data stays where it is governed."), ("stage", "adopt")]).await;
    assert_eq!(t.count("select count(*) from proposals").await, 2);

    // Technology signs first; a condition that Marketing adds afterwards is part of the text, so it signs again.
    priya.sign(&place).await.must_be(303);
    let seen = ana.page(&place).await.words();

    // A contributor does not sign; who signs with a condition says what it becomes.
    ana.get(&format!("{place}/sign")).await.must_be(403);
    let unsaid = lena.give_verdict(&place, &[("verdict", "agree_with_conditions"), ("reason", "Brand teams get the builder.")]).await;
    unsaid.must_be(422);
    let owner = t.member("jonas").await;
    lena.give_verdict(
        &place,
        &[
            ("verdict", "agree_with_conditions"),
            ("reason", "Brand teams get the builder."),
            ("milestone", &milestone_id),
            ("owner", &owner),
            ("due_on", "2026-12-20"),
        ],
    )
    .await
    .must_be(303);
    ana.page(&milestone).await.must_not_say("Brand teams get the builder.");
    ana.page(&place).await.must_say("1 of 2 signed. Waiting for Technology");
    assert_ne!(ana.page(&place).await.words(), seen);
    let withdrawn = lena.takes(&format!("{place}/withdraw"), &[]).await;
    ana.page(&withdrawn).await.must_not_say("Conditions");
    lena.give_verdict(
        &place,
        &[
            ("verdict", "agree_with_conditions"),
            ("reason", "Brand teams get the builder."),
            ("milestone", &milestone_id),
            ("owner", &owner),
            ("due_on", "2026-12-20"),
        ],
    )
    .await
    .must_be(303);
    priya.page(&format!("{place}/sign")).await.must_say("Conditions").must_say("Brand teams get the builder.");
    priya.sign(&place).await.must_be(303);
    ana.page(&milestone).await.must_not_say("Waits for a decision");
    ana.page(&place).await.must_say("Sealed.").must_say("lena agreed with a condition").must_say("priya agreed").must_say("60,000");
    ana.page(&milestone).await.must_say("Brand teams get the builder.");
    ana.post(&format!("{place}/options/new"), &[("id", &options[0]), ("title", "Late")]).await.must_be(422).must_say("does not change any more");
    t.verify().await;
});

story!(a_team_moves_a_milestone_and_both_sides_accept_it, |t| {
    let (dana, kofi, lena) = (t.sign_in("dana").await, t.sign_in("kofi").await, t.sign_in("lena").await);
    let (place, _) = running_milestone(&t).await;
    lena.page(&place).await.must_say("No checkpoints");
    let jonas_id = t.member("jonas").await;
    let mut steps = Vec::new();
    for title in ["Rules for mail", "Rules for phones"] {
        let id = lena.page(&format!("{place}/checkpoints/new")).await.value("id");
        lena.takes(&format!("{place}/checkpoints/new"), &[("id", &id), ("title", title), ("owner", &jonas_id), ("due_on", "2026-11-23")]).await;
        steps.push(id);
    }
    lena.page(&place).await.must_say("Due today").must_not_say("Overdue");
    t.clock.advance_days(1);
    let (dana, kofi, lena, jonas) = {
        drop((dana, kofi, lena));
        (t.sign_in("dana").await, t.sign_in("kofi").await, t.sign_in("lena").await, t.sign_in("jonas").await)
    };
    lena.page(&place).await.must_say("At risk: 2 checkpoints overdue");
    jonas.page("desk").await.must_say("Overdue 1 day").must_say("Rules for mail");

    lena.post(&format!("{place}/move"), &[("version", "1"), ("due_on", "2026-12-10"), ("reason", "")]).await.must_be(422);
    lena.takes(&format!("{place}/move"), &[("version", "1"), ("due_on", "2026-12-10"), ("reason", "Phones came later.")]).await;
    lena.page(&place).await.must_say("moved once, first promised 25 Nov").must_say("Phones came later.");

    // Another contributor does not pass somebody's checkpoint; without evidence nobody does.
    t.sign_in("ana").await.post(&format!("checkpoints/{}/pass", steps[0]), &[("evidence", "x")]).await.must_be(403);
    jonas.post(&format!("checkpoints/{}/pass", steps[0]), &[("evidence", " ")]).await.must_be(422);
    let called = crate::tests::encoded(&[("workspace", &t.slug), ("checkpoint", &steps[0]), ("evidence", "196 of 200 fit.")]);
    let answer = jonas.send(axum::http::Method::POST, "/api/pass-checkpoint", &[("accept", "application/json")], called).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    dana.get(&format!("{place}/sign")).await.must_be(409);
    jonas.takes(&format!("checkpoints/{}/pass", steps[1]), &[("evidence", "https://example.com/minutes")]).await;
    lena.page(&place).await.must_say("Waiting for acceptance");

    dana.sign(&place).await.must_be(303);
    // Opening a checkpoint again voids the first acceptance.
    jonas.takes(&format!("checkpoints/{}/reopen", steps[1]), &[]).await;
    kofi.get(&format!("{place}/sign")).await.must_be(409);
    jonas.takes(&format!("checkpoints/{}/pass", steps[1]), &[("evidence", "Measured again.")]).await;
    kofi.page(&place).await.must_say("0 of 2 signed.");
    kofi.sign(&place).await.must_be(303);
    dana.sign(&place).await.must_be(303);
    dana.page(&place).await.must_say("Accepted");
    jonas.post(&format!("checkpoints/{}/reopen", steps[1]), &[]).await.must_be(422);
    t.verify().await;
});

story!(both_owners_report_a_kpi_and_their_split_is_shown, |t| {
    let (dana, kofi, ana) = (t.sign_in("dana").await, t.sign_in("kofi").await, t.sign_in("ana").await);
    let (m, c, a) = (t.member("dana").await, t.member("kofi").await, t.member("ana").await);
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
    dana.post("kpis/new", &doubled).await.must_be(422).must_say("Choose somebody of Technology.");
    let mut fields = plan.to_vec();
    fields.push(("technology_owner", &c));
    let place = dana.takes("kpis/new", &fields).await.trim_end_matches("/targets").to_owned();
    dana.takes(&format!("{place}/targets"), &[("high-2026-09-01", "3"), ("high-2026-10-01", "2.8")]).await;

    let september = format!("{place}/periods/2026-09-01");
    ana.post(&format!("{september}/value"), &[("value", "about 3")]).await.must_be(422).must_say("Write a number such as 12.5.");
    ana.takes(&format!("{september}/value"), &[("value", "3.0")]).await;
    ana.post(&format!("{place}/periods/2026-11-01/value"), &[("value", "1")]).await.must_be(404);
    let october = format!("{place}/periods/2026-10-01");
    ana.takes(&format!("{october}/value"), &[("value", "3.5")]).await;
    // Rising churn is bad, whatever the arrow says.
    ana.page(&place).await.must_say("Rose 0.5 % in October; should fall.").must_say("0.7 % to go").must_say("At risk 80 %");

    let digest = kofi.page(&october).await.value("digest");
    kofi.post(&format!("{october}/attest"), &[("digest", &digest), ("status", "off_track"), ("insight", "")])
        .await
        .must_be(422)
        .must_say("Off track needs one line of insight.");
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
        for place in [place.as_str(), october.as_str(), "kpis", "", "history", "desk"] {
            t.sign_in(who).await.page(place).await.must_not_say("logs people out").must_not_say("Technology says off track");
        }
    }
    kofi.page(&october).await.must_say("The app logs people out.");
    dana.page("desk").await.must_say("Churn, October");
    let attested =
        crate::tests::encoded(&[("workspace", &t.slug), ("kpi", &tail(&place)), ("period", "2026-10-01"), ("digest", &digest), ("status", "on_track")]);
    let answer = dana.send(axum::http::Method::POST, "/api/attest", &[("accept", "application/json")], attested).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    dana.page(&place).await.must_say("Split: Marketing says on track, Technology says off track").must_say("The app logs people out.");

    // A correction takes a reason, keeps the old value, and asks both again.
    ana.post(&format!("{october}/value"), &[("value", "2.9")]).await.must_be(422).must_say("Say why it changes.");
    ana.takes(&format!("{october}/value"), &[("value", "2.9"), ("because", "Double counted.")]).await;
    dana.page(&place).await.must_say("Nobody has attested").must_say("Double counted.").must_say("3.5");
    t.clock.advance_days(18);
    t.sign_in("dana").await.page(&place).await.must_say("Outdated 1 day");
    t.verify().await;
});

story!(what_is_said_twice_is_said_once, |t| {
    let dana = t.sign_in("dana").await;
    write_clause(&t, "dana").await;
    dana.takes("definition/propose", &[]).await;
    dana.takes("definition/propose", &[]).await;
    assert_eq!(t.count("select count(*) from definition_versions").await, 1);
    let (milestone, _) = running_milestone(&t).await;
    let initiative = dana.page(&milestone).await;
    assert!(initiative.says("One profile"));
    let report = [("status", "at_risk"), ("note", "Late."), ("next_step", "Ask.")];
    dana.takes("initiatives/1/report", &report).await;
    dana.takes("initiatives/1/report", &report).await;
    assert_eq!(t.count("select count(*) from initiative_reports").await, 1);
    // A team at work keeps both sides, and the history keeps what an edit overwrote.
    let page = dana.page("initiatives/1/edit").await;
    let (version, lena_id) = (page.value("version"), t.member("lena").await);
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let mut plan = vec![
        ("version", version.as_str()),
        ("title", "One customer"),
        ("purpose", "Known everywhere."),
        ("starts_on", "2026-11-01"),
        ("due_on", "2027-03-01"),
        ("marketing_lead", dana_id.as_str()),
        ("technology_lead", kofi_id.as_str()),
        ("members", lena_id.as_str()),
    ];
    dana.post("initiatives/1/edit", &plan).await.must_be(422).must_say("Add one of Technology first.");
    let priya_id = t.member("priya").await;
    plan.push(("members", &priya_id));
    dana.takes("initiatives/1/edit", &plan).await;
    dana.page("history").await.must_say("Title: “One profile” became “One customer”");
});

story!(an_executive_sees_all_of_it_on_one_page, |t| {
    let dana = t.sign_in("dana").await;
    dana.page("").await.must_say("Start with the definition");
    let world = crate::tests::world::World::with(&t, "Something of ours").await;
    let olu = t.sign_in("olu").await;
    let page = olu.page("").await;
    page.must_say("Needs attention")
        .must_say("Off track 63 %")
        .must_say("Technology has not attested")
        .must_say("At risk")
        .must_say("Waiting on Technology since 23 Nov")
        .must_say("Technology objected");
    assert!(!page.has("leptos-island") && !page.body.contains(".wasm"), "a page without islands ships no client code");
    world.dana.page("desk").await.must_say("Something of ours");
    olu.page("history").await.must_say("dana proposed the initiative Something of ours").must_say("kofi passed Something of ours");
    olu.page("history?what=decision").await.must_say("asked").must_not_say("passed");
});

/// The scores of somebody who has seen the sheet: `scores[option][criterion]`.
async fn score(user: &crate::tests::User, place: &str, round: &str, scores: [[&str; 2]; 2]) -> crate::tests::Answer {
    let mut fields = vec![("round", round)];
    for (names, row) in [["score-0-0", "score-0-1"], ["score-1-0", "score-1-1"]].iter().zip(&scores) {
        for (name, score) in names.iter().zip(row) {
            fields.push((name, score));
        }
    }
    fields.push(("note-0-0", "Seen in the pilot."));
    user.post(&format!("{place}/score"), &fields).await
}

/// Runs the command that an exported record names, on that record.
fn digest_by_the_named_command(record: &str) -> String {
    let command = record.lines().find_map(|line| line.strip_prefix("    sed ")).expect("a command");
    let file = command.split(' ').nth(2).expect("a file");
    let folder = crate::tests::scratch(&format!("record-{:?}", std::thread::current().id()).replace(['(', ')'], ""));
    std::fs::write(folder.join(file), record).expect("written");
    let output = std::process::Command::new("sh").arg("-c").arg(format!("sed {command}")).current_dir(&folder).output().expect("run");
    String::from_utf8_lossy(&output.stdout).split(' ').next().unwrap_or_default().to_owned()
}

story!(a_contested_choice_is_weighed_scored_blind_signed_and_superseded, |t| {
    let (ana, lena, priya, jonas) = (t.sign_in("ana").await, t.sign_in("lena").await, t.sign_in("priya").await, t.sign_in("jonas").await);
    let (place, options) = decision(&t, "Which customer data platform?").await;

    // What counts is agreed before anybody scores.
    ana.post(&format!("{place}/scoring/open"), &[("wanted", "2"), ("ends_on", "2026-11-30")]).await.must_be(422).must_say("Both sides sign the weights first");
    ana.page(&format!("{place}/weights/edit?template=customer-data-platform")).await.must_say("Start from a template");
    let version = ana.page(&format!("{place}/weights/edit")).await.value("version");
    let criteria = [("version", version.as_str()), ("title-0", "Self-service"), ("weight-0", "4"), ("title-1", "Where the data stays"), ("weight-1", "2")];
    ana.post(&format!("{place}/weights/edit"), &criteria[..3]).await.must_be(422).must_say("write at least two criteria");
    ana.post(&format!("{place}/weights/edit"), &[criteria[0], criteria[1], ("weight-0", "11"), criteria[3], criteria[4]])
        .await
        .must_be(422)
        .must_say("whole number from 1 to 10");
    ana.takes(&format!("{place}/weights/edit"), &criteria).await;
    lena.sign(&format!("{place}/weights")).await.must_be(303);
    ana.page(&place).await.must_say("waiting on Technology");
    priya.sign(&format!("{place}/weights")).await.must_be(303);
    let version = ana.page(&format!("{place}/weights/edit")).await.value("version");
    ana.post(&format!("{place}/weights/edit"), &[("version", &version), criteria[1], ("weight-0", "9"), criteria[3], criteria[4]])
        .await
        .must_be(422)
        .must_say("they do not change any more");

    // Both sides score without seeing each other.
    ana.takes(&format!("{place}/scoring/open"), &[("wanted", "2"), ("ends_on", "2026-11-30")]).await;
    priya.page("desk").await.must_say("Which customer data platform?");
    ana.post(&format!("{place}/options/{}/archive", options[0]), &[]).await.must_be(422).must_say("Both sides are scoring these options");
    ana.post(&format!("{place}/propose"), &[("option", &options[0]), ("rationale", "Early."), ("stage", "adopt")]).await.must_be(422).must_say("still scoring");
    score(&lena, &place, "1", [["5", ""], ["3", "4"]]).await.must_be(422).must_say("Score Composable on Where the data stays.");
    score(&lena, &place, "1", [["4", "2"], ["3", "4"]]).await.must_be(303);
    score(&ana, &place, "1", [["5", "2"], ["3", "4"]]).await.must_be(303);
    // Their own side sees them; nobody else does, on any page.
    lena.page(&format!("{place}/scores")).await.must_say("Marketing 4.5").must_say("Seen in the pilot.");
    for who in ["priya", "kofi", "olu", "adm"] {
        let user = t.sign_in(who).await;
        for page in [place.clone(), format!("{place}/scores"), "history".to_owned(), format!("{place}/score")] {
            let answer = user.get(&page).await;
            answer.must_not_say("4.5").must_not_say("Seen in the pilot.");
        }
        let record = user.get(&format!("{place}/record.md")).await;
        assert!(!record.body.contains("Scores of both sides"), "{}", record.body);
    }
    ana.page(&place).await.must_say("Marketing 2 of 2 answers, Technology 0 of 2");
    score(&priya, &place, "1", [["1", "3"], ["3", "4"]]).await.must_be(303);
    // A change of mind before the round closes replaces the answer, it does not count twice.
    score(&priya, &place, "1", [["2", "3"], ["3", "4"]]).await.must_be(303);
    score(&jonas, &place, "1", [["1", "3"], ["3", "3"]]).await.must_be(303);
    let open = ana.page(&place).await;
    open.must_say("They are furthest apart on Self-service for Composable: 3.0 points.")
        .must_say("The sides differ: Marketing puts Composable in front, Technology Suite A.")
        .must_say("With both sides counting alike, Suite A leads");
    score(&lena, &place, "1", [["1", "1"], ["1", "1"]]).await.must_be(422).must_say("This round is closed");
    t.sign_in("kofi").await.get(&format!("{place}/score")).await.must_be(409);

    // The proposal carries the scores; an objection sends it back, a revised one is signed.
    ana.takes(&format!("{place}/propose"), &[("option", &options[0]), ("rationale", "Self-service."), ("stage", "trial"), ("review_on", "2026-12-20")]).await;
    priya.give_verdict(&place, &[("verdict", "object"), ("reason", "Our own scores say otherwise.")]).await.must_be(303);
    ana.page("desk").await.must_say("Technology objected");
    ana.takes(
        &format!("{place}/propose"),
        &[("option", &options[1]), ("rationale", "Both can live with it."), ("stage", "trial"), ("review_on", "2026-12-20")],
    )
    .await;
    lena.sign(&place).await.must_be(303);
    priya.sign(&place).await.must_be(303);
    ana.page("decisions/technologies").await.must_say("Suite A").must_say("Trial");
    let record = ana.get(&format!("{place}/record.md")).await.body;
    // The sections of the MADR template, in its order.
    let mut after = 0;
    for section in [
        "# Which customer data platform?",
        "## Context and Problem Statement",
        "## Decision Drivers",
        "## Considered Options",
        "## Decision Outcome",
        "Chosen option: \"Suite A\", because Both can live with it.",
        "### Consequences",
        "### Confirmation",
        "## Pros and Cons of the Options",
        "### Composable",
        "## More Information",
        "### Scores of both sides",
    ] {
        let at = record[after..].find(&format!("\n{section}"));
        after += at.unwrap_or_else(|| panic!("{section} is not after the one before in: {record}"));
    }
    assert_eq!(digest_by_the_named_command(&record), record.split("(SHA-256) is `").nth(1).and_then(|rest| rest.split('`').next()).expect("a digest"));
    assert!(ana.get("decisions/export.csv").await.body.contains("Which customer data platform?,Signed by both"));

    // On its day the driver is asked whether it delivered; it did not, and a later choice supersedes it.
    t.clock.advance_days(28);
    let (ana, lena, priya) = {
        drop((ana, lena, priya, jonas));
        (t.sign_in("ana").await, t.sign_in("lena").await, t.sign_in("priya").await)
    };
    ana.page("desk").await.must_say("Did it deliver?");
    ana.post(&format!("{place}/review"), &[("verdict", "missed"), ("told", "")]).await.must_be(422);
    ana.takes(&format!("{place}/review"), &[("verdict", "missed"), ("told", "Nobody used it.")]).await;
    ana.page(&place).await.must_say("Missed").must_say("Nobody used it.");
    ana.page("desk").await.must_not_say("Did it deliver?");
    let asked = ana.page(&place).await;
    let again = asked.link("Ask again");
    let form = ana.page(&again).await;
    let (id, supersedes, driver) = (form.value("id"), form.value("supersedes"), t.member("ana").await);
    let fields = [
        ("id", id.as_str()),
        ("supersedes", &supersedes),
        ("question", "Which platform, now that we know?"),
        ("context", "Suite A was not used."),
        ("driver", &driver),
        ("decide_by", "2027-02-01"),
    ];
    let later = ana.takes("decisions/new", &fields).await;
    ana.page(&place).await.must_say("Asked again");
    for title in ["Composable", "Nothing"] {
        let id = ana.page(&format!("{later}/options/new")).await.value("id");
        ana.takes(&format!("{later}/options/new"), &[("id", &id), ("title", title)]).await;
    }
    let option = ana.page(&format!("{later}/propose")).await.value("option");
    ana.takes(&format!("{later}/propose"), &[("option", &option), ("rationale", "It is used already."), ("stage", "adopt")]).await;
    lena.sign(&later).await.must_be(303);
    priya.sign(&later).await.must_be(303);
    ana.page(&place).await.must_say("Superseded").must_say("decision 2, Which platform, now that we know?");
    ana.page(&later).await.must_say("Supersedes decision 1");
    t.verify().await;
});

story!(a_definition_is_talked_over_rated_blind_ratified_and_ratified_again, |t| {
    let (dana, kofi, ana, jonas) = (t.sign_in("dana").await, t.sign_in("kofi").await, t.sign_in("ana").await, t.sign_in("jonas").await);
    let id = write_clause(&t, "ana").await;
    let clause = format!("definition/clauses/{id}");

    // Somebody is named and told; whoever wrote it is not.
    ana.takes(&format!("{clause}/comment"), &[("body", "@jonas, is **500 ms** real? @ana")]).await;
    ana.page("desk").await.must_not_say("named you");
    jonas.page("desk").await.must_say("ana named you");
    let read = jonas.page("desk").await.action("Read what ana wrote");
    jonas.takes(&read, &[]).await;
    jonas.page("desk").await.must_not_say("named you");
    assert!(jonas.page(&clause).await.has(".comment strong"), "Markdown is laid out");

    // Technology suggests other words; its own side cannot accept them, Marketing can.
    let before = jonas.page(&format!("{clause}/suggest?field=for_technology")).await.value("before");
    let words = "The profile answers within 800 ms.";
    jonas.post(&format!("{clause}/suggest"), &[("field", "for_technology"), ("before", &before), ("after", &before)]).await.must_be(422);
    jonas.takes(&format!("{clause}/suggest"), &[("field", "for_technology"), ("before", &before), ("after", words), ("because", "Measured.")]).await;
    let page = ana.page(&clause).await;
    page.must_say("Waits for Marketing").must_say("Measured.");
    assert!(page.has(".suggestion del") && page.has(".suggestion ins"), "what would change is marked");
    let suggestion = page.body.split("/definition/suggestions/").nth(1).expect("a suggestion").chars().take(36).collect::<String>();
    kofi.post(&format!("definition/suggestions/{suggestion}/accept"), &[]).await.must_be(403);
    ana.page("desk").await.must_say("Another wording for One memory");
    ana.takes(&format!("definition/suggestions/{suggestion}/accept"), &[]).await;
    kofi.page("definition").await.must_say("within 800 ms");
    ana.post(&format!("definition/suggestions/{suggestion}/decline"), &[]).await.must_be(422).must_say("accepted already");
    // One over a text that has changed since is not accepted.
    let before = jonas.page(&format!("{clause}/suggest?field=promise")).await.value("before");
    jonas.takes(&format!("{clause}/suggest"), &[("field", "promise"), ("before", &before), ("after", "Nobody repeats anything.")]).await;
    edit(&t, "ana", &id, "Nobody has to tell us the same thing twice.").await;
    let page = ana.page(&clause).await;
    page.must_say("The text changed since");
    let late = page.body.split("/definition/suggestions/").nth(1).expect("a suggestion").chars().take(36).collect::<String>();
    ana.post(&format!("definition/suggestions/{late}/accept"), &[]).await.must_be(422).must_say("The text changed after this was suggested.");
    ana.takes(&format!("definition/suggestions/{late}/decline"), &[("because", "Too broad.")]).await;
    jonas.page(&clause).await.must_say("Too broad.");

    // Two people in the same clause see that they are two; a preview saves nothing.
    ana.page(&format!("{clause}/edit")).await.must_not_say("Also editing");
    jonas.page(&format!("{clause}/edit")).await.must_say("Also editing this clause: ana");
    let version = jonas.page(&format!("{clause}/edit")).await.value("version");
    let shown =
        jonas.post(&format!("{clause}/edit"), &[("preview", "1"), ("version", &version), ("title", "Draft *title*"), ("promise", "A **bold** one.")]).await;
    assert!(shown.must_be(200).has(".preview strong"));
    kofi.page(&clause).await.must_not_say("bold");

    // Eye to eye: a large gap, seen by both sides only when both have answered.
    dana.takes("definition/rounds/open", &[("wanted", "1"), ("ends_on", "2026-11-30")]).await;
    dana.post("definition/rounds/open", &[("wanted", "1"), ("ends_on", "2026-11-30")]).await.must_be(422).must_say("A round is open already");
    ana.takes("definition/rounds/answer", &[("round", "1"), ("score-0-0", "5"), ("score-0-1", "5"), ("note-0-1", "Clear as day.")]).await;
    for who in ["kofi", "jonas", "olu"] {
        t.sign_in(who).await.page("definition/rounds").await.must_not_say("5.0").must_not_say("Clear as day.");
    }
    jonas.page("desk").await.must_say("The definition, eye to eye");
    jonas.takes("definition/rounds/answer", &[("round", "1"), ("score-0-0", "4"), ("score-0-1", "1")]).await;
    dana.page("definition/rounds")
        .await
        .must_say("Talk about One memory first: on “I know what it means for my team” the sides are 4.0 points apart, Marketing the higher.")
        .must_say("Clear as day.");
    dana.takes("definition/rounds/open", &[("wanted", "1"), ("ends_on", "2026-11-30")]).await;
    ana.takes("definition/rounds/answer", &[("round", "2"), ("score-0-0", "5"), ("score-0-1", "5")]).await;
    jonas.takes("definition/rounds/answer", &[("round", "2"), ("score-0-0", "5"), ("score-0-1", "4")]).await;
    dana.page("definition/rounds").await.must_say("How the gap moved").must_say("closer");

    // Ratified until a day; nothing measures it and nothing serves it, which is said.
    dana.post("definition/propose", &[("again_by", "2026-11-23")]).await.must_be(422).must_say("Choose a later day.");
    dana.takes("definition/propose", &[("again_by", "2027-02-01")]).await;
    dana.sign("definition/versions/1").await.must_be(303);
    kofi.sign("definition/versions/1").await.must_be(303);
    dana.page("definition").await.must_say("To be ratified again by 1 Feb 2027");
    dana.page("definition/trace").await.must_say("Nobody measures it").must_say("Nothing serves it");
    let text = dana.get("definition/versions/1/text.md").await.body;
    assert!(text.contains("## 1. One memory") && text.contains("* Technology: kofi agreed on 2026-11-23"), "{text}");
    assert!(text.contains(&format!("`{}`", digest_by_the_named_command(&text))), "{text}");
    dana.post("definition/propose", &[("again_by", "2027-06-01")]).await.must_be(422).must_say("word for word");

    // An edit, then back to what was in force.
    edit(&t, "ana", &id, "Something hasty.").await;
    dana.page("definition").await.must_say("1 change since version 1");
    dana.takes("definition/versions/1/restore", &[]).await;
    dana.page("definition").await.must_say("No changes since version 1");

    // When it is due, both leads find it on their desk, and the same words can be ratified again.
    t.clock.advance_days(50);
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    kofi.page("desk").await.must_say("Ratify the definition again, version 1 is in force");
    dana.takes("definition/propose", &[("again_by", "2027-12-01")]).await;
    dana.sign("definition/versions/2").await.must_be(303);
    kofi.sign("definition/versions/2").await.must_be(303);
    kofi.page("desk").await.must_not_say("Ratify the definition again");
    dana.page("definition/compare?from=1&to=2&view=side-by-side").await.must_say("0 of 1 clauses differ");
    t.verify().await;
});

story!(a_deadlock_is_ruled_by_the_named_arbiter, |t| {
    let (dana, ana, lena, priya, olu) =
        (t.sign_in("dana").await, t.sign_in("ana").await, t.sign_in("lena").await, t.sign_in("priya").await, t.sign_in("olu").await);
    let (place, options) = decision(&t, "Which platform?").await;
    let (kofi_id, olu_id) = (t.member("kofi").await, t.member("olu").await);
    dana.post("members/arbiter", &[("arbiter", &kofi_id)]).await.must_be(422).must_say("Who sits on a side does not rule");
    dana.takes("members/arbiter", &[("arbiter", &olu_id)]).await;
    dana.page("members").await.must_say("olu rules when the sides cannot agree.");
    ana.takes(&format!("{place}/propose"), &[("option", &options[0]), ("rationale", "Fast."), ("stage", "adopt")]).await;
    lena.sign(&place).await.must_be(303);
    priya.give_verdict(&place, &[("verdict", "object"), ("reason", "Not ours to run.")]).await.must_be(303);
    // While the sides can still settle it, nobody rules.
    lena.post(&format!("{place}/statement"), &[("told", "Now.")]).await.must_be(422).must_say("not deadlocked");
    olu.post(&format!("{place}/rule"), &[("option", &options[1]), ("told", "Now.")]).await.must_be(422).must_say("not deadlocked");
    t.clock.advance_days(8);
    let (dana, lena, priya, olu) = {
        drop((dana, ana, lena, priya, olu));
        (t.sign_in("dana").await, t.sign_in("lena").await, t.sign_in("priya").await, t.sign_in("olu").await)
    };
    dana.page("").await.must_say("Deadlocked 8 days");
    dana.page("decisions").await.must_say("Deadlocked 8 days");
    lena.takes(&format!("{place}/statement"), &[("told", "Six weeks to the first use.")]).await;
    priya.takes(&format!("{place}/statement"), &[("told", "Nobody here can run it.")]).await;
    dana.page(&place).await.must_say("Six weeks to the first use.").must_say("Nobody here can run it.").must_say("olu hears both and rules.");
    dana.get(&format!("{place}/rule")).await.must_be(403);
    olu.page("desk").await.must_say("You are the arbiter.");
    olu.post(&format!("{place}/rule"), &[("option", &options[1]), ("told", "")]).await.must_be(422);
    olu.takes(&format!("{place}/rule"), &[("option", &options[1]), ("told", "What can be run comes first.")]).await;
    let page = dana.page(&place).await;
    page.must_say("olu ruled on 1 Dec").must_say("What can be run comes first.").must_say("Six weeks to the first use.").must_not_say("Sealed");
    dana.page("decisions").await.must_say("Ruled by the arbiter");
    dana.page("decisions/technologies").await.must_say("Suite A");
    olu.post(&format!("{place}/rule"), &[("option", &options[0]), ("told", "Again.")]).await.must_be(422).must_say("does not change any more");
    let record = dana.get(&format!("{place}/record.md")).await.body;
    assert!(record.contains("Ruled by olu") && record.contains("The case of Marketing: Six weeks"), "{record}");
    t.verify().await;
});

story!(a_deadlock_begins_the_day_after_the_limit_in_the_workspace_s_zone, |t| {
    // Signed at half past eleven at night in Berlin; the limit is seven days, whatever the hours.
    let late = crate::ground::time::Zone::named("Europe/Berlin").expect("a zone").start_of(crate::tests::TODAY).plus_seconds(23 * 3600 + 1800);
    t.clock.set(late);
    let (place, options) = decision(&t, "Which platform?").await;
    let (ana, lena) = (t.sign_in("ana").await, t.sign_in("lena").await);
    ana.takes(&format!("{place}/propose"), &[("option", &options[0]), ("rationale", "Fast."), ("stage", "adopt")]).await;
    lena.sign(&place).await.must_be(303);
    // The last minute of the seventh day after, then one minute later.
    let end_of_the_seventh = crate::ground::time::Zone::named("Europe/Berlin").expect("a zone").start_of(crate::tests::TODAY.plus(8)).plus_seconds(-60);
    t.clock.set(end_of_the_seventh);
    t.sign_in("dana").await.page(&place).await.must_not_say("Deadlocked");
    t.sign_in("lena").await.post(&format!("{place}/statement"), &[("told", "Now.")]).await.must_be(422);
    t.clock.set(end_of_the_seventh.plus_seconds(60));
    t.sign_in("dana").await.page(&place).await.must_say("Deadlocked 8 days");
    t.sign_in("lena").await.takes(&format!("{place}/statement"), &[("told", "Now.")]).await;
});

story!(who_changes_sides_judges_no_round_that_was_open, |t| {
    write_clause(&t, "ana").await;
    t.clock.advance_days(1);
    let (dana, ana) = (t.sign_in("dana").await, t.sign_in("ana").await);
    dana.takes("definition/rounds/open", &[("wanted", "2"), ("ends_on", "2026-12-01")]).await;
    dana.takes("definition/rounds/answer", &[("round", "1"), ("score-0-0", "5"), ("score-0-1", "5"), ("note-0-0", "Only ours.")]).await;
    ana.page("definition/rounds").await.must_say("Only ours.");
    t.clock.advance_days(1);
    let member = t.member("ana").await;
    t.sign_in("adm").await.takes(&format!("members/{member}/edit"), &[("side", "technology"), ("role", "contributor")]).await;
    let ana = t.sign_in("ana").await;
    ana.page("definition/rounds").await.must_not_say("Only ours.");
    ana.page("desk").await.must_not_say("eye to eye");
    ana.post("definition/rounds/answer", &[("round", "1"), ("score-0-0", "1"), ("score-0-1", "1")])
        .await
        .must_be(422)
        .must_say("You came to this side after the round was opened");
});
