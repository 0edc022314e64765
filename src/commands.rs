//! What the operator can do: one command each.

use std::{
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::{Args, Parser, Subcommand};

use crate::{
    access, accounts, app, args, decisions, definition, demo, desk,
    identity::{Role, sessions, throttle},
    kpis, members, milestones,
    platform::{
        audit,
        config::{ConfigError, Settings, Storage, refuse_unknown_environment},
        db::{Address, Db, OpenError, create_private_file, create_private_folder, is_own_database},
        error::Error,
        http,
        ids::source::Ids,
        mail,
        state::AppState,
        time::{Clock, SystemClock, Zone},
    },
    sql,
};

/// Where a CMO and a CIO agree on a better customer experience, choose the technology and answer for it
/// together.
#[derive(Parser)]
#[command(name = "handshake", version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the product.
    Serve {
        #[command(flatten)]
        storage: Storage,
        #[command(flatten)]
        settings: Box<Settings>,
        /// Fill an empty database with a fictional company, and show its accounts on the sign-in page.
        #[arg(long)]
        demo: bool,
    },
    /// Make a workspace of a given size, the same for the same seed.
    Seed {
        #[command(flatten)]
        storage: Storage,
        #[command(flatten)]
        size: demo::seed::Size,
    },
    /// Help people in, and make workspaces.
    Admin {
        #[command(flatten)]
        storage: Storage,
        #[command(flatten)]
        settings: Box<Settings>,
        #[command(subcommand)]
        what: Admin,
    },
    /// Write a consistent copy of the SQLite database to a new file, while it is in use.
    Backup {
        #[command(flatten)]
        storage: Storage,
        /// The file to write; it must not exist.
        file: PathBuf,
    },
    /// Put a backup in the place of the SQLite database, after checking it. The server must be stopped.
    Restore {
        #[command(flatten)]
        storage: Storage,
        /// A file that `backup` wrote.
        file: PathBuf,
    },
    /// Check the database's integrity, every handshake and every audit chain; name the first broken row.
    Verify {
        #[command(flatten)]
        storage: Storage,
    },
}

#[derive(Subcommand)]
enum Admin {
    /// Print the set-up link of an empty database.
    SetupLink,
    /// Print a link with which somebody sets a new password.
    ResetLink {
        /// Their e-mail address.
        email: String,
    },
    /// Make one more workspace, administered by somebody who has an account.
    CreateWorkspace(NewWorkspace),
    /// Try again to send the mail that was given up.
    RetryMail,
    /// Make somebody who sits on neither side an administrator of a workspace.
    NameAdministrator {
        /// Their e-mail address; they have an account.
        email: String,
        /// The workspace, as in its address.
        #[arg(long)]
        workspace: String,
    },
}

