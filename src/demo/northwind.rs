//! A believable year of Northwind, a fictional retailer, in every state that the product knows.

use std::collections::HashMap;

use super::Stage;
use crate::{
    decisions, definition,
    ground::{
        error::{Error, Result},
        house::House,
        ids::{AccountId, CheckpointId, ClauseId, InitiativeId, KpiId, MemberId, MilestoneId, OptionId},
        quantity::Quantity,
        time::Day,
    },
    handshake::{Health, Kind, Side, Verdict, read::current},
    initiatives::{self, Phase},
    kpis::{self, Cadence, Direction},
    milestones,
    people::{Role, Viewer, arbiter, doorway::DEMO_PASSWORD},
    rounds,
};

use Who::{Ana, Dana, Jonas, Kofi, Lena, Olu, Priya, Sam, Yuki};

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Dana,
    Kofi,
    Lena,
    Priya,
    Ana,
    Jonas,
    Sam,
    Yuki,
    Olu,
}

/// Something that somebody does on a day.
enum Deed {
    Clause(&'static str, [&'static str; 3], &'static [&'static str]),
    Rewrite(&'static str, [&'static str; 3]),
    ProposeDefinition,
    Ratify(i64),
    ObjectToDefinition(i64, &'static str),
    Kpi(&'static KpiPlan),
    Value(&'static str, Day, &'static str),
    Correct(&'static str, Day, &'static str, &'static str),
    Attest(&'static str, Day, Health),
    AttestOffTrack(&'static str, Day, &'static str, &'static str, Who, Day),
    Initiative(&'static InitiativePlan),
    Move(&'static str, Phase, &'static str),
    CheckIn(&'static str, Health, i64, &'static str, &'static str),
    Acknowledge(&'static str),
    /// Outcome; what worked, what did not, what is kept.
    Close(&'static str, Phase, [&'static str; 3]),
    SignClosing(&'static str),
    /// A manager of the lead's own side, from today for some days.
    Delegate(Who, i64),
    Milestone(&'static str, &'static str, &'static str, Day, Who, [Who; 2]),
    Slip(&'static str, Day, &'static str),
    Checkpoint(&'static str, &'static str, Who, Day),
    Pass(&'static str, &'static str),
    Accept(&'static str),
    /// The second cannot be met before the first.
    Wait(&'static str, &'static str),
    ProposeBaseline,
    SignBaseline(i64),
    Ask(&'static str, &'static str, Option<&'static str>, Who, Day),
    Option(&'static str, &'static str, [&'static str; 2], [Option<i64>; 2]),
    Propose(&'static str, &'static str, &'static str),
    Sign(&'static str),
    SignIf(&'static str, &'static str, &'static str, Who, Day),
    Object(&'static str, &'static str),
    /// Criteria, what they ask, and weights.
    Weigh(&'static str, &'static [(&'static str, &'static str, i64)]),
    SignWeights(&'static str),
    /// How many answers of each side, and the last day.
    OpenScoring(&'static str, i64, Day),
    /// Options by criteria, with a note on the first score.
    Score(&'static str, &'static [&'static [i64]], &'static str),
    Tell(&'static str, decisions::Outcome, &'static str),
    NameArbiter(Who),
    StateCase(&'static str, &'static str),
    Rule(&'static str, &'static str, &'static str),
    /// Asks again what an earlier decision, the first of the two, has settled.
    AskAgain(&'static str, &'static str, &'static str, Who, Day),
    Say(&'static str, &'static str),
    Suggest(&'static str, definition::Field, &'static str, &'static str),
    OpenRound(i64, Day),
    /// Clauses by "I agree" and "I know what it means for my team"; what is not said is a four.
    Rate(&'static [[i64; 2]], &'static str),
}

struct KpiPlan {
    title: &'static str,
    about: &'static str,
    unit: &'static str,
    direction: Direction,
    cadence: Cadence,
    /// Targets of the first and the last period; in between they step by quarters. Both ends for "within".
    targets: Option<[&'static str; 2]>,
    driver: Who,
    owners: [Who; 2],
}

/// The first morning, in days from today, on which the house reminds.
const REMINDED_FROM: i64 = -24;
/// What members answer for.
const RESPONSIBILITIES: [&str; 4] =
    ["Words and offers that customers see", "Data feeds and their quality", "Numbers, and what they mean", "The rollout in stores"];
/// Months in which nothing happened but the work.
const QUIET: [(&str, &str); 4] = [
    ("The plan holds; both teams met twice.", "Next feed tested with real orders"),
    ("Two of the planned steps are done, one waits for a test account.", "Test account from the vendor"),
    ("Stores and shop agreed on the words; the first numbers are in.", "Numbers of a whole month"),
    ("A small step took longer than thought, without moving the date.", "Catch up in the next sprint"),
];

fn cadence_of(title: &str) -> i64 {
    if title == ANSWERS.title { 7 } else { 28 }
}

struct InitiativePlan {
    title: &'static str,
    purpose: &'static str,
    starts: i64,
    ends: i64,
    leads: [Who; 2],
    members: &'static [Who],
    clauses: &'static [&'static str],
    kpis: &'static [&'static str],
}

/// Title, owner, due, passed (0: not yet).
type Steps = &'static [(&'static str, Who, i64, i64)];
/// A milestone and its steps, in days from today.
struct MilestonePlan {
    initiative: &'static str,
    title: &'static str,
    outcome: &'static str,
    made: i64,
    promised: i64,
    driver: Who,
    owners: [Who; 2],
    steps: Steps,
}

macro_rules! kpi_plan {
    ($name:ident, $title:literal, $about:literal, $unit:literal, $direction:ident, $cadence:ident, $targets:expr, $driver:ident, [$m:ident, $t:ident]) => {
        static $name: KpiPlan = KpiPlan {
            title: $title,
            about: $about,
            unit: $unit,
            direction: Direction::$direction,
            cadence: Cadence::$cadence,
            targets: $targets,
            driver: $driver,
            owners: [$m, $t],
        };
    };
}

kpi_plan!(
    REPEAT,
    "Repeat purchase rate",
    "Share of customers who bought again within 90 days. From the warehouse, closed on the 5th.",
    "%",
    Increase,
    Monthly,
    Some(["22", "26"]),
    Ana,
    [Dana, Kofi]
);
kpi_plan!(
    ANSWER,
    "Time to first answer",
    "Median time from a customer’s first message to a person’s first answer, all channels.",
    "h",
    Decrease,
    Monthly,
    Some(["4.5", "2.8"]),
    Jonas,
    [Ana, Priya]
);
kpi_plan!(
    CONSENT,
    "Profiles with consent",
    "Profiles with a live consent for at least one purpose, of all profiles.",
    "%",
    Increase,
    Monthly,
    Some(["48", "69"]),
    Lena,
    [Lena, Kofi]
);
kpi_plan!(
    MATCH,
    "Match rate of profiles",
    "Purchases that find their customer’s profile by themselves.",
    "%",
    Increase,
    Monthly,
    Some(["55", "75"]),
    Jonas,
    [Ana, Jonas]
);
kpi_plan!(
    CHURN,
    "Churn of loyalty members",
    "Members who left or fell silent for twelve months.",
    "%",
    Decrease,
    Monthly,
    Some(["3.2", "2.4"]),
    Ana,
    [Lena, Priya]
);
kpi_plan!(
    FREQUENCY,
    "Messages per customer and week",
    "Marketing messages that reach one customer. Too few are forgotten, too many annoy.",
    "",
    Within,
    Monthly,
    Some(["1", "2.5"]),
    Lena,
    [Lena, Priya]
);
kpi_plan!(
    PICKUP,
    "Pickup orders ready on time",
    "Orders that were ready when the message said so.",
    "%",
    Increase,
    Monthly,
    Some(["80", "95"]),
    Sam,
    [Sam, Yuki]
);
kpi_plan!(
    SELF,
    "Questions answered by self-service",
    "Analyses that brand teams made themselves, of all analyses.",
    "%",
    Increase,
    Quarterly,
    Some(["20", "50"]),
    Jonas,
    [Lena, Jonas]
);
kpi_plan!(
    NPS,
    "Would recommend us",
    "Answers 9 and 10 minus answers 0 to 6, after a purchase. No target is agreed yet.",
    "points",
    Increase,
    Monthly,
    None,
    Ana,
    [Dana, Priya]
);
kpi_plan!(DELETE, "Deletion requests done in 72 hours", "Starts with the consent service.", "%", Increase, Monthly, Some(["95", "99"]), Yuki, [Lena, Yuki]);

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
    "Whoever speaks with a customer sees the same person: purchases, consents and conversations in one profile that answers in 200 ms.",
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
    &[Sam],
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

struct Story {
    stage: Stage,
    today: Day,
    accounts: HashMap<Who, AccountId>,
    members: HashMap<Who, MemberId>,
    clauses: HashMap<&'static str, ClauseId>,
    kpis: HashMap<&'static str, (KpiId, i64)>,
    initiatives: HashMap<&'static str, i64>,
    initiative_ids: HashMap<&'static str, InitiativeId>,
    milestones: HashMap<&'static str, (MilestoneId, i64)>,
    checkpoints: HashMap<&'static str, CheckpointId>,
    decisions: HashMap<&'static str, i64>,
    options: HashMap<(&'static str, &'static str), OptionId>,
    /// What happens: the day from today, the minute of the day, who, what.
    script: Vec<(i64, i64, Who, Deed)>,
}

/// Writes the whole year.
pub async fn tell(house: &House) -> Result<()> {
    let zone = "Europe/Berlin";
    let now = house.now();
    let today = now.day_in(&crate::ground::time::Zone::named(zone).unwrap_or(crate::ground::time::Zone::utc()));
    let stage = Stage::set(house, "Northwind Retail", zone, now.plus_days(-400), 7, DEMO_PASSWORD).await?;
    let mut story = Story {
        stage,
        today,
        accounts: HashMap::new(),
        members: HashMap::new(),
        clauses: HashMap::new(),
        kpis: HashMap::new(),
        initiatives: HashMap::new(),
        initiative_ids: HashMap::new(),
        milestones: HashMap::new(),
        checkpoints: HashMap::new(),
        decisions: HashMap::new(),
        options: HashMap::new(),
        script: Vec::new(),
    };
    story.cast().await?;
    story.write_definition();
    story.write_kpis();
    story.write_initiatives();
    story.write_milestones();
    story.write_decisions();
    let mut script = std::mem::take(&mut story.script);
    // What happens on one day happens in the order in which it is written.
    script.sort_by_key(|(day, minute, ..)| (*day, *minute));
    let mut yesterday = i64::MIN;
    for (day, minute, who, deed) in script {
        // In the last weeks the house reminds every morning, as it would have.
        for morning in (yesterday.max(REMINDED_FROM) + 1)..=day {
            story.stage.on(today.plus(morning), 7, 0);
            crate::reminders::write::remind_everywhere(&story.stage.house).await?;
        }
        yesterday = day;
        story.stage.on(today.plus(day), 8 + minute / 60, minute % 60);
        story.act(who, deed).await.inspect_err(|error| tracing::error!(day, error = %error, "the demo's story does not hold"))?;
    }
    Ok(())
}

impl Story {
    async fn cast(&mut self) -> Result<()> {
        let people: [(Who, &str, &str, Side, Role, bool); 8] = [
            (Dana, "Dana Reyes", "cmo@demo.example", Side::Marketing, Role::Lead, true),
            (Kofi, "Kofi Owusu", "cio@demo.example", Side::Technology, Role::Lead, false),
            (Lena, "Lena Meyer", "marketing.manager@demo.example", Side::Marketing, Role::Manager, false),
            (Priya, "Priya Nair", "technology.manager@demo.example", Side::Technology, Role::Manager, false),
            (Ana, "Ana Sousa", "marketing@demo.example", Side::Marketing, Role::Contributor, false),
            (Jonas, "Jonas Thorne", "technology@demo.example", Side::Technology, Role::Contributor, false),
            (Sam, "Sam Okafor", "sam.okafor@demo.example", Side::Marketing, Role::Contributor, false),
            (Yuki, "Yuki Tanaka", "yuki.tanaka@demo.example", Side::Technology, Role::Contributor, false),
        ];
        for (who, name, email, side, role, is_admin) in people {
            let (account, member) = self.stage.person(name, email, Some(side), role, is_admin).await?;
            self.accounts.insert(who, account);
            self.members.insert(who, member);
        }
        let (account, member) = self.stage.person("Olu Bello", "observer@demo.example", None, Role::Observer, false).await?;
        self.accounts.insert(Olu, account);
        self.members.insert(Olu, member);
        Ok(())
    }

    fn on(&mut self, day: i64, who: Who, deed: Deed) {
        // A few minutes between one thing and the next on the same day.
        let minute = self.script.iter().filter(|(other, ..)| *other == day).count();
        self.script.push((day, i64::try_from(minute).unwrap_or(0) * 7 % 600, who, deed));
    }

    fn write_definition(&mut self) {
        let clauses: [(&str, [&str; 3], &[&str]); 3] = [
            (
                "One memory",
                [
                    "Whoever speaks with us, in a store, in the app or on the phone, never has to tell us twice.",
                    "Campaigns and store scripts read the same profile; no list of our own.",
                    "One profile service answers within 500 ms, for every touchpoint on the map.",
                ],
                &["Match rate of profiles", "Repeat purchase rate"],
            ),
            (
                "Asked once, kept safe",
                [
                    "We ask for consent once, in words a person understands, and every system honours it within a day.",
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
            self.on(-345, Lena, Deed::Clause(title, texts, kpis));
        }
        self.on(-343, Dana, Deed::ProposeDefinition);
        self.on(-342, Dana, Deed::Ratify(1));
        self.on(-338, Kofi, Deed::Ratify(1));
        self.on(
            -250,
            Ana,
            Deed::Clause(
                "Ready when we said",
                [
                    "An order is ready when the message says so, or we say sorry before the customer leaves home.",
                    "The promise in the message is the store’s, not the campaign’s.",
                    "Stock and picking times come from the store system, live.",
                ],
                &["Pickup orders ready on time"],
            ),
        );
        self.on(-248, Lena, Deed::ProposeDefinition);
        self.on(-247, Kofi, Deed::ObjectToDefinition(2, "Live stock from the store system is not funded before the summer. Say what holds until then."));
        self.on(
            -245,
            Priya,
            Deed::Rewrite(
                "Ready when we said",
                [
                    "An order is ready when the message says so, or we say sorry before the customer leaves home.",
                    "The promise in the message is the store’s, not the campaign’s.",
                    "Stock comes from the store system every 15 minutes; live from the summer on.",
                ],
            ),
        );
        self.on(-244, Lena, Deed::ProposeDefinition);
        self.on(-243, Kofi, Deed::Ratify(3));
        self.on(-240, Dana, Deed::Ratify(3));
        self.on(
            -75,
            Yuki,
            Deed::Rewrite(
                "Asked once, kept safe",
                [
                    "We ask for consent once, in words a person understands, and every system honours it within an hour.",
                    "No message without a live consent; the wording is ours to test.",
                    "One consent service; changes reach every source within 60 minutes.",
                ],
            ),
        );
        self.on(-84, Dana, Deed::OpenRound(2, self.today.plus(-76)));
        self.on(-83, Dana, Deed::Rate(&[[5, 5], [5, 5], [4, 4]], "We say it in every store meeting."));
        self.on(-82, Kofi, Deed::Rate(&[[4, 2], [5, 4], [3, 2]], "Which system answers, and who pays for it?"));
        self.on(-80, Sam, Deed::Rate(&[[5, 4], [4, 5], [4, 5]], ""));
        self.on(-79, Yuki, Deed::Rate(&[[4, 1], [5, 4], [3, 3]], ""));
        self.on(-74, Dana, Deed::ProposeDefinition);
        self.on(-73, Kofi, Deed::Ratify(4));
        self.on(-71, Dana, Deed::Ratify(4));
        self.on(-12, Ana, Deed::Say("One memory", "@Jonas Thorne, the stores ask whether **500 ms** is still what we promise. The pilot was faster."));
        self.on(-11, Jonas, Deed::Say("One memory", "200 ms holds in the app. At the till we measure next week."));
        self.on(
            -9,
            Lena,
            Deed::Rewrite(
                "One memory",
                [
                    "Whoever speaks with us, in a store, in the app or on the phone, never has to repeat what they told us in the last 12 months.",
                    "Campaigns and store scripts read the same profile; no list of our own.",
                    "One profile service answers within 200 ms, for every touchpoint on the map.",
                ],
            ),
        );
        self.on(
            -6,
            Sam,
            Deed::Clause(
                "Never more than welcome",
                [
                    "We write when there is something to say, and stop when we are asked to.",
                    "One frequency cap over all campaigns, owned by the marketing manager.",
                    "The cap is enforced where messages leave, not in each tool.",
                ],
                &[],
            ),
        );
        self.on(
            -4,
            Jonas,
            Deed::Suggest(
                "Never more than welcome",
                definition::Field::ForTechnology,
                "The cap is enforced by the consent service, through which every message leaves, not in each tool.",
                "There is one place already through which all messages go.",
            ),
        );
        self.on(-3, Lena, Deed::OpenRound(2, self.today.plus(5)));
        self.on(-2, Lena, Deed::Rate(&[[5, 5], [5, 4], [4, 5], [5, 5]], "This is how we work since the summer."));
        self.on(-1, Priya, Deed::Rate(&[[4, 3], [5, 5], [4, 4], [3, 2]], "200 ms at the till is not measured yet."));
    }

    fn write_kpis(&mut self) {
        let monthly: [(&'static KpiPlan, &'static [&'static str]); 8] = [
            (&REPEAT, &["21.1", "21.6", "22.0", "22.3", "22.9", "23.1", "22.8", "23.0", "22.4", "22.6", "22.0", "22.5", "21.4"]),
            (&ANSWER, &["5.1", "4.8", "4.6", "4.7", "4.2", "4.0", "3.9", "3.6", "3.5", "3.4", "3.3", "3.3", "2.9"]),
            (&CONSENT, &["44", "45.5", "47", "48", "50.5", "51", "53", "54", "55.5", "57", "58", "58", "61"]),
            (&MATCH, &["52", "53.5", "55", "56", "58", "60.5", "62", "63", "66", "69", "71", "72.5", "74"]),
            (&CHURN, &["3.4", "3.3", "3.3", "3.1", "3.0", "2.9", "2.9", "2.8", "2.7", "2.7", "2.6", "2.5", "2.4"]),
            (&FREQUENCY, &["2.9", "2.7", "2.8", "2.6", "2.4", "2.3", "2.2", "2.3", "2.1", "2.2", "2.0", "2.1", "2.3"]),
            (&PICKUP, &["71", "74", "76", "78", "80", "82", "81", "83", "85", "86"]),
            (&NPS, &["31", "33", "32", "34", "36", "35", "37", "36", "38", "39", "38", "40", "41"]),
        ];
        let latest = Cadence::Monthly.last_complete(self.today);
        let first = Cadence::Monthly.step(latest, -12);
        for (plan, values) in monthly {
            self.on(-398, Dana, Deed::Kpi(plan));
            for (index, value) in values.iter().enumerate() {
                let period = Cadence::Monthly.step(first, i32::try_from(index).unwrap_or(0));
                let entered = Cadence::Monthly.step(period, 1).plus(4);
                let day = entered.days_since(self.today).min(-1);
                self.on(day, plan.driver, Deed::Value(plan.title, period, value));
                let newest = period == latest;
                let [marketing, technology] = plan.owners;
                let (attested_m, attested_t) = ((day + 2).min(-1), (day + 3).min(-1));
                match (plan.title, newest) {
                    ("Repeat purchase rate", true) => {
                        self.on(attested_m, marketing, Deed::Attest(plan.title, period, Health::AtRisk));
                        let due = self.today.plus(6);
                        self.on(
                            attested_t,
                            technology,
                            Deed::AttestOffTrack(
                                plan.title,
                                period,
                                "Offers reach buyers a week late since the feed moved.",
                                "Nightly feed to the offer engine",
                                Priya,
                                due,
                            ),
                        );
                    }
                    ("Profiles with consent", true) => self.on(attested_m, marketing, Deed::Attest(plan.title, period, Health::AtRisk)),
                    ("Messages per customer and week", true) => {}
                    // Red, with an action that became a checkpoint; the month after is better.
                    ("Profiles with consent", false) if period == Cadence::Monthly.step(latest, -1) => {
                        self.on(attested_m, marketing, Deed::Attest(plan.title, period, Health::AtRisk));
                        let (insight, action) = ("Nobody is asked again after a first no.", "Ask again in the app at the next sign-in");
                        self.on(attested_t, technology, Deed::AttestOffTrack(plan.title, period, insight, action, Yuki, self.today.plus(12)));
                    }
                    _ => {
                        let health = if plan.title == "Repeat purchase rate" && index > 8 { Health::AtRisk } else { Health::OnTrack };
                        self.on(attested_m, marketing, Deed::Attest(plan.title, period, health));
                        self.on(attested_t, technology, Deed::Attest(plan.title, period, health));
                    }
                }
            }
        }
        let corrected = Cadence::Monthly.step(latest, -3);
        let late = Cadence::Monthly.step(corrected, 1).plus(6).days_since(self.today);
        self.on(late, Jonas, Deed::Correct("Time to first answer", corrected, "3.4", "Messages of the weekend were counted twice."));
        self.on(late + 1, Ana, Deed::Attest("Time to first answer", corrected, Health::OnTrack));
        self.on(late + 2, Priya, Deed::Attest("Time to first answer", corrected, Health::OnTrack));

        self.on(-398, Priya, Deed::Kpi(&SELF));
        let quarter = Cadence::Quarterly.last_complete(self.today);
        for (back, value) in [(3, "22"), (2, "27"), (1, "33"), (0, "38")] {
            let period = Cadence::Quarterly.step(quarter, -back);
            let day = Cadence::Quarterly.step(period, 1).plus(6).days_since(self.today).min(-1);
            self.on(day, Jonas, Deed::Value("Questions answered by self-service", period, value));
            self.on((day + 1).min(-1), Lena, Deed::Attest("Questions answered by self-service", period, Health::OnTrack));
            self.on((day + 2).min(-1), Jonas, Deed::Attest("Questions answered by self-service", period, Health::AtRisk));
        }
        self.on(-12, Priya, Deed::Kpi(&DELETE));
    }

    fn write_initiatives(&mut self) {
        for plan in [&PROFILE, &EVERYWHERE, &STORE, &ANALYTICS, &LOYALTY, &CLEAN, &LETTER, &CHAT] {
            self.on(plan.starts - 6, Dana, Deed::Initiative(plan));
            self.on(plan.starts, plan.leads[1], Deed::Move(plan.title, Phase::Active, ""));
        }
        self.on(-3, Dana, Deed::Initiative(&VOICE));
        self.on(-21, Lena, Deed::Initiative(&ANSWERS));
        self.on(-20, Priya, Deed::Move("Answers in two hours", Phase::Active, ""));
        let reports: [(i64, Who, &str, Health, &str, &str); 14] = [
            (-33, Dana, "One customer profile", Health::AtRisk, "Two of three sources deliver; the app team starts late.", "App events in the profile"),
            (-5, Kofi, "One customer profile", Health::OnTrack, "The app delivers since Monday; matching is at 74 %.", "Match rules agreed with both sides"),
            (-30, Lena, "Consent everywhere", Health::AtRisk, "The old app cannot forget by itself.", "Migration plan for old consents"),
            (
                -8,
                Lena,
                "Consent everywhere",
                Health::OffTrack,
                "Old consents cannot be migrated without asking again; that needs both leads.",
                "Decide how old consents are asked again",
            ),
            (-40, Ana, "Store pickup journey", Health::OnTrack, "Six stores pick from the new list.", "Roll out to the next ten stores"),
            (-27, Ana, "Store pickup journey", Health::OnTrack, "Sixteen stores are live.", "Message timing with the stores"),
            (-24, Priya, "Self-service analytics", Health::OnTrack, "Forty people were trained.", "Open the sales cube to brand teams"),
            (-7, Lena, "Self-service analytics", Health::OnTrack, "The sales cube is open to two brands.", "Open the sales cube to brand teams"),
            (-10, Dana, "Loyalty in the app", Health::AtRisk, "Without an offer engine the app shows the same offer to everybody.", "Decide the offer engine"),
            (-90, Ana, "Clean room with our suppliers", Health::AtRisk, "Two suppliers wait for their lawyers.", "Contract template"),
            (-120, Lena, "Newsletter that knows you", Health::OnTrack, "Six lists are merged.", "Merge the last list"),
            (-60, Lena, "Newsletter that knows you", Health::OnTrack, "One list is left.", "Close the old tool"),
            (-180, Sam, "Chat pilot in two countries", Health::OffTrack, "Answers take as long as by mail.", "Decide whether to go on"),
            (-160, Jonas, "Chat pilot in two countries", Health::OffTrack, "No change after the second shift model.", "End the pilot"),
        ];
        for plan in [&PROFILE, &EVERYWHERE, &STORE, &ANALYTICS, &LOYALTY, &CLEAN, &LETTER, &CHAT] {
            // The quiet months before the ones that are told in full.
            let first = reports.iter().filter(|report| report.2 == plan.title).map(|report| report.0).min().unwrap_or(0);
            let mut day = plan.starts + cadence_of(plan.title);
            for (note, next) in QUIET.iter().cycle() {
                if day > first - 10 {
                    break;
                }
                self.on(day, plan.leads[0], Deed::CheckIn(plan.title, Health::OnTrack, 80, note, next));
                self.on(day + 1, plan.leads[1], Deed::Acknowledge(plan.title));
                day += cadence_of(plan.title);
            }
        }
        for (day, who, title, health, note, next) in reports {
            let sure = match health {
                Health::OnTrack => 80,
                Health::AtRisk => 60,
                Health::OffTrack => 30,
            };
            self.on(day, who, Deed::CheckIn(title, health, sure, note, next));
        }
        for (day, who, title) in [(-32, Kofi, "One customer profile"), (-4, Dana, "One customer profile"), (-29, Kofi, "Consent everywhere")] {
            self.on(day, who, Deed::Acknowledge(title));
        }
        self.on(-6, Kofi, Deed::Delegate(Priya, 21));
        self.on(-62, Ana, Deed::Move("Clean room with our suppliers", Phase::Paused, "Both suppliers’ lawyers answer in the new year."));
        let newsletter = [
            "Seven lists became one; complaints fell by half. The brands gave up their own lists because they saw the numbers every week.",
            "The last list took eight weeks: nobody had written down who owned it.",
            "Name an owner from each side for every list before it is moved.",
        ];
        self.on(-52, Priya, Deed::Close("Newsletter that knows you", Phase::Achieved, newsletter));
        let chat = [
            "Two countries tried it with real customers instead of arguing about it.",
            "A chat did not answer faster than mail, in any shift model; the inbox is the better lever.",
            "Agree on the number that ends a pilot before it starts.",
        ];
        self.on(-134, Sam, Deed::Close("Chat pilot in two countries", Phase::Missed, chat));
        for (title, days) in [("Newsletter that knows you", [-51, -50]), ("Chat pilot in two countries", [-132, -130])] {
            let leads = if title == LETTER.title { LETTER.leads } else { CHAT.leads };
            for (day, who) in days.into_iter().zip(leads) {
                self.on(day, who, Deed::SignClosing(title));
            }
        }
    }

    fn write_milestones(&mut self) {
        let day = |offset: i64| self.today.plus(offset);
        let plans = [
            MilestonePlan {
                initiative: "One customer profile",
                title: "Profiles from three sources",
                outcome: "Store, shop and app events land in one profile within a minute.",
                made: -255,
                promised: -60,
                driver: Jonas,
                owners: [Dana, Kofi],
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
                steps: &[("Script in two pilot stores", Sam, 15, 0), ("200 ms measured at the till", Yuki, 30, 0), ("All stores", Sam, 58, 0)],
            },
            MilestonePlan {
                initiative: "Consent everywhere",
                title: "Consent service live",
                outcome: "One service answers for every system whether we may.",
                made: -290,
                promised: -113,
                driver: Yuki,
                owners: [Lena, Kofi],
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
                steps: &[("List in six stores", Sam, -45, -44), ("List in sixteen stores", Sam, -31, -29)],
            },
            MilestonePlan {
                initiative: "Store pickup journey",
                title: "Message timing with the stores",
                outcome: "The store sends the message, when the order stands on the shelf.",
                made: -90,
                promised: 55,
                driver: Ana,
                owners: [Ana, Jonas],
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
                steps: &[("Forty terms written", Lena, -100, -101), ("Reports use the terms", Yuki, -72, -71)],
            },
            MilestonePlan {
                initiative: "Loyalty in the app",
                title: "Receipts in the app",
                outcome: "The receipt is in the app before the customer is out of the door.",
                made: -110,
                promised: 28,
                driver: Sam,
                owners: [Dana, Priya],
                steps: &[("Receipt arrives in the test store", Yuki, -20, -18), ("Members find their receipts", Sam, 10, 0), ("All stores", Yuki, 27, 0)],
            },
            MilestonePlan {
                initiative: "Loyalty in the app",
                title: "Personal offers",
                outcome: "Each member sees three offers that fit, and can say no.",
                made: -100,
                promised: 90,
                driver: Sam,
                owners: [Dana, Priya],
                steps: &[("Offer rules for ten categories", Sam, 40, 0), ("Offers from the engine", Jonas, 80, 0)],
            },
            MilestonePlan {
                initiative: "Newsletter that knows you",
                title: "Seven lists are one",
                outcome: "One list with purposes instead of seven.",
                made: -330,
                promised: -60,
                driver: Ana,
                owners: [Lena, Priya],
                steps: &[("Six lists merged", Ana, -110, -118), ("Last list merged", Ana, -62, -58)],
            },
            MilestonePlan {
                initiative: "Answers in two hours",
                title: "One inbox",
                outcome: "Mail, chat and social messages arrive in one place with the profile beside them.",
                made: -15,
                promised: 75,
                driver: Yuki,
                owners: [Ana, Priya],
                steps: &[("Mail and chat in one inbox", Yuki, 30, 0), ("Profile beside the message", Jonas, 70, 0)],
            },
        ];
        let mut script = Vec::new();
        for plan in plans {
            let leads = plan.owners[1];
            script.push((plan.made, leads, Deed::Milestone(plan.initiative, plan.title, plan.outcome, day(plan.promised), plan.driver, plan.owners)));
            for (title, owner, due, passed) in plan.steps {
                script.push((plan.made + 1, plan.driver, Deed::Checkpoint(plan.title, title, *owner, day(*due))));
                if *passed != 0 {
                    script.push((*passed, *owner, Deed::Pass(title, evidence(title))));
                }
            }
        }
        script.push((-118, Yuki, Deed::Slip("Consent service live", day(-75), "The app team joined later than planned.")));
        script.push((-80, Yuki, Deed::Slip("Consent service live", day(-40), "The newsletter tool needed an adapter.")));
        script.push((-42, Kofi, Deed::Slip("Consent service live", day(-9), "Old consents turned out to have no purpose.")));
        script.push((-30, Ana, Deed::Slip("Sales cube open to brand teams", day(35), "Brands asked for their own terms first.")));
        script.push((-20, Dana, Deed::Slip("Store scripts read the profile", day(48), "The pilot stores were ready early.")));
        for (title, marketing, technology) in
            [("Profiles from three sources", -59, -58), ("Common terms for marketing numbers", -69, -66), ("Seven lists are one", -56, -55)]
        {
            let (m, t) = match title {
                "Profiles from three sources" => (Dana, Kofi),
                _ => (Lena, Priya),
            };
            script.push((marketing, m, Deed::Accept(title)));
            script.push((technology, t, Deed::Accept(title)));
        }
        script.extend([
            (-66, Dana, Deed::Wait("Match rules agreed", "Store scripts read the profile")),
            (-66, Kofi, Deed::Wait("Consent service live", "Store scripts read the profile")),
            (-14, Priya, Deed::Wait("Match rules agreed", "One inbox")),
            (-64, Dana, Deed::ProposeBaseline),
            (-63, Dana, Deed::SignBaseline(1)),
            (-62, Kofi, Deed::SignBaseline(1)),
        ]);
        script.push((-26, Jonas, Deed::Accept("Sixteen stores pick from the new list")));
        for (offset, who, deed) in script {
            self.on(offset, who, deed);
        }
    }

    fn write_decisions(&mut self) {
        let day = |offset: i64| self.today.plus(offset);
        let script = vec![
            // Signed, with a condition that became a checkpoint.
            (
                -170,
                Priya,
                Deed::Ask(
                    "Which warehouse do the profiles live in?",
                    "The profile service needs one governed store for events. Brand teams need to query it; Technology has to run it.",
                    Some("One customer profile"),
                    Priya,
                    day(-140),
                ),
            ),
            (
                -168,
                Priya,
                Deed::Option(
                    "Which warehouse do the profiles live in?",
                    "The warehouse we have",
                    ["Governed already\nNo new contract", "Slow for single profiles"],
                    [Some(40_000), Some(60_000)],
                ),
            ),
            (
                -168,
                Priya,
                Deed::Option(
                    "Which warehouse do the profiles live in?",
                    "A second store for profiles",
                    ["Answers in 50 ms", "A second place to govern"],
                    [Some(120_000), Some(90_000)],
                ),
            ),
            (
                -150,
                Priya,
                Deed::Propose(
                    "Which warehouse do the profiles live in?",
                    "The warehouse we have",
                    "It is governed already, and a cache in front of it answers in 200 ms, which the definition asks for.",
                ),
            ),
            (
                -149,
                Lena,
                Deed::SignIf(
                    "Which warehouse do the profiles live in?",
                    "200 ms is measured at the till before the rollout.",
                    "Store scripts read the profile",
                    Yuki,
                    day(30),
                ),
            ),
            (-147, Kofi, Deed::Sign("Which warehouse do the profiles live in?")),
            (
                -18,
                Priya,
                Deed::Tell(
                    "Which warehouse do the profiles live in?",
                    decisions::Outcome::Partly,
                    "Profiles are governed in one place and nobody keeps a list of their own. The 200 ms hold in the app, not yet at the till.",
                ),
            ),
            // Superseded: the pilot told what was needed, and a later choice took its place.
            (
                -120,
                Priya,
                Deed::AskAgain(
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
                Deed::Option(
                    "Which chat answers our customers?",
                    "The pilot’s chat, everywhere",
                    ["Known to two teams\nWorks with the inbox", "One more contract"],
                    [Some(12_000), Some(48_000)],
                ),
            ),
            (-119, Priya, Deed::Option("Which chat answers our customers?", "Only mail and phone", ["No new tool", "Slower than the promise"], [None, None])),
            (
                -110,
                Priya,
                Deed::Propose(
                    "Which chat answers our customers?",
                    "The pilot’s chat, everywhere",
                    "It halved the time to the first answer where it was tried.",
                ),
            ),
            (-109, Lena, Deed::Sign("Which chat answers our customers?")),
            (-108, Kofi, Deed::Sign("Which chat answers our customers?")),
            // Ruled: the sides did not settle it.
            (-91, Dana, Deed::NameArbiter(Olu)),
            (
                -90,
                Lena,
                Deed::Ask(
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
                Deed::Option(
                    "Who runs the frequency cap?",
                    "The campaign tool",
                    ["Marketing can change it in a day", "Store messages pass it by"],
                    [Some(5_000), Some(6_000)],
                ),
            ),
            (
                -89,
                Priya,
                Deed::Option(
                    "Who runs the frequency cap?",
                    "The consent service",
                    ["Every message passes it", "A change waits for a release"],
                    [Some(30_000), Some(9_000)],
                ),
            ),
            (-80, Lena, Deed::Propose("Who runs the frequency cap?", "The campaign tool", "It works next week, for most messages.")),
            (-79, Lena, Deed::Sign("Who runs the frequency cap?")),
            (-78, Priya, Deed::Object("Who runs the frequency cap?", "A cap that store messages pass by is no cap.")),
            (
                -69,
                Lena,
                Deed::StateCase("Who runs the frequency cap?", "Nine messages a week cost us customers now. The campaign tool stops most of them next week."),
            ),
            (-69, Priya, Deed::StateCase("Who runs the frequency cap?", "We promised a cap. Only the consent service sees every message.")),
            (
                -66,
                Olu,
                Deed::Rule(
                    "Who runs the frequency cap?",
                    "The consent service",
                    "We promise the customer one cap. Technology releases a setting that Marketing changes without a release.",
                ),
            ),
            // Half-signed for days.
            (
                -30,
                Kofi,
                Deed::Ask(
                    "Which customer data platform do we build on?",
                    "Seven tools hold parts of the customer. We need one place for segments that Marketing can build and Technology can govern. The contract of the present tool ends in March.",
                    Some("One customer profile"),
                    Dana,
                    day(-1),
                ),
            ),
            (
                -29,
                Dana,
                Deed::Option(
                    "Which customer data platform do we build on?",
                    "Composable, on our warehouse",
                    ["Data stays where it is governed\nOne profile by March", "Brand teams wait for the segment builder"],
                    [Some(60_000), Some(120_000)],
                ),
            ),
            (
                -29,
                Dana,
                Deed::Option(
                    "Which customer data platform do we build on?",
                    "Suite A",
                    ["First use case in six weeks\nSegment builder for brand teams", "A copy of every profile at the vendor\nLeaves our governance"],
                    [Some(90_000), Some(280_000)],
                ),
            ),
            (
                -28,
                Priya,
                Deed::Option(
                    "Which customer data platform do we build on?",
                    "Suite B",
                    ["Known to the service team", "No segment builder for brand teams"],
                    [Some(70_000), Some(210_000)],
                ),
            ),
            (
                -27,
                Dana,
                Deed::Weigh(
                    "Which customer data platform do we build on?",
                    &[
                        ("One profile", "How completely does it join what we know of a customer, and how current is it?", 9),
                        ("Where the data stays", "Is it governed where it is, or is there one more copy?", 8),
                        ("Self-service", "Can brand teams build a segment without a ticket?", 7),
                        ("Running it", "What does it take to operate, watch and upgrade?", 5),
                    ],
                ),
            ),
            (-26, Lena, Deed::SignWeights("Which customer data platform do we build on?")),
            (-25, Priya, Deed::SignWeights("Which customer data platform do we build on?")),
            (-24, Dana, Deed::OpenScoring("Which customer data platform do we build on?", 2, day(-13))),
            (
                -22,
                Lena,
                Deed::Score(
                    "Which customer data platform do we build on?",
                    &[&[4, 4, 2, 3], &[4, 3, 5, 4], &[3, 3, 2, 4]],
                    "The pilot joined 93 % of our members.",
                ),
            ),
            (
                -21,
                Priya,
                Deed::Score(
                    "Which customer data platform do we build on?",
                    &[&[5, 5, 3, 4], &[3, 1, 4, 3], &[3, 2, 2, 3]],
                    "It reads the tables we already trust.",
                ),
            ),
            (-19, Sam, Deed::Score("Which customer data platform do we build on?", &[&[4, 4, 3, 3], &[4, 3, 5, 4], &[2, 3, 2, 3]], "")),
            (-16, Jonas, Deed::Score("Which customer data platform do we build on?", &[&[5, 5, 3, 3], &[3, 2, 4, 3], &[3, 2, 3, 3]], "")),
            (
                -12,
                Dana,
                Deed::Propose(
                    "Which customer data platform do we build on?",
                    "Composable, on our warehouse",
                    "It gives both sides one profile by March and keeps the data where Technology already governs it.",
                ),
            ),
            (
                -4,
                Dana,
                Deed::SignIf(
                    "Which customer data platform do we build on?",
                    "Brand teams get the segment builder by 15 January.",
                    "Store scripts read the profile",
                    Jonas,
                    day(50),
                ),
            ),
            // Objected.
            (
                -26,
                Sam,
                Deed::Ask(
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
                Deed::Option(
                    "Which offer engine does the app use?",
                    "The engine of our shop",
                    ["Two teams know it", "Rules are written by hand"],
                    [Some(20_000), Some(30_000)],
                ),
            ),
            (
                -25,
                Sam,
                Deed::Option(
                    "Which offer engine does the app use?",
                    "A specialised service",
                    ["Learns from clicks", "A copy of every profile abroad"],
                    [Some(15_000), Some(140_000)],
                ),
            ),
            (
                -11,
                Sam,
                Deed::Propose("Which offer engine does the app use?", "A specialised service", "It learns from clicks and needs the least work from us."),
            ),
            (
                -10,
                Priya,
                Deed::Object(
                    "Which offer engine does the app use?",
                    "It wants a copy of every profile abroad. Ask for a version that runs on our side, or take the shop’s engine.",
                ),
            ),
            // Proposed, nobody has signed.
            (
                -19,
                Lena,
                Deed::Ask(
                    "How do we ask again for old consents?",
                    "Forty percent of the old consents name no purpose. We may not use them, and deleting them loses the customers.",
                    Some("Consent everywhere"),
                    Lena,
                    day(5),
                ),
            ),
            (
                -18,
                Lena,
                Deed::Option(
                    "How do we ask again for old consents?",
                    "One friendly message, then silence",
                    ["Clear and kind", "One in three will not answer"],
                    [Some(8_000), None],
                ),
            ),
            (
                -18,
                Lena,
                Deed::Option(
                    "How do we ask again for old consents?",
                    "At the next purchase",
                    ["No message at all", "Takes most of a year"],
                    [Some(15_000), None],
                ),
            ),
            (
                -3,
                Lena,
                Deed::Propose(
                    "How do we ask again for old consents?",
                    "At the next purchase",
                    "It reaches those who still buy, and nobody is written to without consent.",
                ),
            ),
            // Objected to, lately.
            (
                -14,
                Sam,
                Deed::Ask("Do we keep the old survey tool?", "Its contract renews in January. Three teams still send surveys with it.", None, Sam, day(20)),
            ),
            (
                -13,
                Sam,
                Deed::Option(
                    "Do we keep the old survey tool?",
                    "Keep it a year",
                    ["Nothing changes", "Answers stay outside the profile"],
                    [None, Some(18_000)],
                ),
            ),
            (
                -13,
                Sam,
                Deed::Option(
                    "Do we keep the old survey tool?",
                    "Ask in the app",
                    ["Answers join the profile", "Only members answer"],
                    [Some(9_000), Some(3_000)],
                ),
            ),
            (-4, Sam, Deed::Propose("Do we keep the old survey tool?", "Keep it a year", "Nobody has time to move it before January.")),
            (-2, Kofi, Deed::Object("Do we keep the old survey tool?", "It keeps addresses that consent has ended for. Say who removes them, or leave it.")),
            // Open, and late without a proposal.
            (
                -8,
                Ana,
                Deed::Ask(
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
                Deed::Option(
                    "Which tool plans the stores’ messages?",
                    "Extend the picking list",
                    ["No new tool", "Stores still type"],
                    [Some(12_000), Some(4_000)],
                ),
            ),
            (
                -7,
                Ana,
                Deed::Option(
                    "Which tool plans the stores’ messages?",
                    "The campaign tool’s planner",
                    ["Marketing knows it", "Does not know what is ready"],
                    [Some(6_000), Some(14_000)],
                ),
            ),
            (
                -6,
                Ana,
                Deed::Weigh(
                    "Which tool plans the stores’ messages?",
                    &[
                        ("Knows what is ready", "Does a message go out only when the order is on the shelf?", 9),
                        ("Work in the store", "How many minutes does it take a store each day?", 7),
                        ("Running it", "Who keeps it going at the weekend?", 5),
                    ],
                ),
            ),
            (-5, Lena, Deed::SignWeights("Which tool plans the stores’ messages?")),
            (-5, Priya, Deed::SignWeights("Which tool plans the stores’ messages?")),
            (-4, Ana, Deed::OpenScoring("Which tool plans the stores’ messages?", 2, day(4))),
            (-3, Sam, Deed::Score("Which tool plans the stores’ messages?", &[&[4, 2, 4], &[2, 4, 3]], "")),
            (-2, Jonas, Deed::Score("Which tool plans the stores’ messages?", &[&[5, 3, 4], &[1, 3, 3]], "")),
            (
                -60,
                Jonas,
                Deed::Ask(
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
                Deed::Option(
                    "Which terms tool holds our marketing numbers?",
                    "The catalogue of the warehouse",
                    ["Already paid for", "Marketing needs a training"],
                    [None, None],
                ),
            ),
            (
                -59,
                Lena,
                Deed::Option(
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
                Deed::Ask(
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
                Deed::Option("Do we pilot a chat before we buy one?", "Pilot in two countries", ["Cheap to learn", "Two shift models"], [Some(10_000), None]),
            ),
            (
                -309,
                Jonas,
                Deed::Option(
                    "Do we pilot a chat before we buy one?",
                    "Buy now",
                    ["Faster if it works", "A contract of three years"],
                    [Some(50_000), Some(80_000)],
                ),
            ),
            (
                -308,
                Jonas,
                Deed::Propose("Do we pilot a chat before we buy one?", "Pilot in two countries", "We learn for little, and stop if it does not answer faster."),
            ),
            (-307, Priya, Deed::Sign("Do we pilot a chat before we buy one?")),
            (-305, Lena, Deed::Sign("Do we pilot a chat before we buy one?")),
        ];
        for (offset, who, deed) in script {
            self.on(offset, who, deed);
        }
    }
}

fn evidence(checkpoint: &str) -> &'static str {
    match checkpoint {
        "Both teams checked 200 profiles by hand" => "196 of 200 were one person; the four are in the minutes.",
        "One wording, tested with customers" => "https://wiki.northwind.example/consent/wording-test",
        "Forty terms written" => "https://wiki.northwind.example/terms",
        "Two brands" => "Home and Garden answered last week’s questions themselves.",
        _ => "Shown in the fortnightly review, numbers in the minutes.",
    }
}

/// A whole answer, with a note on its first score.
fn given(sheet: &rounds::Sheet, score: impl Fn(usize, usize) -> i64, note: &str) -> Vec<rounds::write::Given> {
    let mut given = Vec::new();
    for (t, thing) in sheet.things.iter().enumerate() {
        for (m, measure) in sheet.measures.iter().enumerate() {
            let note = if (t, m) == (0, 0) { note.to_owned() } else { String::new() };
            given.push(rounds::write::Given { thing: thing.id.clone(), measure: measure.id.clone(), score: score(t, m), note });
        }
    }
    given
}

/// What each decision rests on: clauses, KPIs, and its impact.
fn rests_on(question: &str) -> (&'static [&'static str], &'static [&'static str], &'static str) {
    match question {
        "Which customer data platform do we build on?" => (
            &["One memory", "Asked once, kept safe"],
            &["Match rate of profiles", "Repeat purchase rate"],
            "Four campaigns and the store scripts wait for it; the contract of the present tool ends in March.",
        ),
        "Which warehouse do the profiles live in?" => (&["One memory"], &["Match rate of profiles"], "Every service that shows a customer reads from it."),
        "How do we ask again for old consents?" => (&["Asked once, kept safe"], &["Profiles with consent"], ""),
        "Do we pilot a chat before we buy one?" => (&["An answer, not a ticket"], &["Time to first answer"], ""),
        _ => (&[], &[], ""),
    }
}

impl Story {
    fn member(&self, who: Who) -> MemberId {
        self.members[&who]
    }

    async fn viewer(&self, who: Who) -> Result<Viewer> {
        self.stage.viewer(self.accounts[&who]).await
    }

    fn clause_text(title: &str, texts: [&str; 3], kpis: Vec<KpiId>) -> definition::write::Text {
        let [promise, for_marketing, for_technology] = texts.map(str::to_owned);
        definition::write::Text { title: title.to_owned(), promise, for_marketing, for_technology, kpis }
    }

    async fn digest(&self, viewer: &Viewer, kind: Kind, subject: uuid::Uuid) -> Result<String> {
        Ok(current(viewer, kind, subject).await?.ok_or(Error::NotFound)?.0.digest)
    }

    async fn act(&mut self, who: Who, deed: Deed) -> Result<()> {
        let viewer = self.viewer(who).await?;
        match deed {
            Deed::Clause(title, texts, kpis) => {
                let id: ClauseId = viewer.fresh_id();
                let kpis = kpis.iter().map(|title| self.kpis[title].0).collect();
                definition::write::add_clause(&viewer, id, Self::clause_text(title, texts, kpis)).await?;
                self.clauses.insert(title, id);
            }
            Deed::Rewrite(title, texts) => {
                let id = self.clauses[title];
                let version = definition::read::draft(&viewer).await?.into_iter().find(|clause| clause.id == id).map_or(0, |clause| clause.version);
                let kpis = definition::read::measures(&viewer).await?.into_iter().filter(|m| m.clause_id == id).map(|m| m.kpi_id).collect();
                definition::write::edit_clause(&viewer, id, version, Self::clause_text(title, texts, kpis)).await?;
            }
            Deed::ProposeDefinition => {
                definition::write::propose(&viewer, Some(self.today.plus_months(12))).await?;
            }
            Deed::Ratify(number) => {
                let digest = definition::read::version(&viewer, number).await?.digest;
                definition::write::sign(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::ObjectToDefinition(number, why) => {
                let digest = definition::read::version(&viewer, number).await?.digest;
                definition::write::sign(&viewer, number, &digest, Verdict::Object, Some(why)).await?;
            }
            Deed::Kpi(plan) => self.start_kpi(&viewer, plan).await?,
            Deed::Value(title, period, value) => kpis::write::enter(&viewer, self.kpis[title].1, period, quantity(value)?, None).await?,
            Deed::Correct(title, period, value, why) => kpis::write::enter(&viewer, self.kpis[title].1, period, quantity(value)?, Some(why)).await?,
            Deed::Attest(title, period, status) => {
                self.attest(
                    &viewer,
                    title,
                    period,
                    kpis::write::Judgement { status, confidence: Some(if status == Health::OnTrack { 80 } else { 50 }), insight: None, action: None },
                )
                .await?;
            }
            Deed::AttestOffTrack(title, period, insight, action, owner, due_on) => {
                let corrective = kpis::write::Corrective {
                    action: action.to_owned(),
                    owner: self.member(owner),
                    due_on,
                    milestone: Some(self.milestones["Consent service live"].0),
                };
                let judgement =
                    kpis::write::Judgement { status: Health::OffTrack, confidence: Some(20), insight: Some(insight.to_owned()), action: Some(corrective) };
                self.attest(&viewer, title, period, judgement).await?;
            }
            Deed::Initiative(plan) => self.start_initiative(&viewer, plan).await?,
            Deed::Move(title, phase, why) => initiatives::write::move_to(&viewer, self.initiatives[title], phase, why).await?,
            Deed::CheckIn(title, status, confidence, note, next) => {
                let risks = if status == Health::OnTrack { "" } else { "The Christmas trade leaves both teams two weeks." };
                let told = initiatives::write::CheckIn {
                    status,
                    confidence,
                    note: note.to_owned(),
                    next_step: next.to_owned(),
                    risks: risks.to_owned(),
                    action: (status == Health::OffTrack).then(|| initiatives::write::Corrective {
                        action: "Both leads decide it in the next review".to_owned(),
                        owner: self.member(Kofi),
                        due_on: viewer.today().plus(14),
                    }),
                };
                initiatives::write::check_in(&viewer, self.initiatives[title], &told).await?;
            }
            Deed::Acknowledge(title) => {
                let number = self.initiatives[title];
                let latest = initiatives::read::latest(&viewer, number).await?.ok_or(Error::NotFound)?;
                initiatives::write::acknowledge(&viewer, number, latest.id).await?;
            }
            Deed::Close(title, outcome, [worked, failed, lesson]) => {
                let told = initiatives::write::Retrospective { outcome, worked: worked.to_owned(), failed: failed.to_owned(), lesson: lesson.to_owned() };
                initiatives::write::propose_closing(&viewer, self.initiatives[title], &told).await?;
            }
            Deed::SignClosing(title) => {
                let digest = self.digest(&viewer, Kind::Retrospective, self.initiative_ids[title].uuid()).await?;
                initiatives::write::sign_closing(&viewer, self.initiatives[title], &digest, Verdict::Agree, None).await?;
            }
            Deed::Delegate(to, days) => {
                let today = viewer.today();
                crate::people::delegation::delegate(&viewer, self.member(to), today, today.plus(days)).await?;
            }
            Deed::Milestone(initiative, title, outcome, promised, driver, [marketing, technology]) => {
                let id: MilestoneId = viewer.fresh_id();
                let plan = milestones::write::Plan {
                    title: title.to_owned(),
                    outcome: outcome.to_owned(),
                    driver: self.member(driver),
                    marketing_owner: self.member(marketing),
                    technology_owner: self.member(technology),
                };
                let number = milestones::write::promise(&viewer, id, self.initiatives[initiative], plan, promised).await?;
                self.milestones.insert(title, (id, number));
            }
            Deed::Wait(on, title) => milestones::write::wait_for(&viewer, self.milestones[title].1, self.milestones[on].0).await?,
            Deed::ProposeBaseline => {
                milestones::write::propose_baseline(&viewer).await?;
            }
            Deed::SignBaseline(number) => {
                let id = milestones::read::baseline(&viewer, number).await?.id;
                let digest = self.digest(&viewer, Kind::Baseline, id.uuid()).await?;
                milestones::write::sign_baseline(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::Slip(title, to, why) => {
                let number = self.milestones[title].1;
                let version = milestones::read::one(&viewer, number).await?.version;
                milestones::write::slip(&viewer, number, version, to, why).await?;
            }
            Deed::Checkpoint(milestone, title, owner, due_on) => {
                let id: CheckpointId = viewer.fresh_id();
                let step = milestones::write::Step { title: title.to_owned(), owner: self.member(owner), due_on };
                milestones::write::add_checkpoint(&viewer, self.milestones[milestone].1, id, step).await?;
                self.checkpoints.insert(title, id);
            }
            Deed::Pass(title, evidence) => {
                milestones::write::pass(&viewer, self.checkpoints[title], evidence).await?;
            }
            Deed::Accept(title) => {
                let (id, number) = self.milestones[title];
                let digest = self.digest(&viewer, Kind::Milestone, id.uuid()).await?;
                milestones::write::sign(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::Ask(question, context, initiative, driver, decide_by) => {
                let (clauses, kpis, impact) = rests_on(question);
                let asked = decisions::write::Question {
                    question: question.to_owned(),
                    context: context.to_owned(),
                    initiative: initiative.map(|title| self.initiative_ids[title]),
                    driver: self.member(driver),
                    decide_by,
                    evidence: decisions::write::Evidence {
                        impact: impact.to_owned(),
                        clauses: clauses.iter().map(|title| self.clauses[title]).collect(),
                        kpis: kpis.iter().map(|title| self.kpis[title].0).collect(),
                        links: Vec::new(),
                    },
                };
                let number = decisions::write::ask(&viewer, viewer.fresh_id(), None, asked).await?;
                self.decisions.insert(question, number);
            }
            Deed::Option(question, title, [advantages, drawbacks], [one_off, yearly]) => {
                let id: OptionId = viewer.fresh_id();
                let choice = decisions::write::Choice {
                    title: title.to_owned(),
                    advantages: advantages.to_owned(),
                    drawbacks: drawbacks.to_owned(),
                    effort: String::new(),
                    risk: String::new(),
                    one_off_cost: one_off.map(Quantity::whole),
                    yearly_cost: yearly.map(Quantity::whole),
                };
                decisions::write::add_option(&viewer, self.decisions[question], id, choice).await?;
                self.options.insert((question, title), id);
            }
            Deed::Propose(question, option, why) => {
                let proposed = decisions::write::Proposed {
                    option: self.options[&(question, option)],
                    rationale: why.to_owned(),
                    stage: Some(decisions::Stage::Adopt),
                    review_on: Some(self.today.plus_months(6)),
                };
                decisions::write::propose(&viewer, self.decisions[question], proposed).await?;
            }
            Deed::Sign(question) => self.sign_decision(&viewer, question, Verdict::Agree, None, None).await?,
            Deed::SignIf(question, condition, milestone, owner, due_on) => {
                let becomes = decisions::write::Condition { milestone: self.milestones[milestone].0, owner: self.member(owner), due_on };
                self.sign_decision(&viewer, question, Verdict::AgreeWithConditions, Some(condition), Some(becomes)).await?;
            }
            Deed::Weigh(question, criteria) => {
                let number = self.decisions[question];
                let version = decisions::read::one(&viewer, number).await?.version;
                let criteria: Vec<decisions::write::Criterion> = criteria
                    .iter()
                    .map(|(title, about, weight)| decisions::write::Criterion {
                        id: None,
                        title: (*title).to_owned(),
                        about: (*about).to_owned(),
                        weight: *weight,
                    })
                    .collect();
                decisions::write::weigh(&viewer, number, version, &criteria).await?;
            }
            Deed::SignWeights(question) => {
                let number = self.decisions[question];
                let id = decisions::read::one(&viewer, number).await?.id;
                let digest = self.digest(&viewer, Kind::Weights, id.uuid()).await?;
                decisions::write::sign_weights(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::OpenScoring(question, wanted, until) => decisions::write::open_scoring(&viewer, self.decisions[question], wanted, until).await?,
            Deed::Score(question, scores, note) => {
                let number = self.decisions[question];
                let id = decisions::read::one(&viewer, number).await?.id;
                let round = rounds::read::all(&viewer, rounds::About::Decision, id.uuid()).await?.into_iter().next().ok_or(Error::NotFound)?;
                decisions::write::answer(&viewer, number, round.number, &given(&round.sheet, |t, m| scores[t][m], note)).await?;
            }
            Deed::Tell(question, outcome, told) => {
                decisions::write::review(&viewer, self.decisions[question], outcome, told, None).await?;
            }
            Deed::NameArbiter(who) => arbiter::name(&viewer, Some(self.member(who))).await?,
            Deed::StateCase(question, told) => decisions::write::state_case(&viewer, self.decisions[question], told).await?,
            Deed::Rule(question, option, told) => {
                decisions::write::rule(&viewer, self.decisions[question], self.options[&(question, option)], told).await?;
            }
            Deed::AskAgain(earlier, question, context, driver, decide_by) => {
                let earlier = decisions::read::one(&viewer, self.decisions[earlier]).await?.id;
                let asked = decisions::write::Question {
                    question: question.to_owned(),
                    context: context.to_owned(),
                    initiative: None,
                    driver: self.member(driver),
                    decide_by,
                    evidence: decisions::write::Evidence::default(),
                };
                let number = decisions::write::ask(&viewer, viewer.fresh_id(), Some(earlier), asked).await?;
                self.decisions.insert(question, number);
            }
            Deed::Say(clause, body) => {
                definition::write::comment(&viewer, self.clauses[clause], body).await?;
            }
            Deed::Suggest(clause, field, after, because) => {
                let id = self.clauses[clause];
                let before = definition::read::clause(&viewer, id).await?.text(field).to_owned();
                definition::write::suggest(&viewer, id, field, &before, after, because).await?;
            }
            Deed::OpenRound(wanted, until) => definition::write::open_round(&viewer, wanted, until).await?,
            Deed::Rate(ratings, note) => {
                let all = rounds::read::all(&viewer, rounds::About::Definition, viewer.workspace_id().uuid()).await?;
                let round = all.into_iter().next().ok_or(Error::NotFound)?;
                let given = given(&round.sheet, |t, m| ratings.get(t).map_or(4, |rating| rating[m]), note);
                definition::write::answer_round(&viewer, round.number, &given).await?;
            }
            Deed::Object(question, why) => self.sign_decision(&viewer, question, Verdict::Object, Some(why), None).await?,
        }
        Ok(())
    }

    async fn sign_decision(
        &self,
        viewer: &Viewer,
        question: &str,
        verdict: Verdict,
        reason: Option<&str>,
        condition: Option<decisions::write::Condition>,
    ) -> Result<()> {
        let number = self.decisions[question];
        let id = decisions::read::one(viewer, number).await?.id;
        let digest = self.digest(viewer, Kind::Decision, id.uuid()).await?;
        decisions::write::sign(viewer, number, &digest, verdict, reason, condition).await.map(|_| ())
    }

    async fn attest(&self, viewer: &Viewer, title: &str, period: Day, judgement: kpis::write::Judgement) -> Result<()> {
        let (id, number) = self.kpis[title];
        let known = kpis::read::periods(viewer, id).await?.into_iter().find(|known| known.period == period);
        let Some(digest) = known.and_then(|known| known.standing).map(|standing| standing.digest) else { return Ok(()) };
        match kpis::write::attest(viewer, number, period, &digest, judgement).await {
            // The value was corrected in between: the later attestation counts.
            Err(Error::Invalid(_) | Error::Conflict) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn start_kpi(&mut self, viewer: &Viewer, plan: &'static KpiPlan) -> Result<()> {
        let id: KpiId = viewer.fresh_id();
        let periods = if plan.cadence == Cadence::Quarterly { 5 } else { 13 };
        let first = if plan.title == "Deletion requests done in 72 hours" {
            plan.cadence.period_of(self.today)
        } else {
            plan.cadence.step(plan.cadence.last_complete(self.today), 1 - periods)
        };
        let [marketing, technology] = plan.owners;
        let made = kpis::write::Plan {
            title: plan.title.to_owned(),
            about: plan.about.to_owned(),
            unit: plan.unit.to_owned(),
            direction: plan.direction,
            cadence: plan.cadence,
            baseline: None,
            starts_on: first,
            watch: 90,
            act: 70 + 14 * i64::from(plan.title == "Repeat purchase rate"),
            driver: self.member(plan.driver),
            marketing_owner: self.member(marketing),
            technology_owner: self.member(technology),
        };
        let number = kpis::write::start(viewer, id, made).await?;
        self.kpis.insert(plan.title, (id, number));
        let Some([from, to]) = plan.targets else { return Ok(()) };
        let (from, to) = (quantity(from)?, quantity(to)?);
        let targets: Vec<kpis::write::PeriodTarget> = (0..periods + 2)
            .map(|index| {
                // Four steps over the year, the last of them for the newest periods.
                let step = i64::from((index * 4 / periods).min(3));
                // To one decimal, as people set targets.
                let between =
                    Quantity::from_ten_thousandths((from.ten_thousandths() + (to.ten_thousandths() - from.ten_thousandths()) * step / 3) / 1000 * 1000);
                let (low, high) = match plan.direction {
                    Direction::Increase | Direction::Above => (Some(between), None),
                    Direction::Decrease | Direction::Below => (None, Some(between)),
                    Direction::Within => (Some(from), Some(to)),
                };
                kpis::write::PeriodTarget { period: plan.cadence.step(first, index), target: kpis::read::target(low, high) }
            })
            .collect();
        kpis::write::set_targets(viewer, number, 1, &targets, "").await
    }

    async fn start_initiative(&mut self, viewer: &Viewer, plan: &'static InitiativePlan) -> Result<()> {
        let id: InitiativeId = viewer.fresh_id();
        let [marketing, technology] = plan.leads;
        let mut clauses = Vec::new();
        for title in plan.clauses {
            // A clause that is written later is linked when it exists.
            clauses.extend(self.clauses.get(title).copied());
        }
        let made = initiatives::write::Plan {
            title: plan.title.to_owned(),
            purpose: plan.purpose.to_owned(),
            starts_on: self.today.plus(plan.starts),
            due_on: self.today.plus(plan.ends),
            marketing_lead: self.member(marketing),
            technology_lead: self.member(technology),
            driver_side: if plan.title == ANSWERS.title { Side::Technology } else { Side::Marketing },
            cadence: if plan.title == ANSWERS.title { initiatives::Cadence::Weekly } else { initiatives::Cadence::FourWeekly },
            members: plan.members.iter().zip(RESPONSIBILITIES.iter().cycle()).map(|(who, told)| (self.member(*who), (*told).to_owned())).collect(),
            clauses,
            kpis: plan.kpis.iter().filter_map(|title| self.kpis.get(title)).map(|(id, _)| *id).collect(),
        };
        let number = initiatives::write::start(viewer, id, made, None).await?;
        self.initiatives.insert(plan.title, number);
        self.initiative_ids.insert(plan.title, id);
        Ok(())
    }
}

fn quantity(text: &str) -> Result<Quantity> {
    text.parse().map_err(|_| Error::Broken)
}
