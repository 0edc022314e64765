//! A believable year of Northwind, a fictional retailer, in every state that the product knows.

#![expect(clippy::too_many_lines, reason = "what the demo holds is a list")]

mod beats;

mod choices;

mod goals;

mod meetings;

mod numbers;

mod plan;

mod promises;

mod sources;

mod work;

use crate::platform::ids::TechnologyId;
use crate::technologies::TechnologyStage;
use std::collections::HashMap;

use self::{
    goals::{AccessPlan, GoalPlan},
    meetings::Meeting,
    numbers::KpiPlan,
    plan::MilestonePlan,
    sources::{ReadingPlan, SourcePlan, TouchpointPlan, UsePlan},
    work::InitiativePlan,
};

use super::DemoWorkspace;

use crate::{
    accounts::sign_in::DEMO_PASSWORD,
    decisions, definition,
    handshake::{Health, Kind, read::current},
    identity::{Role, Side, Viewer},
    initiatives::Phase,
    kpis,
    platform::{
        error::{Error, Result},
        ids::{
            AccessId, AccountId, CheckpointId, ClauseId, InitiativeId, KpiId, MemberId, MilestoneId, OptionId,
        },
        state::AppState,
        time::Day,
    },
    reviews,
    sources::{Word, quarters::Belief},
};

use Who::{Ana, Dana, Ines, Jonas, Kofi, Lena, Olu, Priya, Sam, Tom, Yuki};

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    Dana,
    Kofi,
    Lena,
    Priya,
    Ana,
    Jonas,
    Sam,
    /// Left twelve days ago.
    Tom,
    Yuki,
    Olu,
    Ines,
}

