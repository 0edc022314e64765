//! Telling browsers that something changed: one look at the database a thing and a process, however many
//! watch.

use std::{collections::HashMap, future::Future, sync::Mutex, sync::PoisonError, time::Duration};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(150);

/// Things that are watched, and what was seen of each last: a number that rises with every change.
#[derive(Default)]
pub struct Pulses(Mutex<HashMap<Uuid, watch::Sender<Option<i64>>>>);

impl Pulses {
    /// Follows a thing; `look` reads its number, for as long as anybody follows it and the server takes work.
    pub fn follow<F, Fut>(
        &self,
        thing: Uuid,
        draining: &CancellationToken,
        look: F,
    ) -> watch::Receiver<Option<i64>>
    where
        F: Fn() -> Fut + Send + 'static,
        Fut: Future<Output = Option<i64>> + Send + 'static,
    {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever looks for the others stops when nobody is left, and then its sender is closed.
        followed.retain(|_, sender| !sender.is_closed());
        if let Some(sender) = followed.get(&thing) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        followed.insert(thing, sender.clone());
        tokio::spawn(look_until_alone(sender, draining.clone(), look));
        receiver
    }
}

async fn look_until_alone<F, Fut>(sender: watch::Sender<Option<i64>>, draining: CancellationToken, look: F)
where
    F: Fn() -> Fut + Send + 'static,
    Fut: Future<Output = Option<i64>> + Send + 'static,
{
    loop {
        let seen = look().await;
        sender.send_if_modified(|known| {
            let is_new = seen.is_some() && *known != seen;
            if is_new {
                *known = seen;
            }
            is_new
        });
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            () = sender.closed() => return,
            () = draining.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn one_looks_for_all_and_stops_when_nobody_is_left() {
        let (pulses, draining, thing) = (Pulses::default(), CancellationToken::new(), Uuid::from_u128(1));
        let looks = Arc::new(AtomicI64::new(0));
        let look = {
            let looks = looks.clone();
            move || {
                let looks = looks.clone();
                async move { Some(looks.fetch_add(1, Ordering::Relaxed) / 4) }
            }
        };
        let mut first = pulses.follow(thing, &draining, look.clone());
        let mut second = pulses.follow(thing, &draining, look);
        for watcher in [&mut first, &mut second] {
            watcher.changed().await.expect("a look");
        }
        first.changed().await.expect("a change");
        assert_eq!((*first.borrow(), *second.borrow()), (Some(1), Some(1)));
        assert!(looks.load(Ordering::Relaxed) < 8, "one looks for both");
        drop((first, second));
        tokio::time::sleep(LOOK_EVERY * 4).await;
        let after = looks.load(Ordering::Relaxed);
        tokio::time::sleep(LOOK_EVERY * 4).await;
        assert_eq!(looks.load(Ordering::Relaxed), after, "nobody is left to look for");
    }
}