#[derive(Args)]
struct NewWorkspace {
    /// Its name.
    name: String,
    /// The e-mail address of its administrator.
    #[arg(long)]
    admin: String,
    /// Its time zone, from the IANA database.
    #[arg(long, default_value = "UTC")]
    zone: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{0}")]
    Product(#[from] Error),
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    #[error("{0}")]
    Said(String),
}

fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Failure {
    let what = what.into();
    move |source| Failure::Io { what, source }
}

pub async fn run(cli: Cli) -> Result<(), Failure> {
    refuse_unknown_environment()?;
    match cli.command {
        Command::Serve {
            storage,
            settings,
            demo,
        } => serve(storage, *settings, demo).await,
        Command::Seed { storage, size } => seed(storage, size).await,
        Command::Admin {
            storage,
            settings,
            what,
        } => admin(storage, *settings, what).await,
        Command::Backup { storage, file } => backup(storage, &file).await,
        Command::Restore { storage, file } => restore(storage, &file).await,
        Command::Verify { storage } => verify(storage).await,
    }
}

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

async fn open_state(address: &Address, settings: Settings) -> Result<AppState, Failure> {
    let db = Db::open(address).await?;
    let state = AppState::new(db, Arc::new(SystemClock), Ids::from_system(), settings);
    create_accounts_chain(&state).await?;
    Ok(state)
}

/// The chain on which accounts are recorded is there from the first start on.
pub async fn create_accounts_chain(state: &AppState) -> Result<(), Error> {
    state
        .db()
        .execute(
            sql!("insert into chains (id, seq, head) values ($1, 0, $2) on conflict (id) do nothing"),
            args![audit::ACCOUNTS_CHAIN, audit::GENESIS],
        )
        .await?;
    Ok(())
}

fn say(line: &str) {
    // A closed pipe is the reader's choice.
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn serve(storage: Storage, mut settings: Settings, demo: bool) -> Result<(), Failure> {
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
    let state = open_state(&address, settings).await?;
    if demo {
        demo::fill_if_empty(&state).await?;
    }
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
    http::serve(listener, app::service(&state), state.clone(), http::stop_signal()).await;
    state.db().close().await;
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

/// Climbs the ladder of reminders; each rung is reached once, however often one looks.
async fn remind_forever(state: AppState) {
    loop {
        if let Err(error) = access::write::lapse_everywhere(&state).await {
            tracing::warn!(error = %error, "a request for access could not be let lapse");
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

/// The settings of a command that serves nothing.
fn quiet_settings() -> Result<Settings, Failure> {
    use clap::FromArgMatches as _;
    let matches = Settings::augment_args(clap::Command::new("handshake"))
        .try_get_matches_from(["handshake"])
        .map_err(|error| Failure::Said(error.to_string()))?;
    Settings::from_arg_matches(&matches).map_err(|error| Failure::Said(error.to_string()))
}

async fn seed(storage: Storage, size: demo::seed::Size) -> Result<(), Failure> {
    let state = open_state(&storage.address()?, quiet_settings()?).await?;
    let sign_ins = demo::seed::seed(&state, &size).await?;
    for (email, password) in sign_ins {
        say(&format!("{email} {password}"));
    }
    state.db().close().await;
    Ok(())
}

async fn admin(storage: Storage, settings: Settings, what: Admin) -> Result<(), Failure> {
    let state = open_state(&storage.address()?, settings).await?;
    match what {
        Admin::SetupLink => match accounts::set_up::setup_link(&state).await? {
            Some(link) => say(&link),
            None => {
                return Err(Failure::Said(
                    "Somebody is here already; an administrator invites the others.".to_owned(),
                ));
            }
        },
        Admin::ResetLink { email } => match accounts::reset::reset_link(&state, &email).await {
            Ok(link) => say(&link),
            Err(Error::NotFound) => return Err(Failure::Said(format!("Nobody has the address {email}."))),
            Err(error) => return Err(error.into()),
        },
        Admin::RetryMail => {
            let letters = mail::retry_given_up(&state).await?;
            say(&format!("{letters} letters are tried again."));
        }
        Admin::NameAdministrator { email, workspace } => {
            let (account, name) = account_of(&state, &email).await?;
            match members::write::name_administrator(&state, &workspace, (account, &name)).await {
                Ok(()) => say(&format!("{name} administers {workspace} for both sides.")),
                Err(Error::NotFound) => {
                    return Err(Failure::Said(format!("There is no workspace {workspace}.")));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Admin::CreateWorkspace(new) => {
            if Zone::get(&new.zone).is_none() {
                return Err(Failure::Said(format!(
                    "{} is not a time zone of the IANA database.",
                    new.zone
                )));
            }
            let (account, name) = account_of(&state, &new.admin).await?;
            let founder = members::write::Founder {
                account,
                name,
                side: None,
                role: Role::Observer,
            };
            let (slug, _) =
                members::write::create_workspace(&state, &new.name, &new.zone, &[founder]).await?;
            say(&format!("{}/w/{slug}", state.settings().origin()));
        }
    }
    state.db().close().await;
    Ok(())
}

/// The account with an address, and its name.
async fn account_of(
    state: &AppState,
    email: &str,
) -> Result<(crate::platform::ids::AccountId, String), Failure> {
    state
        .db()
        .fetch_optional(
            sql!("select id, name from accounts where email = $1"),
            args![email.to_lowercase()],
        )
        .await?
        .ok_or_else(|| Failure::Said(format!("Nobody has the address {email}.")))
}

fn sqlite_file(storage: &Storage) -> Result<PathBuf, Failure> {
    match storage.address()? {
        Address::Sqlite(path) => Ok(path),
        Address::Postgres(_) => Err(Failure::Said(
            "This works on SQLite. For PostgreSQL, use pg_dump and pg_restore.".to_owned(),
        )),
    }
}

async fn backup(storage: Storage, file: &Path) -> Result<(), Failure> {
    let source = sqlite_file(&storage)?;
    if !source.exists() {
        return Err(Failure::Said(format!(
            "There is no database at {}.",
            source.display()
        )));
    }
    if file.exists() {
        return Err(Failure::Said(format!(
            "{} exists already; a backup never replaces a file.",
            file.display()
        )));
    }
    let db = Db::open(&Address::Sqlite(source)).await?;
    db.copy_sqlite_to(file).await?;
    db.close().await;
    say(&format!("Written to {}.", file.display()));
    Ok(())
}

/// The file that says, by a lock on it, that a server works with a SQLite database.
fn serving_file(database: &Path) -> Result<std::fs::File, Failure> {
    let path = database.with_extension("serving");
    create_private_file(&path).map_err(io(format!("{} cannot be written", path.display())))?;
    std::fs::File::open(&path).map_err(io(format!("{} cannot be read", path.display())))
}

/// Says that a server works with a SQLite database, for as long as the file is held; several may.
pub fn say_serving(database: &Path) -> Result<std::fs::File, Failure> {
    let file = serving_file(database)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(file),
        Err(_) => Err(Failure::Said(
            "A backup is being restored into this database. Start again when that is done.".to_owned(),
        )),
    }
}

/// Holds off every server while a database is replaced.
fn refuse_while_served(database: &Path) -> Result<std::fs::File, Failure> {
    let file = serving_file(database)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(Failure::Said(format!(
            "A server works with {}. Stop it first: what it writes would be lost.",
            database.display()
        ))),
    }
}

async fn restore(storage: Storage, file: &Path) -> Result<(), Failure> {
    restore_into(&sqlite_file(&storage)?, file).await
}

/// Puts a backup in the place of a database that nobody serves; the one of before is kept beside it.
pub async fn restore_into(target: &Path, file: &Path) -> Result<(), Failure> {
    let mut head = Vec::new();
    std::fs::File::open(file)
        .and_then(|backup| backup.take(16).read_to_end(&mut head))
        .map_err(io(format!("{} cannot be read", file.display())))?;
    if let Some(folder) = target.parent() {
        create_private_folder(folder).map_err(io(format!("{} cannot be made", folder.display())))?;
    }
    let _alone = refuse_while_served(target)?;
    // The copy is checked before it takes the place of anything.
    let fresh = target.with_extension("restoring");
    let _ = std::fs::remove_file(&fresh);
    create_private_file(&fresh).map_err(io("The backup cannot be copied"))?;
    copy_content(file, &fresh).map_err(io("The backup cannot be copied"))?;
    if head != b"SQLite format 3\0" || !is_own_database(&fresh).await {
        let _ = std::fs::remove_file(&fresh);
        return Err(Failure::Said(format!(
            "{} is not a backup of Handshake. Nothing was restored.",
            file.display()
        )));
    }
    let db = Db::open(&Address::Sqlite(fresh.clone())).await.inspect_err(|_| {
        let _ = std::fs::remove_file(&fresh);
    })?;
    let wrong = findings(&db).await?;
    if wrong.is_empty() {
        end_what_was_open(&db).await?;
    }
    db.close().await;
    if !wrong.is_empty() {
        let _ = std::fs::remove_file(&fresh);
        return Err(Failure::Said(format!(
            "The backup {} is damaged, nothing was restored. {}",
            file.display(),
            wrong.join("; ")
        )));
    }
    set_aside(target).await?;
    for leftover in ["restoring-wal", "restoring-shm", "restoring.lock"] {
        let _ = std::fs::remove_file(target.with_extension(leftover));
    }
    std::fs::rename(&fresh, target).map_err(io("The backup cannot be put in place"))?;
    say(
        "Restored and verified. Everybody signs in again; links that were open and mail that was waiting have \
            ended.",
    );
    Ok(())
}

/// Not `fs::copy`, which brings the rights of the file along: a copy is its owner's alone.
fn copy_content(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut to = std::fs::OpenOptions::new().write(true).truncate(true).open(to)?;
    std::io::copy(&mut std::fs::File::open(from)?, &mut to)?;
    to.sync_all()
}

/// Keeps the present database with its journals, whatever state it is in: a damaged one is why one restores.
async fn set_aside(target: &Path) -> Result<(), Failure> {
    if !target.exists() {
        return Ok(());
    }
    let kept = target.with_extension(format!("before-restore-{}", SystemClock.now().millis()));
    if let Ok(live) = Db::open(&Address::Sqlite(target.to_owned())).await {
        live.close().await;
    }
    std::fs::rename(target, &kept).map_err(io("The present database cannot be set aside"))?;
    for journal in ["wal", "shm"] {
        let of = |database: &Path| {
            let mut name = database.as_os_str().to_owned();
            name.push(format!("-{journal}"));
            PathBuf::from(name)
        };
        let _ = std::fs::rename(of(target), of(&kept));
    }
    say(&format!("The database of before is kept at {}.", kept.display()));
    Ok(())
}

/// Sessions that ended, links that were used and letters that were sent since the backup do not come back.
async fn end_what_was_open(db: &Db) -> Result<(), Failure> {
    let now = SystemClock.now();
    db.execute(sql!("delete from sessions"), Vec::new()).await?;
    db.execute(sql!("delete from tokens"), Vec::new()).await?;
    db.execute(
        sql!("update invitations set withdrawn_at = $1 where accepted_at is null and withdrawn_at is null"),
        args![now],
    )
    .await?;
    db.execute(
        sql!(
            "update outbox set given_up_at = $1, last_error = 'restored' where sent_at is null and given_up_at
             is null"
        ),
        args![now],
    )
    .await?;
    Ok(())
}

/// Everything that is wrong: files, chains, handshakes.
pub async fn findings(db: &Db) -> Result<Vec<String>, Failure> {
    let mut wrong = db.engine_integrity().await?;
    wrong.extend(audit::verify(db).await?.wrong);
    wrong.extend(crate::handshake::verify::broken(db).await?);
    wrong.extend(milestones::read::forged_evidence(db).await?);
    wrong.extend(definition::verify::differences(db).await?);
    wrong.extend(decisions::verify::differences(db).await?);
    wrong.extend(milestones::verify::differences(db).await?);
    wrong.extend(kpis::verify::differences(db).await?);
    wrong.extend(access::verify::differences(db).await?);
    Ok(wrong)
}

async fn verify(storage: Storage) -> Result<(), Failure> {
    if let Address::Sqlite(path) = storage.address()?
        && !path.exists()
    {
        return Err(Failure::Said(format!(
            "There is no database at {}.",
            path.display()
        )));
    }
    let db = Db::open(&storage.address()?).await?;
    let rows = audit::verify(&db).await?.rows;
    let wrong = findings(&db).await?;
    db.close().await;
    if wrong.is_empty() {
        say(&format!(
            "Everything is as it was written: {rows} audit rows in unbroken chains, every handshake over its \
                own text, every file its own."
        ));
        return Ok(());
    }
    for line in &wrong {
        say(line);
    }
    Err(Failure::Said(format!(
        "{} found broken; the first: {}",
        wrong.len(),
        wrong.first().map_or("", String::as_str)
    )))
}
