//! The words in which pages say how these stand.

use crate::{
    access::{Access, AccessStatus},
    ui::StatusWord,
};

impl AccessStatus {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::NotApproved(late) | Self::NotGranted(late) | Self::NotShut(late) => StatusWord::Late(late),
            Self::Plain(Access::Asked) => StatusWord::Proposed,
            Self::Plain(Access::Approved) => StatusWord::NotStarted,
            Self::Plain(Access::Granted) => StatusWord::Open,
            Self::Plain(_) => StatusWord::Ended,
        }
    }
}
