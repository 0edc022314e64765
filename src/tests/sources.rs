//! Sources: the map of what both sides know of their customer, and who answers for it.

use super::{TestApp, User, world::World};
use crate::{identity::Side, platform::time::Zone, sources::read::Map, sql, story};

/// Names a touchpoint; gives its place and its id.
async fn touchpoint(who: &User, name: &str) -> (String, String) {
    let id = who.page("sources/touchpoints/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("name", name),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", ""),
    ];
    (who.takes("sources/touchpoints/new", &fields).await, id)
}

/// Enters a source whose owner and custodian are the two leads; gives its place and its id.
async fn source(t: &TestApp, name: &str) -> (String, String) {
    let dana = t.sign_in("dana").await;
    let id = dana.page("sources/new").await.value("id");
    let (owner, custodian) = (t.member("dana").await, t.member("kofi").await);
    let fields = [
        ("id", id.as_str()),
        ("name", name),
        ("holds", "Receipts."),
        ("owner", owner.as_str()),
        ("custodian", custodian.as_str()),
        ("sensitivity", "confidential"),
        ("form", "pseudonymous"),
    ];
    (dana.takes("sources/new", &fields).await, id)
}

async fn say(who: &User, source: &str, cell: (&str, &str), word: &str) {
    let field = format!("word-{}-{}", cell.0, cell.1);
    who.takes(&format!("{source}/words"), &[(field.as_str(), word)])
        .await;
}

/// Gives a chair as its form is shown.
async fn give(who: &User, place: &str, chair: &str, member: &str) -> super::Answer {
    let page = who.page(&format!("{place}/chairs")).await;
    let form = page
        .body
        .split(&format!("value=\"{chair}\""))
        .nth(1)
        .unwrap_or_default();
    let seen = form.split("name=\"seen\" value=\"").nth(1).unwrap_or_default();
    let seen = seen.split('"').next().unwrap_or_default();
    let fields = [("chair", chair), ("seen", seen), ("member", member)];
    who.post(&format!("{place}/chairs"), &fields).await
}

async fn name_profile(t: &TestApp, source: &str) {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let number = super::world::tail(source);
    dana.takes("sources/profile", &[("source", &number)]).await;
    for who in [&dana, &kofi] {
        who.sign("sources/profile").await.must_be(303);
    }
}

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
            .start_of(super::TODAY.plus(days))
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
    dana.takes(&format!("{place}/retire"), &[("because", "It was replaced.")])
        .await;
    dana.page("sources")
        .await
        .must_say("No source is named as the profile yet");
    t.verify().await;
});

story!(a_chair_is_of_its_side_and_of_this_workspace, |t| {
    let dana = t.sign_in("dana").await;
    let (kofi, olu, lena) = (
        t.member("kofi").await,
        t.member("olu").await,
        t.member("lena").await,
    );
    let zoe: (uuid::Uuid,) = t
        .state
        .db()
        .fetch_optional(
            sql!(
                "select m.id from members m join accounts a on a.id = m.account_id
                 where a.email = 'zoe@northwind.test'"
            ),
            Vec::new(),
        )
        .await
        .expect("read")
        .expect("Zoe");
    let try_owner = async |owner: &str| {
        let id = dana.page("sources/new").await.value("id");
        let fields = [
            ("id", id.as_str()),
            ("name", "Store system"),
            ("holds", "Receipts."),
            ("owner", owner),
        ];
        dana.post("sources/new", &fields).await
    };
    try_owner(&kofi)
        .await
        .must_be(422)
        .must_say("Choose somebody of Marketing.");
    let nobody = uuid::Uuid::from_u128(7).to_string();
    for stranger in [olu.as_str(), &zoe.0.to_string(), &nobody] {
        try_owner(stranger)
            .await
            .must_be(422)
            .must_say("Choose somebody from the list.")
            .must_say("Receipts.");
    }
    let (place, _) = source(&t, "Store system").await;
    let wrong = [("chair", "steward"), ("member", kofi.as_str())];
    dana.post(&format!("{place}/chairs"), &wrong)
        .await
        .must_be(422)
        .must_say("Choose somebody of Marketing.");
    // A chair of the other side is nobody's to give.
    let other = [("chair", "custodian"), ("member", lena.as_str())];
    dana.post(&format!("{place}/chairs"), &other).await.must_be(403);
    dana.takes(
        &format!("{place}/chairs"),
        &[("chair", "steward"), ("member", &lena)],
    )
    .await;
    dana.page(&place).await.must_say("Steward: lena, since 23 Nov");
    t.verify().await;
});

