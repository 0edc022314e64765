//! Coming in, going out, and who is whom.

use axum::http::Method;

use super::{ORIGIN, PASSWORD, TestApp, User, keys, settings};

use crate::{
    accounts, app,
    demo::DemoWorkspace,
    platform::{
        audit::{ACCOUNTS_CHAIN, Actor, AuditedTransaction, Event},
        db::Engine,
        ids::source::Ids,
        state::AppState,
    },
    sql, story,
};

fn path_of(link: &str) -> String {
    link.strip_prefix(ORIGIN)
        .expect("a link of the configured origin")
        .to_owned()
}

/// The links shown on a page, to copy.
fn links(body: &str) -> Vec<String> {
    let html = scraper::Html::parse_document(body);
    html.select(&super::selector(".copy code"))
        .map(|code| path_of(&code.text().collect::<String>()))
        .collect()
}

story!(a_company_sets_itself_up_from_nothing, |t| {
    let (_, db) = crate::tests::fresh_database(t.state.db().engine()).await;
    let state = AppState::new(db, t.clock.clone(), Ids::from_system(), settings(), keys());
    crate::platform::audit::create_accounts_chain(&state)
        .await
        .expect("founded");
    let nobody = User {
        router: app::service(&state),
        cookie: None,
        slug: "acme-retail".to_owned(),
    };
    nobody.get("/setup/0000").await.must_be(410);
    let link = path_of(
        &accounts::set_up::setup_link(&state)
            .await
            .expect("made")
            .expect("nobody is here"),
    );
    let weak = [
        ("name", "Mia Chen"),
        ("email", "mia@acme.test"),
        ("password", "AcmeRetail2026!"),
        ("side", ""),
        ("workspace", "Acme Retail"),
        ("zone", "Europe/Berlin"),
        ("marketing_email", "cmo@acme.test"),
        ("technology_email", "cio@acme.test"),
    ];
    nobody
        .post(&link, &weak)
        .await
        .must_be(422)
        .must_say("easy to guess");
    let mut fine = weak;
    fine[2].1 = PASSWORD;
    let ready = nobody.post(&link, &fine).await;
    ready.must_be(200).must_say("Handshake is set up");
    nobody.post(&link, &fine).await.must_be(410);
    nobody.get(&link).await.must_be(410);
    assert!(
        accounts::set_up::setup_link(&state)
            .await
            .expect("asked")
            .is_none(),
        "no second set-up"
    );

    let mut leads = Vec::new();
    for (link, name) in links(&ready.body).iter().zip(["Dana", "Kofi"]) {
        nobody
            .get(link)
            .await
            .must_be(200)
            .must_say("You are invited as Lead");
        let joined = nobody.post(link, &[("name", name), ("password", PASSWORD)]).await;
        joined.must_be(303);
        nobody
            .post(link, &[("name", name), ("password", PASSWORD)])
            .await
            .must_be(410);
        leads.push(User {
            cookie: joined.cookie(),
            ..nobody.clone()
        });
    }
    let admin = User {
        cookie: ready.cookie(),
        ..nobody.clone()
    };
    admin
        .page("members")
        .await
        .must_say("Dana")
        .must_say("Kofi")
        .must_say("Lead");
    leads[0].page("").await.must_say("Start with the definition");
    leads[0].page("members/invite").await;
    admin
        .post(
            "members/invite",
            &[
                ("email", "second@acme.test"),
                ("side", "marketing"),
                ("role", "lead"),
            ],
        )
        .await
        .must_be(422)
        .must_say("This side has a lead already.");
    let invited = admin
        .post(
            "members/invite",
            &[
                ("email", "new@acme.test"),
                ("side", "marketing"),
                ("role", "contributor"),
            ],
        )
        .await;
    let invitation = &links(&invited.body)[0];
    t.clock.advance_days(4);
    nobody.get(invitation).await.must_be(410);
});

