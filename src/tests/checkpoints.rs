//! A checkpoint is done when its evidence stands and, where it is asked, the other side says so.

use crate::{sql, story};
use axum::http::Method;

use super::{TestApp, User, world::tail};

/// What a story about one milestone needs.
struct Plan {
    dana: User,
    kofi: User,
    initiative: String,
    milestone: String,
    checkpoint: String,
}

/// An initiative of Dana and Kofi with a milestone that asks the other side, and in it a checkpoint of
/// Dana's.
async fn planned(t: &TestApp) -> Plan {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id, lena_id, priya_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
        t.member("priya").await,
    );
    let id = dana.page("initiatives/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", "One profile"),
        ("purpose", "Known everywhere."),
        ("starts_on", "2026-11-01"),
        ("due_on", "2027-06-30"),
        ("marketing_lead", &dana_id),
        ("technology_lead", &kofi_id),
        ("driver_side", "marketing"),
        ("cadence", "weekly"),
        ("members", &lena_id),
        ("members", &priya_id),
    ];
    let initiative = dana.takes("initiatives/new", &fields).await;
    dana.takes(&format!("{initiative}/phase"), &[("phase", "active")])
        .await;
    let milestone = promise(
        &dana,
        &initiative,
        "Feed live",
        "2026-12-15",
        [&dana_id, &kofi_id],
        true,
    )
    .await;
    let checkpoint = step(&dana, &milestone, "Rules agreed", &dana_id).await;
    Plan {
        dana,
        kofi,
        initiative,
        milestone,
        checkpoint,
    }
}

async fn promise(
    who: &User,
    initiative: &str,
    title: &str,
    due_on: &str,
    [marketing, technology]: [&str; 2],
    asks_other_side: bool,
) -> String {
    let id = who
        .page(&format!("{initiative}/milestones/new"))
        .await
        .value("id");
    let mut fields = vec![
        ("id", id.as_str()),
        ("title", title),
        ("outcome", "It runs."),
        ("due_on", due_on),
        ("driver", marketing),
        ("marketing_owner", marketing),
        ("technology_owner", technology),
    ];
    if asks_other_side {
        fields.push(("asks_other_side", "yes"));
    }
    who.takes(&format!("{initiative}/milestones/new"), &fields).await
}

async fn step(who: &User, milestone: &str, title: &str, owner: &str) -> String {
    let id = who
        .page(&format!("{milestone}/checkpoints/new"))
        .await
        .value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", title),
        ("criteria", "Both sides can name them."),
        ("owner", owner),
        ("due_on", "2026-12-01"),
    ];
    who.takes(&format!("{milestone}/checkpoints/new"), &fields).await;
    id
}

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

