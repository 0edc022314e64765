//! Levels of sources, and the map of a quarter.

use super::{name_profile, say, source, touchpoint};
use crate::{platform::time::Zone, story, tests::User};

/// Reads a source's levels for one's own side, in the round that its page shows.
async fn read_levels(who: &User, place: &str, levels: [(&str, &str); 3]) -> crate::tests::Answer {
    let round = who.page(&format!("{place}/levels")).await.value("round");
    let [unification, self_service, protection] = levels;
    let fields = [
        ("round", round.as_str()),
        ("unification", unification.0),
        ("unification_evidence", unification.1),
        ("self_service", self_service.0),
        ("self_service_evidence", self_service.1),
        ("protection", protection.0),
        ("protection_evidence", protection.1),
    ];
    who.post(&format!("{place}/levels"), &fields).await
}

story!(levels_are_read_by_both_sides_apart_and_the_lower_stands, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, till) = source(&t, "Store system").await;
    name_profile(&t, &place).await;
    let (_, id) = touchpoint(&dana, "Till").await;
    let three = [
        ("3", "91, 93 and 92 %."),
        ("1", "A page on the intranet."),
        ("2", ""),
    ];
    // Nobody reads above what the house knows: the entry is not signed, and nothing is joined.
    let refused = read_levels(&dana, &place, three).await;
    refused
        .must_be(422)
        .must_say("No touchpoint is joined in it on the map. Until that changes it is 1 at most.");
    assert_eq!(refused.value("unification_evidence"), "91, 93 and 92 %.");
    for who in [&dana, &kofi] {
        say(who, &place, (&id, &till), "joined").await;
    }
    read_levels(&dana, &place, three)
        .await
        .must_be(422)
        .must_say("Owner and custodian have not signed its entry. Until that changes it is 0 at most.");
    dana.takes(&format!("{place}/offer"), &[]).await;
    for who in [&dana, &kofi] {
        who.sign(&place).await.must_be(303);
    }
    // Whoever claims a level says what they saw.
    read_levels(&dana, &place, [("3", ""), ("1", "A page."), ("2", "")])
        .await
        .must_be(422)
        .must_say("Write down the shares of three months");
    let shown = kofi.page(&place).await.text();
    let listed = kofi.page("sources").await.text();
    read_levels(&dana, &place, three).await.must_be(303);
    // The other side sees that it was read, and nothing of what.
    let then = kofi.page(&place).await.text();
    assert!(
        then.contains("Marketing read it on 23 Nov; Technology has not."),
        "{then}"
    );
    for word in ["91, 93", "In the view", "A page on the intranet"] {
        assert!(!then.contains(word), "{word}");
    }
    assert!(!shown.contains("Marketing read it"));
    assert_eq!(listed, kofi.page("sources").await.text());
    // Blind, a second reading replaces the first.
    read_levels(
        &dana,
        &place,
        [("3", "92, 93 and 92 %."), ("1", "A page."), ("2", "")],
    )
    .await
    .must_be(303);
    kofi.page("desk").await.must_say("Your side has not answered.");
    read_levels(
        &kofi,
        &place,
        [("2", "Nightly, last run 02:10."), ("not_known", ""), ("2", "")],
    )
    .await
    .must_be(303);
    for who in [&dana, &kofi] {
        who.page(&place)
            .await
            .must_say("Unification: Joined")
            .must_say("Self-service: Not known")
            .must_say("Protection: Justified")
            .must_say("Ownership: Named")
            .must_say("No steward is named.")
            .must_say("92, 93 and 92 %.")
            .must_not_say("91, 93 and 92 %.");
    }
    dana.page("sources")
        .await
        .must_say("1 of 1 at 2 or more")
        .must_say("0 of 1 at 2 or more");
    // A fact that ends takes the level down, without anybody writing; and gives it back.
    let use_id = dana.page(&format!("{place}/uses/new")).await.value("id");
    let incomplete = [
        ("id", use_id.as_str()),
        ("name", "Guessing"),
        ("purpose", "train"),
        ("in_words", "Guess who buys."),
    ];
    dana.takes(&format!("{place}/uses/new"), &incomplete).await;
    dana.page(&place)
        .await
        .must_say("Protection: Classified")
        .must_say("1 use lacks something that the record needs.")
        .must_say("Owner and custodian have not signed the entry as it stands.");
    dana.takes(&format!("{place}/uses/1/remove"), &[]).await;
    dana.page(&place).await.must_say("Protection: Justified");
    // After 180 days it is outdated, and both are asked again.
    t.clock.set(
        Zone::get("Europe/Berlin")
            .expect("a zone")
            .start_of(crate::platform::time::Day::new(2027, 5, 23)),
    );
    let dana = t.sign_in("dana").await;
    dana.page(&place).await.must_say("Unification: Outdated");
    dana.page("desk").await.must_say("Read levels");
    t.verify().await;
});

