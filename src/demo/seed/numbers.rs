//! KPIs with their values and targets, and the goals that they measure.

use super::{DIRECTIONS, NOUNS, SeedInitiative, Seeding};
use crate::{
    access, goals,
    handshake::{Health, Kind, on_table::sign, read::current, write::VerdictInput},
    identity::Side,
    kpis::{self, Cadence, Direction},
    platform::{
        error::{Error, Result},
        ids::{AccessId, AccountId, GoalId, KpiId, SourceId, UseId},
        quantity::Quantity,
        time::Day,
    },
    sources::PersonalForm,
    sql,
};
use rand::RngExt as _;

impl Seeding<'_> {
    pub(super) async fn kpis(&mut self) -> Result<Vec<KpiId>> {
        let mut kpis = Vec::new();
        // Values are entered the day before yesterday at the latest.
        let latest = Cadence::Monthly.last_complete(self.today.plus(-2));
        let periods = i32::try_from(self.size.periods).unwrap_or(24);
        for index in 0..self.size.kpis {
            let direction = DIRECTIONS[index % DIRECTIONS.len()];
            let (driver, marketing, technology) = (
                self.somebody(Side::Marketing),
                self.somebody(Side::Marketing),
                self.somebody(Side::Technology),
            );
            let start = self.chance.random_range(20..60);
            let drift: i64 = self.chance.random_range(-3..8);
            self.on(-790, 9);
            let viewer = self.lead(Side::Marketing).await?;
            let id: KpiId = viewer.fresh_id();
            let first = Cadence::Monthly.step(latest, 1 - periods);
            let title = self.title(index);
            let plan = kpis::write::KpiInput {
                title: format!("{title} rate"),
                about: "Made by machine.".to_owned(),
                unit: "%".to_owned(),
                direction,
                cadence: Cadence::Monthly,
                baseline: Some(Quantity::whole(start)),
                starts_on: first,
                watch_below: 90,
                act_below: 70,
                driver: driver.1,
                marketing_owner: marketing.1,
                technology_owner: technology.1,
            };
            let number = kpis::write::start(&viewer, id, plan).await?;
            let mut targets = Vec::new();
            for step in 0..periods + 3 {
                let aim = Quantity::whole(start + i64::from(step / 6) * drift.signum() * 2);
                let (low, high) = match direction {
                    Direction::Increase | Direction::Above => (Some(aim), None),
                    Direction::Decrease | Direction::Below => (None, Some(aim)),
                    Direction::Within => (
                        Some(Quantity::whole(start - 10)),
                        Some(Quantity::whole(start + 10)),
                    ),
                };
                targets.push(kpis::write::PeriodTarget {
                    period: Cadence::Monthly.step(first, step),
                    target: kpis::Target::between(low, high),
                });
            }
            kpis::write::propose_targets(&viewer, number, 1, &targets, "", kpis::Doubt::Settled).await?;
            for owner in [&marketing, &technology] {
                let owner = self.workspace.viewer(owner.0).await?;
                let (standing, _) = current(&owner, Kind::Targets, id.uuid())
                    .await?
                    .ok_or(Error::Internal)?;
                let given = VerdictInput::agree(&standing.digest);
                sign::<kpis::write::TargetsOnTable>(&owner, number, given, ()).await?;
            }
            // One in ten has fallen silent.
            let silent = if index % 10 == 9 { 2 } else { 0 };
            for step in 0..periods - silent {
                let period = Cadence::Monthly.step(first, step);
                let noise: i64 = self.chance.random_range(-15_000..15_000);
                let value = Quantity::from_ten_thousandths(
                    (start * 10_000 + drift * 3_000 * i64::from(step) + noise).max(0),
                );
                let entered = Cadence::Monthly
                    .step(period, 1)
                    .plus(3)
                    .days_since(self.today)
                    .min(-2);
                self.on(entered, 9);
                let driver = self.workspace.viewer(driver.0).await?;
                kpis::write::enter(&driver, number, period, value, None, kpis::Doubt::Settled).await?;
                let newest = step + 1 == periods;
                self.attest(number, id, period, marketing.0, index, entered)
                    .await?;
                if !(newest && index % 3 == 0) {
                    self.attest(
                        number,
                        id,
                        period,
                        technology.0,
                        index + usize::from(newest && index % 7 == 0),
                        entered,
                    )
                    .await?;
                }
            }
            kpis.push(id);
        }
        Ok(kpis)
    }

    async fn attest(
        &self,
        number: i64,
        _id: KpiId,
        period: Day,
        account: AccountId,
        mood: usize,
        entered: i64,
    ) -> Result<()> {
        self.on((entered + 1).min(-1), 10);
        let viewer = self.workspace.viewer(account).await?;
        let (value_id,): (crate::platform::ids::KpiValueId,) = viewer
            .fetch_one(
                sql!(
                    "select v.id from kpi_current_values v join kpi_facts k on k.id = v.kpi_id where
                     v.workspace_id = $1 and k.number = $2 and v.period_on = $3"
                ),
                crate::args![number, period],
            )
            .await?;
        let (standing, _) = current(&viewer, Kind::Kpi, value_id.uuid())
            .await?
            .ok_or(Error::Internal)?;
        let status = [Health::OnTrack, Health::OnTrack, Health::AtRisk][mood % 3];
        kpis::write::attest(
            &viewer,
            number,
            period,
            &standing.digest,
            kpis::write::Judgement {
                status,
                confidence: None,
                insight: Some("About what was expected.".to_owned()),
                action: None,
            },
        )
        .await?;
        Ok(())
    }

    /// A goal for every five initiatives, measured by two KPIs, each cited for two accesses.
    pub(super) async fn goals(
        &mut self,
        initiatives: &[SeedInitiative],
        kpis: &[KpiId],
        sources: &[(SourceId, UseId)],
    ) -> Result<()> {
        let moving: Vec<(KpiId, Direction)> = kpis
            .iter()
            .copied()
            .zip(DIRECTIONS.into_iter().cycle())
            .filter(|(_, direction)| *direction != Direction::Within)
            .collect();
        for (index, served) in initiatives.chunks(5).enumerate() {
            self.on(-300, 10);
            let owner = self.somebody(Side::Marketing).1;
            let viewer = self.lead(Side::Marketing).await?;
            let measures = moving
                .iter()
                .cycle()
                .skip(index * 2)
                .take(moving.len().min(2))
                .map(|(id, direction)| {
                    let (low, high) = (Quantity::whole(1), Quantity::whole(90));
                    let span = if direction.falls() {
                        goals::Span {
                            baseline: high,
                            target: low,
                        }
                    } else {
                        goals::Span {
                            baseline: low,
                            target: high,
                        }
                    };
                    goals::write::MeasureInput {
                        row: 1,
                        kpi: *id,
                        span,
                    }
                });
            let plan = goals::write::GoalInput {
                title: format!("{}, and customers notice", self.title(index)),
                why: "Made by machine: what would be better for the customer.".to_owned(),
                owner,
                starts_on: self.today.plus(-300),
                due_on: self.today.plus(150),
                measures: measures.collect(),
                initiatives: served.iter().map(|(id, ..)| *id).collect(),
                doubt: kpis::Doubt::Settled,
            };
            let id: GoalId = viewer.fresh_id();
            let number = goals::write::set(&viewer, id, plan).await?;
            // Of sources that are internal: every fourth, from the second on.
            let source = sources.iter().skip(1).step_by(4).cycle().nth(index);
            for kind in [access::AccessKind::Data, access::AccessKind::Technology] {
                if kind == access::AccessKind::Data && source.is_none() {
                    continue;
                }
                let id: AccessId = viewer.fresh_id();
                let noun = NOUNS[index % NOUNS.len()];
                let ask = access::write::Ask {
                    kind,
                    title: format!("{} of the {noun}", kind.name()),
                    purpose: "Made by machine: read by two teams, every night.".to_owned(),
                    needed_on: self.today.plus(-200),
                    ends_on: self.today.plus(150),
                    terms: source
                        .filter(|_| kind == access::AccessKind::Data)
                        .map(|(source, used_for)| access::write::TermsInput {
                            sources: vec![*source],
                            used_for: *used_for,
                            form: PersonalForm::Counts,
                            fields: "day, store, sum".to_owned(),
                            copies: access::terms::Copies::None,
                            copies_until: None,
                            copies_in: None,
                            follows: None,
                        }),
                };
                goals::write::ask_access(&viewer, id, number, ask).await?;
            }
        }
        Ok(())
    }
}
