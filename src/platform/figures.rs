//! The figures and the probes on an address of their own, which nobody outside needs to reach.

use axum::{Router, extract::State, http::header, response::IntoResponse, routing::get};

use super::{
    http::{livez, readyz},
    mail,
    metrics::Readings,
    state::AppState,
};

/// Answers for as long as the process runs, so that `/readyz` says no while it stops.
pub async fn serve(listener: tokio::net::TcpListener, state: AppState) -> std::io::Result<()> {
    axum::serve(listener, routes(state)).await
}

/// `/metrics`, and the probes.
pub fn routes(state: AppState) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/livez", get(livez))
        .route("/readyz", get(readyz))
        .with_state(state)
}

async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    // Whoever watches a database that is out of reach wants the other figures all the more.
    let outbox = mail::outbox(&state).await.unwrap_or_default();
    state.metrics().set(&Readings {
        database_connections: state.db().connections(),
        letters_waiting: outbox.waiting,
        letters_given_up: outbox.given_up,
        oldest_letter_seconds: outbox.oldest_seconds,
        log_bytes: state.db().log_bytes(),
        verified_at: state.settings().verified_at(),
    });
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], state.metrics().text())
}
