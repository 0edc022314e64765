//! What Northwind knows of its customers: fourteen touchpoints, nine sources, and who answers for them.

use super::{
    Beat, Story, Who,
    Who::{Ana, Dana, Jonas, Kofi, Lena, Priya, Sam, Tom, Yuki},
};
use crate::{
    handshake::{Kind, Verdict, on_table::sign, write::VerdictInput},
    identity::Viewer,
    platform::{
        error::{Error, Result},
        ids::{SourceId, TouchpointId},
    },
    sources::{
        Chair, Channel, PersonalForm, Sensitivity, Stage, Word,
        levels::{Level, Parameter},
        quarters::Belief,
        read,
        uses::{Basis, Kept, KeptAfter, KeptThen, Purpose},
        write::{self, WordInput},
    },
};

pub(super) struct TouchpointPlan {
    name: &'static str,
    stage: Stage,
    channel: Channel,
    answers: Who,
    contacts: Option<i64>,
    known_by: &'static str,
}

const fn touchpoint(
    name: &'static str,
    (stage, channel): (Stage, Channel),
    answers: Who,
    contacts: Option<i64>,
    known_by: &'static str,
) -> TouchpointPlan {
    TouchpointPlan {
        name,
        stage,
        channel,
        answers,
        contacts,
        known_by,
    }
}

/// What of the definition is kept where customers do this.
const fn kept_in(stage: Stage) -> &'static [&'static str] {
    match stage {
        Stage::Notice => &["Asked once, kept safe"],
        Stage::Choose | Stage::Buy | Stage::Receive => &["One memory"],
        Stage::GetHelp => &["One memory", "An answer, not a ticket"],
        Stage::ComeBack => &["One memory", "Asked once, kept safe"],
    }
}

static TOUCHPOINTS: [TouchpointPlan; 14] = [
    touchpoint(
        "Social ads",
        (Stage::Notice, Channel::Social),
        Ana,
        Some(310_000),
        "",
    ),
    touchpoint(
        "Newsletter",
        (Stage::Notice, Channel::Email),
        Ana,
        Some(240_000),
        "mail address",
    ),
    touchpoint(
        "Website",
        (Stage::Notice, Channel::Web),
        Sam,
        Some(420_000),
        "device",
    ),
    touchpoint("App", (Stage::Choose, Channel::App), Sam, Some(96_000), "sign-in"),
    touchpoint(
        "Advice in the store",
        (Stage::Choose, Channel::Store),
        Lena,
        None,
        "",
    ),
    touchpoint(
        "Till",
        (Stage::Buy, Channel::Store),
        Lena,
        Some(185_000),
        "loyalty number, where shown",
    ),
    touchpoint(
        "Web shop",
        (Stage::Buy, Channel::Web),
        Lena,
        Some(41_000),
        "account",
    ),
    touchpoint(
        "Pickup in the store",
        (Stage::Receive, Channel::Store),
        Lena,
        Some(12_400),
        "order number",
    ),
    touchpoint(
        "Parcel",
        (Stage::Receive, Channel::Partner),
        Lena,
        Some(28_900),
        "order number",
    ),
    touchpoint(
        "Phone",
        (Stage::GetHelp, Channel::Phone),
        Ana,
        Some(9_300),
        "phone number",
    ),
    touchpoint(
        "Chat",
        (Stage::GetHelp, Channel::Chat),
        Ana,
        Some(14_800),
        "account",
    ),
    touchpoint(
        "Service mail",
        (Stage::GetHelp, Channel::Email),
        Ana,
        Some(11_200),
        "mail address",
    ),
    touchpoint("Returns desk", (Stage::GetHelp, Channel::Store), Lena, None, ""),
    touchpoint(
        "Loyalty programme",
        (Stage::ComeBack, Channel::App),
        Sam,
        Some(88_000),
        "loyalty number",
    ),
];

pub(super) struct SourcePlan {
    name: &'static str,
    holds: &'static str,
    owner: Who,
    custodian: Who,
    sensitivity: Sensitivity,
    form: PersonalForm,
    data: &'static str,
    refreshed: &'static str,
}

const fn source(
    (name, holds): (&'static str, &'static str),
    (owner, custodian): (Who, Who),
    (sensitivity, form): (Sensitivity, PersonalForm),
    data: &'static str,
    refreshed: &'static str,
) -> SourcePlan {
    SourcePlan {
        name,
        holds,
        owner,
        custodian,
        sensitivity,
        form,
        data,
        refreshed,
    }
}

