//! People leave and move: what they answered for goes to somebody who is there.

use super::{TestApp, settings_with_mail, world::World};
use crate::{handovers::read::held_by, members::write as members, platform::ids::MemberId, sql, story};

/// What still names a member as somebody who answers for it.
async fn held(t: &TestApp, name: &str) -> i64 {
    let member: MemberId = t.member(name).await.parse().expect("an id");
    let viewer = t.viewer("adm").await;
    let held = held_by(&viewer, member).await.expect("read");
    i64::try_from(held.len()).expect("few")
}

story!(whoever_leaves_hands_over_what_they_answer_for, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), settings_with_mail()).await;
    let world = World::with(&t, "Something of ours").await;
    let adm = t.sign_in("adm").await;
    let (dana, lena, ana) = (
        t.member("dana").await,
        t.member("lena").await,
        t.member("ana").await,
    );
    adm.takes(&format!("members/{dana}/hand-over"), &[("to", &lena)])
        .await;
    let disable = format!("members/{dana}/disable");
    adm.page(&format!("members/{dana}/edit"))
        .await
        .must_say("Deactivate dana…");
    let form = adm.page(&disable).await;
    for kind in [
        "Initiatives",
        "Milestones",
        "Checkpoints",
        "KPIs",
        "Goals",
        "Decisions",
    ] {
        form.must_say(kind);
    }
    form.must_say("Access asked for")
        .must_say("After that the side’s lead answers for these.");
    assert_eq!(
        form.value("successor"),
        lena,
        "the side’s lead, unless somebody else is chosen"
    );
    // Nobody is disabled as long as something would wait for them.
    adm.post(&disable, &[])
        .await
        .must_be(422)
        .must_say("Choose who takes over from dana.");
    let kofi = t.member("kofi").await;
    adm.post(&disable, &[("successor", &kofi)])
        .await
        .must_be(422)
        .must_say("Choose somebody of Marketing.");
    adm.post(&disable, &[("successor", &dana)])
        .await
        .must_be(422)
        .must_say("Choose somebody else.");
    assert!(held(&t, "dana").await > 5);
    adm.takes(&disable, &[("successor", &lena), ("kpi", &ana)]).await;
    assert_eq!(held(&t, "dana").await, 0);
    adm.page(&world.kpi).await.must_say("ana");
    adm.page(&world.milestone).await.must_say("lena");
    let lena = t.sign_in("lena").await;
    // Somebody else signs a charter that names somebody else.
    lena.page("desk").await.must_say("Charter");
    lena.page("history").await.must_say("dana → lena");
    let letters: Vec<(String, String)> = t.letters().await;
    for (to, subject) in [
        ("lena@northwind.test", "You take over from dana"),
        ("ana@northwind.test", "You take over from dana"),
        ("dana@northwind.test", "Your access to Northwind has ended"),
        ("lena@northwind.test", "You lead Marketing"),
    ] {
        let is_there = letters.iter().any(|(at, said)| at == to && said == subject);
        assert!(is_there, "{subject} to {to}: {letters:?}");
    }
    let before = letters.iter().filter(|(to, _)| to.starts_with("dana@")).count();
    t.clock.advance_days(60);
    t.wake_on(t.viewer("adm").await.today()).await;
    let after = t.letters().await;
    let after = after.iter().filter(|(to, _)| to.starts_with("dana@")).count();
    assert_eq!(after, before, "nothing more is addressed to whoever is not there");
    t.verify().await;
});

story!(whoever_moves_takes_nothing_of_the_side_along, |t| {
    let world = World::with(&t, "Something of ours").await;
    let adm = t.sign_in("adm").await;
    let (dana, lena) = (t.member("dana").await, t.member("lena").await);
    adm.takes(&format!("members/{dana}/hand-over"), &[("to", &lena)])
        .await;
    let edit = format!("members/{dana}/edit");
    let moved = [("side", "technology"), ("role", "manager")];
    let asked = adm.post(&edit, &moved).await;
    asked
        .must_be(422)
        .must_say("cannot keep what they hold now. Choose who takes it.")
        .must_say("Something of ours");
    assert_eq!(asked.value("side"), "technology", "what was chosen is kept");
    let as_observer = [("side", "marketing"), ("role", "observer")];
    adm.post(&edit, &as_observer).await.must_be(422);
    let mut fields = moved.to_vec();
    fields.push(("successor", lena.as_str()));
    adm.takes(&edit, &fields).await;
    assert_eq!(held(&t, "dana").await, 0);
    adm.page(&world.kpi).await.must_say("lena");
    // In one side's role for another nothing is given up.
    adm.takes(&edit, &[("side", "technology"), ("role", "contributor")])
        .await;
    t.verify().await;
});

story!(a_lead_stands_in_for_whoever_is_not_there, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), settings_with_mail()).await;
    let world = World::with(&t, "Something of ours").await;
    let adm = t.sign_in("adm").await;
    let (dana, lena) = (t.member("dana").await, t.member("lena").await);
    adm.takes(&format!("members/{dana}/hand-over"), &[("to", &lena)])
        .await;
    let lena = t.sign_in("lena").await;
    lena.page("desk")
        .await
        .must_not_say("Tell the leads how it is going.");
    // Kept out before there were successors: everything is still in their name.
    let viewer = t.viewer("adm").await;
    let mut tx = viewer.begin().await.expect("begun");
    let member = members::one_in(&mut tx, dana.parse().expect("an id"))
        .await
        .expect("read");
    crate::sources::write::vacate(&mut tx, member.id, "Whoever sat here left.")
        .await
        .expect("vacated");
    let (permit, event) = members::disable_in(&mut tx, &member).await.expect("disabled");
    tx.commit(permit, event).await.expect("committed");
    t.clock.advance_days(30);
    let (lena, adm) = (t.sign_in("lena").await, t.sign_in("adm").await);
    let desk = lena.page("desk").await;
    desk.must_say("Tell the leads how it is going.");
    adm.page(&world.kpi).await.must_say("dana (not here any more)");
    let before = t.letters().await.len();
    t.wake_on(t.viewer("adm").await.today()).await;
    let letters = t.letters().await;
    assert!(letters.len() > before);
    assert!(
        letters[before..].iter().all(|(to, _)| !to.starts_with("dana@")),
        "{letters:?}"
    );
    assert_eq!(
        t.count(sql!(
            "select count(*) from reminders where member_id in (select id from members \
        where disabled_at is not null)"
        ))
        .await,
        0
    );
});
