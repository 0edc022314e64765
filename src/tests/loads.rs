//! A page costs the same number of queries however much there is.

use super::{TestApp, User};
use crate::{
    demo::seed::{Size, seed},
    reviews::schedule::keep_days,
    sql, story,
};

fn size(name: &str, times: usize) -> Size {
    Size {
        workspace: name.to_owned(),
        initiatives: 3 * times,
        people: 7,
        milestones: 4 * times,
        checkpoints: 8 * times,
        kpis: 14 * times,
        periods: 3,
        decisions: 4 * times,
        options: 1 + times,
        criteria: 1 + times,
        revisions: 2,
        touchpoints: 4 * times,
        sources: 3 * times,
        seed: 1,
    }
}

story!(queries_per_page_are_a_fixed_number, |t| {
    let mut workspaces = Vec::new();
    for (name, times) in [("small", 1), ("large", 5)] {
        let sign_ins = seed(&t.state, &size(name, times)).await.expect("seeded");
        let user = lead(&t, name, &sign_ins[0]).await;
        frozen(&user, &super::TODAY.to_string(), 1).await;
        user.takes("reviews/1/end", &[]).await;
        workspaces.push((name, sign_ins));
    }
    keep_days(&t.state).await.expect("kept");
    // By now every KPI is silent, and much is overdue.
    t.clock.advance_days(60);
    let mut counted = Vec::new();
    for (name, sign_ins) in workspaces {
        let user = lead(&t, name, &sign_ins[0]).await;
        let version = user.page("kpis/9/archive").await.value("version");
        user.takes(
            "kpis/9/archive",
            &[("version", &version), ("because", "Nobody reads it.")],
        )
        .await;
        // Its targets were signed, so both sides sign its end.
        let technology = lead(&t, name, &sign_ins[1]).await;
        for side in [&user, &technology] {
            side.sign("kpis/9/targets/proposal").await.must_be(303);
        }
        let version = user.page("milestones/4/archive").await.value("version");
        user.takes(
            "milestones/4/archive",
            &[("version", &version), ("because", "The market left.")],
        )
        .await;
        frozen(&user, &super::TODAY.plus(60).to_string(), 2).await;
        let mut costs = Vec::new();
        for path in [
            "",
            "attention",
            "desk",
            "definition",
            "definition/versions",
            "definition/versions/1",
            "initiatives",
            "initiatives/1",
            "decisions",
            "decisions/1",
            "decisions/1/weights",
            "decisions/1/scores",
            "technologies",
            "sources",
            "sources/map",
            "sources/1",
            "sources/1/words",
            "sources/touchpoints/1",
            "sources/record",
            "definition/rounds",
            "definition/trace",
            "milestones",
            "milestones?timeline=40",
            "milestones/archived",
            "milestones/1",
            "kpis",
            "kpis?skip=12",
            "kpis/1",
            "kpis/9",
            "goals",
            "goals/1",
            "access",
            "capacity",
            "history",
            "search?q=a",
            "members",
            "since?days=30",
            "reviews",
            "reviews/1",
            "reviews/2",
            "reviews/2/facts",
            "reviews/2/changes",
            "reviews/2/present/1",
        ] {
            let before = t.state.db().queries();
            user.page(path).await;
            costs.push((path, t.state.db().queries() - before));
        }
        counted.push(costs);
    }
    assert_eq!(counted[0], counted[1]);
    assert!(
        // The desk reads every room, the overview every room and the reader's desk; any other page its own
        // and its neighbours.
        counted[0].iter().all(|(path, queries)| match *path {
            "" => *queries <= 70,
            "desk" => *queries <= 31,
            // What changed is between then and now, which every room is asked for.
            "since?days=30" => *queries <= 60,
            path if path.starts_with("sources") => *queries <= 20,
            _ => *queries <= 22,
        }),
        "{:?}",
        counted[0]
    );
    t.verify().await;
});

/// Marketing's lead of a seeded workspace.
async fn lead(t: &TestApp, workspace: &str, (email, password): &(String, String)) -> User {
    let mut user = t.anonymous();
    workspace.clone_into(&mut user.slug);
    let answer = user
        .post("/sign-in", &[("email", email), ("password", password)])
        .await;
    user.cookie = answer.cookie();
    user
}

/// Plans a review, freezes it and begins it.
async fn frozen(lead: &User, day: &str, number: i64) {
    let id = lead.page("reviews/new").await.value("id");
    let planned = [
        ("id", id.as_str()),
        ("held_on", day),
        ("starts_at", "10:00"),
        ("slot_minutes", "45"),
        ("place", ""),
        ("chair", "marketing"),
    ];
    lead.takes("reviews/new", &planned).await;
    lead.takes(&format!("reviews/{number}/freeze"), &[]).await;
    lead.takes(&format!("reviews/{number}/start"), &[]).await;
}

/// The number before or after some words of a page.
fn number(words: &str, before: &str, after: &str) -> usize {
    let rest = words
        .split(before)
        .nth(1)
        .unwrap_or_else(|| panic!("{before:?} is not in: {words}"));
    let found = rest.split(after).next().unwrap_or_default();
    found
        .trim()
        .parse()
        .unwrap_or_else(|_| panic!("{found:?} is no number"))
}