story!(
    a_set_up_link_lets_nobody_in_once_there_is_a_workspace_and_replaces_no_password,
    |t| {
        let (_, db) = crate::tests::fresh_database(t.state.db().engine()).await;
        let state = AppState::new(db, t.clock.clone(), Ids::from_system(), settings(), keys());
        crate::platform::audit::create_accounts_chain(&state)
            .await
            .expect("founded");
        let nobody = User {
            router: app::service(&state),
            cookie: None,
            slug: "acme-retail".to_owned(),
        };
        let link = accounts::set_up::setup_link(&state).await.expect("made");
        let link = path_of(&link.expect("nobody is here"));
        // A set-up that was cut short left an account without a workspace.
        let cut_short = DemoWorkspace::set(&state, "Elsewhere", "UTC", state.now(), 3, PASSWORD);
        let fields = [
            ("name", "Somebody Else"),
            ("email", "mia@acme.test"),
            ("password", "another fine password"),
            ("side", ""),
            ("workspace", "Acme Retail"),
            ("zone", "Europe/Berlin"),
        ];
        let mut tx = AuditedTransaction::open(&state, ACCOUNTS_CHAIN, Actor::system("Handshake"))
            .await
            .expect("a transaction");
        let hash = crate::identity::passwords::hash(&state, PASSWORD.to_owned())
            .await
            .expect("hashed");
        let mia = state.fresh_id();
        accounts::write::create(&mut tx, mia, "mia@acme.test", "Mia", &hash)
            .await
            .expect("made");
        let event = Event::new("set up", "account", mia.uuid(), "Handshake");
        tx.commit(event).await.expect("committed");
        nobody
            .post(&link, &fields)
            .await
            .must_be(422)
            .must_say("this is not its password");
        let mut stranger = fields;
        stranger[1].1 = "eve@acme.test";
        nobody.post(&link, &stranger).await.must_be(410);
        // However a workspace came to be, the link has ended.
        cut_short.await.expect("a workspace");
        nobody.get(&link).await.must_be(410);
        let mut own = fields;
        own[2].1 = PASSWORD;
        nobody.post(&link, &own).await.must_be(410);
    }
);

story!(administrators_alone_name_administrators, |t| {
    // Kofi leads Technology and administers nothing.
    let kofi = t.sign_in("kofi").await;
    for (name, role) in [("kofi", "lead"), ("priya", "manager")] {
        let edit = format!("members/{}/edit", t.member(name).await);
        let raised = [("side", "technology"), ("role", role), ("is_admin", "on")];
        kofi.post(&edit, &raised)
            .await
            .must_be(422)
            .must_say("Only an administrator can name another one.");
    }
    let adm = t.sign_in("adm").await;
    let edit = format!("members/{}/edit", t.member("olu").await);
    adm.takes(&edit, &[("side", ""), ("role", "observer"), ("is_admin", "on")])
        .await;
    t.verify().await;
});

story!(leads_are_handed_over_never_removed, |t| {
    let (adm, dana, lena) = (
        t.sign_in("adm").await,
        t.member("dana").await,
        t.member("lena").await,
    );
    adm.post(
        &format!("members/{dana}/edit"),
        &[("side", "marketing"), ("role", "manager"), ("is_admin", "on")],
    )
    .await
    .must_be(422)
    .must_say("Hand over the lead first");
    adm.post(&format!("members/{dana}/disable"), &[])
        .await
        .must_be(422);
    let kofi = t.member("kofi").await;
    t.sign_in("dana")
        .await
        .post(&format!("members/{dana}/hand-over"), &[("to", &kofi)])
        .await
        .must_be(422)
        .must_say("Choose an active member of Marketing.");
    t.sign_in("dana")
        .await
        .takes(&format!("members/{dana}/hand-over"), &[("to", &lena)])
        .await;
    assert_eq!(
        t.count(sql!(
            "select count(*) from members where role = 'lead' and side = 'marketing' and workspace_id =
             (select id from workspaces where slug = 'northwind')"
        ))
        .await,
        1
    );
    adm.page("history")
        .await
        .must_say("dana handed over the lead to lena");
});