story!(a_checkpoint_is_done_when_the_other_side_accepts_it, |t| {
    let Plan {
        dana,
        kofi,
        milestone,
        checkpoint,
        ..
    } = planned(&t).await;
    let path = format!("checkpoints/{checkpoint}");
    dana.page(&milestone)
        .await
        .must_say("Both sides can name them.")
        .must_say("0 of 1 passed, 0 accepted by the other side");
    dana.post(&format!("{path}/pass"), &[("evidence", "")])
        .await
        .must_be(422)
        .must_say("Give the evidence: a link, a sentence that others can check, or a file.");
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes of 20 Nov")])
        .await;
    // Passed is not done: the milestone is not offered before the other side has spoken.
    dana.page(&milestone)
        .await
        .must_say("1 of 1 passed, 0 accepted by the other side")
        .must_say("Waits for Technology")
        .must_say("1 waits for the other side");
    for list in ["milestones", "initiatives"] {
        dana.page(list).await.must_say("1 of 1 passed, 1 not accepted");
    }
    assert_eq!(
        t.count(sql!("select count(*) from handshakes where kind = 'milestone'"))
            .await,
        0
    );
    kofi.page("desk").await.must_say("dana passed it · Feed live");
    dana.page("desk").await.must_not_say("passed it · Feed live");
    // Nobody accepts what their own side passed: neither who passed it, nor a manager beside them.
    let lena = t.sign_in("lena").await;
    for own in [&dana, &lena] {
        own.post(&format!("{path}/accept"), &[]).await.must_be(403);
        own.get(&format!("{path}/return")).await.must_be(403);
    }
    let version = kofi
        .page(&format!("{path}/return"))
        .await
        .must_say("Minutes of 20 Nov")
        .value("version");
    kofi.post(
        &format!("{path}/return"),
        &[("version", &version), ("missing", " ")],
    )
    .await
    .must_be(422)
    .must_say("Fill this in.");
    // What was looked at is what is accepted or returned: other evidence meanwhile is a conflict, and nothing
    // typed is lost.
    dana.takes(&format!("{path}/reopen"), &[]).await;
    let late = kofi
        .post(
            &format!("{path}/return"),
            &[("version", &version), ("missing", "Too thin.")],
        )
        .await;
    late.must_be(422)
        .must_say("It is not passed, or was opened again meanwhile.");
    assert_eq!(late.value("missing").trim(), "Too thin.");
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes of 21 Nov")])
        .await;
    kofi.post(&format!("{path}/accept"), &[("version", &version)])
        .await
        .must_be(409);
    let stale = kofi
        .post(
            &format!("{path}/return"),
            &[("version", &version), ("missing", "Too thin.")],
        )
        .await;
    stale.must_be(409).must_say("Minutes of 21 Nov");
    assert_eq!(stale.value("missing").trim(), "Too thin.");
    let version = kofi.page(&format!("{path}/return")).await.value("version");
    kofi.takes(
        &format!("{path}/return"),
        &[
            ("version", &version),
            ("missing", "The rule for returns is not in them."),
        ],
    )
    .await;
    for intrusion in [
        "delete from returned_checkpoints",
        "update returned_checkpoints set missing = 'nothing'",
    ] {
        assert!(t.state.db().raw(intrusion).await.is_err(), "{intrusion}");
    }
    dana.page(&milestone)
        .await
        .must_say("Returned by kofi: The rule for returns is not in them.")
        .must_say("0 of 1 passed");
    dana.page("desk").await.must_say("Rules agreed");
    dana.takes(
        &format!("{path}/pass"),
        &[("evidence", "Minutes of 23 Nov, with returns")],
    )
    .await;
    let version = kofi.page(&format!("{path}/return")).await.value("version");
    kofi.takes(&format!("{path}/accept"), &[("version", &version)])
        .await;
    kofi.takes(&format!("{path}/accept"), &[("version", &version)])
        .await;
    dana.page(&milestone)
        .await
        .must_say("1 of 1 passed, 1 accepted by the other side")
        .must_say("accepted 23 Nov by kofi")
        .must_say("Waiting for acceptance");
    assert_eq!(
        t.count(sql!(
            "select count(*) from handshakes where kind = 'milestone' and closed_at is null"
        ))
        .await,
        1
    );
    dana.page(&format!("{milestone}/sign"))
        .await
        .must_say("Both sides can name them.");
    // What was accepted is accepted no more once it says something else.
    let version = dana.page(&format!("{path}/edit")).await.value("version");
    let changed = [
        ("version", version.as_str()),
        ("title", "Rules agreed"),
        ("criteria", "And written down."),
        ("owner", &t.member("dana").await),
        ("due_on", "2026-12-01"),
    ];
    dana.takes(&format!("{path}/edit"), &changed).await;
    dana.page(&milestone).await.must_say("Waits for Technology");
    assert_eq!(
        t.count(sql!(
            "select count(*) from handshakes where kind = 'milestone' and closed_at is null"
        ))
        .await,
        0
    );
    dana.page("history")
        .await
        .must_say("returned the checkpoint")
        .must_say("Criteria: “Both sides can name them.” became “And written down.”");
    t.verify().await;
});

