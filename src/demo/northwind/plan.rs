//! The milestones of the story and the steps towards them.

use super::{
    Beat, Story, Who,
    Who::{Ana, Dana, Jonas, Kofi, Lena, Priya, Sam, Yuki},
};
use crate::{
    identity::Viewer,
    milestones,
    platform::{error::Result, ids::CheckpointId},
};

/// Title, owner, due, passed (0: not yet).
type Steps = &'static [(&'static str, Who, i64, i64)];

/// A milestone and its steps, in days from today.
pub(super) struct MilestonePlan {
    pub initiative: &'static str,
    pub title: &'static str,
    pub outcome: &'static str,
    made: i64,
    pub promised: i64,
    pub driver: Who,
    pub owners: [Who; 2],
    pub asks_other_side: bool,
    steps: Steps,
}

static PLANS: [MilestonePlan; 14] = [
    MilestonePlan {
        initiative: "One customer profile",
        title: "Profiles from three sources",
        outcome: "Store, shop and app events land in one profile within a minute.",
        made: -255,
        promised: -60,
        driver: Jonas,
        owners: [Dana, Kofi],
        asks_other_side: false,
        steps: &[
            ("Store events arrive", Jonas, -150, -148),
            ("Shop events arrive", Yuki, -110, -112),
            ("App events arrive", Yuki, -70, -66),
            ("Both teams checked 200 profiles by hand", Ana, -62, -61),
        ],
    },
    MilestonePlan {
        initiative: "One customer profile",
        title: "Match rules agreed",
        outcome: "Both sides agree when two records are one person, and what happens when they are not sure.",
        made: -120,
        promised: 2,
        driver: Ana,
        owners: [Dana, Kofi],
        asks_other_side: true,
        steps: &[
            ("Rules for mail and phone", Ana, -40, -38),
            ("Rules for households", Ana, -12, -10),
            ("Rules for stores without a receipt", Jonas, 1, 0),
            ("Legal has read the rules", Lena, 2, 0),
        ],
    },
    MilestonePlan {
        initiative: "One customer profile",
        title: "Store scripts read the profile",
        outcome: "A store colleague sees the last purchase and the open question within 200 ms.",
        made: -165,
        promised: 60,
        driver: Jonas,
        owners: [Ana, Jonas],
        asks_other_side: false,
        steps: &[
            ("Script in two pilot stores", Sam, 15, 0),
            ("200 ms measured at the till", Yuki, 30, 0),
            ("All stores", Sam, 58, 0),
        ],
    },
    MilestonePlan {
        initiative: "Consent everywhere",
        title: "Consent service live",
        outcome: "One service answers for every system whether we may.",
        made: -290,
        promised: -113,
        driver: Yuki,
        owners: [Lena, Kofi],
        asks_other_side: false,
        steps: &[
            ("One wording, tested with customers", Lena, -200, -190),
            ("Service answers in production", Yuki, -90, -50),
            ("Newsletter asks the service", Sam, -40, -33),
            ("App asks the service", Yuki, -12, 0),
            ("Migrate the app’s old consents", Jonas, -6, 0),
        ],
    },
    MilestonePlan {
        initiative: "Consent everywhere",
        title: "Deletion in 72 hours",
        outcome: "A request reaches every source and is proven within three days.",
        made: -60,
        promised: 38,
        driver: Yuki,
        owners: [Lena, Yuki],
        asks_other_side: false,
        steps: &[],
    },
    MilestonePlan {
        initiative: "Store pickup journey",
        title: "Sixteen stores pick from the new list",
        outcome: "Orders are picked in the order in which customers come.",
        made: -140,
        promised: -30,
        driver: Sam,
        owners: [Ana, Jonas],
        asks_other_side: false,
        steps: &[
            ("List in six stores", Sam, -45, -44),
            ("List in sixteen stores", Sam, -31, -29),
        ],
    },
    MilestonePlan {
        initiative: "Store pickup journey",
        title: "Message timing with the stores",
        outcome: "The store sends the message, when the order stands on the shelf.",
        made: -90,
        promised: 55,
        driver: Ana,
        owners: [Ana, Jonas],
        asks_other_side: false,
        steps: &[
            ("Message leaves from the picking list", Jonas, -3, 0),
            ("Sorry message before the customer leaves home", Ana, 20, 0),
            ("Ten stores for four weeks", Sam, 50, 0),
        ],
    },
    MilestonePlan {
        initiative: "Self-service analytics",
        title: "Sales cube open to brand teams",
        outcome: "Every brand answers its weekly questions itself.",
        made: -190,
        promised: 20,
        driver: Jonas,
        owners: [Lena, Priya],
        asks_other_side: false,
        steps: &[
            ("Cube governed and documented", Jonas, -80, -85),
            ("Forty people trained", Lena, -30, -26),
            ("Two brands", Jonas, -8, -7),
            ("All brands", Jonas, 18, 0),
        ],
    },
    MilestonePlan {
        initiative: "Self-service analytics",
        title: "Common terms for marketing numbers",
        outcome: "Forty terms mean the same in every report.",
        made: -180,
        promised: -70,
        driver: Lena,
        owners: [Lena, Priya],
        asks_other_side: false,
        steps: &[
            ("Forty terms written", Lena, -100, -101),
            ("Reports use the terms", Yuki, -72, -71),
        ],
    },
    MilestonePlan {
        initiative: "Loyalty in the app",
        title: "Receipts in the app",
        outcome: "The receipt is in the app before the customer is out of the door.",
        made: -110,
        promised: 28,
        driver: Sam,
        owners: [Dana, Priya],
        asks_other_side: false,
        steps: &[
            ("Receipt arrives in the test store", Yuki, -20, -18),
            ("Members find their receipts", Sam, 10, 0),
            ("All stores", Yuki, 27, 0),
        ],
    },
    MilestonePlan {
        initiative: "Loyalty in the app",
        title: "Personal offers",
        outcome: "Each member sees three offers that fit, and can say no.",
        made: -100,
        promised: 90,
        driver: Sam,
        owners: [Dana, Priya],
        asks_other_side: false,
        steps: &[
            ("Offer rules for ten categories", Sam, 40, 0),
            ("Offers from the engine", Jonas, 80, 0),
        ],
    },
    MilestonePlan {
        initiative: "Newsletter that knows you",
        title: "Seven lists are one",
        outcome: "One list with purposes instead of seven.",
        made: -330,
        promised: -60,
        driver: Ana,
        owners: [Lena, Priya],
        asks_other_side: false,
        steps: &[
            ("Six lists merged", Ana, -110, -118),
            ("Last list merged", Ana, -62, -58),
        ],
    },
    MilestonePlan {
        initiative: "Answers in two hours",
        title: "One inbox",
        outcome: "Mail, chat and social messages arrive in one place with the profile beside them.",
        made: -15,
        promised: 75,
        driver: Yuki,
        owners: [Ana, Priya],
        asks_other_side: false,
        steps: &[
            ("Mail and chat in one inbox", Yuki, 30, 0),
            ("Profile beside the message", Jonas, 70, 0),
        ],
    },
    MilestonePlan {
        initiative: "Loyalty in the app",
        title: "No paper at the till",
        outcome: "Whoever has the app gets no paper.",
        made: -108,
        promised: 45,
        driver: Sam,
        owners: [Dana, Priya],
        asks_other_side: false,
        steps: &[("Tills ask before they print", Yuki, 40, 0)],
    },
];

