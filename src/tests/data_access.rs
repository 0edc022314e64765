//! Access to data: asked for on terms, opened by the custodians, certified, prolonged, and shut.

use super::{
    Answer, TestApp, User,
    world::{World, agreed_source},
};
use crate::{
    access::write::lapse_everywhere,
    platform::time::{Day, Zone},
    sources::read::{Levels, Map},
    sql, story,
};

/// What is asked for: sources by their ids, a use, a form, and the two days.
struct Asking<'a> {
    sources: Vec<&'a str>,
    used_for: &'a str,
    form: &'a str,
    days: [&'a str; 2],
    follows: &'a str,
}

impl<'a> Asking<'a> {
    fn of(sources: &[&'a str], used_for: &'a str, days: [&'a str; 2]) -> Self {
        Self {
            sources: sources.to_vec(),
            used_for,
            form: "counts",
            days,
            follows: "",
        }
    }
}

async fn ask(who: &User, goal: &str, asking: &Asking<'_>) -> Answer {
    let id = who.page(&format!("{goal}/access")).await.value("id");
    let mut fields = vec![
        ("id", id.as_str()),
        ("kind", "data"),
        ("title", "Purchases"),
        ("use", asking.used_for),
        ("purpose", "Count who comes back."),
        ("form", asking.form),
        ("fields", "day, store, sum"),
        ("needed_on", asking.days[0]),
        ("ends_on", asking.days[1]),
        ("copies", "none"),
        ("follows", asking.follows),
    ];
    fields.extend(asking.sources.iter().map(|source| ("sources", *source)));
    who.post(&format!("{goal}/access"), &fields).await
}

async fn asked(who: &User, goal: &str, asking: &Asking<'_>) -> String {
    let place = ask(who, goal, asking).await.must_be(303).location();
    let place = place.split('?').next().unwrap_or_default();
    let number = super::world::tail(place);
    format!("access/{number}")
}

/// To the morning of a day.
fn go_to(t: &TestApp, day: Day) {
    let zone = Zone::get("Europe/Berlin").expect("a zone");
    t.clock.set(zone.start_of(day).plus_seconds(3600 * 9));
}

async fn lapse(t: &TestApp) {
    lapse_everywhere(&t.state).await.expect("lapsed");
}

/// An access to one source of a sensitivity, owned by Lena and kept by Jonas, that Ana asked for and Jonas
/// opened today.
async fn open(t: &TestApp, world: &World, sensitivity: &str, ends_on: &str) -> (String, String, String) {
    let (lena_id, jonas_id) = (t.member("lena").await, t.member("jonas").await);
    let (dana, kofi) = (&world.dana, &world.kofi);
    let name = format!("{sensitivity} purchases");
    let (_, source, used_for) = agreed_source((dana, kofi), &name, (&lena_id, &jonas_id), sensitivity).await;
    let ana = t.sign_in("ana").await;
    let asking = Asking::of(&[&source], &used_for, ["2026-11-23", ends_on]);
    let access = asked(&ana, &world.goal, &asking).await;
    t.sign_in("lena").await.sign(&access).await.must_be(303);
    // Restricted data is approved by its custodian; a lead approves the rest.
    let jonas = t.sign_in("jonas").await;
    let approver = if sensitivity == "restricted" { &jonas } else { kofi };
    approver.sign(&access).await.must_be(303);
    jonas.takes(&format!("{access}/grant"), &[]).await;
    (access, source, used_for)
}

story!(
    data_is_asked_for_out_of_agreed_sources_and_for_as_long_as_they_allow,
    |t| {
        let world = World::with(&t, "Something of ours").await;
        let (dana, kofi) = (world.dana.clone(), world.kofi.clone());
        let (lena_id, jonas_id) = (t.member("lena").await, t.member("jonas").await);
        let holders = (lena_id.as_str(), jonas_id.as_str());
        let (_, till, counting) = agreed_source((&dana, &kofi), "Till", holders, "internal").await;
        let (profiles_at, profiles, serving) =
            agreed_source((&dana, &kofi), "Profiles", holders, "restricted").await;
        let (_, website, public_use) = agreed_source((&dana, &kofi), "Website", holders, "public").await;
        let ana = t.sign_in("ana").await;
        let goal = &world.goal;
        // A source is named, an agreed one, and one that needs asking.
        let days = ["2026-12-01", "2027-02-01"];
        ask(&ana, goal, &Asking::of(&[], &counting, days))
            .await
            .must_be(422)
            .must_say("Choose at least one source.")
            .must_say("Count who comes back.");
        let draft = kofi.page("sources/new").await.value("id");
        kofi.takes(
            "sources/new",
            &[("id", &draft), ("name", "Draft"), ("holds", "Nothing yet.")],
        )
        .await;
        ask(&ana, goal, &Asking::of(&[&draft], &counting, days))
            .await
            .must_be(422)
            .must_say("have not signed the entry of Draft yet");
        ask(&ana, goal, &Asking::of(&[&website], &public_use, days))
            .await
            .must_be(422)
            .must_say("Website is public: it needs no asking.");
        ana.page(&format!("{goal}/access")).await.must_not_say("Website");
        // A use is one of the source's, and complete.
        ask(&ana, goal, &Asking::of(&[&till], &serving, days))
            .await
            .must_be(422)
            .must_say("Choose a use of one of the sources that you chose.");
        let incomplete = dana.page(&format!("{profiles_at}/uses/new")).await.value("id");
        let used = [
            ("id", incomplete.as_str()),
            ("name", "Guessing"),
            ("purpose", "train"),
            ("in_words", "Guess who buys."),
        ];
        dana.takes(&format!("{profiles_at}/uses/new"), &used).await;
        ask(&ana, goal, &Asking::of(&[&profiles], &incomplete, days))
            .await
            .must_be(422)
            .must_say("have not signed the use “Guessing”");
        dana.takes(&format!("{profiles_at}/offer"), &[]).await;
        for who in [&dana, &kofi] {
            who.sign(&profiles_at).await.must_be(303);
        }
        ask(&ana, goal, &Asking::of(&[&profiles], &incomplete, days))
            .await
            .must_be(422)
            .must_say("“Guessing” lacks the legal basis and how long it is kept.");
        // Nobody is named out of what names nobody.
        let mut named = Asking::of(&[&profiles], &serving, days);
        named.form = "named";
        ask(&ana, goal, &named)
            .await
            .must_be(422)
            .must_say("No source that you chose has people in this form.");
        // The most sensitive source decides, to the day.
        ask(
            &ana,
            goal,
            &Asking::of(&[&till, &profiles], &serving, ["2026-12-01", "2027-05-31"]),
        )
        .await
        .must_be(422)
        .must_say(
            "Restricted data is opened for 180 days at most: until 30 May 2027. It can be asked for again.",
        )
        .must_say("Count who comes back.");
        let both = Asking::of(&[&till, &profiles], &serving, ["2026-12-01", "2027-05-30"]);
        let access = asked(&ana, goal, &both).await;
        ana.page(&access)
            .await
            .must_say("Restricted")
            .must_say("Till")
            .must_say("Profiles")
            .must_say("resting on the balancing test");
        // Its owner and its custodian approve it themselves; a manager who is neither does not.
        t.sign_in("priya")
            .await
            .get(&format!("{access}/sign"))
            .await
            .must_be(403);
        for name in ["lena", "jonas"] {
            t.sign_in(name).await.sign(&access).await.must_be(303);
        }
        ana.page(&access).await.must_say("Approved by both sides");
        t.verify().await;
    }
);

story!(
    a_door_is_opened_by_its_custodian_and_never_by_whoever_asked,
    |t| {
        let world = World::with(&t, "Something of ours").await;
        let (dana, kofi) = (world.dana.clone(), world.kofi.clone());
        let (lena_id, ana_id) = (t.member("lena").await, t.member("ana").await);
        let (jonas_id, priya_id) = (t.member("jonas").await, t.member("priya").await);
        let (_, till, counting) =
            agreed_source((&dana, &kofi), "Till", (&lena_id, &jonas_id), "internal").await;
        let (_, app, _) = agreed_source((&dana, &kofi), "App", (&lena_id, &priya_id), "internal").await;
        let ana = t.sign_in("ana").await;
        let days = ["2026-11-23", "2027-02-01"];
        let access = asked(&ana, &world.goal, &Asking::of(&[&till, &app], &counting, days)).await;
        let grant = format!("{access}/grant");
        let (jonas, priya) = (t.sign_in("jonas").await, t.sign_in("priya").await);
        jonas.post(&grant, &[]).await.must_be(422);
        t.sign_in("lena").await.sign(&access).await.must_be(303);
        kofi.sign(&access).await.must_be(303);
        // Neither who asked, nor the other side, nor Technology's lead beside a custodian who is there.
        for who in [&ana, &dana, &kofi] {
            who.post(&grant, &[]).await.must_be(403);
        }
        jonas.page("desk").await.must_say("Confirm access is open");
        jonas.takes(&grant, &[]).await;
        jonas.takes(&grant, &[]).await;
        ana.page(&access)
            .await
            .must_say("Opened 23 Nov by jonas")
            .must_say("Not opened");
        jonas.page("desk").await.must_not_say("Confirm access is open");
        priya.takes(&grant, &[]).await;
        priya.takes(&grant, &[]).await;
        ana.page(&access).await.must_say("opened 23 Nov by priya");
        assert_eq!(
            t.count(sql!(
                "select count(*) from audit_events where verb = 'granted access to'"
            ))
            .await,
            2,
            "the world’s and this one, each once"
        );
        // Moved to Technology, whoever asked opens, certifies and shuts nothing of it, custodian or not.
        let second = asked(&ana, &world.goal, &Asking::of(&[&till], &counting, days)).await;
        t.sign_in("lena").await.sign(&second).await.must_be(303);
        kofi.sign(&second).await.must_be(303);
        let adm = t.sign_in("adm").await;
        let part = [
            ("side", "technology"),
            ("role", "contributor"),
            ("successor", lena_id.as_str()),
        ];
        adm.post(&format!("members/{ana_id}/part"), &part).await;
        let ana = t.sign_in("ana").await;
        for verb in ["grant", "shut", "certify"] {
            let status = ana
                .post(&format!("{second}/{verb}"), &[("word", "kept")])
                .await
                .status;
            assert!(status == 403, "{verb}: {status}");
        }
        ana.get(&format!("{second}/sign")).await.must_be(403);
        t.verify().await;
    }
);

story!(an_empty_chair_opens_and_shuts_through_its_sides_lead, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (access, ..) = open(&t, &world, "internal", "2027-02-01").await;
    let (jonas_id, kofi_id) = (t.member("jonas").await, t.member("kofi").await);
    world
        .dana
        .takes(&format!("{access}/end"), &[("because", "Done.")])
        .await;
    world.kofi.post(&format!("{access}/shut"), &[]).await.must_be(403);
    t.sign_in("adm")
        .await
        .takes(&format!("members/{jonas_id}/disable"), &[("successor", &kofi_id)])
        .await;
    world.kofi.page("desk").await.must_say("Confirm access is shut");
    world.kofi.takes(&format!("{access}/shut"), &[]).await;
    world.kofi.page(&access).await.must_say("shut 23 Nov by kofi");
    t.verify().await;
});

story!(expired_is_not_shut_until_somebody_says_so, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (access, ..) = open(&t, &world, "internal", "2027-02-01").await;
    let jonas = t.sign_in("jonas").await;
    jonas
        .post(&format!("{access}/shut"), &[])
        .await
        .must_be(422)
        .must_say("This access is not over.");
    go_to(&t, Day::new(2027, 2, 1));
    let jonas = t.sign_in("jonas").await;
    jonas.page("desk").await.must_not_say("Confirm access is shut");
    go_to(&t, Day::new(2027, 2, 2));
    let jonas = t.sign_in("jonas").await;
    jonas.page(&access).await.must_say("Its last day has passed");
    jonas.page("desk").await.must_say("Confirm access is shut");
    // Due within five working days, it needs attention from then on, for as long as it takes.
    jonas.page("attention").await.must_not_say("Access to Purchases");
    go_to(&t, Day::new(2027, 12, 1));
    let jonas = t.sign_in("jonas").await;
    jonas
        .page("attention")
        .await
        .must_say("Access to Purchases")
        .must_say("nobody has confirmed that it is shut");
    jonas
        .page("sources")
        .await
        .must_say("The access is over, but still open");
    let ana = t.sign_in("ana").await;
    ana.post(&format!("{access}/shut"), &[]).await.must_be(403);
    jonas.takes(&format!("{access}/shut"), &[]).await;
    jonas.takes(&format!("{access}/shut"), &[]).await;
    jonas.page("attention").await.must_not_say("Access to Purchases");
    go_to(&t, Day::new(2028, 3, 1));
    t.sign_in("olu")
        .await
        .page(&access)
        .await
        .must_say("by ana")
        .must_say("lena agreed")
        .must_say("kofi agreed")
        .must_say("opened 23 Nov 2026 by jonas")
        .must_say("shut 1 Dec 2027 by jonas");
    assert_eq!(
        t.count(sql!(
            "select count(*) from audit_events where verb = 'shut the access to'"
        ))
        .await,
        1
    );
    t.verify().await;
});

