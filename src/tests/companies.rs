//! The companies that are made by machine can be made on any day: their stories end where today is.

use super::{fresh_database, keys, settings};
use crate::{
    demo::{
        self,
        seed::{Size, seed},
    },
    platform::{
        audit,
        db::Engine,
        ids::source::Ids,
        state::AppState,
        time::{Day, ManualClock, Zone},
    },
};
use std::sync::Arc;

/// Both, at some minute of that day in Berlin.
async fn make_on(day: Day, minute: i64) {
    let zone = Zone::get("Europe/Berlin").expect("a zone");
    let clock = Arc::new(ManualClock::at(zone.start_of(day).plus_seconds(60 * minute)));
    let (_, db) = fresh_database(Engine::Sqlite).await;
    let state = AppState::new(db, clock, Ids::from_seed(1), settings(), keys());
    audit::create_accounts_chain(&state).await.expect("a chain");
    demo::fill_if_empty(&state)
        .await
        .unwrap_or_else(|error| panic!("no demo on {day}, minute {minute}: {error:?}"));
    let size = Size {
        workspace: "seeded".to_owned(),
        initiatives: 2,
        people: 7,
        milestones: 3,
        checkpoints: 9,
        kpis: 2,
        periods: 6,
        decisions: 3,
        options: 2,
        criteria: 2,
        revisions: 2,
        touchpoints: 2,
        sources: 2,
        seed: 1,
    };
    seed(&state, &size)
        .await
        .unwrap_or_else(|error| panic!("no seed on {day}, minute {minute}: {error:?}"));
    state.db().close().await;
}

#[tokio::test]
async fn a_company_is_made_on_any_day_and_at_any_hour() {
    for (day, minute) in [
        // The first days of a month, of a quarter and of a year, when what has ended ended yesterday.
        ("2026-12-01", 1),
        ("2026-12-02", 12 * 60),
        ("2027-01-01", 23 * 60 + 59),
        ("2027-04-01", 7 * 60),
        // A leap day, and a day on which clocks change.
        ("2028-02-29", 9 * 60),
        ("2027-03-28", 3 * 60),
    ] {
        make_on(day.parse().expect("a day"), minute).await;
    }
}
