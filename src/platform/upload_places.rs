//! Where files arrive and are worked: a few at once, and of one person fewer.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{
    error::{Error, Result},
    ids::AccountId,
    shares::{Share, Shares},
};

/// Each file is held in memory until it is whole.
const FILES_AT_ONCE: usize = 8;

/// Files that one account sends at once: slow ones of one person keep nobody from sending theirs.
const FILES_OF_AN_ACCOUNT: usize = 2;

/// The places for files that are arriving.
#[derive(Clone)]
pub struct UploadPlaces {
    all: Arc<Semaphore>,
    of_account: Shares<AccountId>,
}

impl Default for UploadPlaces {
    fn default() -> Self {
        Self {
            all: Arc::new(Semaphore::new(FILES_AT_ONCE)),
            of_account: Shares::default(),
        }
    }
}

/// Where one file arrives and is worked.
pub struct UploadPlace {
    _of_account: Share<AccountId>,
    _permit: OwnedSemaphorePermit,
}

impl UploadPlaces {
    pub fn take(&self, account: AccountId) -> Result<UploadPlace> {
        let of_account = self
            .of_account
            .take(account, FILES_OF_AN_ACCOUNT)
            .ok_or(Error::Busy)?;
        let permit = self.all.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        Ok(UploadPlace {
            _of_account: of_account,
            _permit: permit,
        })
    }
}
