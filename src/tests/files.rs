//! Files as evidence.

use axum::http::Method;

use super::checkpoints::{PICTURE, Plan, planned};

use crate::{sql, story, tests::User};

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
        .must_say("Choose the file “x.txt” again.");
    dana.upload(&pass, "x.txt", &vec![b'x'; 13_000_000])
        .await
        .must_be(413)
        .must_say("Nothing was saved. Go back and send a smaller file");
    assert_eq!(
        t.count(sql!("select count(*) from evidence_files")).await,
        0,
        "nothing half-written"
    );
    dana.page(&milestone).await.must_say("0 of 1 done");
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
        .must_say("dana marked it done on")
        .must_say("Your file was not saved: x.txt");
    dana.page(&pass)
        .await
        .must_say("dana marked it done on")
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
    let wrong = t.wrong().await;
    assert!(
        wrong.len() == 1 && wrong[0].contains("it was added"),
        "what was grown by hand: {wrong:?}"
    );
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
    let wrong = t.wrong().await;
    assert!(
        wrong.len() == 2 && wrong[0].contains("evidence_files_are_fixed is missing"),
        "{wrong:?}"
    );
    assert!(wrong[1].contains("shot.png"), "{wrong:?}");
});

/// Makes one checkpoint a step of another milestone.
pub(super) async fn send_with(who: &User, milestone: &str, checkpoint: &str, to: &str) -> super::Answer {
    let path = format!("{milestone}/bulk");
    let id = who.page(&path).await.value("id");
    let mut fields = vec![
        ("id", id.as_str()),
        ("chosen", checkpoint),
        ("days", "0"),
        ("owner", ""),
        ("to", to),
        ("step", "look"),
    ];
    let looked = who.post(&path, &fields).await;
    if looked.status != axum::http::StatusCode::OK {
        return looked;
    }
    let previewed = looked.value("previewed");
    fields[5].1 = "do";
    fields.push(("previewed", &previewed));
    who.post(&path, &fields).await
}
