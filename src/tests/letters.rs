//! Letters, invitations and calendars: what is written to whom, and when.

use super::{
    Answer, TODAY, TestApp, User,
    initiatives::{december, november},
    settings_with_mail,
    world::World,
};
use crate::{
    letters::deliver::deliver_everywhere,
    platform::{
        db::Value,
        time::{Day, Zone},
    },
    sql, story,
};

#[derive(Debug, PartialEq, Eq, sqlx::FromRow)]
struct Letter {
    id: uuid::Uuid,
    recipient: String,
    subject: String,
    body: String,
    calendar: String,
}

async fn with_mail(t: &TestApp) -> TestApp {
    TestApp::with_settings(t.state.db().engine(), settings_with_mail()).await
}

impl TestApp {
    fn berlin(&self, day: Day, time: (i64, i64)) {
        let zone = Zone::get("Europe/Berlin").expect("a zone");
        self.clock.set(zone.at(day, time.0 * 60 + time.1));
    }

    async fn remind(&self) {
        crate::desk::gather::remind_everywhere(&self.state)
            .await
            .expect("reminded");
    }

    /// Writes what is due; gives the letters that were not there before.
    async fn post(&self) -> Vec<Letter> {
        let before = self.written().await;
        deliver_everywhere(&self.state).await.expect("delivered");
        let mut written = self.written().await;
        written.retain(|letter| before.iter().all(|known| known.id != letter.id));
        written
    }

    async fn written(&self) -> Vec<Letter> {
        self.state
            .db()
            .fetch_all(
                sql!("select id, recipient, subject, body, calendar from outbox order by created_at, id"),
                Vec::<Value>::new(),
            )
            .await
            .expect("read")
    }

    /// Nobody of this server gets the week.
    pub(super) async fn without_weeks(&self) {
        self.state
            .db()
            .execute(
                sql!(
                    "insert into letter_settings (account_id, asked, mentioned, reviews, week, shown, morning,
                     zone)
                     select id, 'morning', 'at_once', 'never', 'never', 'everything', 450, '' from accounts"
                ),
                Vec::<Value>::new(),
            )
            .await
            .expect("set");
    }
}

/// Everything as for everybody, but for what the second says.
pub async fn choose(who: &User, field: &str, value: &str) {
    let mut chosen = vec![
        ("asked", "morning"),
        ("mentioned", "at_once"),
        ("reviews", "mine"),
        ("week", "never"),
        ("shown", "everything"),
        ("morning", "450"),
        ("zone", ""),
    ];
    for one in &mut chosen {
        if one.0 == field {
            one.1 = value;
        }
    }
    who.takes("/account/letters", &chosen).await;
}

/// The address of a calendar, on the page that shows it once.
#[track_caller]
pub fn address_of(page: &Answer) -> String {
    let rest = page.body.split("/calendars/").nth(1).expect("an address");
    format!("/calendars/{}", rest.split('<').next().unwrap_or_default())
}

fn to<'a>(letters: &'a [Letter], name: &str) -> Vec<&'a Letter> {
    letters
        .iter()
        .filter(|letter| letter.recipient == format!("{name}@northwind.test"))
        .collect()
}

async fn planned(who: &User, day: &str, place: &str) -> String {
    let id = who.page("reviews/new").await.value("id");
    let fields = [
        ("id", id.as_str()),
        ("held_on", day),
        ("starts_at", "10:00"),
        ("slot_minutes", "45"),
        ("place", place),
        ("chair", "marketing"),
    ];
    who.takes("reviews/new", &fields).await
}

story!(a_morning_is_one_letter_of_what_is_still_owed, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    World::with(&t, "Something of ours").await;
    t.post().await;
    t.berlin(december(3), (7, 10));
    t.remind().await;
    assert_eq!(to(&t.post().await, "kofi").len(), 0, "not before their morning");
    t.berlin(december(3), (7, 31));
    let morning = t.post().await;
    let kofis = to(&morning, "kofi");
    assert_eq!(kofis.len(), 1, "{kofis:?}");
    assert!(
        kofis[0].subject.contains("things wait for you in Northwind"),
        "{kofis:?}"
    );
    assert!(kofis[0].body.contains("Something of ours"), "{kofis:?}");
    assert_eq!(t.post().await, [], "once");
    t.verify().await;
});