story!(whoever_leaves_leaves_their_chairs_in_the_same_act, |t| {
    let dana = t.sign_in("dana").await;
    let (place, _) = source(&t, "Store system").await;
    let (lena, successor) = (t.member("lena").await, t.member("dana").await);
    for chair in ["owner", "steward"] {
        give(&dana, &place, chair, &lena).await.must_be(303);
    }
    dana.page(&format!("members/{lena}/disable"))
        .await
        .must_say("Chairs and touchpoints")
        .must_say("Store system: owner")
        .must_say("These become empty at once.");
    dana.takes(&format!("members/{lena}/disable"), &[("successor", &successor)])
        .await;
    dana.page(&place)
        .await
        .must_say("Owner: Nobody")
        .must_say("Owner: lena, 23 Nov to 23 Nov. Whoever sat here left.");
    dana.page("sources").await.must_say("No owner since today");
    dana.page("desk").await.must_say("No owner since 23 Nov.");
    dana.page("history").await.must_say("emptied a chair of");
    // Nobody named within the grace, the other lead hears of it.
    let zone = Zone::get("Europe/Berlin").expect("a zone");
    for day in 0..9 {
        t.clock
            .set(zone.start_of(super::TODAY.plus(day)).plus_seconds(8 * 3600));
        crate::desk::gather::remind_everywhere(&t.state)
            .await
            .expect("reminded");
    }
    let told = t
        .count(sql!("select count(*) from reminders where kind = 'vacancy'"))
        .await;
    assert_eq!(told, 2, "who owes a name, then the other lead");
    let (dana, successor) = (t.sign_in("dana").await, successor);
    let held = t
        .count(sql!(
            "select count(*) from source_chairs c join members m on m.id = c.member_id
             where m.disabled_at is not null and c.until_at is null"
        ))
        .await;
    assert_eq!(held, 0);
    dana.takes(
        &format!("{place}/chairs"),
        &[("chair", "owner"), ("member", &successor)],
    )
    .await;
    dana.page(&place).await.must_say("Owner: dana");
    t.verify().await;
});

story!(the_schema_itself_keeps_chairs_with_who_works_on_their_side, |t| {
    let dana = t.sign_in("dana").await;
    source(&t, "Store system").await;
    let (_, id) = touchpoint(&dana, "The till").await;
    let lena = t.member("lena").await;
    let id = id.as_str();
    dana.takes(
        "sources/touchpoints/1/edit",
        &[
            ("version", "1"),
            ("name", "The till"),
            ("stage", "buy"),
            ("channel", "store"),
            ("answers", &lena),
            ("id", id),
        ],
    )
    .await;
    for intrusion in [
        // Whoever answers or sits is not put out, moved or made to watch without it.
        "update members set disabled_at = 1 where id = (select answers_id from touchpoints)",
        "update members set disabled_at = 1 where id = (select member_id from source_chairs where chair =
         'owner')",
        "update members set side = 'marketing', role = 'manager' where id = (select member_id from
         source_chairs
         where chair = 'custodian')",
        "update members set side = null, role = 'observer' where id = (select answers_id from touchpoints)",
        // Nor is anybody of the other side put there, by a new row or by a changed one.
        "update touchpoints set answers_id = (select member_id from source_chairs where chair = 'custodian')",
        "insert into source_chairs (id, workspace_id, source_id, chair, member_id, from_at)
         select c.id, c.workspace_id, c.source_id, 'steward', k.member_id, 1 from source_chairs c
         join source_chairs k on k.chair = 'custodian' where c.chair = 'owner'",
    ] {
        let refused = t
            .state
            .db()
            .raw(intrusion)
            .await
            .expect_err(intrusion)
            .to_string();
        let sentences = [
            "a chair holds somebody who works on its side",
            "somebody at work in Marketing answers for a touchpoint",
            "nobody leaves or moves with a chair",
        ];
        assert!(
            sentences.iter().any(|sentence| refused.contains(sentence)),
            "{intrusion}: {refused}"
        );
    }
    // By their own way both are possible, and what they held is empty.
    dana.takes(&format!("members/{lena}/disable"), &[]).await;
    dana.page("sources/touchpoints/1").await.must_say("Nobody yet");
    t.verify().await;
});

