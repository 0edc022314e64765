//! What somebody said outlives what others save, plan or retire; and what was recorded by mistake can be left
//! out.

use super::{
    TestApp, User,
    checkpoints::{Plan, planned, promise, step},
    numbers::{edit_kpi, kpi},
    reviews::{ended, resolve, running, sealed},
    sources::source,
    story::decision,
    world::World,
};
use crate::{sql, story};

/// The id of the checkpoint with this title.
pub(super) async fn checkpoint(who: &User, milestone: &str, title: &str) -> String {
    let page = who.page(milestone).await;
    page.must_say(title);
    let before = page.body.split(title).next().expect("a row");
    before.rsplit("checkpoint-").next().expect("an id")[..36].to_owned()
}

/// Proposes a target for October; gives the place of the proposal.
async fn aim(who: &User, kpi: &str, low: &str) -> String {
    let targets = format!("{kpi}/targets");
    let version = who.page(&targets).await.value("version");
    let fields = [("version", version.as_str()), ("low-2026-10-01", low)];
    who.takes(&targets, &fields).await;
    format!("{targets}/proposal")
}

pub(super) async fn give_up(who: &User, milestone: &str) -> super::Answer {
    let archive = format!("{milestone}/archive");
    let version = who.page(&archive).await.value("version");
    let fields = [("version", version.as_str()), ("because", "The shop is sold")];
    who.post(&archive, &fields).await
}

/// Gives Priya an action in the first review, with Dana's milestone; gives the review and the action.
pub(super) async fn taken_on(t: &TestApp, dana: &User, title: &str) -> (String, String) {
    let review = running(dana, "2026-11-23").await;
    let milestone = dana
        .page(&format!("{review}/present/1"))
        .await
        .first_option("milestone");
    let priya = t.member("priya").await;
    let given = [
        ("action", title),
        ("owner", priya.as_str()),
        ("due_on", "2026-12-15"),
        ("milestone", &milestone),
    ];
    dana.takes(&format!("{review}/present/1/actions"), &given).await;
    let page = dana.page(&format!("{review}/present/1")).await;
    let at = page.body.find(title).expect("the action");
    let id = page.body[at..].split("action-").nth(1).map_or("", |id| &id[..36]);
    (review, id.to_owned())
}

story!(
    what_a_side_took_on_in_a_review_is_changed_and_done_by_that_side,
    |t| {
        let Plan {
            dana,
            kofi,
            milestone,
            ..
        } = planned(&t).await;
        let (review, _) = taken_on(&t, &dana, "Nightly feed").await;
        ended(&dana, &review).await;
        sealed(&t, &review).await;
        let (lena, priya) = (t.sign_in("lena").await, t.sign_in("priya").await);
        let path = format!(
            "checkpoints/{}",
            checkpoint(&dana, &milestone, "Nightly feed").await
        );
        let theirs = "Technology took this on in review 1.";
        lena.post(&format!("{path}/archive"), &[])
            .await
            .must_be(422)
            .must_say(theirs);
        let form = dana.page(&format!("{path}/edit")).await;
        let kept = ["version", "criteria", "owner", "due_on"].map(|name| (name, form.value(name)));
        let mut changed: Vec<(&str, &str)> =
            kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        changed.push(("title", "Nothing to do"));
        dana.post(&format!("{path}/edit"), &changed)
            .await
            .must_be(422)
            .must_say(theirs);
        lena.post(&format!("{path}/pass"), &[("evidence", "Nothing was to do.")])
            .await
            .must_be(422)
            .must_say("Only its owner or Technology can mark it done.");
        let offered = format!("a[href$='{path}/pass']");
        assert!(
            !lena.page(&milestone).await.has(&offered),
            "no button for a refusal"
        );
        assert!(kofi.page(&milestone).await.has(&offered), "a lead of the side");
        give_up(&dana, &milestone).await.must_be(422).must_say(theirs);
        // Where its milestone is gone, it is an action again, which its owner settles.
        give_up(&kofi, &milestone).await.must_be(303);
        priya.page("desk").await.must_say("Nightly feed");
        let record = priya.page(&review).await;
        let at = record.body.find("Nightly feed").expect("the action");
        let id = &record.body[at..]
            .split("/actions/")
            .nth(1)
            .expect("a link to settle it")[..36];
        let settle = format!("{review}/actions/{id}");
        let version = priya.page(&settle).await.value("version");
        priya
            .takes(&settle, &[("version", &version), ("became", "done")])
            .await;
        t.verify().await;
    }
);

