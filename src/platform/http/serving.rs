//! Taking connections, and going down without dropping anybody.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};
use tower::ServiceExt as _;

use super::connection::{Activity, Limits, Peers, WatchedSocket};
use crate::platform::state::AppState;

/// How long requests may finish once the server is told to stop.
const DRAIN_WITHIN: Duration = Duration::from_secs(20);
const LARGEST_HEADERS: usize = 16 * 1024;

/// Connections kept free for [`livez`](super::livez) and [`readyz`](super::readyz): who asks whether the
/// server is well is not to be told that it is busy.
const FOR_PROBES: usize = 16;

/// The share of all connections that one address may hold, unless it is a trusted proxy's.
const SHARE_OF_AN_ADDRESS: usize = 4;

pub(super) fn is_probe(path: &str) -> bool {
    matches!(path, "/livez" | "/readyz")
}

/// Takes connections until `stop`, then lets what runs finish.
pub async fn serve(listener: TcpListener, routes: Router, state: AppState, stop: impl Future<Output = ()>) {
    serve_within(listener, routes, state, Limits::default(), stop).await;
}

/// The same, with other limits of a connection.
pub async fn serve_within(
    listener: TcpListener,
    routes: Router,
    state: AppState,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let most = usize::try_from(state.settings().max_connections).unwrap_or(1000);
    let (places, for_probes) = (
        Arc::new(Semaphore::new(most)),
        Arc::new(Semaphore::new(FOR_PROBES)),
    );
    let peers = Peers::default();
    let draining = state.draining().clone();
    let graceful = GracefulShutdown::new();
    let mut told = None;
    let delay = Duration::from_secs(state.settings().stop_delay_seconds);
    let mut closing = tokio::time::Instant::now();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop, if !draining.is_cancelled() => {
                // From here on `readyz` says no; whoever sends visitors here hears of it before the door
                // closes.
                tracing::info!("stopping");
                draining.cancel();
                closing = tokio::time::Instant::now() + delay;
                continue;
            }
            () = tokio::time::sleep_until(closing), if draining.is_cancelled() => break,
        };
        let Ok((socket, peer)) = accepted else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let is_proxy = state
            .settings()
            .trusted_proxies
            .iter()
            .any(|net| net.contains(&peer.ip()));
        let share = if is_proxy {
            usize::MAX
        } else {
            (most / SHARE_OF_AN_ADDRESS).max(SHARE_OF_AN_ADDRESS)
        };
        let Some(slot) = peers.take(peer.ip(), share) else {
            // At most a line a minute: whoever connects again and again does not fill the log.
            if told.is_none_or(|at: tokio::time::Instant| at.elapsed() > Duration::from_mins(1)) {
                tracing::warn!(address = %peer.ip(), connections = share, "an address holds its share of connections");
                told = Some(tokio::time::Instant::now());
            }
            continue;
        };
        let (place, probes_only) = match places.clone().try_acquire_owned() {
            Ok(place) => (place, false),
            Err(_) => match for_probes.clone().try_acquire_owned() {
                Ok(place) => (place, true),
                Err(_) => continue,
            },
        };
        // With Nagle's algorithm a page waits for the browser's delayed acknowledgement.
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(error = %error, "TCP_NODELAY was not set");
        }
        let activity = Activity::new();
        let service = {
            let (routes, activity) = (routes.clone(), activity.clone());
            tower::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let (routes, exchange) = (routes.clone(), activity.begin(limits));
                async move {
                    let response = if probes_only && !is_probe(request.uri().path()) {
                        busy()
                    } else {
                        let mut request = request.map(Body::new);
                        request.extensions_mut().insert(peer);
                        routes.oneshot(request).await.into_response()
                    };
                    Ok::<_, Infallible>(response.map(|body| exchange.watch(body)))
                }
            })
        };
        let socket = TokioIo::new(WatchedSocket::new(socket, activity.clone()));
        let connection = http_of(limits)
            .serve_connection(socket, TowerToHyperService::new(service))
            .into_owned();
        let connection = graceful.watch(connection);
        let (draining, counted) = (draining.clone(), state.metrics().connection());
        tokio::spawn(async move {
            let _held = (place, slot, counted);
            hold(connection, &activity, limits, &draining).await;
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_WITHIN, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Lets a connection work until it ends, or has held its place for too long.
async fn hold<E: std::fmt::Display>(
    connection: impl Future<Output = Result<(), E>>,
    activity: &Activity,
    limits: Limits,
    draining: &tokio_util::sync::CancellationToken,
) {
    let mut tick = tokio::time::interval(limits.tick());
    tokio::pin!(connection);
    loop {
        tokio::select! {
            ended = &mut connection => {
                if let Err(error) = ended {
                    tracing::debug!(error = %error, "a connection ended early");
                }
                return;
            }
            _ = tick.tick() => if activity.is_over(limits.while_draining(draining.is_cancelled())) {
                tracing::debug!("a connection held its place for too long");
                return;
            }
        }
    }
}

fn busy() -> Response<Body> {
    let headers = [(header::RETRY_AFTER, "5"), (header::CONNECTION, "close")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, "busy\n").into_response()
}

/// What a browser opens at once, and no more.
const STREAMS_OF_A_CONNECTION: u32 = 64;

/// Both protocols. Hyper's timer bounds the header of every request after the first, too.
fn http_of(limits: Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_buf_size(LARGEST_HEADERS.max(8192));
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(16 * 1024)
        .max_concurrent_streams(STREAMS_OF_A_CONNECTION)
        .keep_alive_interval(Duration::from_secs(20));
    builder
}

/// SIGTERM, or Ctrl-C.
pub async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::warn!(error = %error, "SIGTERM cannot be heard; Ctrl-C can");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