story!(a_company_calls_the_stages_as_it_likes, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    touchpoint(&dana, "The till").await;
    source(&t, "Store system").await;
    kofi.get("sources/stages").await.must_be(403);
    let doubled = [("version", "0"), ("buy", "Come BACK")];
    let refused = dana.post("sources/stages", &doubled).await;
    refused
        .must_be(422)
        .must_say("Another stage already has this name.");
    assert_eq!(refused.value("buy"), "Come BACK");
    let named = [("version", "0"), ("notice", "Notice"), ("buy", "Pay")];
    dana.takes("sources/stages", &named).await;
    for page in ["sources", "sources/map", "sources/touchpoints/1"] {
        kofi.page(page).await.must_say("Pay").must_not_say("Buy");
    }
    let table = dana.get("sources/files/touchpoints.csv").await;
    assert!(table.body.contains("The till,Pay,Store"), "{}", table.body);
    // Whoever read the names of before is shown both.
    dana.post("sources/stages", &[("version", "0"), ("buy", "Purchase")])
        .await
        .must_be(409)
        .must_say("Pay");
    dana.page("history").await.must_say("the names of the stages");
    t.verify().await;
});

story!(a_touchpoint_names_the_clauses_that_are_kept_there, |t| {
    let world = World::with(&t, "Something of ours").await;
    let dana = &world.dana;
    let form = dana.page("sources/touchpoints/1/edit").await;
    form.must_say("Promises to keep here");
    let clause = form
        .body
        .split("name=\"clauses\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a clause is offered")
        .to_owned();
    let version = form.value("version");
    let filled = [
        ("version", version.as_str()),
        ("name", "The till"),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", ""),
    ];
    let unknown = "00000000-0000-7000-8000-000000000000";
    for wrong in ["everything", unknown] {
        let mut fields = filled.to_vec();
        fields.push(("clauses", wrong));
        dana.post("sources/touchpoints/1/edit", &fields)
            .await
            .must_be(422)
            .must_say("Choose from the list.");
    }
    let mut fields = filled.to_vec();
    fields.push(("clauses", &clause));
    dana.takes("sources/touchpoints/1/edit", &fields).await;
    dana.page("sources/touchpoints/1")
        .await
        .must_say("Promises to keep here");
    dana.page("definition/trace")
        .await
        .must_say("Touchpoint The till");
    dana.page("history").await.must_say("Promises to keep");
    // Retired, it keeps nothing any more.
    dana.takes("sources/touchpoints/1/retire", &[("because", "Closed.")])
        .await;
    dana.page("definition/trace")
        .await
        .must_not_say("Touchpoint The till");
    t.verify().await;
});

