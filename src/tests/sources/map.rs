//! The map: what each side says of a touchpoint in a source, and what of it counts.

use super::{give, name_profile, say, source, touchpoint};
use crate::{identity::Side, platform::time::Zone, sources::read::Map, sql, story, tests::User};

story!(coverage_counts_what_nobody_has_said_among_all, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    dana.page("sources").await.must_say("Where do customers meet you");
    let (place, till) = source(&t, "Store system").await;
    name_profile(&t, &place).await;
    let mut ids = Vec::new();
    for number in 1..=14 {
        ids.push(touchpoint(&dana, &format!("Touchpoint {number}")).await.1);
    }
    let words = ["joined"; 7]
        .into_iter()
        .chain(["recorded"; 4])
        .chain(["nothing"; 1]);
    for (id, word) in ids.iter().zip(words) {
        for who in [&dana, &kofi] {
            say(who, &place, (id, &till), word).await;
        }
    }
    dana.page("sources")
        .await
        .must_say("7 of 14 touchpoints, 50%")
        .must_say("Joined 7")
        .must_say("Recorded 4")
        .must_say("Nothing 1")
        .must_say("Unknown 2");
    touchpoint(&dana, "The phone").await;
    dana.page("sources").await.must_say("7 of 15 touchpoints, 47%");
    // What Technology suggests does not count before Marketing takes it.
    let (suggested, _) = touchpoint(&kofi, "Chat").await;
    dana.page("sources")
        .await
        .must_say("7 of 15 touchpoints, 47%")
        .must_say("Technology suggests it");
    dana.takes(&format!("{suggested}/take"), &[]).await;
    dana.page("sources").await.must_say("7 of 16 touchpoints, 44%");
    dana.takes(&format!("{suggested}/retire"), &[("because", "It is the app’s.")])
        .await;
    dana.page("sources").await.must_say("7 of 15 touchpoints, 47%");
    dana.page(&suggested).await.must_say("Retired on");
    t.verify().await;
});

story!(a_word_is_seen_by_the_other_side_once_it_has_spoken_itself, |t| {
    let (dana, kofi, olu) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("olu").await,
    );
    let (place, source_id) = source(&t, "Store system").await;
    name_profile(&t, &place).await;
    let (at, id) = touchpoint(&dana, "The till").await;
    let pages = [
        "sources",
        "sources/map",
        at.as_str(),
        place.as_str(),
        "",
        "sources/1/words",
    ];
    let mut before = Vec::new();
    for page in pages {
        before.push((kofi.get(page).await.text(), olu.get(page).await.text()));
    }
    say(&dana, &place, (&id, &source_id), "joined").await;
    for (page, (kofis, olus)) in pages.iter().zip(before) {
        assert_eq!(kofi.get(page).await.text(), kofis, "{page} for Technology");
        assert_eq!(olu.get(page).await.text(), olus, "{page} for who watches");
    }
    kofi.page("history")
        .await
        .must_say("answered on the map for The till 1 answer for Marketing");
    let told = t
        .count(sql!(
            "select count(*) from audit_events where verb = 'answered on the map for' and detail like '%joined%'"
        ))
        .await;
    assert_eq!(told, 0, "history tells that a word was said, and not which");
    dana.page(&at)
        .await
        .must_say("Marketing: joined (dana, 23 Nov)")
        .must_say("Unknown");
    say(&kofi, &place, (&id, &source_id), "recorded").await;
    for who in [&dana, &kofi, &olu] {
        who.page(&at)
            .await
            .must_say("Marketing: joined (dana, 23 Nov) · Technology: recorded (kofi, 23 Nov)")
            .must_say("Recorded");
    }
    dana.page("sources")
        .await
        .must_say("0 of 1 touchpoint, 0%")
        .must_say("Marketing counts 1, Technology 0. The lower answer, 0, counts.");
    dana.page("sources/map")
        .await
        .must_say("Marketing says joined, Technology says recorded");
    t.verify().await;
});

