//! A workspace of a given size, through the same verbs as people's, the same for the same seed.

use crate::{
    access, decisions, definition, goals,
    handshake::{Health, Kind, on_table::sign, read::current, write::VerdictInput},
    identity::{Role, Side, Viewer},
    initiatives::{self, Phase},
    kpis::{self, Cadence, Direction},
    milestones,
    platform::{
        error::{Error, Result},
        ids::{
            AccessId, AccountId, CheckpointId, ClauseId, GoalId, InitiativeId, KpiId, MemberId, MilestoneId,
            OptionId, SourceId, TouchpointId, UseId,
        },
        quantity::Quantity,
        state::AppState,
        time::Day,
    },
    rounds::write::AnswerInput,
    sources::{
        self, Chair, Channel, PersonalForm, Sensitivity, Stage, Word,
        levels::{Level, Parameter},
        uses::{Basis, Kept, KeptAfter, KeptThen, Purpose},
    },
    sql, technologies,
    ui::part::initials,
};
use clap::Args;
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha12Rng};

use super::DemoWorkspace;

#[derive(Args, Clone, Debug)]
pub struct Size {
    /// The workspace's name, from which its address is made.
    #[arg(long, default_value = "bench")]
    pub workspace: String,
    #[arg(long, default_value_t = 25)]
    pub initiatives: usize,
    /// At least 7: one of each role and side.
    #[arg(long, default_value_t = 15, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(7..=500))]
    pub people: usize,
    #[arg(long, default_value_t = 150)]
    pub milestones: usize,
    #[arg(long, default_value_t = 2851)]
    pub checkpoints: usize,
    #[arg(long, default_value_t = 60)]
    pub kpis: usize,
    /// Months of values per KPI.
    #[arg(long, default_value_t = 24)]
    pub periods: usize,
    #[arg(long, default_value_t = 40)]
    pub decisions: usize,
    /// Options per decision, each scored by every working person.
    #[arg(long, default_value_t = 6, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(2..=20))]
    pub options: usize,
    /// Criteria per decision; with 0 nothing is scored.
    #[arg(long, default_value_t = 8, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(0..=12))]
    pub criteria: usize,
    #[arg(long, default_value_t = 40)]
    pub touchpoints: usize,
    /// Sources, of each of which both sides say a word at every touchpoint.
    #[arg(long, default_value_t = 20)]
    pub sources: usize,
    /// Ratified versions of the definition.
    #[arg(long, default_value_t = 12)]
    pub revisions: usize,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

const PASSWORD: &str = "seeded-workspace-sign-in";

const FIRST: [&str; 20] = [
    "Ada", "Bruno", "Chloe", "Daniel", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jamal", "Kira", "Luca",
    "Mina", "Noah", "Orla", "Pablo", "Rania", "Stefan", "Tova", "Wes",
];

const LAST: [&str; 20] = [
    "Abel", "Berg", "Costa", "Dietz", "Eklund", "Ferrer", "Grant", "Haas", "Ivers", "Jansen", "Keller",
    "Lopez", "Moreau", "Novak", "Olsen", "Petrov", "Quinn", "Rossi", "Silva", "Weber",
];

const NOUNS: [&str; 24] = [
    "profile",
    "consent",
    "receipt",
    "pickup",
    "loyalty",
    "newsletter",
    "search",
    "checkout",
    "returns",
    "offers",
    "service inbox",
    "store visit",
    "catalogue",
    "delivery",
    "payment",
    "app start",
    "survey",
    "complaint",
    "gift card",
    "size advice",
    "stock view",
    "invoice",
    "waiting list",
    "events feed",
];

const VERBS: [&str; 12] = [
    "Unify", "Simplify", "Measure", "Connect", "Renew", "Open", "Shorten", "Explain", "Automate", "Secure",
    "Test", "Roll out",
];

/// One after the other, of the KPIs.
const DIRECTIONS: [Direction; 4] = [
    Direction::Increase,
    Direction::Decrease,
    Direction::Increase,
    Direction::Within,
];

struct Person {
    account: AccountId,
    member: MemberId,
    side: Option<Side>,
}

/// An initiative, its number, and its co-leads: Marketing, Technology.
type SeedInitiative = (InitiativeId, i64, [(AccountId, MemberId); 2]);

struct Seeding<'a> {
    workspace: DemoWorkspace,
    size: &'a Size,
    chance: ChaCha12Rng,
    people: Vec<Person>,
    today: Day,
}