story!(
    what_both_sides_do_not_keep_ends_by_itself_as_was_said_before,
    |t| {
        let world = World::with(&t, "Something of ours").await;
        let (access, ..) = open(&t, &world, "restricted", "2027-05-20").await;
        let certify = format!("{access}/certify");
        let kept = [("word", "kept"), ("because", "")];
        // Opened on 23 November, it is to be certified 90 days later, and asked for two weeks before.
        let due = Day::new(2027, 2, 21);
        go_to(&t, due.plus(-15));
        t.sign_in("lena").await.post(&certify, &kept).await.must_be(409);
        go_to(&t, due.plus(-14));
        let lena = t.sign_in("lena").await;
        lena.page("desk")
            .await
            .must_say("It ends after 7 Mar unless both sides keep it.");
        // Not whoever asked, not a manager beside the custodian, and not without a reason where it is not
        // kept.
        t.sign_in("ana").await.post(&certify, &kept).await.must_be(403);
        t.sign_in("priya").await.post(&certify, &kept).await.must_be(403);
        lena.post(&certify, &[("word", "narrowed"), ("because", "")])
            .await
            .must_be(422)
            .must_say("Say why in a sentence.");
        lena.takes(&certify, &kept).await;
        lena.takes(&certify, &kept).await;
        lena.page("desk").await.must_not_say("Keep or end");
        // One side is not enough: on the 15th day after it is over, with that reason.
        go_to(&t, due.plus(1));
        t.sign_in("olu")
            .await
            .page("attention")
            .await
            .must_say("Technology has not said whether it is still needed. It ends by itself after 7 Mar.");
        go_to(&t, due.plus(14));
        lapse(&t).await;
        t.sign_in("ana")
            .await
            .page(&access)
            .await
            .must_not_say("Not certified");
        go_to(&t, due.plus(15));
        let ana = t.sign_in("ana").await;
        ana.page(&access)
            .await
            .must_say("Ended by itself: not kept by both sides");
        t.sign_in("jonas").await.post(&certify, &kept).await.must_be(409);
        lapse(&t).await;
        lapse(&t).await;
        ana.page(&access)
            .await
            .must_say("Not certified: Technology did not keep it within 14 days after 21 February 2027.");
        assert_eq!(
            t.count(sql!(
                "select count(*) from audit_events where verb = 'ended, on its day, the access to'"
            ))
            .await,
            1
        );
        t.sign_in("jonas")
            .await
            .takes(&format!("{access}/shut"), &[])
            .await;
        t.verify().await;
    }
);