story!(the_database_counts_the_map_as_the_pages_draw_it, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (till, till_id) = source(&t, "Till").await;
    let (shop, shop_id) = source(&t, "Shop").await;
    let words = ["", "nothing", "recorded", "joined"];
    let mut ids = Vec::new();
    for number in 1..=16 {
        ids.push(touchpoint(&dana, &format!("Touchpoint {number}")).await.1);
    }
    // Every pair of words in one source, and pairs of other touchpoints in the other.
    let speak = async |who: &User, place: &str, source_id: &str, word_of: &dyn Fn(usize) -> usize| {
        let fields: Vec<(String, &str)> = (0..ids.len())
            .map(|at| (format!("word-{}-{source_id}", ids[at]), words[word_of(at)]))
            .filter(|(_, word)| !word.is_empty())
            .collect();
        let fields: Vec<_> = fields
            .iter()
            .map(|(field, word)| (field.as_str(), *word))
            .collect();
        who.takes(&format!("{place}/words"), &fields).await;
    };
    let counted = async |joined: usize| {
        let viewer = t.viewer("dana").await;
        let drawn = Map::read(&viewer).await.expect("a map").coverage();
        let counted = crate::sources::read::coverage(&viewer).await.expect("a count");
        assert_eq!(counted, drawn);
        assert_eq!((counted.joined, counted.total()), (joined, 16));
        counted
    };
    counted(0).await;
    speak(&dana, &till, &till_id, &|at| at / 4).await;
    speak(&kofi, &till, &till_id, &|at| at % 4).await;
    let one = counted(0).await;
    assert_eq!((one.recorded, one.nothing, one.not_said), (4, 5, 7));
    name_profile(&t, &till).await;
    let one = counted(1).await;
    assert_eq!((one.by_marketing, one.by_technology), (3, 3));
    speak(&dana, &shop, &shop_id, &|at| 3 - at % 4).await;
    speak(&kofi, &shop, &shop_id, &|at| (at / 3) % 4).await;
    counted(1).await;
    // What is too old counts no longer, what was renewed does.
    t.clock.advance_days(100);
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    for (who, before) in [(&dana, "recorded"), (&kofi, "nothing")] {
        let cell = format!("{}-{shop_id}", ids[5]);
        let (word, was) = (format!("word-{cell}"), format!("was-{cell}"));
        who.takes(
            &format!("{shop}/words"),
            &[(word.as_str(), "joined"), (was.as_str(), before)],
        )
        .await;
    }
    counted(2).await;
    t.clock.advance_days(81);
    counted(1).await;
    let dana = t.sign_in("dana").await;
    dana.takes(&format!("{shop}/retire"), &[("because", "Another took over.")])
        .await;
    counted(0).await;
});

story!(a_word_holds_for_180_days, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, source_id) = source(&t, "Store system").await;
    name_profile(&t, &place).await;
    let (at, id) = touchpoint(&dana, "The till").await;
    for who in [&dana, &kofi] {
        say(who, &place, (&id, &source_id), "joined").await;
    }
    let coverage = async |days: i64| {
        let noon = Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::tests::TODAY.plus(days))
            .plus_seconds(12 * 3600);
        t.clock.set(noon);
        let map = Map::read(&t.viewer("dana").await).await.expect("a map");
        map.coverage().sentence()
    };
    assert_eq!(coverage(180).await, "1 of 1 touchpoint, 100%");
    assert_eq!(coverage(181).await, "0 of 1 touchpoint, 0%");
    let dana = t.sign_in("dana").await;
    dana.page(&at).await.must_say("Your side’s word was joined until");
    dana.page("desk")
        .await
        .must_say("Your side’s word on 1 touchpoint is too old to count.");
    assert_eq!(coverage(180).await, "1 of 1 touchpoint, 100%");
});

story!(while_no_profile_is_named_nothing_is_joined, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, source_id) = source(&t, "Store system").await;
    let (_, id) = touchpoint(&dana, "The till").await;
    for who in [&dana, &kofi] {
        say(who, &place, (&id, &source_id), "joined").await;
    }
    dana.page("sources")
        .await
        .must_say("0 of 1 touchpoint, 0%")
        .must_say("No source is named as the profile yet, so nothing counts as joined.");
    dana.takes("sources/profile", &[("source", "1")]).await;
    dana.sign("sources/profile").await.must_be(303);
    dana.page("sources")
        .await
        .must_say("A profile waits for both leads.");
    kofi.sign("sources/profile").await.must_be(303);
    dana.page("sources").await.must_say("1 of 1 touchpoint, 100%");
    // What both leads named is not ended by one of them.
    dana.post(&format!("{place}/retire"), &[("because", "It was replaced.")])
        .await
        .must_be(422)
        .must_say("Both leads name another source first");
    dana.page("sources").await.must_say("1 of 1 touchpoint, 100%");
    // Called otherwise later, it says under which name they signed it.
    let version = dana.page(&format!("{place}/edit")).await.value("version");
    let renamed = [
        ("version", version.as_str()),
        ("name", "Tills"),
        ("holds", "Receipts."),
        ("sensitivity", "confidential"),
        ("form", "pseudonymous"),
    ];
    dana.takes(&format!("{place}/edit"), &renamed).await;
    dana.page("sources/profile")
        .await
        .must_say(", then called “Store system”");
    t.verify().await;
});