story!(who_owes_the_word_on_a_checkpoint_is_reminded, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), super::settings_with_mail()).await;
    let Plan { dana, checkpoint, .. } = planned(&t).await;
    dana.takes(
        &format!("checkpoints/{checkpoint}/pass"),
        &[("evidence", "Minutes")],
    )
    .await;
    let asked = async |days: i64| {
        let zone = crate::platform::time::Zone::get("Europe/Berlin").expect("a zone");
        t.clock
            .set(zone.start_of(super::TODAY.plus(days)).plus_seconds(8 * 3600));
        crate::desk::gather::remind_everywhere(&t.state)
            .await
            .expect("reminded");
        t.count(sql!("select count(*) from reminders where kind = 'acceptance'"))
            .await
    };
    let limit = t
        .count(sql!(
            "select signature_days from workspaces where slug = 'northwind'"
        ))
        .await;
    assert_eq!(
        (asked(limit - 1).await, asked(limit).await, asked(limit + 1).await),
        (0, 1, 2),
        "whoever owes it, then whoever waits for it"
    );
    let kofi = t.sign_in("kofi").await;
    let version = kofi
        .page(&format!("checkpoints/{checkpoint}/return"))
        .await
        .value("version");
    kofi.takes(
        &format!("checkpoints/{checkpoint}/accept"),
        &[("version", &version)],
    )
    .await;
    t.sign_in("dana")
        .await
        .page("desk")
        .await
        .must_not_say("A word on the checkpoint");
    t.verify().await;
});

story!(a_file_is_evidence_and_only_ever_saved, |t| {
    let Plan {
        dana,
        kofi,
        milestone,
        checkpoint,
        ..
    } = planned(&t).await;
    let (pass, file) = (
        format!("checkpoints/{checkpoint}/pass"),
        format!("checkpoints/{checkpoint}/file"),
    );
    kofi.get(&file).await.must_be(404);
    for (name, bytes) in [
        (
            "x.svg",
            b"<svg onload='alert(1)' xmlns='http://www.w3.org/2000/svg'/>".as_slice(),
        ),
        ("x.html", b"<script>alert(1)</script>"),
        ("x.png", b"<script>alert(1)</script>"),
        ("x.pdf", b"MZ\x90 a program"),
    ] {
        dana.upload(&pass, name, bytes)
            .await
            .must_be(422)
            .must_say("that is what its name says");
    }
    dana.upload(&pass, "x.txt", &vec![b'x'; 5_000_001])
        .await
        .must_be(422)
        .must_say("at most 5 MB");
    dana.upload(&pass, "x.txt", b"")
        .await
        .must_be(422)
        .must_say("This file is empty.")
        .must_say("“x.txt” was not kept: choose it again.");
    dana.upload(&pass, "x.txt", &vec![b'x'; 13_000_000])
        .await
        .must_be(413)
        .must_say("Nothing was saved. Go back and send less");
    assert_eq!(
        t.count(sql!("select count(*) from evidence_files")).await,
        0,
        "nothing half-written"
    );
    dana.page(&milestone).await.must_say("0 of 1 passed");
    dana.upload(&pass, "../../Grüße <b>.png", PICTURE)
        .await
        .must_be(303);
    dana.page(&milestone).await.must_say("Grüße b.png 29 bytes");
    // The same file again is a double click; another would be lost.
    dana.upload(&pass, "../../Grüße <b>.png", PICTURE)
        .await
        .must_be(303);
    dana.upload(&pass, "x.txt", b"Minutes")
        .await
        .must_be(409)
        .must_say("dana passed it on")
        .must_say("Your file was not saved: x.txt");
    dana.page(&pass)
        .await
        .must_say("dana passed it on")
        .must_not_say("was not saved");
    let saved = kofi.get(&file).await;
    saved.must_be(200);
    assert_eq!(saved.headers["content-type"], "image/png");
    assert_eq!(
        saved.headers["content-disposition"],
        "attachment; filename=\"Gr__e_b.png\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20b.png"
    );
    assert_eq!(
        saved.headers["content-security-policy"],
        "default-src 'none'; sandbox"
    );
    assert_eq!(saved.headers["x-content-type-options"], "nosniff");
    // Another workspace's people cannot tell that it exists, and it is gone with the pass that it stood for.
    let mut zoe = t.sign_in("zoe").await;
    zoe.get(&file).await.must_be(404);
    "elsewhere".clone_into(&mut zoe.slug);
    zoe.get(&file).await.must_be(404);
    t.anonymous()
        .send(
            Method::GET,
            &dana.path(&file),
            &[("accept", "application/json")],
            String::new(),
        )
        .await
        .must_be(401);
    dana.takes(&format!("checkpoints/{checkpoint}/reopen"), &[]).await;
    kofi.get(&file).await.must_be(404);
    assert_eq!(
        t.count(sql!(
            "select count(*) from evidence_files where replaced_at is not null"
        ))
        .await,
        1,
        "kept, not shown"
    );
    dana.page("history").await.must_say("Grüße b.png (");
    t.verify().await;
});