story!(what_is_done_before_the_morning_is_not_asked_for_in_it, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    let world = World::with(&t, "Something of ours").await;
    t.post().await;
    // The decision is to be made on 1 December; Marketing has signed.
    t.berlin(november(29), (7, 10));
    t.remind().await;
    let kofi = t.sign_in("kofi").await;
    let asked = "The signature on";
    kofi.sign(&world.decision).await.must_be(303);
    t.berlin(november(29), (7, 31));
    let morning = t.post().await;
    for letter in to(&morning, "kofi") {
        let asks = letter
            .body
            .split("\n\n")
            .any(|part| part.contains(asked) && part.ends_with(&world.decision));
        assert!(!asks, "{letter:?}");
    }
    assert!(
        t.count(sql!(
            "select count(*) from reminders r join handshakes h on h.id = r.subject_id where h.kind =
             'decision'"
        ))
        .await
            > 0
    );
});

story!(nothing_is_lost_or_said_twice_when_the_server_was_away, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    World::with(&t, "Something of ours").await;
    t.berlin(december(3), (7, 10));
    t.remind().await;
    // Thirty hours later, by two processes at once.
    t.berlin(december(4), (13, 10));
    assert_eq!(to(&t.post().await, "kofi").len(), 0, "no morning any more");
    t.berlin(december(5), (7, 31));
    let (one, other) = tokio::join!(deliver_everywhere(&t.state), deliver_everywhere(&t.state));
    one.expect("delivered");
    other.expect("delivered");
    let letters = t.written().await;
    let kofis = to(&letters, "kofi")
        .into_iter()
        .filter(|letter| letter.subject.contains("things wait"))
        .count();
    assert_eq!(kofis, 1, "{letters:?}");
    assert_eq!(t.post().await, []);
    // What nobody could write for longer is no news any more.
    t.berlin(december(7), (7, 10));
    t.remind().await;
    t.berlin(december(14), (9, 0));
    assert_eq!(t.post().await, []);
});

story!(a_morning_is_the_readers_own, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    World::with(&t, "Something of ours").await;
    t.post().await;
    let kofi = t.sign_in("kofi").await;
    choose(&kofi, "zone", "America/Los_Angeles").await;
    kofi.page("/account/letters")
        .await
        .must_say("Next: Mon 23 Nov, 07:30, if there is something.");
    t.berlin(december(3), (7, 40));
    t.remind().await;
    let first = t.post().await;
    assert!(
        to(&first, "kofi").is_empty(),
        "it is still night there: {first:?}"
    );
    assert!(!to(&first, "priya").is_empty(), "{first:?}");
    // 07:30 on the Pacific coast.
    t.berlin(december(3), (16, 31));
    assert_eq!(to(&t.post().await, "kofi").len(), 1);
});

story!(whoever_is_mentioned_is_told_at_once_or_with_the_morning, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    let world = World::with(&t, "Something of ours").await;
    t.berlin(december(3), (9, 0));
    t.post().await;
    let (dana, ana) = (t.sign_in("dana").await, t.sign_in("ana").await);
    choose(&ana, "mentioned", "morning").await;
    let comment = [("body", "@kofi @dana @ana please read this")];
    dana.takes(&format!("{}/comments", world.decision), &comment)
        .await;
    let at_once = t.post().await;
    assert_eq!(to(&at_once, "kofi").len(), 1, "{at_once:?}");
    assert!(to(&at_once, "dana").is_empty(), "nobody hears of their own deed");
    assert!(to(&at_once, "ana").is_empty(), "{at_once:?}");
    let told = to(&at_once, "kofi")[0];
    assert!(told.subject.starts_with("dana mentioned you: "), "{told:?}");
    assert!(
        told.body.contains("please read this") && told.body.contains("#comment-"),
        "{told:?}"
    );
    // Whoever has not read it is not told again of the same thing.
    dana.takes(
        &format!("{}/comments", world.decision),
        &[("body", "@kofi again")],
    )
    .await;
    assert_eq!(to(&t.post().await, "kofi").len(), 0);
    t.berlin(december(4), (7, 31));
    let morning = t.post().await;
    assert!(
        to(&morning, "ana")
            .iter()
            .any(|letter| letter.body.contains("please read this")),
        "{morning:?}"
    );
    let kofi = t.sign_in("kofi").await;
    kofi.page("desk").await.must_say("dana mentioned you");
});