static SOURCES: [SourcePlan; 9] = [
    source(
        (
            "Profile service",
            "One profile a customer: who they are, how to reach them, what they allowed.",
        ),
        (Ana, Jonas),
        (Sensitivity::Restricted, PersonalForm::Named),
        "contact data, permissions, keys",
        "at once",
    ),
    source(
        ("Sales warehouse", "Purchases of five years, by profile."),
        (Lena, Priya),
        (Sensitivity::Confidential, PersonalForm::Pseudonymous),
        "purchases, returns",
        "nightly",
    ),
    source(
        (
            "Consent service",
            "What each customer allowed, with the wording that they read.",
        ),
        (Lena, Yuki),
        (Sensitivity::Restricted, PersonalForm::Named),
        "permissions",
        "at once",
    ),
    source(
        (
            "Campaign tool",
            "Who was written to, what they opened and clicked.",
        ),
        (Ana, Yuki),
        (Sensitivity::Confidential, PersonalForm::Named),
        "mail addresses, reactions",
        "hourly",
    ),
    source(
        ("Store system", "Receipts and stock of every store."),
        (Lena, Jonas),
        (Sensitivity::Confidential, PersonalForm::Pseudonymous),
        "receipts, loyalty numbers where shown",
        "nightly",
    ),
    source(
        ("App events", "What customers do in the app and on the website."),
        (Sam, Jonas),
        (Sensitivity::Confidential, PersonalForm::Pseudonymous),
        "behaviour",
        "at once",
    ),
    source(
        (
            "Service inbox",
            "Mails, chats and calls to the service, with what came of them.",
        ),
        (Ana, Priya),
        (Sensitivity::Restricted, PersonalForm::Named),
        "messages, recordings",
        "at once",
    ),
    source(
        ("Loyalty programme", "Members, points and rewards."),
        (Sam, Yuki),
        (Sensitivity::Restricted, PersonalForm::Named),
        "contact data, points",
        "nightly",
    ),
    source(
        ("Survey tool", "Answers to the quarterly survey."),
        (Tom, Priya),
        (Sensitivity::Internal, PersonalForm::Anonymous),
        "answers",
        "quarterly",
    ),
];