story!(
    a_disabled_member_is_out_at_once_and_a_changed_role_counts_at_once,
    |t| {
        let (adm, ana, olu) = (
            t.sign_in("adm").await,
            t.sign_in("ana").await,
            t.sign_in("olu").await,
        );
        let (ana_id, olu_id) = (t.member("ana").await, t.member("olu").await);
        ana.page("desk").await;
        adm.takes(&format!("members/{ana_id}/disable"), &[]).await;
        ana.get("desk").await.must_be(303);
        olu.get("decisions/new").await.must_be(403);
        adm.takes(
            &format!("members/{olu_id}/edit"),
            &[("side", "technology"), ("role", "contributor")],
        )
        .await;
        olu.page("decisions/new").await;
    }
);

story!(a_session_ends_when_it_should, |t| {
    let dana = t.sign_in("dana").await;
    dana.page("").await;
    // A planted id is never taken over.
    let mut planted = t.anonymous();
    planted.cookie = Some("__Host-handshake=AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let answer = planted
        .post(
            "/sign-in",
            &[("email", "kofi@northwind.test"), ("password", PASSWORD)],
        )
        .await;
    let set = answer
        .headers
        .get("set-cookie")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    assert!(
        !set.contains("AAAAAAAAAAAAAAAAAAAAAA") && set.starts_with("__Host-handshake="),
        "{set}"
    );
    for attribute in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(set.contains(attribute), "{attribute} in {set}");
    }
    assert!(!set.contains("Domain"));
    assert_eq!(
        t.count(sql!("select count(*) from sessions where length(id_hash) = 64"))
            .await,
        2
    );

    let second = t.sign_in("dana").await;
    second.page("/account").await.must_say("this one");
    second.takes("/account/sessions/end-others", &[]).await;
    dana.get("").await.must_be(303);
    second.post("/sign-out", &[]).await.must_be(303);
    second.get("").await.must_be(303);

    let idle = t.sign_in("dana").await;
    t.clock.set(t.now().plus_seconds(11 * 3600));
    idle.page("").await;
    t.clock.set(t.now().plus_seconds(12 * 3600));
    idle.get("").await.must_be(303);
    let busy = t.sign_in("dana").await;
    for _ in 0..28 {
        t.clock.set(t.now().plus_seconds(11 * 3600 + 1800));
        busy.page("").await;
    }
    t.clock.set(t.now().plus_seconds(11 * 3600 + 1800 + 3 * 3600));
    busy.get("").await.must_be(303);
});

story!(a_sign_out_beats_a_request_in_flight, |t| {
    for _ in 0..20 {
        let dana = t.sign_in("dana").await;
        let racing: Vec<_> = (0..4)
            .map(|_| {
                tokio::spawn({
                    let dana = dana.clone();
                    async move { dana.get("").await.status.as_u16() }
                })
            })
            .collect();
        dana.post("/sign-out", &[]).await.must_be(303);
        for race in racing {
            assert!(matches!(race.await.expect("answered"), 200 | 303));
        }
        dana.get("").await.must_be(303);
    }
});

story!(who_exists_is_not_told, |t| {
    let nobody = t.anonymous();
    let known = nobody
        .post(
            "/sign-in",
            &[
                ("email", "dana@northwind.test"),
                ("password", "wrong-but-long-enough"),
            ],
        )
        .await;
    let unknown = nobody
        .post(
            "/sign-in",
            &[
                ("email", "nobody@northwind.test"),
                ("password", "wrong-but-long-enough"),
            ],
        )
        .await;
    assert_eq!(known.status, 422);
    assert_eq!(known.text(), unknown.text());
    let known = nobody
        .post("/forgot-password", &[("email", "dana@northwind.test")])
        .await;
    let unknown = nobody
        .post("/forgot-password", &[("email", "nobody@northwind.test")])
        .await;
    assert_eq!((known.status, known.text()), (unknown.status, unknown.text()));
});