story!(
    a_condition_is_met_by_the_word_of_its_owner_or_of_who_set_it,
    |t| {
        let Plan {
            dana,
            kofi,
            initiative,
            ..
        } = planned(&t).await;
        let (dana_id, kofi_id, jonas) = (
            t.member("dana").await,
            t.member("kofi").await,
            t.member("jonas").await,
        );
        let owners = [dana_id.as_str(), kofi_id.as_str()];
        let milestone = promise(&dana, &initiative, "Store feed", "2026-12-15", owners, false).await;
        let (question, options) = decision(&t, "Which platform?").await;
        let proposal = [
            ("option", options[0].as_str()),
            ("rationale", "Fastest."),
            ("kind", "technology"),
            ("name", "Meridian"),
            ("purpose", "Profiles"),
            ("marketing_owner", &dana_id),
            ("technology_owner", &kofi_id),
            ("stage", "adopt"),
        ];
        let (ana, lena) = (t.sign_in("ana").await, t.sign_in("lena").await);
        ana.takes(&format!("{question}/propose"), &proposal).await;
        let target = kofi
            .page(&format!("{question}/sign"))
            .await
            .option_named("milestone", "One profile · Store feed");
        let verdict = [
            ("verdict", "agree_with_conditions"),
            ("reason", "Consent is kept with every address"),
            ("milestone", &target),
            ("owner", &jonas),
            ("due_on", "2026-12-14"),
        ];
        kofi.give_verdict(&question, &verdict).await.must_be(303);
        dana.sign(&question).await.must_be(303);
        let path = format!(
            "checkpoints/{}",
            checkpoint(&dana, &milestone, "Consent is kept with every address").await
        );
        for other in [&lena, &dana] {
            other
                .post(&format!("{path}/pass"), &[("evidence", "Trust me.")])
                .await
                .must_be(422)
                .must_say("Technology set this condition. Only its owner or Technology can mark it done.");
            let offered = other.page(&milestone).await;
            assert!(
                !offered.has(&format!("a[href$='{path}/pass']")),
                "no button for a refusal"
            );
        }
        give_up(&dana, &milestone).await.must_be(422);
        t.sign_in("jonas")
            .await
            .takes(&format!("{path}/pass"), &[("evidence", "The table has it.")])
            .await;
        give_up(&dana, &milestone).await.must_be(303);
        t.verify().await;
    }
);

story!(limits_and_formulas_that_both_signed_bind_without_targets, |t| {
    let (path, _) = kpi(&t, "Orders", "", "increase").await;
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let proposal = aim(&dana, &path, "20").await;
    edit_kpi(&lena, &path, &[("watch", "80"), ("act", "60")])
        .await
        .must_be(303);
    // The target is taken out again: the limits alone lie before both.
    aim(&dana, &path, "").await;
    for owner in [&dana, &kofi] {
        owner.sign(&proposal).await.must_be(303);
    }
    edit_kpi(&lena, &path, &[("watch", "50"), ("act", "10")])
        .await
        .must_be(303);
    lena.page(&path)
        .await
        .must_say("New limits wait for both owners.");
    edit_kpi(&lena, &path, &[("direction", "decrease")])
        .await
        .must_be(422);
    t.verify().await;
});

