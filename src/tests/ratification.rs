//! The definition is talked over, rated blind, ratified and ratified again.

use super::{
    agreements::digest_by_the_named_command,
    definition::{edit, write_clause},
};

use crate::story;

story!(
    a_definition_is_talked_over_rated_blind_ratified_and_ratified_again,
    |t| {
        let (dana, kofi, ana, jonas) = (
            t.sign_in("dana").await,
            t.sign_in("kofi").await,
            t.sign_in("ana").await,
            t.sign_in("jonas").await,
        );
        let id = write_clause(&t, "ana").await;
        let clause = format!("definition/clauses/{id}");

        // Somebody is named and told; whoever wrote it is not.
        ana.takes(
            &format!("{clause}/comments"),
            &[("body", "@jonas, is **500 ms** real? @ana")],
        )
        .await;
        ana.page("desk").await.must_not_say("mentioned you");
        jonas.page("desk").await.must_say("ana mentioned you");
        let read = jonas.page("desk").await.action("Read what ana wrote");
        jonas.takes(&read, &[]).await;
        jonas.page("desk").await.must_not_say("mentioned you");
        assert!(
            jonas.page(&clause).await.has(".comment strong"),
            "Markdown is laid out"
        );

        // Technology suggests other words; its own side cannot accept them, Marketing can.
        let before = jonas
            .page(&format!("{clause}/suggest?field=for_technology"))
            .await
            .value("before");
        let words = "The profile answers within 800 ms.";
        jonas
            .post(
                &format!("{clause}/suggest"),
                &[
                    ("field", "for_technology"),
                    ("before", &before),
                    ("after", &before),
                ],
            )
            .await
            .must_be(422);
        jonas
            .takes(
                &format!("{clause}/suggest"),
                &[
                    ("field", "for_technology"),
                    ("before", &before),
                    ("after", words),
                    ("because", "Measured."),
                ],
            )
            .await;
        let page = ana.page(&clause).await;
        page.must_say("Marketing has to answer").must_say("Measured.");
        assert!(
            page.has(".suggestion del") && page.has(".suggestion ins"),
            "what would change is marked"
        );
        let suggestion = page
            .body
            .split("/definition/suggestions/")
            .nth(1)
            .expect("a suggestion")
            .chars()
            .take(36)
            .collect::<String>();
        kofi.post(&format!("definition/suggestions/{suggestion}/accept"), &[])
            .await
            .must_be(403);
        ana.page("desk").await.must_say("New wording for “One memory”");
        ana.takes(&format!("definition/suggestions/{suggestion}/accept"), &[])
            .await;
        kofi.page("definition").await.must_say("within 800 ms");
        ana.post(&format!("definition/suggestions/{suggestion}/decline"), &[])
            .await
            .must_be(422)
            .must_say("accepted already");
        // One over a text that has changed since is not accepted.
        let before = jonas
            .page(&format!("{clause}/suggest?field=promise"))
            .await
            .value("before");
        jonas
            .takes(
                &format!("{clause}/suggest"),
                &[
                    ("field", "promise"),
                    ("before", &before),
                    ("after", "Nobody repeats anything."),
                ],
            )
            .await;
        edit(&t, "ana", &id, "Nobody has to tell us the same thing twice.").await;
        let page = ana.page(&clause).await;
        page.must_say("The text has changed since");
        let late = page
            .body
            .split("/definition/suggestions/")
            .nth(1)
            .expect("a suggestion")
            .chars()
            .take(36)
            .collect::<String>();
        ana.post(&format!("definition/suggestions/{late}/accept"), &[])
            .await
            .must_be(422)
            .must_say("You can decline it; the author can suggest it again for the current text.");
        ana.takes(
            &format!("definition/suggestions/{late}/decline"),
            &[("because", "Too broad.")],
        )
        .await;
        jonas.page(&clause).await.must_say("Too broad.");

        // Two people in the same clause see that they are two; a preview saves nothing.
        ana.page(&format!("{clause}/edit"))
            .await
            .must_not_say("Also editing");
        jonas
            .page(&format!("{clause}/edit"))
            .await
            .must_say("Also editing this clause: ana");
        let version = jonas.page(&format!("{clause}/edit")).await.value("version");
        let shown = jonas
            .post(
                &format!("{clause}/edit"),
                &[
                    ("preview", "1"),
                    ("version", &version),
                    ("title", "Draft *title*"),
                    ("promise", "A **bold** one."),
                ],
            )
            .await;
        assert!(shown.must_be(200).has(".preview strong"));
        kofi.page(&clause).await.must_not_say("bold");

        // Eye to eye: a large gap, seen by both sides only when both have answered.
        dana.takes(
            "definition/rounds/open",
            &[("wanted", "1"), ("ends_on", "2026-11-30")],
        )
        .await;
        dana.post(
            "definition/rounds/open",
            &[("wanted", "1"), ("ends_on", "2026-11-30")],
        )
        .await
        .must_be(422)
        .must_say("A round is open already");
        ana.takes(
            "definition/rounds/answer",
            &[
                ("round", "1"),
                ("score-0-0", "5"),
                ("score-0-1", "5"),
                ("note-0-1", "Clear as day."),
            ],
        )
        .await;
        dana.post("definition/rounds/close", &[("round", "1")])
            .await
            .must_be(422)
            .must_say("Technology has not answered yet.");
        for who in ["kofi", "jonas", "olu"] {
            t.sign_in(who)
                .await
                .page("definition/rounds")
                .await
                .must_not_say("5.0")
                .must_not_say("Clear as day.");
        }
        jonas
            .page("desk")
            .await
            .must_say("The definition: do we mean the same?");
        jonas
            .takes(
                "definition/rounds/answer",
                &[("round", "1"), ("score-0-0", "4"), ("score-0-1", "1")],
            )
            .await;
        dana.page("definition/rounds")
            .await
            .must_say(
                "Talk about “One memory” first. On “I know what it means for my team”, Marketing rates it \
                    4.0 \
            points higher than Technology.",
            )
            .must_say("Clear as day.");
        dana.takes(
            "definition/rounds/open",
            &[("wanted", "1"), ("ends_on", "2026-11-30")],
        )
        .await;
        ana.takes(
            "definition/rounds/answer",
            &[("round", "2"), ("score-0-0", "5"), ("score-0-1", "5")],
        )
        .await;
        jonas
            .takes(
                "definition/rounds/answer",
                &[("round", "2"), ("score-0-0", "5"), ("score-0-1", "4")],
            )
            .await;
        dana.page("definition/rounds")
            .await
            .must_say("How the gap moved")
            .must_say("closer");

        // Ratified until a day; nothing measures it and nothing serves it, which is said.
        dana.post("definition/propose", &[("again_by", "2026-11-23")])
            .await
            .must_be(422)
            .must_say("Choose a later day.");
        dana.takes("definition/propose", &[("again_by", "2027-02-01")])
            .await;
        dana.sign("definition/versions/1").await.must_be(303);
        kofi.sign("definition/versions/1").await.must_be(303);
        dana.page("definition")
            .await
            .must_say("Both leads renew it by 1 Feb 2027");
        dana.page("definition/trace")
            .await
            .must_say("No KPI yet")
            .must_say("No work yet");
        let text = dana.get("definition/versions/1/text.md").await.body;
        assert!(
            text.contains("## 1. One memory") && text.contains("* Technology: kofi agreed on 2026-11-23"),
            "{text}"
        );
        assert!(
            text.contains(&format!("`{}`", digest_by_the_named_command(&text))),
            "{text}"
        );
        dana.post("definition/propose", &[("again_by", "2027-06-01")])
            .await
            .must_be(422)
            .must_say("identical to the version in force");

        // An edit, then back to what was in force.
        edit(&t, "ana", &id, "Something hasty.").await;
        dana.page("definition").await.must_say("1 change since version 1");
        dana.takes("definition/versions/1/restore", &[]).await;
        dana.page("definition")
            .await
            .must_say("No changes since version 1");

        // When it is due, both leads find it on their desk, and the same words can be ratified again.
        t.clock.advance_days(50);
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        kofi.page("desk")
            .await
            .must_say("Renew the definition (version 1 is in force)");
        dana.takes("definition/propose", &[("again_by", "2027-12-01")])
            .await;
        dana.sign("definition/versions/2").await.must_be(303);
        kofi.sign("definition/versions/2").await.must_be(303);
        kofi.page("desk").await.must_not_say("Renew the definition");
        dana.page("definition/compare?from=1&to=2&view=side-by-side")
            .await
            .must_say("0 of 1 clauses differ");
        t.verify().await;
    }
);