pub(super) struct UsePlan {
    source: &'static str,
    name: &'static str,
    purpose: Purpose,
    in_words: &'static str,
    ground: Option<(Basis, &'static str)>,
    kept: Option<Kept>,
    recipients: &'static str,
}

const fn kept(months: i64, after: KeptAfter, then: KeptThen) -> Kept {
    Kept { after, months, then }
}

const fn used(
    source: &'static str,
    (name, purpose): (&'static str, Purpose),
    in_words: &'static str,
    ground: Option<(Basis, &'static str)>,
    kept: Option<Kept>,
    recipients: &'static str,
) -> UsePlan {
    UsePlan {
        source,
        name,
        purpose,
        in_words,
        ground,
        kept,
        recipients,
    }
}

const CONTRACT: Option<(Basis, &str)> = Some((Basis::Contract, "the contract of sale, section 2"));
const NEWSLETTER: Option<(Basis, &str)> = Some((
    Basis::Consent,
    "the newsletter wording of March 2025, kept in the consent service",
));
const BALANCED: Option<(Basis, &str)> = Some((
    Basis::LegitimateInterests,
    "the balancing test of June 2026, intranet page 114",
));

static USES: [UsePlan; 11] = [
    used(
        "Profile service",
        ("One memory", Purpose::Serve),
        "Whoever serves a customer sees what was said and bought before.",
        CONTRACT,
        Some(kept(36, KeptAfter::LastPurchase, KeptThen::Deleted)),
        "",
    ),
    used(
        "Profile service",
        ("Recommendations in the app", Purpose::Personalise),
        "Show first what fits to earlier purchases.",
        BALANCED,
        Some(kept(24, KeptAfter::LastContact, KeptThen::Anonymised)),
        "",
    ),
    used(
        "Sales warehouse",
        ("Repeat purchase rate", Purpose::Measure),
        "Count how many customers buy again.",
        BALANCED,
        Some(kept(60, KeptAfter::LastPurchase, KeptThen::Anonymised)),
        "",
    ),
    used(
        "Survey tool",
        ("What customers think", Purpose::Measure),
        "See by quarter and store how satisfied customers are.",
        Some((Basis::NoPersonalData, "")),
        None,
        "",
    ),
    used(
        "Consent service",
        ("Which wordings work", Purpose::Improve),
        "See which wordings people understand and agree to, and prove who allowed what.",
        BALANCED,
        Some(kept(36, KeptAfter::ConsentWithdrawn, KeptThen::Deleted)),
        "",
    ),
    used(
        "Campaign tool",
        ("Newsletter", Purpose::AdvertiseOwn),
        "Write to whoever asked for it.",
        NEWSLETTER,
        Some(kept(0, KeptAfter::ConsentWithdrawn, KeptThen::Deleted)),
        "the mail provider",
    ),
    // What it rests on is still being written.
    used(
        "Campaign tool",
        ("Look-alike audiences", Purpose::AdvertiseOthers),
        "Find people who resemble our customers.",
        None,
        Some(kept(6, KeptAfter::Collected, KeptThen::Deleted)),
        "two ad networks",
    ),
    used(
        "Store system",
        ("Stock", Purpose::Improve),
        "Have in the store what is bought there.",
        BALANCED,
        Some(kept(24, KeptAfter::Collected, KeptThen::Anonymised)),
        "",
    ),
    used(
        "App events",
        ("Mending the app", Purpose::Improve),
        "See where people stop.",
        Some((Basis::Consent, "the app’s first screen, version 4")),
        Some(kept(14, KeptAfter::Collected, KeptThen::Deleted)),
        "",
    ),
    used(
        "Service inbox",
        ("Answering", Purpose::Serve),
        "Answer customers, and know what was answered.",
        CONTRACT,
        Some(kept(24, KeptAfter::LastContact, KeptThen::Deleted)),
        "the call centre",
    ),
    used(
        "Loyalty programme",
        ("Points and rewards", Purpose::Serve),
        "Credit points and pay out rewards.",
        Some((Basis::Contract, "the terms of the programme, 2024")),
        None,
        "",
    ),
];

/// A source, and the words of both sides on touchpoints, in that order: Marketing's, then Technology's.
type Spoke = (
    &'static str,
    &'static [(&'static str, Option<Word>, Option<Word>)],
);

const JOINED: Option<Word> = Some(Word::Joined);
const RECORDED: Option<Word> = Some(Word::Recorded);
const NOTHING: Option<Word> = Some(Word::Nothing);

/// What was joined in earlier quarters, in the order in which it came.
static JOINED_BEFORE: [Spoke; 6] = [
    ("Campaign tool", &[("Newsletter", JOINED, JOINED)]),
    ("Sales warehouse", &[("Web shop", JOINED, JOINED)]),
    ("Loyalty programme", &[("Loyalty programme", JOINED, JOINED)]),
    ("App events", &[("App", JOINED, JOINED)]),
    ("Service inbox", &[("Chat", JOINED, JOINED)]),
    ("Service inbox", &[("Service mail", JOINED, JOINED)]),
];

/// What was joined last.
static JOINED_LAST: &[(&str, Option<Word>, Option<Word>)] = &[("Pickup in the store", JOINED, JOINED)];

/// Who answered in the last quarter, and what.
const BELIEVED: [(Who, Belief); 8] = [
    (Dana, Belief::Yes),
    (Lena, Belief::Yes),
    (Ana, Belief::Yes),
    (Sam, Belief::No),
    (Kofi, Belief::No),
    (Priya, Belief::No),
    (Jonas, Belief::CannotSay),
    (Yuki, Belief::Yes),
];

static WORDS: [Spoke; 6] = [
    (
        "Campaign tool",
        &[
            ("Newsletter", JOINED, JOINED),
            // Technology has not said what it makes of the ads.
            ("Social ads", RECORDED, None),
            ("Loyalty programme", NOTHING, NOTHING),
        ],
    ),
    (
        "App events",
        &[("App", JOINED, JOINED), ("Website", RECORDED, RECORDED)],
    ),
    ("Sales warehouse", &[("Web shop", JOINED, JOINED)]),
    (
        "Service inbox",
        &[
            ("Chat", JOINED, JOINED),
            ("Service mail", JOINED, JOINED),
            ("Phone", RECORDED, RECORDED),
        ],
    ),
    ("Loyalty programme", &[("Loyalty programme", JOINED, JOINED)]),
    (
        "Store system",
        &[
            // The sides see it differently: the lower word stands.
            ("Till", JOINED, RECORDED),
            ("Parcel", RECORDED, RECORDED),
            ("Advice in the store", NOTHING, NOTHING),
        ],
    ),
];

/// What both sides read of a source: unification, self-service and protection, each with what was seen; the
/// day on which Marketing read, Technology two days later.
pub(super) struct ReadingPlan {
    source: &'static str,
    day: i64,
    marketing: [(Level, &'static str); 3],
    technology: [(Level, &'static str); 3],
}

const fn alike(source: &'static str, day: i64, levels: [(Level, &'static str); 3]) -> ReadingPlan {
    ReadingPlan {
        source,
        day,
        marketing: levels,
        technology: levels,
    }
}

static READINGS: [ReadingPlan; 8] = [
    alike(
        "Profile service",
        -40,
        [
            (
                Level::Three,
                "91, 93 and 92 % found their profile; a new address arrives in 40 minutes.",
            ),
            (
                Level::Two,
                "The profile viewer, opened by six marketers in October.",
            ),
            (
                Level::Three,
                "Trial deletion on 4 September, gone after 2 of 3 days.",
            ),
        ],
    ),
    alike(
        "Sales warehouse",
        -39,
        [
            (
                Level::Three,
                "94 % of receipts with a number found their profile in each month; loaded by 06:00.",
            ),
            (
                Level::Three,
                "Ana’s segment “came back within 60 days”, refreshed at night.",
            ),
            (Level::Two, ""),
        ],
    ),
    alike(
        "Consent service",
        -38,
        [
            (
                Level::One,
                "12 August, Yuki: 61,200 of 88,000 consents met a profile.",
            ),
            (
                Level::One,
                "Its page on the intranet lists fields, meanings and the last load.",
            ),
            (
                Level::Three,
                "A withdrawal on 20 September reached it in four minutes.",
            ),
        ],
    ),
    alike(
        "Campaign tool",
        -37,
        [
            (Level::Two, "By mail address, hourly; last run today at 07:00."),
            (Level::Four, "The newsletter reads its segment at sending."),
            (Level::One, ""),
        ],
    ),
    // Marketing saw a trial that Technology did not count.
    ReadingPlan {
        source: "Store system",
        day: -36,
        marketing: [
            (Level::One, "August: 8,140 of 12,400 pickups met a profile."),
            (Level::Zero, ""),
            (Level::Three, "A receipt was deleted for a customer in July."),
        ],
        technology: [
            (Level::One, "August: 8,140 of 12,400 pickups met a profile."),
            (Level::Zero, ""),
            (Level::Two, ""),
        ],
    },
    alike(
        "App events",
        -35,
        [
            (Level::Three, "97, 97 and 98 %; an event arrives within a minute."),
            (Level::Two, "The dashboard “Where they stop”."),
            (Level::Two, ""),
        ],
    ),
    alike(
        "Service inbox",
        -191,
        [
            (Level::One, "11 May, Priya: 4,020 of 5,300 mails met a profile."),
            (Level::One, "A page with its folders and what they mean."),
            (Level::Two, ""),
        ],
    ),
    alike(
        "Survey tool",
        -34,
        [(Level::Zero, ""), (Level::NotKnown, ""), (Level::Zero, "")],
    ),
];

impl Story {
    pub(super) fn write_sources(&mut self) {
        for plan in &TOUCHPOINTS {
            // Two came later, one of them only now.
            let day = match plan.name {
                "Returns desk" => -20,
                "Social ads" => -100,
                _ => -312,
            };
            self.on(day, Lena, Beat::Touchpoint(plan));
        }
        for (days, plan) in (0..).zip(&SOURCES) {
            self.on(-318 + days, Priya, Beat::Source(plan));
            for one in USES.iter().filter(|one| one.source == plan.name) {
                self.on(-318 + days, plan.owner, Beat::Use(one));
            }
            // One was not agreed at once.
            if plan.name == "Loyalty programme" {
                continue;
            }
            self.on(-317 + days, plan.owner, Beat::OfferSource(plan.name));
            self.on(-316 + days, plan.owner, Beat::SignSource(plan.name, None));
            self.on(-314 + days, plan.custodian, Beat::SignSource(plan.name, None));
        }
        self.on(-302, Kofi, Beat::NameProfile("Profile service"));
        self.on(-301, Kofi, Beat::SignProfile);
        self.on(-300, Dana, Beat::SignProfile);
        self.write_quarters();
        for (step, (name, words)) in (0..).zip(&WORDS) {
            let Some(plan) = SOURCES.iter().find(|plan| plan.name == *name) else {
                continue;
            };
            self.on(-80 + step * 6, plan.owner, Beat::Speak(name, words, true));
            self.on(-77 + step * 6, plan.custodian, Beat::Speak(name, words, false));
        }
        for plan in &READINGS {
            let Some(source) = SOURCES.iter().find(|source| source.name == plan.source) else {
                continue;
            };
            self.on(plan.day, source.owner, Beat::ReadLevels(plan, true));
            self.on(plan.day + 2, source.custodian, Beat::ReadLevels(plan, false));
        }
        self.on(-13, Lena, Beat::Speak("Sales warehouse", JOINED_LAST, true));
        self.on(-12, Priya, Beat::Speak("Sales warehouse", JOINED_LAST, false));
        self.on(-95, Priya, Beat::HeadOfRecord);
        self.on(-12, Dana, Beat::Leave(Tom, Dana));
        self.on(-9, Sam, Beat::OfferSource("Loyalty programme"));
        self.on(-8, Sam, Beat::SignSource("Loyalty programme", None));
        self.on(
            -6,
            Yuki,
            Beat::SignSource(
                "Loyalty programme",
                Some("It does not say for how long points are kept after somebody leaves."),
            ),
        );
    }

    /// The three quarters before this one: what both sides said then, what each believed, and the map that
    /// both leads signed, three weeks before each quarter's end.
    fn write_quarters(&mut self) {
        let mut end = self.today.quarter();
        for joined in [6, 5, 3] {
            let drawn = end.plus(-20).days_since(self.today);
            for (source, words) in JOINED_BEFORE.iter().take(joined) {
                let Some(plan) = SOURCES.iter().find(|plan| plan.name == *source) else {
                    continue;
                };
                self.on(drawn - 3, plan.owner, Beat::Speak(source, words, true));
                self.on(drawn - 2, plan.custodian, Beat::Speak(source, words, false));
            }
            // The question is asked since the last one.
            for (who, answer) in BELIEVED.into_iter().filter(|_| joined == 6) {
                self.on(drawn - 1, who, Beat::Believe(answer));
            }
            self.on(drawn, Kofi, Beat::DrawQuarter);
            self.on(drawn + 1, Kofi, Beat::SignQuarter);
            self.on(drawn + 2, Dana, Beat::SignQuarter);
            end = end.plus(-1).quarter();
        }
    }

    pub(super) async fn source_of(&self, viewer: &Viewer, name: &str) -> Result<read::Source> {
        let all = read::sources(viewer).await?;
        all.into_iter()
            .find(|source| source.name == name)
            .ok_or(Error::NotFound)
    }

    pub(super) async fn name_touchpoint(&self, viewer: &Viewer, plan: &TouchpointPlan) -> Result<()> {
        let input = write::TouchpointInput {
            name: plan.name.to_owned(),
            stage: plan.stage,
            channel: plan.channel,
            answers: Some(self.member(plan.answers)),
            contacts: plan.contacts.map(|contacts| (contacts, viewer.today().plus(-5))),
            known_by: plan.known_by.to_owned(),
            about: String::new(),
            clauses: kept_in(plan.stage)
                .iter()
                .filter_map(|title| self.clauses.get(title).copied())
                .collect(),
        };
        let id: TouchpointId = viewer.fresh_id();
        write::name_touchpoint(viewer, id, input).await?;
        Ok(())
    }

    pub(super) async fn enter_source(&self, viewer: &Viewer, plan: &SourcePlan) -> Result<()> {
        let input = write::SourceInput {
            name: plan.name.to_owned(),
            holds: plan.holds.to_owned(),
            technology: None,
            sensitivity: Some(plan.sensitivity),
            form: Some(plan.form),
            people: "customers".to_owned(),
            kinds_of_data: plan.data.to_owned(),
            is_special: false,
            kept_in: "Ireland, Germany".to_owned(),
            refreshed: plan.refreshed.to_owned(),
            protection: "Encrypted; opened by role; access is logged.".to_owned(),
        };
        let id: SourceId = viewer.fresh_id();
        let seats = [
            (Chair::Owner, self.member(plan.owner)),
            (Chair::Steward, self.member(plan.owner)),
            (Chair::Custodian, self.member(plan.custodian)),
        ];
        write::enter(viewer, id, input, &seats).await?;
        Ok(())
    }

    pub(super) async fn add_use(&self, viewer: &Viewer, plan: &UsePlan) -> Result<()> {
        let number = self.source_of(viewer, plan.source).await?.number;
        let input = write::UseInput {
            name: plan.name.to_owned(),
            purpose: plan.purpose,
            in_words: plan.in_words.to_owned(),
            basis: plan.ground.map(|(basis, _)| basis),
            rests_on: plan
                .ground
                .map_or_else(String::new, |(_, rests_on)| rests_on.to_owned()),
            article_9: None,
            kept: plan.kept,
            archived_under: String::new(),
            recipients: plan.recipients.to_owned(),
            countries: if plan.recipients.is_empty() {
                String::new()
            } else {
                "Ireland".to_owned()
            },
            safeguard: String::new(),
        };
        write::add_use(viewer, number, viewer.fresh_id(), &input).await
    }

    pub(super) async fn head_of_record(&self, viewer: &Viewer) -> Result<()> {
        let input = write::HeadInput {
            controller: "Northwind Retail AG, Hafenstraße 1, Hamburg".to_owned(),
            joint_controller: String::new(),
            representative: String::new(),
            officer: "Mara Lindt, privacy@northwind.example".to_owned(),
        };
        write::set_head(viewer, 0, &input).await
    }

    pub(super) async fn offer_source(&self, viewer: &Viewer, name: &str) -> Result<()> {
        write::offer(viewer, self.source_of(viewer, name).await?.number).await
    }

    pub(super) async fn sign_source(
        &self,
        viewer: &Viewer,
        name: &str,
        objection: Option<&str>,
    ) -> Result<()> {
        let source = self.source_of(viewer, name).await?;
        let digest = self.digest(viewer, Kind::Source, source.id.uuid()).await?;
        let given = VerdictInput {
            seen: &digest,
            verdict: objection.map_or(Verdict::Agree, |_| Verdict::Object),
            reason: objection,
        };
        sign::<write::EntryOnTable>(viewer, source.number, given, ()).await?;
        Ok(())
    }

    pub(super) async fn name_profile(&self, viewer: &Viewer, name: &str) -> Result<()> {
        write::name_profile(viewer, self.source_of(viewer, name).await?.number).await
    }

    pub(super) async fn sign_quarter(&self, viewer: &Viewer) -> Result<()> {
        let quarter = viewer.today().quarter();
        let (map, _) = read::quarter_map(viewer, quarter).await?.ok_or(Error::NotFound)?;
        let digest = self.digest(viewer, Kind::QuarterMap, map.id.uuid()).await?;
        sign::<write::QuarterOnTable>(viewer, quarter, VerdictInput::agree(&digest), ()).await?;
        Ok(())
    }

    pub(super) async fn sign_profile(&self, viewer: &Viewer) -> Result<()> {
        let (id, _) = read::profile(viewer).await?.offered.ok_or(Error::NotFound)?;
        let digest = self.digest(viewer, Kind::Profile, id.uuid()).await?;
        sign::<write::ProfileOnTable>(viewer, (), VerdictInput::agree(&digest), ()).await?;
        Ok(())
    }

    pub(super) async fn speak(
        &self,
        viewer: &Viewer,
        name: &str,
        words: &[(&str, Option<Word>, Option<Word>)],
        is_marketing: bool,
    ) -> Result<()> {
        let source = self.source_of(viewer, name).await?.id;
        let touchpoints = read::touchpoints(viewer).await?;
        let spoken: Vec<WordInput> = words
            .iter()
            .filter_map(|(title, marketing, technology)| {
                let touchpoint = touchpoints
                    .iter()
                    .find(|touchpoint| touchpoint.name == *title)?
                    .id;
                let word = if is_marketing { *marketing } else { *technology };
                word.map(|word| WordInput {
                    touchpoint,
                    source,
                    word,
                    seen: None,
                })
            })
            .collect();
        write::say(viewer, &spoken).await?;
        Ok(())
    }

    pub(super) async fn read_levels(
        &self,
        viewer: &Viewer,
        plan: &ReadingPlan,
        is_marketing: bool,
    ) -> Result<()> {
        let number = self.source_of(viewer, plan.source).await?.number;
        let levels = if is_marketing {
            plan.marketing
        } else {
            plan.technology
        };
        let input: Vec<write::LevelInput> = Parameter::READ
            .into_iter()
            .zip(levels)
            .map(|(parameter, (level, evidence))| write::LevelInput {
                parameter,
                level,
                evidence: evidence.to_owned(),
            })
            .collect();
        write::read_levels(viewer, number, 1, &input).await
    }
}
