//! What a workspace is called, where its days begin, what its money is in, and how long it waits.

use crate::{
    args,
    identity::{Action, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
    },
    sql,
};

/// A workspace's settings, as a form has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsInput {
    pub name: String,
    /// In the IANA database's words, `Europe/Berlin`.
    pub zone: String,
    /// ISO 4217, `EUR`.
    pub currency: String,
    /// `None` leaves both as they are.
    pub limits: Option<WaitingDays>,
}

/// How long one waits before something counts as late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingDays {
    pub signature_days: i64,
    pub grace_days: i64,
}

#[derive(sqlx::FromRow)]
struct Current {
    name: String,
    zone: String,
    currency: String,
    signature_days: i64,
    grace_days: i64,
    version: i64,
}

/// Changes the settings; the address of the workspace stays. How long it waits decides when an arbiter is
/// called, which an administrator who sits on a side does not choose.
pub async fn change_settings(viewer: &Viewer, version: i64, settings: &SettingsInput) -> Result<()> {
    let mut tx = viewer.begin().await?;
    let mut permit = tx.permit(Action::ChangeSettings)?;
    let current: Current = tx
        .fetch_one(
            sql!(
                "select name, zone, currency, signature_days, grace_days, version from workspace_settings
                 where id = $1"
            ),
            Vec::new(),
        )
        .await?;
    if current.version != version {
        return Err(Error::Conflict);
    }
    let before = WaitingDays {
        signature_days: current.signature_days,
        grace_days: current.grace_days,
    };
    let after = settings.limits.unwrap_or(before);
    if after != before {
        permit = tx.permit(Action::SetLimits)?;
    }
    tx.execute(
        sql!(
            "update workspaces set name = $2, zone = $3, currency = $4, signature_days = $5, grace_days = $6,
             version = $7 where id = $1"
        ),
        args![
            settings.name.as_str(),
            settings.zone.as_str(),
            settings.currency.as_str(),
            after.signature_days,
            after.grace_days,
            version + 1
        ],
    )
    .await?;
    let event = Event::new(
        "changed the settings of",
        "member",
        None::<uuid::Uuid>,
        settings.name.as_str(),
    )
    .at("settings")
    .with_changes(&[
        ("Name", &current.name, &settings.name),
        ("Time zone", &current.zone, &settings.zone),
        ("Currency", &current.currency, &settings.currency),
        (
            "Days to sign",
            &before.signature_days.to_string(),
            &after.signature_days.to_string(),
        ),
        (
            "Days of grace",
            &before.grace_days.to_string(),
            &after.grace_days.to_string(),
        ),
    ]);
    tx.commit(permit, event).await
}