story!(
    the_overview_and_the_page_of_all_that_needs_attention_count_the_same,
    |t| {
        let many = Size {
            initiatives: 40,
            milestones: 20,
            checkpoints: 20,
            ..size("large", 1)
        };
        let sign_ins = seed(&t.state, &many).await.expect("seeded");
        let mut user = t.anonymous();
        "large".clone_into(&mut user.slug);
        let (email, password) = &sign_ins[0];
        // Well after everything that was promised, and much of it overdue.
        t.clock.advance_days(40);
        user.cookie = user
            .post("/sign-in", &[("email", email), ("password", password)])
            .await
            .cookie();
        let overview = user.page("").await.text();
        let told: usize = overview
            .split(" that need attention")
            .next()
            .and_then(|before| before.rsplit(' ').next())
            .and_then(|count| count.parse().ok())
            .expect("how many need attention");
        let page = user.page("attention").await;
        let words = page.text();
        let listed = attention_list(&page);
        let rows = listed.matches("class=\"row-main\"").count();
        assert_eq!(number(&words, "Needs attention ", ", worst first"), told);
        assert_eq!(rows, told);
        // Nobody has checked in since; none is left out for standing behind twenty-five others.
        let silent = t
            .count(sql!("select count(*) from initiatives where phase = 'active'"))
            .await;
        let shown = listed.matches("/initiatives/").count();
        assert!(
            silent > 25 && i64::try_from(shown).expect("few") == silent,
            "{shown} of {silent}"
        );
        t.verify().await;
    }
);

/// The addresses of the rows of a list.
fn row_paths(page: &crate::tests::Answer) -> Vec<String> {
    let html = scraper::Html::parse_document(attention_list(page));
    html.select(&crate::tests::selector("a.row-main"))
        .filter_map(|row| row.value().attr("href"))
        .map(str::to_owned)
        .collect()
}

/// Of the page of what needs attention, without the signatures that are waited for.
fn attention_list(page: &crate::tests::Answer) -> &str {
    page.body.split("id=\"waiting\"").next().unwrap_or_default()
}

story!(a_long_list_turns_and_leaves_nothing_out, |t| {
    let many = Size {
        initiatives: 45,
        milestones: 180,
        checkpoints: 20,
        ..size("large", 1)
    };
    let sign_ins = seed(&t.state, &many).await.expect("seeded");
    let mut user = t.anonymous();
    "large".clone_into(&mut user.slug);
    let (email, password) = &sign_ins[0];
    user.cookie = user
        .post("/sign-in", &[("email", email), ("password", password)])
        .await
        .cookie();
    let first = user.page("milestones").await;
    let all = number(
        &first.text(),
        "Initiatives 1 to 40 of ",
        ", those under way first",
    );
    assert!(all > 40, "{all}");
    first
        .must_say("Next initiatives")
        .must_not_say("Previous initiatives");
    let next = first.link("Next initiatives");
    let second = user.page(next.rsplit('/').next().unwrap_or_default()).await;
    second
        .must_say(&format!("Initiatives 41 to {all} of {all}"))
        .must_say("Previous initiatives")
        .must_not_say("Next initiatives");
    let rows = |page: &crate::tests::Answer| page.body.matches("<li class=\"lanes-").count();
    assert_eq!((rows(&first), rows(&second)), (40, all - 40));
    // A year on, most of it is overdue.
    t.clock.advance_days(365);
    user.cookie = user
        .post("/sign-in", &[("email", email), ("password", password)])
        .await
        .cookie();
    let first = user.page("attention").await;
    let total = number(&first.text(), "Needs attention 1 to 100 of ", ", worst first");
    let mut places = row_paths(&first);
    while places.len() < total {
        let page = user.page(&format!("attention?skip={}", places.len())).await;
        page.must_say(&format!(
            "{} to {} of {total}",
            places.len() + 1,
            (places.len() + 100).min(total)
        ));
        let found = row_paths(&page);
        assert!(!found.is_empty(), "{} of {total}", places.len());
        places.extend(found);
    }
    assert!(total > 100 && places.len() == total, "{total}");
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), total, "none is there twice");
    for beyond in [
        "attention?skip=99999999",
        "attention?skip=-3",
        "milestones?skip=99999999&timeline=99999999",
        "milestones?timeline=-1",
        "kpis?skip=99999999",
    ] {
        user.page(beyond).await;
    }
    let archive = "update milestones set archived_at = 0, archived_because = 'The market left.' where
         accepted_at is null and number > 60";
    t.state.db().raw(archive).await.expect("given up");
    let given_up = usize::try_from(
        t.count(sql!(
            "select count(*) from milestones where archived_at is not null"
        ))
        .await,
    )
    .expect("few");
    let (first, second) = (
        user.page("milestones/archived").await,
        user.page("milestones/archived?skip=50").await,
    );
    assert!(given_up > 50, "{given_up}");
    assert!(first.says("More"));
    let mut places = row_paths(&first);
    places.extend(row_paths(&second));
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), given_up.min(100));
});