/// Makes the workspace, and gives one sign-in per role as `(email, password)`.
pub async fn seed(state: &AppState, size: &Size) -> Result<Vec<(String, String)>> {
    let now = state.now();
    let workspace = DemoWorkspace::set(
        state,
        &size.workspace,
        "Europe/Berlin",
        now.plus_days(-800),
        size.seed,
        PASSWORD,
    )
    .await?;
    let today = now.day_in(&workspace.zone);
    let mut seeding = Seeding {
        workspace,
        size,
        chance: ChaCha12Rng::seed_from_u64(size.seed),
        people: Vec::new(),
        today,
    };
    let sign_ins = seeding.people().await?;
    let kpis = seeding.kpis().await?;
    let clauses = seeding.definition(&kpis).await?;
    let initiatives = seeding.initiatives(&clauses, &kpis).await?;
    let sources = seeding.sources(&clauses).await?;
    seeding.goals(&initiatives, &kpis, &sources).await?;
    seeding.milestones(&initiatives).await?;
    seeding.decisions(&initiatives).await?;
    Ok(sign_ins)
}

fn seed_reading() -> Vec<sources::write::LevelInput> {
    Parameter::READ
        .into_iter()
        .map(|parameter| sources::write::LevelInput {
            parameter,
            level: Level::One,
            evidence: "Made by machine: somebody saw it.".to_owned(),
        })
        .collect()
}

fn seed_use() -> sources::write::UseInput {
    sources::write::UseInput {
        name: "Counting".to_owned(),
        purpose: Purpose::Measure,
        in_words: "Made by machine: how many did what.".to_owned(),
        basis: Some(Basis::LegitimateInterests),
        rests_on: "the balancing test".to_owned(),
        article_9: None,
        kept: Some(Kept {
            after: KeptAfter::LastPurchase,
            months: 36,
            then: KeptThen::Deleted,
        }),
        archived_under: String::new(),
        recipients: String::new(),
        countries: String::new(),
        safeguard: String::new(),
    }
}