/// Something that somebody does on a day.
enum Beat {
    Clause(&'static str, [&'static str; 3], &'static [&'static str]),
    Rewrite(&'static str, [&'static str; 3]),
    ProposeDefinition,
    Ratify(i64),
    ObjectToDefinition(i64, &'static str),
    Kpi(&'static KpiPlan),
    Value(&'static str, Day, &'static str),
    Correct(&'static str, Day, &'static str, &'static str),
    /// KPI, period, the number it is to reach, why it changes.
    ProposeTarget(&'static str, Day, &'static str, &'static str),
    SignTargets(&'static str),
    Attest(&'static str, Day, Health),
    /// Sees it otherwise than the KPI's own limits, and says why.
    AttestOtherwise(&'static str, Day, Health, &'static str),
    AttestOffTrack(&'static str, Day, &'static str, &'static str, Who, Day),
    Initiative(&'static InitiativePlan),
    Move(&'static str, Phase, &'static str),
    SignCharter(&'static str),
    CheckIn(&'static str, Health, i64, &'static str, &'static str),
    Acknowledge(&'static str),
    /// Outcome; what worked, what did not, what is kept.
    Close(&'static str, Phase, [&'static str; 3]),
    SignClosing(&'static str),
    /// Days that one's own side can take in the present quarter.
    StateCapacity(i64),
    /// Days of Marketing and of Technology.
    Claim(&'static str, i64, i64),
    /// Why nothing is cut.
    GoOver(&'static str),
    SignOver,
    /// A manager of the lead's own side, from today for some days.
    Delegate(Who, i64),
    Milestone(&'static MilestonePlan),
    Slip(&'static str, Day, &'static str),
    /// Milestone, title, what must hold, owner, due.
    Checkpoint(&'static str, &'static str, &'static str, Who, Day),
    Pass(&'static str, &'static str),
    /// A file as evidence: its name and its text.
    PassWith(&'static str, &'static str, &'static str),
    AcceptStep(&'static str),
    ReturnStep(&'static str, &'static str),
    GiveUp(&'static str, &'static str),
    Accept(&'static str),
    /// The second cannot be met before the first.
    Wait(&'static str, &'static str),
    ProposeBaseline,
    SignBaseline(i64),
    Ask(&'static str, &'static str, Option<&'static str>, Who, Day),
    Option(&'static str, &'static str, [&'static str; 2], [Option<i64>; 2]),
    Propose(&'static str, &'static str, &'static str),
    Sign(&'static str),
    SignIf(&'static str, &'static str, &'static str, Who, Day),
    Object(&'static str, &'static str),
    /// Criteria, what they ask, and weights.
    Weigh(&'static str, &'static [(&'static str, &'static str, i64)]),
    SignWeights(&'static str),
    /// How many answers of each side, and the last day.
    OpenScoring(&'static str, i64, Day),
    /// Options by criteria, with a note on the first score.
    Score(&'static str, &'static [&'static [i64]], &'static str),
    Tell(&'static str, decisions::DecisionOutcome, &'static str),
    NameArbiter(Who),
    StateCase(&'static str, &'static str),
    Rule(&'static str, &'static str, &'static str),
    /// Asks again what an earlier decision, the first of the two, has settled.
    AskAgain(&'static str, &'static str, &'static str, Who, Day),
    Say(&'static str, &'static str),
    Suggest(&'static str, definition::Field, &'static str, &'static str),
    OpenRound(i64, Day),
    /// Clauses by "I agree" and "I know what it means for my team"; what is not said is a four.
    Rate(&'static [[i64; 2]], &'static str),
    /// A KPI made of two others.
    MakeOf(&'static str, kpis::Formula, [&'static str; 2]),
    OpenFeed(&'static str, &'static str),
    Deliver(&'static str, Day, &'static str),
    Goal(&'static GoalPlan),
    /// Names the initiatives that began since.
    NameServing(&'static GoalPlan),
    /// The goal, then what is asked for.
    AskAccess(&'static str, AccessPlan),
    Approve(&'static str),
    /// What was asked for, and why not.
    Refuse(&'static str, &'static str),
    TakeBack(&'static str, &'static str),
    Grant(&'static str),
    /// Still needed, says one side.
    KeepAccess(&'static str),
    /// Its name, what it is for, where it stands.
    EnterTechnology(&'static str, &'static str, TechnologyStage),
    /// Its name, where to, why.
    MoveTechnology(&'static str, TechnologyStage, &'static str),
    SignTechnology(&'static str),
    /// The milestone cannot be met before the access is there.
    WaitForAccess(&'static str, &'static str),
    /// Every four weeks, on the weekday that is so many days from today.
    SetRhythm(i64),
    /// The day from today, and the side that takes the chair.
    PlanReview(i64, Side),
    /// The review, the topic, why now.
    RaiseTopic(i64, &'static str, &'static str),
    HoldReview(&'static Meeting),
    OfferMinutes(i64),
    AcceptMinutes(i64),
    ObjectToMinutes(i64, &'static str),
    /// The review, and what is added to the text.
    RewriteMinutes(i64, &'static str),
    AddToMinutes(i64, &'static str),
    AcceptAddendum(i64),
    /// What was to be done, and what became of it.
    SettleAction(&'static str, reviews::write::Settlement),
    Touchpoint(&'static TouchpointPlan),
    Source(&'static SourcePlan),
    Use(&'static UsePlan),
    HeadOfRecord,
    OfferSource(&'static str),
    /// With an objection, where there is one.
    SignSource(&'static str, Option<&'static str>),
    NameProfile(&'static str),
    SignProfile,
    /// A source, and the words on its touchpoints: Marketing's or Technology's.
    Speak(
        &'static str,
        &'static [(&'static str, Option<Word>, Option<Word>)],
        bool,
    ),
    /// What somebody believes this quarter.
    Believe(Belief),
    DrawQuarter,
    SignQuarter,
    /// A source, and whether it is Marketing that reads its levels.
    ReadLevels(&'static ReadingPlan, bool),
    /// Who leaves, and who takes over.
    Leave(Who, Who),
}

/// The first morning, in days from today, on which the system reminds.
const REMINDED_FROM: i64 = -24;

/// The page of what changed looks back for thirty days.
const KEPT_FROM: i64 = -31;

struct Story {
    workspace: DemoWorkspace,
    today: Day,
    accounts: HashMap<Who, AccountId>,
    members: HashMap<Who, MemberId>,
    clauses: HashMap<&'static str, ClauseId>,
    kpis: HashMap<&'static str, (KpiId, i64)>,
    initiatives: HashMap<&'static str, i64>,
    initiative_ids: HashMap<&'static str, InitiativeId>,
    milestones: HashMap<&'static str, (MilestoneId, i64)>,
    checkpoints: HashMap<&'static str, CheckpointId>,
    decisions: HashMap<&'static str, i64>,
    goals: HashMap<&'static str, i64>,
    accesses: HashMap<&'static str, (AccessId, i64)>,
    technologies: HashMap<&'static str, (TechnologyId, i64)>,
    /// The secret of each KPI's feed.
    feeds: HashMap<&'static str, String>,
    options: HashMap<(&'static str, &'static str), OptionId>,
    /// What happens: the day from today, the minute of the day, who, what.
    script: Vec<(i64, i64, Who, Beat)>,
}

/// Writes the whole year.
pub async fn build(state: &AppState) -> Result<()> {
    let zone = "Europe/Berlin";
    let now = state.now();
    let today =
        now.day_in(&crate::platform::time::Zone::get(zone).unwrap_or(crate::platform::time::Zone::utc()));
    let workspace = DemoWorkspace::set(
        state,
        "Northwind Retail",
        zone,
        now.plus_days(-400),
        7,
        DEMO_PASSWORD,
    )
    .await?;
    let mut story = Story {
        workspace,
        today,
        accounts: HashMap::new(),
        members: HashMap::new(),
        clauses: HashMap::new(),
        kpis: HashMap::new(),
        initiatives: HashMap::new(),
        initiative_ids: HashMap::new(),
        milestones: HashMap::new(),
        checkpoints: HashMap::new(),
        decisions: HashMap::new(),
        goals: HashMap::new(),
        accesses: HashMap::new(),
        technologies: HashMap::new(),
        feeds: HashMap::new(),
        options: HashMap::new(),
        script: Vec::new(),
    };
    story.add_people().await?;
    story.write_definition();
    story.write_kpis();
    story.write_initiatives();
    story.write_milestones();
    story.write_decisions();
    story.write_goals();
    story.write_reviews();
    story.write_sources();
    let mut script = std::mem::take(&mut story.script);
    // What happens on one day happens in the order in which it is written.
    script.sort_by_key(|(day, minute, ..)| (*day, *minute));
    let mut yesterday = i64::MIN;
    for (day, minute, who, beat) in script {
        // In the last weeks the system keeps the facts of the day and reminds every morning, as it would
        // have.
        for morning in (yesterday.max(KEPT_FROM) + 1)..=day {
            story.workspace.on(today.plus(morning), 7, 0);
            reviews::schedule::keep_days(&story.workspace.state).await?;
            if morning > REMINDED_FROM {
                crate::desk::gather::remind_everywhere(&story.workspace.state).await?;
            }
        }
        yesterday = day;
        story.workspace.on(today.plus(day), 8 + minute / 60, minute % 60);
        story
            .play(who, beat)
            .await
            .inspect_err(|error| tracing::error!(day, error = %error, "the demo's story does not hold"))?;
    }
    Ok(())
}

impl Story {
    async fn add_people(&mut self) -> Result<()> {
        let people: [(Who, &str, &str, Side, Role, bool); 9] = [
            (
                Dana,
                "Dana Reyes",
                "cmo@demo.example",
                Side::Marketing,
                Role::Lead,
                false,
            ),
            (
                Kofi,
                "Kofi Owusu",
                "cio@demo.example",
                Side::Technology,
                Role::Lead,
                false,
            ),
            (
                Lena,
                "Lena Meyer",
                "marketing.manager@demo.example",
                Side::Marketing,
                Role::Manager,
                false,
            ),
            (
                Priya,
                "Priya Nair",
                "technology.manager@demo.example",
                Side::Technology,
                Role::Manager,
                false,
            ),
            (
                Ana,
                "Ana Sousa",
                "marketing@demo.example",
                Side::Marketing,
                Role::Contributor,
                false,
            ),
            (
                Jonas,
                "Jonas Thorne",
                "technology@demo.example",
                Side::Technology,
                Role::Contributor,
                false,
            ),
            (
                Sam,
                "Sam Okafor",
                "sam.okafor@demo.example",
                Side::Marketing,
                Role::Contributor,
                false,
            ),
            (
                Tom,
                "Tom Hale",
                "tom.hale@demo.example",
                Side::Marketing,
                Role::Contributor,
                false,
            ),
            (
                Yuki,
                "Yuki Tanaka",
                "yuki.tanaka@demo.example",
                Side::Technology,
                Role::Contributor,
                false,
            ),
        ];
        for (who, name, email, side, role, is_admin) in people {
            let (account, member) = self
                .workspace
                .person(name, email, Some(side), role, is_admin)
                .await?;
            self.accounts.insert(who, account);
            self.members.insert(who, member);
        }
        let (account, member) = self
            .workspace
            .person("Olu Bello", "observer@demo.example", None, Role::Observer, false)
            .await?;
        self.accounts.insert(Olu, account);
        self.members.insert(Olu, member);
        let (account, member) = self
            .workspace
            .person(
                "Ines Marek",
                "administrator@demo.example",
                None,
                Role::Observer,
                true,
            )
            .await?;
        self.accounts.insert(Ines, account);
        self.members.insert(Ines, member);
        Ok(())
    }

    fn on(&mut self, day: i64, who: Who, beat: Beat) {
        // A few minutes between one thing and the next on the same day.
        let minute = self.script.iter().filter(|(other, ..)| *other == day).count();
        self.script
            .push((day, i64::try_from(minute).unwrap_or(0) * 7 % 600, who, beat));
    }

    fn member(&self, who: Who) -> MemberId {
        self.members[&who]
    }

    async fn viewer(&self, who: Who) -> Result<Viewer> {
        self.workspace.viewer(self.accounts[&who]).await
    }

    fn clause_text(title: &str, texts: [&str; 3], kpis: Vec<KpiId>) -> definition::write::Text {
        let [promise, for_marketing, for_technology] = texts.map(str::to_owned);
        definition::write::Text {
            title: title.to_owned(),
            promise,
            for_marketing,
            for_technology,
            kpis,
        }
    }

    async fn digest(&self, viewer: &Viewer, kind: Kind, subject: uuid::Uuid) -> Result<String> {
        Ok(current(viewer, kind, subject)
            .await?
            .ok_or(Error::NotFound)?
            .0
            .digest)
    }
}
