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
