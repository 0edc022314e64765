//! What both sides signed, or one side answered for, is not undone by the other one's planning.

use super::{
    Answer, User,
    checkpoints::{Plan, accept, initiative, planned, promise, step},
    numbers::{edit_kpi, kpi},
    story::decision,
    world::World,
};

use crate::story;

story!(what_the_other_side_answered_for_stays_theirs, |t| {
    let Plan {
        dana,
        kofi,
        milestone,
        checkpoint,
        ..
    } = planned(&t).await;
    let path = format!("checkpoints/{checkpoint}");
    let archive = format!("{milestone}/archive");
    let give_up = async |says: &str| {
        let version = dana.page(&archive).await.value("version");
        let fields = [("version", version.as_str()), ("because", "The shop is sold")];
        dana.post(&archive, &fields).await.must_be(422).must_say(says);
    };
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes")])
        .await;
    accept(&kofi, &checkpoint).await;
    // Reopened, it is what Technology accepted once, and waits for it again.
    dana.takes(&format!("{path}/reopen"), &[]).await;
    dana.post(&format!("{path}/archive"), &[])
        .await
        .must_be(422)
        .must_say("It accepts it first");
    give_up("Technology accepted, before it was reopened, “Rules agreed”.").await;
    // Signed by Technology as a whole, it is not given up past that.
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes of 23 Nov")])
        .await;
    accept(&kofi, &checkpoint).await;
    kofi.sign(&milestone).await.must_be(303);
    give_up("Technology has signed this milestone. Technology gives it up, or withdraws that first.").await;
    kofi.page(&milestone).await.must_say("1 of 2 signed.");
    // Nor past what it signed before one side's planning closed that text; and it goes on being asked.
    let dana_id = t.member("dana").await;
    step(&dana, &milestone, "One more", &dana_id).await;
    give_up("Technology signed this milestone. Technology gives it up.").await;
    let version = dana.page(&format!("{milestone}/edit")).await.value("version");
    let kofi_id = t.member("kofi").await;
    let unasked = [
        ("version", version.as_str()),
        ("title", "Feed live"),
        ("outcome", "It runs."),
        ("driver", &dana_id),
        ("marketing_owner", &dana_id),
        ("technology_owner", &kofi_id),
    ];
    dana.post(&format!("{milestone}/edit"), &unasked)
        .await
        .must_be(422)
        .must_say("or accepted.");
    // Whoever answered may let it go.
    kofi.takes(&format!("{path}/archive"), &[]).await;
    let version = kofi.page(&archive).await.value("version");
    let fields = [("version", version.as_str()), ("because", "The shop is sold")];
    kofi.takes(&archive, &fields).await;
    t.verify().await;
});

story!(dropping_work_leaves_nothing_behind_that_binds, |t| {
    let _world = World::with(&t, "Something of ours").await;
    let (dana, kofi, ana) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("ana").await,
    );
    let (dana_id, kofi_id, jonas) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("jonas").await,
    );
    let initiative = initiative(&t, "Later work").await;
    let owners = [dana_id.as_str(), kofi_id.as_str()];
    let milestone = promise(&dana, &initiative, "Feed live", "2026-12-15", owners, true).await;
    let drop = async |says: &str| {
        let dropped = [("phase", "missed"), ("because", "Not now.")];
        dana.post(&format!("{initiative}/phase"), &dropped)
            .await
            .must_be(422)
            .must_say(says);
    };

    // What the other side returned.
    let checkpoint = step(&dana, &milestone, "Rules agreed", &dana_id).await;
    let path = format!("checkpoints/{checkpoint}");
    dana.takes(&format!("{path}/pass"), &[("evidence", "Minutes")])
        .await;
    drop("“Rules agreed” is done and waits for Technology.").await;
    let version = kofi.page(&format!("{path}/return")).await.value("version");
    let missing = [("version", version.as_str()), ("missing", "Too thin.")];
    kofi.takes(&format!("{path}/return"), &missing).await;
    drop("Technology returned “Rules agreed”.").await;

    // A condition that both signed.
    let (question, options) = decision(&t, "Which platform?").await;
    let proposal = [
        ("option", options[0].as_str()),
        ("rationale", "Fast."),
        ("stage", "adopt"),
    ];
    ana.takes(&format!("{question}/propose"), &proposal).await;
    let target = kofi
        .page(&format!("{question}/sign"))
        .await
        .option_named("milestone", "Later work · Feed live");
    let verdict = [
        ("verdict", "agree_with_conditions"),
        ("reason", "Consent is kept with every address"),
        ("milestone", &target),
        ("owner", &jonas),
        ("due_on", "2026-12-14"),
    ];
    kofi.give_verdict(&question, &verdict).await.must_be(303);
    dana.sign(&question).await.must_be(303);
    drop("This is a condition of decision").await;
    // It stays to be accepted by the other side.
    let version = dana.page(&format!("{milestone}/edit")).await.value("version");
    let plan = [
        ("version", version.as_str()),
        ("title", "Feed live"),
        ("outcome", "It runs."),
        ("driver", &dana_id),
        ("marketing_owner", &dana_id),
        ("technology_owner", &kofi_id),
    ];
    dana.post(&format!("{milestone}/edit"), &plan).await.must_be(422);
    t.verify().await;
});

