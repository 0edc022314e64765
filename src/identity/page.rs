//! A page made for somebody, before the app puts it in its frame; and the one way of answering a form.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

use super::Viewer;
use crate::platform::{
    error::{Error, Result},
    form::Form,
    markup::Markup,
    page_cache::{CachedPage, PageKey},
};

/// Markup and what the frame needs to know to put it in place.
#[derive(Clone)]
pub struct Page {
    pub title: String,
    /// The path of the room in the navigation: `decisions`.
    pub room: &'static str,
    pub body: Markup,
    pub viewer: Option<Viewer>,
    status: StatusCode,
}

impl Page {
    /// A page of a room. The view is given a viewer of its own, which its parts may keep.
    pub fn new<V: IntoView + 'static>(
        viewer: &Viewer,
        room: &'static str,
        title: impl Into<String>,
        view: impl FnOnce(Viewer) -> V,
    ) -> Self {
        let body = render(|| view(viewer.clone())).into();
        Self {
            title: title.into(),
            room,
            body,
            viewer: Some(viewer.clone()),
            status: StatusCode::OK,
        }
    }

    /// A page of a room that is rendered once for all members, for as long as nothing is written.
    pub async fn cache_for_all(
        viewer: &Viewer,
        room: &'static str,
        page: &'static str,
        make: impl AsyncFnOnce() -> Result<Self>,
    ) -> Result<Self> {
        Self::from_cache(viewer, room, PageKey::for_all(page), make).await
    }

    /// A page of a room that is rendered once for this reader, for as long as nothing is written.
    pub async fn cache_for_reader(
        viewer: &Viewer,
        room: &'static str,
        page: &'static str,
        number: i64,
        make: impl AsyncFnOnce() -> Result<Self>,
    ) -> Result<Self> {
        Self::from_cache(
            viewer,
            room,
            PageKey {
                page,
                number,
                reader: Some(viewer.member_id().uuid()),
            },
            make,
        )
        .await
    }

    async fn from_cache(
        viewer: &Viewer,
        room: &'static str,
        key: PageKey,
        make: impl AsyncFnOnce() -> Result<Self>,
    ) -> Result<Self> {
        let rendered = viewer
            .cache_page(key, async || {
                let page = make().await?;
                Ok(CachedPage {
                    title: page.title.into(),
                    body: page.body.keep(),
                })
            })
            .await?;
        Ok(Self {
            title: rendered.title.to_string(),
            room,
            body: rendered.body,
            viewer: Some(viewer.clone()),
            status: StatusCode::OK,
        })
    }

    /// A page before one is in a workspace: signing in, an invitation, an error.
    pub fn standalone<V: IntoView + 'static>(title: impl Into<String>, view: impl FnOnce() -> V) -> Self {
        Self {
            title: title.into(),
            room: "",
            body: render(view).into(),
            viewer: None,
            status: StatusCode::OK,
        }
    }

    /// Leaves room for what is the reader's own where the mark stands.
    #[must_use]
    pub fn with_room_at(mut self, mark: &str) -> Self {
        self.body = self.body.with_room_at(mark);
        self
    }

    #[must_use]
    pub const fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Islands say so in their markup; every other page ships no client code.
    pub fn has_islands(&self) -> bool {
        self.body.contains("<leptos-island")
    }
}

