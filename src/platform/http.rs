//! The server around the routes: who may connect, how much, how long; what every answer carries; and going
//! down without dropping anybody.

mod connection;
mod serving;

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Extensions, HeaderName, HeaderValue, Method, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use http_body_util::BodyExt as _;
use tokio::sync::Semaphore;
use tower_http::csrf::CsrfLayer;
use tracing::Instrument as _;

use self::serving::is_probe;
pub use self::{
    connection::Limits,
    serving::{serve, serve_within, stop_signal},
};
use super::{config::Settings, error::Error, state::AppState};

/// How long a request's body may take to arrive, and the request to be answered.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// How long a file may take, and what it asks for: five megabytes arrive at 0.7 Mbit/s.
const FILE_WITHIN: Duration = Duration::from_mins(1);
/// The document around the page asks the database once more.
const FOR_THE_FRAME: Duration = Duration::from_secs(5);

/// The span of one request: what is known of it later is said there, from wherever it is found out.
#[derive(Clone, Debug)]
pub struct RequestSpan(pub tracing::Span);

/// The name of one request, in its log lines, its audit events and its error page.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl RequestId {
    pub fn of(extensions: &Extensions) -> String {
        extensions
            .get::<Self>()
            .map_or_else(String::new, |id| id.0.clone())
    }
}

impl<S: Sync> axum::extract::FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(Self::of(&parts.extensions)))
    }
}

/// The secret of this answer's inline scripts.
#[derive(Clone, Debug)]
pub struct ScriptNonce(pub String);

/// The address that a request came from, as far as the configured proxies can be believed.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

impl<S: Sync> axum::extract::FromRequestParts<S> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts
            .extensions
            .get::<Self>()
            .copied()
            .unwrap_or(Self(IpAddr::from([0, 0, 0, 0]))))
    }
}

/// The addresses that proxies say a request came through, joined to one list: whoever adds a line of their
/// own adds hops at its left end.
fn forwarded_hops(headers: &axum::http::HeaderMap, settings: &Settings) -> Option<String> {
    let lines: Vec<&str> = headers
        .get_all(settings.forwarded_header.as_str())
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    if lines.is_empty() {
        return None;
    }
    let all = lines.join(",");
    if settings.forwarded_header != "forwarded" {
        return Some(all);
    }
    // `for=192.0.2.60;proto=https, for="[2001:db8::7]:4711"`; a hop without an address breaks the chain.
    let hops: Vec<String> = all
        .split(',')
        .map(|hop| {
            hop.split(';')
                .filter_map(|pair| pair.trim().split_once('='))
                .find(|(name, _)| name.eq_ignore_ascii_case("for"))
                .map_or_else(String::new, |(_, address)| address.trim_matches('"').to_owned())
        })
        .collect();
    Some(hops.join(","))
}

/// The right-most address that no trusted proxy vouches for.
fn client_address(peer: IpAddr, forwarded: Option<&str>, settings: &Settings) -> IpAddr {
    let trusted = |ip: &IpAddr| settings.trusted_proxies.iter().any(|net| net.contains(ip));
    let mut client = peer;
    for hop in forwarded.unwrap_or_default().rsplit(',') {
        if !trusted(&client) {
            break;
        }
        match address_of(hop.trim()) {
            Some(ip) => client = ip,
            None => break,
        }
    }
    client
}

/// Some proxies write the port, too.
fn address_of(hop: &str) -> Option<IpAddr> {
    hop.parse()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
}

/// What stands as it is in an encoded file name (RFC 8187).
const FILE_NAME: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'-')
    .remove(b'_');

/// A file to keep, which no browser shows as a page.
pub fn attachment(body: impl Into<Body>, kind: &str, name: &str) -> Response<Body> {
    // A plain name for old readers, the whole one encoded beside it.
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded = percent_encoding::utf8_percent_encode(name, FILE_NAME);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    (
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        body.into(),
    )
        .into_response()
}

