//! A workspace with one of everything, made through the forms as people would.

use super::{TestApp, User};

/// Where things are, by their places.
#[derive(Clone)]
pub struct World {
    pub dana: User,
    pub kofi: User,
    pub initiative: String,
    pub milestone: String,
    pub checkpoint: String,
    /// Passed by Technology, with a file, and not accepted yet.
    pub passed: String,
    pub decision: String,
    pub option: String,
    pub kpi: String,
    pub clause: String,
    pub comment: String,
    pub suggestion: String,
    pub check_in: String,
    pub delegation: String,
    pub feed: String,
    pub awaited: String,
    pub goal: String,
    pub access: String,
    pub access_id: String,
    /// Access to data that is open.
    pub kept: String,
    pub bulk_change: String,
    /// Given in the first review.
    pub action: String,
}

/// Two criteria that both sides sign, and a round of scoring in which each side answers once.
async fn scored_by_both(dana: &User, kofi: &User, decision: &str, text: &str) {
    let short: String = text.chars().take(60).collect();
    let version = dana
        .page(&format!("{decision}/weights/edit"))
        .await
        .value("version");
    let (first, second) = (format!("1 {short}"), format!("2 {short}"));
    let criteria = [
        ("version", version.as_str()),
        ("title-0", &first),
        ("about-0", text),
        ("weight-0", "6"),
        ("title-1", &second),
        ("about-1", text),
        ("weight-1", "3"),
    ];
    dana.takes(&format!("{decision}/weights/edit"), &criteria).await;
    for who in [dana, kofi] {
        who.sign(&format!("{decision}/weights")).await.must_be(303);
    }
    dana.takes(
        &format!("{decision}/scoring/open"),
        &[("wanted", "1"), ("ends_on", "2026-11-30")],
    )
    .await;
    for who in [dana, kofi] {
        let mut scores = vec![("round", "1".to_owned())];
        for (name, note) in [
            ("score-0-0", "note-0-0"),
            ("score-0-1", "note-0-1"),
            ("score-1-0", "note-1-0"),
            ("score-1-1", "note-1-1"),
        ] {
            scores.extend([(name, "4".to_owned()), (note, text.to_owned())]);
        }
        let scores: Vec<(&str, &str)> = scores
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        who.takes(&format!("{decision}/score"), &scores).await;
    }
}

/// A milestone that the first one waits for, and checkpoints pasted into the first; gives the ids of both.
async fn planned_around(
    dana: &User,
    initiative: &str,
    milestone: &str,
    text: &str,
    [dana_id, kofi_id]: [&str; 2],
) -> (String, String) {
    let awaited = dana
        .page(&format!("{initiative}/milestones/new"))
        .await
        .value("id");
    let plan = [
        ("id", awaited.as_str()),
        ("title", text),
        ("outcome", text),
        ("due_on", "2026-12-05"),
        ("driver", dana_id),
        ("marketing_owner", dana_id),
        ("technology_owner", kofi_id),
    ];
    dana.takes(&format!("{initiative}/milestones/new"), &plan).await;
    dana.takes(&format!("{milestone}/waits"), &[("on", &awaited)])
        .await;
    let line = text.replace('|', " ");
    let id = dana
        .page(&format!("{milestone}/checkpoints/paste"))
        .await
        .value("id");
    dana.takes(
        &format!("{milestone}/checkpoints/paste"),
        &[
            ("id", &id),
            ("lines", &line),
            ("owner", dana_id),
            ("due_on", "2026-12-04"),
            ("step", "add"),
        ],
    )
    .await;
    let page = dana.page(milestone).await;
    (
        awaited,
        page.body
            .split("/bulk/")
            .nth(1)
            .expect("a change")
            .chars()
            .take(36)
            .collect(),
    )
}

