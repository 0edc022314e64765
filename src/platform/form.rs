//! The one way in which the product takes a form.
//!
//! A page posts to an address of its own; the answer is a redirect when the form is taken, or the same page
//! with the typed values, the errors beside their fields and status 422 when it is refused, or 409 with both
//! texts when somebody changed the thing meanwhile. The same with and without client code.

mod upload;

pub use self::upload::{ChosenFile, Parts, Upload, Uploader, table};

use std::{collections::BTreeSet, str::FromStr};

use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, header},
};

use super::{
    error::{Error, Problem, Result},
    notation,
    quantity::Quantity,
    text,
    time::Day,
};

/// What was typed, or what a page starts with, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    problems: Vec<Problem>,
    is_late: bool,
    conflicts: Vec<Difference>,
    /// The thing's own values, when this came late.
    now: Vec<(String, String)>,
}

/// A field that somebody else changed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub field: String,
    pub label: &'static str,
    pub theirs: String,
    pub yours: String,
}

const MOST_FIELDS: usize = 2000;

/// What is wrong with a field that has to be filled and is not.
pub const MISSING: &str = "This is missing.";

impl Form {
    pub fn blank() -> Self {
        Self::default()
    }

    /// A page's starting values.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.fields.push((name.to_owned(), value.into()));
        self
    }

    #[must_use]
    pub fn with_each(mut self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        let before = self.fields.len();
        self.fields
            .extend(values.into_iter().map(|value| (name.to_owned(), value)));
        // Without it a late form could not tell that everything was unchosen meanwhile.
        if self.fields.len() == before {
            self.with(name, "")
        } else {
            self
        }
    }

    pub fn parse(body: &[u8]) -> Result<Self> {
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(body)
            .into_owned()
            .take(MOST_FIELDS + 1)
            .collect();
        if fields.len() > MOST_FIELDS {
            return Err(Error::TooLarge);
        }
        Ok(Self {
            fields,
            ..Self::default()
        })
    }

    /// What was typed, to be kept and [`parse`](Self::parse)d again.
    pub fn encode(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.fields)
            .finish()
    }

    /// Everything that was sent, in order.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    pub fn raw(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value)
    }

    pub fn raw_each<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields
            .iter()
            .filter(move |(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str, value: &str) -> bool {
        self.raw_each(name).any(|v| v == value)
    }

    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.retain(|(field, _)| field != name);
        self.fields.push((name.to_owned(), value.into()));
    }

    pub fn set_each(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        self.fields.retain(|(field, _)| field != name);
        *self = std::mem::take(self).with_each(name, values);
    }

    /// What somebody wrote, to be given back where the form itself cannot be: no secret, and nothing that a
    /// page sent along.
    pub fn typed_texts(&self) -> Vec<String> {
        let is_theirs = |name: &str| {
            !["version", "id", "back", "digest", "workspace", "current"].contains(&name)
                && !name.contains("password")
        };
        let is_written = |value: &str| {
            !value.is_empty() && value.parse::<i64>().is_err() && value.parse::<uuid::Uuid>().is_err()
        };
        let written = self
            .fields
            .iter()
            .filter(|(name, value)| is_theirs(name) && is_written(value.trim()));
        written.map(|(_, value)| value.trim().to_owned()).collect()
    }

    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub fn problem_of(&self, name: &str) -> Option<&str> {
        self.problems
            .iter()
            .find(|problem| problem.field == name)
            .map(|problem| problem.what.as_str())
    }

    /// Whether somebody sent this, rather than a page starting it.
    pub const fn is_typed(&self) -> bool {
        self.is_late || !self.problems.is_empty()
    }

    pub const fn is_late(&self) -> bool {
        self.is_late
    }

    pub fn conflicts(&self) -> &[Difference] {
        &self.conflicts
    }

    pub fn fail(&mut self, field: &str, what: impl Into<String>) {
        self.problems.push(Problem {
            field: field.to_owned(),
            what: what.into(),
        });
    }

    /// The refusal that carries everything found wrong so far.
    pub fn refusal(&mut self) -> Error {
        Error::Invalid(std::mem::take(&mut self.problems))
    }

    #[must_use]
    pub fn with_problems(mut self, problems: Vec<Problem>) -> Self {
        self.problems = problems;
        self
    }

    /// The thing was changed after this form was made. A verdict on the earlier text does not carry over.
    #[must_use]
    pub fn late(mut self) -> Self {
        self.is_late = true;
        self.fields.retain(|(field, _)| field != "verdict");
        self
    }

    /// What an edit page shows: the thing as it is `now`; or what was typed, when it was refused; or, when it
    /// came late, what was typed together with where it differs from now, ready to replace it.
    #[must_use]
    pub fn over(mut self, now: Self, labels: &[(&str, &'static str)]) -> Self {
        if self.fields.is_empty() {
            return Self {
                problems: self.problems,
                ..now
            };
        }
        if !self.is_late {
            return self;
        }
        self.conflicts = labels
            .iter()
            .filter(|(field, _)| text::paragraphs(self.raw(field)) != text::paragraphs(now.raw(field)))
            .map(|(field, label)| Difference {
                field: (*field).to_owned(),
                label,
                theirs: now.raw(field).to_owned(),
                yours: text::paragraphs(self.raw(field)),
            })
            .collect();
        let version = now.raw("version").to_owned();
        self.set("version", version);
        self.now = now.fields;
        self
    }

    /// The values that a field has now, when somebody changed it since this form was made and its texts are
    /// not set beside one another.
    pub fn conflict_of(&self, name: &str) -> Option<Vec<&str>> {
        if self.now.iter().all(|(field, _)| field != name)
            || self.conflicts.iter().any(|conflict| conflict.field == name)
        {
            return None;
        }
        let of = |fields: &[(String, String)]| -> BTreeSet<String> {
            fields
                .iter()
                .filter(|(field, _)| field == name)
                .map(|(_, value)| text::paragraphs(value))
                .filter(|value| !value.is_empty())
                .collect()
        };
        (of(&self.now) != of(&self.fields)).then(|| {
            self.now
                .iter()
                .filter(|(field, value)| field == name && !value.is_empty())
                .map(|(_, value)| value.as_str())
                .collect()
        })
    }

    /// Whether somebody changed anything that this form asks for.
    pub fn is_changed_meanwhile(&self) -> bool {
        let names: BTreeSet<&str> = self.now.iter().map(|(name, _)| name.as_str()).collect();
        !self.conflicts.is_empty() || names.into_iter().any(|name| self.conflict_of(name).is_some())
    }

    fn check_length(
        &mut self,
        name: &str,
        typed: String,
        max_length: usize,
        required: bool,
    ) -> Option<String> {
        let length = typed.chars().count();
        if required && length == 0 {
            self.fail(name, MISSING);
            None
        } else if length > max_length {
            self.fail(
                name,
                format!("Shorten this to {max_length} characters; it has {length}."),
            );
            None
        } else {
            Some(typed)
        }
    }

    /// One line of 1 to `max_length` characters.
    pub fn line(&mut self, name: &str, max_length: usize) -> Option<String> {
        let typed = text::line(self.raw(name));
        self.check_length(name, typed, max_length, true)
    }

    pub fn optional_line(&mut self, name: &str, max_length: usize) -> Option<String> {
        let typed = text::line(self.raw(name));
        self.check_length(name, typed, max_length, false)
    }

    /// One or more lines, 1 to `max_length` characters.
    pub fn paragraphs(&mut self, name: &str, max_length: usize) -> Option<String> {
        let typed = text::paragraphs(self.raw(name));
        self.check_length(name, typed, max_length, true)
    }

    pub fn optional_paragraphs(&mut self, name: &str, max_length: usize) -> Option<String> {
        let typed = text::paragraphs(self.raw(name));
        self.check_length(name, typed, max_length, false)
    }

    pub fn day(&mut self, name: &str) -> Option<Day> {
        let day = self
            .raw(name)
            .trim()
            .parse()
            .ok()
            .filter(|day: &Day| day.is_plannable());
        if day.is_none() {
            self.fail(name, "Choose a date.");
        }
        day
    }

    /// `Some(None)` when left empty.
    pub fn optional_day(&mut self, name: &str) -> Option<Option<Day>> {
        if self.raw(name).trim().is_empty() {
            Some(None)
        } else {
            self.day(name).map(Some)
        }
    }

    /// A whole number, negative or not; the writer says which it takes.
    pub fn whole(&mut self, name: &str) -> Option<i64> {
        let whole = self.raw(name).trim().parse().ok();
        if whole.is_none() {
            self.fail(name, "Write a whole number, such as 12.");
        }
        whole
    }

    /// A number, in either notation; what could be read in two ways is asked.
    pub fn quantity(&mut self, name: &str) -> Option<Quantity> {
        notation::read_alone(self.raw(name))
            .map_err(|why| self.fail(name, why))
            .ok()
    }

    /// A number as programs write it, with a point before its decimals.
    pub fn decimal(&mut self, name: &str) -> Option<Quantity> {
        match self.raw(name).parse() {
            Ok(quantity) => Some(quantity),
            Err(error) => {
                self.fail(name, capital(&format!("{error}.")));
                None
            }
        }
    }

    /// `Some(None)` when left empty.
    pub fn optional_quantity(&mut self, name: &str) -> Option<Option<Quantity>> {
        if self.raw(name).trim().is_empty() {
            Some(None)
        } else {
            self.quantity(name).map(Some)
        }
    }

    /// One of a closed list of words, or an id.
    pub fn choice<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let choice = self.raw(name).parse().ok();
        if choice.is_none() {
            self.fail(name, "Choose one.");
        }
        choice
    }

    /// `Some(None)` when nothing is chosen.
    pub fn optional_choice<T: FromStr>(&mut self, name: &str) -> Option<Option<T>> {
        if self.raw(name).is_empty() {
            Some(None)
        } else {
            self.choice(name).map(Some)
        }
    }

    pub fn choices<T: FromStr>(&mut self, name: &str) -> Option<Vec<T>> {
        let chosen: Result<Vec<T>, T::Err> = self
            .raw_each(name)
            .filter(|value| !value.is_empty())
            .map(str::parse)
            .collect();
        if let Ok(chosen) = chosen {
            Some(chosen)
        } else {
            self.fail(name, "Choose from the list.");
            None
        }
    }

    pub fn is_ticked(&self, name: &str) -> bool {
        matches!(self.raw(name), "on" | "true" | "yes")
    }

    /// The version of the thing that the form was made from.
    pub fn version(&self) -> i64 {
        self.raw("version").parse().unwrap_or(0)
    }
}

fn capital(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        if !is_of_kind(request.headers(), "application/x-www-form-urlencoded") {
            return Err(Error::invalid("", "Send this as a form."));
        }
        let body = axum::body::to_bytes(Body::new(request.into_body()), usize::MAX)
            .await
            .map_err(|_| Error::TooLarge)?;
        Self::parse(&body)
    }
}

fn is_of_kind(headers: &HeaderMap, expected: &str) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    content_type
        .split(';')
        .next()
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case(expected))
}

/// Whether a request brings a page's form, with a file or without.
pub fn is_form(headers: &HeaderMap) -> bool {
    is_of_kind(headers, "application/x-www-form-urlencoded") || is_of_kind(headers, "multipart/form-data")
}

/// What was typed into a form that nobody read, from at most so many bytes of its body; of one that carries a
/// file, the texts before it.
pub async fn given_back(kind: &HeaderValue, body: Vec<u8>, most: usize) -> Option<Form> {
    let is_plain = kind
        .to_str()
        .is_ok_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if is_plain {
        return Form::parse(&body).ok().filter(|_| body.len() <= most);
    }
    upload::texts(kind, body).await
}

#[cfg(test)]
mod tests;
