//! Who is asking: accounts, sign-in, sessions, members, roles.
//!
//! An *account* is a person with an address and a password. A *member* is that person in one workspace, with a *side*
//! (observers may have none) and a *role*: `lead` (the CMO or the CIO, exactly one per side), `manager` (may sign for
//! their side), `contributor` (updates work), `observer` (reads). Administration is a flag beside the role.
//!
//! A *viewer* is a member asking for something. Nothing of a workspace is reached except through one, so what is not
//! the viewer's is not found. What a viewer may do is said in [`policy`], in one table; its answer, a [`Permit`], is
//! the only thing with which an [`Transaction`] commits.
//!
//! A lead may *delegate*: for some days a manager of the same side signs in the lead's place, and every such signature
//! says so. Jobs run as the *system actor*: it reminds people of what they owe, and judges nothing.
//!
//! People come in by *invitation* (a link, once, for 72 hours); the first one by the set-up link that a start on an
//! empty database prints. The lead of a side is never removed, only *handed over*.

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod arbiter;
#[cfg(feature = "ssr")]
pub mod auth;
#[cfg(feature = "ssr")]
pub mod delegation;
#[cfg(feature = "ssr")]
pub mod drafts;
#[cfg(feature = "ssr")]
pub mod feeds;
#[cfg(feature = "ssr")]
pub mod invitations;
#[cfg(feature = "ssr")]
pub mod members;
#[cfg(feature = "ssr")]
pub mod mentions;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod passwords;
#[cfg(feature = "ssr")]
pub mod policy;
#[cfg(feature = "ssr")]
pub mod sessions;
#[cfg(feature = "ssr")]
pub mod system;
#[cfg(feature = "ssr")]
pub mod throttle;
#[cfg(feature = "ssr")]
pub mod tokens;
#[cfg(feature = "ssr")]
pub mod viewer;

#[cfg(feature = "ssr")]
pub use page::{FormResponse, Page, Redirect, respond};
#[cfg(feature = "ssr")]
pub use policy::{Action, Permit};
#[cfg(feature = "ssr")]
pub use viewer::{Transaction, Viewer};

use crate::text_enum;

text_enum! {
    pub enum Role { Lead = "lead", Manager = "manager", Contributor = "contributor", Observer = "observer" }
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lead => "Lead",
            Self::Manager => "Manager",
            Self::Contributor => "Contributor",
            Self::Observer => "Observer",
        }
    }

    /// What the role is for, where one is chosen.
    pub const fn purpose(self) -> &'static str {
        match self {
            Self::Lead => "ratifies the definition and answers for the side",
            Self::Manager => "signs technology choices for the side",
            Self::Contributor => "updates work",
            Self::Observer => "reads",
        }
    }
}

/// `DR` for Dana Reyes: what an avatar shows.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        for (name, shown) in [("Dana Reyes", "DR"), ("Kofi", "K"), ("Anna Maria de Luca", "AL"), ("(Zoë) Ö'Hara", "ZÖ"), ("", "")] {
            assert_eq!(initials(name), shown, "{name}");
        }
    }
}