story!(
    an_entry_is_agreed_by_both_holders_and_stands_until_a_newer_one_is,
    |t| {
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        let (place, _) = source(&t, "Store system").await;
        dana.page(&place).await.must_say("Draft");
        dana.takes(&format!("{place}/offer"), &[]).await;
        dana.sign(&place).await.must_be(303);
        let seen = kofi.page(&format!("{place}/sign")).await.value("digest");
        let newer = [
            (
                "version",
                dana.page(&format!("{place}/edit")).await.value("version"),
            ),
            ("name", "Store system".to_owned()),
            ("holds", "Receipts of 24 months.".to_owned()),
            ("sensitivity", "confidential".to_owned()),
            ("form", "pseudonymous".to_owned()),
        ];
        let newer: Vec<(&str, &str)> = newer
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        dana.takes(&format!("{place}/edit"), &newer).await;
        // What was read before is not what would be signed.
        let stale = [("digest", seen.as_str()), ("verdict", "agree")];
        kofi.post(&format!("{place}/sign"), &stale).await.must_be(409);
        let signed = t
            .count(sql!("select count(*) from signatures where side = 'technology'"))
            .await;
        assert_eq!(signed, 0, "another text lies there");
        dana.page(&place).await.must_not_say("The entry in force");
        dana.takes(&format!("{place}/offer"), &[]).await;
        for who in [&dana, &kofi] {
            who.sign(&place).await.must_be(303);
        }
        dana.page(&place)
            .await
            .must_say("Agreed")
            .must_say("The entry in force")
            .must_say("Receipts of 24 months.");
        t.verify().await;
        // A newer text waits; the one in force stands.
        let version = dana.page(&format!("{place}/edit")).await.value("version");
        let third = [
            ("version", version.as_str()),
            ("name", "Store system"),
            ("holds", "Receipts of ten years."),
            ("sensitivity", "restricted"),
            ("form", "named"),
        ];
        dana.takes(&format!("{place}/edit"), &third).await;
        dana.takes(&format!("{place}/offer"), &[]).await;
        dana.page(&place)
            .await
            .must_say("Agreed; a newer text waits")
            .must_say("Receipts of 24 months.")
            .must_say("Waiting for signatures")
            .must_say("Receipts of ten years.");
        t.verify().await;
    }
);

story!(what_comes_to_say_again_what_both_signed_is_agreed, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, _) = source(&t, "Store system").await;
    dana.takes(&format!("{place}/offer"), &[]).await;
    for who in [&dana, &kofi] {
        who.sign(&place).await.must_be(303);
    }
    // A deputy is not in the text.
    let lena = t.member("lena").await;
    give(&dana, &place, "owner_deputy", &lena).await.must_be(303);
    let page = dana.page(&place).await;
    page.must_say("Store system Agreed Confidential")
        .must_say("Owner’s deputy: lena");
    // Nor is what is saved unchanged a newer text.
    let edit = dana.page(&format!("{place}/edit")).await;
    let same = [
        ("version", edit.value("version")),
        ("name", "Store system".to_owned()),
        ("holds", "Receipts.".to_owned()),
        ("sensitivity", "confidential".to_owned()),
        ("form", "pseudonymous".to_owned()),
    ];
    let same: Vec<(&str, &str)> = same.iter().map(|(name, value)| (*name, value.as_str())).collect();
    dana.takes(&format!("{place}/edit"), &same).await;
    dana.page(&place)
        .await
        .must_say("Store system Agreed Confidential");
    // A chair that is given away and comes back says again what both signed.
    for member in [lena.as_str(), &t.member("dana").await] {
        give(&dana, &place, "owner", member).await.must_be(303);
    }
    dana.page(&place).await.must_say("Agreed; changed since");
    dana.takes(&format!("{place}/offer"), &[]).await;
    dana.page(&place)
        .await
        .must_say("Store system Agreed Confidential");
    t.verify().await;
});

story!(
    a_proposed_profile_is_asked_for_once_and_leaves_with_its_source,
    |t| {
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        let (place, _) = source(&t, "Store system").await;
        dana.takes("sources/profile", &[("source", "1")]).await;
        dana.sign("sources/profile").await.must_be(303);
        kofi.takes("sources/profile", &[("source", "1")]).await;
        dana.page("sources/profile").await.must_say("1 of 2 signed.");
        dana.takes(&format!("{place}/retire"), &[("because", "It was replaced.")])
            .await;
        let open = t
            .count(sql!(
                "select count(*) from handshakes where kind = 'profile' and closed_at is null"
            ))
            .await;
        assert_eq!(open, 0, "nobody is asked for what is gone");
        kofi.page("desk").await.must_not_say("as the profile");
        t.verify().await;
    }
);