story!(kept_by_both_it_goes_on_and_is_asked_for_again, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (access, ..) = open(&t, &world, "restricted", "2027-05-20").await;
    let certify = format!("{access}/certify");
    go_to(&t, Day::new(2027, 2, 10));
    for name in ["lena", "jonas"] {
        let who = t.sign_in(name).await;
        who.page(&certify).await.must_say("still needed?");
        who.takes(&certify, &[("word", "kept"), ("because", "")]).await;
    }
    let ana = t.sign_in("ana").await;
    ana.page(&access)
        .await
        .must_say("Technology: jonas kept it on 10 Feb, due 21 Feb")
        .must_say("Both sides say by 11 May whether it is still needed.");
    // Less would do: whoever asked hears of it, and it is not kept.
    go_to(&t, Day::new(2027, 5, 1));
    let narrowed = [("word", "narrowed"), ("because", "Counts would do.")];
    t.sign_in("lena").await.takes(&certify, &narrowed).await;
    t.sign_in("ana")
        .await
        .page(&access)
        .await
        .must_say("Marketing: lena said that less would do on 1 May, due 11 May: Counts would do.");
    // Ended is ended at once.
    let ended = [("word", "ended"), ("because", "The cube is closed.")];
    t.sign_in("jonas").await.takes(&certify, &ended).await;
    t.sign_in("ana")
        .await
        .page(&access)
        .await
        .must_say("The cube is closed.")
        .must_say("Ended early");
    t.verify().await;
});

