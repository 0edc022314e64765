//! Helping people in, making workspaces, and a new key for the audit chain.

use super::{
    Admin, Failure,
    backup::end_what_was_open,
    open::{Upgrade, existing, keys, make_key, open_state, state_of},
    say,
    serving::refuse_while_served,
};
use crate::{
    accounts,
    identity::Role,
    members,
    platform::{
        audit::{self, Keyring},
        config::{Settings, Storage},
        db::{Address, Db},
        error::Error,
        ids::{AccountId, source::Ids},
        mail,
        state::AppState,
        time::Zone,
    },
};

pub(super) async fn admin(storage: Storage, settings: Settings, what: Admin) -> Result<(), Failure> {
    if let Admin::RotateKey { lost } = what {
        return rotate_key(&storage, settings, lost).await;
    }
    // A mistyped folder is no reason to make a database there; the first link is asked for before anything
    // is.
    if !matches!(what, Admin::SetupLink) {
        existing(&storage)?;
    }
    let state = open_state(&storage, settings, Upgrade::No).await?;
    match what {
        Admin::RotateKey { .. } => {}
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
        Admin::ChangeEmail { email, to } => {
            let (account, name) = account_of(&state, &email).await?;
            match accounts::own::change_email_by_operator(&state, (account, &name), (&email, &to)).await {
                Ok(to) => say(&format!("{name} signs in with {to} from now on.")),
                Err(Error::Gone) => {
                    return Err(Failure::Said(format!("Somebody else has the address {to}.")));
                }
                Err(error) => return Err(error.into()),
            }
        }
        Admin::RetryMail => {
            let letters = mail::retry_given_up(&state).await?;
            say(&format!("{letters} letters are tried again."));
        }
        Admin::EndOpen => {
            end_what_was_open(&state).await?;
            say("Sessions, links, invitations, unsent mail and feeds have ended.");
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
        Admin::NameArbiter { email, workspace } => {
            let (account, name) = account_of(&state, &email).await?;
            match members::write::name_arbiter_by_operator(&state, &workspace, (account, &name)).await {
                Ok(()) => say(&format!(
                    "{name} rules in {workspace} when the sides cannot agree."
                )),
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
async fn account_of(state: &AppState, email: &str) -> Result<(AccountId, String), Failure> {
    accounts::read::of_email(state, email)
        .await?
        .ok_or_else(|| Failure::Said(format!("Nobody has the address {email}.")))
}

/// The new key makes the next link of every chain; from then on no link of an older key is accepted.
async fn rotate_key(storage: &Storage, settings: Settings, lost: bool) -> Result<(), Failure> {
    let address = existing(storage)?;
    let _alone = match &address {
        Address::Sqlite(path) => Some(refuse_while_served(path)?),
        Address::Postgres(_) => None,
    };
    let file = storage.key_file();
    let db = Db::open_current(&address).await?;
    if db.is_used_by_others().await? {
        return Err(Failure::Said(
            "Something else works with this database. Stop every server first: what one wrote with the old key from \
                here on would never be accepted."
                .to_owned(),
        ));
    }
    let keys = if lost {
        if file.exists() {
            return Err(Failure::Said(format!(
                "{} is there. Move it away if it is not the key of this database.",
                file.display()
            )));
        }
        make_key(&file)?
    } else {
        // A key file of another database would be taken for this one's from here on.
        keys(storage, &db).await?;
        let keys = Keyring::rotate(&file, Ids::from_system().bytes())?;
        say(&format!(
            "A new key stands first in {}. Keep a copy of the file apart from the database and its backups.",
            file.display()
        ));
        keys
    };
    let state = state_of(db, settings, keys);
    let chains = audit::record_rotation(&state).await?;
    state.db().close().await;
    say(&format!("{chains} audit chains go on with it."));
    Ok(())
}