story!(guessing_is_slowed_from_where_it_comes, |t| {
    let nobody = t.anonymous();
    for _ in 0..10 {
        nobody
            .post(
                "/sign-in",
                &[
                    ("email", "dana@northwind.test"),
                    ("password", "wrong-but-long-enough"),
                ],
            )
            .await
            .must_be(422);
    }
    let eleventh = nobody
        .post(
            "/sign-in",
            &[("email", "dana@northwind.test"), ("password", PASSWORD)],
        )
        .await;
    eleventh.must_be(429).must_say("Too many attempts");
    assert!(eleventh.headers.contains_key("retry-after"));
    // Another process shares the count; another person is not slowed.
    let other = User {
        router: app::service(&t.state),
        ..t.anonymous()
    };
    other
        .post(
            "/sign-in",
            &[("email", "dana@northwind.test"), ("password", PASSWORD)],
        )
        .await
        .must_be(429);
    t.sign_in("kofi").await;
    t.clock.set(t.now().plus_seconds(1000));
    t.sign_in("dana").await;
});

story!(of_forty_guesses_at_once_ten_are_looked_at, |t| {
    let mut guesses = tokio::task::JoinSet::new();
    for number in 0..40 {
        let nobody = t.anonymous();
        guesses.spawn(async move {
            let password = format!("wrong-but-long-enough-{number}");
            let fields = [("email", "dana@northwind.test"), ("password", password.as_str())];
            nobody.post("/sign-in", &fields).await.status
        });
    }
    let statuses = guesses.join_all().await;
    let looked_at = statuses.iter().filter(|status| **status == 422).count();
    assert_eq!(looked_at, 10, "{statuses:?}");
    assert!(statuses.iter().all(|status| *status == 422 || *status == 429));
});

story!(
    an_office_that_mistypes_is_not_shut_out_and_a_jump_of_the_clock_shuts_nobody_out,
    |t| {
        let nobody = t.anonymous();
        for number in 0..60 {
            let email = format!("typo{number}@northwind.test");
            nobody
                .post(
                    "/sign-in",
                    &[("email", &email), ("password", "wrong-but-long-enough")],
                )
                .await
                .must_be(422);
        }
        t.sign_in("kofi").await;
        // A year ahead for a moment, and one mistyped password then.
        let before = t.now();
        t.clock.set(before.plus_seconds(365 * 86_400));
        for _ in 0..11 {
            nobody
                .post(
                    "/sign-in",
                    &[
                        ("email", "dana@northwind.test"),
                        ("password", "wrong-but-long-enough"),
                    ],
                )
                .await;
        }
        t.clock.set(before);
        t.sign_in("dana").await;
    }
);

story!(a_password_is_reset_once_by_link_and_ends_every_session, |t| {
    let dana = t.sign_in("dana").await;
    let link = path_of(
        &accounts::reset::reset_link(&t.state, "dana@northwind.test")
            .await
            .expect("made"),
    );
    let nobody = t.anonymous();
    nobody
        .send(Method::GET, &link, &[("host", "evil.example")], String::new())
        .await
        .must_be(200);
    nobody.post(&link, &[("password", "short")]).await.must_be(422);
    let attempts: Vec<_> = (0..2)
        .map(|_| {
            let (nobody, link) = (nobody.clone(), link.clone());
            tokio::spawn(async move {
                nobody
                    .post(&link, &[("password", "walnut-harbor-violet-sonnet")])
                    .await
                    .status
                    .as_u16()
            })
        })
        .collect();
    let mut statuses = Vec::new();
    for attempt in attempts {
        statuses.push(attempt.await.expect("answered"));
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 410]);
    dana.get("").await.must_be(303);
    nobody
        .post(
            "/sign-in",
            &[("email", "dana@northwind.test"), ("password", PASSWORD)],
        )
        .await
        .must_be(422);
    nobody
        .post(
            "/sign-in",
            &[
                ("email", "dana@northwind.test"),
                ("password", "walnut-harbor-violet-sonnet"),
            ],
        )
        .await
        .must_be(303);
    assert_eq!(
        t.count(sql!(
            "select count(*) from tokens where hash not like '%-%' and length(hash) = 64"
        ))
        .await,
        t.count(sql!("select count(*) from tokens")).await
    );
});