story!(prolonging_is_asking_again_and_leaves_no_gap, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (access, source, used_for) = open(&t, &world, "internal", "2027-02-01").await;
    let ana = t.sign_in("ana").await;
    ana.page(&access).await.must_not_say("Ask to prolong");
    go_to(&t, Day::new(2027, 1, 2));
    let ana = t.sign_in("ana").await;
    ana.page(&access).await.must_say("Ask to prolong");
    ana.page("desk")
        .await
        .must_say("Ask to prolong it if it is still needed.");
    let number = super::world::tail(&access);
    let page = ana.page(&format!("{}/access?follows={number}", world.goal)).await;
    assert_eq!(
        page.value("needed_on"),
        "2027-02-01",
        "from the other’s last day on"
    );
    assert_eq!(page.value("fields"), "day, store, sum");
    let mut asking = Asking::of(&[&source], &used_for, ["2027-02-01", "2027-06-01"]);
    asking.follows = &number;
    let next = asked(&ana, &world.goal, &asking).await;
    ana.page("desk").await.must_not_say("Ask to prolong it");
    ana.page(&next).await.must_say(&format!("request {number}"));
    // Both sides sign anew, and somebody opens it; the other keeps its dates.
    t.sign_in("lena").await.sign(&next).await.must_be(303);
    t.sign_in("kofi").await.sign(&next).await.must_be(303);
    go_to(&t, Day::new(2027, 2, 1));
    t.sign_in("jonas")
        .await
        .takes(&format!("{next}/grant"), &[])
        .await;
    let ana = t.sign_in("ana").await;
    ana.page(&access).await.must_say("1 February 2027");
    // In the same form, fields and sources the door stays open: nothing is to be shut until both are over.
    go_to(&t, Day::new(2027, 3, 1));
    let jonas = t.sign_in("jonas").await;
    jonas.page(&access).await.must_say("Its last day has passed");
    jonas.page("desk").await.must_not_say("Confirm access is shut");
    go_to(&t, Day::new(2027, 6, 2));
    let jonas = t.sign_in("jonas").await;
    jonas.page("desk").await.must_say("Confirm access is shut");
    t.verify().await;
});