story!(
    a_milestone_given_up_leaves_the_plan_and_stays_in_the_baseline,
    |t| {
        let Plan {
            dana,
            kofi,
            initiative,
            milestone,
            checkpoint,
        } = planned(&t).await;
        let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
        let other = promise(
            &dana,
            &initiative,
            "Consent asked once",
            "2027-01-15",
            [&dana_id, &kofi_id],
            false,
        )
        .await;
        dana.takes(
            &format!("{other}/waits"),
            &[("on", &milestone_id(&dana, &milestone, &other).await)],
        )
        .await;
        let baseline = dana.takes("milestones/baselines", &[]).await;
        for who in [&dana, &kofi] {
            who.sign(&baseline).await.must_be(303);
        }
        // It even lay before both owners.
        dana.takes(
            &format!("checkpoints/{checkpoint}/pass"),
            &[("evidence", "Minutes")],
        )
        .await;
        let version = kofi
            .page(&format!("checkpoints/{checkpoint}/return"))
            .await
            .value("version");
        kofi.takes(
            &format!("checkpoints/{checkpoint}/accept"),
            &[("version", &version)],
        )
        .await;
        dana.page(&format!("{milestone}/sign")).await.must_say("Minutes");
        let archive = format!("{milestone}/archive");
        let version = dana
            .page(&archive)
            .await
            .must_say("What waits for it")
            .value("version");
        t.sign_in("ana").await.get(&archive).await.must_be(403);
        dana.post(&archive, &[("version", &version)])
            .await
            .must_be(422)
            .must_say("Fill this in.");
        dana.post(&archive, &[("version", "0"), ("because", "The vendor left.")])
            .await
            .must_be(409);
        dana.takes(
            &archive,
            &[("version", &version), ("because", "The vendor left.")],
        )
        .await;
        dana.page("milestones")
            .await
            .must_not_say("Feed live")
            .must_say("1 given up");
        dana.page("milestones/archived")
            .await
            .must_say("Feed live")
            .must_say("The vendor left.");
        dana.page("desk").await.must_not_say("Rules agreed");
        dana.page(&initiative).await.must_not_say("Feed live");
        dana.page(&baseline)
            .await
            .must_say("Feed live")
            .must_say("Archived");
        // What waited for it is told so, and can stop waiting.
        let waiting = dana.page(&other).await;
        waiting.must_say("Given up").must_say("This waits for it");
        dana.takes(&waiting.action("Wait no more for Feed live"), &[])
            .await;
        dana.page(&other).await.must_not_say("Feed live");
        dana.page(&milestone)
            .await
            .must_say("Archived")
            .must_say("The vendor left.")
            .must_not_say("Change");
        // It takes nothing more.
        dana.get(&format!("{milestone}/edit")).await.must_be(404);
        dana.post(
            &format!("{milestone}/move"),
            &[("version", "2"), ("due_on", "2027-01-01"), ("reason", "x")],
        )
        .await
        .must_be(404);
        dana.post(&archive, &[("version", "2"), ("because", "Again.")])
            .await
            .must_be(404);
        dana.page("history").await.must_say("archived the milestone");
        t.verify().await;
    }
);

story!(who_passes_has_read_what_must_hold, |t| {
    let Plan {
        dana,
        kofi,
        checkpoint,
        ..
    } = planned(&t).await;
    let path = format!("checkpoints/{checkpoint}");
    dana.page("desk").await.must_say("Both sides can name them.");
    let seen = dana
        .page(&format!("{path}/pass"))
        .await
        .must_say("Both sides can name them.")
        .value("version");
    let version = kofi.page(&format!("{path}/edit")).await.value("version");
    let stricter = [
        ("version", version.as_str()),
        ("title", "Rules agreed"),
        ("criteria", "And sign them."),
        ("owner", &t.member("dana").await),
        ("due_on", "2026-12-01"),
    ];
    kofi.takes(&format!("{path}/edit"), &stricter).await;
    let late = dana
        .post(
            &format!("{path}/pass"),
            &[("version", &seen), ("evidence", "Minutes")],
        )
        .await;
    late.must_be(409).must_say("And sign them.");
    assert_eq!(late.value("evidence"), "Minutes");
    dana.takes(
        &format!("{path}/pass"),
        &[
            ("version", &late.value("version")),
            ("evidence", "Signed minutes"),
        ],
    )
    .await;
    t.verify().await;
});

