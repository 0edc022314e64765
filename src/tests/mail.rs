//! Mail leaves in the end, or somebody hears that it does not.

use std::time::Duration;

use lettre::{AsyncSmtpTransport, Tokio1Executor};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};

use super::{TestApp, settings_of, settings_with_mail};
use crate::{
    letters::deliver::deliver_everywhere,
    platform::{db::Engine, mail},
    sql, story,
};

const WITHIN: Duration = Duration::from_millis(300);

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn transport(port: u16) -> Transport {
    Transport::builder_dangerous("127.0.0.1").port(port).build()
}

async fn invite(t: &TestApp, email: &str) {
    let fields = [("email", email), ("side", "marketing"), ("role", "contributor")];
    t.sign_in("dana")
        .await
        .post("members/invite", &fields)
        .await
        .must_be(200);
}

async fn outbox(t: &TestApp) -> Vec<(String, i64, bool, bool)> {
    t.state
        .db()
        .fetch_all(
            sql!(
                "select recipient, attempts, sent_at is not null, given_up_at is not null from outbox
                 order by recipient"
            ),
            Vec::new(),
        )
        .await
        .expect("read")
}

/// A mail server that answers every command with what `answer` says of it.
async fn smtp(answer: fn(&str) -> &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (read, mut write) = socket.into_split();
                let mut lines = BufReader::new(read).lines();
                let _ = write.write_all(b"220 here\r\n").await;
                let mut in_data = false;
                while let Ok(Some(line)) = lines.next_line().await {
                    if in_data && line != "." {
                        continue;
                    }
                    in_data = line == "DATA";
                    if write.write_all(answer(&line).as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    port
}

story!(
    a_mail_server_that_says_nothing_keeps_no_letter_from_being_tried_for_days,
    |t| {
        let t = TestApp::with_settings(t.state.db().engine(), settings_with_mail()).await;
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let transport = transport(silent.local_addr().expect("an address").port());
        invite(&t, "a@northwind.test").await;
        invite(&t, "b@northwind.test").await;
        let tried = tokio::time::timeout(
            Duration::from_secs(5),
            mail::deliver_due(&t.state, &transport, WITHIN),
        )
        .await;
        tried.expect("it ends").expect("and goes on");
        assert!(
            outbox(&t)
                .await
                .iter()
                .all(|(_, attempts, sent, given_up)| (*attempts, *sent, *given_up) == (1, false, false))
        );
        // Away for two days, every hour.
        let from = t.now();
        for hour in 1..48 {
            t.clock.set(from.plus_seconds(hour * 3700));
            mail::deliver_due(&t.state, &transport, Duration::from_millis(20))
                .await
                .expect("Trend: about");
        }
        assert!(
            outbox(&t)
                .await
                .iter()
                .all(|(_, attempts, _, given_up)| *attempts > 40 && !given_up)
        );
        // It is back.
        let port = smtp(|line| match line.split(' ').next() {
            Some("EHLO") => "250 here\r\n",
            Some("DATA") => "354 go on\r\n",
            _ => "250 fine\r\n",
        })
        .await;
        t.clock.set(from.plus_seconds(49 * 3700));
        mail::deliver_due(&t.state, &self::transport(port), Duration::from_secs(5))
            .await
            .expect("sent");
        assert!(outbox(&t).await.iter().all(|(_, _, sent, _)| *sent));
        assert_eq!(
            t.count(sql!("select count(*) from outbox where body <> ''"))
                .await,
            0,
            "what was sent is emptied"
        );
    }
);

story!(
    a_letter_that_is_refused_for_good_is_given_up_and_tried_again_when_asked,
    |t| {
        let t = TestApp::with_settings(t.state.db().engine(), settings_with_mail()).await;
        invite(&t, "nobody@northwind.test").await;
        // A name or a password that the server does not take is the operator's to mend; the letters wait.
        let port = smtp(|line| match line.split(' ').next() {
            Some("MAIL") => "535 who are you\r\n",
            _ => "250 here\r\n",
        })
        .await;
        mail::deliver_due(&t.state, &transport(port), Duration::from_secs(5))
            .await
            .expect("tried");
        assert!(outbox(&t).await.iter().all(|(.., given_up)| !given_up));
        t.clock.set(t.now().plus_seconds(120));
        let port = smtp(|line| match line.split(' ').next() {
            Some("RCPT") => "550 no such person\r\n",
            _ => "250 here\r\n",
        })
        .await;
        mail::deliver_due(&t.state, &transport(port), Duration::from_secs(5))
            .await
            .expect("tried");
        assert_eq!(
            outbox(&t).await,
            [("nobody@northwind.test".to_owned(), 2, false, true)]
        );
        // Whoever may mend the address sees it, and tries again.
        let adm = t.sign_in("adm").await;
        adm.page("members")
            .await
            .must_say("Letters that were not delivered")
            .must_say("nobody@northwind.test")
            .must_say("no such person");
        t.sign_in("ana")
            .await
            .page("members")
            .await
            .must_not_say("Letters that were not delivered");
        let mut zoe = t.sign_in("zoe").await;
        "elsewhere".clone_into(&mut zoe.slug);
        zoe.page("members")
            .await
            .must_not_say("Letters that were not delivered");
        zoe.takes("members/letters/retry", &[]).await;
        assert!(outbox(&t).await.iter().all(|(.., given_up)| *given_up));
        adm.takes("members/letters/retry", &[]).await;
        assert_eq!(
            outbox(&t).await,
            [("nobody@northwind.test".to_owned(), 0, false, false)]
        );
        t.clock.set(t.now().plus_seconds(120));
        mail::deliver_due(&t.state, &transport(port), Duration::from_secs(5))
            .await
            .expect("tried");
        assert_eq!(mail::retry_given_up(&t.state).await, Ok(1));
        assert_eq!(
            outbox(&t).await,
            [("nobody@northwind.test".to_owned(), 0, false, false)]
        );
    }
);

#[test]
fn a_password_for_mail_never_travels_in_clear_unasked() {
    let url = |text: &str| settings_of(&["--smtp-url", text]).smtp_url.expect("an address");
    assert_eq!(
        url("smtp://me:secret@mail.example:587"),
        "smtp://me:secret@mail.example:587?tls=required"
    );
    assert_eq!(
        url("smtp://me:secret@mail.example:587?tls=opportunistic"),
        "smtp://me:secret@mail.example:587?tls=opportunistic"
    );
    assert_eq!(
        url("smtp://me:secret@mail.example:25?tls=none"),
        "smtp://me:secret@mail.example:25"
    );
    assert_eq!(url("smtp://127.0.0.1:1025"), "smtp://127.0.0.1:1025");
    assert_eq!(url("smtps://mail.example:465"), "smtps://mail.example:465");
}

#[tokio::test]
async fn who_has_not_read_what_they_were_told_of_is_not_mailed_again() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let t = TestApp::with_settings(engine, settings_with_mail()).await;
        let dana = t.sign_in("dana").await;
        let clause = super::definition::write_clause(&t, "dana").await;
        for words in ["@kofi, one.", "@kofi, two.", "@kofi, three."] {
            dana.takes(
                &format!("definition/clauses/{clause}/comments"),
                &[("body", words)],
            )
            .await;
            deliver_everywhere(&t.state).await.expect("delivered");
        }
        let letters = sql!("select count(*) from outbox where recipient = 'kofi@northwind.test'");
        assert_eq!(t.count(letters).await, 1);
        let mentions = sql!("select count(*) from mentions where seen_at is null");
        assert_eq!(t.count(mentions).await, 3, "all are on the desk");
    }
}