story!(what_becomes_more_sensitive_is_certified_sooner, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (access, ..) = open(&t, &world, "internal", "2028-01-30").await;
    let ana = t.sign_in("ana").await;
    ana.page(&access)
        .await
        .must_say("Both sides say by 23 Nov 2027 whether it is still needed.");
    let number = t
        .count(sql!(
            "select max(number) from sources where agreed_at is not null"
        ))
        .await;
    let place = format!("sources/{number}");
    let kofi = &world.kofi;
    let edit = kofi.page(&format!("{place}/edit")).await;
    let fields = [
        ("version", edit.value("version")),
        ("name", edit.value("name")),
        ("holds", "What customers bought.".to_owned()),
        ("sensitivity", "restricted".to_owned()),
        ("form", "pseudonymous".to_owned()),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    kofi.takes(&format!("{place}/edit"), &fields).await;
    kofi.takes(&format!("{place}/offer"), &[]).await;
    lapse(&t).await;
    ana.page(&access).await.must_say("by 23 Nov 2027");
    for who in [&world.dana, kofi] {
        who.sign(&place).await.must_be(303);
    }
    lapse(&t).await;
    lapse(&t).await;
    ana.page(&access)
        .await
        .must_say("Both sides say by 7 Dec whether it is still needed.")
        .must_say("It lasts longer than is allowed now: its data is Restricted today.");
    world
        .dana
        .post(&format!("{place}/uses/1/remove"), &[])
        .await
        .must_be(422)
        .must_say("Access rests on this use: “Purchases”. End it first.");
    t.verify().await;
});

story!(a_goal_given_up_asks_whether_its_access_is_still_needed, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (access, ..) = open(&t, &world, "internal", "2027-11-01").await;
    t.sign_in("lena")
        .await
        .page("desk")
        .await
        .must_not_say("Keep or end");
    let page = world.dana.page(&format!("{}/archive", world.goal)).await;
    let version = page.value("version");
    let fields = [
        ("version", version.as_str()),
        ("because", "Another matters more."),
    ];
    world
        .dana
        .takes(&format!("{}/archive", world.goal), &fields)
        .await;
    t.sign_in("lena").await.page("desk").await.must_say("Keep or end");
    t.sign_in("ana")
        .await
        .page(&access)
        .await
        .must_say("Both sides say by 23 Nov whether it is still needed.");
    t.verify().await;
});