/// A clause, measured by a KPI, in a definition that both leads signed; gives its id.
pub(super) async fn ratified(dana: &User, kofi: &User, kpi_id: &str) -> String {
    let id = dana.page("definition/clauses/new").await.value("id");
    let clause = [
        ("id", id.as_str()),
        ("title", "Known"),
        ("promise", "We know you."),
        ("for_marketing", "One list."),
        ("for_technology", "One service."),
        ("kpis", kpi_id),
    ];
    dana.takes("definition/clauses/new", &clause).await;
    let version = dana.takes("definition/propose", &[]).await;
    for lead in [dana, kofi] {
        lead.sign(&version).await.must_be(303);
    }
    id
}

/// Computes a KPI as the sum of two others.
pub(super) async fn add_up(who: &User, path: &str, one: &str, other: &str) -> Answer {
    let version = who.page(&format!("{path}/formula")).await.value("version");
    let formula = [
        ("version", version.as_str()),
        ("formula", "sum"),
        ("input-1", one),
        ("input-2", other),
    ];
    who.post(&format!("{path}/formula"), &formula).await
}

story!(what_a_number_is_made_of_waits_for_the_second_signature, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (first, first_id) = kpi(&t, "In stores", "", "increase").await;
    let (_, second_id) = kpi(&t, "Online", "", "increase").await;
    let (total, _) = kpi(&t, "Orders", "", "increase").await;
    let (_, third_id) = kpi(&t, "By phone", "", "increase").await;
    add_up(&lena, &total, &first_id, &second_id).await.must_be(303);
    let version = dana.page(&format!("{total}/targets")).await.value("version");
    let aim = [("version", version.as_str()), ("low-2026-10-01", "20")];
    dana.takes(&format!("{total}/targets"), &aim).await;
    let proposal = format!("{total}/targets/proposal");
    dana.sign(&proposal).await.must_be(303);
    // Between the two signatures nobody changes what the number is made of.
    add_up(&lena, &first, &second_id, &third_id)
        .await
        .must_be(422)
        .must_say("One owner of “Orders” has signed over numbers that are made of this KPI.");
    // Nor in which words it says what it counts, its own or those of what it is made of.
    edit_kpi(&lena, &first, &[("about", "Returns, too.")])
        .await
        .must_be(422)
        .must_say("One owner of “Orders” has signed over numbers that are made of this KPI.");
    edit_kpi(&lena, &total, &[("about", "Returns, too.")])
        .await
        .must_be(422)
        .must_say("One owner has signed a number of this KPI.");
    kofi.sign(&proposal).await.must_be(303);
    edit_kpi(&lena, &total, &[("about", "Returns, too.")])
        .await
        .must_be(303);
    // Afterwards both owners of the part sign that.
    let asked = add_up(&lena, &first, &second_id, &third_id).await;
    asked.must_be(303);
    lena.page(&first)
        .await
        .must_say("A new formula waits for both owners.");
    t.verify().await;
});

story!(a_number_that_both_confirmed_leaves_its_trace, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (path, _) = kpi(&t, "Orders", "", "increase").await;
    let (_, first) = kpi(&t, "In stores", "", "increase").await;
    let (_, second) = kpi(&t, "Online", "", "increase").await;
    let october = format!("{path}/periods/2026-10-01");
    lena.takes(&format!("{october}/value"), &[("value", "30")]).await;
    for owner in [&dana, &kofi] {
        let digest = owner.page(&october).await.value("digest");
        let said = [
            ("digest", digest.as_str()),
            ("status", "on_track"),
            ("confidence", "80"),
        ];
        owner.takes(&format!("{october}/attest"), &said).await;
    }
    // Computed in another way, it would be another number: both owners sign that.
    let asked = add_up(&lena, &path, &first, &second).await.location();
    assert!(asked.contains("/targets/proposal"), "{asked}");
    let corrected = [("value", "25"), ("because", "Returns were counted.")];
    lena.takes(&format!("{october}/value"), &corrected).await;
    lena.page(&october)
        .await
        .must_say("30 · Returns were counted.")
        .must_say("Both owners had confirmed it on");
    t.verify().await;
});

