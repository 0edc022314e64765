//! One connection: how long it may take to ask, to ask again, and to read what it is answered. Hyper's own
//! timer starts once it knows the protocol, and knows nothing of who does not read or only answers pings.

use std::{
    io,
    net::IpAddr,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::Instant,
};

use crate::platform::shares::{Share, Shares};

/// How long an answer may stay unread once the server is told to stop.
const UNREAD_WHILE_DRAINING: Duration = Duration::from_secs(3);

/// How long a connection may hold its place.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Until its first request has arrived, headers and all.
    pub first_request: Duration,
    /// Without a request after an answer; longer than proxies keep connections, so that it is they who end
    /// them.
    pub idle: Duration,
    /// Without reading anything of an answer.
    pub unread: Duration,
    /// Until a whole answer was read.
    pub answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            first_request: Duration::from_secs(10),
            idle: Duration::from_secs(90),
            unread: Duration::from_secs(30),
            answer: Duration::from_mins(5),
        }
    }
}

impl Limits {
    /// Whoever does not read its answer does not keep the server from going down.
    #[must_use]
    pub fn while_draining(self, is_draining: bool) -> Self {
        let unread = if is_draining {
            self.unread.min(UNREAD_WHILE_DRAINING)
        } else {
            self.unread
        };
        Self { unread, ..self }
    }

    /// How often a connection is held to them.
    pub fn tick(self) -> Duration {
        (self.first_request.min(self.idle).min(self.unread) / 4).min(Duration::from_secs(1))
    }
}

struct State {
    opened: Instant,
    has_asked: bool,
    /// Requests that are not answered in full.
    open: usize,
    /// Of these, those whose answer is on its way.
    sending: usize,
    /// When a request began or ended, or a part of an answer left.
    moved: Instant,
    /// Since when the other end takes nothing.
    blocked: Option<Instant>,
}

/// What a connection does, shared by its socket, its requests and whoever watches it.
#[derive(Clone)]
pub struct Activity(Arc<Mutex<State>>);

impl Activity {
    pub fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(State {
            opened: now,
            has_asked: false,
            open: 0,
            sending: 0,
            moved: now,
            blocked: None,
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it has held its place for too long.
    pub fn is_over(&self, limits: Limits) -> bool {
        let (state, now) = (self.state(), Instant::now());
        let rests = now.saturating_duration_since(state.moved);
        let is_blocked = state
            .blocked
            .is_some_and(|since| now.saturating_duration_since(since) > limits.unread);
        let never_asked =
            !state.has_asked && now.saturating_duration_since(state.opened) > limits.first_request;
        never_asked
            || is_blocked
            || (state.open == 0 && rests > limits.idle)
            || (state.sending > 0 && rests > limits.unread)
    }

    /// A request has arrived.
    pub fn begin(&self, limits: Limits) -> Exchange {
        let mut state = self.state();
        state.has_asked = true;
        state.open += 1;
        state.moved = Instant::now();
        Exchange {
            activity: self.clone(),
            is_sending: false,
            until: Instant::now() + limits.answer,
        }
    }

    fn block(&self, is_blocked: bool) {
        let mut state = self.state();
        if is_blocked {
            state.blocked.get_or_insert_with(Instant::now);
        } else {
            state.blocked = None;
        }
    }
}

/// A request until its answer was read, or given up.
pub struct Exchange {
    activity: Activity,
    is_sending: bool,
    until: Instant,
}

impl Exchange {
    /// The answer's body, which says how it comes along.
    pub fn watch(mut self, body: Body) -> Body {
        self.is_sending = true;
        let mut state = self.activity.state();
        state.sending += 1;
        state.moved = Instant::now();
        drop(state);
        Body::new(WatchedBody { body, exchange: self })
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.open = state.open.saturating_sub(1);
        if self.is_sending {
            state.sending = state.sending.saturating_sub(1);
        }
        state.moved = Instant::now();
    }
}

struct WatchedBody {
    body: Body,
    exchange: Exchange,
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let now = Instant::now();
        self.exchange.activity.state().moved = now;
        if frame.is_some() && now > self.exchange.until {
            let slow = io::Error::new(io::ErrorKind::TimedOut, "the answer was read too slowly");
            return Poll::Ready(Some(Err(axum::Error::new(slow))));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A socket that says when its other end takes nothing.
pub struct WatchedSocket {
    socket: TcpStream,
    activity: Activity,
}

impl WatchedSocket {
    pub const fn new(socket: TcpStream, activity: Activity) -> Self {
        Self { socket, activity }
    }
}

impl AsyncRead for WatchedSocket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl AsyncWrite for WatchedSocket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.activity.block(written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, slices);
        self.activity.block(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

/// How many connections, or requests, each address holds, so that one does not hold them all.
#[derive(Clone, Default)]
pub struct Peers(Shares<IpAddr>);

/// What counts as one address: an IPv6 customer holds a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

impl Peers {
    /// A place for one more connection of an address that may hold `most`.
    pub fn take(&self, address: IpAddr, most: usize) -> Option<Share<IpAddr>> {
        self.0.take(network(address), most)
    }
}
