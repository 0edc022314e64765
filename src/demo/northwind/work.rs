//! The initiatives of the story, and what was said about them.

use super::{
    Beat, Story, Who,
    Who::{Ana, Dana, Jonas, Kofi, Lena, Priya, Sam, Yuki},
};
use crate::{
    handshake::Health,
    identity::{Side, Viewer},
    initiatives::{self, Phase},
    platform::{error::Result, ids::InitiativeId},
};

/// What members answer for.
const RESPONSIBILITIES: [&str; 4] = [
    "Words and offers that customers see",
    "Data feeds and their quality",
    "Numbers, and what they mean",
    "The rollout in stores",
];

/// Months in which nothing happened but the work.
const QUIET: [(&str, &str); 4] = [
    (
        "The plan holds; both teams met twice.",
        "Test the next feed with real orders",
    ),
    (
        "Two of the planned steps are done, one waits for a test account.",
        "Test account from the vendor",
    ),
    (
        "Stores and shop agreed on the words; the first numbers are in.",
        "Numbers of a whole month",
    ),
    (
        "A small step took longer than thought, without moving the date.",
        "Catch up in the next sprint",
    ),
];

fn cadence_of(title: &str) -> i64 {
    if title == ANSWERS.title { 7 } else { 28 }
}

pub(super) struct InitiativePlan {
    title: &'static str,
    purpose: &'static str,
    starts: i64,
    ends: i64,
    leads: [Who; 2],
    members: &'static [Who],
    clauses: &'static [&'static str],
    kpis: &'static [&'static str],
}

macro_rules! initiative_plan {
    ($name:ident, $title:literal, $purpose:literal, $starts:literal, $ends:literal, [$m:ident, $t:ident], $members:expr, $clauses:expr, $kpis:expr) => {
        static $name: InitiativePlan = InitiativePlan {
            title: $title,
            purpose: $purpose,
            starts: $starts,
            ends: $ends,
            leads: [$m, $t],
            members: $members,
            clauses: $clauses,
            kpis: $kpis,
        };
    };
}

initiative_plan!(
    PROFILE,
    "One customer profile",
    "Whoever speaks with a customer sees the same person: purchases, consents and conversations in one \
        profile that answers in 200 ms.",
    -260,
    68,
    [Dana, Kofi],
    &[Ana, Jonas, Yuki],
    &["One memory"],
    &["Repeat purchase rate", "Match rate of profiles"]
);

initiative_plan!(
    EVERYWHERE,
    "Consent everywhere",
    "We ask once, in words people understand, and every system honours the answer within an hour.",
    -300,
    40,
    [Lena, Kofi],
    &[Sam, Yuki],
    &["Asked once, kept safe"],
    &["Profiles with consent", "Deletion requests done in 72 hours"]
);

initiative_plan!(
    STORE,
    "Store pickup journey",
    "An order is ready when the message says so, in every store.",
    -150,
    112,
    [Ana, Jonas],
    &[Sam, Yuki],
    &["Ready when we said"],
    &["Pickup orders ready on time"]
);

initiative_plan!(
    ANALYTICS,
    "Self-service analytics",
    "Brand teams answer their own questions on data that Technology governs.",
    -200,
    97,
    [Lena, Priya],
    &[Ana, Jonas],
    &["One memory"],
    &["Questions answered by self-service"]
);

initiative_plan!(
    LOYALTY,
    "Loyalty in the app",
    "Points, offers and the receipt in one place, without a card.",
    -120,
    128,
    [Dana, Priya],
    &[Sam, Jonas],
    &["One memory", "Ready when we said"],
    &["Churn of loyalty members", "Messages per customer and week"]
);

initiative_plan!(
    CLEAN,
    "Clean room with our suppliers",
    "Measure what a campaign with a supplier moved without exchanging people’s data.",
    -110,
    200,
    [Ana, Yuki],
    &[Lena, Jonas],
    &["Asked once, kept safe"],
    &[]
);

initiative_plan!(
    LETTER,
    "Newsletter that knows you",
    "One newsletter per person instead of seven lists.",
    -340,
    -45,
    [Lena, Priya],
    &[Ana, Yuki],
    &["One memory"],
    &["Repeat purchase rate"]
);

initiative_plan!(
    CHAT,
    "Chat pilot in two countries",
    "See whether a chat answers faster than mail.",
    -320,
    -130,
    [Sam, Jonas],
    &[Lena, Priya],
    &[],
    &["Time to first answer"]
);

initiative_plan!(
    VOICE,
    "Voice of the customer",
    "What customers say in reviews, calls and surveys reaches the people who can change it.",
    10,
    190,
    [Dana, Yuki],
    &[Sam, Yuki],
    &["One memory"],
    &["Would recommend us"]
);