story!(a_use_is_signed_with_the_entry_and_stands_in_the_record, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, _) = source(&t, "Store system").await;
    let add = format!("{place}/uses/new");
    let id = dana.page(&add).await.value("id");
    let filled = |basis: &'static str, rests_on: &'static str, months: &'static str| {
        vec![
            ("id", id.clone()),
            ("name", "=Newsletter".to_owned()),
            ("purpose", "advertise_own".to_owned()),
            ("in_words", "Write to whoever asked.".to_owned()),
            ("basis", basis.to_owned()),
            ("rests_on", rests_on.to_owned()),
            ("kept_months", months.to_owned()),
            ("kept_after", "last_contact".to_owned()),
            ("kept_then", "deleted".to_owned()),
        ]
    };
    let post = async |fields: Vec<(&str, String)>| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        dana.post(&add, &fields).await
    };
    post(filled("consent", "", "24"))
        .await
        .must_be(422)
        .must_say("Say which wording, and where the consents are kept.")
        .must_say("Write to whoever asked.");
    post(filled("no_personal_data", "", "24"))
        .await
        .must_be(422)
        .must_say("People appear in this source");
    post(filled("consent", "the wording of March", "0"))
        .await
        .must_be(422)
        .must_say("After which fact does it end?");
    let mut half = filled("", "", "24");
    half.retain(|(name, _)| *name != "kept_then");
    post(half).await.must_be(422).must_say("or leave all three open");
    post(filled("", "", "24")).await.must_be(303);
    dana.page("sources/record")
        .await
        .must_say("1 use, with something missing")
        .must_say("Missing: the legal basis");
    let file = dana.get("sources/record.csv").await;
    assert!(file.body.contains("'=Newsletter"), "{}", file.body);
    assert!(
        file.body.contains("the legal basis, kinds of people"),
        "{}",
        file.body
    );
    kofi.get(&add).await.must_be(403);
    let edit = format!("{place}/uses/1/edit");
    let version = dana.page(&edit).await.value("version");
    let mut complete = filled("consent", "the wording of March", "24");
    complete.push(("version", version));
    let complete: Vec<(&str, &str)> = complete
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    dana.takes(&edit, &complete).await;
    dana.takes(&format!("{place}/offer"), &[]).await;
    // A newer text is read beside what both signed, once they have.
    dana.page(&format!("{place}/uses/1"))
        .await
        .must_say("Legal basis Consent (a)")
        .must_say("It rests on the wording of March")
        .must_say("Not signed yet: it is signed with the source’s entry.")
        .must_say("Nobody has access for this use");
    kofi.page("sources/record?find=wording+of+MARCH")
        .await
        .must_say("1 of 1 use mentions “wording of MARCH”.")
        .must_say("=Newsletter");
    kofi.page("sources/record?find=balancing")
        .await
        .must_say("No use mentions “balancing”.");
    kofi.page(&format!("{place}/sign"))
        .await
        .must_say("=Newsletter : Advertise to our own customers.")
        .must_say("resting on the wording of March. Kept 2 years after the last contact, then deleted.");
    for who in [&dana, &kofi] {
        who.sign(&place).await.must_be(303);
    }
    kofi.page(&format!("{place}/uses/1"))
        .await
        .must_say("Both holders signed it on 23 Nov.");
    t.verify().await;
    t.state
        .db()
        .raw("update source_uses set basis = 'contract'")
        .await
        .expect("forged");
    let wrong = t.wrong().await;
    assert!(
        wrong
            .iter()
            .any(|line| line == "source 1: it is not what both holders signed"),
        "{wrong:?}"
    );
});

/// Every field of what is signed of a use is a column of the record.
#[test]
fn every_field_of_a_use_is_a_column_of_the_record() {
    use crate::sources::{page::record::FIELDS, text::UseText, uses::Purpose};
    let text = UseText {
        number: 1,
        name: String::new(),
        purpose: Purpose::Serve,
        in_words: String::new(),
        basis: None,
        rests_on: String::new(),
        article_9: None,
        kept: String::new(),
        archived_under: String::new(),
        recipients: String::new(),
        countries: String::new(),
        safeguard: String::new(),
    };
    let value = serde_json::to_value(text).expect("it is written");
    let fields: Vec<&String> = value.as_object().expect("an object").keys().collect();
    assert_eq!(fields.len(), FIELDS.len());
    for field in fields {
        let column = FIELDS
            .iter()
            .find(|(known, _)| known == field)
            .map(|(_, column)| *column);
        let column = column.unwrap_or_else(|| panic!("{field} has no column"));
        assert!(
            crate::sources::page::record::COLUMNS.contains(&column),
            "{column}"
        );
    }
}