story!(the_week_tells_what_changed_since_the_last_one, |t| {
    let t = with_mail(&t).await;
    let world = World::with(&t, "Something of ours").await;
    t.berlin(november(30), (7, 0));
    assert!(
        t.post()
            .await
            .iter()
            .all(|letter| !letter.subject.starts_with("Your week")),
        "not before the morning"
    );
    t.berlin(november(30), (7, 30));
    let monday = t.post().await;
    let weeks: Vec<&Letter> = monday
        .iter()
        .filter(|letter| letter.subject == "Your week in Northwind")
        .collect();
    let told: Vec<&str> = weeks.iter().map(|letter| letter.recipient.as_str()).collect();
    assert!(
        told.contains(&"dana@northwind.test") && told.contains(&"kofi@northwind.test"),
        "{told:?}"
    );
    assert!(
        !told.contains(&"ana@northwind.test"),
        "a contributor gets none without asking: {told:?}"
    );
    let danas = to(&monday, "dana");
    assert_eq!(danas.len(), 1, "one letter a morning: {danas:?}");
    let body = &danas[0].body;
    for words in [
        "changes since 23 Nov",
        "attention",
        "Something of ours",
        "The next review",
    ] {
        assert!(body.contains(words), "{words} in {body}");
    }
    assert_eq!(t.post().await, [], "once a day");
    // A week in which nothing changed tells of none.
    t.berlin(december(7), (7, 30));
    let next = t.post().await;
    let body = &to(&next, "dana")[0].body;
    assert!(!body.contains("New: "), "{body}");
    t.sign_in("kofi").await.sign(&world.decision).await.must_be(303);
    t.berlin(december(14), (7, 30));
    let after = t.post().await;
    let body = &to(&after, "dana")[0].body;
    assert!(
        body.contains("since 7 Dec") && body.contains("Agreed: "),
        "{body}"
    );
    t.verify().await;
});

story!(
    a_letter_shows_only_that_something_waits_where_that_is_wanted,
    |t| {
        let t = with_mail(&t).await;
        World::with(&t, "Canary").await;
        for name in ["dana", "kofi", "ana", "priya", "lena", "olu", "adm"] {
            let who = t.sign_in(name).await;
            choose(&who, "shown", "waiting").await;
        }
        t.state
            .db()
            .execute(
                sql!("update letter_settings set week = 'monday', reviews = 'all'"),
                Vec::<Value>::new(),
            )
            .await
            .expect("set");
        for day in 0..16 {
            t.berlin(TODAY.plus(day), (7, 40));
            crate::reviews::schedule::keep_everywhere(&t.state)
                .await
                .expect("kept");
            t.remind().await;
            t.post().await;
        }
        let letters: Vec<Letter> = t
            .written()
            .await
            .into_iter()
            .filter(|letter| letter.subject.starts_with("Something waits"))
            .collect();
        assert!(letters.len() > 7, "{}", letters.len());
        for letter in letters {
            assert!(!letter.body.contains("Canary"), "{letter:?}");
        }
    }
);

story!(an_act_is_told_as_discreetly_as_a_letter, |t| {
    let t = with_mail(&t).await;
    World::with(&t, "Something of ours").await;
    let lena = t.sign_in("lena").await;
    choose(&lena, "shown", "waiting").await;
    let dana = t.sign_in("dana").await;
    let id = dana.page("sources/new").await.value("id");
    let (owner, custodian) = (t.member("lena").await, t.member("jonas").await);
    let source = [
        ("id", id.as_str()),
        ("name", "Canary"),
        ("holds", "Canary."),
        ("owner", owner.as_str()),
        ("custodian", custodian.as_str()),
    ];
    dana.takes("sources/new", &source).await;
    let letters = t.written().await;
    let (lenas, jonas) = (to(&letters, "lena"), to(&letters, "jonas"));
    assert!(
        lenas
            .iter()
            .any(|letter| letter.subject == "Something concerns you in Northwind"),
        "{lenas:?}"
    );
    assert!(!format!("{lenas:?}").contains("Canary"), "{lenas:?}");
    assert!(
        jonas.iter().any(|letter| letter.subject.contains("Canary")),
        "{jonas:?}"
    );
});

