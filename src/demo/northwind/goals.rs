//! The goals of the story, and the access that was asked for.

use super::{
    Beat, Story,
    Who::{Ana, Dana, Jonas, Kofi, Lena, Priya, Sam, Yuki},
    numbers::quantity,
};
use crate::{
    access::{AccessKind, terms::Copies, write::TermsInput},
    goals::{self, Span, write::MeasureInput},
    identity::Viewer,
    platform::{
        error::{Error, Result},
        ids::{AccessId, GoalId},
    },
    sources::{PersonalForm, read},
};

/// A goal from one day to another, in days from today, with its KPIs from baseline to target.
pub(super) struct GoalPlan {
    title: &'static str,
    why: &'static str,
    days: [i64; 2],
    measures: &'static [(&'static str, [&'static str; 2])],
    initiatives: &'static [&'static str],
}

/// What is asked for, and from which day until which.
#[derive(Clone, Copy)]
pub(super) struct AccessPlan {
    title: &'static str,
    purpose: &'static str,
    days: [i64; 2],
    /// Of data; none for a technology.
    terms: Option<TermsPlan>,
}

/// From which source, for which of its uses, in which form and fields.
#[derive(Clone, Copy)]
pub(super) struct TermsPlan {
    source: &'static str,
    used_for: &'static str,
    form: PersonalForm,
    fields: &'static str,
    /// The day from today by which copies are deleted.
    copies_until: Option<i64>,
}

static GOALS: [GoalPlan; 3] = [
    GoalPlan {
        title: "Customers come back",
        why: "Winning a customer costs us seven times what keeping one does. Two of three who buy once never \
            buy again.",
        days: [-360, 120],
        measures: &[
            ("Repeat purchase rate", ["21.1", "26"]),
            ("Churn of loyalty members", ["3.4", "2.4"]),
        ],
        initiatives: &[
            "One customer profile",
            "Newsletter that knows you",
            "Loyalty in the app",
        ],
    },
    GoalPlan {
        title: "Seven in ten let us write to them",
        why: "Whoever has not agreed hears nothing from us, however well we know what they need.",
        days: [-390, 75],
        measures: &[("Profiles with consent", ["44", "70"])],
        initiatives: &["Consent everywhere"],
    },
    GoalPlan {
        title: "Answered the same morning",
        why: "Six of ten complaints are about waiting, not about the matter.",
        days: [-390, 60],
        measures: &[("Time to first answer", ["5.1", "2.6"])],
        initiatives: &["Answers in two hours"],
    },
];

const PURCHASES: AccessPlan = AccessPlan {
    title: "Purchases of the last 24 months, per profile",
    purpose: "Brand teams see how often a profile buys again, by store and product group, in the cube and without \
        names. One cube, refreshed at night.",
    days: [-176, 180],
    terms: Some(TermsPlan {
        source: "Sales warehouse",
        used_for: "Repeat purchase rate",
        form: PersonalForm::Pseudonymous,
        fields: "profile key, day, store, product group, sum",
        copies_until: None,
    }),
};

const ENGINE: AccessPlan = AccessPlan {
    title: "Test environment of the offer engine",
    purpose: "Three offers for two thousand members, to see whether they say no less often.",
    days: [5, 190],
    terms: None,
};

const WORDINGS: AccessPlan = AccessPlan {
    title: "Consents with their wording, read only",
    purpose: "See which wording people agree to, and test the next one.",
    days: [-12, 160],
    terms: Some(TermsPlan {
        source: "Consent service",
        used_for: "Which wordings work",
        form: PersonalForm::Counts,
        fields: "wording, day, touchpoint, how many agreed",
        copies_until: None,
    }),
};

const SURVEYS: AccessPlan = AccessPlan {
    title: "Answers of last year’s survey",
    purpose: "Find what people who left had complained about.",
    days: [-250, -22],
    terms: Some(TermsPlan {
        source: "Survey tool",
        used_for: "What customers think",
        form: PersonalForm::Anonymous,
        fields: "answers, quarter, store",
        copies_until: None,
    }),
};

const EVENTS: AccessPlan = AccessPlan {
    title: "App events of each customer",
    purpose: "See where members leave the app before they use an offer.",
    days: [-42, 300],
    terms: Some(TermsPlan {
        source: "App events",
        used_for: "Mending the app",
        form: PersonalForm::Pseudonymous,
        fields: "sign-in, page, time, offer",
        copies_until: None,
    }),
};

const EVENT_COUNTS: AccessPlan = AccessPlan {
    title: "App events, as counts",
    purpose: "See where members leave the app before they use an offer: how many, not who.",
    days: [-34, 60],
    terms: Some(TermsPlan {
        source: "App events",
        used_for: "Mending the app",
        form: PersonalForm::Counts,
        fields: "page, hour, how many left",
        copies_until: Some(75),
    }),
};

