//! Decisions, scored and signed.

use super::{NOUNS, SeedInitiative, Seeding};
use crate::{
    decisions,
    handshake::{Kind, on_table::sign, read::current, write::VerdictInput},
    identity::{Side, Viewer},
    platform::{
        error::{Error, Result},
        ids::{AccountId, OptionId},
        quantity::Quantity,
    },
    rounds::write::AnswerInput,
    technologies,
};
use rand::RngExt as _;

impl Seeding<'_> {
    /// Both leads agree to the weights; then every working person scores every option on every criterion.
    async fn score(
        &mut self,
        number: i64,
        driver: &Viewer,
        options: &[OptionId],
        asked_on: i64,
    ) -> Result<()> {
        if self.size.criteria < 2 {
            return Ok(());
        }
        let criteria: Vec<decisions::write::CriterionInput> = (0..self.size.criteria)
            .map(|index| decisions::write::CriterionInput {
                id: None,
                title: format!("Fits the {}", NOUNS[index]),
                about: "Judged on what was shown, not on what was promised.".to_owned(),
                weight: self.chance.random_range(1..=10),
            })
            .collect();
        let decision = decisions::read::one(driver, number).await?;
        decisions::write::weigh(driver, number, decision.version, &criteria).await?;
        self.on(asked_on + 1, 9);
        for side in Side::BOTH {
            let lead = self.lead(side).await?;
            let (standing, _) = current(&lead, Kind::Weights, decision.id.uuid())
                .await?
                .ok_or(Error::Internal)?;
            sign::<decisions::write::WeightsOnTable>(
                &lead,
                number,
                VerdictInput::agree(&standing.digest),
                (),
            )
            .await?;
        }
        let wanted = Side::BOTH
            .map(|side| self.of(side).len())
            .into_iter()
            .min()
            .unwrap_or(1);
        let opener = self.lead(Side::Marketing).await?;
        decisions::write::open_scoring(
            &opener,
            number,
            i64::try_from(wanted).unwrap_or(1),
            self.today.plus(asked_on + 9),
        )
        .await?;
        let measures = decisions::read::criteria(&opener, decision.id).await?;
        self.on(asked_on + 2, 10);
        // The larger side first: the round closes with the last answer of the smaller.
        let mut sides = Side::BOTH;
        sides.sort_by_key(|side| std::cmp::Reverse(self.of(*side).len()));
        for side in sides {
            let accounts: Vec<AccountId> = self.of(side).iter().map(|person| person.account).collect();
            for account in accounts {
                let mut given = Vec::with_capacity(options.len() * measures.len());
                for option in options {
                    for measure in &measures {
                        let score = self.chance.random_range(1..=5);
                        let note = if self.chance.random_range(0..10) == 0 {
                            "Seen in the demonstration; the export was missing."
                        } else {
                            ""
                        };
                        given.push(AnswerInput {
                            thing: option.to_string(),
                            measure: measure.id.to_string(),
                            score,
                            note: note.to_owned(),
                        });
                    }
                }
                decisions::write::answer(&self.workspace.viewer(account).await?, number, 1, &given).await?;
            }
        }
        Ok(())
    }

    pub(super) async fn decisions(&mut self, initiatives: &[SeedInitiative]) -> Result<()> {
        for index in 0..self.size.decisions {
            let (initiative, _, leads) = initiatives[index % initiatives.len()];
            let asked_on = -self.chance.random_range(20..300);
            self.on(asked_on, 9);
            let viewer = self.workspace.viewer(leads[0].0).await?;
            let noun = self.pick(&NOUNS);
            let question = decisions::write::Question {
                question: format!("Which technology carries the {noun} ({})?", index + 1),
                context: "Made by machine. Three options are on the market; two run on what we have."
                    .to_owned(),
                initiative: Some(initiative),
                driver: leads[0].1,
                decide_by: self.today.plus(asked_on + 40),
                evidence: decisions::write::EvidenceInput::default(),
            };
            let number = decisions::write::ask(&viewer, viewer.fresh_id(), None, question).await?;
            let mut options = Vec::new();
            for path in 0..self.size.options {
                let id: OptionId = viewer.fresh_id();
                let cost = 40_000 + 25_000 * i64::try_from(path).unwrap_or(0);
                let choice = decisions::write::ChoiceInput {
                    title: format!("Option {}", path + 1),
                    advantages: "Known to the team".to_owned(),
                    drawbacks: "A second place to govern".to_owned(),
                    effort: String::new(),
                    risk: String::new(),
                    one_off_cost: Some(Quantity::whole(cost)),
                    yearly_cost: Some(Quantity::whole(cost / 2)),
                };
                decisions::write::add_option(&viewer, number, id, choice).await?;
                options.push(id);
            }
            self.score(number, &viewer, &options, asked_on).await?;
            if index % 4 == 3 {
                continue;
            }
            self.on((asked_on + 10).min(-6), 9);
            let viewer = self.workspace.viewer(leads[0].0).await?;
            let proposed = decisions::write::ProposalInput {
                option: options[index % options.len()],
                rationale: "It costs least over three years and keeps the data where it is governed."
                    .to_owned(),
                stage: Some(technologies::TechnologyStage::Adopt),
                review_on: None,
            };
            decisions::write::propose(&viewer, number, proposed).await?;
            let id = decisions::read::one(&viewer, number).await?.id;
            let signers = match index % 4 {
                0 | 1 => vec![Side::Marketing, Side::Technology],
                _ => vec![Side::Marketing],
            };
            for (step, side) in signers.into_iter().enumerate() {
                self.on((asked_on + 12 + i64::try_from(step).unwrap_or(0)).min(-4), 11);
                let signer = self.lead(side).await?;
                let (standing, _) = current(&signer, Kind::Decision, id.uuid())
                    .await?
                    .ok_or(Error::Internal)?;
                sign::<decisions::write::DecisionOnTable>(
                    &signer,
                    number,
                    VerdictInput::agree(&standing.digest),
                    None,
                )
                .await?;
            }
        }
        Ok(())
    }
}
