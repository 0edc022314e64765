//! A workspace of a given size, through the same verbs as people's, the same for the same seed.

mod choices;
mod numbers;
mod sources;
mod work;

use crate::{
    identity::{Role, Side, Viewer},
    kpis::Direction,
    platform::{
        error::{Error, Result},
        ids::{AccountId, InitiativeId, MemberId},
        state::AppState,
        time::Day,
    },
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
}
