//! The server as one service, and the frame that pages are put in.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt as _, stream};
use leptos::prelude::*;

use crate::{
    accounts, desk,
    identity::{Page, Viewer, page::render, viewer::Seen},
    members,
    platform::{
        assets,
        error::{Error, Result},
        form::{self, Form},
        http::{self, RequestId, ScriptNonce},
        markup,
        state::AppState,
    },
    routes,
    ui::{
        Notice, Theme, Undo,
        frame::{Chrome, Document, Frame, NavEntry, NavGroup, UndoForm},
        icon::Icon,
    },
};

/// The whole server as one service.
pub fn service(state: &AppState) -> Router {
    let settings = state.settings();
    let sessions =
        tower_sessions::SessionManagerLayer::new(crate::identity::sessions::Store::new(state.clone()))
            .with_name(crate::platform::config::Settings::session_cookie(
                settings.is_https(),
            ))
            .with_secure(settings.is_https())
            .with_http_only(true)
            .with_same_site(tower_sessions::cookie::SameSite::Lax)
            .with_path("/")
            .with_expiry(tower_sessions::Expiry::OnInactivity(time::Duration::days(
                settings.session_days,
            )));
    let router = routes::all()
        .into_router()
        .fallback(elsewhere)
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(sessions);
    http::layers(
        router,
        state,
        axum::middleware::from_fn_with_state(state.clone(), frame),
    )
}

/// An address typed with a slash at its end is meant without it.
async fn elsewhere(method: Method, uri: Uri) -> Result<Response> {
    let trimmed = uri
        .path()
        .strip_suffix('/')
        .filter(|path| method == Method::GET && path.starts_with("/w/"));
    let Some(path) = trimmed else {
        return Err(Error::NotFound);
    };
    let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
    Ok(axum::response::Redirect::permanent(&format!("{path}{query}")).into_response())
}

/// What a request says about the frame that its answer is put in.
struct FrameRequest {
    uri: Uri,
    theme: Theme,
    nonce: String,
    takes_gzip: bool,
}

impl FrameRequest {
    fn of(request: &Request) -> Self {
        Self {
            uri: request.uri().clone(),
            theme: Theme::of(request.headers()),
            nonce: request
                .extensions()
                .get::<ScriptNonce>()
                .map_or_else(String::new, |nonce| nonce.0.clone()),
            takes_gzip: markup::takes_gzip(request.headers()),
        }
    }
}

/// Puts pages into the frame and says errors on a page, or as JSON to whoever does not read pages.
pub async fn frame(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let (method, wanted) = (request.method().clone(), FrameRequest::of(&request));
    let uri = &wanted.uri;
    let request_id = RequestId::of(request.extensions());
    let reads_pages = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_none_or(|accept| accept.contains("text/html") || accept.contains("*/*"));
    let is_call = uri.path().starts_with("/api/");
    let seen = Seen::default();
    let (mut request, lent) = lend_form(request);
    request.extensions_mut().insert(seen.clone());
    let mut response = next.run(request).await;
    // An address that does not parse leads nowhere.
    if response.status() == StatusCode::BAD_REQUEST
        && !is_call
        && response.extensions().get::<Page>().is_none()
    {
        response = Error::NotFound.into_response();
    }

    if let Some(error) = response.extensions_mut().remove::<Error>() {
        if is_call || !reads_pages {
            return with_body(
                response,
                header::HeaderValue::from_static("application/json"),
                serde_json::json!({ "error": error, "what": error.to_string(), "request_id": request_id })
                    .to_string(),
            );
        }
        if error == Error::SignedOut {
            let path = uri
                .path_and_query()
                .map_or("/", axum::http::uri::PathAndQuery::as_str);
            let mut answer = if method == Method::GET || method == Method::HEAD {
                accounts::sign_in::redirect_to_sign_in(path)
            } else {
                let form = match lent {
                    Some(lent) => lent.form().await,
                    None => None,
                };
                accounts::sign_in::signed_out_page(&state, path, form).into_response()
            };
            let page = answer.extensions_mut().remove::<Page>();
            return match page {
                Some(page) => frame_page(&state, answer, page, &wanted).await,
                None => answer,
            };
        }
        let page = error_page(&error, &request_id, seen.viewer(), uri);
        return frame_page(&state, response, page, &wanted).await;
    }
    match response.extensions_mut().remove::<Page>() {
        Some(page) => frame_page(&state, response, page, &wanted).await,
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED && reads_pages => {
            let page = Page::standalone("Not this way", || {
                view! {
                    <h1>"Not this way"</h1>
                    <p>"This address only receives forms. It has no page of its own."</p>
                    <p>
                        <a href="/">"Back to the start"</a>
                    </p>
                }
            });
            frame_page(&state, response, page, &wanted).await
        }
        None => response,
    }
}

