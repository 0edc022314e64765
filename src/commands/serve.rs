//! Serving the product, and what runs beside it.

use std::path::Path;

use super::{
    Failure, io,
    open::{Upgrade, open_state},
    say,
    serving::say_serving,
};
use crate::{
    access, accounts, app, demo, desk,
    identity::{drafts, sessions, throttle},
    letters,
    platform::{
        config::{ConfigError, Settings, Storage},
        db::{Address, create_private_file, create_private_folder, is_open_to_others},
        figures, http, mail,
        state::AppState,
    },
    reviews,
};

fn start_logging(settings: &Settings) -> Result<(), Failure> {
    let filter =
        tracing_subscriber::EnvFilter::try_new(&settings.log).map_err(|error| ConfigError::Wrong {
            key: "HANDSHAKE_LOG",
            what: error.to_string(),
        })?;
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false);
    let _ = if settings.log_format == "json" {
        logs.json().try_init()
    } else {
        logs.compact().try_init()
    };
    Ok(())
}

/// A filling that was cut short is told from a whole one by a file that stands only meanwhile.
async fn fill_demo(data: &Path, state: &AppState) -> Result<(), Failure> {
    let unfinished = data.join("demo.unfinished");
    let is_begun = accounts::read::exist(state).await?;
    if unfinished.exists() && is_begun {
        return Err(Failure::Said(format!(
            "an earlier start was stopped while it filled the demo workspace. Empty {} and the database, and \
                start again",
            data.display()
        )));
    }
    if is_begun {
        return Ok(());
    }
    create_private_folder(data).map_err(io(format!("{} cannot be made", data.display())))?;
    create_private_file(&unfinished).map_err(io(format!("{} cannot be made", unfinished.display())))?;
    demo::fill_if_empty(state).await?;
    std::fs::remove_file(&unfinished).map_err(io(format!("{} cannot be removed", unfinished.display())))
}

pub(super) async fn serve(storage: Storage, mut settings: Settings, demo: bool) -> Result<(), Failure> {
    start_logging(&settings)?;
    settings.demo = demo;
    let address = storage.address()?;
    let _serving = match &address {
        Address::Sqlite(path) => {
            if let Some(folder) = path.parent() {
                create_private_folder(folder).map_err(io(format!("{} cannot be made", folder.display())))?;
            }
            Some(say_serving(path)?)
        }
        Address::Postgres(_) => None,
    };
    let state = open_state(&storage, settings, Upgrade::Yes).await?;
    if is_open_to_others(&storage.data) {
        tracing::warn!(
            folder = %storage.data.display(),
            "others than this user may look into the data folder; close it with chmod 700"
        );
    }
    if state.settings().trusts_everybody() {
        tracing::warn!(
            "HANDSHAKE_TRUSTED_PROXIES contains everybody: any visitor can name any address and get around the \
             limits. Name the proxy's own address"
        );
    }
    if demo {
        fill_demo(&storage.data, &state).await?;
    }
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        database = %address,
        migration = state.db().last_migration(),
        url = state.settings().origin(),
        "starting"
    );
    let listen = state.settings().addr;
    let listener = tokio::net::TcpListener::bind(listen)
        .await
        .map_err(io(format!("HANDSHAKE_ADDR: {listen} cannot be listened on")))?;
    let figures_at = state.settings().metrics_addr;
    let figures_listener = match figures_at {
        Some(at) => Some(
            tokio::net::TcpListener::bind(at)
                .await
                .map_err(io(format!("HANDSHAKE_METRICS_ADDR: {at} cannot be listened on")))?,
        ),
        None => None,
    };
    say(&format!(
        "Handshake is at {} ({address})",
        state.settings().origin()
    ));
    if let Some(link) = accounts::set_up::setup_link(&state).await? {
        say(&format!("Nobody is here yet. Set it up at {link}"));
    }
    if demo {
        say(&format!(
            "Demo accounts, each with the password {}:",
            accounts::sign_in::DEMO_PASSWORD
        ));
        for (email, who) in accounts::sign_in::DEMO_PEOPLE {
            say(&format!("  {email:<34} {who}"));
        }
    }
    tokio::spawn(mail::deliver_forever(state.clone()));
    tokio::spawn(tidy_forever(state.clone()));
    tokio::spawn(remind_forever(state.clone()));
    tokio::spawn(write_letters_forever(state.clone()));
    if let Some(listener) = figures_listener {
        let served = figures::serve(listener, state.clone());
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(error = %error, "the figures are no longer answered");
            }
        });
    }
    http::serve(listener, app::service(&state), state.clone(), http::stop_signal()).await;
    state.db().close().await;
    tracing::info!("stopped");
    Ok(())
}

const BETWEEN_TIDYING: std::time::Duration = std::time::Duration::from_mins(10);

/// Removes sessions and counters that have ended, and drafts that nobody went on with.
async fn tidy_forever(state: AppState) {
    loop {
        for outcome in [
            sessions::purge(&state).await,
            throttle::purge(&state).await,
            drafts::purge(&state).await,
        ] {
            if let Err(error) = outcome {
                tracing::warn!(error = %error, "what has ended could not be removed");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_TIDYING) => {}
            () = state.draining().cancelled() => return,
        }
    }
}

const BETWEEN_LETTERS: std::time::Duration = std::time::Duration::from_mins(1);

/// Writes to everybody for whom something is due.
async fn write_letters_forever(state: AppState) {
    loop {
        if let Err(error) = letters::deliver::deliver_everywhere(&state).await {
            tracing::warn!(error = %error, "no letters could be written");
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_LETTERS) => {}
            () = state.draining().cancelled() => return,
        }
    }
}

/// Climbs the ladder of reminders; each rung is reached once, however often one looks.
async fn remind_forever(state: AppState) {
    loop {
        if let Err(error) = access::write::lapse_everywhere(&state).await {
            tracing::warn!(error = %error, "a request for access could not be let lapse");
        }
        if let Err(error) = reviews::schedule::keep_everywhere(&state).await {
            tracing::warn!(error = %error, "the reviews could not be kept");
        }
        if let Err(error) = desk::gather::remind_everywhere(&state).await {
            tracing::warn!(error = %error, "nobody could be reminded");
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_TIDYING) => {}
            () = state.draining().cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        platform::{audit, db::Engine, ids::source::Ids, time::SystemClock},
        tests::{fresh_database, keys, scratch, settings},
    };

    #[tokio::test]
    async fn a_demo_that_was_filled_halfway_is_not_taken_for_whole() {
        let folder = scratch("demo");
        create_private_folder(&folder).expect("a folder");
        let (_, db) = fresh_database(Engine::Sqlite).await;
        let state = AppState::new(db, Arc::new(SystemClock), Ids::from_seed(1), settings(), keys());
        audit::create_accounts_chain(&state).await.expect("a chain");
        // Stopped before anything was written, it is filled by the next start.
        create_private_file(&folder.join("demo.unfinished")).expect("a file");
        fill_demo(&folder, &state).await.expect("filled");
        assert!(!folder.join("demo.unfinished").exists());
        create_private_file(&folder.join("demo.unfinished")).expect("a file");
        let refused = fill_demo(&folder, &state).await.expect_err("unfinished");
        assert!(
            refused.to_string().contains("was stopped while it filled"),
            "{refused}"
        );
        std::fs::remove_file(folder.join("demo.unfinished")).expect("gone");
        fill_demo(&folder, &state).await.expect("left alone");
        std::fs::remove_dir_all(folder).expect("gone");
    }
}