story!(signing_in_goes_nowhere_else, |t| {
    for next in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
    ] {
        let answer = t
            .anonymous()
            .post(
                "/sign-in",
                &[
                    ("email", "dana@northwind.test"),
                    ("password", PASSWORD),
                    ("next", next),
                ],
            )
            .await;
        assert_eq!(
            (answer.status.as_u16(), answer.location().as_str()),
            (303, "/"),
            "{next}"
        );
    }
    let answer = t
        .anonymous()
        .post(
            "/sign-in",
            &[
                ("email", "dana@northwind.test"),
                ("password", PASSWORD),
                ("next", "/w/northwind/desk"),
            ],
        )
        .await;
    assert_eq!(answer.location(), "/w/northwind/desk");
});

#[tokio::test]
async fn a_weaker_hash_is_replaced_at_sign_in() {
    let t = TestApp::on(Engine::Sqlite).await;
    let weak = argon2::Argon2::new(
        argon2::Algorithm::Argon2id,
        argon2::Version::V0x13,
        argon2::Params::new(8192, 1, 1, None).expect("params"),
    );
    let hash = argon2::password_hash::PasswordHasher::hash_password_with_salt(
        &weak,
        PASSWORD.as_bytes(),
        b"0123456789abcdef",
    )
    .expect("hashed")
    .to_string();
    t.state
        .db()
        .raw(
            format!("update accounts set password_hash = '{hash}' where email = 'dana@northwind.test'")
                .leak(),
        )
        .await
        .expect("set");
    t.sign_in("dana").await;
    let (stored,): (String,) = t
        .state
        .db()
        .fetch_optional(
            sql!("select password_hash from accounts where email = 'dana@northwind.test'"),
            Vec::new(),
        )
        .await
        .expect("read")
        .expect("a row");
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
}

story!(two_who_change_one_part_do_not_overwrite_each_other, |t| {
    let (adm, ana) = (t.sign_in("adm").await, t.member("ana").await);
    let edit = format!("members/{ana}/edit");
    let seen = adm.page(&edit).await.value("seen");
    let fields = |role| [("seen", seen.as_str()), ("side", "marketing"), ("role", role)];
    adm.takes(&edit, &fields("manager")).await;
    adm.post(&edit, &fields("contributor")).await.must_be(409);
});

story!(
    a_workspace_is_renamed_and_how_long_it_waits_is_set_by_neither_side,
    |t| {
        let (adm, dana, lena) = (
            t.sign_in("adm").await,
            t.sign_in("dana").await,
            t.sign_in("lena").await,
        );
        lena.page("settings")
            .await
            .must_say("A decision goes to the arbiter after")
            .must_say("Only an administrator can change these.");
        let form = adm.page("settings").await;
        let version = form.value("version");
        let mut fields = vec![
            ("version", version.as_str()),
            ("name", "Northwind Europe"),
            ("zone", "Pacific/Auckland"),
            ("currency", "CHF"),
            ("signature_days", "9"),
            ("grace_days", "2"),
        ];
        adm.takes("settings", &fields).await;
        lena.page("settings")
            .await
            .must_say("Northwind Europe · Pacific/Auckland · CHF");
        adm.page("history").await.must_say("Days to sign").must_say("CHF");
        // An administrator of a side sets everything but how long one waits.
        let version = dana.page("settings").await.value("version");
        let by_a_side = [
            ("version", version.as_str()),
            ("name", "Northwind"),
            ("zone", "Europe/Berlin"),
            ("currency", "EUR"),
            ("signature_days", "1"),
            ("grace_days", "0"),
        ];
        dana.takes("settings", &by_a_side).await;
        lena.page("settings")
            .await
            .must_say("Northwind · Europe/Berlin · EUR")
            .must_say("A decision goes to the arbiter after 9 days; a check-in is late after 2 days.");
        // Two at once: the second sees what the first made of it, and keeps what they typed.
        adm.post("settings", &fields).await.must_be(409);
        let version = adm.page("settings").await.value("version");
        fields[0] = ("version", &version);
        for (at, field, says) in [
            (2, ("zone", "Europe/Atlantis"), "Choose a zone from the list."),
            (3, ("currency", "ABC"), "Choose from the list."),
            (4, ("signature_days", "0"), "Write a whole number from 1 to 90."),
            (5, ("grace_days", "soon"), "Write a whole number, such as 12."),
        ] {
            let mut wrong = fields.clone();
            wrong[at] = field;
            adm.post("settings", &wrong).await.must_be(422).must_say(says);
        }
        t.verify().await;
    }
);

