//! What is owed reaches whoever owes it, and only them.

use super::{
    TestApp,
    initiatives::underway,
    numbers::edit_kpi,
    settings_with_mail,
    story::{decision, reworded},
    world::World,
};
use crate::story;

story!(a_disputed_number_reaches_whoever_drives_it, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (lena, dana) = (t.member("lena").await, t.sign_in("dana").await);
    // Lena drives it from now on; Dana and Kofi own it.
    edit_kpi(&dana, &world.kpi, &[("driver", &lena)])
        .await
        .must_be(303);
    let lena = t.sign_in("lena").await;
    lena.page("desk").await.must_not_say("Correct");
    let period = format!("{}/periods/2026-10-01", world.kpi);
    let attest = [("status", "wrong"), ("insight", "Two days are missing.")];
    let digest = world.kofi.page(&period).await.value("digest");
    let mut fields = attest.to_vec();
    fields.push(("digest", digest.as_str()));
    world.kofi.takes(&format!("{period}/attest"), &fields).await;
    lena.page("desk")
        .await
        .must_say("kofi objected: Two days are missing.")
        .must_say("Correct")
        // Seven days from the objection, whenever the period ended.
        .must_say("by 30 Nov");
    t.verify().await;
});

story!(a_corrective_action_of_a_check_in_becomes_a_checkpoint, |t| {
    let world = World::with(&t, "Something of ours").await;
    let priya = t.member("priya").await;
    let check_in = format!("{}/check-in", world.initiative);
    let mut said = vec![
        ("status", "off_track"),
        ("confidence", "30"),
        ("note", "The feed is late."),
        ("next_step", "Talk to the vendor"),
        ("action", "A second feed from the archive"),
        ("action_owner", priya.as_str()),
        ("action_due_on", "2026-12-10"),
    ];
    world
        .dana
        .post(&check_in, &said)
        .await
        .must_be(422)
        .must_say("Add it as a checkpoint of");
    let form = world.dana.page(&check_in).await;
    let milestone = form.first_option("action_milestone");
    said.push(("action_milestone", &milestone));
    world.dana.takes(&check_in, &said).await;
    t.sign_in("priya")
        .await
        .page("desk")
        .await
        .must_say("A second feed from the archive")
        .must_say("Checkpoint of");
    t.verify().await;
});

story!(over_the_cap_is_said_before_anybody_asks, |t| {
    let (dana, kofi, initiative) = underway(&t).await;
    let quarter = "capacity/2026-10-01";
    let page = dana.page("capacity").await;
    let id = page.first_option("initiative");
    dana.takes(&format!("{quarter}/cap"), &[("days", "40")]).await;
    let claim = [
        ("what", "claim"),
        ("initiative", id.as_str()),
        ("marketing", "52"),
        ("technology", "1"),
    ];
    dana.takes(&format!("{quarter}/claim"), &claim).await;
    let words = "Marketing is 12 days over its limit in Q4 2026";
    for lead in [&dana, &kofi] {
        lead.page("desk").await.must_say(words);
    }
    dana.page("").await.must_say(words);
    dana.page(&initiative)
        .await
        .must_say("Marketing is 12 days over its limit in Q4. This initiative is part of that.");
    t.sign_in("lena")
        .await
        .page("desk")
        .await
        .must_not_say("over its limit");
    let reason = [("what", "override"), ("reason", "Two more come in December.")];
    kofi.takes(&format!("{quarter}/override"), &reason).await;
    for lead in [&dana, &kofi] {
        lead.sign(quarter).await.must_be(303);
    }
    dana.page("desk").await.must_not_say("over its limit");
    dana.page(&initiative).await.must_not_say("over its limit");
    t.verify().await;
});

story!(due_soon_is_a_state, |t| {
    let world = World::with(&t, "Something of ours").await;
    world.dana.page(&world.milestone).await.must_not_say("Due in");
    // The milestone is due on 20 December, with an open checkpoint.
    t.clock.advance_days(22);
    let dana = t.sign_in("dana").await;
    dana.page("desk")
        .await
        .must_say("You are the driver of this milestone.");
    dana.page("milestones").await.must_say("late");
    t.sign_in("kofi")
        .await
        .page("desk")
        .await
        .must_not_say("You are the driver of this milestone.");
    t.verify().await;
});