story!(what_is_written_of_a_source_is_what_was_signed, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, _) = source(&t, "Store system").await;
    dana.takes(&format!("{place}/offer"), &[]).await;
    for who in [&dana, &kofi] {
        who.sign(&place).await.must_be(303);
    }
    t.verify().await;
    t.state
        .db()
        .raw("update sources set sensitivity = 'internal'")
        .await
        .expect("forged");
    let wrong = t.wrong().await;
    assert!(
        wrong
            .iter()
            .any(|line| line == "source 1: it is not what both holders signed"),
        "{wrong:?}"
    );
});

story!(names_that_differ_in_case_or_spaces_are_one, |t| {
    let dana = t.sign_in("dana").await;
    touchpoint(&dana, "The till").await;
    let id = dana.page("sources/touchpoints/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("name", "the  TILL"),
        ("stage", "buy"),
        ("channel", "store"),
    ];
    dana.post("sources/touchpoints/new", &fields)
        .await
        .must_be(422)
        .must_say("There is one of this name already: “The till”.");
    source(&t, "Store system").await;
    let id = dana.page("sources/new").await.value("id");
    let again = [
        ("id", id.as_str()),
        ("name", "STORE  system"),
        ("holds", "Receipts."),
    ];
    dana.post("sources/new", &again)
        .await
        .must_be(422)
        .must_say("There is one of this name already: “Store system”.");
    assert_eq!(t.count(sql!("select count(*) from sources")).await, 1);
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

/// Reads a source's levels for one's own side, in the round that its page shows.
async fn read_levels(who: &User, place: &str, levels: [(&str, &str); 3]) -> super::Answer {
    let round = who.page(&format!("{place}/levels")).await.value("round");
    let [unification, self_service, protection] = levels;
    let fields = [
        ("round", round.as_str()),
        ("unification", unification.0),
        ("unification_evidence", unification.1),
        ("self_service", self_service.0),
        ("self_service_evidence", self_service.1),
        ("protection", protection.0),
        ("protection_evidence", protection.1),
    ];
    who.post(&format!("{place}/levels"), &fields).await
}

story!(levels_are_read_by_both_sides_apart_and_the_lower_stands, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, till) = source(&t, "Store system").await;
    name_profile(&t, &place).await;
    let (_, id) = touchpoint(&dana, "Till").await;
    let three = [
        ("3", "91, 93 and 92 %."),
        ("1", "A page on the intranet."),
        ("2", ""),
    ];
    // Nobody reads above what the house knows: the entry is not signed, and nothing is joined.
    let refused = read_levels(&dana, &place, three).await;
    refused
        .must_be(422)
        .must_say("No touchpoint is joined in it on the map. Until that changes it is 1 at most.");
    assert_eq!(refused.value("unification_evidence"), "91, 93 and 92 %.");
    for who in [&dana, &kofi] {
        say(who, &place, (&id, &till), "joined").await;
    }
    read_levels(&dana, &place, three)
        .await
        .must_be(422)
        .must_say("Owner and custodian have not signed its entry. Until that changes it is 0 at most.");
    dana.takes(&format!("{place}/offer"), &[]).await;
    for who in [&dana, &kofi] {
        who.sign(&place).await.must_be(303);
    }
    // Whoever claims a level says what they saw.
    read_levels(&dana, &place, [("3", ""), ("1", "A page."), ("2", "")])
        .await
        .must_be(422)
        .must_say("Write down the shares of three months");
    let shown = kofi.page(&place).await.text();
    let listed = kofi.page("sources").await.text();
    read_levels(&dana, &place, three).await.must_be(303);
    // The other side sees that it was read, and nothing of what.
    let then = kofi.page(&place).await.text();
    assert!(
        then.contains("Marketing read it on 23 Nov; Technology has not."),
        "{then}"
    );
    for word in ["91, 93", "In the view", "A page on the intranet"] {
        assert!(!then.contains(word), "{word}");
    }
    assert!(!shown.contains("Marketing read it"));
    assert_eq!(listed, kofi.page("sources").await.text());
    // Blind, a second reading replaces the first.
    read_levels(
        &dana,
        &place,
        [("3", "92, 93 and 92 %."), ("1", "A page."), ("2", "")],
    )
    .await
    .must_be(303);
    kofi.page("desk").await.must_say("Your side has not answered.");
    read_levels(
        &kofi,
        &place,
        [("2", "Nightly, last run 02:10."), ("not_known", ""), ("2", "")],
    )
    .await
    .must_be(303);
    for who in [&dana, &kofi] {
        who.page(&place)
            .await
            .must_say("Unification: Joined")
            .must_say("Self-service: Not known")
            .must_say("Protection: Justified")
            .must_say("Ownership: Named")
            .must_say("No steward is named.")
            .must_say("92, 93 and 92 %.")
            .must_not_say("91, 93 and 92 %.");
    }
    dana.page("sources")
        .await
        .must_say("1 of 1 at 2 or more")
        .must_say("0 of 1 at 2 or more");
    // A fact that ends takes the level down, without anybody writing; and gives it back.
    let use_id = dana.page(&format!("{place}/uses/new")).await.value("id");
    let incomplete = [
        ("id", use_id.as_str()),
        ("name", "Guessing"),
        ("purpose", "train"),
        ("in_words", "Guess who buys."),
    ];
    dana.takes(&format!("{place}/uses/new"), &incomplete).await;
    dana.page(&place)
        .await
        .must_say("Protection: Classified")
        .must_say("1 use lacks something that the record needs.")
        .must_say("Owner and custodian have not signed the entry as it stands.");
    dana.takes(&format!("{place}/uses/1/remove"), &[]).await;
    dana.page(&place).await.must_say("Protection: Justified");
    // After 180 days it is outdated, and both are asked again.
    t.clock.set(
        Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::platform::time::Day::new(2027, 5, 23)),
    );
    let dana = t.sign_in("dana").await;
    dana.page(&place).await.must_say("Unification: Outdated");
    dana.page("desk").await.must_say("Read levels");
    t.verify().await;
});

