//! What changed since a day: the difference of the facts that were kept then and of those that stand now.

use super::{TestApp, goals::kpi, initiatives::underway, milestones::milestone, world::World};
use crate::{
    platform::time::{Day, Zone},
    reviews::schedule::keep_days,
    sql, story,
};

/// To an hour of a day; what the clock keeps of it is kept.
async fn wake(t: &TestApp, day: Day) {
    let zone = Zone::get("Europe/Berlin").expect("a zone");
    t.clock.set(zone.start_of(day).plus_seconds(3600 * 9));
    keep_days(&t.state).await.expect("kept");
}

const MONDAY: Day = super::TODAY;

story!(
    what_changed_since_a_day_is_the_difference_of_two_days_facts,
    |t| {
        let world = World::with(&t, "Something of ours").await;
        let (churn, _) = kpi(&t, "Churn", "decrease", &[("2026-10-01", "9")]).await;
        let dana = &world.dana;
        dana.page("since?days=7")
            .await
            .must_say("Comparison starts today.");
        wake(&t, MONDAY).await;
        dana.page("since?days=7")
            .await
            .must_say("Compared with 23 Nov, the first day that is kept.")
            .must_not_say("Churn");
        // Something leaves, something gets another name, something is signed.
        wake(&t, MONDAY.plus(2)).await;
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        let lena = t.sign_in("lena").await;
        let version = lena.page(&format!("{churn}/archive")).await.value("version");
        let archived = [("version", version.as_str()), ("because", "Nobody reads it.")];
        lena.takes(&format!("{churn}/archive"), &archived).await;
        kofi.sign(&world.decision).await.must_be(303);
        let page = dana.page("since?days=7").await;
        page.must_say("What changed since Wednesday 18 Nov")
            .must_say("Compared with 23 Nov, the first day that is kept.")
            .must_say("Gone: Archived; was")
            .must_say("Answers")
            .must_say("kofi signed");
        dana.page("since?days=7&kind=kpi")
            .await
            .must_say("Churn")
            .must_not_say("Answers");
        // What was told of Wednesday is not told since Thursday.
        for day in 3..=12 {
            wake(&t, MONDAY.plus(day)).await;
        }
        t.sign_in("dana")
            .await
            .page("since?days=7")
            .await
            .must_say("Now, compared with the start of")
            .must_not_say("Churn");
        t.sign_in("dana")
            .await
            .page("since?days=14")
            .await
            .must_say("Churn");
        t.verify().await;
    }
);

story!(a_day_is_kept_once_and_for_forty_days, |t| {
    World::with(&t, "Something of ours").await;
    wake(&t, MONDAY).await;
    let kept = async || {
        t.count(sql!(
            "select count(*) from kept_days k join workspaces w on w.id = k.workspace_id where w.slug =
             'northwind'"
        ))
        .await
    };
    let first = t.count(sql!("select max(taken_at) from kept_days")).await;
    wake(&t, MONDAY).await;
    assert_eq!(kept().await, 1);
    assert_eq!(t.count(sql!("select max(taken_at) from kept_days")).await, first);
    for day in [1, 40] {
        wake(&t, MONDAY.plus(day)).await;
    }
    assert_eq!(kept().await, 3);
    wake(&t, MONDAY.plus(42)).await;
    assert_eq!(kept().await, 2, "the first two days are gone");
    t.verify().await;
});

story!(what_changed_is_told_since_somebody_was_here_last, |t| {
    World::with(&t, "Something of ours").await;
    for day in 0..=3 {
        wake(&t, MONDAY.plus(day)).await;
    }
    // What comes within four hours is the same visit.
    let dana = t.sign_in("dana").await;
    t.clock.set(t.state.now().plus_seconds(90 * 60));
    dana.page("since").await.must_say("Since your last visit, 23 Nov");
    wake(&t, MONDAY.plus(9)).await;
    let dana = t.sign_in("dana").await;
    dana.page("since").await.must_say("Since your last visit, 26 Nov");
    dana.page("since?from=last-visit")
        .await
        .must_say("What changed since Thursday 26 Nov");
    wake(&t, MONDAY.plus(10)).await;
    t.sign_in("dana")
        .await
        .page("since?from=last-visit")
        .await
        .must_say("What changed since Wednesday 2 Dec");
});

story!(what_got_worse_since_monday_stands_on_the_overview, |t| {
    let (dana, _, initiative) = underway(&t).await;
    milestone(&t, &dana, &initiative, "Match rules", "2026-11-24").await;
    wake(&t, MONDAY).await;
    // Nobody did anything: a day passed.
    wake(&t, MONDAY.plus(3)).await;
    t.sign_in("dana")
        .await
        .page("")
        .await
        .must_say("Since Monday 23 Nov")
        .must_say("Match rules Worse:")
        .must_say("→ late 2 days");
    t.verify().await;
});