story!(nobodys_word_is_switched_off_or_given_from_both_sides, |t| {
    let Plan {
        dana,
        kofi,
        milestone,
        checkpoint,
        ..
    } = planned(&t).await;
    let path = format!("checkpoints/{checkpoint}");
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let stop_asking = async || {
        let version = dana.page(&format!("{milestone}/edit")).await.value("version");
        let plan = [
            ("version", version.as_str()),
            ("title", "Feed live"),
            ("outcome", "It runs."),
            ("driver", &dana_id),
            ("marketing_owner", &dana_id),
            ("technology_owner", &kofi_id),
        ];
        dana.post(&format!("{milestone}/edit"), &plan).await
    };
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes")])
        .await;
    stop_asking()
        .await
        .must_be(422)
        .must_say("1 checkpoint waits for the other side, or was returned by it.");
    let version = kofi.page(&format!("{path}/return")).await.value("version");
    kofi.takes(
        &format!("{path}/return"),
        &[("version", &version), ("missing", "Too thin.")],
    )
    .await;
    stop_asking().await.must_be(422);
    // Whoever passed it does not accept it from the other side, to which they were moved meanwhile.
    dana.takes(&format!("{path}/pass"), &[("evidence", "Thick minutes")])
        .await;
    let (adm, lena_id) = (t.sign_in("adm").await, t.member("lena").await);
    adm.takes(&format!("members/{dana_id}/hand-over"), &[("to", &lena_id)])
        .await;
    adm.takes(
        &format!("members/{dana_id}/edit"),
        &[("side", "technology"), ("role", "manager"), ("is_admin", "on")],
    )
    .await;
    let version = kofi.page(&format!("{path}/return")).await.value("version");
    dana.post(&format!("{path}/accept"), &[("version", &version)])
        .await
        .must_be(403);
    kofi.takes(&format!("{path}/accept"), &[("version", &version)])
        .await;
    t.verify().await;
});

story!(files_have_a_measure_for_a_member_and_for_all, |t| {
    let Plan { dana, checkpoint, .. } = planned(&t).await;
    let pass = format!("checkpoints/{checkpoint}/pass");
    dana.upload(&pass, "shot.png", PICTURE).await.must_be(303);
    dana.takes(&format!("checkpoints/{checkpoint}/reopen"), &[]).await;
    // As if she had given much more: what was replaced counts too.
    let grown = "insert into evidence_files (id, workspace_id, checkpoint_id, name, media_type, size, digest,
         content, at, by_member, replaced_at)
         select w.id, f.workspace_id, f.checkpoint_id, f.name, f.media_type, 49999990, f.digest, f.content,
         f.at, f.by_member, f.at from evidence_files f join workspaces w on w.id = f.workspace_id";
    t.state.db().raw(grown).await.expect("grown");
    dana.upload(&pass, "shot.png", PICTURE)
        .await
        .must_be(422)
        .must_say("You have added 50 MB today.");
    t.clock.advance_days(1);
    t.sign_in("dana")
        .await
        .upload(&pass, "shot.png", PICTURE)
        .await
        .must_be(303);
    t.verify().await;
});

