//! The two agreements in depth: the definition and the technology decision, from the first words to what came
//! of them.

use super::{definition::write_clause, story::decision};

use crate::story;

/// The scores of somebody who has seen the sheet: `scores[option][criterion]`.
pub(super) async fn score(
    user: &crate::tests::User,
    path: &str,
    round: &str,
    scores: [[&str; 2]; 2],
) -> crate::tests::Answer {
    let mut fields = vec![("round", round)];
    for (names, row) in [["score-0-0", "score-0-1"], ["score-1-0", "score-1-1"]]
        .iter()
        .zip(&scores)
    {
        for (name, score) in names.iter().zip(row) {
            fields.push((name, score));
        }
    }
    fields.push(("note-0-0", "Seen in the pilot."));
    user.post(&format!("{path}/score"), &fields).await
}

/// Runs the command that an exported record names, on that record.
pub(super) fn digest_by_the_named_command(record: &str) -> String {
    let command = record
        .lines()
        .find_map(|line| line.strip_prefix("    sed "))
        .expect("a command");
    let file = command.split(' ').nth(2).expect("a file");
    let folder =
        crate::tests::scratch(&format!("record-{:?}", std::thread::current().id()).replace(['(', ')'], ""));
    std::fs::write(folder.join(file), record).expect("written");
    let output = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!("sed {command}"))
        .current_dir(&folder)
        .output()
        .expect("run");
    String::from_utf8_lossy(&output.stdout)
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_owned()
}

