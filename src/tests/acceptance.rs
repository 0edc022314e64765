//! Who passed, who accepted, and what a change of owners leaves.

use super::checkpoints::{Plan, accept, planned, promise, step};

use crate::{
    story,
    tests::{Answer, User, files::send_with, world::tail},
};

/// Says who drives the milestone "Feed live" and who answers for it.
async fn answered_by(
    who: &User,
    milestone: &str,
    driver: &str,
    [marketing, technology]: [&str; 2],
) -> Answer {
    let edit = format!("{milestone}/edit");
    let version = who.page(&edit).await.value("version");
    let plan = [
        ("version", version.as_str()),
        ("title", "Feed live"),
        ("outcome", "It runs."),
        ("driver", driver),
        ("marketing_owner", marketing),
        ("technology_owner", technology),
        ("asks_other_side", "yes"),
    ];
    who.post(&edit, &plan).await
}

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
        accept(&kofi, &checkpoint).await;
        dana.page(&format!("{milestone}/sign")).await.must_say("Minutes");
        let archive = format!("{milestone}/archive");
        let version = dana
            .page(&archive)
            .await
            .must_say("Milestones that depend on it")
            .value("version");
        t.sign_in("ana").await.get(&archive).await.must_be(403);
        dana.post(&archive, &[("version", &version)])
            .await
            .must_be(422)
            .must_say("This is missing.");
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
            .must_say("1 cancelled");
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
        waiting
            .must_say("Cancelled")
            .must_say("This milestone depends on it");
        dana.takes(&waiting.action("Remove the dependency on Feed live"), &[])
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

/// The id under which one milestone is chosen on another's page.
async fn milestone_id(who: &User, milestone: &str, from: &str) -> String {
    let title = who.page(milestone).await.body;
    let title = title.split("<h1>").nth(1).expect("a heading");
    let title = title.split("</h1>").next().unwrap_or_default();
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
                .is_some_and(|name| title.contains(name) && !name.is_empty())
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
        accept(&kofi, &checkpoint).await;
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
            .must_not_say("Reopen")
            .must_not_say("Move the date");
        dana.page("").await.must_say("Both sides have signed everything.");
        dana.page("desk").await.must_not_say("Rules agreed");
        t.verify().await;
    }
);

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
        true,
    )
    .await;
    // Where the other side would not accept them, they do not go.
    let lenient = promise(
        &dana,
        &initiative,
        "Nobody is asked",
        "2027-01-20",
        [&dana_id, &kofi_id],
        false,
    )
    .await;
    let away = milestone_id(&dana, &lenient, &milestone).await;
    send_with(&dana, &milestone, &checkpoint, &away)
        .await
        .must_be(422)
        .must_say("The other side accepts these checkpoints one by one");
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
        let mut fields = fields;
        let previewed = format!("{checkpoint}|7|||{to}");
        fields.push(("previewed", &previewed));
        dana.post(&format!("{milestone}/bulk"), &fields).await
    };
    // A group is ticked for the preview; one date for all of them instead of days.
    let group = [
        ("id", id.as_str()),
        ("which", kofi_id.as_str()),
        ("due_on", "2026-12-20"),
        ("step", "look"),
    ];
    let looked = dana.post(&format!("{milestone}/bulk"), &group).await;
    looked.must_be(200).must_say("Sources listed").must_say("20 Dec");
    let both = [group.as_slice(), &[("days", "3")]].concat();
    dana.post(&format!("{milestone}/bulk"), &both)
        .await
        .must_be(422)
        .must_say("Write a number of days or choose a date, not both.");
    send("look")
        .await
        .must_be(200)
        .must_say("Preview")
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
    // Nor do they come back to where nobody is asked any more.
    let ask = async |asks: bool| {
        let version = dana.page(&format!("{milestone}/edit")).await.value("version");
        let mut plan = vec![
            ("version", version.as_str()),
            ("title", "Feed live"),
            ("outcome", "It runs."),
            ("driver", &dana_id),
            ("marketing_owner", &dana_id),
            ("technology_owner", &kofi_id),
        ];
        if asks {
            plan.push(("asks_other_side", "yes"));
        }
        dana.takes(&format!("{milestone}/edit"), &plan).await;
    };
    ask(false).await;
    dana.post(&format!("{milestone}/bulk/{undo}/undo"), &[])
        .await
        .must_be(422)
        .must_say("The other side accepts these checkpoints one by one");
    ask(true).await;
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
        .must_say("has been cancelled since");
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
    accept(&kofi, &checkpoint).await;
    // Everything that is signed is on the page on which it is signed.
    dana.page(&format!("{milestone}/sign"))
        .await
        .must_say("Feed live It runs. Due 15 Dec")
        .must_say(
            "Rules agreed Both sides can name them. Due 1 Dec · done 23 Nov by dana: Minutes of 20 Nov",
        );
    dana.sign(&milestone).await.must_be(303);

    let (lena_id, dana_id, kofi_id, priya_id) = (
        t.member("lena").await,
        t.member("dana").await,
        t.member("kofi").await,
        t.member("priya").await,
    );
    let change = async |who: &User, driver: &str, technology: &str| {
        answered_by(who, &milestone, driver, [&dana_id, technology]).await
    };
    change(&dana, &lena_id, &kofi_id).await.must_be(303);
    dana.page(&milestone).await.must_say("1 of 2 signed");
    dana.page("history?what=milestone")
        .await
        .must_say("Driver: “dana” became “lena”");
    // Before another owner it is another handshake.
    change(&dana, &lena_id, &priya_id)
        .await
        .must_be(422)
        .must_say("Only Technology changes who answers for it for Technology.");
    change(&kofi, &lena_id, &priya_id).await.must_be(303);
    dana.page(&milestone).await.must_say("0 of 2 signed");
    dana.page("history?what=milestone")
        .await
        .must_say("Technology’s owner: “kofi” became “priya”");
});

story!(a_milestone_is_late_by_its_own_day_wherever_it_is_named, |t| {
    let Plan {
        dana,
        kofi,
        milestone,
        checkpoint,
        ..
    } = planned(&t).await;
    dana.takes(
        &format!("checkpoints/{checkpoint}/pass"),
        &[("evidence", "Minutes")],
    )
    .await;
    accept(&kofi, &checkpoint).await;
    dana.sign(&milestone).await.must_be(303);
    // Priya answers for it now, and Kofi, her lead, hears that she does not.
    let (dana_id, priya_id) = (t.member("dana").await, t.member("priya").await);
    answered_by(&kofi, &milestone, &dana_id, [&dana_id, &priya_id])
        .await
        .must_be(303);
    dana.sign(&milestone).await.must_be(303);
    // It is due on 15 December; the signature that it lacks was to be there long before.
    let zone = crate::platform::time::Zone::get("Europe/Berlin").expect("a zone");
    t.clock
        .set(zone.start_of(super::TODAY.plus(30)).plus_seconds(8 * 3600));
    crate::desk::gather::remind_everywhere(&t.state)
        .await
        .expect("reminded");
    let (dana, kofi, priya) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("priya").await,
    );
    priya.page("desk").await.must_say("Late 8 days Feed live");
    priya.page("").await.must_say("Feed live Milestone · 8 days late");
    kofi.page("desk")
        .await
        .must_say("Late 8 days priya has not signed “Feed live”");
    for page in ["attention", "milestones"] {
        dana.page(page).await.must_say("Late 8 days");
    }
    dana.page("attention")
        .await
        .must_say("Technology has to accept it; Marketing did on 23 Nov.");
});
