//! A source as an open data contract: the Open Data Contract Standard 3.1.0 of Bitol
//! (<https://bitol-io.github.io/open-data-contract-standard/>). Out only.
//!
//! A contract of that standard is a producer's description of a dataset; what two sides agreed on here is
//! more than that, so the levels, the sensitivity and the touchpoints stand among its custom properties.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Chair, PersonalForm, Sensitivity, Stands,
    levels::Parameter,
    read::{EntryState, Holder, Map, Source, SourceLevels, Use},
    text::SourceText,
    uses::Basis,
};
use crate::{
    identity::Viewer,
    platform::{ids::MemberId, time::Timestamp},
};

/// The standard's version.
const API_VERSION: &str = "v3.1.0";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    api_version: &'static str,
    kind: &'static str,
    id: String,
    name: String,
    /// The number of the entry that both holders signed; 0 before.
    version: String,
    status: &'static str,
    domain: &'static str,
    description: Description,
    team: Team,
    roles: Vec<ReaderRole>,
    sla_properties: Vec<SlaProperty>,
    support: Vec<SupportItem>,
    custom_properties: Vec<CustomProperty>,
}

#[derive(Debug, Serialize)]
struct Description {
    purpose: String,
    usage: String,
    limitations: String,
}

#[derive(Debug, Serialize)]
struct Team {
    name: String,
    members: Vec<TeamMember>,
}

/// Somebody on a chair, or who was.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TeamMember {
    username: String,
    name: String,
    role: &'static str,
    date_in: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_out: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaced_by_username: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReaderRole {
    role: &'static str,
    access: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_level_approvers: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_level_approvers: Option<String>,
}

#[derive(Debug, Serialize)]
struct SlaProperty {
    property: &'static str,
    value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    driver: Option<&'static str>,
    description: String,
}

#[derive(Debug, Serialize)]
struct SupportItem {
    channel: String,
    tool: &'static str,
}

#[derive(Debug, Serialize)]
struct CustomProperty {
    property: &'static str,
    value: Value,
}

/// What a contract is made of.
pub struct ContractParts<'a> {
    pub source: &'a Source,
    /// As both holders signed it last.
    pub agreed: Option<&'a SourceText>,
    pub uses: &'a [Use],
    /// Who ever sat on its chairs, the newest first.
    pub ever: &'a [Holder],
    pub levels: Option<&'a SourceLevels>,
    pub map: &'a Map,
    pub emails: &'a HashMap<MemberId, String>,
}