story!(saving_a_page_as_it_was_wipes_no_objection_off, |t| {
    let (path, _) = kpi(&t, "Orders", "", "increase").await;
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let proposal = aim(&dana, &path, "20").await;
    let object = [("verdict", "object"), ("reason", "Twenty is last year.")];
    kofi.give_verdict(&proposal, &object).await.must_be(303);
    edit_kpi(&lena, &path, &[]).await.must_be(303);
    dana.page(&proposal).await.must_say("Twenty is last year.");

    let id = dana.page("definition/clauses/new").await.value("id");
    let clause = [
        ("id", id.as_str()),
        ("title", "Known"),
        ("promise", "We know you."),
        ("for_marketing", "One list."),
        ("for_technology", "One service."),
    ];
    dana.takes("definition/clauses/new", &clause).await;
    let version = dana.takes("definition/propose", &[]).await;
    let object = [("verdict", "object"), ("reason", "Nobody funds it.")];
    kofi.give_verdict(&version, &object).await.must_be(303);
    let edit = format!("definition/clauses/{id}/edit");
    let form = lena.page(&edit).await;
    let shown = ["version", "title", "promise", "for_marketing", "for_technology"]
        .map(|name| (name, form.value(name)));
    let fields: Vec<(&str, &str)> = shown
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    lena.post(&edit, &fields).await.must_be(303);
    dana.page(&version).await.must_say("Nobody funds it.");
    t.verify().await;
});

story!(saving_an_option_as_it_was_wipes_no_objection_off, |t| {
    let (question, options) = decision(&t, "Which platform?").await;
    let (ana, kofi) = (t.sign_in("ana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let proposal = [
        ("option", options[0].as_str()),
        ("rationale", "Fastest."),
        ("kind", "technology"),
        ("name", "Meridian"),
        ("purpose", "Profiles"),
        ("marketing_owner", &dana_id),
        ("technology_owner", &kofi_id),
        ("stage", "adopt"),
    ];
    ana.takes(&format!("{question}/propose"), &proposal).await;
    let object = [("verdict", "object"), ("reason", "Nobody runs it.")];
    kofi.give_verdict(&question, &object).await.must_be(303);
    let edit = format!("{question}/options/{}/edit", options[0]);
    let form = ana.page(&edit).await;
    let names = [
        "version",
        "title",
        "advantages",
        "drawbacks",
        "effort",
        "risk",
        "one_off_cost",
        "yearly_cost",
    ];
    let shown = names.map(|name| (name, form.value(name)));
    let mut fields: Vec<(&str, &str)> = shown
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    ana.takes(&edit, &fields).await;
    ana.page(&question).await.must_say("Technology objected.");
    // Another text takes it off the table.
    if let Some((_, title)) = fields.iter_mut().find(|(name, _)| *name == "title") {
        *title = "Another one";
    }
    ana.takes(&edit, &fields).await;
    ana.page(&question).await.must_not_say("Technology objected.");
    t.verify().await;
});

story!(saving_a_milestone_as_it_was_wipes_no_objection_off, |t| {
    let Plan {
        dana,
        kofi,
        initiative,
        ..
    } = planned(&t).await;
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let owners = [dana_id.as_str(), kofi_id.as_str()];
    let milestone = promise(&dana, &initiative, "Store feed", "2026-12-15", owners, false).await;
    let done = step(&dana, &milestone, "Feed runs", &dana_id).await;
    dana.takes(&format!("checkpoints/{done}/pass"), &[("evidence", "It runs.")])
        .await;
    let object = [("verdict", "object"), ("reason", "It stops at night.")];
    kofi.give_verdict(&milestone, &object).await.must_be(303);
    let edit = format!("{milestone}/edit");
    let version = dana.page(&edit).await.value("version");
    let same = [
        ("version", version.as_str()),
        ("title", "Store feed"),
        ("outcome", "It runs."),
        ("driver", &dana_id),
        ("marketing_owner", &dana_id),
        ("technology_owner", &kofi_id),
    ];
    dana.takes(&edit, &same).await;
    kofi.page(&milestone).await.must_say("It stops at night.");
    t.verify().await;
});

story!(a_source_that_both_holders_signed_ends_by_both, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, _) = source(&t, "Store system").await;
    dana.takes(&format!("{place}/offer"), &[]).await;
    for holder in [&dana, &kofi] {
        holder.sign(&place).await.must_be(303);
    }
    let retire = format!("{place}/retire");
    let why = [("because", "It was replaced.")];
    kofi.page(&retire)
        .await
        .must_say("Both holders signed its entry, so both sign its end.");
    kofi.takes(&retire, &why).await;
    kofi.sign(&retire).await.must_be(303);
    dana.page(&retire).await.must_say("is retired: It was replaced.");
    dana.page(&place)
        .await
        .must_say("Both holders are asked to retire it.")
        .must_say("Agreed");
    dana.page("desk").await.must_say("Retire Store system");
    // Asked back, it stays as both signed it.
    dana.takes(&format!("{place}/keep"), &[]).await;
    dana.page(&place)
        .await
        .must_say("Agreed")
        .must_not_say("asked to retire it");
    kofi.takes(&retire, &why).await;
    for holder in [&kofi, &dana] {
        holder.sign(&retire).await.must_be(303);
    }
    dana.page(&place).await.must_say("Retired on");
    t.verify().await;
    // Its name is free again.
    let id = dana.page("sources/new").await.value("id");
    let again = [
        ("id", id.as_str()),
        ("name", "Store system"),
        ("holds", "Receipts."),
        ("sensitivity", "internal"),
        ("form", "pseudonymous"),
    ];
    dana.takes("sources/new", &again).await;
    t.verify().await;
});

