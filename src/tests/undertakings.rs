//! What a side took on stays that side's, whoever of it leaves, answers or returns it; and none of it ends
//! where nobody can go on.

use super::{
    answers::{checkpoint, give_up, taken_on},
    bound::{add_up, ratified},
    checkpoints::{Plan, accept, planned, promise, step},
    numbers::{edit_kpi, kpi},
    reviews::{ended, give, running, sealed},
    story::decision,
};
use crate::story;

story!(
    an_action_of_a_meeting_is_settled_by_the_side_that_took_it_on,
    |t| {
        let (dana, lena, priya) = (
            t.sign_in("dana").await,
            t.sign_in("lena").await,
            t.sign_in("priya").await,
        );
        let review = running(&dana, "2026-11-23").await;
        let action = give(&t, &dana, &review, "Name a stand-in", ("jonas", "2026-12-15")).await;
        ended(&dana, &review).await;
        sealed(&t, &review).await;
        let path = format!("{review}/actions/{action}");
        let given_up = [
            ("version", "1"),
            ("became", "given_up"),
            ("because", "Not needed."),
        ];
        for other in [&lena, &dana] {
            other.get(&path).await.must_be(403);
            other.post(&path, &given_up).await.must_be(403);
        }
        let version = priya.page(&path).await.value("version");
        let given_up = [("version", version.as_str()), given_up[1], given_up[2]];
        priya.takes(&path, &given_up).await;
        // Who settled it stands there, where that was not its owner.
        dana.page(&review).await.must_say("settled by priya");
        t.verify().await;
    }
);

story!(whoever_leaves_a_side_leaves_its_undertakings_there, |t| {
    let Plan { dana, milestone, .. } = planned(&t).await;
    let (review, _) = taken_on(&t, &dana, "Nightly feed").await;
    ended(&dana, &review).await;
    sealed(&t, &review).await;
    let (adm, lena) = (t.sign_in("adm").await, t.sign_in("lena").await);
    let (priya, jonas) = (t.member("priya").await, t.member("jonas").await);
    let gone = [("side", ""), ("role", "observer"), ("successor", jonas.as_str())];
    adm.takes(&format!("members/{priya}/edit"), &gone).await;
    let path = format!(
        "checkpoints/{}",
        checkpoint(&dana, &milestone, "Nightly feed").await
    );
    for act in ["archive", "pass"] {
        lena.post(&format!("{path}/{act}"), &[("evidence", "Nothing was to do.")])
            .await
            .must_be(422)
            .must_say("Technology took this on in review 1.");
    }
    give_up(&dana, &milestone).await.must_be(422);
    dana.page(&review).await.must_say("jonas, by 15 Dec");
    t.verify().await;
});

story!(what_was_returned_may_be_let_go_by_whoever_returned_it, |t| {
    let Plan {
        dana,
        kofi,
        milestone,
        ..
    } = planned(&t).await;
    let (review, _) = taken_on(&t, &dana, "Nightly feed").await;
    ended(&dana, &review).await;
    let (lena, priya) = (t.sign_in("lena").await, t.sign_in("priya").await);
    let path = format!(
        "checkpoints/{}",
        checkpoint(&dana, &milestone, "Nightly feed").await
    );
    sealed(&t, &review).await;
    let pass = format!("{path}/pass");
    priya.takes(&pass, &[("evidence", "It runs at night.")]).await;
    dana.page(&review).await.must_say("Actions Open P Nightly feed");
    let version = lena.page(&format!("{path}/return")).await.value("version");
    let missing = [("version", version.as_str()), ("missing", "Not on Sundays.")];
    lena.takes(&format!("{path}/return"), &missing).await;
    kofi.post(&format!("{path}/archive"), &[]).await.must_be(422);
    // Done and accepted, it is no longer the other side's to take away.
    priya.takes(&pass, &[("evidence", "On Sundays, too.")]).await;
    accept(&lena, &path["checkpoints/".len()..]).await;
    dana.page(&review).await.must_say("Actions Done P Nightly feed");
    lena.post(&format!("{path}/archive"), &[])
        .await
        .must_be(422)
        .must_say("Technology took this on in review 1.");
    priya.takes(&format!("{path}/reopen"), &[]).await;
    lena.takes(&format!("{path}/archive"), &[]).await;
    // It is an action again, and its owner's.
    priya.page("desk").await.must_say("Nightly feed");
    t.verify().await;
});

story!(an_action_binds_once_both_accepted_the_minutes, |t| {
    let Plan { dana, milestone, .. } = planned(&t).await;
    let (review, _) = taken_on(&t, &dana, "Nightly feed").await;
    ended(&dana, &review).await;
    give_up(&dana, &milestone).await.must_be(303);
    t.verify().await;
});

