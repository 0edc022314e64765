//! The technology choices of the story.

use super::{
    Beat, Story,
    Who::{Ana, Dana, Ines, Jonas, Kofi, Lena, Olu, Priya, Sam, Yuki},
};

use crate::{
    decisions,
    handshake::{Kind, Verdict, on_table::sign, write::VerdictInput},
    identity::Viewer,
    platform::error::Result,
    rounds,
    technologies::TechnologyStage,
};

impl Story {
    pub(super) fn write_decisions(&mut self) {
        let day = |offset: i64| self.today.plus(offset);
        let script = vec![
            // Signed, with a condition that became a checkpoint.
            (
                -170,
                Priya,
                Beat::Ask(
                    "Which warehouse do the profiles live in?",
                    "The profile service needs one governed store for events. Brand teams need to query it; \
                        Technology has to run it.",
                    Some("One customer profile"),
                    Priya,
                    day(-140),
                ),
            ),
            (
                -168,
                Priya,
                Beat::Option(
                    "Which warehouse do the profiles live in?",
                    "The warehouse we have",
                    ["Governed already\nNo new contract", "Slow for single profiles"],
                    [Some(40_000), Some(60_000)],
                ),
            ),
            (
                -168,
                Priya,
                Beat::Option(
                    "Which warehouse do the profiles live in?",
                    "A second store for profiles",
                    ["Answers in 50 ms", "A second place to govern"],
                    [Some(120_000), Some(90_000)],
                ),
            ),
            (
                -150,
                Priya,
                Beat::Propose(
                    "Which warehouse do the profiles live in?",
                    "The warehouse we have",
                    "It is governed already, and a cache in front of it answers in 200 ms, which the \
                        definition asks for.",
                ),
            ),
            (
                -149,
                Lena,
                Beat::SignIf(
                    "Which warehouse do the profiles live in?",
                    "200 ms is measured at the till before the rollout.",
                    "Store scripts read the profile",
                    Yuki,
                    day(30),
                ),
            ),
            (-147, Kofi, Beat::Sign("Which warehouse do the profiles live in?")),
            (
                -18,
                Priya,
                Beat::Tell(
                    "Which warehouse do the profiles live in?",
                    decisions::DecisionOutcome::Partly,
                    "Profiles are governed in one place and nobody keeps a list of their own. The 200 ms \
                        hold in the app, not yet at the till.",
                ),
            ),
            // Superseded: the pilot told what was needed, and a later choice took its place.
            (
                -120,
                Priya,
                Beat::AskAgain(
                    "Do we pilot a chat before we buy one?",
                    "Which chat answers our customers?",
                    "The pilot answered faster in two countries. The rest of the company asks for it.",
                    Priya,
                    day(-100),
                ),
            ),
            (
                -119,
                Priya,
                Beat::Option(
                    "Which chat answers our customers?",
                    "The pilot’s chat, everywhere",
                    ["Known to two teams\nWorks with the inbox", "One more contract"],
                    [Some(12_000), Some(48_000)],
                ),
            ),
            (
                -119,
                Priya,
                Beat::Option(
                    "Which chat answers our customers?",
                    "Only mail and phone",
                    ["No new tool", "Slower than the promise"],
                    [None, None],
                ),
            ),
            (
                -110,
                Priya,
                Beat::Propose(
                    "Which chat answers our customers?",
                    "The pilot’s chat, everywhere",
                    "It halved the time to the first answer where it was tried.",
                ),
            ),
            (-109, Lena, Beat::Sign("Which chat answers our customers?")),
            (-108, Kofi, Beat::Sign("Which chat answers our customers?")),
            // In use before anybody decided: both owners say where it stands, and one has yet to let it go.
            (
                -100,
                Priya,
                Beat::EnterTechnology(
                    "Mail robot",
                    "Sends the weekly offers, since 2019.",
                    TechnologyStage::Hold,
                ),
            ),
            (-99, Kofi, Beat::SignTechnology("Mail robot")),
            (-98, Dana, Beat::SignTechnology("Mail robot")),
            (
                -5,
                Priya,
                Beat::MoveTechnology(
                    "Mail robot",
                    TechnologyStage::Retire,
                    "The weekly offers go out through the new platform by now.",
                ),
            ),
            (-4, Kofi, Beat::SignTechnology("Mail robot")),
            // Ruled: the sides did not settle it.
            (-91, Ines, Beat::NameArbiter(Olu)),
            (
                -90,
                Lena,
                Beat::Ask(
                    "Who runs the frequency cap?",
                    "Every tool has a cap of its own; customers hear from us up to nine times a week.",
                    Some("Consent everywhere"),
                    Lena,
                    day(-70),
                ),
            ),
            (
                -89,
                Lena,
                Beat::Option(
                    "Who runs the frequency cap?",
                    "The campaign tool",
                    ["Marketing can change it in a day", "Store messages pass it by"],
                    [Some(5_000), Some(6_000)],
                ),
            ),
            (
                -89,
                Priya,
                Beat::Option(
                    "Who runs the frequency cap?",
                    "The consent service",
                    ["Every message passes it", "A change waits for a release"],
                    [Some(30_000), Some(9_000)],
                ),
            ),
            (
                -80,
                Lena,
                Beat::Propose(
                    "Who runs the frequency cap?",
                    "The campaign tool",
                    "It works next week, for most messages.",
                ),
            ),
            (-79, Lena, Beat::Sign("Who runs the frequency cap?")),
            (
                -78,
                Priya,
                Beat::Object(
                    "Who runs the frequency cap?",
                    "A cap that store messages pass by is no cap.",
                ),
            ),
            (
                -69,
                Lena,
                Beat::StateCase(
                    "Who runs the frequency cap?",
                    "Nine messages a week cost us customers now. The campaign tool stops most of them next \
                        week.",
                ),
            ),
            (
                -69,
                Priya,
                Beat::StateCase(
                    "Who runs the frequency cap?",
                    "We promised a cap. Only the consent service sees every message.",
                ),
            ),
            (
                -66,
                Olu,
                Beat::Rule(
                    "Who runs the frequency cap?",
                    "The consent service",
                    "We promise the customer one cap. Technology releases a setting that Marketing changes \
                        without a release.",
                ),
            ),
            // Half-signed for days.
            (
                -30,
                Kofi,
                Beat::Ask(
                    "Which customer data platform do we build on?",
                    "Seven tools hold parts of the customer. We need one place for segments that Marketing \
                        can build and Technology can govern. The contract of the present tool ends in March.",
                    Some("One customer profile"),
                    Dana,
                    day(-1),
                ),
            ),
            (
                -29,
                Dana,
                Beat::Option(
                    "Which customer data platform do we build on?",
                    "Composable, on our warehouse",
                    [
                        "Data stays where it is governed\nOne profile by March",
                        "Brand teams wait for the segment builder",
                    ],
                    [Some(60_000), Some(120_000)],
                ),
            ),
            (
                -29,
                Dana,
                Beat::Option(
                    "Which customer data platform do we build on?",
                    "Suite A",
                    [
                        "First use case in six weeks\nSegment builder for brand teams",
                        "A copy of every profile at the vendor\nLeaves our governance",
                    ],
                    [Some(90_000), Some(280_000)],
                ),
            ),
            (
                -28,
                Priya,
                Beat::Option(
                    "Which customer data platform do we build on?",
                    "Suite B",
                    ["Known to the service team", "No segment builder for brand teams"],
                    [Some(70_000), Some(210_000)],
                ),
            ),
            (
                -27,
                Dana,
                Beat::Weigh(
                    "Which customer data platform do we build on?",
                    &[
                        (
                            "One profile",
                            "How completely does it join what we know of a customer, and how current is it?",
                            9,
                        ),
                        (
                            "Where the data stays",
                            "Is it governed where it is, or is there one more copy?",
                            8,
                        ),
                        (
                            "Self-service",
                            "Can brand teams build a segment without a ticket?",
                            7,
                        ),
                        (
                            "Running it",
                            "What does it take to operate, watch and upgrade?",
                            5,
                        ),
                    ],
                ),
            ),
            (
                -26,
                Lena,
                Beat::SignWeights("Which customer data platform do we build on?"),
            ),
            (
                -25,
                Priya,
                Beat::SignWeights("Which customer data platform do we build on?"),
            ),
            (
                -24,
                Dana,
                Beat::OpenScoring("Which customer data platform do we build on?", 2, day(-13)),
            ),
            (
                -22,
                Lena,
                Beat::Score(
                    "Which customer data platform do we build on?",
                    &[&[4, 4, 2, 3], &[4, 3, 5, 4], &[3, 3, 2, 4]],
                    "The pilot joined 93 % of our members.",
                ),
            ),
            (
                -21,
                Priya,
                Beat::Score(
                    "Which customer data platform do we build on?",
                    &[&[5, 5, 3, 4], &[3, 1, 4, 3], &[3, 2, 2, 3]],
                    "It reads the tables we already trust.",
                ),
            ),
            (
                -19,
                Sam,
                Beat::Score(
                    "Which customer data platform do we build on?",
                    &[&[4, 4, 3, 3], &[4, 3, 5, 4], &[2, 3, 2, 3]],
                    "",
                ),
            ),
            (
                -16,
                Jonas,
                Beat::Score(
                    "Which customer data platform do we build on?",
                    &[&[5, 5, 3, 3], &[3, 2, 4, 3], &[3, 2, 3, 3]],
                    "",
                ),
            ),
            (
                -12,
                Dana,
                Beat::Propose(
                    "Which customer data platform do we build on?",
                    "Composable, on our warehouse",
                    "It gives both sides one profile by March and keeps the data where Technology already \
                        governs it.",
                ),
            ),
            (
                -4,
                Dana,
                Beat::SignIf(
                    "Which customer data platform do we build on?",
                    "Brand teams get the segment builder with the first release.",
                    "Store scripts read the profile",
                    Jonas,
                    day(44),
                ),
            ),
            // Objected.
            (
                -26,
                Sam,
                Beat::Ask(
                    "Which offer engine does the app use?",
                    "Members see the same offer as everybody. An engine would choose three of two hundred.",
                    Some("Loyalty in the app"),
                    Sam,
                    day(12),
                ),
            ),
            (
                -25,
                Sam,
                Beat::Option(
                    "Which offer engine does the app use?",
                    "The engine of our shop",
                    ["Two teams know it", "Rules are written by hand"],
                    [Some(20_000), Some(30_000)],
                ),
            ),
            (
                -25,
                Sam,
                Beat::Option(
                    "Which offer engine does the app use?",
                    "A specialised service",
                    ["Learns from clicks", "A copy of every profile abroad"],
                    [Some(15_000), Some(140_000)],
                ),
            ),
            (
                -11,
                Sam,
                Beat::Propose(
                    "Which offer engine does the app use?",
                    "A specialised service",
                    "It learns from clicks and needs the least work from us.",
                ),
            ),
            (
                -10,
                Priya,
                Beat::Object(
                    "Which offer engine does the app use?",
                    "It wants a copy of every profile abroad. Ask for a version that runs on our side, or \
                        take the shop’s engine.",
                ),
            ),
            // Proposed, nobody has signed.
            (
                -19,
                Lena,
                Beat::Ask(
                    "How do we ask again for old consents?",
                    "Forty percent of the old consents name no purpose. We may not use them, and deleting \
                        them loses the customers.",
                    Some("Consent everywhere"),
                    Lena,
                    day(5),
                ),
            ),
            (
                -18,
                Lena,
                Beat::Option(
                    "How do we ask again for old consents?",
                    "One friendly message, then silence",
                    ["Clear and kind", "One in three will not answer"],
                    [Some(8_000), None],
                ),
            ),
            (
                -18,
                Lena,
                Beat::Option(
                    "How do we ask again for old consents?",
                    "At the next purchase",
                    ["No message at all", "Takes most of a year"],
                    [Some(15_000), None],
                ),
            ),
            (
                -3,
                Lena,
                Beat::Propose(
                    "How do we ask again for old consents?",
                    "At the next purchase",
                    "It reaches those who still buy, and nobody is written to without consent.",
                ),
            ),
            // Objected to, lately.
            (
                -14,
                Sam,
                Beat::Ask(
                    "Do we keep the old survey tool?",
                    "Its contract renews in January. Three teams still send surveys with it.",
                    None,
                    Sam,
                    day(20),
                ),
            ),
            (
                -13,
                Sam,
                Beat::Option(
                    "Do we keep the old survey tool?",
                    "Keep it a year",
                    ["Nothing changes", "Answers stay outside the profile"],
                    [None, Some(18_000)],
                ),
            ),
            (
                -13,
                Sam,
                Beat::Option(
                    "Do we keep the old survey tool?",
                    "Ask in the app",
                    ["Answers join the profile", "Only members answer"],
                    [Some(9_000), Some(3_000)],
                ),
            ),
            (
                -4,
                Sam,
                Beat::Propose(
                    "Do we keep the old survey tool?",
                    "Keep it a year",
                    "Nobody has time to move it before January.",
                ),
            ),
            (
                -2,
                Kofi,
                Beat::Object(
                    "Do we keep the old survey tool?",
                    "It keeps addresses that consent has ended for. Say who removes them, or leave it.",
                ),
            ),
            // Open, and late without a proposal.
            (
                -8,
                Ana,
                Beat::Ask(
                    "Which tool plans the stores’ messages?",
                    "Stores write by hand today. They need a list that knows what is ready.",
                    Some("Store pickup journey"),
                    Ana,
                    day(26),
                ),
            ),
            (
                -7,
                Ana,
                Beat::Option(
                    "Which tool plans the stores’ messages?",
                    "Extend the picking list",
                    ["No new tool", "Stores still type"],
                    [Some(12_000), Some(4_000)],
                ),
            ),
            (
                -7,
                Ana,
                Beat::Option(
                    "Which tool plans the stores’ messages?",
                    "The campaign tool’s planner",
                    ["Marketing knows it", "Does not know what is ready"],
                    [Some(6_000), Some(14_000)],
                ),
            ),
            (
                -6,
                Ana,
                Beat::Weigh(
                    "Which tool plans the stores’ messages?",
                    &[
                        (
                            "Knows what is ready",
                            "Does a message go out only when the order is on the shelf?",
                            9,
                        ),
                        (
                            "Work in the store",
                            "How many minutes does it take a store each day?",
                            7,
                        ),
                        ("Running it", "Who keeps it going at the weekend?", 5),
                    ],
                ),
            ),
            (
                -5,
                Lena,
                Beat::SignWeights("Which tool plans the stores’ messages?"),
            ),
            (
                -5,
                Priya,
                Beat::SignWeights("Which tool plans the stores’ messages?"),
            ),
            (
                -4,
                Ana,
                Beat::OpenScoring("Which tool plans the stores’ messages?", 2, day(4)),
            ),
            (
                -3,
                Sam,
                Beat::Score(
                    "Which tool plans the stores’ messages?",
                    &[&[4, 2, 4], &[2, 4, 3]],
                    "",
                ),
            ),
            (
                -2,
                Jonas,
                Beat::Score(
                    "Which tool plans the stores’ messages?",
                    &[&[5, 3, 4], &[1, 3, 3]],
                    "",
                ),
            ),
            (
                -60,
                Jonas,
                Beat::Ask(
                    "Which terms tool holds our marketing numbers?",
                    "Forty terms live in a document. They should live where reports are made.",
                    Some("Self-service analytics"),
                    Jonas,
                    day(-9),
                ),
            ),
            (
                -59,
                Jonas,
                Beat::Option(
                    "Which terms tool holds our marketing numbers?",
                    "The catalogue of the warehouse",
                    ["Already paid for", "Marketing needs a training"],
                    [None, None],
                ),
            ),
            (
                -59,
                Lena,
                Beat::Option(
                    "Which terms tool holds our marketing numbers?",
                    "A page everybody can edit",
                    ["Everybody can edit it", "Nobody governs it"],
                    [None, None],
                ),
            ),
            // Signed plainly, long ago.
            (
                -310,
                Jonas,
                Beat::Ask(
                    "Do we pilot a chat before we buy one?",
                    "Two vendors offer a pilot without a contract.",
                    Some("Chat pilot in two countries"),
                    Jonas,
                    day(-300),
                ),
            ),
            (
                -309,
                Jonas,
                Beat::Option(
                    "Do we pilot a chat before we buy one?",
                    "Pilot in two countries",
                    ["Cheap to learn", "Two shift models"],
                    [Some(10_000), None],
                ),
            ),
            (
                -309,
                Jonas,
                Beat::Option(
                    "Do we pilot a chat before we buy one?",
                    "Buy now",
                    ["Faster if it works", "A contract of three years"],
                    [Some(50_000), Some(80_000)],
                ),
            ),
            (
                -308,
                Jonas,
                Beat::Propose(
                    "Do we pilot a chat before we buy one?",
                    "Pilot in two countries",
                    "We learn for little, and stop if it does not answer faster.",
                ),
            ),
            (-307, Priya, Beat::Sign("Do we pilot a chat before we buy one?")),
            (-305, Lena, Beat::Sign("Do we pilot a chat before we buy one?")),
        ];
        for (offset, who, beat) in script {
            self.on(offset, who, beat);
        }
    }