story!(no_link_of_a_letter_changes_anything, |t| {
    let t = with_mail(&t).await;
    World::with(&t, "Something of ours").await;
    let mut links: Vec<String> = Vec::new();
    for day in 0..16 {
        t.berlin(TODAY.plus(day), (7, 40));
        t.remind().await;
        for letter in t.post().await {
            let words = letter.body.split_whitespace();
            links.extend(
                words
                    .filter_map(|word| word.strip_prefix(super::ORIGIN))
                    .map(str::to_owned),
            );
        }
    }
    links.sort_unstable();
    links.dedup();
    assert!(links.len() > 8, "{links:?}");
    let (dana, nobody) = (t.sign_in("dana").await, t.anonymous());
    let signed_in = t.count(sql!("select count(*) from audit_events")).await;
    for link in &links {
        dana.get(link).await.must_be(200);
        nobody.get(link).await;
    }
    assert_eq!(
        t.count(sql!("select count(*) from audit_events")).await,
        signed_in
    );
});

story!(
    a_review_is_an_entry_of_ones_calendar_that_moves_and_is_called_off,
    |t| {
        let t = with_mail(&t).await;
        let dana = t.sign_in("dana").await;
        let review = planned(&dana, "2026-12-03", "Room 4").await;
        let invited = t.post().await;
        let mut told: Vec<&str> = invited.iter().map(|letter| letter.recipient.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["dana@northwind.test", "kofi@northwind.test"], "both leads");
        let line = |letter: &Letter, name: &str| {
            letter
                .calendar
                .lines()
                .find(|line| line.starts_with(name))
                .unwrap_or_default()
                .to_owned()
        };
        let first = to(&invited, "kofi")[0];
        assert!(
            first.subject.starts_with("Review 1 of Northwind planned: "),
            "{first:?}"
        );
        assert_eq!(line(first, "METHOD"), "METHOD:REQUEST");
        assert_eq!(line(first, "DTSTART"), "DTSTART:20261203T090000Z");
        assert_eq!(line(first, "SEQUENCE"), "SEQUENCE:0");
        assert_eq!(t.post().await, [], "once");
        let version = dana.page(&format!("{review}/edit")).await.value("version");
        let moved = [
            ("version", version.as_str()),
            ("held_on", "2026-12-04"),
            ("starts_at", "11:00"),
            ("slot_minutes", "45"),
            ("place", "Room 4"),
            ("chair", "marketing"),
        ];
        dana.takes(&format!("{review}/edit"), &moved).await;
        let again = t.post().await;
        let second = to(&again, "kofi")[0];
        assert!(second.subject.contains(" changed: "), "{second:?}");
        assert_eq!(line(second, "UID"), line(first, "UID"));
        assert_eq!(line(second, "SEQUENCE"), "SEQUENCE:1");
        // Whoever wants none any more is told that it takes place without them, and again when they want it
        // again.
        let kofi = t.sign_in("kofi").await;
        choose(&kofi, "reviews", "never").await;
        let without = t.post().await;
        assert!(
            without[0].subject.contains("takes place without you"),
            "{without:?}"
        );
        assert_eq!(line(&without[0], "METHOD"), "METHOD:CANCEL");
        assert_eq!(line(&without[0], "SEQUENCE"), "SEQUENCE:2");
        choose(&kofi, "reviews", "mine").await;
        let anew = t.post().await;
        assert!(anew[0].subject.contains(" planned: "));
        assert_eq!(line(&anew[0], "SEQUENCE"), "SEQUENCE:3");
        // Whoever wants every review is told of this one too.
        let lena = t.sign_in("lena").await;
        choose(&lena, "reviews", "all").await;
        let hers = t.post().await;
        assert_eq!(hers.len(), 1, "{hers:?}");
        assert_eq!(hers[0].recipient, "lena@northwind.test");
        dana.takes(&format!("{review}/skip"), &[("because", "Both are ill.")])
            .await;
        let off = t.post().await;
        assert_eq!(off.len(), 3, "{off:?}");
        for letter in &off {
            assert_eq!(line(letter, "METHOD"), "METHOD:CANCEL");
            assert_eq!(line(letter, "STATUS"), "STATUS:CANCELLED");
            assert_eq!(line(letter, "UID"), line(first, "UID"));
        }
        assert_eq!(t.post().await, []);
        t.verify().await;
    }
);

story!(what_another_process_wrote_is_left_out_and_the_rest_is_not, |t| {
    let t = with_mail(&t).await;
    World::with(&t, "Something of ours").await;
    t.post().await;
    t.berlin(november(30), (7, 10));
    t.remind().await;
    t.state
        .db()
        .execute(
            sql!(
                "insert into letters (workspace_id, member_id, part, subject, day, at)
                 select m.workspace_id, m.id, 'week', '', '2026-11-30', 1 from members m join accounts a
                 on a.id = m.account_id where a.email = 'dana@northwind.test'"
            ),
            Vec::<Value>::new(),
        )
        .await
        .expect("marked");
    t.berlin(november(30), (7, 31));
    let morning = t.post().await;
    let danas = to(&morning, "dana");
    assert_eq!(danas.len(), 1, "{danas:?}");
    assert_ne!(danas[0].subject, "Your week in Northwind");
    assert!(
        danas[0].body.contains("due "),
        "what is asked comes all the same: {danas:?}"
    );
});