story!(
    people_go_by_another_name_and_what_they_signed_keeps_the_old_one,
    |t| {
        let world = super::world::World::with(&t, "Something of ours").await;
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        // Nor a colleague's, however it is written, nor a deputy's.
        for taken in [
            "Handshake",
            "the operator",
            "\u{ad}\u{2800}",
            "kofi",
            "K\u{43e}fi",
            "lena, in place of dana",
            "lena in pIace of dana",
            "\u{13a2}ana",
            "Rey\u{212e}s",
            "Both leads",
            "marketing",
        ] {
            dana.post("/account/name", &[("name", taken)]).await.must_be(422);
        }
        dana.post("/account/name", &[("name", "Dana Reyes-Kim")])
            .await
            .must_be(303);
        kofi.page("members").await.must_say("Dana Reyes-Kim");
        kofi.page(&format!("{}/charter", world.initiative))
            .await
            .must_say("signed 23 Nov by dana");
        kofi.page("history")
            .await
            .must_say("Name: “dana” became “Dana Reyes-Kim”");
        // Her old name stands beside what she signed, so nobody else takes it; she may go back to it.
        kofi.post("/account/name", &[("name", "Dana")]).await.must_be(422);
        dana.post("/account/name", &[("name", "dana")]).await.must_be(303);
        t.verify().await;
    }
);

story!(an_address_changes_once_its_owner_has_opened_the_link, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let dana = t.sign_in("dana").await;
    let wanted = [("email", "Dana@New.example"), ("own_password", "wrong")];
    dana.post("/account/email", &wanted)
        .await
        .must_be(422)
        .must_say("This is not your password.");
    let wanted = [("email", "Dana@New.example"), ("own_password", PASSWORD)];
    dana.post("/account/email", &wanted).await.must_be(303);
    let bodies: Vec<(String, String)> = t
        .state
        .db()
        .fetch_all(
            sql!("select recipient, body from outbox where recipient = 'dana@new.example'"),
            Vec::new(),
        )
        .await
        .expect("read");
    let link = bodies[0]
        .1
        .split_whitespace()
        .find(|word| word.contains("/account/email/"))
        .expect("a link");
    let link = &link[link.find("/account/email/").expect("its path")..];
    let reset = accounts::reset::reset_link(&t.state, "dana@northwind.test")
        .await
        .expect("a link");
    let nobody = t.anonymous();
    nobody.get(link).await.must_be(200).must_say("dana@new.example");
    nobody.post(link, &[]).await.must_be(303);
    nobody.post(link, &[]).await.must_be(410);
    // Nor does what went to the address of before let anybody in.
    nobody.get(&path_of(&reset)).await.must_be(410);
    let sign_in = |email: &'static str| {
        let nobody = t.anonymous();
        async move {
            nobody
                .post("/sign-in", &[("email", email), ("password", PASSWORD)])
                .await
        }
    };
    sign_in("dana@new.example").await.must_be(303);
    sign_in("dana@northwind.test").await.must_be(422);
    // Where no mail can confirm it, the server's operator says so.
    let kofi = accounts::read::of_email(&t.state, "kofi@northwind.test")
        .await
        .expect("read")
        .expect("somebody");
    let change = |to: &'static str| {
        let (state, kofi) = (t.state.clone(), kofi.clone());
        async move {
            let (account, name) = (kofi.0, kofi.1.as_str());
            accounts::own::change_email_by_operator(&state, (account, name), ("kofi@northwind.test", to))
                .await
        }
    };
    assert!(change("dana@new.example").await.is_err(), "it is somebody's");
    assert!(change("nobody").await.is_err(), "it is none");
    assert_eq!(
        change("Kofi@New.example").await.expect("changed"),
        "kofi@new.example"
    );
    sign_in("kofi@new.example").await.must_be(303);
    t.verify().await;
});