/// A goal, and a request for a technology that cites it; gives both places and the request's id.
async fn asked_for(
    dana: &User,
    initiative: &str,
    kpi: &str,
    text: &str,
    dana_id: &str,
) -> (String, String, String) {
    let id = dana.page("goals/new").await.value("id");
    let goal = [
        ("id", id.as_str()),
        ("title", text),
        ("why", text),
        ("owner", dana_id),
        ("starts_on", "2026-07-01"),
        ("due_on", "2027-06-30"),
        ("kpi-1", kpi),
        ("baseline-1", "10"),
        ("target-1", "30"),
        ("initiatives", initiative),
    ];
    let goal = dana.takes("goals/new", &goal).await;
    let id = dana
        .page(&format!("{goal}/access?kind=technology"))
        .await
        .value("id");
    let asked = [
        ("id", id.as_str()),
        ("kind", "technology"),
        ("title", text),
        ("purpose", text),
        ("needed_on", "2026-12-10"),
        ("ends_on", "2027-06-30"),
    ];
    let access = dana.takes(&format!("{goal}/access"), &asked).await;
    dana.sign(&access).await.must_be(303);
    (goal, access, id)
}

/// Three reviews: one sealed, with an addendum and a moved action, whose id it gives; one that runs; one
/// planned.
async fn reviewed(dana: &User, kofi: &User, text: &str, owner: &str) -> String {
    for day in ["2026-11-23", "2026-11-24", "2026-11-30"] {
        let page = dana.page("reviews/new").await;
        let planned = [
            ("id", page.value("id").as_str()),
            ("held_on", day),
            ("starts_at", "10:00"),
            ("slot_minutes", "45"),
            ("place", text),
            ("chair", "marketing"),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let planned: Vec<(&str, &str)> = planned
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        dana.takes("reviews/new", &planned).await;
    }
    let topic = [("title", text), ("why", text), ("part", "topics")];
    kofi.takes("reviews/1/topics", &topic).await;
    for number in [1, 2] {
        dana.takes(&format!("reviews/{number}/freeze"), &[]).await;
        dana.takes(&format!("reviews/{number}/start"), &[]).await;
    }
    let note = [("what", "note"), ("body", text)];
    kofi.takes("reviews/1/present/1/notes", &note).await;
    let resolution = [("what", "resolution"), ("line", text)];
    dana.takes("reviews/1/present/1/notes", &resolution).await;
    let given = [("action", text), ("owner", owner), ("due_on", "2026-12-04")];
    dana.takes("reviews/1/present/1/actions", &given).await;
    dana.takes("reviews/1/end", &[]).await;
    dana.takes("reviews/1/minutes/offer", &[]).await;
    for who in [dana, kofi] {
        who.sign("reviews/1/minutes").await.must_be(303);
    }
    kofi.takes("reviews/1/addenda/new", &[("body", text)]).await;
    let page = kofi.page("reviews/1").await;
    let action: String = page
        .body
        .split("/reviews/1/actions/")
        .nth(1)
        .expect("an action")
        .chars()
        .take(36)
        .collect();
    let moved = [
        ("version", "1"),
        ("became", "moved"),
        ("due_on", "2026-12-11"),
        ("because", text),
    ];
    kofi.takes(&format!("reviews/1/actions/{action}"), &moved).await;
    dana.takes(
        "reviews/rhythm",
        &[
            ("version", "0"),
            ("every_weeks", "4"),
            ("weekday", "3"),
            ("starts_at", "10:00"),
            ("slot_minutes", "45"),
        ],
    )
    .await;
    action
}

/// A touchpoint, a source whose entry Marketing has signed, Marketing's word on both, and a proposed profile.
async fn mapped((dana, kofi): (&User, &User), text: &str, (owner, custodian): (&str, &str)) {
    let id = dana.page("sources/touchpoints/new").await.value("id");
    let touchpoint = [
        ("id", id.as_str()),
        ("name", text),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", owner),
        ("contacts", "1200"),
        ("counted_on", "2026-11-01"),
        ("known_by", text),
        ("about", text),
    ];
    dana.takes("sources/touchpoints/new", &touchpoint).await;
    let source_id = kofi.page("sources/new").await.value("id");
    let source = [
        ("id", source_id.as_str()),
        ("name", text),
        ("holds", text),
        ("owner", owner),
        ("steward", ""),
        ("custodian", custodian),
        ("sensitivity", "confidential"),
        ("form", "pseudonymous"),
        ("people", text),
        ("kinds_of_data", text),
        ("technology", ""),
        ("kept_in", text),
        ("refreshed", text),
        ("protection", text),
    ];
    kofi.takes("sources/new", &source).await;
    let id_of_use = dana.page("sources/1/uses/new").await.value("id");
    let used = [
        ("id", id_of_use.as_str()),
        ("name", text),
        ("purpose", "measure"),
        ("in_words", text),
        ("basis", "legitimate_interests"),
        ("rests_on", text),
        ("kept_months", "36"),
        ("kept_after", "last_purchase"),
        ("kept_then", "deleted"),
        ("archived_under", ""),
        ("recipients", text),
        ("countries", text),
        ("safeguard", text),
    ];
    dana.takes("sources/1/uses/new", &used).await;
    let head = [
        ("version", "0"),
        ("controller", text),
        ("joint_controller", ""),
        ("representative", ""),
        ("officer", text),
    ];
    dana.takes("sources/record/head", &head).await;
    kofi.takes("sources/1/offer", &[]).await;
    dana.sign("sources/1").await.must_be(303);
    let word = format!("word-{id}-{source_id}");
    dana.takes("sources/1/words", &[(word.as_str(), "joined")]).await;
    dana.takes("sources/profile", &[("source", "1")]).await;
    dana.takes("sources/quarters", &[]).await;
}

/// A source whose entry both have signed, with a use; gives the ids of both.
pub async fn agreed_source(
    (dana, kofi): (&User, &User),
    name: &str,
    (owner, custodian): (&str, &str),
    sensitivity: &str,
) -> (String, String, String) {
    let source_id = kofi.page("sources/new").await.value("id");
    let source = [
        ("id", source_id.as_str()),
        ("name", name),
        ("holds", "What customers bought."),
        ("owner", owner),
        ("steward", ""),
        ("custodian", custodian),
        ("sensitivity", sensitivity),
        ("form", "pseudonymous"),
    ];
    let path = kofi.takes("sources/new", &source).await;
    let id_of_use = dana.page(&format!("{path}/uses/new")).await.value("id");
    let used = [
        ("id", id_of_use.as_str()),
        ("name", "Counting"),
        ("purpose", "measure"),
        ("in_words", "How many did what."),
        ("basis", "legitimate_interests"),
        ("rests_on", "the balancing test"),
        ("kept_months", "36"),
        ("kept_after", "last_purchase"),
        ("kept_then", "deleted"),
    ];
    dana.takes(&format!("{path}/uses/new"), &used).await;
    kofi.takes(&format!("{path}/offer"), &[]).await;
    dana.sign(&path).await.must_be(303);
    kofi.sign(&path).await.must_be(303);
    (path, source_id, id_of_use)
}

/// Access to data that both sides approved and its custodian opened; gives its place.
async fn opened((dana, kofi): (&User, &User), goal: &str, text: &str, holders: (&str, &str)) -> String {
    let (_, source, used_for) = agreed_source((dana, kofi), "Purchases", holders, "confidential").await;
    let id = dana.page(&format!("{goal}/access")).await.value("id");
    let asked = [
        ("id", id.as_str()),
        ("kind", "data"),
        ("title", text),
        ("sources", source.as_str()),
        ("use", used_for.as_str()),
        ("purpose", text),
        ("form", "counts"),
        ("fields", text),
        ("needed_on", "2026-11-23"),
        ("ends_on", "2027-05-20"),
        ("copies", "deleted"),
        ("copies_until", "2027-05-31"),
        ("copies_in", ""),
    ];
    let access = dana.takes(&format!("{goal}/access"), &asked).await;
    dana.sign(&access).await.must_be(303);
    kofi.sign(&access).await.must_be(303);
    kofi.takes(&format!("{access}/grant"), &[]).await;
    access
}

/// Which of the three a route is tried on: the sealed one, the one that runs, or the planned one.
fn review_of(pattern: &str) -> i64 {
    let ends = |ends: &[&str]| ends.iter().any(|end| pattern.ends_with(end));
    if ["/addenda/", "/actions/{id}", "/facts", "/changes"]
        .iter()
        .any(|part| pattern.contains(part))
    {
        1
    } else if ["/present", "/minutes", "/live"]
        .iter()
        .any(|part| pattern.contains(part))
        || ends(&[
            "/take-stage",
            "/go",
            "/attendance",
            "/take-back",
            "/end",
            "/resume",
        ])
    {
        2
    } else {
        3
    }
}

/// The last part of a path.
pub fn tail(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

impl World {
    /// Every text in it holds `text`.
    pub async fn with(t: &TestApp, text: &str) -> Self {
        let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
        let ids = [
            t.member("dana").await,
            t.member("kofi").await,
            t.member("lena").await,
            t.member("priya").await,
        ];
        let [dana_id, kofi_id, lena_id, priya_id] = ids.each_ref().map(String::as_str);

        let id = dana.page("kpis/new").await.value("id");
        let kpi = dana
            .takes(
                "kpis/new",
                &[
                    ("id", &id),
                    ("title", text),
                    ("about", text),
                    ("unit", "%"),
                    ("baseline", "10"),
                    ("direction", "increase"),
                    ("cadence", "monthly"),
                    ("starts_on", "2026-08-01"),
                    ("watch", "90"),
                    ("act", "70"),
                    ("driver", dana_id),
                    ("marketing_owner", dana_id),
                    ("technology_owner", kofi_id),
                ],
            )
            .await;
        let kpi = kpi.trim_end_matches("/targets").to_owned();
        let kpi_id = id;
        dana.takes(
            &format!("{kpi}/targets"),
            &[
                ("version", "1"),
                ("low-2026-08-01", "20"),
                ("low-2026-09-01", "21"),
                ("low-2026-10-01", "22"),
            ],
        )
        .await;
        for owner in [&dana, &kofi] {
            owner.sign(&format!("{kpi}/targets/proposal")).await.must_be(303);
        }

        let clause = dana.page("definition/clauses/new").await.value("id");
        dana.takes(
            "definition/clauses/new",
            &[
                ("id", &clause),
                ("title", text),
                ("promise", text),
                ("for_marketing", text),
                ("for_technology", text),
                ("kpis", &kpi_id),
            ],
        )
        .await;

        let id = dana.page("initiatives/new").await.value("id");
        let initiative = dana
            .takes(
                "initiatives/new",
                &[
                    ("id", &id),
                    ("title", text),
                    ("purpose", text),
                    ("starts_on", "2026-11-01"),
                    ("due_on", "2027-03-31"),
                    ("marketing_lead", dana_id),
                    ("technology_lead", kofi_id),
                    ("driver_side", "marketing"),
                    ("cadence", "fortnightly"),
                    (&format!("responsibility-{lena_id}"), text),
                    ("members", lena_id),
                    ("members", priya_id),
                    ("clauses", &clause),
                    ("kpis", &kpi_id),
                ],
            )
            .await;
        let initiative_id = id;
        dana.takes(
            &format!("{initiative}/phase"),
            &[("phase", "active"), ("because", "")],
        )
        .await;
        for lead in [&dana, &kofi] {
            lead.sign(&format!("{initiative}/charter")).await.must_be(303);
        }
        let told = [
            ("status", "at_risk"),
            ("confidence", "60"),
            ("note", text),
            ("next_step", text),
            ("risks", text),
        ];
        dana.takes(&format!("{initiative}/check-in"), &told).await;
        let page = dana.page(&initiative).await;
        let check_in: String = page
            .body
            .split("/check-ins/")
            .nth(1)
            .expect("a check-in")
            .chars()
            .take(36)
            .collect();
        kofi.takes(
            &format!("{initiative}/check-ins/{check_in}/comment"),
            &[("body", text)],
        )
        .await;

        let id = dana
            .page(&format!("{initiative}/milestones/new"))
            .await
            .value("id");
        let milestone = dana
            .takes(
                &format!("{initiative}/milestones/new"),
                &[
                    ("id", &id),
                    ("title", text),
                    ("outcome", text),
                    ("due_on", "2026-12-15"),
                    ("driver", dana_id),
                    ("marketing_owner", dana_id),
                    ("technology_owner", kofi_id),
                    ("asks_other_side", "yes"),
                ],
            )
            .await;
        let milestone_id = id;
        dana.takes(
            &format!("{milestone}/move"),
            &[("version", "1"), ("due_on", "2026-12-20"), ("reason", text)],
        )
        .await;
        let checkpoint = dana
            .page(&format!("{milestone}/checkpoints/new"))
            .await
            .value("id");
        dana.takes(
            &format!("{milestone}/checkpoints/new"),
            &[
                ("id", &checkpoint),
                ("title", text),
                ("criteria", text),
                ("owner", dana_id),
                ("due_on", "2026-12-01"),
            ],
        )
        .await;
        let second = dana
            .page(&format!("{milestone}/checkpoints/new"))
            .await
            .value("id");
        dana.takes(
            &format!("{milestone}/checkpoints/new"),
            &[
                ("id", &second),
                ("title", text),
                ("owner", kofi_id),
                ("due_on", "2026-12-02"),
            ],
        )
        .await;
        kofi.upload(
            &format!("checkpoints/{second}/pass"),
            "minutes.txt",
            text.as_bytes(),
        )
        .await
        .must_be(303);

        let id = dana.page("decisions/new").await.value("id");
        let decision = dana
            .takes(
                "decisions/new",
                &[
                    ("id", &id),
                    ("question", text),
                    ("context", text),
                    ("initiative", &initiative_id),
                    ("driver", dana_id),
                    ("decide_by", "2026-12-01"),
                    ("impact", text),
                    ("clauses", &clause),
                    ("kpis", &kpi_id),
                    ("links", &format!("{text} https://example.com/x")),
                ],
            )
            .await;
        let mut options = Vec::new();
        for _ in 0..2 {
            let id = dana.page(&format!("{decision}/options/new")).await.value("id");
            dana.takes(
                &format!("{decision}/options/new"),
                &[
                    ("id", &id),
                    ("title", text),
                    ("advantages", text),
                    ("drawbacks", text),
                    ("effort", text),
                    ("risk", text),
                    ("one_off_cost", "1000"),
                    ("yearly_cost", ""),
                ],
            )
            .await;
            options.push(id);
        }
        scored_by_both(&dana, &kofi, &decision, text).await;
        dana.takes(
            &format!("{decision}/propose"),
            &[
                ("option", &options[0]),
                ("rationale", text),
                ("stage", "trial"),
                ("review_on", "2027-06-01"),
            ],
        )
        .await;
        let answer = dana
            .give_verdict(
                &decision,
                &[
                    ("verdict", "agree_with_conditions"),
                    ("reason", text),
                    ("milestone", &milestone_id),
                    ("owner", kofi_id),
                    ("due_on", "2026-12-10"),
                ],
            )
            .await;
        answer.must_be(303);

        let id = dana.page("technologies/new").await.value("id");
        let entry = [
            ("id", id.as_str()),
            ("name", text),
            ("purpose", text),
            ("stage", "adopt"),
            ("marketing_owner", dana_id),
            ("technology_owner", kofi_id),
        ];
        dana.takes("technologies/new", &entry).await;

        mapped((&dana, &kofi), text, (dana_id, kofi_id)).await;

        for (period, value) in [("2026-08-01", "19"), ("2026-09-01", "21.5"), ("2026-10-01", "14")] {
            dana.takes(&format!("{kpi}/periods/{period}/value"), &[("value", value)])
                .await;
        }
        let digest = dana
            .page(&format!("{kpi}/periods/2026-10-01"))
            .await
            .value("digest");
        dana.takes(
            &format!("{kpi}/periods/2026-10-01/attest"),
            &[
                ("digest", &digest),
                ("status", "off_track"),
                ("insight", text),
                ("action", text),
                ("action_owner", kofi_id),
                ("action_due_on", "2026-12-05"),
                ("action_milestone", &milestone_id),
            ],
        )
        .await;
        let talked = format!("definition/clauses/{clause}");
        let body = format!("@olu @ana @priya @kofi @adm {text}");
        let answer = dana.post(&format!("{talked}/comments"), &[("body", &body)]).await;
        let comment = answer
            .must_be(303)
            .location()
            .rsplit("#comment-")
            .next()
            .unwrap_or_default()
            .to_owned();
        let before = dana
            .page(&format!("{talked}/suggest?field=promise"))
            .await
            .value("before");
        let reworded = [
            ("field", "promise"),
            ("before", before.as_str()),
            ("after", &format!("{text} 2")),
            ("because", text),
        ];
        dana.takes(&format!("{talked}/suggest"), &reworded).await;
        let page = kofi.page(&talked).await;
        let suggestion = page
            .body
            .split("/definition/suggestions/")
            .nth(1)
            .expect("a suggestion")
            .chars()
            .take(36)
            .collect();
        dana.takes(
            "definition/rounds/open",
            &[("wanted", "1"), ("ends_on", "2026-11-30")],
        )
        .await;
        for who in [&dana, &kofi] {
            let rated = [
                ("round", "1"),
                ("score-0-0", "4"),
                ("note-0-0", text),
                ("score-0-1", "2"),
                ("note-0-1", text),
            ];
            who.takes("definition/rounds/answer", &rated).await;
        }
        dana.takes("definition/propose", &[]).await;
        let answer = kofi
            .give_verdict(
                "definition/versions/1",
                &[("verdict", "object"), ("reason", text)],
            )
            .await;
        answer.must_be(303);

        t.name_arbiter("adm").await;

        let told = [
            ("outcome", "achieved"),
            ("worked", text),
            ("failed", text),
            ("lesson", text),
        ];
        dana.takes(&format!("{initiative}/close"), &told).await;
        kofi.takes(
            "members/delegation",
            &[
                ("deputy", priya_id),
                ("starts_on", "2027-01-01"),
                ("ends_on", "2027-01-14"),
            ],
        )
        .await;
        let page = kofi.page("members").await;
        let delegation = page
            .body
            .split("/delegations/")
            .nth(1)
            .expect("a delegation")
            .chars()
            .take(36)
            .collect();

        let name: String = text.chars().take(80).collect();
        let page = dana
            .post(&format!("{kpi}/feeds"), &[("name", &name), ("days", "30")])
            .await;
        let feed = page
            .body
            .split("/feeds/")
            .nth(1)
            .expect("a feed")
            .chars()
            .take(36)
            .collect();

        let (awaited, bulk_change) =
            planned_around(&dana, &initiative, &milestone, text, [dana_id, kofi_id]).await;
        let quarter = "capacity/2026-10-01";
        dana.takes(&format!("{quarter}/cap"), &[("days", "10")]).await;
        dana.takes(
            &format!("{quarter}/claim"),
            &[
                ("initiative", &initiative_id),
                ("marketing", "12"),
                ("technology", "3"),
            ],
        )
        .await;
        dana.takes(&format!("{quarter}/override"), &[("reason", text)])
            .await;
        dana.takes("milestones/baselines", &[]).await;
        let (goal, access, access_id) = asked_for(&dana, &initiative_id, &kpi_id, text, dana_id).await;
        dana.takes(
            &format!("{milestone}/waits"),
            &[("on", &format!("access-{access_id}"))],
        )
        .await;

        let kept = opened((&dana, &kofi), &goal, text, (lena_id, kofi_id)).await;
        let action = reviewed(&dana, &kofi, text, priya_id).await;

        Self {
            action,
            awaited,
            goal,
            access,
            access_id,
            kept,
            bulk_change,
            check_in,
            delegation,
            feed,
            dana,
            kofi,
            initiative,
            milestone,
            checkpoint,
            passed: second,
            decision,
            option: options[0].clone(),
            kpi,
            clause,
            comment,
            suggestion,
        }
    }

    /// The same things in a copy of their database.
    pub fn on(&self, copy: &TestApp) -> Self {
        let mut world = self.clone();
        world.dana.router = copy.router.clone();
        world.kofi.router = copy.router.clone();
        world
    }

    /// A route's pattern with this world's own ids in it, for the workspace `slug`.
    pub fn fill(&self, pattern: &str, slug: &str, member: &str) -> String {
        let number = if pattern.contains("/reviews/") {
            review_of(pattern).to_string()
        } else if ["/certify", "/shut", "/copies"]
            .iter()
            .any(|end| pattern.contains("{workspace}/access/") && pattern.ends_with(end))
        {
            tail(&self.kept)
        } else if pattern.contains("{workspace}/access/") {
            tail(&self.access)
        } else if pattern.contains("/goals/") {
            tail(&self.goal)
        } else if pattern.contains("/initiatives/") {
            tail(&self.initiative)
        } else if pattern.contains("/baselines/") {
            "1".to_owned()
        } else if pattern.contains("/milestones/") {
            tail(&self.milestone)
        } else if pattern.contains("/technologies/") {
            "1".to_owned()
        } else if pattern.contains("/decisions/") {
            tail(&self.decision)
        } else if pattern.contains("/kpis/") {
            tail(&self.kpi)
        } else {
            "1".to_owned()
        };
        let id = if pattern.contains("/reviews/") {
            self.action.clone()
        } else if pattern.contains("/clauses/") {
            self.clause.clone()
        } else if pattern.contains("/comments/") || pattern.contains("/mentions/") {
            self.comment.clone()
        } else if pattern.contains("/suggestions/") {
            self.suggestion.clone()
        } else if pattern.contains("/check-ins/") {
            self.check_in.clone()
        } else if pattern.contains("/waits/access/") {
            self.access_id.clone()
        } else if pattern.contains("/milestones/") && pattern.contains("/waits/") {
            self.awaited.clone()
        } else if pattern.contains("/bulk/") {
            self.bulk_change.clone()
        } else if pattern.contains("/feeds/") {
            self.feed.clone()
        } else if pattern.contains("/delegations/") {
            self.delegation.clone()
        } else if ["/accept", "/return", "/file"]
            .iter()
            .any(|end| pattern.contains("/checkpoints/") && pattern.ends_with(end))
        {
            self.passed.clone()
        } else if pattern.contains("/checkpoints/") {
            self.checkpoint.clone()
        } else if pattern.contains("/options/") {
            self.option.clone()
        } else {
            member.to_owned()
        };
        pattern
            .replace("{workspace}", slug)
            .replace("{number}", &number)
            .replace("{id}", &id)
            .replace("{comment}", &self.comment)
            .replace("{item}", "1")
            .replace("{use}", "1")
            .replace("{addendum}", "1")
            .replace("{period}", "2026-10-01")
            .replace("{secret}", "0000")
            .replace("{build}", "x")
            .replace("{table}", "touchpoints")
            .replace(
                "{file}",
                if pattern.contains("/sources/files/") {
                    "touchpoints.csv"
                } else {
                    "handshake.css"
                },
            )
    }
}
