//! The definition is written by many and ratified by two.

use crate::{sql, story, tests::TestApp};

const CLAUSE: [(&str, &str); 4] = [
    ("title", "One memory"),
    ("promise", "Nobody has to tell us twice."),
    ("for_marketing", "One profile, no list of our own."),
    ("for_technology", "The profile answers within 500 ms."),
];

pub(super) async fn write_clause(t: &TestApp, who: &str) -> String {
    let user = t.sign_in(who).await;
    let id = user.page("definition/clauses/new").await.value("id");
    let mut fields = CLAUSE.to_vec();
    fields.push(("id", &id));
    user.takes("definition/clauses/new", &fields).await;
    id
}

pub(super) async fn edit(t: &TestApp, who: &str, id: &str, promise: &str) {
    let user = t.sign_in(who).await;
    let path = format!("definition/clauses/{id}/edit");
    let version = user.page(&path).await.value("version");
    let fields = [
        ("version", version.as_str()),
        CLAUSE[0],
        ("promise", promise),
        CLAUSE[2],
        CLAUSE[3],
    ];
    user.takes(&path, &fields).await;
}

story!(both_leads_ratify_a_definition_and_an_edit_makes_it_stale, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let id = write_clause(&t, "ana").await;
    lena.takes("definition/propose", &[]).await;
    dana.sign("definition/versions/1").await.must_be(303);
    dana.page("definition/versions/1")
        .await
        .must_say("1 of 2 signed. Waiting for Technology since today.");
    t.clock.advance_days(4);
    let (dana, kofi) = (t.sign_in("dana").await, {
        drop(kofi);
        t.sign_in("kofi").await
    });
    kofi.page("")
        .await
        .must_say("Technology has not signed; Marketing did on 23 Nov");

    // A manager does not ratify, and the lead who signed does not sign again.
    t.sign_in("priya")
        .await
        .get("definition/versions/1/sign")
        .await
        .must_be(403);
    dana.get("definition/versions/1/sign").await.must_be(303);

    kofi.sign("definition/versions/1").await.must_be(303);
    dana.page("definition")
        .await
        .must_say("No changes since version 1")
        .must_say("ratified on 27 Nov");
    edit(&t, "jonas", &id, "Nobody has to repeat what they told us.").await;
    let page = dana.page("definition").await;
    page.must_say("1 change since version 1");
    assert!(
        page.has(".clause del") && page.has(".clause ins"),
        "the redline shows what changed"
    );
    assert!(page.has(".half.is-stale"), "the seats are stale");

    dana.takes("definition/propose", &[]).await;
    dana.sign("definition/versions/2").await.must_be(303);
    kofi.sign("definition/versions/2").await.must_be(303);
    dana.page("definition/versions/1").await.must_say("Replaced");
    dana.page("definition/versions/2").await.must_say("In force");
    dana.page("definition/compare?from=1&to=2")
        .await
        .must_say("1 of 1 clauses differ");
    t.verify().await;
});

story!(an_edit_after_the_first_signature_voids_it, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let id = write_clause(&t, "dana").await;
    dana.takes("definition/propose", &[]).await;
    let seen = kofi.page("definition/versions/1/sign").await.value("digest");
    dana.sign("definition/versions/1").await.must_be(303);
    edit(&t, "ana", &id, "Something else.").await;
    kofi.post(
        "definition/versions/1/sign",
        &[("digest", &seen), ("verdict", "agree")],
    )
    .await
    .must_be(409);
    dana.page("definition/versions/1").await.must_say("Not ratified");
    assert_eq!(
        t.count(sql!(
            "select count(*) from definition_versions where in_force_at is not null"
        ))
        .await,
        0
    );
    t.verify().await;
});

story!(an_objection_needs_a_reason_and_what_was_typed_comes_back, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    write_clause(&t, "dana").await;
    dana.takes("definition/propose", &[]).await;
    let refused = kofi
        .give_verdict("definition/versions/1", &[("verdict", "object"), ("reason", " ")])
        .await;
    refused
        .must_be(422)
        .must_say("Say why, in a sentence the other side can act on.");
    assert!(
        refused.has("input[name=verdict][value=object][checked]"),
        "the choice is kept"
    );
    kofi.give_verdict(
        "definition/versions/1",
        &[("verdict", "object"), ("reason", "500 ms is not funded.")],
    )
    .await
    .must_be(303);
    dana.page("definition/versions/1")
        .await
        .must_say("Technology objected.")
        .must_say("500 ms is not funded.");
    let digest = "0".repeat(64);
    dana.post(
        "definition/versions/1/sign",
        &[("digest", &digest), ("verdict", "agree")],
    )
    .await
    .must_be(422)
    .must_say("There is an objection");
});

story!(a_conflicting_edit_shows_both_texts_and_loses_neither, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let id = write_clause(&t, "dana").await;
    let path = format!("definition/clauses/{id}/edit");
    let version = dana.page(&path).await.value("version");
    edit(&t, "kofi", &id, "Kofi’s promise.").await;
    let late = dana
        .post(
            &path,
            &[
                ("version", &version),
                CLAUSE[0],
                ("promise", "Dana’s promise."),
                CLAUSE[2],
                CLAUSE[3],
            ],
        )
        .await;
    late.must_be(409).must_say("Kofi’s").must_say("Dana’s");
    assert_eq!(late.value("promise").trim(), "Dana’s promise.");
    kofi.page("definition").await.must_say("Kofi’s promise.");
    // Saving again, having seen both, replaces it.
    let version = late.value("version");
    dana.takes(
        &path,
        &[
            ("version", &version),
            CLAUSE[0],
            ("promise", "Both."),
            CLAUSE[2],
            CLAUSE[3],
        ],
    )
    .await;
    kofi.page("definition").await.must_say("Both.");
});

story!(a_hundred_edits_at_once_have_one_winner_per_version, |t| {
    let dana = t.sign_in("dana").await;
    let id = write_clause(&t, "dana").await;
    let path = format!("definition/clauses/{id}/edit");
    let version = dana.page(&path).await.value("version");
    let attempts = (0..100).map(|number| {
        let (dana, path, version) = (dana.clone(), path.clone(), version.clone());
        tokio::spawn(async move {
            let promise = format!("Promise {number}");
            dana.post(
                &path,
                &[
                    ("version", &version),
                    CLAUSE[0],
                    ("promise", &promise),
                    CLAUSE[2],
                    CLAUSE[3],
                ],
            )
            .await
            .status
            .as_u16()
        })
    });
    let mut taken = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.expect("answered") {
            303 => taken += 1,
            other => assert_eq!(other, 409),
        }
    }
    assert_eq!(taken, 1);
    t.verify().await;
});