story!(a_signed_condition_lives_until_it_is_met_or_waived_by_both, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (path, options) = decision(&t, "Which platform?").await;
    let (lena, priya, ana) = (
        t.sign_in("lena").await,
        t.sign_in("priya").await,
        t.sign_in("ana").await,
    );
    ana.takes(
        &format!("{path}/propose"),
        &[
            ("option", &options[0]),
            ("rationale", "Fast."),
            ("stage", "adopt"),
        ],
    )
    .await;
    let sign = lena.page(&format!("{path}/sign")).await;
    let milestone = sign.first_option("milestone");
    let jonas = t.member("jonas").await;
    let verdict = [
        ("verdict", "agree_with_conditions"),
        ("reason", "Consent is kept with every address"),
        ("milestone", &milestone),
        ("owner", &jonas),
        ("due_on", "2026-12-14"),
    ];
    lena.give_verdict(&path, &verdict).await.must_be(303);
    priya.sign(&path).await.must_be(303);
    ana.page(&path)
        .await
        .must_say("Consent is kept with every address")
        .must_say("Open");
    let jonas = t.sign_in("jonas").await;
    let number = path.rsplit('/').next().expect("a number");
    let named = format!("condition of decision {number}");
    let desk = jonas.page("desk").await;
    desk.must_say(&named);
    let checkpoint = desk.body.split("/checkpoints/").nth(1).expect("a checkpoint")[..36].to_owned();
    // Nobody edits it away, nor gives it another day, owner or milestone: those were signed, too.
    let form = format!("checkpoints/{checkpoint}/edit");
    let page = world.dana.page(&form).await;
    let later = [
        ("version", page.value("version")),
        ("title", page.value("title")),
        ("criteria", page.value("criteria")),
        ("owner", page.value("owner")),
        ("due_on", "2029-12-14".to_owned()),
    ];
    let later: Vec<(&str, &str)> = later
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    world
        .dana
        .post(&form, &later)
        .await
        .must_be(422)
        .must_say("which both sides signed");
    world
        .dana
        .post(&format!("checkpoints/{checkpoint}/archive"), &[])
        .await
        .must_be(422)
        .must_say("which both sides signed");
    let close = format!("{}/close", world.initiative);
    world
        .dana
        .page(&close)
        .await
        .must_say("Conditions that are waived")
        .must_say("Consent is kept with every address");
    let said = [
        ("outcome", "achieved"),
        ("worked", "The feed."),
        ("failed", "The dates."),
        ("lesson", "Begin earlier."),
    ];
    world.dana.takes(&close, &said).await;
    for lead in [&world.dana, &world.kofi] {
        lead.page(&format!("{}/retrospective/sign", world.initiative))
            .await
            .must_say("Conditions that are waived");
        lead.sign(&format!("{}/retrospective", world.initiative))
            .await
            .must_be(303);
    }
    ana.page(&path).await.must_say("waived by both sides");
    t.verify().await;
});

story!(whoever_signed_or_answers_hears_what_became_of_it, |t| {
    let t = TestApp::with_settings(t.state.db().engine(), settings_with_mail()).await;
    let world = World::with(&t, "Something of ours").await;
    let (path, options) = decision(&t, "Which platform?").await;
    let (lena, ana) = (t.sign_in("lena").await, t.sign_in("ana").await);
    ana.takes(
        &format!("{path}/propose"),
        &[
            ("option", &options[0]),
            ("rationale", "Fast."),
            ("stage", "adopt"),
        ],
    )
    .await;
    lena.sign(&path).await.must_be(303);
    t.name_arbiter("olu").await;
    ana.page(&path)
        .await
        .must_say("If the sides do not agree within 7 days, before 1 Dec, olu decides.");
    reworded(&t, &ana, &path).await;
    let version = world
        .dana
        .page(&format!("{}/move", world.milestone))
        .await
        .value("version");
    let moved = [
        ("version", version.as_str()),
        ("due_on", "2026-12-28"),
        ("reason", "The vendor is late."),
    ];
    world
        .dana
        .takes(&format!("{}/move", world.milestone), &moved)
        .await;
    let letters = t.letters().await;
    for (to, subject) in [
        ("lena@northwind.test", "Changed after you signed: Which platform?"),
        ("kofi@northwind.test", "Moved: Something of ours"),
    ] {
        let is_there = letters.iter().any(|(at, said)| at == to && said == subject);
        assert!(is_there, "{subject} to {to}: {letters:?}");
    }
    t.verify().await;
});

story!(everything_that_is_agreed_on_can_be_talked_about, |t| {
    let world = World::with(&t, "Something of ours").await;
    let period = format!("{}/periods/2026-10-01", world.kpi);
    for place in [&world.decision, &world.milestone, &world.access, &period] {
        let said = format!("Why so late, @dana? At {place}.");
        let kofi = &world.kofi;
        kofi.post(&format!("{place}/comments"), &[("body", "")])
            .await
            .must_be(422);
        let at = kofi.takes(&format!("{place}/comments"), &[("body", &said)]).await;
        assert!(at.starts_with(place.as_str()), "{at}");
        kofi.page(place)
            .await
            .must_say("Why so late")
            .must_say("Notified: dana")
            .must_say("Withdraw");
        world.dana.page("desk").await.must_say("kofi mentioned you");
        let page = kofi.page(place).await;
        let id = &page.body.split("/comments/").nth(1).expect("a comment")[..36];
        let withdraw = format!("{place}/comments/{id}/withdraw");
        world.dana.post(&withdraw, &[]).await.must_be(403);
        let edit = format!("{place}/comments/{id}/edit");
        world.dana.get(&edit).await.must_be(403);
        kofi.page(&edit).await.must_say("Why so late");
        // A comment is edited where it was said alone.
        let elsewhere = if *place == period {
            period.replace("10-01", "09-01")
        } else {
            format!("{place}9")
        };
        kofi.get(&format!("{elsewhere}/comments/{id}/edit"))
            .await
            .must_be(404);
        let better = format!("{said} And what now, @lena?");
        kofi.post(&edit, &[("body", "")]).await.must_be(422);
        kofi.takes(&edit, &[("body", &better)]).await;
        kofi.page(place)
            .await
            .must_say("And what now")
            .must_say(", edited")
            .must_say("Notified: dana, lena");
        kofi.post(&withdraw, &[]).await.must_be(303);
        kofi.page(place).await.must_say("Withdrawn by the author");
    }
    t.sign_in("olu")
        .await
        .post(&format!("{}/comments", world.decision), &[("body", "Me too")])
        .await
        .must_be(403);
    t.verify().await;
});