impl Story {
    /// A checkpoint as it stands, for who looks at it.
    pub(super) async fn checkpoint(&self, viewer: &Viewer, title: &str) -> Result<(CheckpointId, i64)> {
        let id = self.checkpoints[title];
        Ok((id, milestones::read::checkpoint(viewer, id).await?.1.version))
    }

    pub(super) fn write_milestones(&mut self) {
        let day = |offset: i64| self.today.plus(offset);
        let mut script = Vec::new();
        for plan in &PLANS {
            let leads = plan.owners[1];
            script.push((plan.made, leads, Beat::Milestone(plan)));
            for (title, owner, due, passed) in plan.steps {
                script.push((
                    plan.made + 1,
                    plan.driver,
                    Beat::Checkpoint(plan.title, title, criteria(title), *owner, day(*due)),
                ));
                match (*passed, *title) {
                    (0, _) => {}
                    (passed, "Rules for households") => script.push((
                        passed,
                        *owner,
                        Beat::PassWith(title, "household-rules.csv", HOUSEHOLDS),
                    )),
                    (passed, title) => script.push((passed, *owner, Beat::Pass(title, evidence(title)))),
                }
            }
        }
        script.push((
            -118,
            Yuki,
            Beat::Slip(
                "Consent service live",
                day(-75),
                "The app team joined later than planned.",
            ),
        ));
        script.push((
            -80,
            Yuki,
            Beat::Slip(
                "Consent service live",
                day(-40),
                "The newsletter tool needed an adapter.",
            ),
        ));
        script.push((
            -42,
            Kofi,
            Beat::Slip(
                "Consent service live",
                day(-9),
                "Old consents turned out to have no purpose.",
            ),
        ));
        script.push((
            -30,
            Ana,
            Beat::Slip(
                "Sales cube open to brand teams",
                day(35),
                "Brands asked for their own terms first.",
            ),
        ));
        script.push((
            -20,
            Dana,
            Beat::Slip(
                "Store scripts read the profile",
                day(48),
                "The pilot stores were ready early.",
            ),
        ));
        for (title, marketing, technology) in [
            ("Profiles from three sources", -59, -58),
            ("Common terms for marketing numbers", -69, -66),
            ("Seven lists are one", -56, -55),
        ] {
            let (m, t) = match title {
                "Profiles from three sources" => (Dana, Kofi),
                _ => (Lena, Priya),
            };
            script.push((marketing, m, Beat::Accept(title)));
            script.push((technology, t, Beat::Accept(title)));
        }
        script.extend([
            (
                -66,
                Dana,
                Beat::Wait("Match rules agreed", "Store scripts read the profile"),
            ),
            (
                -66,
                Kofi,
                Beat::Wait("Consent service live", "Store scripts read the profile"),
            ),
            (-14, Priya, Beat::Wait("Match rules agreed", "One inbox")),
            // What Marketing passes, Technology accepts, or returns with what is missing.
            (-36, Kofi, Beat::AcceptStep("Rules for mail and phone")),
            (
                -4,
                Lena,
                Beat::Pass(
                    "Legal has read the rules",
                    "Legal’s answer of last week, in the minutes",
                ),
            ),
            (
                -3,
                Kofi,
                Beat::ReturnStep(
                    "Legal has read the rules",
                    "Legal read version 2; the rule for households came with version 3.",
                ),
            ),
            (
                -28,
                Priya,
                Beat::GiveUp(
                    "No paper at the till",
                    "The law has tills print on demand; a question before printing would double the queue.",
                ),
            ),
            (-64, Dana, Beat::ProposeBaseline),
            (-63, Dana, Beat::SignBaseline(1)),
            (-62, Kofi, Beat::SignBaseline(1)),
        ]);
        script.push((-26, Jonas, Beat::Accept("Sixteen stores pick from the new list")));
        for (offset, who, beat) in script {
            self.on(offset, who, beat);
        }
    }
}