impl Seeding<'_> {
    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.chance.random_range(0..from.len())]
    }

    fn title(&mut self, index: usize) -> String {
        let (verb, noun) = (self.pick(&VERBS), self.pick(&NOUNS));
        format!("{verb} the {noun} {}", index + 1)
    }

    /// Working people of a side; the first is its lead.
    fn of(&self, side: Side) -> Vec<&Person> {
        self.people
            .iter()
            .filter(|person| person.side == Some(side))
            .collect()
    }

    fn somebody(&mut self, side: Side) -> (AccountId, MemberId) {
        let count = self.of(side).len();
        let index = self.chance.random_range(0..count);
        let person = self.of(side)[index];
        (person.account, person.member)
    }

    async fn lead(&self, side: Side) -> Result<Viewer> {
        let account = self.of(side).first().ok_or(Error::Internal)?.account;
        self.workspace.viewer(account).await
    }

    fn on(&self, offset: i64, hour: i64) {
        self.workspace.on(self.today.plus(offset), hour, 0);
    }

    async fn people(&mut self) -> Result<Vec<(String, String)>> {
        let domain = format!("{}.example", self.workspace.slug);
        let named: [(&str, Option<Side>, Role); 7] = [
            ("cmo", Some(Side::Marketing), Role::Lead),
            ("cio", Some(Side::Technology), Role::Lead),
            ("marketing.manager", Some(Side::Marketing), Role::Manager),
            ("technology.manager", Some(Side::Technology), Role::Manager),
            ("marketing", Some(Side::Marketing), Role::Contributor),
            ("technology", Some(Side::Technology), Role::Contributor),
            ("observer", None, Role::Observer),
        ];
        let mut sign_ins = Vec::new();
        for index in 0..self.size.people {
            let name = format!(
                "{} {}",
                FIRST[index % FIRST.len()],
                LAST[(index * 7 + index / FIRST.len()) % LAST.len()]
            );
            let (email, side, role) = if let Some((local, side, role)) = named.get(index) {
                (format!("{local}@{domain}"), *side, *role)
            } else {
                let side = if index % 2 == 0 {
                    Side::Marketing
                } else {
                    Side::Technology
                };
                (
                    format!("{}{index}@{domain}", initials(&name).to_lowercase()),
                    Some(side),
                    Role::Contributor,
                )
            };
            let (account, member) = self
                .workspace
                .person(&name, &email, side, role, index == 0)
                .await?;
            self.people.push(Person {
                account,
                member,
                side,
            });
            if index < named.len() {
                sign_ins.push((email, PASSWORD.to_owned()));
            }
        }
        Ok(sign_ins)
    }

    async fn kpis(&mut self) -> Result<Vec<KpiId>> {
        let mut kpis = Vec::new();
        let latest = Cadence::Monthly.last_complete(self.today);
        let periods = i32::try_from(self.size.periods).unwrap_or(24);
        for index in 0..self.size.kpis {
            let direction = DIRECTIONS[index % DIRECTIONS.len()];
            let (driver, marketing, technology) = (
                self.somebody(Side::Marketing),
                self.somebody(Side::Marketing),
                self.somebody(Side::Technology),
            );
            let start = self.chance.random_range(20..60);
            let drift: i64 = self.chance.random_range(-3..8);
            self.on(-790, 9);
            let viewer = self.lead(Side::Marketing).await?;
            let id: KpiId = viewer.fresh_id();
            let first = Cadence::Monthly.step(latest, 1 - periods);
            let title = self.title(index);
            let plan = kpis::write::KpiInput {
                title: format!("{title} rate"),
                about: "Made by machine.".to_owned(),
                unit: "%".to_owned(),
                direction,
                cadence: Cadence::Monthly,
                baseline: Some(Quantity::whole(start)),
                starts_on: first,
                watch_below: 90,
                act_below: 70,
                driver: driver.1,
                marketing_owner: marketing.1,
                technology_owner: technology.1,
            };
            let number = kpis::write::start(&viewer, id, plan).await?;
            let mut targets = Vec::new();
            for step in 0..periods + 3 {
                let aim = Quantity::whole(start + i64::from(step / 6) * drift.signum() * 2);
                let (low, high) = match direction {
                    Direction::Increase | Direction::Above => (Some(aim), None),
                    Direction::Decrease | Direction::Below => (None, Some(aim)),
                    Direction::Within => (
                        Some(Quantity::whole(start - 10)),
                        Some(Quantity::whole(start + 10)),
                    ),
                };
                targets.push(kpis::write::PeriodTarget {
                    period: Cadence::Monthly.step(first, step),
                    target: kpis::Target::between(low, high),
                });
            }
            kpis::write::propose_targets(&viewer, number, 1, &targets, "", kpis::Doubt::Settled).await?;
            for owner in [&marketing, &technology] {
                let owner = self.workspace.viewer(owner.0).await?;
                let (standing, _) = current(&owner, Kind::Targets, id.uuid())
                    .await?
                    .ok_or(Error::Internal)?;
                let given = VerdictInput::agree(&standing.digest);
                sign::<kpis::write::TargetsOnTable>(&owner, number, given, ()).await?;
            }
            // One in ten has fallen silent.
            let silent = if index % 10 == 9 { 2 } else { 0 };
            for step in 0..periods - silent {
                let period = Cadence::Monthly.step(first, step);
                let noise: i64 = self.chance.random_range(-15_000..15_000);
                let value = Quantity::from_ten_thousandths(
                    (start * 10_000 + drift * 3_000 * i64::from(step) + noise).max(0),
                );
                let entered = Cadence::Monthly
                    .step(period, 1)
                    .plus(3)
                    .days_since(self.today)
                    .min(-2);
                self.on(entered, 9);
                let driver = self.workspace.viewer(driver.0).await?;
                kpis::write::enter(&driver, number, period, value, None, kpis::Doubt::Settled).await?;
                let newest = step + 1 == periods;
                self.attest(number, id, period, marketing.0, index, entered)
                    .await?;
                if !(newest && index % 3 == 0) {
                    self.attest(
                        number,
                        id,
                        period,
                        technology.0,
                        index + usize::from(newest && index % 7 == 0),
                        entered,
                    )
                    .await?;
                }
            }
            kpis.push(id);
        }
        Ok(kpis)
    }

    async fn attest(
        &self,
        number: i64,
        _id: KpiId,
        period: Day,
        account: AccountId,
        mood: usize,
        entered: i64,
    ) -> Result<()> {
        self.on((entered + 1).min(-1), 10);
        let viewer = self.workspace.viewer(account).await?;
        let (value_id,): (crate::platform::ids::KpiValueId,) = viewer
            .fetch_one(
                sql!(
                    "select v.id from kpi_current_values v join kpi_facts k on k.id = v.kpi_id where
                     v.workspace_id = $1 and k.number = $2 and v.period_on = $3"
                ),
                crate::args![number, period],
            )
            .await?;
        let (standing, _) = current(&viewer, Kind::Kpi, value_id.uuid())
            .await?
            .ok_or(Error::Internal)?;
        let status = [Health::OnTrack, Health::OnTrack, Health::AtRisk][mood % 3];
        kpis::write::attest(
            &viewer,
            number,
            period,
            &standing.digest,
            kpis::write::Judgement {
                status,
                confidence: None,
                insight: Some("About what was expected.".to_owned()),
                action: None,
            },
        )
        .await?;
        Ok(())
    }

    async fn definition(&mut self, kpis: &[KpiId]) -> Result<Vec<ClauseId>> {
        let mut clauses = Vec::new();
        for index in 0..10 {
            self.on(-780, 9);
            let viewer = self.lead(Side::Marketing).await?;
            let id: ClauseId = viewer.fresh_id();
            let text = Self::clause(index, 0, kpis);
            definition::write::add_clause(&viewer, id, text).await?;
            clauses.push(id);
        }
        for revision in 0..self.size.revisions {
            let offset = -760 + i64::try_from(revision * 700 / self.size.revisions.max(1)).unwrap_or(0);
            self.on(offset, 9);
            let (marketing, technology) = (
                self.lead(Side::Marketing).await?,
                self.lead(Side::Technology).await?,
            );
            if revision > 0 {
                let index = revision % clauses.len();
                let version = definition::read::draft(&marketing)
                    .await?
                    .into_iter()
                    .find(|clause| clause.id == clauses[index])
                    .map_or(0, |clause| clause.version);
                let text = Self::clause(index, revision, kpis);
                definition::write::edit_clause(&marketing, clauses[index], version, text).await?;
            }
            let number = definition::write::propose(&marketing, Some(self.today.plus_months(12))).await?;
            let digest = definition::read::version(&marketing, number).await?.digest;
            sign::<definition::write::VersionOnTable>(&marketing, number, VerdictInput::agree(&digest), ())
                .await?;
            self.on(offset + 2, 9);
            sign::<definition::write::VersionOnTable>(&technology, number, VerdictInput::agree(&digest), ())
                .await?;
        }
        Ok(clauses)
    }

    fn clause(index: usize, revision: usize, kpis: &[KpiId]) -> definition::write::Text {
        let noun = NOUNS[index % NOUNS.len()];
        let within = 24 - revision.min(20);
        definition::write::Text {
            title: format!("A {noun} that fits"),
            promise: format!(
                "Whoever meets us at the {noun} is known, is asked nothing twice, and has an answer within \
                    {within} hours."
            ),
            for_marketing: format!(
                "Every campaign reads the same {noun}; no list of our own. We test the words with customers \
                    before they go out."
            ),
            for_technology: format!(
                "One service owns the {noun}; it answers within {} ms and every change reaches every source \
                    within {within} hours.",
                600 - revision * 20
            ),
            kpis: kpis.get(index * 2..index * 2 + 2).unwrap_or_default().to_vec(),
        }
    }

    async fn initiatives(&mut self, clauses: &[ClauseId], kpis: &[KpiId]) -> Result<Vec<SeedInitiative>> {
        let mut made = Vec::new();
        for index in 0..self.size.initiatives {
            let starts = -self.chance.random_range(60..400);
            let ends = self.chance.random_range(20..300);
            let leads = [self.somebody(Side::Marketing), self.somebody(Side::Technology)];
            let members = vec![
                self.somebody(Side::Marketing).1,
                self.somebody(Side::Technology).1,
                self.somebody(Side::Technology).1,
            ];
            self.on(starts - 5, 9);
            let viewer = self.lead(Side::Marketing).await?;
            let id: InitiativeId = viewer.fresh_id();
            let plan = initiatives::write::InitiativeInput {
                title: self.title(index),
                purpose: "Made by machine: a cross-team that serves two clauses and moves two numbers."
                    .to_owned(),
                starts_on: self.today.plus(starts),
                due_on: self.today.plus(ends),
                marketing_lead: leads[0].1,
                technology_lead: leads[1].1,
                driver_side: Side::Marketing,
                cadence: initiatives::CheckInCadence::Fortnightly,
                members: members
                    .into_iter()
                    .map(|member| (member, "The match rules and their tests".to_owned()))
                    .collect(),
                clauses: vec![
                    clauses[index % clauses.len()],
                    clauses[(index + 3) % clauses.len()],
                ],
                kpis: (0..2)
                    .filter_map(|step| kpis.get((index * 2 + step) % kpis.len().max(1)).copied())
                    .collect(),
            };
            let number = initiatives::write::start(&viewer, id, plan, None).await?;
            self.on(starts, 9);
            initiatives::write::move_to(&viewer, number, Phase::Active, "").await?;
            for lead in &leads {
                let lead = self.workspace.viewer(lead.0).await?;
                let (standing, _) = current(&lead, Kind::Charter, id.uuid())
                    .await?
                    .ok_or(Error::Internal)?;
                let given = VerdictInput::agree(&standing.digest);
                sign::<initiatives::write::CharterOnTable>(&lead, number, given, ()).await?;
            }
            let reporter = self.workspace.viewer(leads[0].0).await?;
            let last = if index % 6 == 5 { -30 } else { -3 };
            for offset in [-58, -44, last] {
                self.on(offset, 15);
                let health = [Health::OnTrack, Health::AtRisk, Health::OnTrack, Health::OffTrack]
                    [(index + usize::from(offset == last)) % 4];
                let milestone = initiatives::read::first_open_milestone(&reporter, number).await?;
                let check_in = initiatives::write::CheckInInput {
                    status: health,
                    confidence: 50 + 10 * i64::try_from(index % 5).unwrap_or(0),
                    note: "Two of three sources deliver; the third is tested.".to_owned(),
                    next_step: "Connect the third source".to_owned(),
                    risks: String::new(),
                    action: (health == Health::OffTrack).then(|| initiatives::write::CheckInAction {
                        action: "A second team for the third source".to_owned(),
                        owner: leads[1].1,
                        due_on: self.today.plus(20),
                        milestone,
                    }),
                };
                initiatives::write::check_in(&reporter, number, &check_in).await?;
            }
            if index % 12 == 11 {
                self.on(-2, 9);
                initiatives::write::move_to(&viewer, number, Phase::Paused, "Waits for the next quarter.")
                    .await?;
            }
            made.push((id, number, leads));
        }
        Ok(made)
    }

    /// A goal for every five initiatives, measured by two KPIs, each cited for two accesses.
    async fn goals(
        &mut self,
        initiatives: &[SeedInitiative],
        kpis: &[KpiId],
        sources: &[(SourceId, UseId)],
    ) -> Result<()> {
        let moving: Vec<(KpiId, Direction)> = kpis
            .iter()
            .copied()
            .zip(DIRECTIONS.into_iter().cycle())
            .filter(|(_, direction)| *direction != Direction::Within)
            .collect();
        for (index, served) in initiatives.chunks(5).enumerate() {
            self.on(-300, 10);
            let owner = self.somebody(Side::Marketing).1;
            let viewer = self.lead(Side::Marketing).await?;
            let measures = moving
                .iter()
                .cycle()
                .skip(index * 2)
                .take(moving.len().min(2))
                .map(|(id, direction)| {
                    let (low, high) = (Quantity::whole(1), Quantity::whole(90));
                    let span = if direction.falls() {
                        goals::Span {
                            baseline: high,
                            target: low,
                        }
                    } else {
                        goals::Span {
                            baseline: low,
                            target: high,
                        }
                    };
                    goals::write::MeasureInput {
                        row: 1,
                        kpi: *id,
                        span,
                    }
                });
            let plan = goals::write::GoalInput {
                title: format!("{}, and customers notice", self.title(index)),
                why: "Made by machine: what would be better for the customer.".to_owned(),
                owner,
                starts_on: self.today.plus(-300),
                due_on: self.today.plus(150),
                measures: measures.collect(),
                initiatives: served.iter().map(|(id, ..)| *id).collect(),
                doubt: kpis::Doubt::Settled,
            };
            let id: GoalId = viewer.fresh_id();
            let number = goals::write::set(&viewer, id, plan).await?;
            // Of sources that are internal: every fourth, from the second on.
            let source = sources.iter().skip(1).step_by(4).cycle().nth(index);
            for kind in [access::AccessKind::Data, access::AccessKind::Technology] {
                if kind == access::AccessKind::Data && source.is_none() {
                    continue;
                }
                let id: AccessId = viewer.fresh_id();
                let noun = NOUNS[index % NOUNS.len()];
                let ask = access::write::Ask {
                    kind,
                    title: format!("{} of the {noun}", kind.name()),
                    purpose: "Made by machine: read by two teams, every night.".to_owned(),
                    needed_on: self.today.plus(-200),
                    ends_on: self.today.plus(150),
                    terms: source
                        .filter(|_| kind == access::AccessKind::Data)
                        .map(|(source, used_for)| access::write::TermsInput {
                            sources: vec![*source],
                            used_for: *used_for,
                            form: PersonalForm::Counts,
                            fields: "day, store, sum".to_owned(),
                            copies: access::terms::Copies::None,
                            copies_until: None,
                            copies_in: None,
                            follows: None,
                        }),
                };
                goals::write::ask_access(&viewer, id, number, ask).await?;
            }
        }
        Ok(())
    }

    async fn milestones(&mut self, initiatives: &[SeedInitiative]) -> Result<()> {
        let mut left = self.size.checkpoints;
        for index in 0..self.size.milestones {
            let (_, initiative, leads) = initiatives[index % initiatives.len()];
            let due = self.chance.random_range(-100..240);
            self.on(-300, 9);
            let viewer = self.workspace.viewer(leads[1].0).await?;
            let id: MilestoneId = viewer.fresh_id();
            let plan = milestones::write::MilestoneInput {
                title: self.title(index),
                outcome: "Both sides see it work with real customers, measured for two weeks.".to_owned(),
                driver: leads[1].1,
                marketing_owner: leads[0].1,
                technology_owner: leads[1].1,
                asks_other_side: false,
            };
            let number =
                milestones::write::promise(&viewer, id, initiative, plan, self.today.plus(due - 20)).await?;
            if index % 3 == 0 {
                milestones::write::slip(
                    &viewer,
                    number,
                    1,
                    self.today.plus(due),
                    "A source was ready later than planned.",
                )
                .await?;
            }
            let mut share = left / (self.size.milestones - index);
            share = share.min(200);
            left -= share;
            let all_passed = index % 5 == 0 && due < 0;
            for step in 0..share {
                let within = i64::try_from(step * 200 / share.max(1)).unwrap_or(0);
                let step_due = due - 200 + within;
                let owner = if step % 2 == 0 {
                    self.somebody(Side::Marketing)
                } else {
                    self.somebody(Side::Technology)
                };
                self.on(-299, 9);
                let checkpoint: CheckpointId = viewer.fresh_id();
                let noun = self.pick(&NOUNS);
                let made = milestones::write::Step::new(
                    format!("Step {} for the {noun}", step + 1),
                    owner.1,
                    self.today.plus(step_due),
                );
                milestones::write::add_checkpoint(&viewer, number, checkpoint, made).await?;
                let is_late = step_due < 0;
                if all_passed || (is_late && self.chance.random_range(0..20) > 0) {
                    self.on(step_due.min(-2), 14);
                    let owner = self.workspace.viewer(owner.0).await?;
                    let words = "Shown in the fortnightly review, numbers in the minutes.";
                    milestones::write::pass(
                        &owner,
                        checkpoint,
                        milestones::write::PassInput {
                            words,
                            ..Default::default()
                        },
                    )
                    .await?;
                }
            }
            if all_passed && share > 0 {
                for (step, lead) in leads.iter().enumerate().take(if index % 10 == 0 { 2 } else { 1 }) {
                    self.on(-2 + i64::try_from(step).unwrap_or(0), 16);
                    let signer = self.workspace.viewer(lead.0).await?;
                    let (standing, _) = current(&signer, Kind::Milestone, id.uuid())
                        .await?
                        .ok_or(Error::Internal)?;
                    sign::<milestones::write::MilestoneOnTable>(
                        &signer,
                        number,
                        VerdictInput::agree(&standing.digest),
                        (),
                    )
                    .await?;
                }
            }
        }
        Ok(())
    }

    /// Both leads agree to the weights; then every working person scores every option on every criterion.
    async fn score(
        &mut self,
        number: i64,
        driver: &Viewer,
        options: &[OptionId],
        asked_on: i64,
    ) -> Result<()> {
        if self.size.criteria < 2 {
            return Ok(());
        }
        let criteria: Vec<decisions::write::CriterionInput> = (0..self.size.criteria)
            .map(|index| decisions::write::CriterionInput {
                id: None,
                title: format!("Fits the {}", NOUNS[index]),
                about: "Judged on what was shown, not on what was promised.".to_owned(),
                weight: self.chance.random_range(1..=10),
            })
            .collect();
        let decision = decisions::read::one(driver, number).await?;
        decisions::write::weigh(driver, number, decision.version, &criteria).await?;
        self.on(asked_on + 1, 9);
        for side in Side::BOTH {
            let lead = self.lead(side).await?;
            let (standing, _) = current(&lead, Kind::Weights, decision.id.uuid())
                .await?
                .ok_or(Error::Internal)?;
            sign::<decisions::write::WeightsOnTable>(
                &lead,
                number,
                VerdictInput::agree(&standing.digest),
                (),
            )
            .await?;
        }
        let wanted = Side::BOTH
            .map(|side| self.of(side).len())
            .into_iter()
            .min()
            .unwrap_or(1);
        let opener = self.lead(Side::Marketing).await?;
        decisions::write::open_scoring(
            &opener,
            number,
            i64::try_from(wanted).unwrap_or(1),
            self.today.plus(asked_on + 9),
        )
        .await?;
        let measures = decisions::read::criteria(&opener, decision.id).await?;
        self.on(asked_on + 2, 10);
        // The larger side first: the round closes with the last answer of the smaller.
        let mut sides = Side::BOTH;
        sides.sort_by_key(|side| std::cmp::Reverse(self.of(*side).len()));
        for side in sides {
            let accounts: Vec<AccountId> = self.of(side).iter().map(|person| person.account).collect();
            for account in accounts {
                let mut given = Vec::with_capacity(options.len() * measures.len());
                for option in options {
                    for measure in &measures {
                        let score = self.chance.random_range(1..=5);
                        let note = if self.chance.random_range(0..10) == 0 {
                            "Seen in the demonstration; the export was missing."
                        } else {
                            ""
                        };
                        given.push(AnswerInput {
                            thing: option.to_string(),
                            measure: measure.id.to_string(),
                            score,
                            note: note.to_owned(),
                        });
                    }
                }
                decisions::write::answer(&self.workspace.viewer(account).await?, number, 1, &given).await?;
            }
        }
        Ok(())
    }

    /// Touchpoints, sources with a use each, their entries signed, and both sides' words on all of them.
    /// Gives each source with its use.
    async fn sources(&mut self, clauses: &[ClauseId]) -> Result<Vec<(SourceId, UseId)>> {
        self.on(-330, 9);
        let (marketing, technology) = (
            self.lead(Side::Marketing).await?,
            self.lead(Side::Technology).await?,
        );
        let mut touchpoints: Vec<TouchpointId> = Vec::new();
        for index in 0..self.size.touchpoints {
            let id: TouchpointId = marketing.fresh_id();
            let input = sources::write::TouchpointInput {
                name: format!("Touchpoint {}: the {}", index + 1, NOUNS[index % NOUNS.len()]),
                stage: Stage::ALL[index % Stage::ALL.len()],
                channel: Channel::ALL[index % Channel::ALL.len()],
                answers: Some(marketing.member_id()),
                contacts: None,
                known_by: "loyalty number".to_owned(),
                about: String::new(),
                clauses: clauses
                    .get(index % clauses.len().max(1))
                    .copied()
                    .into_iter()
                    .collect(),
            };
            sources::write::name_touchpoint(&marketing, id, input).await?;
            touchpoints.push(id);
        }
        let mut made = Vec::new();
        let owner = self.of(Side::Marketing).get(1).ok_or(Error::Internal)?.member;
        for index in 0..self.size.sources {
            let id: SourceId = marketing.fresh_id();
            let input = sources::write::SourceInput {
                name: format!("Source {}: {}", index + 1, NOUNS[index % NOUNS.len()]),
                holds: "Made by machine: what customers did there.".to_owned(),
                technology: None,
                sensitivity: Some(Sensitivity::ALL[index % Sensitivity::ALL.len()]),
                form: Some(PersonalForm::Pseudonymous),
                people: "customers".to_owned(),
                kinds_of_data: "purchases".to_owned(),
                is_special: false,
                kept_in: "Ireland".to_owned(),
                refreshed: "nightly".to_owned(),
                protection: "Encrypted.".to_owned(),
            };
            let seats = [
                // Another one than the lead, who asks for access.
                (Chair::Owner, owner),
                (Chair::Custodian, technology.member_id()),
            ];
            let number = sources::write::enter(&marketing, id, input, &seats).await?;
            let used_for: UseId = marketing.fresh_id();
            sources::write::add_use(&marketing, number, used_for, &seed_use()).await?;
            sources::write::offer(&marketing, number).await?;
            for viewer in [&marketing, &technology] {
                let (standing, _) = current(viewer, Kind::Source, id.uuid())
                    .await?
                    .ok_or(Error::NotFound)?;
                let given = VerdictInput::agree(&standing.digest);
                sign::<sources::write::EntryOnTable>(viewer, number, given, ()).await?;
            }
            made.push((id, used_for));
        }
        self.on(-101, 9);
        for number in (1..).take(made.len()) {
            for viewer in [&marketing, &technology] {
                sources::write::read_levels(viewer, number, 1, &seed_reading()).await?;
            }
        }
        self.on(-100, 9);
        for (id, _) in &made {
            for viewer in [&marketing, &technology] {
                let spoken: Vec<sources::write::WordInput> = touchpoints
                    .iter()
                    .map(|touchpoint| sources::write::WordInput {
                        touchpoint: *touchpoint,
                        source: *id,
                        word: Word::ALL[self.chance.random_range(0..Word::ALL.len())],
                        seen: None,
                    })
                    .collect();
                if !spoken.is_empty() {
                    sources::write::say(viewer, &spoken).await?;
                }
            }
        }
        Ok(made)
    }

    async fn decisions(&mut self, initiatives: &[SeedInitiative]) -> Result<()> {
        for index in 0..self.size.decisions {
            let (initiative, _, leads) = initiatives[index % initiatives.len()];
            let asked_on = -self.chance.random_range(20..300);
            self.on(asked_on, 9);
            let viewer = self.workspace.viewer(leads[0].0).await?;
            let noun = self.pick(&NOUNS);
            let question = decisions::write::Question {
                question: format!("Which technology carries the {noun} ({})?", index + 1),
                context: "Made by machine. Three options are on the market; two run on what we have."
                    .to_owned(),
                initiative: Some(initiative),
                driver: leads[0].1,
                decide_by: self.today.plus(asked_on + 40),
                evidence: decisions::write::EvidenceInput::default(),
            };
            let number = decisions::write::ask(&viewer, viewer.fresh_id(), None, question).await?;
            let mut options = Vec::new();
            for path in 0..self.size.options {
                let id: OptionId = viewer.fresh_id();
                let cost = 40_000 + 25_000 * i64::try_from(path).unwrap_or(0);
                let choice = decisions::write::ChoiceInput {
                    title: format!("Option {}", path + 1),
                    advantages: "Known to the team".to_owned(),
                    drawbacks: "A second place to govern".to_owned(),
                    effort: String::new(),
                    risk: String::new(),
                    one_off_cost: Some(Quantity::whole(cost)),
                    yearly_cost: Some(Quantity::whole(cost / 2)),
                };
                decisions::write::add_option(&viewer, number, id, choice).await?;
                options.push(id);
            }
            self.score(number, &viewer, &options, asked_on).await?;
            if index % 4 == 3 {
                continue;
            }
            self.on((asked_on + 10).min(-6), 9);
            let viewer = self.workspace.viewer(leads[0].0).await?;
            let proposed = decisions::write::ProposalInput {
                option: options[index % options.len()],
                rationale: "It costs least over three years and keeps the data where it is governed."
                    .to_owned(),
                stage: Some(technologies::TechnologyStage::Adopt),
                review_on: None,
            };
            decisions::write::propose(&viewer, number, proposed).await?;
            let id = decisions::read::one(&viewer, number).await?.id;
            let signers = match index % 4 {
                0 | 1 => vec![Side::Marketing, Side::Technology],
                _ => vec![Side::Marketing],
            };
            for (step, side) in signers.into_iter().enumerate() {
                self.on((asked_on + 12 + i64::try_from(step).unwrap_or(0)).min(-4), 11);
                let signer = self.lead(side).await?;
                let (standing, _) = current(&signer, Kind::Decision, id.uuid())
                    .await?
                    .ok_or(Error::Internal)?;
                sign::<decisions::write::DecisionOnTable>(
                    &signer,
                    number,
                    VerdictInput::agree(&standing.digest),
                    None,
                )
                .await?;
            }
        }
        Ok(())
    }
}
