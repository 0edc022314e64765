//! What is signed. Each kind of handshake has one type for its text: the verb that offers it, the page on
//! which it is signed, the record and `verify` all use that type, so what is signed is what was rendered.

use serde::{Serialize, de::DeserializeOwned};

use super::Kind;
use crate::platform::error::{Error, Result};

/// The text of one kind of handshake.
pub trait SignedText: Serialize + DeserializeOwned {
    const KIND: Kind;

    /// The text as it is hashed: JSON with sorted keys. Unicode is composed already, as all input is on
    /// arrival.
    fn canonical(&self) -> Result<String> {
        let value = serde_json::to_value(self).map_err(|error| {
            tracing::error!(error = %error, kind = Self::KIND.as_str(), "a text cannot be written");
            Error::Internal
        })?;
        Ok(value.to_string())
    }

    /// The text as it was offered.
    fn read(content: &str) -> Result<Self> {
        serde_json::from_str(content).map_err(|error| {
            tracing::error!(error = %error, kind = Self::KIND.as_str(), "a signed text cannot be read");
            Error::Internal
        })
    }
}