story!(an_objection_outlives_owners_and_ones_own_objection, |t| {
    let Plan {
        dana,
        kofi,
        initiative,
        ..
    } = planned(&t).await;
    let (dana_id, kofi_id, lena_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("lena").await,
    );
    let owners = [dana_id.as_str(), kofi_id.as_str()];
    let milestone = promise(&dana, &initiative, "Store feed", "2026-12-15", owners, false).await;
    let done = step(&dana, &milestone, "Feed runs", &dana_id).await;
    dana.takes(&format!("checkpoints/{done}/pass"), &[("evidence", "It runs.")])
        .await;
    let edit = async |outcome: &str, marketing: &str| {
        let version = dana.page(&format!("{milestone}/edit")).await.value("version");
        let fields = [
            ("version", version.as_str()),
            ("title", "Store feed"),
            ("outcome", outcome),
            ("driver", &dana_id),
            ("marketing_owner", marketing),
            ("technology_owner", &kofi_id),
        ];
        dana.takes(&format!("{milestone}/edit"), &fields).await;
    };
    let object = [("verdict", "object"), ("reason", "It stops at night.")];
    kofi.give_verdict(&milestone, &object).await.must_be(303);
    // Another owner of the same text is asked for it, and what the other side said stays.
    edit("It runs.", &lena_id).await;
    kofi.page(&milestone).await.must_say("It stops at night.");
    edit("It runs at night.", &dana_id).await;
    // What the owner before signed does not count for the one who comes.
    dana.sign(&milestone).await.must_be(303);
    let object = [("verdict", "object"), ("reason", "Whose night?")];
    kofi.give_verdict(&milestone, &object).await.must_be(303);
    kofi.page(&milestone).await.must_say("dana agreed");
    edit("It runs at night.", &lena_id).await;
    kofi.page(&milestone)
        .await
        .must_say("Whose night?")
        .must_not_say("dana agreed");
    edit("It runs after ten.", &dana_id).await;
    let object = [("verdict", "object"), ("reason", "Nobody needs that.")];
    dana.give_verdict(&milestone, &object).await.must_be(303);
    edit("It runs by day.", &dana_id).await;
    give_up(&kofi, &milestone)
        .await
        .must_be(422)
        .must_say("Marketing objected to this milestone. Marketing gives it up.");
    t.verify().await;
});

story!(saving_weights_as_they_were_wipes_no_objection_off, |t| {
    let (question, _) = decision(&t, "Which platform?").await;
    let (ana, kofi) = (t.sign_in("ana").await, t.sign_in("kofi").await);
    let weights = format!("{question}/weights");
    let weigh = async || {
        let version = ana.page(&format!("{weights}/edit")).await.value("version");
        let fields = [
            ("version", version.as_str()),
            ("title-0", "Self-service"),
            ("weight-0", "4"),
            ("title-1", "Where the data stays"),
            ("weight-1", "2"),
        ];
        ana.post(&format!("{weights}/edit"), &fields).await
    };
    weigh().await.must_be(303);
    let object = [("verdict", "object"), ("reason", "Cost is missing.")];
    kofi.give_verdict(&weights, &object).await.must_be(303);
    weigh()
        .await
        .must_be(422)
        .must_say("Technology objected to exactly this.");
    ana.page(&weights).await.must_say("Cost is missing.");
    t.verify().await;
});

story!(a_name_is_a_persons_and_tried_on_it_is_free_again, |t| {
    let (dana, jonas) = (t.sign_in("dana").await, t.sign_in("jonas").await);
    for taken in [
        "CIO",
        "CIO of Northwind",
        "Technology’s lead",
        "The Technology side",
        "kofi (CIO)",
        "Arbiter",
        "You",
        "Both",
        "dana AND kofi",
        "dana + kofi",
        "CIO/CMO",
        "jonas CIO-elect",
        "jonas (not here any more)",
    ] {
        jonas.post("/account/name", &[("name", taken)]).await.must_be(422);
    }
    for name in ["Alberto Clò", "Anna Crno", "Nadia Petrov", "jonas"] {
        jonas.post("/account/name", &[("name", name)]).await.must_be(303);
    }
    // Nothing was done under it.
    dana.post("/account/name", &[("name", "Nadia Petrov")])
        .await
        .must_be(303);
    t.verify().await;
});

story!(what_a_clause_is_measured_by_is_not_inverted_by_one, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (path, kpi_id) = kpi(&t, "Orders", "", "increase").await;
    ratified(&dana, &kofi, &kpi_id).await;
    // A KPI that is called like a clause measures none by that.
    let (namesake, _) = kpi(&t, "Known", "", "increase").await;
    edit_kpi(&lena, &namesake, &[("unit", "EUR")]).await.must_be(303);
    for change in [
        ("direction", "decrease"),
        ("unit", "EUR"),
        ("cadence", "quarterly"),
    ] {
        edit_kpi(&lena, &path, &[change])
            .await
            .must_be(422)
            .must_say("the definition that both sides signed measures a clause by it");
    }
    // How it is computed is for both owners to sign, and they can.
    let (_, first) = kpi(&t, "In stores", "", "increase").await;
    let (_, second) = kpi(&t, "Online", "", "increase").await;
    add_up(&lena, &path, &first, &second).await.must_be(303);
    lena.page(&path)
        .await
        .must_say("A new formula waits for both owners.");
    for owner in [&dana, &kofi] {
        owner.sign(&format!("{path}/targets/proposal")).await.must_be(303);
    }
    lena.page(&path)
        .await
        .must_not_say("waits for both owners")
        .must_say("In stores");
    t.verify().await;
});

story!(an_action_that_was_done_stays_done_when_its_initiative_ends, |t| {
    let Plan {
        dana,
        kofi,
        initiative,
        milestone,
        ..
    } = planned(&t).await;
    let (review, _) = taken_on(&t, &dana, "Nightly feed").await;
    ended(&dana, &review).await;
    sealed(&t, &review).await;
    let path = format!(
        "checkpoints/{}",
        checkpoint(&dana, &milestone, "Nightly feed").await
    );
    t.sign_in("priya")
        .await
        .takes(&format!("{path}/pass"), &[("evidence", "It runs at night.")])
        .await;
    let lessons = [
        ("outcome", "achieved"),
        ("worked", "The feed."),
        ("failed", "Sundays."),
        ("lesson", "Both sides ask."),
    ];
    dana.takes(&format!("{initiative}/close"), &lessons).await;
    for lead in [&dana, &kofi] {
        lead.sign(&format!("{initiative}/retrospective"))
            .await
            .must_be(303);
    }
    // Nobody can accept it any more.
    dana.page(&review).await.must_say("Actions Done P Nightly feed");
    t.verify().await;
});
