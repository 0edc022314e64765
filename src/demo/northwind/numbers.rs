//! The KPIs of the story, their values and who attested them.

use super::{
    Beat, Story, Who,
    Who::{Ana, Dana, Jonas, Kofi, Lena, Priya, Sam, Yuki},
};
use crate::{
    handshake::{Health, Kind, on_table::sign, write::VerdictInput},
    identity::Viewer,
    kpis::{self, Cadence, Direction},
    platform::{
        error::{Error, Result},
        ids::KpiId,
        quantity::Quantity,
        time::Day,
    },
};

pub(super) struct KpiPlan {
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
    [Ana, Kofi]
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

kpi_plan!(
    DELETE,
    "Deletion requests done in 72 hours",
    "Starts with the consent service.",
    "%",
    Increase,
    Monthly,
    Some(["95", "99"]),
    Yuki,
    [Lena, Yuki]
);

kpi_plan!(
    PURCHASES,
    "Purchases",
    "All purchases of a month, stores and shop. From the warehouse.",
    "thousand",
    Increase,
    Monthly,
    None,
    Jonas,
    [Ana, Jonas]
);
kpi_plan!(
    MEMBERS,
    "Purchases by members",
    "Purchases at which a loyalty member was known. From the warehouse.",
    "thousand",
    Increase,
    Monthly,
    None,
    Jonas,
    [Ana, Jonas]
);

kpi_plan!(
    SHARE,
    "Members’ share of purchases",
    "Of a hundred purchases, how many are a member’s. Made of the two numbers behind it, so that nobody \
        computes it twice.",
    "%",
    Increase,
    Monthly,
    Some(["36", "42"]),
    Ana,
    [Dana, Jonas]
);

impl Story {
    pub(super) fn write_kpis(&mut self) {
        let monthly: [(&'static KpiPlan, &'static [&'static str]); 8] = [
            (
                &REPEAT,
                &[
                    "21.1", "21.6", "22.0", "22.3", "22.9", "23.1", "22.8", "23.0", "22.4", "22.6", "22.0",
                    "22.5", "21.4",
                ],
            ),
            (
                &ANSWER,
                &[
                    "5.1", "4.8", "4.6", "4.7", "4.2", "4.0", "3.9", "3.6", "3.5", "3.4", "3.3", "3.3", "2.9",
                ],
            ),
            (
                &CONSENT,
                &[
                    "44", "45.5", "47", "48", "50.5", "51", "53", "54", "55.5", "57", "58", "58", "61",
                ],
            ),
            (
                &MATCH,
                &[
                    "52", "53.5", "55", "56", "58", "60.5", "62", "63", "66", "69", "71", "72.5", "74",
                ],
            ),
            (
                &CHURN,
                &[
                    "3.4", "3.3", "3.3", "3.1", "3.0", "2.9", "2.9", "2.8", "2.7", "2.7", "2.6", "2.5", "2.4",
                ],
            ),
            (
                &FREQUENCY,
                &[
                    "2.9", "2.7", "2.8", "2.6", "2.4", "2.3", "2.2", "2.3", "2.1", "2.2", "2.0", "2.1", "2.3",
                ],
            ),
            (
                &PICKUP,
                &["71", "74", "76", "78", "80", "82", "81", "83", "85", "86"],
            ),
            (
                &NPS,
                &[
                    "31", "33", "32", "34", "36", "35", "37", "36", "38", "39", "38", "40", "41",
                ],
            ),
        ];
        let latest = self.latest(Cadence::Monthly);
        let first = Cadence::Monthly.step(latest, -12);
        for (plan, values) in monthly {
            self.on(-398, Dana, Beat::Kpi(plan));
            for (index, value) in values.iter().enumerate() {
                let period = Cadence::Monthly.step(first, i32::try_from(index).unwrap_or(0));
                let entered = Cadence::Monthly.step(period, 1).plus(4);
                let day = entered.days_since(self.today).min(-1);
                self.on(day, plan.driver, Beat::Value(plan.title, period, value));
                let newest = period == latest;
                let [marketing, technology] = plan.owners;
                let (attested_m, attested_t) = ((day + 2).min(-1), (day + 3).min(-1));
                match (plan.title, newest) {
                    ("Repeat purchase rate", true) => {
                        self.on(
                            attested_m,
                            marketing,
                            Beat::AttestOtherwise(
                                plan.title,
                                period,
                                Health::AtRisk,
                                "Two weekends in October had no offers at all; those are back.",
                            ),
                        );
                        let due = self.today.plus(6);
                        self.on(
                            attested_t,
                            technology,
                            Beat::AttestOffTrack(
                                plan.title,
                                period,
                                "Offers reach buyers a week late since the feed moved.",
                                "Nightly feed to the offer engine",
                                Priya,
                                due,
                            ),
                        );
                    }
                    ("Profiles with consent", true) => {
                        self.on(
                            attested_m,
                            marketing,
                            Beat::AttestOtherwise(
                                plan.title,
                                period,
                                Health::AtRisk,
                                "The new sign-in page asks more clearly since the 20th.",
                            ),
                        );
                        self.on(
                            attested_t,
                            technology,
                            Beat::AttestOtherwise(
                                plan.title,
                                period,
                                Health::AtRisk,
                                "Half of those asked in the app since then said yes.",
                            ),
                        );
                    }
                    // Fine by its number; one side has not said so.
                    ("Match rate of profiles", true) => self.on(
                        attested_m,
                        marketing,
                        Beat::Attest(plan.title, period, Health::OnTrack),
                    ),
                    ("Messages per customer and week", true) => {}
                    // Red, with an action that became a checkpoint; the month after is better.
                    ("Profiles with consent", false) if period == Cadence::Monthly.step(latest, -1) => {
                        self.on(
                            attested_m,
                            marketing,
                            Beat::AttestOtherwise(
                                plan.title,
                                period,
                                Health::AtRisk,
                                "Summer visitors are seldom asked; it was so last year, too.",
                            ),
                        );
                        let (insight, action) = (
                            "Nobody is asked again after a first no.",
                            "Ask again in the app at the next sign-in",
                        );
                        self.on(
                            attested_t,
                            technology,
                            Beat::AttestOffTrack(
                                plan.title,
                                period,
                                insight,
                                action,
                                Yuki,
                                self.today.plus(12),
                            ),
                        );
                    }
                    _ => {
                        let health = if plan.title == "Repeat purchase rate" && index > 8 {
                            Health::AtRisk
                        } else {
                            Health::OnTrack
                        };
                        self.on(attested_m, marketing, Beat::Attest(plan.title, period, health));
                        self.on(attested_t, technology, Beat::Attest(plan.title, period, health));
                    }
                }
            }
        }
        let corrected = Cadence::Monthly.step(latest, -3);
        let late = Cadence::Monthly.step(corrected, 1).plus(6).days_since(self.today);
        self.on(
            late,
            Jonas,
            Beat::Correct(
                "Time to first answer",
                corrected,
                "3.4",
                "Messages of the weekend were counted twice.",
            ),
        );
        self.on(
            late + 1,
            Ana,
            Beat::Attest("Time to first answer", corrected, Health::OnTrack),
        );
        self.on(
            late + 2,
            Priya,
            Beat::Attest("Time to first answer", corrected, Health::OnTrack),
        );

        self.on(-398, Priya, Beat::Kpi(&SELF));
        let quarter = self.latest(Cadence::Quarterly);
        for (back, value) in [(3, "22"), (2, "27"), (1, "33"), (0, "38")] {
            let period = Cadence::Quarterly.step(quarter, -back);
            let day = Cadence::Quarterly
                .step(period, 1)
                .plus(6)
                .days_since(self.today)
                .min(-1);
            self.on(
                day,
                Jonas,
                Beat::Value("Questions answered by self-service", period, value),
            );
            self.on(
                (day + 1).min(-1),
                Lena,
                Beat::Attest("Questions answered by self-service", period, Health::OnTrack),
            );
            self.on(
                (day + 2).min(-1),
                Jonas,
                Beat::Attest("Questions answered by self-service", period, Health::AtRisk),
            );
        }
        let next = Cadence::Monthly.step(latest, 2);
        let why = "Pick-up in the stores grew faster than the plan of last year expected.";
        self.on(-4, Priya, Beat::ProposeTarget(PICKUP.title, next, "90", why));
        self.on(-3, PICKUP.owners[0], Beat::SignTargets(PICKUP.title));
        self.on(-12, Priya, Beat::Kpi(&DELETE));
        self.write_made_of_others(latest);
    }

    /// The last period for which somebody could have entered a value: the story ends yesterday, so on the
    /// first of a month it is the month before the last.
    fn latest(&self, cadence: Cadence) -> Day {
        cadence.last_complete(self.today.plus(-1))
    }

    /// Two numbers that a feed delivers, and the one that is made of them.
    fn write_made_of_others(&mut self, latest: Day) {
        for plan in [&PURCHASES, &MEMBERS, &SHARE] {
            self.on(-200, Priya, Beat::Kpi(plan));
        }
        self.on(
            -200,
            Priya,
            Beat::MakeOf(
                SHARE.title,
                kpis::Formula::Share,
                [MEMBERS.title, PURCHASES.title],
            ),
        );
        // Its targets are signed, so both owners sign how it is computed.
        for owner in SHARE.owners {
            self.on(-200, owner, Beat::SignTargets(SHARE.title));
        }
        for plan in [&PURCHASES, &MEMBERS] {
            self.on(-199, Priya, Beat::OpenFeed(plan.title, "Warehouse, on the 4th"));
        }
        let months = [
            ("412", "151"),
            ("420", "158"),
            ("405", "154"),
            ("431", "167"),
            ("440", "175"),
            ("452", "183"),
        ];
        for (back, (all, members)) in (0..).zip(months.into_iter().rev()) {
            let period = Cadence::Monthly.step(latest, -back);
            let day = Cadence::Monthly
                .step(period, 1)
                .plus(3)
                .days_since(self.today)
                .min(-1);
            self.on(day, Jonas, Beat::Deliver(PURCHASES.title, period, all));
            self.on(day, Jonas, Beat::Deliver(MEMBERS.title, period, members));
            for plan in [&PURCHASES, &MEMBERS, &SHARE] {
                for (later, owner) in (1..).zip(plan.owners) {
                    self.on(
                        (day + later).min(-1),
                        owner,
                        Beat::Attest(plan.title, period, Health::OnTrack),
                    );
                }
            }
        }
    }

    pub(super) async fn start_kpi(&mut self, viewer: &Viewer, plan: &'static KpiPlan) -> Result<()> {
        let id: KpiId = viewer.fresh_id();
        let periods = if plan.cadence == Cadence::Quarterly { 5 } else { 13 };
        let first = if plan.title == "Deletion requests done in 72 hours" {
            plan.cadence.period_of(self.today)
        } else {
            plan.cadence.step(self.latest(plan.cadence), 1 - periods)
        };
        let [marketing, technology] = plan.owners;
        let made = kpis::write::KpiInput {
            title: plan.title.to_owned(),
            about: plan.about.to_owned(),
            unit: plan.unit.to_owned(),
            direction: plan.direction,
            cadence: plan.cadence,
            baseline: None,
            starts_on: first,
            watch_below: 90,
            act_below: 70 + 14 * i64::from(plan.title == "Repeat purchase rate"),
            driver: self.member(plan.driver),
            marketing_owner: self.member(marketing),
            technology_owner: self.member(technology),
        };
        let number = kpis::write::start(viewer, id, made).await?;
        self.kpis.insert(plan.title, (id, number));
        let Some([from, to]) = plan.targets else {
            return Ok(());
        };
        let (from, to) = (quantity(from)?, quantity(to)?);
        let targets: Vec<kpis::write::PeriodTarget> = (0..periods + 2)
            .map(|index| {
                // Four steps over the year, the last of them for the newest periods.
                let step = i64::from((index * 4 / periods).min(3));
                // To one decimal, as people set targets.
                let between = Quantity::from_ten_thousandths(
                    (from.ten_thousandths() + (to.ten_thousandths() - from.ten_thousandths()) * step / 3)
                        / 1000
                        * 1000,
                );
                let (low, high) = match plan.direction {
                    Direction::Increase | Direction::Above => (Some(between), None),
                    Direction::Decrease | Direction::Below => (None, Some(between)),
                    Direction::Within => (Some(from), Some(to)),
                };
                kpis::write::PeriodTarget {
                    period: plan.cadence.step(first, index),
                    target: kpis::Target::between(low, high),
                }
            })
            .collect();
        kpis::write::propose_targets(viewer, number, 1, &targets, "", kpis::Doubt::Settled).await?;
        for owner in plan.owners {
            let owner = self.viewer(owner).await?;
            self.sign_targets(&owner, plan.title).await?;
        }
        Ok(())
    }

    pub(super) async fn sign_targets(&self, viewer: &Viewer, title: &str) -> Result<()> {
        let (id, number) = self.kpis[title];
        let digest = self.digest(viewer, Kind::Targets, id.uuid()).await?;
        sign::<kpis::write::TargetsOnTable>(viewer, number, VerdictInput::agree(&digest), ()).await?;
        Ok(())
    }

    pub(super) async fn attest(
        &self,
        viewer: &Viewer,
        title: &str,
        period: Day,
        judgement: kpis::write::Judgement,
    ) -> Result<()> {
        let (id, number) = self.kpis[title];
        let known = kpis::read::periods(viewer, id)
            .await?
            .into_iter()
            .find(|known| known.period == period);
        let Some(digest) = known
            .and_then(|known| known.standing)
            .map(|standing| standing.digest)
        else {
            return Ok(());
        };
        match kpis::write::attest(viewer, number, period, &digest, judgement).await {
            // The value was corrected in between: the later attestation counts.
            Err(Error::Invalid(_) | Error::Conflict) | Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

pub(super) fn quantity(text: &str) -> Result<Quantity> {
    text.parse().map_err(|_| Error::Internal)
}