story!(two_mentions_before_a_morning_are_both_in_its_letter, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    let world = World::with(&t, "Something of ours").await;
    t.post().await;
    let ana = t.sign_in("ana").await;
    choose(&ana, "mentioned", "morning").await;
    let dana = t.sign_in("dana").await;
    for words in ["@ana the first", "@ana the second"] {
        dana.takes(&format!("{}/comments", world.decision), &[("body", words)])
            .await;
    }
    assert!(to(&t.post().await, "ana").is_empty());
    t.berlin(TODAY.plus(1), (7, 31));
    let morning = t.post().await;
    let body = &to(&morning, "ana")[0].body;
    assert!(
        body.contains("the first") && body.contains("the second"),
        "{body}"
    );
});

story!(the_pre_read_comes_once_the_facts_are_frozen, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    super::goals::kpi(&t, "Churn", "decrease", &[("2026-09-01", "9")]).await;
    let (dana, kofi, ana) = (
        t.sign_in("dana").await,
        t.sign_in("kofi").await,
        t.sign_in("ana").await,
    );
    for who in [&dana, &kofi] {
        choose(who, "reviews", "mine").await;
    }
    choose(&ana, "reviews", "never").await;
    planned(&dana, "2026-12-03", "").await;
    t.berlin(december(2), (9, 0));
    t.post().await;
    t.berlin(december(3), (6, 50));
    assert!(
        t.post()
            .await
            .iter()
            .all(|letter| !letter.subject.contains(" begins on "))
    );
    t.berlin(december(3), (7, 5));
    crate::reviews::schedule::keep_everywhere(&t.state)
        .await
        .expect("kept");
    t.berlin(december(3), (7, 31));
    let morning = t.post().await;
    let letter = to(&morning, "kofi")[0];
    assert_eq!(
        letter.subject,
        "Review 1 begins on 3 Dec at 10:00 (Europe/Berlin)"
    );
    assert!(letter.body.contains("of 45 minutes planned"), "{letter:?}");
    assert!(letter.body.contains("Churn"), "{letter:?}");
    assert!(letter.body.contains("Missing: "), "{letter:?}");
    assert!(
        to(&morning, "ana")
            .iter()
            .all(|letter| !letter.subject.contains(" begins on "))
    );
    assert_eq!(t.post().await, []);
});

story!(a_calendar_is_read_at_a_secret_address_until_it_ends, |t| {
    let world = World::with(&t, "Something of ours").await;
    let dana = t.sign_in("dana").await;
    let shown = dana.post("/account/calendar", &[]).await;
    shown.must_be(200);
    let address = address_of(&shown);
    dana.page("/account/letters")
        .await
        .must_say("Address made on 23 Nov, not used yet.")
        .must_not_say("handshake.ics");
    let reader = t.anonymous();
    let first = reader.get(&address).await;
    first.must_be(200);
    let events = first.body.matches("BEGIN:VEVENT").count();
    assert!(events >= 3, "{}", first.body);
    assert!(first.body.contains("SUMMARY:Review 3"), "{}", first.body);
    assert!(first.body.contains("Something of ours"), "{}", first.body);
    let uids = |body: &str| {
        let mut uids: Vec<String> = body
            .lines()
            .filter(|line| line.starts_with("UID:"))
            .map(str::to_owned)
            .collect();
        uids.sort_unstable();
        uids
    };
    let all = uids(&first.body);
    let mut once = all.clone();
    once.dedup();
    assert_eq!(all, once, "each entry once");
    t.clock.set(t.now().plus_seconds(60));
    assert_eq!(
        reader.get(&address).await.body,
        first.body,
        "nothing changed, not a byte"
    );
    // What moves keeps its name and says that it moved.
    let review = "reviews/3";
    let version = dana.page(&format!("{review}/edit")).await.value("version");
    let moved = [
        ("version", version.as_str()),
        ("held_on", "2026-12-09"),
        ("starts_at", "11:00"),
        ("slot_minutes", "45"),
        ("place", ""),
        ("chair", "marketing"),
    ];
    dana.takes(&format!("{review}/edit"), &moved).await;
    let after = reader.get(&address).await;
    assert_eq!(uids(&after.body), all);
    assert!(
        after.body.contains("SEQUENCE:1\r\nDTSTART:20261209T100000Z"),
        "{}",
        after.body
    );
    dana.takes(&format!("{review}/skip"), &[("because", "Both are ill.")])
        .await;
    assert!(reader.get(&address).await.body.contains("STATUS:CANCELLED"));
    t.clock.advance_days(60);
    assert!(!reader.get(&address).await.body.contains("STATUS:CANCELLED"));
    // A new address ends the one of before, and nobody’s opens anything else.
    let dana = t.sign_in("dana").await;
    dana.post("/account/calendar", &[]).await.must_be(200);
    reader.get(&address).await.must_be(404);
    dana.takes("/account/calendar/end", &[]).await;
    dana.page("/account/letters").await.must_say("Make an address");
    reader.get("/calendars/x/handshake.ics").await.must_be(404);
    // Whoever chooses another password shuts out who read along.
    let shown = dana.post("/account/calendar", &[]).await;
    let address = address_of(&shown);
    reader.get(&address).await.must_be(200);
    t.clock.advance_days(1);
    let dana = t.sign_in("dana").await;
    dana.takes(
        "/account/password",
        &[
            ("current", super::PASSWORD),
            ("password", "another long sentence of hers"),
        ],
    )
    .await;
    reader.get(&address).await.must_be(404);
    dana.page("/account/letters").await.must_say("Make an address");
    drop(world);
    t.verify().await;
});