story!(a_reading_is_ones_own_sides_and_of_the_round_that_was_shown, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, _) = source(&t, "Store system").await;
    let zero = [("0", ""), ("0", ""), ("0", "")];
    // Not by who answers for nothing, and not in a round that is over.
    for name in ["ana", "olu", "lena"] {
        t.sign_in(name)
            .await
            .post(&format!("{place}/levels"), &[("round", "1")])
            .await
            .must_be(403);
    }
    read_levels(&dana, &place, zero).await.must_be(303);
    let mut stale = vec![("round", "2")];
    stale.extend([("unification", "0"), ("self_service", "0"), ("protection", "0")]);
    dana.post(&format!("{place}/levels"), &stale).await.must_be(409);
    read_levels(&kofi, &place, zero).await.must_be(303);
    stale[0] = ("round", "1");
    dana.post(&format!("{place}/levels"), &stale).await.must_be(409);
    // Where it applies to everything, it cannot be put aside.
    let aside = [("0", ""), ("0", ""), ("not_applicable", "No.")];
    read_levels(&dana, &place, aside)
        .await
        .must_be(422)
        .must_say("It applies to every source.");
    let none = [
        ("not_applicable", "Only stock."),
        ("not_applicable", "Only stock."),
        ("0", ""),
    ];
    for who in [&dana, &kofi] {
        read_levels(who, &place, none).await.must_be(303);
    }
    dana.page("sources").await.must_say("0 of 0 at 2 or more");
    dana.page(&place)
        .await
        .must_say("Unification: Does not apply")
        .must_say("Over time (2)");
    t.verify().await;
});

