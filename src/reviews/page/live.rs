//! That something was recorded, told to whoever looks at the stage: as a stream of events, or for one
//! question.

use std::convert::Infallible;

use axum::{
    Json,
    extract::Path,
    http::{HeaderMap, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};

use crate::{identity::Viewer, platform::error::Result, reviews::read};

/// `/reviews/4/live`: how often it changed so far. Says nothing of what changed; the page that is read anew
/// does.
pub async fn live(
    viewer: Viewer,
    Path((_, number)): Path<(String, i64)>,
    headers: HeaderMap,
) -> Result<Response> {
    let review = read::one(&viewer, number).await?;
    let wants_stream = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accepts| accepts.contains("text/event-stream"));
    if !wants_stream {
        return Ok(Json(serde_json::json!({ "pulse": review.pulse })).into_response());
    }
    let seen = viewer.follow(review.id.uuid(), move |viewer| async move {
        read::pulse(&viewer, number).await.ok()
    });
    let events = futures_util::stream::unfold(seen, async |mut seen| {
        seen.changed().await.ok()?;
        let pulse = (*seen.borrow_and_update())?;
        let event = Event::default().data(format!("{{\"pulse\":{pulse}}}"));
        Some((Ok::<Event, Infallible>(event), seen))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::default()).into_response())
}
