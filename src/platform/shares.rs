//! How many of something each holder has at once, so that one does not hold them all.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// What is counted of each holder: an address, an account.
pub struct Shares<K>(Arc<Mutex<HashMap<K, usize>>>);

impl<K> Clone for Shares<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Shares<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// One of a holder's; given back when it is dropped.
pub struct Share<K: Eq + Hash> {
    shares: Shares<K>,
    holder: K,
}

impl<K> Shares<K> {
    fn held(&self) -> MutexGuard<'_, HashMap<K, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Copy + Eq + Hash> Shares<K> {
    /// One more for a holder that may have `most`.
    pub fn take(&self, holder: K, most: usize) -> Option<Share<K>> {
        let mut held = self.held();
        let count = held.entry(holder).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Share {
            shares: self.clone(),
            holder,
        })
    }
}

impl<K: Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        let mut held = self.shares.held();
        if let Some(count) = held.get_mut(&self.holder) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.holder);
            }
        }
    }
}
