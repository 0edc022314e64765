//! The definition, the initiatives that serve it, and their milestones.

use super::{NOUNS, SeedInitiative, Seeding};
use crate::{
    definition,
    handshake::{Health, Kind, on_table::sign, read::current, write::VerdictInput},
    identity::Side,
    initiatives::{self, Phase},
    milestones,
    platform::{
        error::{Error, Result},
        ids::{CheckpointId, ClauseId, InitiativeId, KpiId, MilestoneId},
    },
};
use rand::RngExt as _;

impl Seeding<'_> {
    pub(super) async fn definition(&mut self, kpis: &[KpiId]) -> Result<Vec<ClauseId>> {
        let mut clauses = Vec::new();
        for index in 0..10 {
            self.on(-780, 9);
            let viewer = self.lead(Side::Marketing).await?;
            let id: ClauseId = viewer.fresh_id();
            let text = Self::clause(index, 0, kpis);
            definition::write::add_clause(&viewer, id, text).await?;
            clauses.push(id);
        }
        for revision in 0..self.size.revisions {
            let offset = -760 + i64::try_from(revision * 700 / self.size.revisions.max(1)).unwrap_or(0);
            self.on(offset, 9);
            let (marketing, technology) = (
                self.lead(Side::Marketing).await?,
                self.lead(Side::Technology).await?,
            );
            if revision > 0 {
                let index = revision % clauses.len();
                let version = definition::read::draft(&marketing)
                    .await?
                    .into_iter()
                    .find(|clause| clause.id == clauses[index])
                    .map_or(0, |clause| clause.version);
                let text = Self::clause(index, revision, kpis);
                definition::write::edit_clause(&marketing, clauses[index], version, text).await?;
            }
            let number = definition::write::propose(&marketing, Some(self.today.plus_months(12))).await?;
            let digest = definition::read::version(&marketing, number).await?.digest;
            sign::<definition::write::VersionOnTable>(&marketing, number, VerdictInput::agree(&digest), ())
                .await?;
            self.on(offset + 2, 9);
            sign::<definition::write::VersionOnTable>(&technology, number, VerdictInput::agree(&digest), ())
                .await?;
        }
        Ok(clauses)
    }

    fn clause(index: usize, revision: usize, kpis: &[KpiId]) -> definition::write::Text {
        let noun = NOUNS[index % NOUNS.len()];
        let within = 24 - revision.min(20);
        definition::write::Text {
            title: format!("A {noun} that fits"),
            promise: format!(
                "Whoever meets us at the {noun} is known, is asked nothing twice, and has an answer within \
                    {within} hours."
            ),
            for_marketing: format!(
                "Every campaign reads the same {noun}; no list of our own. We test the words with customers \
                    before they go out."
            ),
            for_technology: format!(
                "One service owns the {noun}; it answers within {} ms and every change reaches every source \
                    within {within} hours.",
                600 - revision * 20
            ),
            kpis: kpis.get(index * 2..index * 2 + 2).unwrap_or_default().to_vec(),
        }
    }

    pub(super) async fn initiatives(
        &mut self,
        clauses: &[ClauseId],
        kpis: &[KpiId],
    ) -> Result<Vec<SeedInitiative>> {
        let mut made = Vec::new();
        for index in 0..self.size.initiatives {
            let starts = -self.chance.random_range(60..400);
            let ends = self.chance.random_range(20..300);
            let leads = [self.somebody(Side::Marketing), self.somebody(Side::Technology)];
            let members = vec![
                self.somebody(Side::Marketing).1,
                self.somebody(Side::Technology).1,
                self.somebody(Side::Technology).1,
            ];
            self.on(starts - 5, 9);
            let viewer = self.lead(Side::Marketing).await?;
            let id: InitiativeId = viewer.fresh_id();
            let plan = initiatives::write::InitiativeInput {
                title: self.title(index),
                purpose: "Made by machine: a cross-team that serves two clauses and moves two numbers."
                    .to_owned(),
                starts_on: self.today.plus(starts),
                due_on: self.today.plus(ends),
                marketing_lead: leads[0].1,
                technology_lead: leads[1].1,
                driver_side: Side::Marketing,
                cadence: initiatives::CheckInCadence::Fortnightly,
                members: members
                    .into_iter()
                    .map(|member| (member, "The match rules and their tests".to_owned()))
                    .collect(),
                clauses: vec![
                    clauses[index % clauses.len()],
                    clauses[(index + 3) % clauses.len()],
                ],
                kpis: (0..2)
                    .filter_map(|step| kpis.get((index * 2 + step) % kpis.len().max(1)).copied())
                    .collect(),
            };
            let number = initiatives::write::start(&viewer, id, plan, None).await?;
            self.on(starts, 9);
            initiatives::write::move_to(&viewer, number, Phase::Active, "").await?;
            for lead in &leads {
                let lead = self.workspace.viewer(lead.0).await?;
                let (standing, _) = current(&lead, Kind::Charter, id.uuid())
                    .await?
                    .ok_or(Error::Internal)?;
                let given = VerdictInput::agree(&standing.digest);
                sign::<initiatives::write::CharterOnTable>(&lead, number, given, ()).await?;
            }
            let reporter = self.workspace.viewer(leads[0].0).await?;
            let last = if index % 6 == 5 { -30 } else { -3 };
            for offset in [-58, -44, last] {
                self.on(offset, 15);
                let health = [Health::OnTrack, Health::AtRisk, Health::OnTrack, Health::OffTrack]
                    [(index + usize::from(offset == last)) % 4];
                let milestone = initiatives::read::first_open_milestone(&reporter, number).await?;
                let check_in = initiatives::write::CheckInInput {
                    status: health,
                    confidence: 50 + 10 * i64::try_from(index % 5).unwrap_or(0),
                    note: "Two of three sources deliver; the third is tested.".to_owned(),
                    next_step: "Connect the third source".to_owned(),
                    risks: String::new(),
                    action: (health == Health::OffTrack).then(|| initiatives::write::CheckInAction {
                        action: "A second team for the third source".to_owned(),
                        owner: leads[1].1,
                        due_on: self.today.plus(20),
                        milestone,
                    }),
                };
                initiatives::write::check_in(&reporter, number, &check_in).await?;
            }
            if index % 12 == 11 {
                self.on(-2, 9);
                initiatives::write::move_to(&viewer, number, Phase::Paused, "Waits for the next quarter.")
                    .await?;
            }
            made.push((id, number, leads));
        }
        Ok(made)
    }

    pub(super) async fn milestones(&mut self, initiatives: &[SeedInitiative]) -> Result<()> {
        let mut left = self.size.checkpoints;
        for index in 0..self.size.milestones {
            let (_, initiative, leads) = initiatives[index % initiatives.len()];
            let due = self.chance.random_range(-100..240);
            self.on(-300, 9);
            let viewer = self.workspace.viewer(leads[1].0).await?;
            let id: MilestoneId = viewer.fresh_id();
            let plan = milestones::write::MilestoneInput {
                title: self.title(index),
                outcome: "Both sides see it work with real customers, measured for two weeks.".to_owned(),
                driver: leads[1].1,
                marketing_owner: leads[0].1,
                technology_owner: leads[1].1,
                asks_other_side: false,
            };
            let number =
                milestones::write::promise(&viewer, id, initiative, plan, self.today.plus(due - 20)).await?;
            if index % 3 == 0 {
                milestones::write::slip(
                    &viewer,
                    number,
                    1,
                    self.today.plus(due),
                    "A source was ready later than planned.",
                )
                .await?;
            }
            let mut share = left / (self.size.milestones - index);
            share = share.min(200);
            left -= share;
            let all_passed = index % 5 == 0 && due < 0;
            for step in 0..share {
                let within = i64::try_from(step * 200 / share.max(1)).unwrap_or(0);
                let step_due = due - 200 + within;
                let owner = if step % 2 == 0 {
                    self.somebody(Side::Marketing)
                } else {
                    self.somebody(Side::Technology)
                };
                self.on(-299, 9);
                let checkpoint: CheckpointId = viewer.fresh_id();
                let noun = self.pick(&NOUNS);
                let made = milestones::write::Step::new(
                    format!("Step {} for the {noun}", step + 1),
                    owner.1,
                    self.today.plus(step_due),
                );
                milestones::write::add_checkpoint(&viewer, number, checkpoint, made).await?;
                let is_late = step_due < 0;
                if all_passed || (is_late && self.chance.random_range(0..20) > 0) {
                    self.on(step_due.min(-2), 14);
                    let owner = self.workspace.viewer(owner.0).await?;
                    let words = "Shown in the fortnightly review, numbers in the minutes.";
                    milestones::write::pass(
                        &owner,
                        checkpoint,
                        milestones::write::PassInput {
                            words,
                            ..Default::default()
                        },
                    )
                    .await?;
                }
            }
            if all_passed && share > 0 {
                for (step, lead) in leads.iter().enumerate().take(if index % 10 == 0 { 2 } else { 1 }) {
                    self.on(-2 + i64::try_from(step).unwrap_or(0), 16);
                    let signer = self.workspace.viewer(lead.0).await?;
                    let (standing, _) = current(&signer, Kind::Milestone, id.uuid())
                        .await?
                        .ok_or(Error::Internal)?;
                    sign::<milestones::write::MilestoneOnTable>(
                        &signer,
                        number,
                        VerdictInput::agree(&standing.digest),
                        (),
                    )
                    .await?;
                }
            }
        }
        Ok(())
    }
}
