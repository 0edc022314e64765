//! Many checkpoints at once, the plan that both leads fixed, and the forecast.

use super::initiatives::underway;

use crate::{sql, story, tests::milestones::milestone};

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
        .must_say("Line 1: “Nobody” is neither a member nor a date");
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
        .must_say("0 of 3 done")
        .must_say("Undo the last bulk change");
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
    let looked = dana.post(&format!("{path}/bulk"), &change("look")).await;
    looked.must_say("18 Dec 25 Dec").must_say("dana kofi");
    // What was changed since the preview is shown before it is done.
    let previewed = looked.value("previewed");
    let mut other = change("do");
    other.push(("previewed", &previewed));
    other[3].1 = "30";
    dana.post(&format!("{path}/bulk"), &other)
        .await
        .must_be(200)
        .must_say("18 Dec 17 Jan 2027");
    other[3].1 = "7";
    dana.takes(&format!("{path}/bulk"), &other).await;
    dana.takes(&format!("{path}/bulk"), &other).await;
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
        .must_say("1 of 3 done");
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
            page.must_not_say("At the pace so far: done");
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
            .must_say("At the pace so far: done 22 Dec. Promised: 20 Dec.");
    }
);