story!(a_word_is_ones_own_sides_and_ones_own_to_say, |t| {
    let dana = t.sign_in("dana").await;
    let (place, source_id) = source(&t, "Store system").await;
    let (at, id) = touchpoint(&dana, "The till").await;
    let field = format!("word-{id}-{source_id}");
    let word = [(field.as_str(), "joined")];
    for name in ["ana", "jonas", "priya"] {
        let who = t.sign_in(name).await;
        who.post(&format!("{place}/words"), &word).await.must_be(403);
        who.get(&format!("{place}/words")).await.must_be(403);
    }
    // Whoever answers for a touchpoint speaks of it.
    let version = dana.page(&format!("{at}/edit")).await.value("version");
    let answers = [
        ("version", version.as_str()),
        ("name", "The till"),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", &t.member("ana").await),
    ];
    dana.takes(&format!("{at}/edit"), &answers).await;
    let ana = t.sign_in("ana").await;
    ana.takes(&format!("{at}/words"), &word).await;
    let map = Map::read(&t.viewer("ana").await).await.expect("a map");
    let (touchpoint, source) = (&map.touchpoints[0], &map.sources[0]);
    assert!(map.has_word(Side::Marketing, touchpoint.id, source.id));
    assert!(!map.has_word(Side::Technology, touchpoint.id, source.id));
    // Nobody speaks for both sides, and nobody's word is said over unseen.
    let (jonas, admin) = (t.member("jonas").await, t.sign_in("adm").await);
    let kofi = t.sign_in("kofi").await;
    give(&kofi, &place, "custodian_deputy", &jonas).await.must_be(303);
    let ana_id = t.member("ana").await;
    let page = admin.page(&format!("members/{ana_id}/edit")).await;
    let moved = [
        ("seen", page.value("seen")),
        ("side", "technology".to_owned()),
        ("role", "contributor".to_owned()),
        ("successor", t.member("dana").await),
    ];
    let moved: Vec<(&str, &str)> = moved
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    admin.takes(&format!("members/{ana_id}/edit"), &moved).await;
    give(&kofi, &place, "custodian_deputy", &ana_id)
        .await
        .must_be(303);
    let ana = t.sign_in("ana").await;
    ana.post(&format!("{place}/words"), &word)
        .await
        .must_be(422)
        .must_say("You spoke of it for the other side.");
    let over = [(field.as_str(), "nothing")];
    dana.post(&format!("{place}/words"), &over).await.must_be(409);
    dana.post(&format!("{place}/words"), &[(field.as_str(), "perhaps")])
        .await
        .must_be(422)
        .must_say("Choose a word from the list.");
    dana.post(&format!("{place}/words"), &[]).await.must_be(422);
});

story!(what_is_mistyped_or_over_is_refused_and_takes_nothing_down, |t| {
    let dana = t.sign_in("dana").await;
    let named = async |name: &str, contacts: &str| {
        let id = dana.page("sources/touchpoints/new").await.value("id");
        let fields = [
            ("id", id.as_str()),
            ("name", name),
            ("stage", "buy"),
            ("channel", "store"),
            ("contacts", contacts),
            ("counted_on", "2026-11-01"),
        ];
        dana.post("sources/touchpoints/new", &fields).await
    };
    named("The till", "9223372036854775807")
        .await
        .must_be(422)
        .must_say("at most a billion");
    for name in ["The till", "The phone"] {
        named(name, "1000000000").await.must_be(303);
    }
    dana.page("sources").await.must_say("0 of 2 touchpoints, 0%");
    // What cannot be seen makes no other name.
    named("The\u{200d} till", "1").await.must_be(422);
    // What is retired is neither taken nor changed.
    let kofi = t.sign_in("kofi").await;
    let (suggested, _) = touchpoint(&kofi, "Chat").await;
    dana.takes(&format!("{suggested}/retire"), &[("because", "It is the app’s.")])
        .await;
    dana.takes(&format!("{suggested}/take"), &[]).await;
    dana.page("sources").await.must_say("0 of 2 touchpoints, 0%");
    dana.get(&format!("{suggested}/edit")).await.must_be(403);
    // An offer that lacks something shows the entry's form, which saves the entry.
    let id = dana.page("sources/new").await.value("id");
    let bare = [("id", id.as_str()), ("name", "Inbox"), ("holds", "Mails.")];
    let place = dana.takes("sources/new", &bare).await;
    let refused = dana.post(&format!("{place}/offer"), &[]).await;
    refused.must_be(422).must_say("it needs an owner from Marketing");
    assert!(refused.body.contains(&format!("action=\"{place}/edit\"")));
    dana.takes(&format!("{place}/retire"), &[("because", "Never used.")])
        .await;
    dana.get(&format!("{place}/edit")).await.must_be(403);
    t.verify().await;
});
