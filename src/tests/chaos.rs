//! PostgreSQL behind a network that cuts, swallows or delays what is sent.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::{TestApp, User, keys, settings, world::World};
use crate::{
    app,
    platform::{
        db::{Address, Db, Engine},
        ids::source::Ids,
        state::AppState,
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Weather {
    Fair,
    /// Every connection ends, and none is taken.
    Cut,
    /// What is sent arrives nowhere, and nobody hears of it.
    BlackHole,
    /// Every piece takes its time.
    Slow,
}

/// A network between the product and its database.
#[derive(Clone)]
struct Network(Arc<AtomicU8>);

impl Network {
    async fn before(database: String) -> (Self, u16) {
        let network = Self(Arc::new(AtomicU8::new(Weather::Fair as u8)));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let weather = network.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(&database).await else {
                    continue;
                };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(weather.clone().carry(near_in, far_out));
                tokio::spawn(weather.clone().carry(far_in, near_out));
            }
        });
        (network, port)
    }

    fn turn(&self, weather: Weather) {
        self.0.store(weather as u8, Ordering::SeqCst);
    }

    fn is(&self, weather: Weather) -> bool {
        self.0.load(Ordering::SeqCst) == weather as u8
    }

    async fn carry(self, mut from: tokio::net::tcp::OwnedReadHalf, mut to: tokio::net::tcp::OwnedWriteHalf) {
        let mut piece = vec![0; 16 * 1024];
        loop {
            // A cut is felt by whoever waits, too.
            let read = tokio::select! {
                read = from.read(&mut piece) => read,
                () = tokio::time::sleep(Duration::from_millis(50)), if self.is(Weather::Cut) => return,
                () = tokio::time::sleep(Duration::from_millis(50)) => continue,
            };
            let Ok(length @ 1..) = read else { return };
            if self.is(Weather::Cut) {
                return;
            }
            if self.is(Weather::BlackHole) {
                continue;
            }
            if self.is(Weather::Slow) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            if to.write_all(&piece[..length]).await.is_err() {
                return;
            }
        }
    }
}

/// The product on this test's database, with a network in between.
async fn behind(t: &TestApp) -> (Network, AppState, User) {
    let Address::Postgres(url) = &t.address else {
        panic!("asked for PostgreSQL")
    };
    let mut url: url::Url = url.parse().expect("an address");
    let host = url.host_str().unwrap_or("127.0.0.1").to_owned();
    let (network, port) = Network::before(format!("{host}:{}", url.port().unwrap_or(5432))).await;
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(port)).expect("a port");
    let db = Db::open(&Address::Postgres(url.to_string()))
        .await
        .expect("opened");
    let state = AppState::new(db, t.clock.clone(), Ids::from_seed(3), settings(), keys());
    let user = User {
        router: app::service(&state),
        ..t.sign_in("dana").await
    };
    (network, state, user)
}

async fn is_back(user: &User) {
    for _ in 0..100 {
        if user.get("desk").await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the page does not come back");
}

#[tokio::test]
async fn a_database_that_is_cut_off_or_slow_is_borne_and_comes_back() {
    let t = TestApp::on(Engine::Postgres).await;
    World::with(&t, "Something of ours").await;
    let (network, state, dana) = behind(&t).await;
    dana.get("desk").await.must_be(200);

    network.turn(Weather::Slow);
    dana.get("desk").await.must_be(200);

    network.turn(Weather::Cut);
    tokio::time::sleep(Duration::from_millis(200)).await;
    let answer = dana.get("desk").await;
    assert!(answer.status == 503 || answer.status == 500, "{}", answer.status);
    assert!(!state.db().answers().await, "readyz says so");
    network.turn(Weather::Fair);
    is_back(&dana).await;
    t.verify().await;
}

#[tokio::test]
async fn a_database_that_swallows_everything_keeps_no_page_and_no_stop_waiting() {
    let t = TestApp::on(Engine::Postgres).await;
    let (network, state, dana) = behind(&t).await;
    dana.get("desk").await.must_be(200);
    network.turn(Weather::BlackHole);
    let answer = tokio::time::timeout(Duration::from_secs(25), dana.get("desk"))
        .await
        .expect("a page is answered within its limit");
    assert_eq!(answer.status, 503);
    tokio::time::timeout(Duration::from_secs(8), state.db().close())
        .await
        .expect("nobody is kept from leaving");
    t.verify().await;
}