story!(
    a_contested_choice_is_weighed_scored_blind_signed_and_superseded,
    |t| {
        let (ana, lena, priya, jonas) = (
            t.sign_in("ana").await,
            t.sign_in("lena").await,
            t.sign_in("priya").await,
            t.sign_in("jonas").await,
        );
        let (path, options) = decision(&t, "Which customer data platform?").await;

        // What counts is agreed before anybody scores.
        ana.post(
            &format!("{path}/scoring/open"),
            &[("wanted", "2"), ("ends_on", "2026-11-30")],
        )
        .await
        .must_be(422)
        .must_say("Both sides have to sign the weights first");
        let version = ana.page(&format!("{path}/weights/edit")).await.value("version");
        let chosen = [
            ("version", version.as_str()),
            ("choose", "customer-data-platform"),
            ("title-0", "Our own criterion"),
            ("weight-0", "9"),
        ];
        let added = ana.post(&format!("{path}/weights/edit"), &chosen).await;
        added.must_be(200);
        assert_eq!(
            added.value("title-0"),
            "Our own criterion",
            "what was typed stays"
        );
        assert_ne!(added.value("title-1"), "", "the template's follow");
        let criteria = [
            ("version", version.as_str()),
            ("title-0", "Self-service"),
            ("weight-0", "4"),
            ("title-1", "Where the data stays"),
            ("weight-1", "2"),
        ];
        ana.post(&format!("{path}/weights/edit"), &criteria[..3])
            .await
            .must_be(422)
            .must_say("Write at least two criteria");
        ana.post(
            &format!("{path}/weights/edit"),
            &[
                criteria[0],
                criteria[1],
                ("weight-0", "11"),
                criteria[3],
                criteria[4],
            ],
        )
        .await
        .must_be(422)
        .must_say("whole number from 1 to 10");
        ana.takes(&format!("{path}/weights/edit"), &criteria).await;
        lena.sign(&format!("{path}/weights")).await.must_be(303);
        ana.page(&path).await.must_say("Technology has not signed");
        priya.sign(&format!("{path}/weights")).await.must_be(303);
        let version = ana.page(&format!("{path}/weights/edit")).await.value("version");
        ana.post(
            &format!("{path}/weights/edit"),
            &[
                ("version", &version),
                criteria[1],
                ("weight-0", "9"),
                criteria[3],
                criteria[4],
            ],
        )
        .await
        .must_be(422)
        .must_say("They cannot be changed");

        // Both sides score without seeing each other.
        ana.takes(
            &format!("{path}/scoring/open"),
            &[("wanted", "2"), ("ends_on", "2026-11-30")],
        )
        .await;
        priya.page("desk").await.must_say("Which customer data platform?");
        ana.post(&format!("{path}/options/{}/archive", options[0]), &[])
            .await
            .must_be(422)
            .must_say("Both sides are scoring these options");
        ana.post(
            &format!("{path}/propose"),
            &[
                ("option", &options[0]),
                ("rationale", "Early."),
                ("stage", "adopt"),
            ],
        )
        .await
        .must_be(422)
        .must_say("still scoring");
        score(&lena, &path, "1", [["5", ""], ["3", "4"]])
            .await
            .must_be(422)
            .must_say("Score Composable on Where the data stays.");
        score(&lena, &path, "1", [["4", "2"], ["3", "4"]])
            .await
            .must_be(303);
        score(&ana, &path, "1", [["5", "2"], ["3", "4"]])
            .await
            .must_be(303);
        // One side alone does not end it, whatever it has answered.
        lena.post(&format!("{path}/scoring/close"), &[("round", "1")])
            .await
            .must_be(422)
            .must_say("Technology has not answered yet.");
        // Their own side sees them; nobody else does, on any page.
        lena.page(&format!("{path}/scores"))
            .await
            .must_say("Marketing 4.5")
            .must_say("Seen in the pilot.");
        for who in ["priya", "kofi", "olu", "adm"] {
            let user = t.sign_in(who).await;
            for page in [
                path.clone(),
                format!("{path}/scores"),
                "history".to_owned(),
                format!("{path}/score"),
            ] {
                let answer = user.get(&page).await;
                answer.must_not_say("4.5").must_not_say("Seen in the pilot.");
            }
            let record = user.get(&format!("{path}/record.md")).await;
            assert!(!record.body.contains("Scores of both sides"), "{}", record.body);
        }
        ana.page(&path)
            .await
            .must_say("Marketing 2 of 2 answers, Technology 0 of 2");
        score(&priya, &path, "1", [["1", "3"], ["3", "4"]])
            .await
            .must_be(303);
        // A change of mind before the round closes replaces the answer, it does not count twice.
        score(&priya, &path, "1", [["2", "3"], ["3", "4"]])
            .await
            .must_be(303);
        score(&jonas, &path, "1", [["1", "3"], ["3", "3"]])
            .await
            .must_be(303);
        let open = ana.page(&path).await;
        open.must_say("The widest gap, 3.0 points: “Composable” on “Self-service”.")
            .must_say("The sides differ: Marketing rates “Composable” highest, Technology “Suite A”.")
            .must_say("Counting both sides equally, “Suite A” wins");
        score(&lena, &path, "1", [["1", "1"], ["1", "1"]])
            .await
            .must_be(422)
            .must_say("This round is closed");
        // Whoever had not answered may still do so: it is kept, shown as late, and counts in no figure.
        let kofi = t.sign_in("kofi").await;
        kofi.page(&format!("{path}/scores")).await.must_say("Score late");
        score(&kofi, &path, "1", [["5", "5"], ["1", "1"]])
            .await
            .must_be(303);
        kofi.page(&format!("{path}/scores"))
            .await
            .must_say("Late answers")
            .must_say("kofi, late")
            .must_say("2 people answered on each side.")
            .must_not_say("Score late");
        ana.page(&path)
            .await
            .must_say("The widest gap, 3.0 points: “Composable” on “Self-service”.");
        score(&kofi, &path, "1", [["4", "4"], ["1", "1"]])
            .await
            .must_be(422)
            .must_say("This round is closed");

        // Whoever proposes after a change is told that the scores are of before it; then it is taken back.
        let said = async |advantages: &str| {
            let edit = format!("{path}/options/{}/edit", options[0]);
            let form = ana.page(&edit).await;
            let fields = [
                ("version", form.value("version")),
                ("title", "Composable".to_owned()),
                ("advantages", advantages.to_owned()),
                ("drawbacks", "Dear".to_owned()),
                ("one_off_cost", "60,000".to_owned()),
            ];
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (*name, value.as_str()))
                .collect();
            ana.takes(&edit, &fields).await;
        };
        said("Fast, and by now cheaper").await;
        for page in [path.clone(), format!("{path}/scores"), format!("{path}/propose")] {
            ana.page(&page)
                .await
                .must_say("Scored before a change")
                .must_say("the options changed");
        }
        said("Fast").await;
        ana.page(&format!("{path}/propose"))
            .await
            .must_not_say("Scored before a change");

        // The proposal carries the scores; an objection sends it back, a revised one is signed.
        ana.takes(
            &format!("{path}/propose"),
            &[
                ("option", &options[0]),
                ("rationale", "Self-service."),
                ("stage", "trial"),
                ("review_on", "2026-12-20"),
            ],
        )
        .await;
        priya
            .give_verdict(
                &path,
                &[("verdict", "object"), ("reason", "Our own scores say otherwise.")],
            )
            .await
            .must_be(303);
        ana.page("desk").await.must_say("Technology objected");
        ana.takes(
            &format!("{path}/propose"),
            &[
                ("option", &options[1]),
                ("rationale", "Both can live with it."),
                ("stage", "trial"),
                ("review_on", "2026-12-20"),
            ],
        )
        .await;
        lena.sign(&path).await.must_be(303);
        priya.sign(&path).await.must_be(303);
        ana.page("technologies")
            .await
            .must_say("Suite A")
            .must_say("Trial");
        // Nothing is added to a final record, not even late.
        let dana = t.sign_in("dana").await;
        dana.page(&format!("{path}/scores"))
            .await
            .must_not_say("Score late");
        score(&dana, &path, "1", [["5", "5"], ["1", "1"]])
            .await
            .must_be(422)
            .must_say("cannot be changed");
        let record = ana.get(&format!("{path}/record.md")).await.body;
        // The sections of the MADR template, in its order.
        let mut after = 0;
        for section in [
            "# Which customer data platform?",
            "## Context and Problem Statement",
            "## Decision Drivers",
            "## Considered Options",
            "## Decision Outcome",
            "Chosen option: \"Suite A\", because Both can live with it.",
            "### Consequences",
            "### Confirmation",
            "## Pros and Cons of the Options",
            "### Composable",
            "## More Information",
            "### Scores of both sides",
        ] {
            let at = record[after..].find(&format!("\n{section}"));
            after += at.unwrap_or_else(|| panic!("{section} is not after the one before in: {record}"));
        }
        assert_eq!(
            digest_by_the_named_command(&record),
            record
                .split("(SHA-256) is `")
                .nth(1)
                .and_then(|rest| rest.split('`').next())
                .expect("a digest")
        );
        assert!(
            ana.get("decisions/export.csv")
                .await
                .body
                .contains("Which customer data platform?,Done: Both sides signed")
        );

        // On its day the driver is asked whether it delivered; it did not, and a later choice supersedes it.
        t.clock.advance_days(28);
        let (ana, lena, priya) = {
            drop((ana, lena, priya, jonas));
            (
                t.sign_in("ana").await,
                t.sign_in("lena").await,
                t.sign_in("priya").await,
            )
        };
        ana.page("desk").await.must_say("Did it deliver?");
        ana.post(&format!("{path}/review"), &[("verdict", "missed"), ("told", "")])
            .await
            .must_be(422);
        ana.takes(
            &format!("{path}/review"),
            &[("verdict", "missed"), ("told", "Nobody used it.")],
        )
        .await;
        ana.page(&path)
            .await
            .must_say("Missed")
            .must_say("Nobody used it.");
        ana.page("desk").await.must_not_say("Did it deliver?");
        let asked = ana.page(&path).await;
        let again = asked.link("Reopen as a new decision");
        let form = ana.page(&again).await;
        let (id, supersedes, driver) = (form.value("id"), form.value("supersedes"), t.member("ana").await);
        let fields = [
            ("id", id.as_str()),
            ("supersedes", &supersedes),
            ("question", "Which platform, now that we know?"),
            ("context", "Suite A was not used."),
            ("driver", &driver),
            ("decide_by", "2027-02-01"),
        ];
        let later = ana.takes("decisions/new", &fields).await;
        ana.page(&path).await.must_say("Reopened");
        for title in ["Composable", "Nothing"] {
            let id = ana.page(&format!("{later}/options/new")).await.value("id");
            ana.takes(&format!("{later}/options/new"), &[("id", &id), ("title", title)])
                .await;
        }
        let option = ana.page(&format!("{later}/propose")).await.value("option");
        ana.takes(
            &format!("{later}/propose"),
            &[
                ("option", &option),
                ("rationale", "It is used already."),
                ("stage", "adopt"),
            ],
        )
        .await;
        lena.sign(&later).await.must_be(303);
        priya.sign(&later).await.must_be(303);
        ana.page(&path)
            .await
            .must_say("Replaced by decision 2")
            .must_say("decision 2, Which platform, now that we know?");
        ana.page(&later).await.must_say("Replaces decision 1");
        ana.page("decisions").await.must_say("Replaced by decision 2");
        assert!(
            ana.get("decisions/export.csv")
                .await
                .body
                .contains("Which customer data platform?,Ended: Replaced by decision 2")
        );
        // What the earlier one entered is built on no more.
        ana.page("technologies/1")
            .await
            .must_say("Hold")
            .must_say("replaced by decision 2");
        t.verify().await;
    }
);

