//! The rooms' stories, told through the forms as their users live them.

use super::{TestApp, User, definition::write_clause};

use crate::{sql, story};

/// Its driver, ana, asks the question of a decision in other words: what lay on the table is gone.
pub(super) async fn reworded(t: &TestApp, ana: &User, path: &str) {
    let form = ana.page(&format!("{path}/edit")).await;
    let driver = t.member("ana").await;
    let changed = [
        ("version", form.value("version")),
        ("question", "Which platform, exactly?".to_owned()),
        ("context", form.value("context")),
        ("impact", form.value("impact")),
        ("driver", driver),
        ("decide_by", form.value("decide_by")),
    ];
    let changed: Vec<(&str, &str)> = changed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    ana.takes(&format!("{path}/edit"), &changed).await;
}

pub(super) async fn decision(t: &TestApp, question: &str) -> (String, Vec<String>) {
    let ana = t.sign_in("ana").await;
    let id = ana.page("decisions/new").await.value("id");
    let driver = t.member("ana").await;
    let path = ana
        .takes(
            "decisions/new",
            &[
                ("id", &id),
                ("question", question),
                ("context", "Seven tools hold parts of the customer."),
                ("driver", &driver),
                ("decide_by", "2026-12-01"),
            ],
        )
        .await;
    // A double click asks once.
    let again = ana
        .takes(
            "decisions/new",
            &[
                ("id", &id),
                ("question", question),
                ("context", "Seven tools hold parts of the customer."),
                ("driver", &driver),
                ("decide_by", "2026-12-01"),
            ],
        )
        .await;
    assert_eq!(path, again);
    let mut options = Vec::new();
    for (title, cost) in [("Composable", "60,000"), ("Suite A", "90000.50")] {
        let id = ana.page(&format!("{path}/options/new")).await.value("id");
        ana.takes(
            &format!("{path}/options/new"),
            &[
                ("id", &id),
                ("title", title),
                ("advantages", "Fast"),
                ("drawbacks", "Dear"),
                ("one_off_cost", cost),
                ("yearly_cost", ""),
            ],
        )
        .await;
        options.push(id);
    }
    (path, options)
}

async fn running_milestone(t: &TestApp) -> (String, String) {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id, lena_id, priya_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
        t.member("priya").await,
    );
    let id = dana.page("initiatives/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", "One profile"),
        ("purpose", "Known everywhere."),
        ("starts_on", "2026-11-01"),
        ("due_on", "2027-03-01"),
        ("marketing_lead", &dana_id),
        ("technology_lead", &kofi_id),
        ("driver_side", "marketing"),
        ("cadence", "fortnightly"),
        ("members", &lena_id),
    ];
    let initiative = dana.takes("initiatives/new", &fields).await;
    // Nobody of Technology is in the team yet.
    dana.post(&format!("{initiative}/phase"), &[("phase", "active")])
        .await
        .must_be(422)
        .must_say("Add somebody from Technology first.");
    let version = dana.page(&format!("{initiative}/edit")).await.value("version");
    let mut fields = fields.to_vec();
    fields.extend([("members", priya_id.as_str()), ("version", version.as_str())]);
    dana.takes(&format!("{initiative}/edit"), &fields).await;
    dana.takes(&format!("{initiative}/phase"), &[("phase", "active")])
        .await;
    for lead in [&dana, &kofi] {
        lead.sign(&format!("{initiative}/charter")).await.must_be(303);
    }
    dana.page(&initiative).await.must_say("No check-in yet");
    let id = dana
        .page(&format!("{initiative}/milestones/new"))
        .await
        .value("id");
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

