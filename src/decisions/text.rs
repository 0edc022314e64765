//! The two texts of a decision that both sides sign: the weights of its criteria, and the choice itself.

use serde::{Deserialize, Serialize};

use crate::{
    handshake::{Kind, text::SignedText},
    identity::Side,
    rounds::RoundText,
    technologies::TechnologyStage,
};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeightsText {
    /// The number of the decision.
    pub decision: i64,
    pub criteria: Vec<CriterionText>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CriterionText {
    pub criterion: String,
    /// What scoring it asks.
    pub asks: String,
    pub weight: i64,
}

impl SignedText for WeightsText {
    const KIND: Kind = Kind::Weights;
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionText {
    /// The number of the decision.
    pub decision: i64,
    pub question: String,
    pub context: String,
    pub impact: String,
    pub options: Vec<OptionText>,
    /// In which the options' costs are, such as `EUR`; none in texts of before it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What it rests on: "clause" or "kpi" and its title, or a link's title and address.
    pub rests_on: Vec<(String, String)>,
    /// Titles and weights.
    pub criteria: Vec<(String, i64)>,
    pub scores: Option<RoundText>,
    pub proposal: ProposalText,
    /// There only once somebody has set a condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<ConditionText>>,
}

/// Costs are decimal numbers in text, days are written `2026-11-03`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionText {
    pub title: String,
    pub advantages: String,
    pub drawbacks: String,
    pub effort: String,
    pub risk: String,
    pub one_off_cost: Option<String>,
    pub yearly_cost: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposalText {
    pub number: i64,
    /// The title of the option.
    pub option: String,
    pub rationale: String,
    pub stage: Option<TechnologyStage>,
    pub review_on: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionText {
    pub side: Side,
    pub signer: String,
    pub condition: String,
    /// The title of the milestone of which it becomes a checkpoint.
    pub milestone: String,
    pub owner: String,
    pub due_on: String,
}

impl SignedText for DecisionText {
    const KIND: Kind = Kind::Decision;
}
