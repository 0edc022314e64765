//! Who answers for a source, and where customers meet the company.

use super::{give, source, touchpoint};
use crate::{platform::time::Zone, sql, story, tests::world::World};

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
        t.clock.set(
            zone.start_of(crate::tests::TODAY.plus(day))
                .plus_seconds(8 * 3600),
        );
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