story!(
    both_sides_sign_a_technology_decision_and_its_condition_becomes_a_checkpoint,
    |t| {
        let (ana, lena, priya) = (
            t.sign_in("ana").await,
            t.sign_in("lena").await,
            t.sign_in("priya").await,
        );
        let (milestone, milestone_id) = running_milestone(&t).await;
        let (path, options) = decision(&t, "Which platform do we build on?").await;
        ana.takes(
            &format!("{path}/propose"),
            &[
                ("option", &options[1]),
                ("rationale", "First use case in six weeks."),
                ("stage", "adopt"),
            ],
        )
        .await;
        priya
            .give_verdict(
                &path,
                &[("verdict", "object"), ("reason", "It leaves our governance.")],
            )
            .await
            .must_be(303);
        // What waits for it says so until it is signed.
        ana.post(&format!("{path}/waits"), &[("milestone", "")])
            .await
            .must_be(422)
            .must_say("Choose one.");
        ana.takes(&format!("{path}/waits"), &[("milestone", &milestone_id)])
            .await;
        ana.page(&milestone)
            .await
            .must_say("Depends on a decision")
            .must_say("Technology objected");
        ana.page(&path)
            .await
            .must_say("Technology objected.")
            .must_say("It leaves our governance.");
        ana.takes(
            &format!("{path}/propose"),
            &[
                ("option", &options[0]),
                ("rationale", "The data stays where it is governed."),
                ("stage", "adopt"),
            ],
        )
        .await;

        // Proposing the same twice proposes once.
        ana.takes(
            &format!("{path}/propose"),
            &[
                ("option", &options[0]),
                ("rationale", "The data stays where it is governed."),
                ("stage", "adopt"),
            ],
        )
        .await;
        assert_eq!(t.count(sql!("select count(*) from proposals")).await, 2);
        // Why the earlier one was not signed stays readable beside the new one.
        ana.page(&path).await.must_say("It leaves our governance.");

        // Technology signs first; a condition that Marketing adds afterwards is part of the text, so it signs
        // again.
        priya.sign(&path).await.must_be(303);
        let seen = ana.page(&path).await.text();

        // A contributor does not sign; who signs with a condition says what it becomes.
        ana.get(&format!("{path}/sign")).await.must_be(403);
        let unsaid = lena
            .give_verdict(
                &path,
                &[
                    ("verdict", "agree_with_conditions"),
                    ("reason", "Brand teams get the builder."),
                ],
            )
            .await;
        unsaid.must_be(422);
        let owner = t.member("jonas").await;
        lena.give_verdict(
            &path,
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
        ana.page(&milestone)
            .await
            .must_not_say("Brand teams get the builder.");
        ana.page(&path)
            .await
            .must_say("1 of 2 signed. Waiting for Technology");
        assert_ne!(ana.page(&path).await.text(), seen);
        let withdrawn = lena.takes(&format!("{path}/withdraw"), &[]).await;
        ana.page(&withdrawn).await.must_not_say("Conditions");
        lena.give_verdict(
            &path,
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
        priya
            .page(&format!("{path}/sign"))
            .await
            .must_say("Conditions")
            .must_say("Brand teams get the builder.");
        priya.sign(&path).await.must_be(303);
        ana.page(&milestone).await.must_not_say("Depends on a decision");
        ana.page(&path)
            .await
            .must_say("Agreed.")
            .must_say("lena agreed with a condition")
            .must_say("priya agreed")
            .must_say("60,000");
        ana.page(&milestone)
            .await
            .must_say("Brand teams get the builder.");
        ana.post(
            &format!("{path}/options/new"),
            &[("id", &options[0]), ("title", "Late")],
        )
        .await
        .must_be(422)
        .must_say("cannot be changed");
        t.verify().await;
    }
);

story!(a_team_moves_a_milestone_and_both_sides_accept_it, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (path, _) = running_milestone(&t).await;
    lena.page(&path).await.must_say("No checkpoints");
    let jonas_id = t.member("jonas").await;
    let mut steps = Vec::new();
    for title in ["Rules for mail", "Rules for phones"] {
        let id = lena.page(&format!("{path}/checkpoints/new")).await.value("id");
        lena.takes(
            &format!("{path}/checkpoints/new"),
            &[
                ("id", &id),
                ("title", title),
                ("owner", &jonas_id),
                ("due_on", "2026-11-23"),
            ],
        )
        .await;
        steps.push(id);
    }
    lena.page(&path)
        .await
        .must_say("Due today")
        .must_not_say("Overdue");
    t.clock.advance_days(1);
    let (dana, kofi, lena, jonas) = {
        drop((dana, kofi, lena));
        (
            t.sign_in("dana").await,
            t.sign_in("kofi").await,
            t.sign_in("lena").await,
            t.sign_in("jonas").await,
        )
    };
    lena.page(&path).await.must_say("2 checkpoints are late");
    jonas
        .page("desk")
        .await
        .must_say("Late 1 day")
        .must_say("Rules for mail");

    lena.post(
        &format!("{path}/move"),
        &[("version", "1"), ("due_on", "2026-12-10"), ("reason", "")],
    )
    .await
    .must_be(422);
    lena.takes(
        &format!("{path}/move"),
        &[
            ("version", "1"),
            ("due_on", "2026-12-10"),
            ("reason", "Phones came later."),
        ],
    )
    .await;
    lena.page(&path)
        .await
        .must_say("moved, first promised for 25 Nov")
        .must_say("Phones came later.");

    // Another contributor does not pass somebody's checkpoint; without evidence nobody does.
    t.sign_in("ana")
        .await
        .post(&format!("checkpoints/{}/pass", steps[0]), &[("evidence", "x")])
        .await
        .must_be(403);
    jonas
        .post(&format!("checkpoints/{}/pass", steps[0]), &[("evidence", " ")])
        .await
        .must_be(422);
    // In place, too, only what was shown is passed.
    for (version, status) in [("2", 409), ("1", 303)] {
        jonas
            .post(
                &format!("checkpoints/{}/pass", steps[0]),
                &[("version", version), ("evidence", "196 of 200 fit.")],
            )
            .await
            .must_be(status);
    }
    // The same again changes nothing; other words are not lost in silence.
    let again = format!("checkpoints/{}/pass", steps[0]);
    jonas
        .takes(&again, &[("version", "1"), ("evidence", "196 of 200 fit.")])
        .await;
    let other = jonas
        .post(&again, &[("version", "1"), ("evidence", "All of them fit.")])
        .await;
    other
        .must_be(409)
        .must_say("jonas marked it done on")
        .must_say("What you wrote was not saved: All of them fit.")
        .must_not_say("Mark the checkpoint done");
    jonas
        .page(&again)
        .await
        .must_say("reopen it first")
        .must_not_say("Mark the checkpoint done");
    dana.get(&format!("{path}/sign")).await.must_be(303);
    jonas
        .takes(
            &format!("checkpoints/{}/pass", steps[1]),
            &[("evidence", "https://example.com/minutes")],
        )
        .await;
    lena.page(&path).await.must_say("both sides have to accept it");

    dana.sign(&path).await.must_be(303);
    // Opening a checkpoint again voids the first acceptance.
    jonas
        .takes(&format!("checkpoints/{}/reopen", steps[1]), &[])
        .await;
    kofi.get(&format!("{path}/sign")).await.must_be(303);
    jonas
        .takes(
            &format!("checkpoints/{}/pass", steps[1]),
            &[("evidence", "Measured again.")],
        )
        .await;
    kofi.page(&path).await.must_say("0 of 2 signed.");
    kofi.sign(&path).await.must_be(303);
    dana.sign(&path).await.must_be(303);
    dana.page(&path).await.must_say("Accepted by both sides");
    jonas
        .post(&format!("checkpoints/{}/reopen", steps[1]), &[])
        .await
        .must_be(422);
    t.verify().await;
});

story!(what_is_said_twice_is_said_once, |t| {
    let dana = t.sign_in("dana").await;
    write_clause(&t, "dana").await;
    dana.takes("definition/propose", &[]).await;
    dana.takes("definition/propose", &[]).await;
    assert_eq!(t.count(sql!("select count(*) from definition_versions")).await, 1);
    let (milestone, _) = running_milestone(&t).await;
    let initiative = dana.page(&milestone).await;
    assert!(initiative.says("One profile"));
    let told = [
        ("status", "at_risk"),
        ("confidence", "60"),
        ("note", "Late."),
        ("next_step", "Ask."),
    ];
    dana.takes("initiatives/1/check-in", &told).await;
    dana.takes("initiatives/1/check-in", &told).await;
    assert_eq!(t.count(sql!("select count(*) from check_ins")).await, 1);
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
        ("driver_side", "marketing"),
        ("cadence", "fortnightly"),
        ("members", lena_id.as_str()),
    ];
    dana.post("initiatives/1/edit", &plan)
        .await
        .must_be(422)
        .must_say("Add somebody from Technology first.");
    let priya_id = t.member("priya").await;
    plan.push(("members", &priya_id));
    dana.takes("initiatives/1/edit", &plan).await;
    dana.page("history")
        .await
        .must_say("Title: “One profile” became “One customer”");
});

