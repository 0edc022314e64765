//! Whoever the table of access lets in gets it done: every form of it is filled in as its page gives it,
//! sent, and taken. Each on a copy of one world, so that none sees what another did.

use scraper::{ElementRef, Html};

use super::{Answer, TestApp, User, access::TABLE, selector, world::World};
use crate::{platform::db::Engine, sql};

/// Answered with a page that shows a secret or a preview once, instead of a redirect.
const SHOWN_ONCE: &[&str] = &[
    "kpis/{number}/feeds",
    "kpis/import",
    "sources/tables/{table}/preview",
    "kpis/import/again",
    "members/invite",
    "members/invitations/{id}/again",
];

/// What is imported: a value in the place of another.
const TABLE_OF_VALUES: &str = "kpi,period,value,because\nSomething of ours,2026-10,15,Late events\n";

/// Fields of a form, as a browser would send it.
type Fields = Vec<(String, String)>;

/// What somebody types into a required field of this kind that is empty.
fn typed(field: ElementRef<'_>) -> &'static str {
    match field.attr("type") {
        Some("date") => "2026-12-20",
        Some("email") => "someone@northwind.test",
        Some("number") => "3",
        _ if field.attr("inputmode").is_some() => "3",
        _ => "Something else",
    }
}

/// The form on a page that posts to `path`, filled in where it has to be.
fn filled(page: &Answer, path: &str, is_own_page: bool) -> Option<Fields> {
    let html = Html::parse_document(&page.body);
    let forms = selector("main form[method=post]");
    let form = html.select(&forms).find(|form| match form.attr("action") {
        Some(action) => action == path,
        None => is_own_page,
    })?;
    let mut fields = Fields::new();
    for field in form.select(&selector("input[name], select[name], textarea[name]")) {
        let name = field.attr("name").unwrap_or_default().to_owned();
        let is_required = field.attr("required").is_some();
        let is_known = fields.iter().any(|(known, _)| *known == name);
        let mut value = field.attr("value").unwrap_or_default().to_owned();
        match (field.value().name(), field.attr("type")) {
            (_, Some("file")) => continue,
            (_, Some("radio")) => {
                let group = selector(&format!("input[name=\"{name}\"][checked]"));
                let is_chosen = field.attr("checked").is_some();
                if !is_chosen && (is_known || !is_required || form.select(&group).next().is_some()) {
                    continue;
                }
            }
            (_, Some("checkbox")) if field.attr("checked").is_none() => continue,
            ("select", _) => {
                let chosen = field
                    .select(&selector("option[selected]"))
                    .find(|option| option.attr("value").is_some_and(|value| !value.is_empty()));
                let first = || {
                    field
                        .select(&selector("option"))
                        .find(|option| option.attr("value").is_some_and(|value| !value.is_empty()))
                };
                // What is chosen among buttons is chosen on purpose.
                let is_meant = is_required || !is_own_page;
                let option = chosen.or_else(|| is_meant.then(first).flatten());
                option
                    .and_then(|option| option.attr("value"))
                    .unwrap_or_default()
                    .clone_into(&mut value);
            }
            ("textarea", _) => field
                .text()
                .collect::<String>()
                .trim_start()
                .clone_into(&mut value),
            _ => {}
        }
        if value.is_empty() && is_required {
            typed(field).clone_into(&mut value);
        }
        fields.push((name, value));
    }
    Some(fields)
}

/// The form that posts to `path`, from its own page or from one above it.
async fn form_of(user: &User, path: &str) -> Fields {
    let mut place = path.to_owned();
    loop {
        let page = user.get(&place).await;
        if page.status == 200
            && let Some(fields) = filled(&page, path, place == path)
        {
            return fields;
        }
        match place.rfind('/') {
            Some(end) if end > 2 => place.truncate(end),
            _ => return Fields::new(),
        }
    }
}

/// Where the page says that this can be done: the first address on it with `part` in it.
async fn address_with(user: &User, page: &str, part: &str, end: &str) -> String {
    let page = user.page(page).await;
    let html = Html::parse_document(&page.body);
    let forms = selector("form[action]");
    html.select(&forms)
        .filter_map(|form| form.attr("action"))
        .find(|action| action.contains(part) && action.ends_with(end))
        .unwrap_or_else(|| panic!("nothing posts to {part}…{end}: {}", page.text()))
        .to_owned()
}

/// Sends the form at `path` with these fields in place of its own.
async fn send(user: &User, path: &str, own: &[(&str, &str)]) -> Answer {
    post(user, path, &fill(user, path, own).await).await
}

/// The fields of the form at `path`, with these in place of its own.
async fn fill(user: &User, path: &str, own: &[(&str, &str)]) -> Fields {
    let mut fields = form_of(user, &user.path(path)).await;
    fields.retain(|(name, _)| own.iter().all(|(own, _)| own != name));
    fields.extend(
        own.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    fields
}

async fn post(user: &User, path: &str, fields: &Fields) -> Answer {
    let pairs: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    user.post(path, &pairs).await
}

/// Brings about that the form at a pattern can be sent: gives its address, where that is not the world's, and
/// what is typed beside what its page has.
async fn ready(t: &TestApp, world: &World, pattern: &str) -> (Option<String>, Vec<(&'static str, String)>) {
    let (dana, kofi) = (&world.dana, &world.kofi);
    let mut own = Vec::new();
    let mut at = None;
    let short = pattern.trim_start_matches("/w/{workspace}/");
    let two_criteria = [
        ("title-0", "Reach"),
        ("weight-0", "6"),
        ("title-1", "Cost"),
        ("weight-1", "3"),
    ];
    match short {
        "definition/versions/{number}/sign" => {
            send(dana, "definition/propose", &[]).await.must_be(303);
            at = Some("definition/versions/2/sign".to_owned());
        }
        "definition/rounds/answer" | "definition/rounds/close" => {
            send(dana, "definition/rounds/open", &[("wanted", "2")])
                .await
                .must_be(303);
            if short.ends_with("close") {
                for who in [dana, kofi] {
                    send(who, "definition/rounds/answer", &[]).await.must_be(303);
                }
            }
        }
        "reviews/{number}/thaw" | "reviews/{number}/start" => {
            send(kofi, "reviews/3/freeze", &[]).await.must_be(303);
        }
        "reviews/{number}/go" => {
            send(kofi, "reviews/2/take-stage", &[]).await.must_be(303);
            own.push(("item", "2".to_owned()));
        }
        "reviews/{number}/items/{item}" => own.push(("state", "parked".to_owned())),
        "reviews/{number}/resume"
        | "reviews/{number}/minutes/edit"
        | "reviews/{number}/minutes/offer"
        | "reviews/{number}/minutes/sign"
        | "reviews/{number}/minutes/withdraw" => {
            send(kofi, "reviews/2/end", &[]).await.must_be(303);
            if short.ends_with("sign") || short.ends_with("withdraw") {
                send(kofi, "reviews/2/minutes/offer", &[]).await.must_be(303);
            }
            if short.ends_with("withdraw") {
                kofi.sign("reviews/2/minutes").await.must_be(303);
            }
        }
        "reviews/{number}/addenda/{addendum}/withdraw" => {
            kofi.sign("reviews/1/addenda/1").await.must_be(303);
        }
        "sources/{number}/retire/sign" | "sources/{number}/retire/withdraw" | "sources/{number}/keep" => {
            kofi.sign("sources/1").await.must_be(303);
            let why = [("because", "It was replaced.")];
            send(kofi, "sources/1/retire", &why).await.must_be(303);
            if short.ends_with("withdraw") {
                kofi.sign("sources/1/retire").await.must_be(303);
            }
        }
        "sources/{number}/withdraw" => {
            // Signed by both it could not be withdrawn: Kofi signs a newer text first.
            send(kofi, "sources/1/edit", &[("holds", "Something newer.")])
                .await
                .must_be(303);
            send(kofi, "sources/1/offer", &[]).await.must_be(303);
            kofi.sign("sources/1").await.must_be(303);
        }
        "sources/{number}/words" | "sources/touchpoints/{number}/words" => {
            let page = kofi.page("sources/1/words").await;
            let field = page.body.split("name=\"word-").nth(1).expect("a word is asked");
            let name = field.split('"').next().unwrap_or_default();
            // The field is named after what it is about, which no list of names knows.
            own.push((format!("word-{name}").leak(), "recorded".to_owned()));
        }
        "sources/{number}/offer" => {
            send(kofi, "sources/1/edit", &[("holds", "Something newer.")])
                .await
                .must_be(303);
        }
        "sources/belief" => own.push(("answer", "yes".to_owned())),
        "sources/quarters/{period}/withdraw" => {
            kofi.sign("sources/quarters/2026-10-01").await.must_be(303);
        }
        "sources/profile/withdraw" => {
            kofi.sign("sources/profile").await.must_be(303);
        }
        "sources/touchpoints/{number}/take" => {
            let named = [("name", "The phone"), ("stage", "get_help"), ("channel", "phone")];
            send(kofi, "sources/touchpoints/new", &named).await.must_be(303);
            at = Some("sources/touchpoints/2/take".to_owned());
        }
        "sources/profile" => {
            let id = kofi.page("sources/new").await.value("id");
            let source = [("id", id.as_str()), ("name", "The till"), ("holds", "Receipts.")];
            kofi.takes("sources/new", &source).await;
            own.push(("source", "3".to_owned()));
        }
        "technologies/{number}/withdraw" => {
            kofi.sign("technologies/1").await.must_be(303);
        }
        "capacity/{period}/withdraw" => {
            kofi.sign("capacity/2026-10-01").await.must_be(303);
        }
        "initiatives/{number}/charter/sign"
        | "initiatives/{number}/charter/withdraw"
        | "initiatives/{number}/charter/take-back" => {
            let (lena, priya) = (t.member("lena").await, t.member("priya").await);
            let proposed = [
                ("title", "A second one"),
                ("purpose", "To be started."),
                ("due_on", "2027-03-31"),
                ("marketing_lead", &t.member("dana").await),
                ("technology_lead", &t.member("kofi").await),
                ("members", &lena),
                ("members", &priya),
            ];
            send(dana, "initiatives/new", &proposed).await.must_be(303);
            send(dana, "initiatives/2/phase", &[("phase", "active")])
                .await
                .must_be(303);
            if short.ends_with("withdraw") {
                kofi.sign("initiatives/2/charter").await.must_be(303);
            }
            at = Some(short.replace("{number}", "2"));
        }
        "kpis/{number}/targets/proposal/sign"
        | "kpis/{number}/targets/proposal/withdraw"
        | "kpis/{number}/targets/proposal/take-back" => {
            send(
                dana,
                &format!("{}/targets", world.kpi),
                &[("low-2026-12-01", "30")],
            )
            .await
            .must_be(303);
            if short.ends_with("withdraw") {
                kofi.sign(&format!("{}/targets/proposal", world.kpi))
                    .await
                    .must_be(303);
            }
        }
        "initiatives/{number}/retrospective/sign" | "initiatives/{number}/retrospective/withdraw" => {
            // Its milestones changed since it was proposed, so it is offered anew to the first who signs.
            kofi.sign(&format!("{}/retrospective", world.initiative))
                .await
                .must_be(409);
            if short.ends_with("withdraw") {
                kofi.sign(&format!("{}/retrospective", world.initiative))
                    .await
                    .must_be(303);
            }
        }
        "decisions/{number}/weights/edit"
        | "decisions/{number}/weights/sign"
        | "decisions/{number}/weights/withdraw"
        | "decisions/{number}/scoring/open"
        | "decisions/{number}/scoring/close"
        | "decisions/{number}/score" => {
            let (decision, _) = super::story::decision(t, "Which survey tool?").await;
            let driver = t.member("kofi").await;
            send(dana, &format!("{decision}/edit"), &[("driver", &driver)])
                .await
                .must_be(303);
            if !short.ends_with("edit") {
                send(kofi, &format!("{decision}/weights/edit"), &two_criteria)
                    .await
                    .must_be(303);
            }
            if short.ends_with("withdraw") {
                kofi.sign(&format!("{decision}/weights")).await.must_be(303);
            }
            if short.contains("/scor") {
                for who in [dana, kofi] {
                    who.sign(&format!("{decision}/weights")).await.must_be(303);
                }
            }
            if short.ends_with("close") || short.ends_with("score") {
                let opened = [("wanted", "2"), ("ends_on", "2026-11-30")];
                send(kofi, &format!("{decision}/scoring/open"), &opened)
                    .await
                    .must_be(303);
                for who in [dana, kofi].into_iter().filter(|_| short.ends_with("close")) {
                    send(who, &format!("{decision}/score"), &[]).await.must_be(303);
                }
            }
            if short.ends_with("edit") {
                own.extend(two_criteria.map(|(name, value)| (name, value.to_owned())));
            }
            let end = short.trim_start_matches("decisions/{number}");
            at = Some(format!("{decision}{end}"));
        }
        "decisions/{number}/withdraw" | "decisions/{number}/statement" | "decisions/{number}/rule" => {
            let objection = [("verdict", "object"), ("reason", "Too dear.")];
            kofi.give_verdict(&world.decision, &objection).await.must_be(303);
            if !short.ends_with("withdraw") {
                t.clock.advance_days(8);
            }
        }
        "decisions/{number}/review" => {
            kofi.sign(&world.decision).await.must_be(303);
        }
        "decisions/{number}/waits/{id}/end" => {
            send(dana, &format!("{}/waits", world.decision), &[])
                .await
                .must_be(303);
            at = Some(address_with(kofi, &world.decision, "/waits/", "/end").await);
        }
        "milestones/{number}/sign" | "milestones/{number}/withdraw" => {
            let milestone = "milestones/2";
            let page = dana.page(&format!("{milestone}/checkpoints/new")).await;
            let id = page.value("id");
            let step = [("id", id.as_str()), ("due_on", "2026-12-01")];
            send(dana, &format!("{milestone}/checkpoints/new"), &step)
                .await
                .must_be(303);
            send(
                dana,
                &format!("checkpoints/{id}/pass"),
                &[("evidence", "Minutes")],
            )
            .await
            .must_be(303);
            if short.ends_with("withdraw") {
                kofi.sign(milestone).await.must_be(303);
            }
            at = Some(short.replace("milestones/{number}", milestone));
        }
        "milestones/baselines/{number}/withdraw" => {
            kofi.sign("milestones/baselines/1").await.must_be(303);
        }
        "milestones/{number}/archive" => {
            // What the other side is asked about is accepted first.
            super::checkpoints::accept(dana, &world.passed).await;
        }
        "checkpoints/{id}/reopen" => {
            let pass = format!("checkpoints/{}/pass", world.checkpoint);
            send(dana, &pass, &[("evidence", "Minutes")]).await.must_be(303);
        }
        "definition/clauses/{id}/suggest" => own.push(("after", "Something else".to_owned())),
        "kpis/{number}/targets" => own.push(("low-2026-12-01", "30".to_owned())),
        "initiatives/{number}/phase" => own.push(("because", "Staff is away.".to_owned())),
        "capacity/{period}/override" => own.push(("reason", "Two more come in November.".to_owned())),
        "members/delegation" => {
            let end = format!("members/delegations/{}/end", world.delegation);
            kofi.takes(&end, &[]).await;
            own.push(("starts_on", "2026-12-01".to_owned()));
            own.push(("ends_on", "2026-12-14".to_owned()));
        }
        "milestones/{number}/move" => own.push(("due_on", "2026-12-22".to_owned())),
        "milestones/{number}/waits" => {
            let end = format!("{}/waits/{}/end", world.milestone, world.awaited);
            kofi.takes(&end, &[]).await;
        }
        "milestones/{number}/checkpoints/paste" => {
            own.push(("step", "add".to_owned()));
            own.push(("due_on", "2026-12-04".to_owned()));
        }
        "milestones/{number}/bulk" => {
            own.push(("chosen", world.checkpoint.clone()));
            own.push(("days", "1".to_owned()));
            own.push(("previewed", format!("{}|1|||", world.checkpoint)));
            own.push(("step", "do".to_owned()));
        }
        "kpis/{number}/archive" => {
            send(dana, &format!("{}/archive", world.goal), &[])
                .await
                .must_be(303);
        }
        "checkpoints/{id}/pass" => own.push(("evidence", "Minutes".to_owned())),
        "access/{number}/withdraw" => {
            let objection = [("verdict", "object"), ("reason", "Not yet.")];
            kofi.give_verdict(&world.access, &objection).await.must_be(303);
        }
        "access/{number}/shut" => {
            let ended = [("because", "Nobody needs it.")];
            send(dana, &format!("{}/end", world.kept), &ended)
                .await
                .must_be(303);
        }
        "access/{number}/certify" => {
            // Its goal is given up, so it is to be certified today.
            send(dana, &format!("{}/archive", world.goal), &[])
                .await
                .must_be(303);
            own.push(("word", "kept".to_owned()));
        }
        "goals/{number}/access" => {
            // Whoever asks opens nothing: somebody else has to be there who could.
            let priya = t.member("priya").await;
            let deputy = [
                ("chair", "custodian_deputy"),
                ("seen", ""),
                ("member", priya.as_str()),
            ];
            kofi.takes("sources/2/chairs", &deputy).await;
            own.extend(super::requests::terms_of("sources/2", kofi).await);
        }
        "access/{number}/grant" => {
            let priya = t.sign_in("priya").await;
            priya.sign(&world.access).await.must_be(303);
        }
        "kpis/import/again" => {
            kofi.upload("kpis/import", "values.csv", TABLE_OF_VALUES.as_bytes())
                .await;
        }
        "sources/tables/{table}/confirm" => {
            let table = b"touchpoint,stage,channel\nThe phone,Get help,Phone\n";
            let preview = kofi
                .upload("sources/tables/touchpoints/preview", "table.csv", table)
                .await;
            own.push(("digest", preview.value("digest")));
        }
        "kpis/import/confirm" => {
            let table = TABLE_OF_VALUES;
            let preview = kofi.upload("kpis/import", "values.csv", table.as_bytes()).await;
            own.push(("digest", preview.value("digest")));
        }
        "kpis/{number}/periods/{period}/value" => {
            own.push(("value", "15".to_owned()));
            own.push(("because", "Late events".to_owned()));
        }
        "kpis/{number}/periods/{period}/withdraw" => {
            let attest = format!("{}/periods/2026-10-01/attest", world.kpi);
            send(
                kofi,
                &attest,
                &[("status", "wrong"), ("insight", "Two days are missing.")],
            )
            .await
            .must_be(303);
        }
        "kpis/{number}/periods/{period}/attest" => own.extend([
            ("status", "on_track".to_owned()),
            ("insight", "The last weeks are better.".to_owned()),
        ]),
        "members/invitations/{id}/withdraw" | "members/invitations/{id}/again" => {
            let adm = t.sign_in("adm").await;
            send(
                &adm,
                "members/invite",
                &[
                    ("email", "new@northwind.test"),
                    ("side", "marketing"),
                    ("role", "contributor"),
                ],
            )
            .await
            .must_be(200);
            let verb = if short.ends_with("again") {
                "/again"
            } else {
                "/withdraw"
            };
            at = Some(address_with(&adm, "members", "/invitations/", verb).await);
        }
        "members/invite" => {
            own.push(("email", "new@northwind.test".to_owned()));
            own.push(("side", "marketing".to_owned()));
            own.push(("role", "contributor".to_owned()));
        }
        "members/{id}/disable" => own.push(("successor", t.member("dana").await)),
        "members/{id}/enable" => {
            let (adm, lena) = (t.sign_in("adm").await, t.member("lena").await);
            let dana_id = t.member("dana").await;
            send(
                &adm,
                &format!("members/{lena}/disable"),
                &[("successor", &dana_id)],
            )
            .await
            .must_be(303);
        }
        _ => {}
    }
    (at, own)
}

/// Sends a form again and again, and lets first one, then another statement of its transaction fail, until
/// none is left to fail. What is not taken leaves nothing behind.
async fn taken_whole_or_not_at_all(t: &TestApp, user: &User, path: &str, own: &[(&str, &str)]) -> Answer {
    let heads = async || {
        let heads: Vec<(i64,)> = t
            .state
            .db()
            .fetch_all(sql!("select seq from chains order by id"), Vec::new())
            .await
            .expect("read");
        heads
    };
    let (before, fields) = (heads().await, fill(user, path, own).await);
    // Both engines share the transaction; on the slower one every seventh statement shows that it holds
    // there, too.
    let step = match t.state.db().engine() {
        Engine::Sqlite => 1,
        Engine::Postgres => 7,
    };
    for statement in (1..).step_by(step) {
        t.state.db().fail_at(statement);
        let answer = post(user, path, &fields).await;
        t.state.db().fail_at(0);
        if answer.status != 503 {
            return answer;
        }
        assert_eq!(
            heads().await,
            before,
            "{path}: half of it was written, to statement {statement}"
        );
    }
    unreachable!("every transaction ends")
}

async fn whoever_is_let_in_gets_it_done(engine: Engine) {
    let t = TestApp::on(engine).await;
    let world = World::with(&t, "Something of ours").await;
    let (kofi, lena) = (t.member("kofi").await, t.member("lena").await);
    t.state.db().close().await;
    let mut refused = Vec::new();
    let posts = TABLE.iter().filter(|(method, pattern, allowed)| {
        *method == "POST" && pattern.starts_with("/w/") && !allowed.is_empty()
    });
    for (index, (_, pattern, allowed)) in posts.enumerate() {
        let copy = t.copy(index).await;
        let world = world.on(&copy);
        let short = pattern.trim_start_matches("/w/{workspace}/");
        let (at, own) = ready(&copy, &world, pattern).await;
        let member = if pattern.contains("hand-over") {
            &kofi
        } else {
            &lena
        };
        let path = at.unwrap_or_else(|| world.fill(pattern, &t.slug, member));
        let name = match allowed.chars().last() {
            Some('C') => "ana",
            Some('M') => "priya",
            Some('L') => "kofi",
            Some('A') => "adm",
            _ => "olu",
        };
        let user = copy.sign_in(name).await;
        let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let expected = if SHOWN_ONCE.contains(&short) { 200 } else { 303 };
        let answer = if short.ends_with("/preview") {
            let table = b"touchpoint,stage,channel\nThe phone,Get help,Phone\n";
            user.upload(&path, "table.csv", table).await
        } else if short == "kpis/import" {
            let table = TABLE_OF_VALUES.as_bytes();
            user.upload(&path, "values.csv", table).await
        } else {
            taken_whole_or_not_at_all(&copy, &user, &path, &own).await
        };
        if answer.status != expected {
            let said: String = answer.text().chars().take(400).collect();
            refused.push(format!("{short} by {name}: {} {said}", answer.status.as_u16()));
        }
        copy.verify().await;
        copy.state.db().close().await;
    }
    assert!(
        refused.is_empty(),
        "{} were not taken:\n{}",
        refused.len(),
        refused.join("\n")
    );
}

#[tokio::test]
async fn whoever_is_let_in_gets_it_done_on_sqlite() {
    whoever_is_let_in_gets_it_done(Engine::Sqlite).await;
}

#[tokio::test]
async fn whoever_is_let_in_gets_it_done_on_postgres() {
    whoever_is_let_in_gets_it_done(Engine::Postgres).await;
}
