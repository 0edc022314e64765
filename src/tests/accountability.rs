//! Nobody has to ask how it is going, and nobody hides behind a co-owner.

use super::{TestApp, User, world::tail};
use crate::{ground::time::Day, reminders, story};

/// An active initiative of Dana, who drives it, and Kofi, checked in on every week; gives its place.
async fn underway(t: &TestApp) -> (User, User, String) {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id, lena_id, priya_id) = (t.member("dana").await, t.member("kofi").await, t.member("lena").await, t.member("priya").await);
    let id = dana.page("initiatives/new").await.value("id");
    let told = format!("responsibility-{lena_id}");
    let fields = [
        ("id", id.as_str()),
        ("title", "One profile"),
        ("purpose", "Known everywhere."),
        ("starts_on", "2026-11-01"),
        ("due_on", "2027-06-30"),
        ("marketing_lead", &dana_id),
        ("technology_lead", &kofi_id),
        ("driver_side", "marketing"),
        ("cadence", "weekly"),
        ("members", &lena_id),
        ("members", &priya_id),
        (&told, "The words to customers"),
    ];
    let place = dana.takes("initiatives/new", &fields).await;
    dana.takes(&format!("{place}/phase"), &[("phase", "active")]).await;
    (dana, kofi, place)
}

const WELL: [(&str, &str); 5] = [("status", "on_track"), ("confidence", "80"), ("note", "The feed runs."), ("next_step", "Test it."), ("risks", "")];

impl TestApp {
    /// Noon of a day in Berlin, after the house has reminded that morning.
    async fn wake_on(&self, day: Day) {
        let zone = crate::ground::time::Zone::named("Europe/Berlin").expect("a zone");
        self.clock.set(zone.start_of(day).plus_seconds(8 * 3600));
        reminders::write::remind_everywhere(&self.house).await.expect("reminded");
        self.clock.set(zone.start_of(day).plus_seconds(12 * 3600));
    }

    async fn letters(&self) -> Vec<(String, String)> {
        self.house.db().all("select recipient, subject from outbox order by created_at, recipient", Vec::new()).await.expect("read")
    }
}

const fn november(day: i8) -> Day {
    Day::new(2026, 11, day)
}

const fn december(day: i8) -> Day {
    Day::new(2026, 12, day)
}

story!(a_missed_check_in_climbs_the_ladder, |t| {
    let t = TestApp::made(t.house.db().engine(), super::settings_with_mail()).await;
    let (dana, _, place) = underway(&t).await;
    let (adm_id, adm) = (t.member("adm").await, "adm");
    dana.takes("members/arbiter", &[("arbiter", &adm_id)]).await;
    // Today is 23 November; the first check-in is due a week later.
    t.wake_on(november(29)).await;
    assert_eq!(t.letters().await, []);
    t.wake_on(november(30)).await;
    t.wake_on(november(30)).await;
    assert_eq!(t.letters().await.len(), 1, "once a morning, however often one looks");
    t.wake_on(december(1)).await;
    t.wake_on(december(3)).await;
    assert_eq!(t.letters().await.len(), 2, "the other seat a day later, nobody more within the grace");
    t.wake_on(december(4)).await;
    t.wake_on(december(7)).await;
    let told: Vec<String> = t.letters().await.into_iter().map(|(to, _)| to.replace("@northwind.test", "")).collect();
    assert_eq!(told, ["dana", "kofi", adm], "the leads hold both seats, so they were told already");
    // Everybody sees who was asked and who was told, whoever was passed over too.
    let (dana, kofi, adm) = (t.sign_in("dana").await, t.sign_in("kofi").await, t.sign_in("adm").await);
    let words = "Handshake asked dana 30 Nov, told kofi 1 Dec, told adm 7 Dec.";
    dana.page(&place).await.must_say("Outdated 7 days").must_say(words);
    dana.page("desk").await.must_say("One profile").must_say(words);
    kofi.page("desk").await.must_say("A check-in on One profile is owed").must_say(words);
    adm.page("desk").await.must_say("A check-in on One profile is owed");
    // The check-in ends it; the day that passed stays missed.
    dana.takes(&format!("{place}/check-in"), &WELL).await;
    kofi.page("desk").await.must_not_say("is owed");
    dana.page(&place).await.must_say("No check-in came for 30 Nov.").must_say("On track").must_say("80 % confident").must_not_say("Handshake asked");
    t.wake_on(december(14)).await;
    assert_eq!(t.letters().await.len(), 4, "the next week begins at the first rung");
    t.verify().await;
});

story!(silence_is_outdated_and_overrides_the_last_word, |t| {
    let (dana, _, place) = underway(&t).await;
    dana.page(&place).await.must_say("No check-in yet").must_say("next check-in 30 Nov");
    dana.takes(&format!("{place}/check-in"), &WELL).await;
    dana.page(&place).await.must_say("On track").must_say("next check-in 7 Dec");
    t.clock.advance_days(17);
    let dana = t.sign_in("dana").await;
    dana.page(&place).await.must_say("On track").must_not_say("Outdated");
    t.clock.advance_days(1);
    t.sign_in("dana").await.page(&place).await.must_say("Outdated 4 days");
});