story!(whoever_is_disabled_is_neither_written_to_nor_read_for, |t| {
    let t = with_mail(&t).await;
    World::with(&t, "Something of ours").await;
    let ana = t.sign_in("ana").await;
    choose(&ana, "week", "monday").await;
    let shown = ana.post("/account/calendar", &[]).await;
    let address = address_of(&shown);
    let (id, successor) = (t.member("ana").await, t.member("dana").await);
    let dana = t.sign_in("dana").await;
    dana.takes(&format!("members/{id}/disable"), &[("successor", &successor)])
        .await;
    t.anonymous().get(&address).await.must_be(404);
    t.berlin(november(30), (8, 0));
    t.remind().await;
    let letters = t.post().await;
    assert!(!letters.is_empty());
    assert!(to(&letters, "ana").is_empty(), "{letters:?}");
});

story!(what_cannot_be_chosen_is_refused_and_given_back, |t| {
    let dana = t.sign_in("dana").await;
    let wrong = [
        ("asked", "sometimes"),
        ("mentioned", "at_once"),
        ("reviews", "mine"),
        ("week", "monday"),
        ("shown", "everything"),
        ("morning", "1"),
        ("zone", "Mars/Olympus"),
    ];
    let answer = dana.post("/account/letters", &wrong).await;
    answer.must_be(422);
    answer
        .must_say("Choose one of the zones.")
        .must_say("Choose one of the times.");
    choose(&dana, "week", "friday").await;
    dana.page("/account/letters")
        .await
        .must_say("Next: Fri 27 Nov, 07:30, if anything changed or waits; in one letter with what is asked.");
});

story!(a_pre_read_is_of_the_reviews_day_wherever_its_reader_is, |t| {
    let t = with_mail(&t).await;
    t.without_weeks().await;
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    choose(&dana, "zone", "America/Los_Angeles").await;
    choose(&kofi, "zone", "Asia/Tokyo").await;
    planned(&dana, "2026-12-03", "").await;
    t.berlin(december(2), (12, 0));
    t.post().await;
    // From the freezing to the meeting, through midnight on the Pacific coast and noon in Tokyo.
    t.berlin(december(3), (7, 5));
    crate::reviews::schedule::keep_everywhere(&t.state)
        .await
        .expect("kept");
    let mut told = Vec::new();
    for minute in (0..175).step_by(5) {
        t.berlin(december(3), (7 + minute / 60, minute % 60));
        told.extend(t.post().await);
    }
    for name in ["dana", "kofi"] {
        let subjects: Vec<&str> = to(&told, name)
            .iter()
            .map(|letter| letter.subject.as_str())
            .filter(|subject| subject.contains(" begins on "))
            .collect();
        assert_eq!(
            subjects,
            ["Review 1 begins on 3 Dec at 10:00 (Europe/Berlin)"],
            "{name}"
        );
    }
});