story!(a_file_that_was_changed_behind_the_product_is_named, |t| {
    let Plan { dana, checkpoint, .. } = planned(&t).await;
    dana.upload(&format!("checkpoints/{checkpoint}/pass"), "shot.png", PICTURE)
        .await
        .must_be(303);
    let (forge, lift) = match t.state.db().engine() {
        crate::platform::db::Engine::Sqlite => (
            "update evidence_files set content = x'00'",
            "drop trigger evidence_files_are_fixed",
        ),
        crate::platform::db::Engine::Postgres => (
            "update evidence_files set content = '\\x00'",
            "drop trigger evidence_files_are_fixed on evidence_files",
        ),
    };
    assert!(t.state.db().raw(forge).await.is_err(), "the schema refuses it");
    t.state
        .db()
        .raw(lift)
        .await
        .expect("an intruder with the database's own rights");
    t.state.db().raw(forge).await.expect("forged");
    let wrong = crate::commands::findings(t.state.db()).await.expect("read");
    assert!(wrong.len() == 1 && wrong[0].contains("shot.png"), "{wrong:?}");
});

/// The id under which one milestone is chosen on another's page.
async fn milestone_id(who: &User, milestone: &str, from: &str) -> String {
    let title = who.page(milestone).await;
    let title = title.text();
    let page = who.page(from).await;
    let options = page
        .body
        .split("id=\"on\"")
        .nth(1)
        .expect("a choice")
        .split("<option value=\"")
        .skip(2)
        .map(str::to_owned);
    let found = options.map(|option| {
        (
            option[..36].to_owned(),
            option
                .split('>')
                .nth(1)
                .unwrap_or_default()
                .split('<')
                .next()
                .unwrap_or_default()
                .to_owned(),
        )
    });
    let (id, _) = found
        .into_iter()
        .find(|(_, label)| {
            label
                .rsplit(" · ")
                .next()
                .is_some_and(|name| title.contains(name))
        })
        .expect("listed");
    id
}

story!(
    what_lies_before_owners_leaves_the_table_when_the_initiative_is_closed,
    |t| {
        let Plan {
            dana,
            kofi,
            initiative,
            milestone,
            checkpoint,
        } = planned(&t).await;
        dana.takes(
            &format!("checkpoints/{checkpoint}/pass"),
            &[("evidence", "Minutes")],
        )
        .await;
        let version = kofi
            .page(&format!("checkpoints/{checkpoint}/return"))
            .await
            .value("version");
        kofi.takes(
            &format!("checkpoints/{checkpoint}/accept"),
            &[("version", &version)],
        )
        .await;
        let digest = dana.page(&format!("{milestone}/sign")).await.value("digest");
        let told = [
            ("outcome", "missed"),
            ("worked", "The rules."),
            ("failed", "The feed."),
            ("lesson", "Start earlier."),
        ];
        dana.takes(&format!("{initiative}/close"), &told).await;
        for who in [&dana, &kofi] {
            who.sign(&format!("{initiative}/retrospective"))
                .await
                .must_be(303);
        }
        dana.post(
            &format!("{milestone}/sign"),
            &[("digest", &digest), ("verdict", "agree")],
        )
        .await
        .must_be(409);
        dana.page(&milestone)
            .await
            .must_not_say("Accept for Marketing")
            .must_not_say("Open again")
            .must_not_say("Move the date");
        dana.page("")
            .await
            .must_say("Both sides have signed everything that was offered.");
        dana.page("desk").await.must_not_say("Rules agreed");
        t.verify().await;
    }
);

/// Makes one checkpoint a step of another milestone.
async fn send_with(who: &User, milestone: &str, checkpoint: &str, to: &str) -> super::Answer {
    let id = who.page(&format!("{milestone}/bulk")).await.value("id");
    who.post(
        &format!("{milestone}/bulk"),
        &[
            ("id", &id),
            ("chosen", checkpoint),
            ("days", "0"),
            ("owner", ""),
            ("to", to),
            ("step", "do"),
        ],
    )
    .await
}