story!(what_was_late_on_a_source_is_counted_for_half_a_year, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (lena_id, jonas_id) = (t.member("lena").await, t.member("jonas").await);
    let leads = (&world.dana, &world.kofi);
    let (_, source, used_for) =
        agreed_source(leads, "Purchases of old", (&lena_id, &jonas_id), "internal").await;
    let ana = t.sign_in("ana").await;
    let asking = Asking::of(&[&source], &used_for, ["2026-11-23", "2027-11-01"]);
    let access = asked(&ana, &world.goal, &asking).await;
    for name in ["lena", "kofi"] {
        t.sign_in(name).await.sign(&access).await.must_be(303);
    }
    let late = async || {
        let viewer = t.viewer("dana").await;
        let map = Map::read(&viewer).await.expect("the map");
        let levels = Levels::read(&viewer, &map).await.expect("the levels");
        let id = source.parse().expect("an id");
        levels.of(id).expect("its levels").facts.late.join(" ")
    };
    let said = "Access was opened late within the last 180 days.";
    let start = super::TODAY;
    go_to(&t, start.plus(30));
    assert!(!late().await.contains(said));
    t.sign_in("jonas")
        .await
        .takes(&format!("{access}/grant"), &[])
        .await;
    assert!(late().await.contains(said), "{}", late().await);
    go_to(&t, start.plus(30 + 180));
    assert!(late().await.contains(said));
    go_to(&t, start.plus(30 + 181));
    assert!(!late().await.contains(said));
    t.verify().await;
});

story!(an_access_whose_goal_is_over_is_certified_once_for_that, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (access, ..) = open(&t, &world, "internal", "2027-11-01").await;
    // The last day of its goal.
    let last = Day::new(2027, 6, 30);
    go_to(&t, last);
    lapse(&t).await;
    let ana = t.sign_in("ana").await;
    ana.page(&access).await.must_not_say("whether it is still needed");
    go_to(&t, last.plus(1));
    lapse(&t).await;
    lapse(&t).await;
    let until = last.plus(15).format(last);
    let ana = t.sign_in("ana").await;
    ana.page(&access)
        .await
        .must_say(&format!("Both sides say by {until} whether it is still needed."));
    for name in ["lena", "jonas"] {
        let kept = [("word", "kept"), ("because", "")];
        t.sign_in(name)
            .await
            .takes(&format!("{access}/certify"), &kept)
            .await;
    }
    go_to(&t, last.plus(30));
    lapse(&t).await;
    t.sign_in("ana")
        .await
        .page(&access)
        .await
        .must_not_say("whether it is still needed");
    t.verify().await;
});

story!(copies_are_gone_when_whoever_asked_says_so, |t| {
    let world = World::with(&t, "Something of ours").await;
    let copies = format!("{}/copies", world.kept);
    let ana = t.sign_in("ana").await;
    ana.get(&copies).await.must_be(403);
    world.kofi.get(&copies).await.must_be(403);
    go_to(&t, Day::new(2027, 5, 24));
    let dana = t.sign_in("dana").await;
    dana.page("desk")
        .await
        .must_say("Delete what was copied, and say how.");
    go_to(&t, Day::new(2027, 6, 5));
    let dana = t.sign_in("dana").await;
    dana.page(&world.kept)
        .await
        .must_say("Its copies are to be deleted: 5 days late.");
    dana.post(&copies, &[("how", "")]).await.must_be(422);
    dana.takes(&copies, &[("how", "The folder of the team; I emptied it.")])
        .await;
    dana.takes(&copies, &[("how", "Again.")]).await;
    dana.page(&world.kept)
        .await
        .must_say("The copies are gone since 5 Jun: The folder of the team; I emptied it.");
    dana.page("desk").await.must_not_say("Delete what was copied");
    t.verify().await;
});