/// Renders a view in one pass, marking islands for the browser to bring to life.
pub fn render<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(std::sync::Arc::new(
        hydration_context::SsrSharedContext::new_islands(),
    )));
    let html = owner.with(|| view().into_view().to_html());
    owner.unset_with_forced_cleanup();
    html
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Errors travel to the frame, which says them on a page, or as JSON to an island.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        if let Self::TooMany { seconds } = self {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if matches!(self, Self::Busy | Self::Full) {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// The form was taken; see the result there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect(String);

impl Redirect {
    pub fn to(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    /// Back to where the form stood when it says so, else to `path`; with a word about what was done.
    pub fn back(form: &Form, path: impl Into<String>, notice: crate::ui::Notice) -> Self {
        let path =
            crate::platform::text::local_path(form.raw("back")).map_or_else(|| path.into(), str::to_owned);
        Self(path).with_notice(notice)
    }

    /// With the offer to undo it for a moment.
    #[must_use]
    pub fn undoable(self, undo: crate::ui::Undo) -> Self {
        let (path, fragment) = self
            .0
            .split_once('#')
            .map_or((self.0.as_str(), None), |(path, fragment)| (path, Some(fragment)));
        let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
        Self(format!("{path}&undo={undo}{fragment}"))
    }

    #[must_use]
    pub fn with_notice(self, notice: crate::ui::Notice) -> Self {
        let (path, fragment) = self
            .0
            .split_once('#')
            .map_or((self.0.as_str(), None), |(path, fragment)| (path, Some(fragment)));
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut pairs: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("done=") && !pair.starts_with("undo="))
            .collect();
        let done = format!("done={}", notice.as_str());
        pairs.push(&done);
        let fragment = fragment.map_or_else(String::new, |fragment| format!("#{fragment}"));
        Self(format!("{path}?{}{fragment}", pairs.join("&")))
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let location = HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }
}

pub type FormResponse = Result<Response>;

/// The one way of answering a form: a redirect when it was taken; the page again with the typed values and
/// what is wrong (422) or what changed meanwhile (409); any other error as such.
pub async fn respond<F, Fut>(outcome: Result<Redirect>, form: Form, again: F) -> FormResponse
where
    F: FnOnce(Form) -> Fut,
    Fut: Future<Output = Result<Page>>,
{
    let words = form.typed_texts();
    let (shown, status) = match outcome {
        Ok(redirect) => return Ok(redirect.into_response()),
        Err(Error::Invalid(problems)) => (
            again(form.with_problems(problems)).await,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(Error::Conflict) => (again(form.late()).await, StatusCode::CONFLICT),
        Err(error) => (Err(error), StatusCode::OK),
    };
    match shown {
        Err(error @ (Error::NotFound | Error::Conflict | Error::Gone)) if !words.is_empty() => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::CONFLICT);
            Ok(given_back(&error, words, "/").with_status(status).into_response())
        }
        shown => Ok(shown?.with_status(status).into_response()),
    }
}

/// What a form was about is not there any more, or is not to be changed any more; the words that were written
/// for it are given back. `back` is where to go on.
pub fn given_back(error: &Error, words: Vec<String>, back: &str) -> Page {
    let (title, why) = match error {
        Error::NotFound => (
            "No longer there",
            "It has been archived, or you do not have access.",
        ),
        _ => (
            "Already changed",
            "While you were writing, somebody changed or withdrew the text, or both sides signed it.",
        ),
    };
    let back = back.to_owned();
    Page::standalone(title, move || {
        let words = words
            .into_iter()
            .map(|words| view! { <blockquote class="prose">{words}</blockquote> })
            .collect_view();
        view! {
            <h1>{title}</h1>
            <p>{why}" Nothing was saved. This is what you wrote:"</p>
            {words}
            <p>
                <a class="button is-primary" href=back>
                    "Continue"
                </a>
            </p>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Notice;

    #[test]
    fn a_notice_is_added_to_where_one_goes_back() {
        let form = Form::blank().with("back", "/w/acme/desk?page=2&done=saved#x");
        assert_eq!(
            Redirect::back(&form, "/", Notice::Signed),
            Redirect("/w/acme/desk?page=2&done=signed#x".to_owned())
        );
        let elsewhere = Form::blank().with("back", "https://evil.example");
        assert_eq!(
            Redirect::back(&elsewhere, "/w/acme", Notice::Signed),
            Redirect("/w/acme?done=signed".to_owned())
        );
    }
}
