//! What somebody wants to be written of, and when.

use super::{Detail, Pace, ReviewsWanted, WeekDay};
use crate::{
    args,
    identity::viewer::Person,
    platform::{
        error::Result,
        ids::AccountId,
        state::AppState,
        time::{Timestamp, Zone},
    },
    sql,
};

/// Half past seven.
const MORNING: i64 = 7 * 60 + 30;

/// The settings of one account, in every workspace.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct LetterSettings {
    pub asked: Pace,
    pub mentioned: Pace,
    pub reviews: ReviewsWanted,
    pub week: WeekDay,
    pub shown: Detail,
    /// Minutes after midnight.
    pub morning: i64,
    /// Empty: the workspace's.
    pub zone: String,
}

impl Default for LetterSettings {
    fn default() -> Self {
        Self {
            asked: Pace::Morning,
            mentioned: Pace::AtOnce,
            reviews: ReviewsWanted::Mine,
            week: WeekDay::ByRole,
            shown: Detail::Everything,
            morning: MORNING,
            zone: String::new(),
        }
    }
}

impl LetterSettings {
    pub fn zone(&self, of_workspace: &Zone) -> Zone {
        Zone::get(&self.zone).unwrap_or_else(|| of_workspace.clone())
    }

    /// When a morning begins next.
    pub fn next_morning(&self, zone: &Zone, now: Timestamp) -> Timestamp {
        let today = now.day_in(zone);
        let morning = zone.at(today, self.morning);
        if morning > now {
            morning
        } else {
            zone.at(today.plus(1), self.morning)
        }
    }

    /// When the week comes next.
    pub fn next_week(&self, zone: &Zone, now: Timestamp, concerns: bool) -> Option<Timestamp> {
        let offset = self.week.offset(concerns)?;
        let today = now.day_in(zone);
        (0..=7)
            .map(|ahead| today.plus(ahead))
            .filter(|day| day.0.weekday().to_monday_zero_offset() == offset)
            .map(|day| zone.at(day, self.morning))
            .find(|morning| *morning > now)
    }
}

/// The account's settings; as for everybody, when nothing was said.
pub(super) async fn of(state: &AppState, account: AccountId) -> Result<LetterSettings> {
    let row = state
        .db()
        .fetch_optional(
            sql!(
                "select asked, mentioned, reviews, week, shown, morning, zone from letter_settings
                 where account_id = $1"
            ),
            args![account],
        )
        .await?;
    Ok(row.unwrap_or_default())
}

/// Keeps them. Nobody else sees them, so no record of the change is kept.
pub(super) async fn save(person: &Person, settings: &LetterSettings) -> Result<()> {
    person
        .state
        .db()
        .execute(
            sql!(
                "insert into letter_settings (account_id, asked, mentioned, reviews, week, shown, morning,
                 zone)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)
                 on conflict (account_id) do update set asked = excluded.asked, mentioned =
                 excluded.mentioned,
                 reviews = excluded.reviews, week = excluded.week, shown = excluded.shown,
                 morning = excluded.morning, zone = excluded.zone"
            ),
            args![
                person.account,
                settings.asked,
                settings.mentioned,
                settings.reviews,
                settings.week,
                settings.shown,
                settings.morning,
                settings.zone.as_str()
            ],
        )
        .await?;
    Ok(())
}
