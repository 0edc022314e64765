//! Scripts, styles and icons, embedded in the binary with their compressed forms. What lies under the build's
//! id never changes, so browsers keep it for a year.

use std::sync::OnceLock;

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use rust_embed::RustEmbed;

use super::error::Error;

#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Changes whenever a script or a style does.
pub fn build_id() -> &'static str {
    static BUILD: OnceLock<String> = OnceLock::new();
    BUILD.get_or_init(|| {
        use sha2::{Digest, Sha256};
        let mut names: Vec<_> = Site::iter().filter(|name| name.starts_with("pkg/")).collect();
        names.sort();
        let mut digest = Sha256::new();
        for file in names.iter().filter_map(|name| Site::get(name)) {
            digest.update(file.metadata.sha256_hash());
        }
        hex::encode(digest.finalize()).chars().take(12).collect()
    })
}

/// `pkg/<build id>`, relative to the site's root: what Leptos calls its package folder.
pub fn package_folder() -> String {
    format!("pkg/{}", build_id())
}

/// `/pkg/{build}/{file}`. A page of the build before still finds its files by name.
pub async fn package(
    Path((build, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response<Body>, Error> {
    let caching = if build == build_id() {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    serve(&format!("pkg/{file}"), &headers, caching).ok_or(Error::NotFound)
}

pub async fn favicon(headers: HeaderMap) -> Result<Response<Body>, Error> {
    serve("favicon.svg", &headers, "public, max-age=86400").ok_or(Error::NotFound)
}

/// `/stage.js`: what a review's stage does in the browser.
pub async fn stage(headers: HeaderMap) -> Result<Response<Body>, Error> {
    serve("stage.js", &headers, "no-cache").ok_or(Error::NotFound)
}

/// `/fonts/{file}`: the typeface, which never changes under its name.
pub async fn font(Path(file): Path<String>, headers: HeaderMap) -> Result<Response<Body>, Error> {
    serve(
        &format!("fonts/{file}"),
        &headers,
        "public, max-age=31536000, immutable",
    )
    .ok_or(Error::NotFound)
}

pub async fn robots() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        "User-agent: *\nDisallow: /\n",
    )
}

fn serve(name: &str, headers: &HeaderMap, caching: &'static str) -> Option<Response<Body>> {
    let original = Site::get(name)?;
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let accepts = |coding: &str| {
        accepted.split(',').any(|offer| {
            let (name, quality) = offer.split_once(';').unwrap_or((offer, ""));
            name.trim() == coding && !matches!(quality.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    };
    let (file, coding) = [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(coding, _)| accepts(coding))
        .find_map(|(coding, extension)| Some((Site::get(&format!("{name}.{extension}"))?, Some(coding))))
        .unwrap_or((original, None));

    let mut response = Response::new(Body::from(file.data));
    *response.status_mut() = StatusCode::OK;
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, content_type(name));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}

fn content_type(name: &str) -> HeaderValue {
    let guessed = mime_guess::from_path(name).first_or_octet_stream();
    let text = guessed.type_() == "text"
        || guessed.subtype() == "javascript"
        || guessed.subtype() == "json"
        || guessed.suffix().is_some();
    let full = if text {
        format!("{guessed}; charset=utf-8")
    } else {
        guessed.to_string()
    };
    HeaderValue::from_str(&full).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}
