//! Entries, the profile and uses, as both holders sign them.

use super::{give, source};
use crate::{sql, story};

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
