//! Each deed of the story through the verb that people use.

use super::{
    Beat, Story, Who,
    Who::{Dana, Kofi},
    choices::{answers, rests_on},
    numbers::quantity,
};
use crate::{
    access, capacity, decisions, definition, handovers,
    handshake::{Health, Kind, Verdict, on_table::sign, write::VerdictInput},
    initiatives,
    kpis::{self, feeds::Feed},
    milestones,
    platform::{
        error::{Error, Result},
        form::ChosenFile,
        ids::{CheckpointId, ClauseId, MilestoneId, OptionId, TechnologyId},
        quantity::Quantity,
    },
    reviews, rounds, sources, technologies,
};

impl Story {
    pub(super) async fn play(&mut self, who: Who, beat: Beat) -> Result<()> {
        let viewer = self.viewer(who).await?;
        match beat {
            Beat::Clause(title, texts, kpis) => {
                let id: ClauseId = viewer.fresh_id();
                let kpis = kpis.iter().map(|title| self.kpis[title].0).collect();
                definition::write::add_clause(&viewer, id, Self::clause_text(title, texts, kpis)).await?;
                self.clauses.insert(title, id);
            }
            Beat::Rewrite(title, texts) => {
                let id = self.clauses[title];
                let version = definition::read::draft(&viewer)
                    .await?
                    .into_iter()
                    .find(|clause| clause.id == id)
                    .map_or(0, |clause| clause.version);
                let kpis = definition::read::measures(&viewer)
                    .await?
                    .into_iter()
                    .filter(|m| m.clause_id == id)
                    .map(|m| m.kpi_id)
                    .collect();
                definition::write::edit_clause(&viewer, id, version, Self::clause_text(title, texts, kpis))
                    .await?;
            }
            Beat::ProposeDefinition => {
                definition::write::propose(&viewer, Some(self.today.plus_months(12))).await?;
            }
            Beat::Ratify(number) => {
                let digest = definition::read::version(&viewer, number).await?.digest;
                sign::<definition::write::VersionOnTable>(&viewer, number, VerdictInput::agree(&digest), ())
                    .await?;
            }
            Beat::ObjectToDefinition(number, why) => {
                let digest = definition::read::version(&viewer, number).await?.digest;
                sign::<definition::write::VersionOnTable>(
                    &viewer,
                    number,
                    VerdictInput {
                        seen: &digest,
                        verdict: Verdict::Object,
                        reason: Some(why),
                    },
                    (),
                )
                .await?;
            }
            Beat::Kpi(plan) => self.start_kpi(&viewer, plan).await?,
            Beat::ProposeTarget(title, period, value, because) => {
                let number = self.kpis[title].1;
                let kpi = kpis::read::one(&viewer, number).await?;
                let value = quantity(value)?;
                let (low, high) = match kpi.direction {
                    kpis::Direction::Decrease | kpis::Direction::Below => (None, Some(value)),
                    _ => (Some(value), None),
                };
                let target = kpis::write::PeriodTarget {
                    period,
                    target: kpis::Target::between(low, high),
                };
                kpis::write::propose_targets(
                    &viewer,
                    number,
                    kpi.version,
                    &[target],
                    because,
                    kpis::Doubt::Settled,
                )
                .await?;
            }
            Beat::SignTargets(title) => self.sign_targets(&viewer, title).await?,
            Beat::Value(title, period, value) => {
                kpis::write::enter(
                    &viewer,
                    self.kpis[title].1,
                    period,
                    quantity(value)?,
                    None,
                    kpis::Doubt::Settled,
                )
                .await?;
            }
            Beat::Correct(title, period, value, why) => {
                kpis::write::enter(
                    &viewer,
                    self.kpis[title].1,
                    period,
                    quantity(value)?,
                    Some(why),
                    kpis::Doubt::Settled,
                )
                .await?;
            }
            Beat::Attest(title, period, status) => {
                self.attest(&viewer, title, period, judgement_of(status, None))
                    .await?;
            }
            Beat::AttestOtherwise(title, period, status, insight) => {
                self.attest(&viewer, title, period, judgement_of(status, Some(insight)))
                    .await?;
            }
            Beat::AttestOffTrack(title, period, insight, action, owner, due_on) => {
                let corrective = kpis::write::CorrectiveAction {
                    action: action.to_owned(),
                    owner: self.member(owner),
                    due_on,
                    milestone: Some(self.milestones["Consent service live"].0),
                };
                let judgement = kpis::write::Judgement {
                    status: Health::OffTrack,
                    confidence: Some(20),
                    insight: Some(insight.to_owned()),
                    action: Some(corrective),
                };
                self.attest(&viewer, title, period, judgement).await?;
            }
            Beat::Initiative(plan) => self.start_initiative(&viewer, plan).await?,
            Beat::Move(title, phase, why) => {
                initiatives::write::move_to(&viewer, self.initiatives[title], phase, why).await?;
            }
            Beat::SignCharter(title) => {
                let digest = self
                    .digest(&viewer, Kind::Charter, self.initiative_ids[title].uuid())
                    .await?;
                sign::<initiatives::write::CharterOnTable>(
                    &viewer,
                    self.initiatives[title],
                    VerdictInput::agree(&digest),
                    (),
                )
                .await?;
            }
            Beat::CheckIn(title, status, confidence, note, next) => {
                let risks = if status == Health::OnTrack {
                    ""
                } else {
                    "The Christmas trade leaves both teams two weeks."
                };
                let milestone =
                    initiatives::read::first_open_milestone(&viewer, self.initiatives[title]).await?;
                let check_in = initiatives::write::CheckInInput {
                    status,
                    confidence,
                    note: note.to_owned(),
                    next_step: next.to_owned(),
                    risks: risks.to_owned(),
                    action: (status == Health::OffTrack).then(|| initiatives::write::CheckInAction {
                        action: "Both leads decide it in the next review".to_owned(),
                        owner: self.member(Kofi),
                        due_on: viewer.today().plus(14),
                        milestone,
                    }),
                };
                initiatives::write::check_in(&viewer, self.initiatives[title], &check_in).await?;
            }
            Beat::Acknowledge(title) => {
                let number = self.initiatives[title];
                let latest = initiatives::read::latest(&viewer, number)
                    .await?
                    .ok_or(Error::NotFound)?;
                initiatives::write::acknowledge(&viewer, number, latest.id).await?;
            }
            Beat::Close(title, outcome, [worked, failed, lesson]) => {
                let retrospective = initiatives::write::RetrospectiveInput {
                    outcome,
                    worked: worked.to_owned(),
                    failed: failed.to_owned(),
                    lesson: lesson.to_owned(),
                };
                initiatives::write::propose_closing(&viewer, self.initiatives[title], &retrospective).await?;
            }
            Beat::SignClosing(title) => {
                let digest = self
                    .digest(&viewer, Kind::Retrospective, self.initiative_ids[title].uuid())
                    .await?;
                sign::<initiatives::write::RetrospectiveOnTable>(
                    &viewer,
                    self.initiatives[title],
                    VerdictInput::agree(&digest),
                    (),
                )
                .await?;
            }
            Beat::StateCapacity(days) => {
                capacity::write::state_capacity(&viewer, self.today.quarter(), days).await?;
            }
            Beat::Claim(title, marketing, technology) => {
                capacity::write::claim_capacity(
                    &viewer,
                    self.today.quarter(),
                    self.initiative_ids[title],
                    (Some(marketing), Some(technology)),
                )
                .await?;
            }
            Beat::GoOver(why) => {
                capacity::write::propose_override(&viewer, self.today.quarter(), why).await?;
            }
            Beat::SignOver => {
                let quarter = self.today.quarter();
                let found = capacity::read::quarter(&viewer, quarter)
                    .await?
                    .override_id
                    .ok_or(Error::NotFound)?;
                let digest = self.digest(&viewer, Kind::Capacity, found.uuid()).await?;
                sign::<capacity::write::OverrideOnTable>(&viewer, quarter, VerdictInput::agree(&digest), ())
                    .await?;
            }
            Beat::Delegate(to, days) => {
                let today = viewer.today();
                crate::members::write::delegate(&viewer, self.member(to), today, today.plus(days)).await?;
            }
            Beat::Milestone(plan) => {
                let id: MilestoneId = viewer.fresh_id();
                let [marketing, technology] = plan.owners;
                let promised = milestones::write::MilestoneInput {
                    title: plan.title.to_owned(),
                    outcome: plan.outcome.to_owned(),
                    driver: self.member(plan.driver),
                    marketing_owner: self.member(marketing),
                    technology_owner: self.member(technology),
                    asks_other_side: plan.asks_other_side,
                };
                let initiative = self.initiatives[plan.initiative];
                let number = milestones::write::promise(
                    &viewer,
                    id,
                    initiative,
                    promised,
                    self.today.plus(plan.promised),
                )
                .await?;
                self.milestones.insert(plan.title, (id, number));
            }
            Beat::Wait(on, title) => {
                milestones::write::wait_for(&viewer, self.milestones[title].1, self.milestones[on].0).await?;
            }
            Beat::ProposeBaseline => {
                milestones::write::propose_baseline(&viewer).await?;
            }
            Beat::SignBaseline(number) => {
                let id = milestones::read::baseline(&viewer, number).await?.id;
                let digest = self.digest(&viewer, Kind::Baseline, id.uuid()).await?;
                sign::<milestones::write::BaselineOnTable>(&viewer, number, VerdictInput::agree(&digest), ())
                    .await?;
            }
            Beat::Slip(title, to, why) => {
                let number = self.milestones[title].1;
                let version = milestones::read::one(&viewer, number).await?.version;
                milestones::write::slip(&viewer, number, version, to, why).await?;
            }
            Beat::Checkpoint(milestone, title, criteria, owner, due_on) => {
                let id: CheckpointId = viewer.fresh_id();
                let step = milestones::write::Step {
                    criteria: criteria.to_owned(),
                    ..milestones::write::Step::new(title, self.member(owner), due_on)
                };
                milestones::write::add_checkpoint(&viewer, self.milestones[milestone].1, id, step).await?;
                self.checkpoints.insert(title, id);
            }
            Beat::Pass(title, evidence) => {
                milestones::write::pass(
                    &viewer,
                    self.checkpoints[title],
                    milestones::write::PassInput {
                        words: evidence,
                        ..Default::default()
                    },
                )
                .await?;
            }
            Beat::PassWith(title, name, text) => {
                let file = ChosenFile {
                    name: name.to_owned(),
                    bytes: text.as_bytes().to_vec(),
                };
                milestones::write::pass(
                    &viewer,
                    self.checkpoints[title],
                    milestones::write::PassInput {
                        file: Some(&file),
                        ..Default::default()
                    },
                )
                .await?;
            }
            Beat::AcceptStep(title) => {
                let (id, version) = self.checkpoint(&viewer, title).await?;
                milestones::write::accept_checkpoint(&viewer, id, version).await?;
            }
            Beat::ReturnStep(title, missing) => {
                let (id, version) = self.checkpoint(&viewer, title).await?;
                milestones::write::return_checkpoint(&viewer, id, version, missing).await?;
            }
            Beat::GiveUp(title, why) => {
                let number = self.milestones[title].1;
                let version = milestones::read::one(&viewer, number).await?.version;
                milestones::write::archive(&viewer, number, version, why).await?;
            }
            Beat::MakeOf(title, formula, inputs) => {
                let number = self.kpis[title].1;
                let version = kpis::read::one(&viewer, number).await?.version;
                let inputs = inputs.map(|input| self.kpis[input].0);
                kpis::write::set_formula(&viewer, number, version, Some((formula, &inputs))).await?;
            }
            Beat::OpenFeed(title, name) => {
                let secret = kpis::write::issue_feed(&viewer, self.kpis[title].1, name, 365).await?;
                self.feeds.insert(title, secret);
            }
            Beat::Deliver(title, period, value) => {
                let feed = Feed::with(&self.workspace.state, &self.feeds[title]).await?;
                kpis::write::deliver(&feed, &period.to_string(), quantity(value)?, None, None).await?;
            }
            Beat::Goal(plan) => self.set_goal(&viewer, plan).await?,
            Beat::NameServing(plan) => self.name_serving(&viewer, plan).await?,
            Beat::AskAccess(goal, plan) => self.ask_access(&viewer, goal, plan).await?,
            Beat::Approve(title) => {
                let (id, number) = self.accesses[title];
                let digest = self.digest(&viewer, Kind::Access, id.uuid()).await?;
                sign::<access::write::RequestOnTable>(&viewer, number, VerdictInput::agree(&digest), ())
                    .await?;
            }
            Beat::EnterTechnology(name, purpose, stage) => {
                let id: TechnologyId = viewer.fresh_id();
                let entry = technologies::write::TechnologyInput {
                    name: name.to_owned(),
                    purpose: purpose.to_owned(),
                    marketing_owner: self.member(Dana),
                    technology_owner: self.member(Kofi),
                    yearly_cost: None,
                    renews_on: None,
                };
                let number = technologies::write::enter_technology(&viewer, id, stage, entry).await?;
                self.technologies.insert(name, (id, number));
            }
            Beat::MoveTechnology(name, stage, because) => {
                let (_, number) = self.technologies[name];
                technologies::write::move_technology(&viewer, number, stage, because).await?;
            }
            Beat::SignTechnology(name) => {
                let (id, number) = self.technologies[name];
                let digest = self.digest(&viewer, Kind::Technology, id.uuid()).await?;
                let given = VerdictInput::agree(&digest);
                sign::<technologies::write::MoveOnTable>(&viewer, number, given, ()).await?;
            }
            Beat::Refuse(title, because) => {
                let (id, number) = self.accesses[title];
                let digest = self.digest(&viewer, Kind::Access, id.uuid()).await?;
                let given = VerdictInput {
                    seen: &digest,
                    verdict: Verdict::Object,
                    reason: Some(because),
                };
                sign::<access::write::RequestOnTable>(&viewer, number, given, ()).await?;
            }
            Beat::TakeBack(title, because) => {
                access::write::end(&viewer, self.accesses[title].1, because).await?;
            }
            Beat::KeepAccess(title) => {
                let kept = access::write::CertifyInput {
                    word: access::terms::Certification::Kept,
                    because: String::new(),
                };
                access::write::certify(&viewer, self.accesses[title].1, kept).await?;
            }
            Beat::Believe(answer) => sources::write::say_belief(&viewer, answer).await?,
            Beat::DrawQuarter => sources::write::draw_quarter(&viewer).await?,
            Beat::SignQuarter => self.sign_quarter(&viewer).await?,
            Beat::ReadLevels(plan, is_marketing) => self.read_levels(&viewer, plan, is_marketing).await?,
            Beat::Grant(title) => access::write::grant(&viewer, self.accesses[title].1).await?,
            Beat::WaitForAccess(milestone, title) => {
                milestones::write::wait_for_access(
                    &viewer,
                    self.milestones[milestone].1,
                    self.accesses[title].0,
                )
                .await?;
            }
            Beat::Accept(title) => {
                let (id, number) = self.milestones[title];
                let digest = self.digest(&viewer, Kind::Milestone, id.uuid()).await?;
                sign::<milestones::write::MilestoneOnTable>(
                    &viewer,
                    number,
                    VerdictInput::agree(&digest),
                    (),
                )
                .await?;
            }
            Beat::Ask(question, context, initiative, driver, decide_by) => {
                let (clauses, kpis, impact) = rests_on(question);
                let input = decisions::write::Question {
                    question: question.to_owned(),
                    context: context.to_owned(),
                    initiative: initiative.map(|title| self.initiative_ids[title]),
                    driver: self.member(driver),
                    decide_by,
                    evidence: decisions::write::EvidenceInput {
                        impact: impact.to_owned(),
                        clauses: clauses.iter().map(|title| self.clauses[title]).collect(),
                        kpis: kpis.iter().map(|title| self.kpis[title].0).collect(),
                        links: Vec::new(),
                    },
                };
                let number = decisions::write::ask(&viewer, viewer.fresh_id(), None, input).await?;
                self.decisions.insert(question, number);
            }
            Beat::Option(question, title, [advantages, drawbacks], [one_off, yearly]) => {
                let id: OptionId = viewer.fresh_id();
                let choice = decisions::write::ChoiceInput {
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
            Beat::Propose(question, option, why) => {
                let proposed = decisions::write::ProposalInput {
                    option: self.options[&(question, option)],
                    rationale: why.to_owned(),
                    stage: Some(technologies::TechnologyStage::Adopt),
                    review_on: Some(self.today.plus_months(6)),
                };
                decisions::write::propose(&viewer, self.decisions[question], proposed).await?;
            }
            Beat::Sign(question) => {
                self.sign_decision(&viewer, question, Verdict::Agree, None, None)
                    .await?;
            }
            Beat::SignIf(question, condition, milestone, owner, due_on) => {
                let becomes = decisions::write::ConditionInput {
                    milestone: self.milestones[milestone].0,
                    owner: self.member(owner),
                    due_on,
                };
                self.sign_decision(
                    &viewer,
                    question,
                    Verdict::AgreeWithConditions,
                    Some(condition),
                    Some(becomes),
                )
                .await?;
            }
            Beat::Weigh(question, criteria) => {
                let number = self.decisions[question];
                let version = decisions::read::one(&viewer, number).await?.version;
                let criteria: Vec<decisions::write::CriterionInput> = criteria
                    .iter()
                    .map(|(title, about, weight)| decisions::write::CriterionInput {
                        id: None,
                        title: (*title).to_owned(),
                        about: (*about).to_owned(),
                        weight: *weight,
                    })
                    .collect();
                decisions::write::weigh(&viewer, number, version, &criteria).await?;
            }
            Beat::SignWeights(question) => {
                let number = self.decisions[question];
                let id = decisions::read::one(&viewer, number).await?.id;
                let digest = self.digest(&viewer, Kind::Weights, id.uuid()).await?;
                sign::<decisions::write::WeightsOnTable>(&viewer, number, VerdictInput::agree(&digest), ())
                    .await?;
            }
            Beat::OpenScoring(question, wanted, until) => {
                decisions::write::open_scoring(&viewer, self.decisions[question], wanted, until).await?;
            }
            Beat::Score(question, scores, note) => {
                let number = self.decisions[question];
                let id = decisions::read::one(&viewer, number).await?.id;
                let round = rounds::read::all(&viewer, rounds::About::Decision, id.uuid())
                    .await?
                    .into_iter()
                    .next()
                    .ok_or(Error::NotFound)?;
                decisions::write::answer(
                    &viewer,
                    number,
                    round.number,
                    &answers(&round.sheet, |t, m| scores[t][m], note),
                )
                .await?;
            }
            Beat::Tell(question, outcome, body) => {
                decisions::write::review(&viewer, self.decisions[question], outcome, body, None).await?;
            }
            Beat::NameArbiter(who) => {
                crate::members::write::name_arbiter(&viewer, Some(self.member(who))).await?;
            }
            Beat::StateCase(question, body) => {
                decisions::write::state_case(&viewer, self.decisions[question], body).await?;
            }
            Beat::Rule(question, option, body) => {
                decisions::write::rule(
                    &viewer,
                    self.decisions[question],
                    self.options[&(question, option)],
                    body,
                )
                .await?;
            }
            Beat::AskAgain(earlier, question, context, driver, decide_by) => {
                let earlier = decisions::read::one(&viewer, self.decisions[earlier]).await?.id;
                let input = decisions::write::Question {
                    question: question.to_owned(),
                    context: context.to_owned(),
                    initiative: None,
                    driver: self.member(driver),
                    decide_by,
                    evidence: decisions::write::EvidenceInput::default(),
                };
                let number = decisions::write::ask(&viewer, viewer.fresh_id(), Some(earlier), input).await?;
                self.decisions.insert(question, number);
            }
            Beat::Say(clause, body) => {
                definition::write::comment(&viewer, self.clauses[clause], body).await?;
            }
            Beat::Suggest(clause, field, after, because) => {
                let id = self.clauses[clause];
                let before = definition::read::clause(&viewer, id)
                    .await?
                    .text(field)
                    .to_owned();
                definition::write::suggest(&viewer, id, field, &before, after, because).await?;
            }
            Beat::OpenRound(wanted, until) => definition::write::open_round(&viewer, wanted, until).await?,
            Beat::Rate(ratings, note) => {
                let all = rounds::read::all(&viewer, rounds::About::Definition, viewer.workspace_id().uuid())
                    .await?;
                let round = all.into_iter().next().ok_or(Error::NotFound)?;
                let given = answers(
                    &round.sheet,
                    |t, m| ratings.get(t).map_or(4, |rating| rating[m]),
                    note,
                );
                definition::write::answer_round(&viewer, round.number, &given).await?;
            }
            Beat::SetRhythm(day) => self.set_rhythm(&viewer, day).await?,
            Beat::PlanReview(day, chair) => self.plan_review(&viewer, day, chair).await?,
            Beat::RaiseTopic(review, title, why) => {
                let topic = (reviews::AgendaPart::Topics, title, why);
                reviews::write::raise(&viewer, review, viewer.fresh_id(), topic).await?;
            }
            Beat::HoldReview(meeting) => self.hold_review(meeting).await?,
            Beat::OfferMinutes(review) => reviews::write::offer_minutes(&viewer, review).await?,
            Beat::AcceptMinutes(review) => self.answer_minutes(&viewer, review, None).await?,
            Beat::ObjectToMinutes(review, why) => self.answer_minutes(&viewer, review, Some(why)).await?,
            Beat::RewriteMinutes(review, more) => self.rewrite_minutes(&viewer, review, more).await?,
            Beat::AddToMinutes(review, body) => {
                reviews::write::add_addendum(&viewer, review, viewer.fresh_id(), body).await?;
            }
            Beat::AcceptAddendum(review) => self.accept_addendum(&viewer, review).await?,
            Beat::Touchpoint(plan) => self.name_touchpoint(&viewer, plan).await?,
            Beat::Source(plan) => self.enter_source(&viewer, plan).await?,
            Beat::Use(plan) => self.add_use(&viewer, plan).await?,
            Beat::HeadOfRecord => self.head_of_record(&viewer).await?,
            Beat::OfferSource(name) => self.offer_source(&viewer, name).await?,
            Beat::SignSource(name, objection) => self.sign_source(&viewer, name, objection).await?,
            Beat::NameProfile(name) => self.name_profile(&viewer, name).await?,
            Beat::SignProfile => self.sign_profile(&viewer).await?,
            Beat::Speak(name, words, is_marketing) => {
                self.speak(&viewer, name, words, is_marketing).await?;
            }
            Beat::Leave(leaver, successor) => {
                let successors = handovers::write::Successors {
                    everything: Some(self.member(successor)),
                    ..handovers::write::Successors::default()
                };
                handovers::write::disable(&viewer, self.member(leaver), &successors).await?;
            }
            Beat::SettleAction(body, settlement) => self.settle(&viewer, body, settlement).await?,
            Beat::Object(question, why) => {
                self.sign_decision(&viewer, question, Verdict::Object, Some(why), None)
                    .await?;
            }
        }
        Ok(())
    }
}

fn judgement_of(status: Health, insight: Option<&str>) -> kpis::write::Judgement {
    kpis::write::Judgement {
        status,
        confidence: Some(if status == Health::OnTrack { 80 } else { 50 }),
        insight: insight.map(str::to_owned),
        action: None,
    }
}
