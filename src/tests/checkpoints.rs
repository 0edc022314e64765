//! A checkpoint is done when its evidence stands and, where it is asked, the other side says so.

use super::{TestApp, User};

use crate::{sql, story};

/// What a story about one milestone needs.
pub(super) struct Plan {
    pub(super) dana: User,
    pub(super) kofi: User,
    pub(super) initiative: String,
    pub(super) milestone: String,
    pub(super) checkpoint: String,
}

/// An initiative of Dana and Kofi with a milestone that asks the other side, and in it a checkpoint of
/// Dana's.
pub(super) async fn planned(t: &TestApp) -> Plan {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let initiative = initiative(t, "One profile").await;
    dana.takes(&format!("{initiative}/phase"), &[("phase", "active")])
        .await;
    for lead in [&dana, &kofi] {
        lead.sign(&format!("{initiative}/charter")).await.must_be(303);
    }
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

/// A proposed initiative of Dana and Kofi, with Lena and Priya.
pub(super) async fn initiative(t: &TestApp, title: &str) -> String {
    let dana = t.sign_in("dana").await;
    let (dana_id, kofi_id, lena_id, priya_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
        t.member("priya").await,
    );
    let id = dana.page("initiatives/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("title", title),
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
    dana.takes("initiatives/new", &fields).await
}

pub(super) async fn promise(
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

pub(super) async fn step(who: &User, milestone: &str, title: &str, owner: &str) -> String {
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

pub(super) const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";

/// Accepts what the other side marked done.
pub(super) async fn accept(who: &User, checkpoint: &str) {
    let path = format!("checkpoints/{checkpoint}");
    let version = who.page(&format!("{path}/return")).await.value("version");
    who.takes(&format!("{path}/accept"), &[("version", &version)])
        .await;
}

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
        .must_say("0 of 1 done, 0 accepted by the other side");
    dana.post(&format!("{path}/pass"), &[("evidence", "")])
        .await
        .must_be(422)
        .must_say("Add evidence: a link, a sentence that others can check, or a file.");
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes of 20 Nov")])
        .await;
    // Passed is not done: the milestone is not offered before the other side has spoken.
    dana.page(&milestone)
        .await
        .must_say("1 of 1 done, 0 accepted by the other side")
        .must_say("Technology has not accepted it")
        .must_say("1 checkpoint waits for the other side");
    for list in ["milestones", "initiatives"] {
        dana.page(list).await.must_say("1 of 1 done, 1 not accepted");
    }
    assert_eq!(
        t.count(sql!("select count(*) from handshakes where kind = 'milestone'"))
            .await,
        0
    );
    // Nor does the milestone leave the plan with what the other side is asked.
    let given_up = format!("{milestone}/archive");
    let version = dana.page(&given_up).await.value("version");
    dana.post(
        &given_up,
        &[("version", &version), ("because", "The shop is sold")],
    )
    .await
    .must_be(422)
    .must_say("“Rules agreed” is done and waits for Technology. It accepts or returns it first.");
    kofi.page("desk")
        .await
        .must_say("dana marked it done · Feed live");
    dana.page("desk").await.must_not_say("marked it done · Feed live");
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
    .must_say("This is missing.");
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
        .must_say("This checkpoint is not done, or was reopened meanwhile.");
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
    // What the other side returned does not leave the plan without it.
    dana.post(&format!("{path}/archive"), &[])
        .await
        .must_be(422)
        .must_say("It accepts it first");
    let version = dana.page(&given_up).await.value("version");
    dana.post(
        &given_up,
        &[("version", &version), ("because", "The shop is sold")],
    )
    .await
    .must_be(422)
    .must_say("Technology returned “Rules agreed”.");
    for intrusion in [
        "delete from returned_checkpoints",
        "update returned_checkpoints set missing = 'nothing'",
    ] {
        assert!(t.state.db().raw(intrusion).await.is_err(), "{intrusion}");
    }
    dana.page(&milestone)
        .await
        .must_say("Returned by kofi: The rule for returns is not in them.")
        .must_say("0 of 1 done");
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
        .must_say("1 of 1 done, 1 accepted by the other side")
        .must_say("accepted 23 Nov by kofi")
        .must_say("both sides have to accept it");
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
    dana.page(&milestone)
        .await
        .must_say("Technology has not accepted it");
    assert_eq!(
        t.count(sql!(
            "select count(*) from handshakes where kind = 'milestone' and closed_at is null"
        ))
        .await,
        0
    );
    dana.page("history")
        .await
        .must_say("sent back the checkpoint")
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
        .must_not_say("The acceptance of");
    t.verify().await;
});

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
        .must_say("1 checkpoint waits for the other side, or was returned by it");
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
        &[
            ("side", "technology"),
            ("role", "manager"),
            ("is_admin", "on"),
            ("successor", &lena_id),
        ],
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