story!(an_access_whose_copies_are_gone_is_certified_like_any_other, |t| {
    let world = World::with(&t, "Something of ours").await;
    go_to(&t, Day::new(2027, 5, 20));
    let dana = t.sign_in("dana").await;
    // A week before the day by which they are to be gone they may not be yet; the access lasts until today.
    dana.post(&format!("{}/copies", world.kept), &[("how", "Emptied.")])
        .await
        .must_be(409);
    let (lena_id, jonas_id) = (t.member("lena").await, t.member("jonas").await);
    let holders = (lena_id.as_str(), jonas_id.as_str());
    let kofi = t.sign_in("kofi").await;
    let (_, source, used_for) = agreed_source((&dana, &kofi), "Till", holders, "restricted").await;
    let ana = t.sign_in("ana").await;
    let id = ana.page(&format!("{}/access", world.goal)).await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("kind", "data"),
        ("title", "Purchases"),
        ("sources", source.as_str()),
        ("use", used_for.as_str()),
        ("purpose", "Count who comes back."),
        ("form", "counts"),
        ("fields", "day, store, sum"),
        ("needed_on", "2027-05-20"),
        ("ends_on", "2027-11-01"),
        ("copies", "deleted"),
        ("copies_until", "2027-05-25"),
    ];
    let access = ana.takes(&format!("{}/access", world.goal), &fields).await;
    for name in ["lena", "jonas"] {
        t.sign_in(name).await.sign(&access).await.must_be(303);
    }
    t.sign_in("jonas")
        .await
        .takes(&format!("{access}/grant"), &[])
        .await;
    ana.takes(&format!("{access}/copies"), &[("how", "Emptied.")])
        .await;
    go_to(&t, Day::new(2027, 8, 10));
    for name in ["lena", "jonas"] {
        let who = t.sign_in(name).await;
        who.takes(&format!("{access}/certify"), &[("word", "kept"), ("because", "")])
            .await;
    }
    lapse(&t).await;
    t.sign_in("olu")
        .await
        .page(&access)
        .await
        .must_say("Technology: jonas kept it on 10 Aug")
        .must_say("The copies are gone since 20 May: Emptied.");
    t.verify().await;
});

story!(what_was_asked_for_is_opened_on_its_days_and_terms_alone, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (dana, kofi) = (world.dana.clone(), world.kofi.clone());
    let (lena_id, jonas_id) = (t.member("lena").await, t.member("jonas").await);
    let holders = (lena_id.as_str(), jonas_id.as_str());
    let (till_at, till, counting) = agreed_source((&dana, &kofi), "Till", holders, "confidential").await;
    let ana = t.sign_in("ana").await;
    let goal = &world.goal;
    // Nobody asks years ahead, and nothing is opened before its first day.
    ask(
        &ana,
        goal,
        &Asking::of(&[&till], &counting, ["2028-01-01", "2028-02-01"]),
    )
    .await
    .must_be(422)
    .must_say("Choose a day within a year.");
    let later = Asking::of(&[&till, &till], &counting, ["2026-12-01", "2027-02-01"]);
    let access = asked(&ana, goal, &later).await;
    for name in ["lena", "priya"] {
        t.sign_in(name).await.sign(&access).await.must_be(303);
    }
    let jonas = t.sign_in("jonas").await;
    jonas.page(&access).await.must_not_say("Confirm access is open");
    jonas
        .post(&format!("{access}/grant"), &[])
        .await
        .must_be(422)
        .must_say("Its first day is 1 December 2026.");
    // Only an open access of one's own is prolonged.
    let number = super::world::tail(&access);
    let mut following = Asking::of(&[&till], &counting, ["2026-12-01", "2027-06-01"]);
    following.follows = &number;
    for who in [&ana, &dana] {
        ask(who, goal, &following)
            .await
            .must_be(422)
            .must_say("Only an open access of your own can be prolonged.");
    }
    let kept = super::world::tail(&world.kept);
    following.follows = &kept;
    ask(&ana, goal, &following).await.must_be(422);
    // A source that people have access to is not retired under them.
    kofi.post(&format!("{till_at}/retire"), &[("because", "Old.")])
        .await
        .must_be(422)
        .must_say("Access to it is open or asked for: “Purchases”.");
    // What became more sensitive meanwhile is asked for again, and not approved or opened as it was.
    let waiting = asked(
        &ana,
        goal,
        &Asking::of(&[&till], &counting, ["2026-11-23", "2027-02-01"]),
    )
    .await;
    let edit = kofi.page(&format!("{till_at}/edit")).await;
    let (version, name) = (edit.value("version"), edit.value("name"));
    let raised = [
        ("version", version.as_str()),
        ("name", name.as_str()),
        ("holds", "What customers bought."),
        ("sensitivity", "restricted"),
        ("form", "pseudonymous"),
    ];
    kofi.takes(&format!("{till_at}/edit"), &raised).await;
    kofi.takes(&format!("{till_at}/offer"), &[]).await;
    for who in [&dana, &kofi] {
        who.sign(&till_at).await.must_be(303);
    }
    t.sign_in("lena")
        .await
        .sign(&waiting)
        .await
        .must_be(422)
        .must_say("Its data is Restricted by now, which allows less.");
    go_to(&t, Day::new(2026, 12, 1));
    t.sign_in("jonas")
        .await
        .post(&format!("{access}/grant"), &[])
        .await
        .must_be(422)
        .must_say("Its data is Restricted by now");
    // Taken back, it keeps its terms.
    t.sign_in("ana")
        .await
        .takes(&format!("{waiting}/end"), &[("because", "Asked again.")])
        .await;
    t.sign_in("olu")
        .await
        .page(&waiting)
        .await
        .must_say("day, store, sum");
    t.verify().await;
});