initiative_plan!(
    ANSWERS,
    "Answers in two hours",
    "One inbox for all channels, so that nobody is asked twice.",
    -20,
    150,
    [Ana, Priya],
    &[Sam, Yuki],
    &["One memory"],
    &["Time to first answer"]
);

impl Story {
    pub(super) fn write_initiatives(&mut self) {
        for plan in [
            &PROFILE,
            &EVERYWHERE,
            &STORE,
            &ANALYTICS,
            &LOYALTY,
            &CLEAN,
            &LETTER,
            &CHAT,
        ] {
            self.on(plan.starts - 6, Dana, Beat::Initiative(plan));
            self.on(
                plan.starts,
                plan.leads[1],
                Beat::Move(plan.title, Phase::Active, ""),
            );
            for lead in plan.leads {
                self.on(plan.starts, lead, Beat::SignCharter(plan.title));
            }
        }
        self.on(-3, Dana, Beat::Initiative(&VOICE));
        self.on(-21, Lena, Beat::Initiative(&ANSWERS));
        self.on(-2, VOICE.leads[0], Beat::Move(VOICE.title, Phase::Active, ""));
        self.on(-2, VOICE.leads[0], Beat::SignCharter(VOICE.title));
        self.on(-20, Priya, Beat::Move(ANSWERS.title, Phase::Active, ""));
        for lead in ANSWERS.leads {
            self.on(-20, lead, Beat::SignCharter(ANSWERS.title));
        }
        let reports: [(i64, Who, &str, Health, &str, &str); 14] = [
            (
                -33,
                Dana,
                "One customer profile",
                Health::AtRisk,
                "Two of three sources deliver; the app team starts late.",
                "App events in the profile",
            ),
            (
                -5,
                Kofi,
                "One customer profile",
                Health::OnTrack,
                "The app delivers since Monday; matching is at 74 %.",
                "Match rules agreed with both sides",
            ),
            (
                -30,
                Lena,
                "Consent everywhere",
                Health::AtRisk,
                "The old app cannot forget by itself.",
                "Migration plan for old consents",
            ),
            (
                -8,
                Lena,
                "Consent everywhere",
                Health::OffTrack,
                "Old consents cannot be migrated without asking again; that needs both leads.",
                "Decide how old consents are asked again",
            ),
            (
                -40,
                Ana,
                "Store pickup journey",
                Health::OnTrack,
                "Six stores pick from the new list.",
                "Roll out to the next ten stores",
            ),
            (
                -27,
                Ana,
                "Store pickup journey",
                Health::OnTrack,
                "Sixteen stores are live.",
                "Message timing with the stores",
            ),
            (
                -24,
                Priya,
                "Self-service analytics",
                Health::OnTrack,
                "Forty people were trained.",
                "Open the sales cube to brand teams",
            ),
            (
                -7,
                Lena,
                "Self-service analytics",
                Health::OnTrack,
                "The sales cube is open to two brands.",
                "Open the sales cube to brand teams",
            ),
            (
                -10,
                Dana,
                "Loyalty in the app",
                Health::AtRisk,
                "Without an offer engine the app shows the same offer to everybody.",
                "Decide the offer engine",
            ),
            (
                -90,
                Ana,
                "Clean room with our suppliers",
                Health::AtRisk,
                "Two suppliers wait for their lawyers.",
                "Contract template",
            ),
            (
                -120,
                Lena,
                "Newsletter that knows you",
                Health::OnTrack,
                "Six lists are merged.",
                "Merge the last list",
            ),
            (
                -60,
                Lena,
                "Newsletter that knows you",
                Health::OnTrack,
                "One list is left.",
                "Close the old tool",
            ),
            (
                -180,
                Sam,
                "Chat pilot in two countries",
                Health::OffTrack,
                "Answers take as long as by mail.",
                "Decide whether to go on",
            ),
            (
                -160,
                Jonas,
                "Chat pilot in two countries",
                Health::OffTrack,
                "No change after the second shift model.",
                "End the pilot",
            ),
        ];
        for plan in [
            &PROFILE,
            &EVERYWHERE,
            &STORE,
            &ANALYTICS,
            &LOYALTY,
            &CLEAN,
            &LETTER,
            &CHAT,
        ] {
            // The quiet months before the ones that are told in full.
            let first = reports
                .iter()
                .filter(|report| report.2 == plan.title)
                .map(|report| report.0)
                .min()
                .unwrap_or(0);
            let mut day = plan.starts + cadence_of(plan.title);
            for (note, next) in QUIET.iter().cycle() {
                if day > first - 10 {
                    break;
                }
                self.on(
                    day,
                    plan.leads[0],
                    Beat::CheckIn(plan.title, Health::OnTrack, 80, note, next),
                );
                self.on(day + 1, plan.leads[1], Beat::Acknowledge(plan.title));
                day += cadence_of(plan.title);
            }
        }
        for (day, who, title, health, note, next) in reports {
            let sure = match health {
                Health::OnTrack => 80,
                Health::AtRisk => 60,
                Health::OffTrack => 30,
            };
            self.on(day, who, Beat::CheckIn(title, health, sure, note, next));
        }
        for (day, who, title) in [
            (-32, Kofi, "One customer profile"),
            (-4, Dana, "One customer profile"),
            (-29, Kofi, "Consent everywhere"),
        ] {
            self.on(day, who, Beat::Acknowledge(title));
        }
        self.on(-6, Kofi, Beat::Delegate(Priya, 21));
        self.on(-12, Dana, Beat::StateCapacity(160));
        self.on(-12, Kofi, Beat::StateCapacity(180));
        for (title, marketing, technology) in [
            ("One customer profile", 40, 70),
            ("Consent everywhere", 30, 60),
            ("Self-service analytics", 20, 25),
            ("Loyalty in the app", 35, 40),
        ] {
            self.on(-11, Dana, Beat::Claim(title, marketing, technology));
        }
        self.on(
            -10,
            Kofi,
            Beat::GoOver(
                "The consent service cannot wait: the old one ends with the year. \
            The loyalty app takes over its people in January.",
            ),
        );
        self.on(-9, Dana, Beat::SignOver);
        self.on(-8, Kofi, Beat::SignOver);
        self.on(
            -62,
            Ana,
            Beat::Move(
                "Clean room with our suppliers",
                Phase::Paused,
                "Both suppliers’ lawyers answer in the new year.",
            ),
        );
        let newsletter = [
            "Seven lists became one; complaints fell by half. The brands gave up their own lists because \
                they saw the numbers every week.",
            "The last list took eight weeks: nobody had written down who owned it.",
            "Name an owner from each side for every list before it is moved.",
        ];
        self.on(
            -52,
            Priya,
            Beat::Close("Newsletter that knows you", Phase::Achieved, newsletter),
        );
        let chat = [
            "Two countries tried it with real customers instead of arguing about it.",
            "A chat did not answer faster than mail, in any shift model; the inbox is the better lever.",
            "Agree on the number that ends a pilot before it starts.",
        ];
        self.on(
            -134,
            Sam,
            Beat::Close("Chat pilot in two countries", Phase::Missed, chat),
        );
        for (title, days) in [
            ("Newsletter that knows you", [-51, -50]),
            ("Chat pilot in two countries", [-132, -130]),
        ] {
            let leads = if title == LETTER.title {
                LETTER.leads
            } else {
                CHAT.leads
            };
            for (day, who) in days.into_iter().zip(leads) {
                self.on(day, who, Beat::SignClosing(title));
            }
        }
    }

