//! Sources: the map of what both sides know of their customer, and who answers for it.

use super::{TestApp, User};
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
        .must_say("Not said 2");
    touchpoint(&dana, "The phone").await;
    dana.page("sources").await.must_say("7 of 15 touchpoints, 46%");
    // What Technology suggests does not count before Marketing takes it.
    let (suggested, _) = touchpoint(&kofi, "Chat").await;
    dana.page("sources")
        .await
        .must_say("7 of 15 touchpoints, 46%")
        .must_say("Technology suggests it");
    dana.takes(&format!("{suggested}/take"), &[]).await;
    dana.page("sources").await.must_say("7 of 16 touchpoints, 43%");
    dana.takes(&format!("{suggested}/retire"), &[("because", "It is the app’s.")])
        .await;
    dana.page("sources").await.must_say("7 of 15 touchpoints, 46%");
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
        .must_say("spoke of The till 1 word for Marketing");
    let told = t
        .count(sql!(
            "select count(*) from audit_events where verb = 'spoke of' and detail like '%joined%'"
        ))
        .await;
    assert_eq!(told, 0, "history tells that a word was said, and not which");
    dana.page(&at)
        .await
        .must_say("Marketing: joined (dana, 23 Nov)")
        .must_say("Not said");
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
        .must_say("Marketing says 1, Technology says 0; 0 stands.");
    dana.page("sources/map")
        .await
        .must_say("Marketing says joined, Technology says recorded");
    t.verify().await;
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
    dana.page("history").await.must_say("vacated a chair of");
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
    kofi.page(&format!("{place}/sign"))
        .await
        .must_say("=Newsletter : Advertise to our own customers.")
        .must_say("resting on the wording of March. Kept 2 years after the last contact, then deleted.");
    for who in [&dana, &kofi] {
        who.sign(&place).await.must_be(303);
    }
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