/// Everything that surrounds the routes, outermost last.
pub fn layers<L>(router: Router<AppState>, state: &AppState, frame: L) -> Router
where
    L: tower::Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
    L::Service: tower::Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    <L::Service as tower::Service<Request>>::Response: IntoResponse + 'static,
    <L::Service as tower::Service<Request>>::Future: Send + 'static,
{
    let settings = state.settings();
    let mut csrf = CsrfLayer::new();
    let origin = settings.origin();
    match csrf.clone().add_trusted_origin(&origin) {
        Ok(trusting) => csrf = trusting,
        Err(error) => tracing::warn!(error = %error, "the public URL is not an origin that can be trusted"),
    }
    let most = usize::try_from(settings.max_requests).unwrap_or(512);
    let limits = RequestLimits {
        in_flight: Arc::new(Semaphore::new(most)),
        of_address: connection::Peers::default(),
        share: (most / SHARE_OF_AN_ADDRESS).max(SHARE_OF_AN_ADDRESS),
        body_limit: usize::try_from(settings.body_limit).unwrap_or(256 * 1024),
    };
    router
        // The limits below bound every body, files too.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(axum::middleware::from_fn(content_type_of_forms))
        .layer(
            csrf.with_rejection_response(move |_: tower_http::csrf::ProtectionError| {
                // The operator's first suspect: people type another address than the setting says.
                tracing::warn!(target: "security", expected = origin, "a form came from another origin");
                Error::ForeignOrigin.into_response()
            }),
        )
        .layer(axum::middleware::from_fn(move |request: Request, next: Next| {
            limit(request, next, limits.clone())
        }))
        .layer(tower_http::catch_panic::CatchPanicLayer::custom(panicked))
        .layer(frame)
        .layer(compression())
        .layer(axum::middleware::from_fn_with_state(
            state.clone(),
            request_id_and_headers,
        ))
        .with_state(state.clone())
}

/// Pages that are not kept, and exports, at a level that costs little time: zstd where the browser takes it,
/// gzip elsewhere; brotli would take two thirds of what a page costs. The embedded assets come compressed
/// already. Nothing secret is echoed beside what a stranger may choose, so the length of a page tells
/// nothing.
fn compression() -> tower_http::compression::CompressionLayer<impl tower_http::compression::Predicate> {
    use tower_http::compression::{CompressionLayer, CompressionLevel, Predicate as _, predicate::SizeAbove};
    let is_text = |_: StatusCode, _: axum::http::Version, headers: &axum::http::HeaderMap, _: &Extensions| {
        headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| {
                let is_text = kind.starts_with("text/") || kind.starts_with("application/json");
                // A stream of events is sent as they come.
                is_text && !kind.starts_with("text/event-stream")
            })
    };
    CompressionLayer::new()
        .quality(CompressionLevel::Fastest)
        .compress_when(SizeAbove::new(1024).and(is_text))
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message");
    tracing::error!(panic = what, "a request panicked");
    Error::Internal.into_response()
}

/// Where files are sent, how many bytes they may have with what surrounds them, and whether a form without a
/// file may come there too.
const UPLOADS: [(&str, usize, bool); 3] = [
    ("/kpis/import", 5_300_000, false),
    ("/preview", 5_300_000, false),
    ("/pass", 12_000_000, true),
];

/// Whether a form to this address is sent as one that carries a file, even without any.
pub fn takes_files_alone(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    upload(path).is_some_and(|(_, also_plain)| !also_plain)
}

/// Whether a form to this address may carry a file.
pub fn takes_files(path: &str) -> bool {
    upload(path.split('?').next().unwrap_or_default()).is_some()
}

fn upload(path: &str) -> Option<(usize, bool)> {
    UPLOADS
        .iter()
        .find(|(end, ..)| path.ends_with(end))
        .map(|(_, most, also_plain)| (*most, *also_plain))
}