    pub(super) async fn start_initiative(
        &mut self,
        viewer: &Viewer,
        plan: &'static InitiativePlan,
    ) -> Result<()> {
        let id: InitiativeId = viewer.fresh_id();
        let [marketing, technology] = plan.leads;
        let mut clauses = Vec::new();
        for title in plan.clauses {
            // A clause that is written later is linked when it exists.
            clauses.extend(self.clauses.get(title).copied());
        }
        let made = initiatives::write::InitiativeInput {
            title: plan.title.to_owned(),
            purpose: plan.purpose.to_owned(),
            starts_on: self.today.plus(plan.starts),
            due_on: self.today.plus(plan.ends),
            marketing_lead: self.member(marketing),
            technology_lead: self.member(technology),
            driver_side: if plan.title == ANSWERS.title {
                Side::Technology
            } else {
                Side::Marketing
            },
            cadence: if plan.title == ANSWERS.title {
                initiatives::CheckInCadence::Weekly
            } else {
                initiatives::CheckInCadence::FourWeekly
            },
            members: plan
                .members
                .iter()
                .zip(RESPONSIBILITIES.iter().cycle())
                .map(|(who, text)| (self.member(*who), (*text).to_owned()))
                .collect(),
            clauses,
            kpis: plan
                .kpis
                .iter()
                .filter_map(|title| self.kpis.get(title))
                .map(|(id, _)| *id)
                .collect(),
        };
        let number = initiatives::write::start(viewer, id, made, None).await?;
        self.initiatives.insert(plan.title, number);
        self.initiative_ids.insert(plan.title, id);
        Ok(())
    }
}
