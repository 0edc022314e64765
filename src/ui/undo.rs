//! What can be undone by one click, for a moment after it was done.

use std::{fmt, str::FromStr};

use uuid::Uuid;

use super::Notice;
use crate::platform::time::Day;

/// An act that another one takes back. Nothing else can be named in an address, and it is offered beside the
/// notice of that very act alone; what it posts to asks the policy again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undo {
    /// A checkpoint that was passed.
    Checkpoint(Uuid),
    /// A checkpoint that was accepted for the other side.
    Acceptance(Uuid),
    /// A KPI's period that was attested.
    Attestation { kpi: i64, period: Day },
}

impl Undo {
    /// The notice of the act that it undoes.
    pub const fn undoes(self) -> Notice {
        match self {
            Self::Checkpoint(_) => Notice::Passed,
            Self::Acceptance(_) => Notice::Accepted,
            Self::Attestation { .. } => Notice::Attested,
        }
    }

    /// Where it is undone, within the workspace.
    pub fn path(self) -> String {
        match self {
            Self::Checkpoint(id) => format!("checkpoints/{id}/reopen"),
            Self::Acceptance(id) => format!("checkpoints/{id}/accept/withdraw"),
            Self::Attestation { kpi, period } => format!("kpis/{kpi}/periods/{period}/withdraw"),
        }
    }
}

impl fmt::Display for Undo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Checkpoint(id) => write!(f, "checkpoint.{id}"),
            Self::Acceptance(id) => write!(f, "acceptance.{id}"),
            Self::Attestation { kpi, period } => write!(f, "attestation.{kpi}.{period}"),
        }
    }
}

impl FromStr for Undo {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('.');
        let found = match (parts.next(), parts.next(), parts.next()) {
            (Some("checkpoint"), Some(id), None) => Self::Checkpoint(id.parse().map_err(|_| ())?),
            (Some("acceptance"), Some(id), None) => Self::Acceptance(id.parse().map_err(|_| ())?),
            (Some("attestation"), Some(kpi), Some(period)) => Self::Attestation {
                kpi: kpi.parse().map_err(|_| ())?,
                period: period.parse().map_err(|_| ())?,
            },
            _ => return Err(()),
        };
        match parts.next() {
            None => Ok(found),
            Some(_) => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_else_can_be_offered() {
        let id = Uuid::from_u128(7);
        for undo in [
            Undo::Checkpoint(id),
            Undo::Acceptance(id),
            Undo::Attestation {
                kpi: 3,
                period: Day::new(2026, 10, 1),
            },
        ] {
            assert_eq!(undo.to_string().parse(), Ok(undo));
        }
        for wrong in [
            "",
            "checkpoint",
            "checkpoint.1",
            "attestation.1.2026-13-01",
            "attestation.1.2026-10-01.x",
            "member.1",
        ] {
            assert_eq!(wrong.parse::<Undo>(), Err(()), "{wrong}");
        }
    }
}