story!(a_check_in_is_read_by_the_other_side_corrected_for_three_days_then_locked, |t| {
    let (dana, kofi, place) = underway(&t).await;
    dana.takes(&format!("{place}/check-in"), &WELL).await;
    let id: String = dana.page(&place).await.body.split("/check-ins/").nth(1).expect("a check-in").chars().take(36).collect();
    let told = format!("{place}/check-ins/{id}");
    // Its author does not acknowledge it, nor does anybody of the same side.
    dana.post(&format!("{told}/acknowledge"), &[]).await.must_be(403);
    t.sign_in("lena").await.post(&format!("{told}/acknowledge"), &[]).await.must_be(403);
    kofi.page("desk").await.must_say("dana checked in. Read it and say so.");
    kofi.takes(&format!("{told}/acknowledge"), &[]).await;
    kofi.takes(&format!("{told}/acknowledge"), &[]).await;
    assert_eq!(t.count("select count(*) from acknowledgements").await, 1);
    dana.page(&place).await.must_say("Acknowledged by kofi");
    kofi.page("desk").await.must_not_say("Read it and say so");
    // Corrected within three days: read again by the other side, the earlier words in the history.
    let mut again = WELL.to_vec();
    again[2] = ("note", "The feed runs at night.");
    kofi.post(&format!("{told}/edit"), &again).await.must_be(403);
    dana.takes(&format!("{told}/edit"), &again).await;
    dana.page(&place).await.must_say("The feed runs at night.").must_say("Technology has not acknowledged it");
    dana.page("history").await.must_say("What is new: “The feed runs.” became “The feed runs at night.”");
    t.clock.advance_days(4);
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let id: String = dana.page(&place).await.body.split("/check-ins/").nth(1).expect("a check-in").chars().take(36).collect();
    let told = format!("{place}/check-ins/{id}");
    dana.post(&format!("{told}/edit"), &WELL).await.must_be(422).must_say("It is locked after 3 days");
    dana.page(&told).await.must_say("Locked").must_not_say("Correct it");
    kofi.takes(&format!("{told}/comment"), &[("body", "At night only? @dana")]).await;
    dana.page(&told).await.must_say("At night only?");
    dana.page("desk").await.must_say("kofi named you");
    t.verify().await;
});

story!(a_draft_survives_and_is_nobody_elses, |t| {
    let (dana, kofi, place) = underway(&t).await;
    let check_in = format!("{place}/check-in");
    let half = [("draft", "keep"), ("note", "Half a thought"), ("status", "at_risk")];
    dana.takes(&check_in, &half).await;
    assert_eq!(t.count("select count(*) from check_ins").await, 0);
    let again = t.sign_in("dana").await;
    let page = again.page(&check_in).await;
    page.must_say("Draft");
    assert_eq!(page.value("note").trim(), "Half a thought");
    kofi.page(&check_in).await.must_not_say("Draft");
    dana.takes(&check_in, &WELL).await;
    again.page(&check_in).await.must_not_say("Draft");
});

story!(an_initiative_closes_when_both_co_leads_sign_the_same_retrospective, |t| {
    let (dana, kofi, place) = underway(&t).await;
    dana.page(&place).await.must_say("The words to customers");
    dana.post(&format!("{place}/phase"), &[("phase", "achieved"), ("because", "Done.")]).await.must_be(422);
    let told = [("outcome", "achieved"), ("worked", "Both teams sat together."), ("failed", "The feed was late."), ("lesson", "Ask for data first.")];
    dana.takes(&format!("{place}/close"), &told).await;
    dana.takes(&format!("{place}/close"), &told).await;
    assert_eq!(t.count("select count(*) from retrospectives").await, 1);
    let retrospective = format!("{place}/retrospective");
    dana.sign(&retrospective).await.must_be(303);
    dana.page(&place).await.must_say("1 of 2 signed").must_say("No check-in yet");
    kofi.give_verdict(&retrospective, &[("verdict", "object"), ("reason", "It was missed: churn did not move.")]).await.must_be(303);
    dana.page(&retrospective).await.must_say("Technology objected").must_say("Write it again");
    let mut honest = told.to_vec();
    honest[0] = ("outcome", "missed");
    dana.takes(&format!("{place}/close"), &honest).await;
    // Nobody signs for both sides.
    dana.sign(&retrospective).await.must_be(303);
    dana.get(&format!("{retrospective}/sign")).await.must_be(409);
    kofi.sign(&retrospective).await.must_be(303);
    dana.page(&place).await.must_say("Missed").must_not_say("Check in");
    dana.page("initiatives").await.must_say("Missed");
    dana.post(&format!("{place}/check-in"), &WELL).await.must_be(422).must_say("Only an active initiative");
    kofi.page(&retrospective).await.must_say("Ask for data first.").must_say("Sealed");
    t.verify().await;
});