story!(the_demo_company_is_whole, |t| {
    let (_, db) = crate::tests::fresh_database(t.state.db().engine()).await;
    let state = crate::platform::state::AppState::new(
        db,
        t.clock.clone(),
        crate::platform::ids::source::Ids::from_seed(1),
        crate::tests::settings(),
        crate::tests::keys(),
    );
    crate::platform::audit::create_accounts_chain(&state)
        .await
        .expect("founded");
    crate::demo::fill_if_empty(&state).await.expect("told");
    assert_eq!(crate::tests::wrong_in(&db_of(&state)).await, Vec::<String>::new());
    let router = crate::app::service(&state);
    let mut user = User {
        router,
        cookie: None,
        slug: "northwind-retail".to_owned(),
    };
    user.cookie = user
        .post(
            "/sign-in",
            &[("email", "cmo@demo.example"), ("password", "handshake-demo")],
        )
        .await
        .cookie();
    let overview = user.page("").await;
    overview
        .must_say("Off track")
        .must_say("No news")
        .must_say("2 changes since version 4")
        .must_say("Marketing says at risk, Technology says off track");
    user.page("definition")
        .await
        .must_say("2 changes since version 4");
    user.page("decisions")
        .await
        .must_say("Technology has not signed")
        .must_say("Technology objected")
        .must_say("Both sides signed")
        .must_say("Nothing has been proposed")
        .must_say("Stuck")
        .must_say("Decided by the arbiter")
        .must_say("Open");
});

fn db_of(state: &crate::platform::state::AppState) -> crate::platform::db::Db {
    state.db().clone()
}

story!(
    the_overview_is_kept_until_something_is_written_or_the_day_ends,
    |t| {
        let world = super::world::World::with(&t, "Something of ours").await;
        let (dana, olu) = (world.dana, t.sign_in("olu").await);
        // All but the reader's own card.
        let shared = |text: String| {
            let (before, rest) = text.split_once("Waiting for you").expect("the card");
            let (_, after) = rest.split_once("Since Monday").expect("the next card");
            (before.to_owned(), after.to_owned())
        };
        let first = shared(dana.page("").await.text());
        assert_eq!(
            shared(olu.page("").await.text()),
            first,
            "the same for whoever looks"
        );
        let before = t.state.db().queries();
        olu.page("").await;
        let kept = t.state.db().queries() - before;
        assert!(kept <= 5, "a kept overview took {kept} queries");
        t.clock.set(t.now().plus_seconds(1));
        let dana_id = t.member("dana").await;
        let form = dana.page(&format!("{}/check-in", world.initiative)).await;
        let milestone = form.first_option("action_milestone");
        let told = [
            ("status", "off_track"),
            ("confidence", "20"),
            ("note", "The vendor left."),
            ("next_step", "Find another."),
            ("action", "Ask three vendors"),
            ("action_owner", &dana_id),
            ("action_due_on", "2026-12-01"),
            ("action_milestone", &milestone),
        ];
        dana.takes(&format!("{}/check-in", world.initiative), &told).await;
        olu.page("").await.must_say("Find another.");
        t.clock.advance_days(1);
        t.sign_in("olu").await.page("").await.must_say("Tuesday 24 Nov");
    }
);

story!(a_page_kept_for_a_reader_is_nobody_elses, |t| {
    let world = super::world::World::with(&t, "Something of ours").await;
    let (dana, olu) = (world.dana, t.sign_in("olu").await);
    dana.page(&world.decision).await.must_say("Withdraw my signature");
    let before = t.state.db().queries();
    dana.page(&world.decision).await.must_say("Withdraw my signature");
    let kept = t.state.db().queries() - before;
    assert!(kept <= 5, "a kept decision took {kept} queries");
    olu.page(&world.decision)
        .await
        .must_not_say("Withdraw my signature");
});

story!(pages_are_compressed_for_whoever_can_read_that, |t| {
    let dana = t.sign_in("dana").await;
    for (offered, taken) in [("gzip, deflate, br, zstd", "zstd"), ("br, gzip", "gzip")] {
        let packed = dana
            .send(
                axum::http::Method::GET,
                "definition",
                &[("accept-encoding", offered)],
                String::new(),
            )
            .await;
        assert_eq!(packed.headers["content-encoding"], taken);
        assert!(
            packed.headers["vary"]
                .to_str()
                .expect("text")
                .contains("accept-encoding")
        );
    }
    let plain = dana.page("definition").await;
    assert!(!plain.headers.contains_key("content-encoding") && plain.says("Write the first clause"));
    let kept = dana
        .send(
            axum::http::Method::GET,
            "",
            &[("accept-encoding", "gzip, deflate, br, zstd")],
            String::new(),
        )
        .await;
    assert_eq!(
        kept.headers["content-encoding"], "gzip",
        "its parts are kept compressed"
    );
    assert_eq!(kept.headers["vary"], "accept-encoding");
    dana.get("definition/").await.must_be(308);
    assert_eq!(
        dana.get("definition/?x=1").await.location(),
        format!("{}?x=1", dana.path("definition"))
    );
    dana.get("//evil.example/").await.must_be(404);
});
