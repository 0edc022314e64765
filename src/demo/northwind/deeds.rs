//! Each deed of the story through the verb that people use.

use super::{
    Deed, Story, Who,
    Who::Kofi,
    choices::{given, rests_on},
    numbers::quantity,
};
use crate::{
    decisions, definition, goals,
    handshake::{Health, Kind, Verdict},
    initiatives, kpis, milestones,
    people::{arbiter, feeds::Feed},
    platform::{
        error::{Error, Result},
        form::ChosenFile,
        ids::{CheckpointId, ClauseId, MilestoneId, OptionId},
        quantity::Quantity,
    },
    rounds,
};

impl Story {
    pub(super) async fn act(&mut self, who: Who, deed: Deed) -> Result<()> {
        let viewer = self.viewer(who).await?;
        match deed {
            Deed::Clause(title, texts, kpis) => {
                let id: ClauseId = viewer.fresh_id();
                let kpis = kpis.iter().map(|title| self.kpis[title].0).collect();
                definition::write::add_clause(&viewer, id, Self::clause_text(title, texts, kpis)).await?;
                self.clauses.insert(title, id);
            }
            Deed::Rewrite(title, texts) => {
                let id = self.clauses[title];
                let version = definition::read::draft(&viewer).await?.into_iter().find(|clause| clause.id == id).map_or(0, |clause| clause.version);
                let kpis = definition::read::measures(&viewer).await?.into_iter().filter(|m| m.clause_id == id).map(|m| m.kpi_id).collect();
                definition::write::edit_clause(&viewer, id, version, Self::clause_text(title, texts, kpis)).await?;
            }
            Deed::ProposeDefinition => {
                definition::write::propose(&viewer, Some(self.today.plus_months(12))).await?;
            }
            Deed::Ratify(number) => {
                let digest = definition::read::version(&viewer, number).await?.digest;
                definition::write::sign(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::ObjectToDefinition(number, why) => {
                let digest = definition::read::version(&viewer, number).await?.digest;
                definition::write::sign(&viewer, number, &digest, Verdict::Object, Some(why)).await?;
            }
            Deed::Kpi(plan) => self.start_kpi(&viewer, plan).await?,
            Deed::Value(title, period, value) => kpis::write::enter(&viewer, self.kpis[title].1, period, quantity(value)?, None).await?,
            Deed::Correct(title, period, value, why) => kpis::write::enter(&viewer, self.kpis[title].1, period, quantity(value)?, Some(why)).await?,
            Deed::Attest(title, period, status) => {
                self.attest(
                    &viewer,
                    title,
                    period,
                    kpis::write::Judgement { status, confidence: Some(if status == Health::OnTrack { 80 } else { 50 }), insight: None, action: None },
                )
                .await?;
            }
            Deed::AttestOffTrack(title, period, insight, action, owner, due_on) => {
                let corrective = kpis::write::Corrective {
                    action: action.to_owned(),
                    owner: self.member(owner),
                    due_on,
                    milestone: Some(self.milestones["Consent service live"].0),
                };
                let judgement =
                    kpis::write::Judgement { status: Health::OffTrack, confidence: Some(20), insight: Some(insight.to_owned()), action: Some(corrective) };
                self.attest(&viewer, title, period, judgement).await?;
            }
            Deed::Initiative(plan) => self.start_initiative(&viewer, plan).await?,
            Deed::Move(title, phase, why) => initiatives::write::move_to(&viewer, self.initiatives[title], phase, why).await?,
            Deed::CheckIn(title, status, confidence, note, next) => {
                let risks = if status == Health::OnTrack { "" } else { "The Christmas trade leaves both teams two weeks." };
                let told = initiatives::write::CheckIn {
                    status,
                    confidence,
                    note: note.to_owned(),
                    next_step: next.to_owned(),
                    risks: risks.to_owned(),
                    action: (status == Health::OffTrack).then(|| initiatives::write::Corrective {
                        action: "Both leads decide it in the next review".to_owned(),
                        owner: self.member(Kofi),
                        due_on: viewer.today().plus(14),
                    }),
                };
                initiatives::write::check_in(&viewer, self.initiatives[title], &told).await?;
            }
            Deed::Acknowledge(title) => {
                let number = self.initiatives[title];
                let latest = initiatives::read::latest(&viewer, number).await?.ok_or(Error::NotFound)?;
                initiatives::write::acknowledge(&viewer, number, latest.id).await?;
            }
            Deed::Close(title, outcome, [worked, failed, lesson]) => {
                let told = initiatives::write::Retrospective { outcome, worked: worked.to_owned(), failed: failed.to_owned(), lesson: lesson.to_owned() };
                initiatives::write::propose_closing(&viewer, self.initiatives[title], &told).await?;
            }
            Deed::SignClosing(title) => {
                let digest = self.digest(&viewer, Kind::Retrospective, self.initiative_ids[title].uuid()).await?;
                initiatives::write::sign_closing(&viewer, self.initiatives[title], &digest, Verdict::Agree, None).await?;
            }
            Deed::StateCapacity(days) => initiatives::write::state_capacity(&viewer, self.today.quarter(), days).await?,
            Deed::Claim(title, marketing, technology) => {
                initiatives::write::claim_capacity(&viewer, self.today.quarter(), self.initiative_ids[title], marketing, technology).await?;
            }
            Deed::GoOver(why) => initiatives::write::propose_override(&viewer, self.today.quarter(), why).await?,
            Deed::SignOver => {
                let quarter = self.today.quarter();
                let found = initiatives::read::quarter(&viewer, quarter).await?.override_id.ok_or(Error::NotFound)?;
                let digest = self.digest(&viewer, Kind::Capacity, found.uuid()).await?;
                initiatives::write::sign_override(&viewer, quarter, &digest, Verdict::Agree, None).await?;
            }
            Deed::Delegate(to, days) => {
                let today = viewer.today();
                crate::people::delegation::delegate(&viewer, self.member(to), today, today.plus(days)).await?;
            }
            Deed::Milestone(plan) => {
                let id: MilestoneId = viewer.fresh_id();
                let [marketing, technology] = plan.owners;
                let promised = milestones::write::Plan {
                    title: plan.title.to_owned(),
                    outcome: plan.outcome.to_owned(),
                    driver: self.member(plan.driver),
                    marketing_owner: self.member(marketing),
                    technology_owner: self.member(technology),
                    asks_other_side: plan.asks_other_side,
                };
                let initiative = self.initiatives[plan.initiative];
                let number = milestones::write::promise(&viewer, id, initiative, promised, self.today.plus(plan.promised)).await?;
                self.milestones.insert(plan.title, (id, number));
            }
            Deed::Wait(on, title) => milestones::write::wait_for(&viewer, self.milestones[title].1, self.milestones[on].0).await?,
            Deed::ProposeBaseline => {
                milestones::write::propose_baseline(&viewer).await?;
            }
            Deed::SignBaseline(number) => {
                let id = milestones::read::baseline(&viewer, number).await?.id;
                let digest = self.digest(&viewer, Kind::Baseline, id.uuid()).await?;
                milestones::write::sign_baseline(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::Slip(title, to, why) => {
                let number = self.milestones[title].1;
                let version = milestones::read::one(&viewer, number).await?.version;
                milestones::write::slip(&viewer, number, version, to, why).await?;
            }
            Deed::Checkpoint(milestone, title, criteria, owner, due_on) => {
                let id: CheckpointId = viewer.fresh_id();
                let step = milestones::write::Step { criteria: criteria.to_owned(), ..milestones::write::Step::new(title, self.member(owner), due_on) };
                milestones::write::add_checkpoint(&viewer, self.milestones[milestone].1, id, step).await?;
                self.checkpoints.insert(title, id);
            }
            Deed::Pass(title, evidence) => {
                milestones::write::pass(&viewer, self.checkpoints[title], milestones::write::Given { words: evidence, ..Default::default() }).await?;
            }
            Deed::PassWith(title, name, text) => {
                let file = ChosenFile { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
                milestones::write::pass(&viewer, self.checkpoints[title], milestones::write::Given { file: Some(&file), ..Default::default() }).await?;
            }
            Deed::AcceptStep(title) => {
                let (id, version) = self.checkpoint(&viewer, title).await?;
                milestones::write::accept_checkpoint(&viewer, id, version).await?;
            }
            Deed::ReturnStep(title, missing) => {
                let (id, version) = self.checkpoint(&viewer, title).await?;
                milestones::write::return_checkpoint(&viewer, id, version, missing).await?;
            }
            Deed::GiveUp(title, why) => {
                let number = self.milestones[title].1;
                let version = milestones::read::one(&viewer, number).await?.version;
                milestones::write::archive(&viewer, number, version, why).await?;
            }
            Deed::MakeOf(title, formula, inputs) => {
                let number = self.kpis[title].1;
                let version = kpis::read::one(&viewer, number).await?.version;
                let inputs = inputs.map(|input| self.kpis[input].0);
                kpis::write::set_formula(&viewer, number, version, Some((formula, &inputs))).await?;
            }
            Deed::OpenFeed(title, name) => {
                let secret = kpis::write::issue_feed(&viewer, self.kpis[title].1, name, 365).await?;
                self.feeds.insert(title, secret);
            }
            Deed::Deliver(title, period, value) => {
                let feed = Feed::with(&self.stage.state, &self.feeds[title]).await?;
                kpis::write::deliver(&feed, &period.to_string(), quantity(value)?, None, None).await?;
            }
            Deed::Goal(plan) => self.set_goal(&viewer, plan).await?,
            Deed::NameServing(plan) => self.name_serving(&viewer, plan).await?,
            Deed::AskAccess(goal, plan) => self.ask_access(&viewer, goal, plan).await?,
            Deed::Approve(title) => {
                let (id, number) = self.accesses[title];
                let digest = self.digest(&viewer, Kind::Access, id.uuid()).await?;
                goals::write::sign(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::Grant(title) => goals::write::grant(&viewer, self.accesses[title].1).await?,
            Deed::WaitForAccess(milestone, title) => {
                milestones::write::wait_for_access(&viewer, self.milestones[milestone].1, self.accesses[title].0).await?;
            }
            Deed::Accept(title) => {
                let (id, number) = self.milestones[title];
                let digest = self.digest(&viewer, Kind::Milestone, id.uuid()).await?;
                milestones::write::sign(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::Ask(question, context, initiative, driver, decide_by) => {
                let (clauses, kpis, impact) = rests_on(question);
                let asked = decisions::write::Question {
                    question: question.to_owned(),
                    context: context.to_owned(),
                    initiative: initiative.map(|title| self.initiative_ids[title]),
                    driver: self.member(driver),
                    decide_by,
                    evidence: decisions::write::Evidence {
                        impact: impact.to_owned(),
                        clauses: clauses.iter().map(|title| self.clauses[title]).collect(),
                        kpis: kpis.iter().map(|title| self.kpis[title].0).collect(),
                        links: Vec::new(),
                    },
                };
                let number = decisions::write::ask(&viewer, viewer.fresh_id(), None, asked).await?;
                self.decisions.insert(question, number);
            }
            Deed::Option(question, title, [advantages, drawbacks], [one_off, yearly]) => {
                let id: OptionId = viewer.fresh_id();
                let choice = decisions::write::Choice {
                    title: title.to_owned(),
                    advantages: advantages.to_owned(),
                    drawbacks: drawbacks.to_owned(),
                    effort: String::new(),
                    risk: String::new(),
                    one_off_cost: one_off.map(Quantity::whole),
                    yearly_cost: yearly.map(Quantity::whole),
                };
                decisions::write::add_option(&viewer, self.decisions[question], id, choice).await?;
                self.options.insert((question, title), id);
            }
            Deed::Propose(question, option, why) => {
                let proposed = decisions::write::Proposed {
                    option: self.options[&(question, option)],
                    rationale: why.to_owned(),
                    stage: Some(decisions::Stage::Adopt),
                    review_on: Some(self.today.plus_months(6)),
                };
                decisions::write::propose(&viewer, self.decisions[question], proposed).await?;
            }
            Deed::Sign(question) => self.sign_decision(&viewer, question, Verdict::Agree, None, None).await?,
            Deed::SignIf(question, condition, milestone, owner, due_on) => {
                let becomes = decisions::write::Condition { milestone: self.milestones[milestone].0, owner: self.member(owner), due_on };
                self.sign_decision(&viewer, question, Verdict::AgreeWithConditions, Some(condition), Some(becomes)).await?;
            }
            Deed::Weigh(question, criteria) => {
                let number = self.decisions[question];
                let version = decisions::read::one(&viewer, number).await?.version;
                let criteria: Vec<decisions::write::Criterion> = criteria
                    .iter()
                    .map(|(title, about, weight)| decisions::write::Criterion {
                        id: None,
                        title: (*title).to_owned(),
                        about: (*about).to_owned(),
                        weight: *weight,
                    })
                    .collect();
                decisions::write::weigh(&viewer, number, version, &criteria).await?;
            }
            Deed::SignWeights(question) => {
                let number = self.decisions[question];
                let id = decisions::read::one(&viewer, number).await?.id;
                let digest = self.digest(&viewer, Kind::Weights, id.uuid()).await?;
                decisions::write::sign_weights(&viewer, number, &digest, Verdict::Agree, None).await?;
            }
            Deed::OpenScoring(question, wanted, until) => decisions::write::open_scoring(&viewer, self.decisions[question], wanted, until).await?,
            Deed::Score(question, scores, note) => {
                let number = self.decisions[question];
                let id = decisions::read::one(&viewer, number).await?.id;
                let round = rounds::read::all(&viewer, rounds::About::Decision, id.uuid()).await?.into_iter().next().ok_or(Error::NotFound)?;
                decisions::write::answer(&viewer, number, round.number, &given(&round.sheet, |t, m| scores[t][m], note)).await?;
            }
            Deed::Tell(question, outcome, told) => {
                decisions::write::review(&viewer, self.decisions[question], outcome, told, None).await?;
            }
            Deed::NameArbiter(who) => arbiter::name(&viewer, Some(self.member(who))).await?,
            Deed::StateCase(question, told) => decisions::write::state_case(&viewer, self.decisions[question], told).await?,
            Deed::Rule(question, option, told) => {
                decisions::write::rule(&viewer, self.decisions[question], self.options[&(question, option)], told).await?;
            }
            Deed::AskAgain(earlier, question, context, driver, decide_by) => {
                let earlier = decisions::read::one(&viewer, self.decisions[earlier]).await?.id;
                let asked = decisions::write::Question {
                    question: question.to_owned(),
                    context: context.to_owned(),
                    initiative: None,
                    driver: self.member(driver),
                    decide_by,
                    evidence: decisions::write::Evidence::default(),
                };
                let number = decisions::write::ask(&viewer, viewer.fresh_id(), Some(earlier), asked).await?;
                self.decisions.insert(question, number);
            }
            Deed::Say(clause, body) => {
                definition::write::comment(&viewer, self.clauses[clause], body).await?;
            }
            Deed::Suggest(clause, field, after, because) => {
                let id = self.clauses[clause];
                let before = definition::read::clause(&viewer, id).await?.text(field).to_owned();
                definition::write::suggest(&viewer, id, field, &before, after, because).await?;
            }
            Deed::OpenRound(wanted, until) => definition::write::open_round(&viewer, wanted, until).await?,
            Deed::Rate(ratings, note) => {
                let all = rounds::read::all(&viewer, rounds::About::Definition, viewer.workspace_id().uuid()).await?;
                let round = all.into_iter().next().ok_or(Error::NotFound)?;
                let given = given(&round.sheet, |t, m| ratings.get(t).map_or(4, |rating| rating[m]), note);
                definition::write::answer_round(&viewer, round.number, &given).await?;
            }
            Deed::Object(question, why) => self.sign_decision(&viewer, question, Verdict::Object, Some(why), None).await?,
        }
        Ok(())
    }
}