impl Story {
    pub(super) fn write_goals(&mut self) {
        for goal in &GOALS {
            self.on(-258, Dana, Beat::Goal(goal));
            self.on(-15, Dana, Beat::NameServing(goal));
        }
        let script = [
            (-257, Ana, Beat::AskAccess("Customers come back", SURVEYS)),
            (-256, Lena, Beat::Approve(SURVEYS.title)),
            (-255, Kofi, Beat::Approve(SURVEYS.title)),
            (-249, Priya, Beat::Grant(SURVEYS.title)),
            (-179, Ana, Beat::AskAccess("Customers come back", PURCHASES)),
            (-178, Lena, Beat::Approve(PURCHASES.title)),
            (-176, Kofi, Beat::Approve(PURCHASES.title)),
            (-175, Priya, Beat::Grant(PURCHASES.title)),
            (-44, Ana, Beat::AskAccess("Customers come back", EVENTS)),
            (-43, Lena, Beat::Approve(EVENTS.title)),
            (
                -41,
                Priya,
                Beat::Refuse(
                    EVENTS.title,
                    "Where people leave can be seen from counts. Nobody has to be followed for that.",
                ),
            ),
            (-36, Ana, Beat::TakeBack(EVENTS.title, "Asked again as counts.")),
            (-35, Ana, Beat::AskAccess("Customers come back", EVENT_COUNTS)),
            (-34, Lena, Beat::Approve(EVENT_COUNTS.title)),
            (-33, Priya, Beat::Approve(EVENT_COUNTS.title)),
            (-31, Jonas, Beat::Grant(EVENT_COUNTS.title)),
            (
                -30,
                Lena,
                Beat::AskAccess("Seven in ten let us write to them", WORDINGS),
            ),
            (-29, Lena, Beat::Approve(WORDINGS.title)),
            (
                -28,
                Lena,
                Beat::WaitForAccess("Deletion in 72 hours", WORDINGS.title),
            ),
            (-20, Yuki, Beat::Approve(WORDINGS.title)),
            (-3, Lena, Beat::KeepAccess(PURCHASES.title)),
            (-12, Sam, Beat::AskAccess("Customers come back", ENGINE)),
            (-11, Dana, Beat::Approve(ENGINE.title)),
            (-11, Sam, Beat::WaitForAccess("Personal offers", ENGINE.title)),
        ];
        for (day, who, beat) in script {
            self.on(day, who, beat);
        }
    }

    pub(super) async fn set_goal(&mut self, viewer: &Viewer, plan: &'static GoalPlan) -> Result<()> {
        let id: GoalId = viewer.fresh_id();
        let number = goals::write::set(viewer, id, self.goal(plan)?).await?;
        self.goals.insert(plan.title, number);
        Ok(())
    }

    pub(super) async fn name_serving(&self, viewer: &Viewer, plan: &'static GoalPlan) -> Result<()> {
        let number = self.goals[plan.title];
        let version = goals::read::one(viewer, number).await?.version;
        goals::write::edit(viewer, number, version, self.goal(plan)?, "").await
    }

    fn goal(&self, plan: &'static GoalPlan) -> Result<goals::write::GoalInput> {
        let mut measures = Vec::with_capacity(plan.measures.len());
        for (kpi, [baseline, target]) in plan.measures {
            measures.push(MeasureInput {
                row: measures.len() + 1,
                kpi: self.kpis[kpi].0,
                span: Span {
                    baseline: quantity(baseline)?,
                    target: quantity(target)?,
                },
            });
        }
        let [from, to] = plan.days;
        Ok(goals::write::GoalInput {
            title: plan.title.to_owned(),
            why: plan.why.to_owned(),
            owner: self.member(Dana),
            starts_on: self.today.plus(from),
            due_on: self.today.plus(to),
            measures,
            initiatives: plan
                .initiatives
                .iter()
                .filter_map(|title| self.initiative_ids.get(title).copied())
                .collect(),
            doubt: crate::kpis::Doubt::Settled,
        })
    }

    pub(super) async fn ask_access(
        &mut self,
        viewer: &Viewer,
        goal: &'static str,
        plan: AccessPlan,
    ) -> Result<()> {
        let id: AccessId = viewer.fresh_id();
        let [from, to] = plan.days;
        let terms = match plan.terms {
            Some(terms) => Some(self.terms_of(viewer, terms).await?),
            None => None,
        };
        let request = crate::access::write::Ask {
            kind: terms
                .as_ref()
                .map_or(AccessKind::Technology, |_| AccessKind::Data),
            terms,
            title: plan.title.to_owned(),
            purpose: plan.purpose.to_owned(),
            needed_on: self.today.plus(from),
            ends_on: self.today.plus(to),
        };
        let number = goals::write::ask_access(viewer, id, self.goals[goal], request).await?;
        self.accesses.insert(plan.title, (id, number));
        Ok(())
    }

    async fn terms_of(&self, viewer: &Viewer, plan: TermsPlan) -> Result<TermsInput> {
        let source = self.source_of(viewer, plan.source).await?;
        let used_for = read::uses_of(viewer, source.id)
            .await?
            .into_iter()
            .find(|one| one.name == plan.used_for)
            .ok_or(Error::NotFound)?;
        let copies_until = plan.copies_until.map(|days| self.today.plus(days));
        Ok(TermsInput {
            sources: vec![source.id],
            used_for: used_for.id,
            form: plan.form,
            fields: plan.fields.to_owned(),
            copies: copies_until.map_or(Copies::None, |_| Copies::Deleted),
            copies_until,
            copies_in: None,
            follows: None,
        })
    }
}
