//! A review: how long its freezing takes, and how soon those who follow see that something was noted.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::mpsc,
    time::Instant,
};

use crate::client::{Client, get, post};

const FREEZINGS: usize = 5;
const WATCHERS: usize = 200;
const NOTES: usize = 40;

/// The value of a field that a page hands out.
fn value(page: &str, name: &str) -> String {
    page.split(&format!("name=\"{name}\" value=\""))
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

/// The day that the form proposes.
fn proposed_day(page: &str) -> String {
    let field = page
        .split("<input")
        .find(|field| field.contains("name=\"held_on\""))
        .unwrap_or_default();
    field
        .split("value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}

/// The middle one.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Freezes a review of everything and lets it thaw, some times; the last time it stays frozen and begins.
pub async fn freeze(client: &mut Client, home: &str, cookie: &str) {
    client.ask(&get(&format!("{home}/reviews/new"), cookie)).await;
    let page = client.answer();
    let form = format!(
        "id={}&held_on={}&starts_at=10%3A00&slot_minutes=45&place=&chair=marketing",
        value(&page, "id"),
        proposed_day(&page)
    );
    let (status, _) = client
        .ask(&post(&format!("{home}/reviews/new"), cookie, &form))
        .await;
    assert_eq!(status, 303, "{}", client.answer());
    let review = format!("{home}/reviews/1");
    let mut times = Vec::new();
    for turn in 0..FREEZINGS {
        if turn > 0 {
            client.ask(&post(&format!("{review}/thaw"), cookie, "")).await;
        }
        let before = Instant::now();
        let (status, _) = client.ask(&post(&format!("{review}/freeze"), cookie, "")).await;
        assert_eq!(status, 303, "{}", client.answer());
        times.push(before.elapsed());
    }
    println!(
        "freezing a review, {FREEZINGS} times: median {} ms",
        median(times).as_millis()
    );
    let (status, _) = client.ask(&post(&format!("{review}/start"), cookie, "")).await;
    assert_eq!(status, 303, "{}", client.answer());
}

/// Half of the watchers on each process; notes come in through the first one.
pub async fn watch(addresses: [&String; 2], home: &str, cookie: &str) {
    let live = format!(
        "GET {home}/reviews/1/live HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\ncookie: {cookie}\r\n\r\n"
    );
    let (tell, mut told) = mpsc::unbounded_channel::<(i64, Instant)>();
    let mut watching = Vec::new();
    for index in 0..WATCHERS {
        let (address, live, tell) = (addresses[index % 2].clone(), live.clone(), tell.clone());
        watching.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(&address).await.expect("connected");
            stream.write_all(live.as_bytes()).await.expect("sent");
            let mut chunk = vec![0; 4096];
            loop {
                let read = stream.read(&mut chunk).await.unwrap_or(0);
                if read == 0 {
                    return;
                }
                let now = Instant::now();
                let text = String::from_utf8_lossy(&chunk[..read]).into_owned();
                for rest in text.split("{\"pulse\":").skip(1) {
                    let pulse = rest.split('}').next().and_then(|pulse| pulse.parse().ok());
                    if let Some(pulse) = pulse {
                        let _ = tell.send((pulse, now));
                    }
                }
            }
        }));
    }
    drop(tell);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut first = 0;
    let mut seen = Vec::new();
    while let Ok((pulse, at)) = told.try_recv() {
        first = first.max(pulse);
        seen.push((pulse, at));
    }
    let followers = seen.len();
    let mut client = Client::connect(addresses[0]).await;
    let mut written = Vec::new();
    for index in 0..NOTES {
        let at = Instant::now();
        let (status, _) = client
            .ask(&post(
                &format!("{home}/reviews/1/present/1/notes"),
                cookie,
                &format!("what=note&body=Note+{index}"),
            ))
            .await;
        assert_eq!(status, 303, "{}", client.answer());
        written.push(at);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    for task in watching {
        task.abort();
    }
    let mut times = Vec::new();
    while let Ok((pulse, at)) = told.try_recv() {
        // Every note raises it by one; two that are seen at once are seen by the later.
        let index = usize::try_from(pulse - first - 1).ok();
        if let Some(wrote) = index.and_then(|index| written.get(index)) {
            times.push(at.duration_since(*wrote));
        }
    }
    let processes = if addresses[0] == addresses[1] { 1 } else { 2 };
    times.sort_unstable();
    let late = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    println!(
        "a note seen by others, {followers} watchers on {processes} processes, {} sightings: median {} ms, p99 {} ms",
        times.len(),
        median(times.clone()).as_millis(),
        late.as_millis()
    );
}
