//! What milestones wait for, and how they slip.

use super::initiatives::{underway, underway_as};

use crate::{
    demo::seed::{Size, seed},
    identity::Viewer,
    milestones::read::open_and_needing_attention,
    platform::ids::AccountId,
    sql, story,
    tests::{TestApp, User},
};

/// Adds a milestone to an initiative; gives its path and its id.
pub(super) async fn milestone(
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
            "That would make a circle: Match rules waits for Launch waits for Feeds live waits for Match \
                rules.",
        );
    dana.post(&format!("{rules}/waits"), &[("on", &rules_id)])
        .await
        .must_be(422)
        .must_say("That would make a circle:");
    assert_eq!(t.count(sql!("select count(*) from milestone_waits")).await, 2);
    dana.page(&feeds)
        .await
        .must_say("Open Match rules In time, 9 days to spare")
        .must_say("It depends on this milestone");
    // A slip shows whom it hits, before and after.
    let page = kofi.page(&format!("{rules}/move")).await;
    page.must_say("Milestones that depend on it")
        .must_say("affected if the date moves past 10 Dec");
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
    dana.page(&feeds)
        .await
        .must_say("Off track Match rules Comes 14 days too late");
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
        dana.page(page)
            .await
            .must_say("Depends on something that comes too late");
    }
    dana.page("history").await.must_say("hits Feeds live");
    dana.page("milestones")
        .await
        .must_say("moved, first promised for 1 Dec");
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
    let (_, _, ended) = underway_as(&t, "Consent for all").await;
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
        .must_say("Open Consent asked once In time, 12 days to spare")
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
        .must_say("Off track Consent asked once Not reached")
        .must_say("Depends on something that comes too late");
    dana.page(&consent)
        .await
        .must_say("Not reached when its initiative ended")
        .must_say("Off track Feeds live Not reached · It depends on this milestone");
    dana.page(&consent)
        .await
        .must_say("Ended Match rules No longer needed · This milestone depends on it");
    dana.page("milestones")
        .await
        .must_say("Depends on something that comes too late")
        .must_say("Not reached when its initiative ended");
    // Nor does what it waited for hit it.
    dana.page(&format!("{rules}/move"))
        .await
        .must_not_say("Consent asked once");
    dana.page(&rules)
        .await
        .must_say("Ended Consent asked once No longer needed · It depends on this milestone");
    // Nobody owes it any more.
    t.clock.advance_days(6);
    let dana = t.sign_in("dana").await;
    dana.page("attention")
        .await
        .must_say("Late 1 day Match rules")
        .must_not_say("Consent asked once");
    dana.page("milestones")
        .await
        .must_say("Consent asked once: 28 Nov, not reached")
        .must_say("Match rules: 28 Nov, late");
    dana.page("")
        .await
        .must_say("Late 1 day Match rules")
        .must_say("1 late");
    dana.page("attention").await.must_not_say("Consent asked once");
    t.verify().await;
});

story!(
    a_slip_is_counted_where_it_was_promised_and_never_moves_into_the_past,
    |t| {
        let (dana, kofi, initiative) = underway(&t).await;
        let (rules, rules_id) = milestone(&t, &dana, &initiative, "Match rules", "2026-12-01").await;
        let (feeds, _) = milestone(&t, &dana, &initiative, "Feeds live", "2027-02-01").await;
        dana.page("").await.must_say("0 of 1 0 later than first promised");
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
        dana.page("").await.must_say("0 of 1 1 later than first promised");
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
            dana.page(page).await.must_say("Due after its initiative ends");
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
            .must_say("No longer there")
            .must_say("The vendor is late.");
        let nothing = [
            ("version", version.as_str()),
            ("due_on", "soon"),
            ("reason", "Late"),
        ];
        dana.post(&format!("{feeds}/move"), &nothing)
            .await
            .must_be(404)
            .must_say("This is what you wrote: soon Late");
        // What is met already is not waited for.
        let (_, launch_id) = milestone(&t, &dana, &initiative, "Launch", "2027-03-20").await;
        dana.post(&format!("{rules}/waits"), &[("on", &launch_id)])
            .await
            .must_be(303);
        let over = "update initiatives set phase = 'missed', next_check_in_on = null";
        t.state.db().raw(over).await.expect("ended");
        let (_, _, other) = underway_as(&t, "Another profile").await;
        let (consent, _) = milestone(&t, &dana, &other, "Consent asked once", "2027-03-28").await;
        dana.post(&format!("{consent}/waits"), &[("on", &rules_id)])
            .await
            .must_be(422)
            .must_say("Choose one that is not done yet.");
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
            .split("Waiting for signatures")
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

story!(
    what_needs_attention_is_found_among_the_open_and_by_the_database_alike,
    |t| {
        let size = Size {
            workspace: "seeded".to_owned(),
            initiatives: 9,
            people: 7,
            milestones: 24,
            checkpoints: 60,
            kpis: 2,
            periods: 2,
            decisions: 2,
            options: 2,
            criteria: 2,
            revisions: 1,
            touchpoints: 1,
            sources: 1,
            seed: 1,
        };
        seed(&t.state, &size).await.expect("seeded");
        t.clock.advance_days(30);
        let (account,): (AccountId,) = t
            .state
            .db()
            .fetch_optional(
                sql!(
                    "select m.account_id from members m join workspaces w on w.id = m.workspace_id
                 where w.slug = 'seeded' order by m.id limit 1"
                ),
                Vec::new(),
            )
            .await
            .expect("a query")
            .expect("somebody");
        let viewer = Viewer::enter(&t.state, account, "seeded", String::new())
            .await
            .expect("let in");
        let numbers = async |most| {
            let (_, needing) = open_and_needing_attention(&viewer, most).await.expect("read");
            needing
                .iter()
                .map(|milestone| milestone.number)
                .collect::<Vec<_>>()
        };
        let among_the_open = numbers(1000).await;
        assert!(!among_the_open.is_empty());
        assert_eq!(among_the_open, numbers(1).await);
    }
);