fn carries_a_file(request: &Request) -> bool {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    request.method() == Method::POST && kind.starts_with("multipart/form-data")
}

fn answer_within(request: &Request) -> Duration {
    if upload(request.uri().path()).is_some() && carries_a_file(request) {
        FILE_WITHIN
    } else {
        ANSWER_WITHIN
    }
}

/// Feeds deliver here with a secret of their own; a cookie counts for nothing.
const DELIVERIES: &str = "/api/kpi-values";

/// A body that is neither a form nor a call is refused before anybody reads it.
async fn content_type_of_forms(request: Request, next: Next) -> Response<Body> {
    let posts = request.method() == Method::POST;
    let path = request.uri().path();
    let expected: &[&str] = match upload(path) {
        Some((_, false)) => &["multipart/form-data"],
        Some((_, true)) => &["multipart/form-data", "application/x-www-form-urlencoded"],
        None if path == DELIVERIES => &["application/x-www-form-urlencoded", "application/json"],
        None => &["application/x-www-form-urlencoded"],
    };
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if posts
        && !expected
            .iter()
            .any(|expected| kind.eq_ignore_ascii_case(expected))
    {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    next.run(request).await
}

/// A browser shows the answer only once it has sent what it wanted to send; no more than this is listened to.
const MOST_DRAINED: usize = 64 * 1024 * 1024;

async fn drain_body(mut body: Body) {
    let mut left = MOST_DRAINED;
    while let Some(Ok(frame)) = body.frame().await {
        left = left.saturating_sub(frame.data_ref().map_or(0, bytes::Bytes::len));
        if left == 0 {
            return;
        }
    }
}

/// Whether a browser says that it is signed in; the room finds out whether that is so.
fn has_session(request: &Request) -> bool {
    [true, false].into_iter().any(|https| {
        request
            .headers()
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .any(|cookies| cookies.contains(&format!("{}=", Settings::session_cookie(https))))
    })
}

/// How many requests are worked at once, of all addresses and of each, and how much each may send.
#[derive(Clone)]
struct RequestLimits {
    in_flight: Arc<Semaphore>,
    of_address: connection::Peers,
    share: usize,
    body_limit: usize,
}

/// Of the requests that are worked at once, one address has at most one in so many.
const SHARE_OF_AN_ADDRESS: usize = 4;

async fn limit(request: Request, next: Next, limits: RequestLimits) -> Response<Body> {
    if is_probe(request.uri().path()) {
        return next.run(request).await;
    }
    let RequestLimits {
        in_flight,
        of_address,
        share,
        body_limit,
    } = limits;
    let client = request.extensions().get::<ClientAddress>().map(|client| client.0);
    let slot = client.map(|client| of_address.take(client, share));
    let (Ok(_permit), None | Some(Some(_))) = (in_flight.try_acquire_owned(), &slot) else {
        return Error::Busy.into_response();
    };
    let within = answer_within(&request);
    // Files come from people who are signed in; nobody else sends long bodies anywhere.
    let file = upload(request.uri().path()).filter(|_| carries_a_file(&request) && has_session(&request));
    let body_limit = file.map_or(body_limit, |(most, _)| most);
    let declared = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > body_limit) {
        // Who asks first has not sent anything yet.
        if !request.headers().contains_key(header::EXPECT) {
            let _ = tokio::time::timeout(ANSWER_WITHIN, drain_body(request.into_body())).await;
        }
        return Error::TooLarge.into_response();
    }
    let (parts, body) = request.into_parts();
    let body = Body::new(http_body_util::Limited::new(body, body_limit));
    let answer = next.run(Request::from_parts(parts, body));
    tokio::time::timeout(within, answer)
        .await
        .unwrap_or_else(|_| Error::Busy.into_response())
}