story!(a_lead_who_is_away_lets_a_manager_sign_on_record, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (lena_id, priya_id, ana_id) = (t.member("lena").await, t.member("priya").await, t.member("ana").await);
    let id = dana.page("definition/clauses/new").await.value("id");
    let clause = [("id", id.as_str()), ("title", "Known"), ("promise", "We know you."), ("for_marketing", "One list."), ("for_technology", "One service.")];
    dana.takes("definition/clauses/new", &clause).await;
    let version = dana.takes("definition/propose", &[]).await;
    let priya = t.sign_in("priya").await;
    priya.get(&format!("{version}/sign")).await.must_be(403);
    let days = [("starts_on", "2026-11-23"), ("ends_on", "2026-11-30")];
    let to =
        |member: &str| -> Vec<(&str, String)> { days.iter().map(|(name, day)| (*name, (*day).to_owned())).chain([("deputy", member.to_owned())]).collect() };
    for wrong in [&lena_id, &ana_id] {
        let fields = to(wrong);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        kofi.post("members/delegation", &fields).await.must_be(422).must_say("Choose a manager of Technology.");
    }
    priya.post("members/delegation", &[]).await.must_be(403);
    kofi.takes("members/delegation", &[days[0], days[1], ("deputy", &priya_id)]).await;
    priya.page("members").await.must_say("Until 30 Nov, priya signs for Technology in place of kofi.");
    priya.sign(&version).await.must_be(303);
    // The lead's seat is filled: the lead does not fill it again, and the other side sees who signed for whom.
    kofi.get(&format!("{version}/sign")).await.must_be(409);
    dana.page(&version).await.must_say("priya, in place of kofi");
    dana.sign(&version).await.must_be(303);
    dana.page("definition").await.must_say("No changes since version 1");
    // What only a lead may do else stays with the lead; after the last day nothing is left of it.
    priya.post("members/delegation", &[]).await.must_be(403);
    t.clock.advance_days(8);
    let (dana, priya) = (t.sign_in("dana").await, t.sign_in("priya").await);
    let id = dana.page("definition/clauses/new").await.value("id");
    let clause = [("id", id.as_str()), ("title", "Safe"), ("promise", "We keep it."), ("for_marketing", "We ask."), ("for_technology", "We log.")];
    dana.takes("definition/clauses/new", &clause).await;
    let again = dana.takes("definition/propose", &[]).await;
    priya.get(&format!("{again}/sign")).await.must_be(403);
    dana.page("members").await.must_not_say("in place of kofi");
    t.verify().await;
});

story!(a_deputy_taken_back_signs_nothing_more, |t| {
    let (dana, kofi, place) = underway(&t).await;
    let priya = t.sign_in("priya").await;
    let priya_id = t.member("priya").await;
    kofi.takes("members/delegation", &[("deputy", &priya_id), ("starts_on", "2026-11-23"), ("ends_on", "2026-12-23")]).await;
    let told = [("outcome", "achieved"), ("worked", "All."), ("failed", "Nothing."), ("lesson", "None.")];
    dana.takes(&format!("{place}/close"), &told).await;
    let digest = priya.page(&format!("{place}/retrospective/sign")).await.value("digest");
    let page = kofi.page("members").await;
    let end = page.body.split("/delegations/").nth(1).expect("a delegation").chars().take(36).collect::<String>();
    dana.post(&format!("members/delegations/{end}/end"), &[]).await.must_be(404);
    kofi.takes(&format!("members/delegations/{end}/end"), &[]).await;
    priya.post(&format!("{place}/retrospective/sign"), &[("digest", &digest), ("verdict", "agree")]).await.must_be(403);
    assert_eq!(tail(&place), "1");
    t.verify().await;
});

story!(deadlines_are_announced_and_nobody_hears_of_their_own_deed, |t| {
    let t = TestApp::made(t.house.db().engine(), super::settings_with_mail()).await;
    let world = super::world::World::with(&t, "Something of ours").await;
    // The decision is to be made on 1 December; Marketing has signed.
    t.wake_on(november(29)).await;
    let signers: Vec<String> =
        t.letters().await.into_iter().filter(|(_, subject)| subject.contains("signature") || subject.contains("things wait")).map(|(to, _)| to).collect();
    assert!(signers.contains(&"priya@northwind.test".to_owned()), "{signers:?}");
    let told = t.count("select count(*) from reminders r join handshakes h on h.id = r.subject_id where h.kind = 'decision' and r.rung = 'soon'").await;
    assert_eq!(told, 2, "Technology's lead and manager are asked; Marketing has signed");
    t.sign_in("kofi").await.sign(&world.decision).await.must_be(303);
    t.wake_on(december(4)).await;
    let after = t.count("select count(*) from reminders r join handshakes h on h.id = r.subject_id where h.kind = 'decision' and r.rung = 'due'").await;
    assert_eq!(after, 0, "what is signed is not asked for");
    t.verify().await;
});
