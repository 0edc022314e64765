//! The words in which pages say how these stand.

use crate::{
    access::{Access, AccessStatus},
    ui::StatusWord,
};

impl AccessStatus {
    pub const fn word(self) -> StatusWord {
        match self {
            Self::NotApproved(late) | Self::NotGranted(late) | Self::NotShut(late) => StatusWord::Late(late),
            Self::Plain(Access::Asked | Access::Approved) => StatusWord::Proposed,
            Self::Plain(Access::Granted) => StatusWord::OnTrack,
            Self::Plain(Access::NeverGranted | Access::NotCertified | Access::Expired | Access::Ended) => {
                StatusWord::Ended
            }
        }
    }
}