story!(who_changes_sides_judges_no_round_that_was_open, |t| {
    write_clause(&t, "ana").await;
    t.clock.advance_days(1);
    let (dana, ana) = (t.sign_in("dana").await, t.sign_in("ana").await);
    dana.takes(
        "definition/rounds/open",
        &[("wanted", "2"), ("ends_on", "2026-12-01")],
    )
    .await;
    dana.takes(
        "definition/rounds/answer",
        &[
            ("round", "1"),
            ("score-0-0", "5"),
            ("score-0-1", "5"),
            ("note-0-0", "Only ours."),
        ],
    )
    .await;
    // Who has not answered is anchored by nobody, not by their own side either.
    ana.page("definition/rounds").await.must_not_say("Only ours.");
    t.sign_in("dana")
        .await
        .page("definition/rounds")
        .await
        .must_say("Only ours.");
    t.clock.advance_days(1);
    let member = t.member("ana").await;
    t.sign_in("adm")
        .await
        .takes(
            &format!("members/{member}/edit"),
            &[("side", "technology"), ("role", "contributor")],
        )
        .await;
    let ana = t.sign_in("ana").await;
    ana.page("definition/rounds").await.must_not_say("Only ours.");
    ana.page("desk").await.must_not_say("do we mean the same");
    ana.post(
        "definition/rounds/answer",
        &[("round", "1"), ("score-0-0", "1"), ("score-0-1", "1")],
    )
    .await
    .must_be(422)
    .must_say("You joined this side after the round opened");
});

story!(who_changes_sides_reads_no_judgement_of_before, |t| {
    let (path, _) = super::numbers::kpi(&t, "Repeat", "%", "increase").await;
    let (dana, ana, lena) = (
        t.sign_in("dana").await,
        t.sign_in("ana").await,
        t.sign_in("lena").await,
    );
    let period = format!("{path}/periods/2026-10-01");
    lena.takes(&format!("{period}/value"), &[("value", "12")]).await;
    let digest = dana.page(&period).await.value("digest");
    let judgement = [
        ("digest", digest.as_str()),
        ("status", "at_risk"),
        ("insight", "Only ours."),
    ];
    dana.takes(&format!("{period}/attest"), &judgement).await;
    ana.page(&period).await.must_say("Only ours.");
    t.clock.advance_days(1);
    let member = t.member("jonas").await;
    t.sign_in("adm")
        .await
        .takes(
            &format!("members/{member}/edit"),
            &[("side", "marketing"), ("role", "contributor")],
        )
        .await;
    t.sign_in("jonas")
        .await
        .page(&period)
        .await
        .must_say("12")
        .must_not_say("Only ours.");
    t.verify().await;
});