story!(an_executive_sees_all_of_it_on_one_page, |t| {
    let dana = t.sign_in("dana").await;
    dana.page("")
        .await
        .must_say("Start with the definition")
        .must_say("First steps 0 of 6 done");
    let world = crate::tests::world::World::with(&t, "Something of ours").await;
    let olu = t.sign_in("olu").await;
    let page = olu.page("").await;
    page.must_say("Needs attention")
        .must_say("Off track")
        .must_say("Technology has not confirmed it")
        .must_say("At risk")
        .must_say("Technology has not signed; Marketing did on 23 Nov")
        .must_say("Technology objected");
    assert!(
        !page.has("leptos-island") && !page.body.contains(".wasm"),
        "a page without islands ships no client code"
    );
    world.dana.page("desk").await.must_say("Something of ours");
    olu.page("history?what=initiative")
        .await
        .must_say("dana proposed the initiative Something of ours");
    olu.page("history?what=checkpoint")
        .await
        .must_say("kofi marked as done Something of ours");
    // By words, whose signs count as themselves.
    olu.page("history?what=initiative&words=SOMETHING+OF")
        .await
        .must_say("dana proposed the initiative Something of ours");
    olu.page("history?words=_____")
        .await
        .must_say("No entries match this filter.");
    olu.page("history?what=decision")
        .await
        .must_say("asked for a decision")
        .must_not_say("marked as done");
});
