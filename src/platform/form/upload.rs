//! A form that carries a file.

use axum::{
    body::Body,
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    http::{HeaderValue, StatusCode, header},
};

use super::{Form, MOST_FIELDS, is_of_kind};

use crate::platform::{
    error::{Error, Result},
    ids::AccountId,
    state::AppState,
    text,
    upload_places::UploadPlace,
};

/// A form of this length takes no more memory than any other.
const SHORT: usize = 64 * 1024;

/// Whose session a request was found to carry. Whoever has none sends no file.
#[derive(Clone, Copy)]
pub struct Uploader(pub AccountId);

/// A file as it was chosen.
#[derive(Clone, Debug)]
pub struct ChosenFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The parts of a form that sends files, read whole: searched chunk by chunk, a body without an end costs the
/// square of its size.
pub struct Parts {
    pub multipart: Multipart,
    /// Held until the file is worked, not only until it has arrived.
    pub place: Option<UploadPlace>,
}

impl FromRequest<AppState> for Parts {
    type Rejection = Error;

    async fn from_request(request: Request, state: &AppState) -> Result<Self> {
        let Uploader(account) = *request.extensions().get().ok_or(Error::SignedOut)?;
        let length = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
        let place = match length {
            Some(length) if length <= SHORT => None,
            _ => Some(state.upload_places().take(account)?),
        };
        let (head, body) = request.into_parts();
        let whole = axum::body::to_bytes(body, usize::MAX)
            .await
            .map_err(|_| Error::TooLarge)?;
        let request = Request::from_parts(head, Body::from(whole));
        Multipart::from_request(request, state)
            .await
            .map(|multipart| Self { multipart, place })
            .map_err(|_| Error::invalid("", "Send this as a form."))
    }
}

/// A form with room for one file beside its fields, whose own field holds the file's name; it may also come
/// without, as any other form does.
pub struct Upload {
    pub form: Form,
    pub file: Option<ChosenFile>,
    pub place: Option<UploadPlace>,
}

impl FromRequest<AppState> for Upload {
    type Rejection = Error;

    async fn from_request(request: Request, state: &AppState) -> Result<Self> {
        if !is_of_kind(request.headers(), "multipart/form-data") {
            return Ok(Self {
                form: Form::from_request(request, state).await?,
                file: None,
                place: None,
            });
        }
        let broken = |error: MultipartError| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            _ => Error::invalid("", "The file arrived incomplete. Send it again."),
        };
        let Parts {
            multipart: mut parts,
            place,
        } = Parts::from_request(request, state).await?;
        let (mut form, mut file) = (Form::blank(), None);
        while let Some(part) = parts.next_field().await.map_err(broken)? {
            let (field, chosen) = (
                part.name().unwrap_or_default().to_owned(),
                part.file_name().map(text::line),
            );
            let bytes = part.bytes().await.map_err(broken)?;
            match chosen {
                // Without a name, none was chosen.
                Some(name) if !name.is_empty() => {
                    form.set(&field, name.clone());
                    file = Some(ChosenFile {
                        name,
                        bytes: bytes.to_vec(),
                    });
                }
                Some(_) => {}
                None => form
                    .fields
                    .push((field, String::from_utf8_lossy(&bytes).into_owned())),
            }
            if form.fields.len() > MOST_FIELDS {
                return Err(Error::TooLarge);
            }
        }
        Ok(Self { form, file, place })
    }
}

/// The texts of a form that carries a file, as far as its body goes.
pub(super) async fn texts(kind: &HeaderValue, body: Vec<u8>) -> Option<Form> {
    let mut request = Request::new(Body::from(body));
    request.headers_mut().insert(header::CONTENT_TYPE, kind.clone());
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    let mut form = Form::blank();
    while let Ok(Some(part)) = parts.next_field().await {
        let field = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() || form.fields.len() >= MOST_FIELDS {
            continue;
        }
        let Ok(text) = part.text().await else { break };
        form.fields.push((field, text));
    }
    Some(form)
}

/// A table that was sent as a file or pasted: its bytes, and what was pasted, to be given back.
///
/// # Errors
/// Why there is none, as a sentence.
pub async fn table(mut parts: Multipart, most: usize) -> std::result::Result<(Vec<u8>, String), String> {
    let broken = |_| {
        format!(
            "The file arrived incomplete, or is larger than {} MB.",
            most / 1_000_000
        )
    };
    let (mut found, mut pasted) = (Vec::new(), String::new());
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let is_pasted = part.name() == Some("pasted");
        let is_wanted = is_pasted || part.name() == Some("file");
        let bytes = part.bytes().await.map_err(broken)?;
        if is_pasted {
            pasted = String::from_utf8_lossy(&bytes).into_owned();
        }
        if is_wanted && found.is_empty() {
            found = bytes.to_vec();
        }
    }
    if found.iter().all(u8::is_ascii_whitespace) {
        Err("Choose a file, or paste a table.".to_owned())
    } else {
        Ok((found, pasted))
    }
}
