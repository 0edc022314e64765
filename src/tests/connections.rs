//! Sockets that ask for nothing, read nothing or only answer pings hold no place.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::oneshot,
    time::{sleep, timeout},
};

use super::settings_of;
use crate::{
    app,
    platform::{
        http::{self, Limits},
        state::AppState,
    },
    story,
};

const LIMITS: Limits = Limits {
    first_request: Duration::from_millis(500),
    idle: Duration::from_millis(1200),
    unread: Duration::from_millis(800),
    answer: Duration::from_secs(20),
};

const GET_LIVEZ: &[u8] = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n";

/// A server of its own on a free port, with so many places.
async fn server(t: &super::TestApp, places: &str) -> (SocketAddr, oneshot::Sender<()>) {
    let settings = settings_of(&["--max-connections", places]);
    let state = AppState::new(
        t.state.db().clone(),
        t.clock.clone(),
        crate::platform::ids::source::Ids::from_system(),
        settings,
        crate::tests::keys(),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(async move {
        let stop = async {
            let _ = stopped.await;
        };
        http::serve_within(listener, app::service(&state), state.clone(), LIMITS, stop).await;
    });
    (address, stop)
}

async fn connect(from: [u8; 4], to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    // What is not read stays with the server.
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    socket.bind((from, 0).into()).expect("an address");
    socket.connect(to).await.expect("connected")
}

/// Whether the other end closes within a few seconds, whatever it sends before.
async fn is_closed(mut socket: TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(Duration::from_secs(5), socket.read_to_end(&mut rest))
        .await
        .is_ok()
}

async fn answer(socket: &mut TcpStream) -> String {
    let mut buffer = vec![0; 4096];
    let count = timeout(Duration::from_secs(5), socket.read(&mut buffer))
        .await
        .expect("an answer")
        .unwrap_or(0);
    String::from_utf8_lossy(&buffer[..count]).into_owned()
}

story!(whoever_never_asks_holds_no_place, |t| {
    let (address, _stop) = server(&t, "64").await;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let starts: [&[u8]; 5] = [
        b"",
        b"GET / HT",
        b"GET /livez HTTP/1.1\r\nhost: localhost\r\nx-slow: ",
        &preface[..12],
        &[&preface[..], &settings[..]].concat(),
    ];
    for start in starts {
        let mut socket = connect([127, 0, 0, 1], address).await;
        socket.write_all(start).await.expect("sent");
        assert!(is_closed(socket).await, "{:?}", String::from_utf8_lossy(start));
    }
    // One that answers and sends pings all the while asks for nothing all the same.
    let (mut read, mut write) = connect([127, 0, 0, 1], address).await.into_split();
    write
        .write_all(&[&preface[..], &settings[..]].concat())
        .await
        .expect("sent");
    let pings = tokio::spawn(async move {
        let ping = [0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
        while write.write_all(&ping).await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    });
    let mut rest = Vec::new();
    assert!(
        timeout(Duration::from_secs(5), read.read_to_end(&mut rest))
            .await
            .is_ok()
    );
    pings.abort();
});

story!(whoever_asks_again_is_kept_and_whoever_rests_is_not, |t| {
    let (address, _stop) = server(&t, "64").await;
    let mut socket = connect([127, 0, 0, 1], address).await;
    for _ in 0..3 {
        socket.write_all(GET_LIVEZ).await.expect("sent");
        assert!(answer(&mut socket).await.ends_with("ok\n"));
        // Longer than the first request may take, shorter than a connection may rest.
        sleep(LIMITS.first_request).await;
    }
    assert!(is_closed(socket).await);
});

story!(whoever_does_not_read_holds_no_place, |t| {
    let (address, _stop) = server(&t, "64").await;
    let mut socket = connect([127, 0, 0, 1], address).await;
    let asks = "GET /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n".repeat(2000);
    socket.write_all(asks.as_bytes()).await.expect("sent");
    sleep(LIMITS.unread * 4).await;
    // What was in flight comes, and then the end instead of the rest.
    let mut rest = Vec::new();
    let _ = timeout(Duration::from_secs(5), socket.read_to_end(&mut rest))
        .await
        .expect("an end");
    let answers = String::from_utf8_lossy(&rest).matches("HTTP/1.1 200").count();
    assert!(answers < 2000, "it was not waited for: {answers} answers");
    let mut second = connect([127, 0, 0, 1], address).await;
    second.write_all(GET_LIVEZ).await.expect("sent");
    assert!(answer(&mut second).await.ends_with("ok\n"));
});

story!(an_address_takes_its_share_and_probes_are_always_answered, |t| {
    let (address, _stop) = server(&t, "16").await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(connect([127, 0, 0, 1], address).await);
    }
    sleep(Duration::from_millis(50)).await;
    let mut fifth = connect([127, 0, 0, 1], address).await;
    let _ = fifth.write_all(GET_LIVEZ).await;
    assert_eq!(answer(&mut fifth).await, "", "its share is taken");
    let mut colleague = connect([127, 0, 0, 2], address).await;
    colleague.write_all(GET_LIVEZ).await.expect("sent");
    assert!(answer(&mut colleague).await.ends_with("ok\n"));
    // Every place taken: who asks for a page is told to come back, who asks whether the server is well is
    // told.
    drop(colleague);
    for host in 2..=4 {
        for _ in 0..4 {
            held.push(connect([127, 0, 0, host], address).await);
        }
    }
    sleep(Duration::from_millis(100)).await;
    let mut probe = connect([127, 0, 0, 9], address).await;
    probe.write_all(GET_LIVEZ).await.expect("sent");
    assert!(answer(&mut probe).await.ends_with("ok\n"));
    let mut page = connect([127, 0, 0, 8], address).await;
    page.write_all(b"GET /sign-in HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .expect("sent");
    assert!(answer(&mut page).await.starts_with("HTTP/1.1 503"));
    drop(held);
});

story!(
    a_stop_is_announced_before_the_door_closes_and_waits_for_nobody_who_does_not_read,
    |t| {
        let (address, stop) = server(&t, "64").await;
        let mut probe = connect([127, 0, 0, 1], address).await;
        probe.write_all(GET_LIVEZ).await.expect("sent");
        assert!(answer(&mut probe).await.contains("200 OK"));
        stop.send(()).expect("told");
        sleep(Duration::from_millis(200)).await;
        let mut next = connect([127, 0, 0, 1], address).await;
        next.write_all(b"GET /readyz HTTP/1.1\r\nhost: localhost\r\n\r\n")
            .await
            .expect("sent");
        assert!(answer(&mut next).await.contains("503"), "readyz says no");
        next.write_all(GET_LIVEZ).await.expect("sent");
        assert!(
            answer(&mut next).await.contains("200 OK"),
            "the door is still open"
        );
        sleep(Duration::from_millis(1500)).await;
        assert!(TcpStream::connect(address).await.is_err(), "the door is closed");
    }
);

story!(figures_are_told_by_route_and_hold_no_address, |t| {
    let dana = t.sign_in("dana").await;
    dana.get("members").await.must_be(200);
    dana.get("initiatives/99").await.must_be(404);
    t.anonymous()
        .post(
            "/sign-in",
            &[("email", "dana@northwind.test"), ("password", "wrong")],
        )
        .await
        .must_be(422);
    let figures = super::User {
        router: crate::platform::figures::routes(t.state.clone()),
        cookie: None,
        slug: String::new(),
    };
    let told = figures.get("/metrics").await.body;
    for figure in [
        "handshake_http_requests_total{method=\"GET\",route=\"/w/{workspace}/members\",status=\"200\"} 1",
        "handshake_http_requests_total{method=\"GET\",route=\"/w/{workspace}/initiatives/{number}\",status=\"404\"} 1",
        "handshake_refused_sign_ins_total 1",
        "handshake_mail_letters{state=\"waiting\"} 0",
        "handshake_writer_wait_seconds_count",
        "handshake_password_wait_seconds_count",
        "handshake_verified_timestamp_seconds 0",
    ] {
        assert!(told.contains(figure), "{figure}: {told}");
    }
    assert!(!told.contains("northwind"), "{told}");
});