impl ContractParts<'_> {
    fn username(&self, holder: &Holder) -> String {
        self.emails
            .get(&holder.member_id)
            .cloned()
            .unwrap_or_else(|| holder.name.clone())
    }

    fn seated(&self, chair: Chair) -> Option<String> {
        self.source.holder(chair).map(|holder| self.username(holder))
    }

    /// Whoever sat on the same chair from the day on which somebody left it, or next.
    fn successor(&self, holder: &Holder) -> Option<String> {
        let left = holder.until_at?;
        self.ever
            .iter()
            .filter(|other| other.chair == holder.chair && other.from_at >= left)
            .min_by_key(|other| other.from_at)
            .map(|other| self.username(other))
    }

    /// The uses that were signed with the entry exactly as they stand; before it is agreed, those that are
    /// written.
    fn uses(&self) -> impl Iterator<Item = &Use> {
        self.uses.iter().filter(|one| {
            self.agreed
                .is_none_or(|text| text.uses.iter().any(|signed| *signed == one.text()))
        })
    }

    pub fn contract(&self, viewer: &Viewer) -> Contract {
        let day = |at: Timestamp| viewer.day_of(at).to_string();
        let members = self
            .ever
            .iter()
            .map(|holder| TeamMember {
                username: self.username(holder),
                name: holder.name.clone(),
                role: holder.chair.name(),
                date_in: day(holder.from_at),
                date_out: holder.until_at.map(day),
                replaced_by_username: self.successor(holder),
            })
            .collect();
        let it = self.source;
        Contract {
            api_version: API_VERSION,
            kind: "DataContract",
            id: it.id.to_string(),
            name: self
                .agreed
                .map_or_else(|| it.name.clone(), |text| text.name.clone()),
            version: self
                .agreed
                .map_or(0, |_| it.agreed_version.unwrap_or(0))
                .to_string(),
            status: match it.state {
                EntryState::Retired => "retired",
                _ if it.agreed_at.is_some() => "active",
                _ => "draft",
            },
            domain: "customer",
            description: self.description(),
            team: Team {
                name: it.name.clone(),
                members,
            },
            roles: vec![ReaderRole {
                role: "reader",
                access: "read",
                first_level_approvers: self.seated(Chair::Owner),
                second_level_approvers: self.seated(Chair::Custodian),
            }],
            sla_properties: self.sla(),
            support: self
                .seated(Chair::Custodian)
                .into_iter()
                .map(|channel| SupportItem {
                    channel,
                    tool: "email",
                })
                .collect(),
            custom_properties: self.custom(),
        }
    }

    fn description(&self) -> Description {
        let usage: Vec<String> = self
            .uses()
            .map(|one| format!("{}: {}. {}", one.name, one.purpose.name(), one.in_words))
            .collect();
        let bases: Vec<String> = self
            .uses()
            .map(|one| {
                let basis = one.basis.map_or("no legal basis yet", Basis::name);
                format!("{}: {basis}", one.name)
            })
            .collect();
        Description {
            purpose: self
                .agreed
                .map_or_else(|| self.source.holds.clone(), |text| text.holds.clone()),
            usage: usage.join(" "),
            limitations: bases.join("; "),
        }
    }

    /// How long each use keeps it, and how often it is refreshed.
    fn sla(&self) -> Vec<SlaProperty> {
        let mut all: Vec<SlaProperty> = self
            .uses()
            .filter_map(|one| {
                let kept = one.kept?;
                let (value, unit) = if kept.months % 12 == 0 && kept.months > 0 {
                    (kept.months / 12, "y")
                } else {
                    (kept.months, "mo")
                };
                Some(SlaProperty {
                    property: "retention",
                    value: json!(value),
                    unit: Some(unit),
                    driver: Some("regulatory"),
                    description: format!("{}: {}", one.name, kept.label()),
                })
            })
            .collect();
        let refreshed = self.agreed.map_or(&self.source.refreshed, |text| &text.refreshed);
        if !refreshed.is_empty() {
            all.push(SlaProperty {
                property: "frequency",
                value: json!(refreshed),
                unit: None,
                driver: None,
                description: "How often it is refreshed, in words".to_owned(),
            });
        }
        all
    }

    fn custom(&self) -> Vec<CustomProperty> {
        let property = |property: &'static str, value: Value| CustomProperty { property, value };
        let it = self.source;
        let sensitivity = self.agreed.map_or(it.sensitivity, |text| Some(text.sensitivity));
        let form = self.agreed.map_or(it.form, |text| Some(text.form));
        let joined: Vec<&str> = self
            .map
            .in_force()
            .filter(|touchpoint| self.map.cell(touchpoint.id, it.id) == Stands::Joined)
            .map(|touchpoint| touchpoint.name.as_str())
            .collect();
        let mut all = vec![
            property("sensitivity", json!(sensitivity.map(Sensitivity::as_str))),
            property("personalForm", json!(form.map(PersonalForm::as_str))),
            property(
                "specialCategories",
                json!(self.agreed.map_or(it.is_special, |text| text.is_special)),
            ),
            property("isCustomerProfile", json!(self.map.profile.named == Some(it.id))),
            property("joinedTouchpoints", json!(joined)),
        ];
        let facts: Vec<Value> = self
            .uses()
            .filter_map(|one| {
                let kept = one.kept?;
                Some(json!({ "use": one.name, "after": kept.after.as_str(), "then": kept.then.as_str() }))
            })
            .collect();
        all.push(property("retentionFacts", json!(facts)));
        if let Some(levels) = self.levels {
            let read: serde_json::Map<String, Value> = Parameter::ALL
                .iter()
                .map(|parameter| {
                    let number = levels.standing(*parameter).level().number();
                    (parameter.as_str().to_owned(), json!(number))
                })
                .collect();
            all.push(property("levels", Value::Object(read)));
        }
        all
    }
}