story!(
    a_signed_quarter_keeps_its_numbers_and_belief_is_blind_until_then,
    |t| {
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        let (lena, olu) = (t.sign_in("lena").await, t.sign_in("olu").await);
        // Without touchpoints there is nothing to draw.
        dana.post("sources/quarters", &[])
            .await
            .must_be(422)
            .must_say("There is no touchpoint yet");
        let (place, till) = source(&t, "Store system").await;
        name_profile(&t, &place).await;
        let (_, id) = touchpoint(&dana, "Till").await;
        touchpoint(&dana, "Phone").await;
        for who in [&dana, &kofi] {
            say(who, &place, (&id, &till), "joined").await;
        }
        // What one believes nobody sees, nor how many answered.
        let before = (
            kofi.page("sources/quarters").await.text(),
            olu.page("history").await.text(),
        );
        let shown = dana.page("sources").await;
        shown.must_say("Do we have a single view of our customer across all touchpoints?");
        dana.takes("sources/belief", &[("answer", "no")]).await;
        dana.takes("sources/belief", &[("answer", "yes")]).await;
        lena.takes("sources/belief", &[("answer", "no")]).await;
        assert_eq!(kofi.page("sources/quarters").await.text(), before.0);
        kofi.takes("sources/belief", &[("answer", "cannot_say")]).await;
        for (name, answer) in [("jonas", "yes"), ("priya", "no")] {
            t.sign_in(name)
                .await
                .takes("sources/belief", &[("answer", answer)])
                .await;
        }
        assert_eq!(olu.page("history").await.text(), before.1);
        olu.post("sources/belief", &[("answer", "yes")])
            .await
            .must_be(403);
        dana.post("sources/belief", &[("answer", "perhaps")])
            .await
            .must_be(422);
        dana.page("sources/quarters").await.must_say("You said “Yes”.");
        dana.page("sources")
            .await
            .must_not_say("Do we have a single view of our customer");
        // Drawn, it lies before both leads; drawn again after a change, both sign the newer one.
        dana.takes("sources/quarters", &[]).await;
        let quarter = "sources/quarters/2026-10-01";
        dana.sign(quarter).await.must_be(303);
        let (_, third) = touchpoint(&dana, "Web shop").await;
        kofi.page(quarter).await.must_say("1 of 2 touchpoints, 50%");
        kofi.takes("sources/quarters", &[]).await;
        kofi.page(quarter)
            .await
            .must_say("1 of 3 touchpoints, 33%")
            .must_not_say("Said yes");
        lena.get(&format!("{quarter}/sign")).await.must_be(403);
        for who in [&kofi, &dana] {
            who.sign(quarter).await.must_be(303);
        }
        olu.page("sources/quarters")
            .await
            .must_say("Q4 2026: 1 of 3 touchpoints, 33%")
            .must_say("Said yes: Marketing fewer than 3 answered, Technology 1 of 3.");
        // Signed, it takes no answer and no other map, and keeps its numbers.
        dana.post("sources/belief", &[("answer", "no")])
            .await
            .must_be(409);
        dana.post("sources/quarters", &[]).await.must_be(409);
        for who in [&dana, &kofi] {
            say(who, &place, (&third, &till), "joined").await;
        }
        dana.page("sources").await.must_say("2 of 3 touchpoints, 67%");
        dana.page("sources/quarters")
            .await
            .must_say("Q4 2026: 1 of 3 touchpoints, 33%");
        // The next quarter asks again.
        t.clock.set(
            Zone::get("Europe/Berlin")
                .expect("a zone")
                .start_of(crate::platform::time::Day::new(2027, 1, 2)),
        );
        t.sign_in("dana")
        .await
        .page("sources")
        .await
        .must_say("Do we have a single view of our customer across all touchpoints?")
        .must_say("In Q4 2026 too few in Marketing answered to be told apart, and 1 of 3 in Technology said yes; the map said 1 of 3 touchpoints, 33%.");
        t.verify().await;
    }
);
