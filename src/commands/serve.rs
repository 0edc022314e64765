//! Serving the product, and what runs beside it.

use super::{
    Failure, io,
    open::{Upgrade, open_state},
    say,
    serving::say_serving,
};
use crate::{
    access, accounts, app, demo, desk,
    identity::{sessions, throttle},
    letters,
    platform::{
        config::{ConfigError, Settings, Storage},
        db::{Address, create_private_folder},
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
    if demo {
        demo::fill_if_empty(&state).await?;
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
    if let Some(address) = state.settings().metrics_addr {
        let served = figures::serve(address, state.clone());
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::error!(address = %address, error = %error, "the figures cannot be answered");
            }
        });
    }
    http::serve(listener, app::service(&state), state.clone(), http::stop_signal()).await;
    state.db().close().await;
    tracing::info!("stopped");
    Ok(())
}

const BETWEEN_TIDYING: std::time::Duration = std::time::Duration::from_mins(10);

/// Removes sessions and counters that have ended.
async fn tidy_forever(state: AppState) {
    loop {
        for outcome in [sessions::purge(&state).await, throttle::purge(&state).await] {
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
