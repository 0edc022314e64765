//! Where a technology stands takes both of its owners.

use crate::{sql, story};

story!(a_technology_stands_where_both_of_its_owners_signed, |t| {
    let (dana, kofi, lena) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("lena").await,
    );
    let (dana_id, kofi_id, priya_id) = (
        t.member("dana").await,
        t.member("kofi").await,
        t.member("priya").await,
    );
    let id = lena.page("technologies/new").await.value("id");
    let entry = [
        ("id", id.as_str()),
        ("name", "Old suite"),
        ("purpose", "Everything so far."),
        ("stage", "adopt"),
        ("marketing_owner", &dana_id),
        ("technology_owner", &kofi_id),
    ];
    let path = lena.takes("technologies/new", &entry).await;
    // One name, one thing, however it is written.
    let other = lena.page("technologies/new").await.value("id");
    let mut twin = entry;
    (twin[0], twin[1]) = (("id", other.as_str()), ("name", "old  SUITE"));
    lena.post("technologies/new", &twin)
        .await
        .must_be(422)
        .must_say("The register has this technology already: “Old suite”.");

    // Entered by one person it is looked at, and no more than that.
    lena.page(&path).await.must_say("Worth a closer look");
    kofi.page("desk").await.must_say("Adopt Old suite");
    lena.get(&format!("{path}/sign")).await.must_be(403);
    dana.page(&format!("{path}/sign"))
        .await
        .must_say("Old suite Everything so far.")
        .must_say("owned by dana for Marketing and kofi for Technology");
    dana.sign(&path).await.must_be(303);
    lena.page(&path).await.must_say("Worth a closer look");
    kofi.sign(&path).await.must_be(303);
    lena.page(&path).await.must_say("What new work is built on.");
    t.clock.set(t.now().plus_seconds(60));

    // One manager asks to retire it; it stays until both owners have signed.
    let retire = [("stage", "retire"), ("because", "Nobody uses it.")];
    lena.takes(&format!("{path}/move"), &retire).await;
    lena.page(&path)
        .await
        .must_say("What new work is built on.")
        .must_say("Nobody uses it.");
    kofi.give_verdict(&path, &[("verdict", "object"), ("reason", "Support does.")])
        .await
        .must_be(303);
    lena.page(&path).await.must_say("What new work is built on.");
    // Another word in the entry does not wipe the answer off.
    let version = lena.page(&format!("{path}/edit")).await.value("version");
    let mut other = entry.to_vec();
    other.retain(|(field, _)| !matches!(*field, "id" | "stage" | "name"));
    other.extend([("version", version.as_str()), ("name", "Oldest suite")]);
    lena.post(&format!("{path}/edit"), &other)
        .await
        .must_be(422)
        .must_say("An owner has answered the move to “Retire”.");
    lena.takes(&format!("{path}/move"), &retire).await;
    dana.sign(&path).await.must_be(303);
    kofi.sign(&path).await.must_be(303);
    lena.page(&path).await.must_say("On its way out.");

    // Another name waits for both, too: nobody swaps what was signed under its number.
    let named = sql!("select count(*) from technologies where name = 'Old suite'");
    let version = lena.page(&format!("{path}/edit")).await.value("version");
    let mut renamed = entry.to_vec();
    renamed.retain(|(field, _)| !matches!(*field, "id" | "stage" | "name"));
    renamed.extend([("version", version.as_str()), ("name", "Fridge cloud")]);
    lena.takes(&format!("{path}/edit"), &renamed).await;
    assert_eq!(t.count(named).await, 1);
    for owner in [&dana, &kofi] {
        owner.sign(&path).await.must_be(303);
    }
    assert_eq!(t.count(named).await, 0);
    t.verify().await;
    t.clock.set(t.now().plus_seconds(60));

    // Whoever is named as an owner says so themselves.
    let form = lena.page(&format!("{path}/edit")).await;
    let version = form.value("version");
    let mut change = entry.to_vec();
    change.retain(|(name, _)| !matches!(*name, "id" | "stage" | "technology_owner"));
    change.extend([("version", version.as_str()), ("technology_owner", &priya_id)]);
    lena.post(&format!("{path}/edit"), &change)
        .await
        .must_be(422)
        .must_say("Only Technology changes who answers for it for Technology.");
    kofi.takes(&format!("{path}/edit"), &change).await;
    t.verify().await;
    let priya = t.sign_in("priya").await;
    priya.page("desk").await.must_say("Retire Old suite");
    priya.sign(&path).await.must_be(303);
    dana.sign(&path).await.must_be(303);
    lena.page(&path).await.must_say("On its way out.");
    t.verify().await;

    let forged = "update technologies set stage = 'adopt'";
    t.state.db().raw(forged).await.expect("an intruder");
    let wrong = t.wrong().await;
    assert!(
        wrong
            .iter()
            .any(|line| line == "technology 1: it is not what both owners signed"),
        "{wrong:?}"
    );
});