story!(a_reading_is_ones_own_sides_and_of_the_round_that_was_shown, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (place, _) = source(&t, "Store system").await;
    let zero = [("0", ""), ("0", ""), ("0", "")];
    // Not by who answers for nothing, and not in a round that is over.
    for name in ["ana", "olu", "lena"] {
        t.sign_in(name)
            .await
            .post(&format!("{place}/levels"), &[("round", "1")])
            .await
            .must_be(403);
    }
    read_levels(&dana, &place, zero).await.must_be(303);
    let mut stale = vec![("round", "2")];
    stale.extend([("unification", "0"), ("self_service", "0"), ("protection", "0")]);
    dana.post(&format!("{place}/levels"), &stale).await.must_be(409);
    read_levels(&kofi, &place, zero).await.must_be(303);
    stale[0] = ("round", "1");
    dana.post(&format!("{place}/levels"), &stale).await.must_be(409);
    // Where it applies to everything, it cannot be put aside.
    let aside = [("0", ""), ("0", ""), ("not_applicable", "No.")];
    read_levels(&dana, &place, aside)
        .await
        .must_be(422)
        .must_say("It applies to every source.");
    let none = [
        ("not_applicable", "Only stock."),
        ("not_applicable", "Only stock."),
        ("0", ""),
    ];
    for who in [&dana, &kofi] {
        read_levels(who, &place, none).await.must_be(303);
    }
    dana.page("sources").await.must_say("0 of 0 at 2 or more");
    dana.page(&place)
        .await
        .must_say("Unification: Does not apply")
        .must_say("Over time (2)");
    t.verify().await;
});

story!(
    a_signed_quarter_keeps_its_numbers_and_belief_is_blind_until_then,
    |t| {
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        let (lena, olu) = (t.sign_in("lena").await, t.sign_in("olu").await);
        // Without touchpoints there is nothing to draw.
        dana.post("sources/quarters", &[])
            .await
            .must_be(422)
            .must_say("There is no touchpoint yet");
        let (place, till) = source(&t, "Store system").await;
        name_profile(&t, &place).await;
        let (_, id) = touchpoint(&dana, "Till").await;
        touchpoint(&dana, "Phone").await;
        for who in [&dana, &kofi] {
            say(who, &place, (&id, &till), "joined").await;
        }
        // What one believes nobody sees, nor how many answered.
        let before = (
            kofi.page("sources/quarters").await.text(),
            olu.page("history").await.text(),
        );
        let shown = dana.page("sources").await;
        shown.must_say("Do we have a single view of our customer across all touchpoints?");
        dana.takes("sources/belief", &[("answer", "no")]).await;
        dana.takes("sources/belief", &[("answer", "yes")]).await;
        lena.takes("sources/belief", &[("answer", "no")]).await;
        assert_eq!(kofi.page("sources/quarters").await.text(), before.0);
        kofi.takes("sources/belief", &[("answer", "cannot_say")]).await;
        for (name, answer) in [("jonas", "yes"), ("priya", "no")] {
            t.sign_in(name)
                .await
                .takes("sources/belief", &[("answer", answer)])
                .await;
        }
        assert_eq!(olu.page("history").await.text(), before.1);
        olu.post("sources/belief", &[("answer", "yes")])
            .await
            .must_be(403);
        dana.post("sources/belief", &[("answer", "perhaps")])
            .await
            .must_be(422);
        dana.page("sources/quarters").await.must_say("You said “Yes”.");
        dana.page("sources")
            .await
            .must_not_say("Do we have a single view of our customer");
        // Drawn, it lies before both leads; drawn again after a change, both sign the newer one.
        dana.takes("sources/quarters", &[]).await;
        let quarter = "sources/quarters/2026-10-01";
        dana.sign(quarter).await.must_be(303);
        let (_, third) = touchpoint(&dana, "Web shop").await;
        kofi.page(quarter).await.must_say("1 of 2 touchpoints, 50%");
        kofi.takes("sources/quarters", &[]).await;
        kofi.page(quarter)
            .await
            .must_say("1 of 3 touchpoints, 33%")
            .must_not_say("Said yes");
        lena.get(&format!("{quarter}/sign")).await.must_be(403);
        for who in [&kofi, &dana] {
            who.sign(quarter).await.must_be(303);
        }
        olu.page("sources/quarters")
            .await
            .must_say("Q4 2026: 1 of 3 touchpoints, 33%")
            .must_say("Said yes: Marketing fewer than 3 answered, Technology 1 of 3.");
        // Signed, it takes no answer and no other map, and keeps its numbers.
        dana.post("sources/belief", &[("answer", "no")])
            .await
            .must_be(409);
        dana.post("sources/quarters", &[]).await.must_be(409);
        for who in [&dana, &kofi] {
            say(who, &place, (&third, &till), "joined").await;
        }
        dana.page("sources").await.must_say("2 of 3 touchpoints, 67%");
        dana.page("sources/quarters")
            .await
            .must_say("Q4 2026: 1 of 3 touchpoints, 33%");
        // The next quarter asks again.
        t.clock.set(
            Zone::get("Europe/Berlin")
                .expect("a zone")
                .start_of(crate::platform::time::Day::new(2027, 1, 2)),
        );
        t.sign_in("dana")
        .await
        .page("sources")
        .await
        .must_say("Do we have a single view of our customer across all touchpoints?")
        .must_say("In Q4 2026 too few in Marketing answered to be told apart, and 1 of 3 in Technology said yes; the map said 1 of 3 touchpoints, 33%.");
        t.verify().await;
    }
);
