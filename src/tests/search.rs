//! Anything is found by its name, and whoever may not do an act does not find it.

use super::world::World;
use crate::story;

story!(a_thing_is_found_by_words_of_its_name, |t| {
    World::with(&t, "A newsletter that knows you").await;
    let (dana, olu) = (t.sign_in("dana").await, t.sign_in("olu").await);
    dana.page("search").await.must_say("By name");
    let found = dana.page("search?q=KNOWS+newsletter").await;
    found.must_say("A newsletter that knows you").must_say("· due ");
    assert!(
        found.body.contains("href=\"/w/northwind/kpis/1\""),
        "{}",
        found.body
    );
    dana.page("search?q=lena").await.must_say("Person lena");
    dana.page("search?q=record+proc")
        .await
        .must_say("Record of processing");
    dana.page("search?q=goal").await.must_say("New goal");
    olu.page("search?q=goal")
        .await
        .must_say("Goals")
        .must_not_say("New goal");
    dana.page("search?q=%3Cb%3E+nothing")
        .await
        .must_say("Nothing is called “<b> nothing”.");
    dana.page("search?q=%25").await.must_say("Nothing is called “%”.");
});

story!(lists_are_filtered_and_ordered_by_their_address, |t| {
    let world = World::with(&t, "Something of ours").await;
    let dana = &world.dana;
    for list in ["milestones", "initiatives", "decisions", "kpis"] {
        for found in ["find=OURS", "find=ours&order=name", "order=worst", "order=day"] {
            dana.page(&format!("{list}?{found}"))
                .await
                .must_say("Something of ours")
                .must_say("Show all");
        }
        let none = if list == "kpis" {
            "status=no-news"
        } else {
            "status=done"
        };
        for other in ["find=nowhere", &format!("find=ours&{none}")] {
            dana.page(&format!("{list}?{other}"))
                .await
                .must_not_say("Something of ours")
                .must_say("Nothing matches.");
        }
        // What no list knows is not asked for.
        dana.page(&format!("{list}?order=sideways&status=sideways"))
            .await
            .must_say("Something of ours");
    }
    dana.page("milestones?quarter=2026-11-30")
        .await
        .must_say("Milestones of Q4 2026")
        .must_say("Something of ours");
    dana.page("milestones?quarter=2031-01-01")
        .await
        .must_say("Milestones of Q1 2031")
        .must_not_say("Something of ours");
});
