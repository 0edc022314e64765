//! The definition of the story, version by version.

use super::{
    Beat, Story,
    Who::{Ana, Dana, Jonas, Kofi, Lena, Priya, Sam, Yuki},
};
use crate::definition;

impl Story {
    pub(super) fn write_definition(&mut self) {
        let clauses: [(&str, [&str; 3], &[&str]); 3] = [
            (
                "One memory",
                [
                    "Whoever speaks with us, in a store, in the app or on the phone, never has to tell us \
                        twice.",
                    "Campaigns and store scripts read the same profile; no list of our own.",
                    "One profile service answers within 500 ms, for every touchpoint on the map.",
                ],
                &["Match rate of profiles", "Repeat purchase rate"],
            ),
            (
                "Asked once, kept safe",
                [
                    "We ask for consent once, in words a person understands, and every system honours it \
                        within a day.",
                    "No message without a live consent; the wording is ours to test.",
                    "One consent service; changes reach every source within 24 hours.",
                ],
                &["Profiles with consent"],
            ),
            (
                "An answer, not a ticket",
                [
                    "A person answers within four hours, and the answer solves it.",
                    "Campaigns are planned with the service team’s capacity in sight.",
                    "One inbox for all channels, with the profile beside the message.",
                ],
                &["Time to first answer"],
            ),
        ];
        for (title, texts, kpis) in clauses {
            self.on(-345, Lena, Beat::Clause(title, texts, kpis));
        }
        self.on(-343, Dana, Beat::ProposeDefinition);
        self.on(-342, Dana, Beat::Ratify(1));
        self.on(-338, Kofi, Beat::Ratify(1));
        self.on(
            -250,
            Ana,
            Beat::Clause(
                "Ready when we said",
                [
                    "An order is ready when the message says so, or we say sorry before the customer leaves \
                        home.",
                    "The promise in the message is the store’s, not the campaign’s.",
                    "Stock and picking times come from the store system, live.",
                ],
                &["Pickup orders ready on time"],
            ),
        );
        self.on(-248, Lena, Beat::ProposeDefinition);
        self.on(
            -247,
            Kofi,
            Beat::ObjectToDefinition(
                2,
                "Live stock from the store system is not funded \
            before the summer. Say what holds until then.",
            ),
        );
        self.on(
            -245,
            Priya,
            Beat::Rewrite(
                "Ready when we said",
                [
                    "An order is ready when the message says so, or we say sorry before the customer leaves \
                        home.",
                    "The promise in the message is the store’s, not the campaign’s.",
                    "Stock comes from the store system every 15 minutes; live from the summer on.",
                ],
            ),
        );
        self.on(-244, Lena, Beat::ProposeDefinition);
        self.on(-243, Kofi, Beat::Ratify(3));
        self.on(-240, Dana, Beat::Ratify(3));
        self.on(
            -75,
            Yuki,
            Beat::Rewrite(
                "Asked once, kept safe",
                [
                    "We ask for consent once, in words a person understands, and every system honours it \
                        within an hour.",
                    "No message without a live consent; the wording is ours to test.",
                    "One consent service; changes reach every source within 60 minutes.",
                ],
            ),
        );
        self.on(-84, Dana, Beat::OpenRound(2, self.today.plus(-76)));
        self.on(
            -83,
            Dana,
            Beat::Rate(&[[5, 5], [5, 5], [4, 4]], "We say it in every store meeting."),
        );
        self.on(
            -82,
            Kofi,
            Beat::Rate(
                &[[4, 2], [5, 4], [3, 2]],
                "Which system answers, and who pays for it?",
            ),
        );
        self.on(-80, Sam, Beat::Rate(&[[5, 4], [4, 5], [4, 5]], ""));
        self.on(-79, Yuki, Beat::Rate(&[[4, 1], [5, 4], [3, 3]], ""));
        self.on(-74, Dana, Beat::ProposeDefinition);
        self.on(-73, Kofi, Beat::Ratify(4));
        self.on(-71, Dana, Beat::Ratify(4));
        self.on(
            -12,
            Ana,
            Beat::Say(
                "One memory",
                "@Jonas Thorne, the stores ask whether **500 ms** is still \
            what we promise. The pilot was faster.",
            ),
        );
        self.on(
            -11,
            Jonas,
            Beat::Say(
                "One memory",
                "200 ms holds in the app. At the till we measure next week.",
            ),
        );
        self.on(
            -9,
            Lena,
            Beat::Rewrite(
                "One memory",
                [
                    "Whoever speaks with us, in a store, in the app or on the phone, never has to repeat \
                        what they told us in the last 12 months.",
                    "Campaigns and store scripts read the same profile; no list of our own.",
                    "One profile service answers within 200 ms, for every touchpoint on the map.",
                ],
            ),
        );
        self.on(
            -6,
            Sam,
            Beat::Clause(
                "Never more than welcome",
                [
                    "We write when there is something to say, and stop when we are asked to.",
                    "One frequency cap over all campaigns, owned by the marketing manager.",
                    "The cap is enforced where messages leave, not in each tool.",
                ],
                &["Messages per customer and week"],
            ),
        );
        self.on(
            -4,
            Jonas,
            Beat::Suggest(
                "Never more than welcome",
                definition::Field::ForTechnology,
                "The cap is enforced by the consent service, through which every message leaves, not in each \
                    tool.",
                "There is one place already through which all messages go.",
            ),
        );
        self.on(-3, Lena, Beat::OpenRound(2, self.today.plus(5)));
        self.on(
            -2,
            Lena,
            Beat::Rate(
                &[[5, 5], [5, 4], [4, 5], [5, 5]],
                "This is how we work since the summer.",
            ),
        );
        self.on(
            -1,
            Priya,
            Beat::Rate(
                &[[4, 3], [5, 5], [4, 4], [3, 2]],
                "200 ms at the till is not measured yet.",
            ),
        );
    }
}