/// The body of a form, which is read by whoever takes the form; what nobody read is given back.
struct Lent {
    body: Arc<Mutex<Option<Body>>>,
    kind: header::HeaderValue,
}

/// What is given back of a form is shorter than this and comes within this time. Of one that carries a file,
/// it is the texts before the file.
const GIVEN_BACK_BYTES: usize = 256 * 1024;
const GIVEN_BACK_WITHIN: Duration = Duration::from_secs(5);

/// Lends the body of a page's form to the handlers, so that a form whose session has ended is not lost: they
/// refuse it before they read it.
fn lend_form(request: Request) -> (Request, Option<Lent>) {
    let kind = request.headers().get(header::CONTENT_TYPE).cloned();
    let Some(kind) = kind.filter(|_| request.method() == Method::POST && form::is_form(request.headers()))
    else {
        return (request, None);
    };
    let (parts, body) = request.into_parts();
    let body = Arc::new(Mutex::new(Some(body)));
    let reader = body.clone();
    let taken = stream::once(async move { take(&reader).map(Body::into_data_stream) })
        .flat_map(|body| stream::iter(body).flatten());
    let lent = Lent { body, kind };
    (Request::from_parts(parts, Body::from_stream(taken)), Some(lent))
}

fn take(body: &Mutex<Option<Body>>) -> Option<Body> {
    body.lock().ok()?.take()
}

impl Lent {
    /// What was typed, unless it was taken, is too long, or comes too slowly.
    async fn form(&self) -> Option<Form> {
        let body = take(&self.body)?;
        let read = async {
            let mut bytes = Vec::new();
            let mut chunks = body.into_data_stream();
            while bytes.len() < GIVEN_BACK_BYTES
                && let Some(Ok(chunk)) = chunks.next().await
            {
                bytes.extend_from_slice(&chunk);
            }
            bytes
        };
        let bytes = tokio::time::timeout(GIVEN_BACK_WITHIN, read).await.ok()?;
        form::given_back(&self.kind, bytes, GIVEN_BACK_BYTES).await
    }
}

fn with_body(mut response: Response, content_type: header::HeaderValue, body: String) -> Response {
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response.headers_mut().remove(header::CONTENT_LENGTH);
    *response.body_mut() = body.into();
    response
}

async fn frame_page(state: &AppState, response: Response, page: Page, wanted: &FrameRequest) -> Response {
    let chrome = match &page.viewer {
        Some(viewer) => chrome(state, viewer, page.room, &wanted.uri).await.ok(),
        None => None,
    };
    let notice = page
        .viewer
        .as_ref()
        .and_then(|viewer| notice(viewer, &wanted.uri));
    let printed = page
        .viewer
        .as_ref()
        .map(|viewer| format!("{} · {}", viewer.workspace(), viewer.today().format_long()));
    let has_islands = page.has_islands();
    // The nonce is new with every answer, so nothing that somebody wrote is taken for the place.
    let place = format!("<!--{}-->", wanted.nonce);
    let document = Document {
        title: page.title,
        body: page.body.clone(),
        place: place.clone(),
        has_islands,
        chrome,
        printed,
        notice,
        nonce: wanted.nonce.clone(),
        theme: wanted.theme,
        package: assets::package_folder(),
    };
    let html = render(move || view! { <Frame document=document /> });
    let mut framed = page.body.within(&html, &place).respond(wanted.takes_gzip);
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    *framed.status_mut() = parts.status;
    framed.headers_mut().extend(parts.headers);
    framed.extensions_mut().extend(parts.extensions);
    framed
}

/// What was just done, and where it is undone.
fn notice(viewer: &Viewer, uri: &Uri) -> Option<(Notice, Option<UndoForm>)> {
    let said = |name: &str| {
        uri.query()?
            .split('&')
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    };
    let done: Notice = said("done")?.parse().ok()?;
    let undo = said("undo")
        .and_then(|code| code.parse::<Undo>().ok())
        .filter(|undo| undo.undoes() == done)
        .map(|undo| UndoForm {
            action: viewer.path(&undo.path()),
            back: uri.path().to_owned(),
        });
    Some((done, undo))
}

/// The rooms that have a page of their own to go on from.
const ROOMS: [&str; 13] = [
    "definition",
    "decisions",
    "technologies",
    "reviews",
    "initiatives",
    "milestones",
    "capacity",
    "goals",
    "access",
    "kpis",
    "desk",
    "history",
    "members",
];

/// The rooms in a phone's bar.
const MAIN_ROOMS: [&str; 4] = ["", "desk", "decisions", "kpis"];

