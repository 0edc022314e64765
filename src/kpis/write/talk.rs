//! Talking about a KPI's period: most of all when its owners see it differently.

use super::{Current, current};
use crate::{
    comments::{Topic, page::TalkedAbout},
    identity::Transaction,
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::CommentId,
        time::Day,
    },
};

pub struct PeriodTalk {
    current: Current,
    period: Day,
}

impl TalkedAbout for PeriodTalk {
    const TOPIC: Topic = Topic::Period;
    type Key = (i64, Day);
    type Address = (String, i64, String);
    type CommentAddress = (String, i64, String, CommentId);

    fn key(address: Self::Address) -> Result<Self::Key> {
        Ok((address.1, address.2.parse().map_err(|_| Error::NotFound)?))
    }

    fn comment(address: Self::CommentAddress) -> Result<(Self::Key, CommentId)> {
        Ok((Self::key((address.0, address.1, address.2))?, address.3))
    }

    fn path(key: Self::Key) -> String {
        let (number, period) = key;
        format!("kpis/{number}/periods/{period}")
    }

    async fn find(tx: &mut Transaction, key: Self::Key) -> Result<Self> {
        let (number, period) = key;
        let current = current(tx, number).await?;
        let is_period = current.cadence.period_of(period) == period
            && period >= current.starts_on
            && period <= current.cadence.last_complete(tx.today());
        if is_period {
            Ok(Self { current, period })
        } else {
            Err(Error::NotFound)
        }
    }

    fn subject(&self) -> uuid::Uuid {
        super::super::period_topic(self.current.id, self.period)
    }

    fn event(&self, verb: &'static str) -> Event {
        let path = <Self as TalkedAbout>::path((self.current.number, self.period));
        self.current
            .event(verb)
            .at(path)
            .detail(self.current.cadence.format_short(self.period))
    }
}