story!(what_was_recorded_by_mistake_is_left_out_of_the_minutes, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let review = running(&dana, "2026-11-23").await;
    resolve(&dana, &review, 1, "The budget of Technology is halved.").await;
    ended(&dana, &review).await;
    let edit = format!("{review}/minutes/edit");
    let form = dana.page(&edit).await;
    form.must_say("The budget of Technology is halved.");
    let wrong = form.value("omit");
    let (version, body) = (form.value("version"), form.value("body"));
    let left_out = [("version", version.as_str()), ("body", &body), ("omit", &wrong)];
    dana.post(&edit, &left_out)
        .await
        .must_be(422)
        .must_say("is left out, but the text still says it.");
    let body = body.replace(
        "Decided: The budget of Technology is halved.",
        "Nothing was decided.",
    );
    let left_out = [("version", version.as_str()), ("body", &body), ("omit", &wrong)];
    dana.takes(&edit, &left_out).await;
    dana.takes(&format!("{review}/minutes/offer"), &[]).await;
    dana.page(&format!("{review}/minutes/sign"))
        .await
        .must_say("This is what you sign, in full.")
        .must_not_say("The budget of Technology is halved.");
    let left_out = t.count(sql!("select count(*) from review_omissions")).await;
    assert_eq!(left_out, 1);
    for lead in [&dana, &kofi] {
        lead.sign(&format!("{review}/minutes")).await.must_be(303);
    }
    // What is added later and not accepted is taken back by the side that added it.
    dana.takes(&format!("{review}/addenda/new"), &[("body", "It was four days.")])
        .await;
    let addendum = format!("{review}/addenda/1");
    let object = [("verdict", "object"), ("reason", "It was three.")];
    kofi.give_verdict(&addendum, &object).await.must_be(303);
    kofi.post(&format!("{addendum}/take-back"), &[])
        .await
        .must_be(403);
    dana.takes(&format!("{addendum}/take-back"), &[]).await;
    dana.page(&addendum)
        .await
        .must_say("This addendum was withdrawn.");
    dana.page(&review).await.must_say("withdrawn");
    t.verify().await;
});

story!(access_that_both_approved_ends_by_the_side_that_asked, |t| {
    let world = World::with(&t, "Something of ours").await;
    let (priya, lena) = (t.sign_in("priya").await, t.sign_in("lena").await);
    let asks = format!("{}/access", world.goal);
    let id = priya.page(&asks).await.value("id");
    let wanted = [
        ("id", id.as_str()),
        ("kind", "technology"),
        ("title", "The offer engine"),
        ("purpose", "Run it."),
        ("needed_on", "2026-12-01"),
        ("ends_on", "2027-03-31"),
    ];
    let place = priya.takes(&asks, &wanted).await;
    for approver in [&lena, &world.kofi] {
        approver.sign(&place).await.must_be(303);
    }
    let archive = format!("{}/archive", world.goal);
    let version = world.dana.page(&archive).await.value("version");
    let ended = [("version", version.as_str()), ("because", "The market left.")];
    world
        .dana
        .post(&archive, &ended)
        .await
        .must_be(422)
        .must_say("Technology asked for it and has to end it first.");
    priya
        .takes(&format!("{place}/end"), &[("because", "The market left.")])
        .await;
    world.dana.takes(&archive, &ended).await;
    t.verify().await;
});