story!(checkpoints_become_steps_of_another_milestone_and_come_back, |t| {
    let Plan {
        dana,
        initiative,
        milestone,
        checkpoint,
        ..
    } = planned(&t).await;
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let other = promise(
        &dana,
        &initiative,
        "Consent asked once",
        "2027-01-15",
        [&dana_id, &kofi_id],
        false,
    )
    .await;
    let stays = step(&dana, &milestone, "Sources listed", &kofi_id).await;
    let to = milestone_id(&dana, &other, &milestone).await;
    let id = dana.page(&format!("{milestone}/bulk")).await.value("id");
    let fields = |step: &'static str| {
        [
            ("id", id.clone()),
            ("chosen", checkpoint.clone()),
            ("days", "7".to_owned()),
            ("owner", String::new()),
            ("to", to.clone()),
            ("step", step.to_owned()),
        ]
    };
    let send = async |step: &'static str| {
        let fields = fields(step);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        dana.post(&format!("{milestone}/bulk"), &fields).await
    };
    send("look")
        .await
        .must_be(200)
        .must_say("This would change")
        .must_say("to One profile · Consent asked once");
    dana.page(&milestone).await.must_say("Rules agreed");
    send("do").await.must_be(303);
    send("do").await.must_be(303);
    dana.page(&milestone)
        .await
        .must_not_say("Rules agreed")
        .must_say("Sources listed");
    dana.page(&other)
        .await
        .must_say("Rules agreed")
        .must_say("Due 8 Dec");
    let undo = dana
        .page(&milestone)
        .await
        .body
        .split("/bulk/")
        .nth(1)
        .expect("a change")
        .chars()
        .take(36)
        .collect::<String>();
    dana.takes(&format!("{milestone}/bulk/{undo}/undo"), &[]).await;
    dana.page(&milestone)
        .await
        .must_say("Rules agreed")
        .must_say("Due 1 Dec");
    dana.page(&other).await.must_not_say("Rules agreed");
    // Taken to one that is given up meanwhile, they do not come back by the back door.
    send_with(&dana, &milestone, &checkpoint, &to).await.must_be(303);
    let undo = dana
        .page(&milestone)
        .await
        .body
        .split("/bulk/")
        .nth(1)
        .expect("a change")
        .chars()
        .take(36)
        .collect::<String>();
    let version = dana.page(&format!("{other}/archive")).await.value("version");
    dana.takes(
        &format!("{other}/archive"),
        &[("version", &version), ("because", "Not now.")],
    )
    .await;
    dana.post(&format!("{milestone}/bulk/{undo}/undo"), &[])
        .await
        .must_be(422)
        .must_say("given up meanwhile");
    dana.page(&other).await.must_say("Rules agreed");
    assert_eq!((tail(&milestone).as_str(), stays.len()), ("1", 36));
    t.verify().await;
});

story!(a_change_of_driver_takes_no_signature_away_and_is_on_record, |t| {
    let Plan {
        dana,
        kofi,
        milestone,
        checkpoint,
        ..
    } = planned(&t).await;
    let path = format!("checkpoints/{checkpoint}");
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes of 20 Nov")])
        .await;
    let version = kofi.page(&format!("{path}/return")).await.value("version");
    kofi.takes(&format!("{path}/accept"), &[("version", &version)])
        .await;
    // Everything that is signed is on the page on which it is signed.
    dana.page(&format!("{milestone}/sign"))
        .await
        .must_say("Feed live It runs. Due 15 Dec")
        .must_say(
            "Rules agreed Both sides can name them. Due 1 Dec · passed 23 Nov by dana: Minutes of 20 Nov",
        );
    dana.sign(&milestone).await.must_be(303);

    let (lena_id, dana_id, kofi_id, priya_id) = (
        t.member("lena").await,
        t.member("dana").await,
        t.member("kofi").await,
        t.member("priya").await,
    );
    let change = async |driver: &str, technology: &str| {
        let edit = format!("{milestone}/edit");
        let version = dana.page(&edit).await.value("version");
        let plan = [
            ("version", version.as_str()),
            ("title", "Feed live"),
            ("outcome", "It runs."),
            ("driver", driver),
            ("marketing_owner", &dana_id),
            ("technology_owner", technology),
            ("asks_other_side", "yes"),
        ];
        dana.takes(&edit, &plan).await;
    };
    change(&lena_id, &kofi_id).await;
    dana.page(&milestone).await.must_say("1 of 2 signed");
    dana.page("history?what=milestone")
        .await
        .must_say("Driver: “dana” became “lena”");
    // Before another owner it is another handshake.
    change(&lena_id, &priya_id).await;
    dana.page(&milestone).await.must_say("0 of 2 signed");
    dana.page("history?what=milestone")
        .await
        .must_say("Technology’s owner: “kofi” became “priya”");
});