async fn chrome(state: &AppState, viewer: &Viewer, room: &'static str, uri: &Uri) -> Result<Chrome> {
    let others = members::read::workspaces_of(state, viewer.account_id()).await?;
    let desk = desk::brief::summary(viewer).await?;
    let is_overview = uri.path() == viewer.path("");
    let entry = |path: &'static str, name: &'static str, key: char, icon: Icon, group: NavGroup| NavEntry {
        key,
        href: viewer.path(path),
        name,
        icon,
        is_current: if path.is_empty() {
            is_overview
        } else {
            path == room
        },
        group,
        is_main: MAIN_ROOMS.contains(&path),
        waiting: if path == "desk" {
            (desk.count, desk.overdue > 0)
        } else {
            (0, false)
        },
    };
    let part = match viewer.side() {
        Some(side) => format!("{}, {}", viewer.role().name(), side.name()),
        None if viewer.is_admin() => "Administrator".to_owned(),
        None => viewer.role().name().to_owned(),
    };
    Ok(Chrome {
        workspace: viewer.workspace().to_owned(),
        home: viewer.path(""),
        person: viewer.name().to_owned(),
        part,
        entries: vec![
            entry("", "Overview", 'o', Icon::Overview, NavGroup::Mine),
            entry("desk", "Desk", 'd', Icon::Desk, NavGroup::Mine),
            entry("definition", "Definition", 'f', Icon::Definition, NavGroup::Agree),
            entry("decisions", "Decisions", 'c', Icon::Decisions, NavGroup::Agree),
            entry(
                "technologies",
                "Technologies",
                't',
                Icon::Technologies,
                NavGroup::Agree,
            ),
            entry("reviews", "Reviews", 'r', Icon::Reviews, NavGroup::Agree),
            entry("sources", "Sources", 's', Icon::Sources, NavGroup::Agree),
            entry(
                "initiatives",
                "Initiatives",
                'i',
                Icon::Initiatives,
                NavGroup::Work,
            ),
            entry("milestones", "Milestones", 'm', Icon::Milestones, NavGroup::Work),
            entry("capacity", "Capacity", 'a', Icon::Capacity, NavGroup::Work),
            entry("goals", "Goals", 'g', Icon::Goals, NavGroup::Measure),
            entry("kpis", "KPIs", 'k', Icon::Kpis, NavGroup::Measure),
            entry("history", "History", 'h', Icon::History, NavGroup::Record),
            entry("members", "Members", 'e', Icon::Members, NavGroup::Record),
        ],
        others: others
            .into_iter()
            .filter(|other| other.slug != viewer.slug())
            .map(|other| (format!("/w/{}", other.slug), other.name))
            .collect(),
    })
}

/// What happened, in words, and where to go.
fn error_page(error: &Error, request_id: &str, viewer: Option<&Viewer>, uri: &Uri) -> Page {
    let title = match error {
        Error::NotFound => "Not found",
        Error::SignedOut => "Signed out",
        Error::Forbidden => "Not allowed",
        Error::ForeignOrigin => "Refused",
        Error::Invalid(_) => "Not accepted",
        Error::Conflict => "Already changed",
        Error::Gone => "This link has expired",
        Error::TooLarge => "Too large",
        Error::TooMany { .. } => "Too many attempts",
        Error::Busy => "Busy",
        Error::Full => "No space left",
        Error::Internal => "Broken",
    };
    let (message, request_id) = (error.to_string(), request_id.to_owned());
    let names_request = matches!(error, Error::Busy | Error::Full | Error::Internal);
    let hint = match error {
        Error::Gone => "Ask the person who sent the link for a new one.",
        Error::Forbidden if viewer.is_some() => {
            "You can read this workspace, but your role does not allow this. An administrator can change your role."
        }
        Error::Forbidden => {
            "If you need to do this, ask an administrator of the workspace to change your role."
        }
        Error::TooLarge => "Nothing was saved. Go back and send a smaller file, or a link to the file.",
        Error::Conflict => "Go back and reload the page to see the current text.",
        _ => "",
    };
    // The list that the address belongs to.
    let way_on = viewer.map(|viewer| {
        let path = uri.path().strip_prefix(&viewer.path("")).unwrap_or_default();
        let path = path.trim_matches('/');
        match path.split('/').next() {
            Some(room) if path != room && ROOMS.contains(&room) => (viewer.path(room), "To the list"),
            _ => (viewer.path(""), "Overview"),
        }
    });
    let (href, verb) = way_on.unwrap_or_else(|| ("/".to_owned(), "Back to the start"));
    let body = move || {
        view! {
            <h1>{title}</h1>
            <p>{message}</p>
            {(!hint.is_empty()).then(|| view! { <p>{hint}</p> })}
            {names_request
                .then(|| {
                    view! {
                        <p class="faint">
                            "If you report this to your administrator, quote this request: "
                            <code>{request_id}</code>
                        </p>
                    }
                })}
            <p>
                <a class="button is-primary" href=href>
                    {verb}
                </a>
            </p>
        }
    };
    match viewer {
        Some(viewer) => Page::new(viewer, "", title, |_| body()),
        None => Page::standalone(title, body),
    }
}