    pub(super) async fn sign_decision(
        &self,
        viewer: &Viewer,
        question: &str,
        verdict: Verdict,
        reason: Option<&str>,
        condition: Option<decisions::write::ConditionInput>,
    ) -> Result<()> {
        let number = self.decisions[question];
        let id = decisions::read::one(viewer, number).await?.id;
        let digest = self.digest(viewer, Kind::Decision, id.uuid()).await?;
        sign::<decisions::write::DecisionOnTable>(
            viewer,
            number,
            VerdictInput {
                seen: &digest,
                verdict,
                reason,
            },
            condition,
        )
        .await
        .map(|_| ())
    }
}

/// A whole answer, with a note on its first score.
pub(super) fn answers(
    sheet: &rounds::AnswerSheet,
    score: impl Fn(usize, usize) -> i64,
    note: &str,
) -> Vec<rounds::write::AnswerInput> {
    let mut given = Vec::new();
    for (t, thing) in sheet.things.iter().enumerate() {
        for (m, measure) in sheet.measures.iter().enumerate() {
            let note = if (t, m) == (0, 0) {
                note.to_owned()
            } else {
                String::new()
            };
            given.push(rounds::write::AnswerInput {
                thing: thing.id.clone(),
                measure: measure.id.clone(),
                score: score(t, m),
                note,
            });
        }
    }
    given
}

/// What each decision rests on: clauses, KPIs, and its impact.
pub(super) fn rests_on(question: &str) -> (&'static [&'static str], &'static [&'static str], &'static str) {
    match question {
        "Which customer data platform do we build on?" => (
            &["One memory", "Asked once, kept safe"],
            &["Match rate of profiles", "Repeat purchase rate"],
            "Four campaigns and the store scripts wait for it; the contract of the present tool ends in \
                March.",
        ),
        "Which warehouse do the profiles live in?" => (
            &["One memory"],
            &["Match rate of profiles"],
            "Every service that shows a customer reads from it.",
        ),
        "How do we ask again for old consents?" => {
            (&["Asked once, kept safe"], &["Profiles with consent"], "")
        }
        "Do we pilot a chat before we buy one?" => {
            (&["An answer, not a ticket"], &["Time to first answer"], "")
        }
        _ => (&[], &[], ""),
    }
}