story!(what_was_signed_keeps_its_currency_and_its_day, |t| {
    let (path, options) = decision(&t, "Which platform?").await;
    let (ana, lena, priya, adm) = (
        t.sign_in("ana").await,
        t.sign_in("lena").await,
        t.sign_in("priya").await,
        t.sign_in("adm").await,
    );
    ana.takes(
        &format!("{path}/propose"),
        &[
            ("option", options[0].as_str()),
            ("rationale", "Fast."),
            ("stage", "adopt"),
            ("review_on", "2027-05-28"),
        ],
    )
    .await;
    lena.sign(&path).await.must_be(303);
    let settings = adm.page("settings").await;
    let mut changed: Vec<(&str, String)> = ["version", "name", "zone", "signature_days", "grace_days"]
        .map(|name| (name, settings.value(name)))
        .to_vec();
    changed.push(("currency", "USD".to_owned()));
    let changed: Vec<(&str, &str)> = changed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    adm.takes("settings", &changed).await;
    priya.page(&format!("{path}/sign")).await.must_say("€60,000");
    priya.sign(&path).await.must_be(303);
    lena.page(&path).await.must_say("€60,000").must_not_say("$60,000");
    let record = lena.page(&format!("{path}/record.md")).await.body;
    assert!(
        record.contains("€60,000") && !record.contains("$60,000"),
        "{record}"
    );
    // Whoever tells early how it went does not end the day on which both wanted to ask.
    ana.takes(
        &format!("{path}/review"),
        &[
            ("verdict", "met"),
            ("told", "All of it runs."),
            ("again_on", "2030-01-01"),
        ],
    )
    .await;
    lena.page(&path)
        .await
        .must_say("28 May 2027")
        .must_not_say("2030");
    t.verify().await;
});

story!(what_the_definition_in_force_is_measured_by_ends_by_two, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (path, kpi_id) = kpi(&t, "Orders", "", "increase").await;
    let id = ratified(&dana, &kofi, &kpi_id).await;
    // A draft that names it no more does not speak for what both leads signed.
    let edit = format!("definition/clauses/{id}/edit");
    let page = lena.page(&edit).await;
    let mut uncited: Vec<(&str, String)> = ["version", "title", "promise", "for_marketing", "for_technology"]
        .map(|name| (name, page.value(name)))
        .to_vec();
    uncited.push(("note", "Measured by nothing for now.".to_owned()));
    let uncited: Vec<(&str, &str)> = uncited
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    lena.takes(&edit, &uncited).await;
    // Nor does another title hide it.
    edit_kpi(&lena, &path, &[("title", "Orders placed")])
        .await
        .must_be(303);
    let archive = lena.page(&format!("{path}/archive")).await;
    archive.must_say("the definition measures a clause by it");
    let version = archive.value("version");
    let ended = [("version", version.as_str()), ("because", "Nobody reads it.")];
    let asked = lena.takes(&format!("{path}/archive"), &ended).await;
    assert!(asked.ends_with("/targets/proposal"), "{asked}");
    t.verify().await;
});

story!(an_action_of_a_side_is_changed_and_archived_by_that_side, |t| {
    let Plan {
        dana,
        kofi,
        initiative,
        milestone,
        ..
    } = planned(&t).await;
    let kofi_id = t.member("kofi").await;
    let form = kofi.page(&format!("{initiative}/check-in")).await;
    let into = form.first_option("action_milestone");
    let said = [
        ("status", "off_track"),
        ("confidence", "20"),
        ("note", "The feed is late."),
        ("next_step", "Mend it."),
        ("action", "Nightly feed"),
        ("action_owner", &kofi_id),
        ("action_due_on", "2026-12-05"),
        ("action_milestone", &into),
    ];
    kofi.takes(&format!("{initiative}/check-in"), &said).await;
    let page = dana.page(&milestone).await;
    page.must_say("Nightly feed");
    let before = page.body.split("Nightly feed").next().expect("a row");
    let checkpoint = before.rsplit("checkpoint-").next().expect("an id")[..36].to_owned();
    let path = format!("checkpoints/{checkpoint}");
    let theirs = "This is what Technology does about “One profile”, which it called off track.";
    dana.post(&format!("{path}/archive"), &[])
        .await
        .must_be(422)
        .must_say(theirs);
    let form = dana.page(&format!("{path}/edit")).await;
    let mut changed: Vec<(&str, String)> = ["version", "criteria", "owner", "due_on"]
        .map(|name| (name, form.value(name)))
        .to_vec();
    changed.push(("title", "Nothing to do".to_owned()));
    let changed: Vec<(&str, &str)> = changed
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    dana.post(&format!("{path}/edit"), &changed)
        .await
        .must_be(422)
        .must_say(theirs);
    kofi.takes(&format!("{path}/archive"), &[]).await;
    t.verify().await;
});