async fn request_id_and_headers(
    State(state): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let request_id = hex::encode(state.ids().bytes::<8>());
    let nonce = hex::encode(state.ids().bytes::<16>());
    let peer = request
        .extensions()
        .get::<SocketAddr>()
        .map_or(IpAddr::from([127, 0, 0, 1]), SocketAddr::ip);
    let forwarded = forwarded_hops(request.headers(), state.settings());
    let client = client_address(peer, forwarded.as_deref(), state.settings());
    let is_proxy = state
        .settings()
        .trusted_proxies
        .iter()
        .any(|net| net.contains(&peer));
    if !is_proxy && forwarded.is_some() {
        warn_of_untrusted(peer);
    }
    // Every line of the log that the request causes carries its id, its address and, once known, the account.
    let span = tracing::info_span!(
        "request",
        id = request_id,
        address = %client,
        account = tracing::field::Empty
    );
    let extensions = request.extensions_mut();
    extensions.insert(RequestId(request_id.clone()));
    extensions.insert(RequestSpan(span.clone()));
    extensions.insert(ScriptNonce(nonce.clone()));
    extensions.insert(ClientAddress(client));

    let (method, route) = (
        request.method().clone(),
        request
            .extensions()
            .get::<axum::extract::MatchedPath>()
            .map(|path| path.as_str().to_owned()),
    );
    let started = tokio::time::Instant::now();
    let within = answer_within(&request) + FOR_THE_FRAME;
    let work = tokio::time::timeout(within, next.run(request)).instrument(span.clone());
    let mut response = work.await.unwrap_or_else(|_| Error::Busy.into_response());
    let route = route.as_deref().unwrap_or("-");
    let (status, took) = (response.status().as_u16(), started.elapsed());
    span.in_scope(|| {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(method = %method, route, status, ms, "answered");
        if status == 403 {
            tracing::warn!(target: "security", method = %method, route, "a request was refused");
        }
    });
    state.metrics().answered(method.as_str(), route, status, took);
    set_headers(&mut response, &nonce, &request_id, state.settings().is_https());
    response
}

/// Says once a minute that a peer names visitors and is not believed: a proxy that was not declared makes all
/// of them one visitor, whom the limits then treat as one.
fn warn_of_untrusted(peer: IpAddr) {
    static TOLD: std::sync::Mutex<Option<tokio::time::Instant>> = std::sync::Mutex::new(None);
    let mut told = TOLD.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if told.is_none_or(|at| at.elapsed() > Duration::from_mins(1)) {
        *told = Some(tokio::time::Instant::now());
        tracing::warn!(
            peer = %peer,
            "a peer outside of HANDSHAKE_TRUSTED_PROXIES named a visitor's address; it was ignored. Add the peer if it \
                is your proxy"
        );
    }
}

/// A browser takes no `__Host-` cookie that is not `Secure`, and so would not let go of one either; the
/// session layer leaves it out where it takes the cookie back.
fn secure_cookies(headers: &mut axum::http::HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let text = cookie.to_str().unwrap_or_default();
        let secured = if text.starts_with("__Host-") && !text.contains("Secure") {
            HeaderValue::from_str(&format!("{text}; Secure")).unwrap_or(cookie)
        } else {
            cookie
        };
        headers.append(header::SET_COOKIE, secured);
    }
}

fn set_headers(response: &mut Response<Body>, nonce: &str, request_id: &str, https: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' \
            'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; \
         manifest-src 'self'"
    );
    let headers = response.headers_mut();
    secure_cookies(headers);
    let policy = if headers.contains_key(header::CONTENT_DISPOSITION) {
        "default-src 'none'; sandbox".to_owned()
    } else {
        policy
    };
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

pub async fn livez() -> &'static str {
    "ok\n"
}

/// Ready to take work: the database answers, takes what is written, and the server is not going down.
pub async fn readyz(State(state): State<AppState>) -> Response<Body> {
    if state.draining().is_cancelled() || !state.db().answers().await || state.refuses_writes().await {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response();
    }
    "ready\n".into_response()
}

#[cfg(test)]
mod tests;