fn evidence(checkpoint: &str) -> &'static str {
    match checkpoint {
        "Both teams checked 200 profiles by hand" => {
            "196 of 200 were one person; the four are in the minutes."
        }
        "One wording, tested with customers" => "https://wiki.northwind.example/consent/wording-test",
        "Forty terms written" => "https://wiki.northwind.example/terms",
        "Two brands" => "Home and Garden answered last week’s questions themselves.",
        _ => "Shown in the fortnightly review, numbers in the minutes.",
    }
}

/// What must hold, where the title does not say it all.
fn criteria(checkpoint: &str) -> &'static str {
    match checkpoint {
        "Rules for mail and phone" | "Rules for households" => {
            "Each rule has an example and a counter-example from real purchases; both sides would decide the \
                same."
        }
        "Rules for stores without a receipt" => {
            "Ten purchases without a receipt, decided by two people who do not talk to each other, nine of \
                them alike."
        }
        "Legal has read the rules" => "Legal has answered in writing to the version that is to be signed.",
        "200 ms measured at the till" => "The 95th percentile over a Saturday, in both pilot stores.",
        _ => "",
    }
}

/// The file that was given as evidence.
const HOUSEHOLDS: &str = "rule,example,same household\nsame address and surname,\"Meyer, Lindenweg 4 \
    twice\",yes\nsame address only,\"Meyer and Costa, Lindenweg 4\",no\nsame loyalty card,two phones on one \
    card,yes\n";