story!(restricted_data_is_approved_by_who_holds_it_today, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (dana, kofi) = (world.dana.clone(), world.kofi.clone());
    let (lena_id, jonas_id, priya_id) = (
        t.member("lena").await,
        t.member("jonas").await,
        t.member("priya").await,
    );
    let (place, source, used_for) =
        agreed_source((&dana, &kofi), "Profiles", (&lena_id, &jonas_id), "restricted").await;
    let ana = t.sign_in("ana").await;
    let asking = Asking::of(&[&source], &used_for, ["2026-11-23", "2027-02-01"]);
    let access = asked(&ana, &world.goal, &asking).await;
    // A lead does not stand in while somebody sits there.
    dana.page(&access).await.must_not_say("Approve for Marketing");
    dana.sign(&access)
        .await
        .must_be(422)
        .must_say("lena answers for this data and approves it");
    // Who sits there by now approves, and not who did.
    let given = [
        ("chair", "custodian"),
        ("seen", jonas_id.as_str()),
        ("member", priya_id.as_str()),
    ];
    t.sign_in("jonas")
        .await
        .takes(&format!("{place}/chairs"), &given)
        .await;
    lapse(&t).await;
    lapse(&t).await;
    t.sign_in("jonas")
        .await
        .get(&format!("{access}/sign"))
        .await
        .must_be(403);
    for name in ["lena", "priya"] {
        t.sign_in(name).await.sign(&access).await.must_be(303);
    }
    // Nobody asks for what nobody else could open.
    let own = ask(&t.sign_in("priya").await, &world.goal, &asking).await;
    own.must_be(303);
    kofi.takes(
        &format!("{place}/chairs"),
        &[
            ("chair", "custodian"),
            ("seen", priya_id.as_str()),
            ("member", &t.member("kofi").await),
        ],
    )
    .await;
    ask(&kofi, &world.goal, &asking)
        .await
        .must_be(422)
        .must_say("Nobody but you could open Profiles.");
    t.verify().await;
});

story!(a_door_that_was_opened_alone_is_shut_too, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (dana, kofi) = (world.dana.clone(), world.kofi.clone());
    let (lena_id, jonas_id, priya_id) = (
        t.member("lena").await,
        t.member("jonas").await,
        t.member("priya").await,
    );
    let (_, till, counting) = agreed_source((&dana, &kofi), "Till", (&lena_id, &jonas_id), "internal").await;
    let (_, app, _) = agreed_source((&dana, &kofi), "App", (&lena_id, &priya_id), "internal").await;
    let ana = t.sign_in("ana").await;
    let both = Asking::of(&[&till, &app], &counting, ["2026-11-23", "2027-02-01"]);
    let access = asked(&ana, &world.goal, &both).await;
    t.sign_in("lena").await.sign(&access).await.must_be(303);
    kofi.sign(&access).await.must_be(303);
    let jonas = t.sign_in("jonas").await;
    jonas.takes(&format!("{access}/grant"), &[]).await;
    ana.takes(&format!("{access}/end"), &[("because", "Not needed.")])
        .await;
    jonas.page("desk").await.must_say("Confirm access is shut");
    jonas.page(&access).await.must_say("Confirm access is shut");
    jonas.takes(&format!("{access}/shut"), &[]).await;
    jonas.page("desk").await.must_not_say("Confirm access is shut");
    t.verify().await;
});
