//! Touchpoints, and the sources that record them.

use super::{NOUNS, Seeding};
use crate::{
    handshake::{Kind, on_table::sign, read::current, write::VerdictInput},
    identity::Side,
    platform::{
        error::{Error, Result},
        ids::{ClauseId, SourceId, TouchpointId, UseId},
    },
    sources::{
        self, Chair, Channel, PersonalForm, Sensitivity, Stage, Word,
        levels::{Level, Parameter},
        uses::{Basis, Kept, KeptAfter, KeptThen, Purpose},
    },
};
use rand::RngExt as _;

fn seed_reading() -> Vec<sources::write::LevelInput> {
    Parameter::READ
        .into_iter()
        .map(|parameter| sources::write::LevelInput {
            parameter,
            level: Level::One,
            evidence: "Made by machine: somebody saw it.".to_owned(),
        })
        .collect()
}

fn seed_use() -> sources::write::UseInput {
    sources::write::UseInput {
        name: "Counting".to_owned(),
        purpose: Purpose::Measure,
        in_words: "Made by machine: how many did what.".to_owned(),
        basis: Some(Basis::LegitimateInterests),
        rests_on: "the balancing test".to_owned(),
        article_9: None,
        kept: Some(Kept {
            after: KeptAfter::LastPurchase,
            months: 36,
            then: KeptThen::Deleted,
        }),
        archived_under: String::new(),
        recipients: String::new(),
        countries: String::new(),
        safeguard: String::new(),
    }
}

impl Seeding<'_> {
    /// Touchpoints, sources with a use each, their entries signed, and both sides' words on all of them.
    /// Gives each source with its use.
    pub(super) async fn sources(&mut self, clauses: &[ClauseId]) -> Result<Vec<(SourceId, UseId)>> {
        self.on(-330, 9);
        let (marketing, technology) = (
            self.lead(Side::Marketing).await?,
            self.lead(Side::Technology).await?,
        );
        let mut touchpoints: Vec<TouchpointId> = Vec::new();
        for index in 0..self.size.touchpoints {
            let id: TouchpointId = marketing.fresh_id();
            let input = sources::write::TouchpointInput {
                name: format!("Touchpoint {}: the {}", index + 1, NOUNS[index % NOUNS.len()]),
                stage: Stage::ALL[index % Stage::ALL.len()],
                channel: Channel::ALL[index % Channel::ALL.len()],
                answers: Some(marketing.member_id()),
                contacts: None,
                known_by: "loyalty number".to_owned(),
                about: String::new(),
                clauses: clauses
                    .get(index % clauses.len().max(1))
                    .copied()
                    .into_iter()
                    .collect(),
            };
            sources::write::name_touchpoint(&marketing, id, input).await?;
            touchpoints.push(id);
        }
        let mut made = Vec::new();
        let owner = self.of(Side::Marketing).get(1).ok_or(Error::Internal)?.member;
        for index in 0..self.size.sources {
            let id: SourceId = marketing.fresh_id();
            let input = sources::write::SourceInput {
                name: format!("Source {}: {}", index + 1, NOUNS[index % NOUNS.len()]),
                holds: "Made by machine: what customers did there.".to_owned(),
                technology: None,
                sensitivity: Some(Sensitivity::ALL[index % Sensitivity::ALL.len()]),
                form: Some(PersonalForm::Pseudonymous),
                people: "customers".to_owned(),
                kinds_of_data: "purchases".to_owned(),
                is_special: false,
                kept_in: "Ireland".to_owned(),
                refreshed: "nightly".to_owned(),
                protection: "Encrypted.".to_owned(),
            };
            let seats = [
                // Another one than the lead, who asks for access.
                (Chair::Owner, owner),
                (Chair::Custodian, technology.member_id()),
            ];
            let number = sources::write::enter(&marketing, id, input, &seats).await?;
            let used_for: UseId = marketing.fresh_id();
            sources::write::add_use(&marketing, number, used_for, &seed_use()).await?;
            sources::write::offer(&marketing, number).await?;
            for viewer in [&marketing, &technology] {
                let (standing, _) = current(viewer, Kind::Source, id.uuid())
                    .await?
                    .ok_or(Error::NotFound)?;
                let given = VerdictInput::agree(&standing.digest);
                sign::<sources::write::EntryOnTable>(viewer, number, given, ()).await?;
            }
            made.push((id, used_for));
        }
        self.on(-101, 9);
        for number in (1..).take(made.len()) {
            for viewer in [&marketing, &technology] {
                sources::write::read_levels(viewer, number, 1, &seed_reading()).await?;
            }
        }
        self.on(-100, 9);
        for (id, _) in &made {
            for viewer in [&marketing, &technology] {
                let spoken: Vec<sources::write::WordInput> = touchpoints
                    .iter()
                    .map(|touchpoint| sources::write::WordInput {
                        touchpoint: *touchpoint,
                        source: *id,
                        word: Word::ALL[self.chance.random_range(0..Word::ALL.len())],
                        seen: None,
                    })
                    .collect();
                if !spoken.is_empty() {
                    sources::write::say(viewer, &spoken).await?;
                }
            }
        }
        Ok(made)
    }
}
