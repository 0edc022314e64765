//! Asking for access that a goal needs: to a technology as it stands, to data on terms.

use super::super::{
    Access, AccessKind,
    terms::{COPIES_DAYS, Copies, LONGEST_DAYS, can_be_given},
    text::{AccessText, SourceNamed, TermsText},
};
use crate::{
    args,
    handshake::{
        Kind,
        write::{self as handshake, Offer},
    },
    identity::{Action, Seats, Side, Transaction},
    platform::{
        audit::Event,
        error::{Error, Result},
        ids::{AccessId, GoalId, MemberId, SourceId, UseId},
        time::Day,
    },
    sources::{
        Chair, PersonalForm, Sensitivity,
        uses::{Basis, may_be_impersonal},
        write::{AgreedSource, agreed, agreed_use},
    },
    sql,
};

/// Access is asked for at most this long before its first day.
const AHEAD_DAYS: i64 = 365;

#[derive(Clone, Debug)]
pub struct Ask {
    pub kind: AccessKind,
    pub title: String,
    pub purpose: String,
    pub needed_on: Day,
    pub ends_on: Day,
    /// Of data.
    pub terms: Option<TermsInput>,
}

/// On which terms data is asked for.
#[derive(Clone, Debug)]
pub struct TermsInput {
    pub sources: Vec<SourceId>,
    pub used_for: UseId,
    pub form: PersonalForm,
    pub fields: String,
    pub copies: Copies,
    pub copies_until: Option<Day>,
    pub copies_in: Option<SourceId>,
    /// The number of the access that it prolongs or narrows.
    pub follows: Option<i64>,
}

/// The goal that a request cites.
pub struct CitedGoal {
    pub id: GoalId,
    pub title: String,
}

/// What was asked, checked against what the sources' holders signed.
struct Terms {
    text: TermsText,
    sources: Vec<AgreedSource>,
    follows: Option<AccessId>,
    copies_until: Option<Day>,
    input: TermsInput,
}

impl Terms {
    /// The source whose holders answer for the whole: the most sensitive one.
    fn foremost(&self) -> Option<&AgreedSource> {
        self.sources
            .iter()
            .max_by_key(|source| (source.sensitivity, std::cmp::Reverse(source.text.source)))
    }

    /// Who approves restricted data: its owner and its custodian themselves, or a side's lead where nobody
    /// sits. None for other data.
    fn approvers(&self) -> Result<Option<(Option<MemberId>, Option<MemberId>)>> {
        let Some(foremost) = self
            .foremost()
            .filter(|_| self.text.sensitivity == Sensitivity::Restricted)
        else {
            return Ok(None);
        };
        let pair = |source: &AgreedSource| (source.holder(Chair::Owner), source.holder(Chair::Custodian));
        let approvers = pair(foremost);
        let differs = self
            .sources
            .iter()
            .filter(|source| source.sensitivity == Sensitivity::Restricted)
            .any(|source| pair(source) != approvers);
        if differs {
            return Err(Error::invalid(
                "sources",
                "These restricted sources have different owners or custodians, who approve for themselves. Ask for each \
                 apart.",
            ));
        }
        Ok(Some(approvers))
    }
}

/// Whether somebody else than whoever asks can open, certify and shut it, on both sides.
async fn check_keepers(tx: &mut Transaction, terms: &Terms) -> Result<()> {
    let me = tx.member_id();
    let leads: Vec<(MemberId, Side)> = tx
        .fetch_all(
            sql!(
                "select id, side from people where workspace_id = $1 and role = 'lead' and disabled_at is null
                 and side is not null"
            ),
            Vec::new(),
        )
        .await?;
    let is_left_to_me = |source: &AgreedSource, side: Side| {
        let holds = |member: &MemberId| Some(*member) != me;
        let others = source
            .holders
            .iter()
            .any(|(chair, member)| chair.side() == side && *chair != Chair::Steward && holds(member));
        !others && !leads.iter().any(|(lead, of)| *of == side && holds(lead))
    };
    for source in &terms.sources {
        if is_left_to_me(source, Side::Technology) {
            return Err(Error::invalid(
                "sources",
                format!(
                    "Nobody but you could open {}. Its custodian names a deputy first.",
                    source.text.name
                ),
            ));
        }
    }
    if terms
        .foremost()
        .is_some_and(|source| is_left_to_me(source, Side::Marketing))
    {
        return Err(Error::invalid(
            "sources",
            "Nobody but you could say for Marketing whether it is still needed. Its owner names a deputy first.",
        ));
    }
    Ok(())
}

/// Checks the terms: one field after the other, as the form has them.
async fn check(tx: &mut Transaction, ask: &Ask, input: &TermsInput) -> Result<Terms> {
    let mut sources: Vec<AgreedSource> = Vec::with_capacity(input.sources.len());
    for id in &input.sources {
        if sources.iter().all(|known| known.id != *id) {
            sources.push(agreed(tx, *id).await?);
        }
    }
    let Some(sensitivity) = sources.iter().map(|source| source.sensitivity).max() else {
        return Err(Error::invalid("sources", "Choose at least one source."));
    };
    let (use_of, used_for) = agreed_use(tx, input.used_for, &sources).await?;
    let richest = sources.iter().map(|source| source.text.form).min();
    if richest.is_some_and(|kept| !can_be_given(input.form, kept)) {
        return Err(Error::invalid(
            "form",
            format!(
                "No source that you chose has people in this form. Choose “{}” or less.",
                richest.map_or("", PersonalForm::name)
            ),
        ));
    }
    if used_for.basis == Some(Basis::NoPersonalData) && !may_be_impersonal(Some(input.form)) {
        return Err(Error::invalid(
            "form",
            "The use has no legal basis for personal data. Choose “Anonymous” or “Counts only”.",
        ));
    }
    if let Some(longest) = sensitivity.longest_access_days()
        && ask.ends_on > ask.needed_on.plus(longest)
    {
        return Err(Error::invalid(
            "ends_on",
            format!(
                "{} data is opened for {longest} days at most: until {}. It can be asked for again.",
                sensitivity.name(),
                ask.needed_on.plus(longest).format_long()
            ),
        ));
    }
    let (copies_until, copies_in) = check_copies(tx, ask, input).await?;
    let follows = match input.follows {
        Some(number) => Some(followed(tx, number).await?),
        None => None,
    };
    let named = |source: &AgreedSource| SourceNamed {
        number: source.text.source,
        name: source.text.name.clone(),
    };
    Ok(Terms {
        text: TermsText {
            sources: sources.iter().map(named).collect(),
            sensitivity,
            use_of,
            used_for,
            form: input.form,
            fields: input.fields.clone(),
            copies: input.copies,
            copies_until: copies_until.map(|day| day.to_string()),
            copies_in,
            follows: input.follows,
        },
        sources,
        follows,
        copies_until,
        input: input.clone(),
    })
}

/// The access that a request follows: one's own, to data, while it is open.
async fn followed(tx: &mut Transaction, number: i64) -> Result<AccessId> {
    let it = super::request(tx, number).await?;
    let is_own = tx.member_id() == Some(it.asked_by);
    if is_own && it.counts_as.is_some() && it.state(tx.today()) == Access::Granted {
        Ok(it.id)
    } else {
        Err(Error::invalid(
            "",
            "Only an open access of your own can be prolonged. Make a request of its own.",
        ))
    }
}

/// What becomes of the copies: nothing to say of none, a day, or a source inside which they stay.
async fn check_copies(
    tx: &mut Transaction,
    ask: &Ask,
    input: &TermsInput,
) -> Result<(Option<Day>, Option<SourceNamed>)> {
    match input.copies {
        Copies::None => Ok((None, None)),
        Copies::Deleted => {
            let day = input
                .copies_until
                .ok_or_else(|| Error::invalid("copies_until", "By which day are they deleted?"))?;
            let last = ask.ends_on.plus(COPIES_DAYS);
            if day < ask.needed_on || day > last {
                return Err(Error::invalid(
                    "copies_until",
                    format!(
                        "Choose a day from the first day on, and not after {}: {COPIES_DAYS} days after the last day.",
                        last.format_long()
                    ),
                ));
            }
            Ok((Some(day), None))
        }
        Copies::Kept => {
            let id = input
                .copies_in
                .ok_or_else(|| Error::invalid("copies_in", "Inside which source are they kept?"))?;
            let source = agreed(tx, id).await.map_err(|error| match error {
                Error::Invalid(_) => Error::invalid("copies_in", "Choose from the list."),
                error => error,
            })?;
            Ok((
                None,
                Some(SourceNamed {
                    number: source.text.source,
                    name: source.text.name,
                }),
            ))
        }
    }
}

fn check_days(tx: &Transaction, ask: &Ask) -> Result<()> {
    if ask.needed_on < tx.today() {
        return Err(Error::invalid("needed_on", "Choose today or a later day."));
    }
    if ask.needed_on > tx.today().plus(AHEAD_DAYS) {
        return Err(Error::invalid("needed_on", "Choose a day within a year."));
    }
    if ask.ends_on < ask.needed_on {
        return Err(Error::invalid(
            "ends_on",
            "Choose a last day after the first day.",
        ));
    }
    if ask.ends_on > ask.needed_on.plus(LONGEST_DAYS) {
        return Err(Error::invalid(
            "ends_on",
            "Choose a last day within two years. You can request it again then.",
        ));
    }
    Ok(())
}

/// Asks for access, citing a goal, and puts the request before both sides; ends the transaction. Sent twice
/// with one id, it is asked once. Gives the request's number.
///
/// # Errors
/// `Invalid` with the field: data that names no agreed source or none of its uses, a form or a last day
/// beyond what its sensitivity allows.
pub async fn ask(mut tx: Transaction, id: AccessId, goal: CitedGoal, ask: Ask) -> Result<i64> {
    let permit = tx.permit(Action::SpeakForSide)?;
    let side = tx.side().ok_or(Error::Forbidden)?;
    if let Some((number,)) = tx
        .fetch_optional::<(i64,)>(
            sql!("select number from access_requests where workspace_id = $1 and id = $2"),
            args![id],
        )
        .await?
    {
        return Ok(number);
    }
    check_days(&tx, &ask)?;
    let terms = match (ask.kind, &ask.terms) {
        (AccessKind::Data, Some(input)) => Some(check(&mut tx, &ask, input).await?),
        (AccessKind::Data, None) => {
            return Err(Error::invalid("sources", "Choose at least one source."));
        }
        (AccessKind::Technology, _) => None,
    };
    let (number,): (i64,) = tx
        .fetch_one(
            sql!("select coalesce(max(number), 0) + 1 from access_requests where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    tx.execute(
        sql!(
            "insert into access_requests (id, workspace_id, number, goal_id, kind, title, purpose, asked_at,
             asked_by, asking_side, needed_on, ends_on)
         values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        args![
            id,
            number,
            goal.id,
            ask.kind,
            &ask.title,
            &ask.purpose,
            tx.now(),
            tx.member_id(),
            side,
            ask.needed_on,
            ask.ends_on
        ],
    )
    .await?;
    let approvers = match &terms {
        Some(terms) => {
            check_keepers(&mut tx, terms).await?;
            insert_terms(&mut tx, id, terms).await?;
            terms.approvers()?
        }
        None => None,
    };
    let text = AccessText {
        request: number,
        kind: ask.kind,
        title: ask.title.clone(),
        purpose: ask.purpose,
        goal: goal.title.clone(),
        asked_by: tx.name(),
        asking_side: side,
        needed_on: ask.needed_on.to_string(),
        ends_on: ask.ends_on.to_string(),
        terms: terms.map(|terms| terms.text),
    };
    let offer = Offer {
        text: &text,
        subject: id.uuid(),
        path: format!("access/{number}"),
        label: format!("Access to {}", ask.title),
        seats: approvers.map_or(Seats::Signers, |_| Seats::Owners),
        owners: None,
        due_on: Some(ask.needed_on),
    };
    handshake::offer_first(&mut tx, offer).await?;
    if let Some(approvers) = approvers {
        handshake::set_owners(&mut tx, Kind::Access, id.uuid(), approvers).await?;
    }
    let event =
        Event::new("asked for access to", "access", id.uuid(), ask.title).at(format!("access/{number}"));
    tx.commit(permit, event.detail(format!("for the goal {}", goal.title)))
        .await?;
    Ok(number)
}

async fn insert_terms(tx: &mut Transaction, id: AccessId, terms: &Terms) -> Result<()> {
    let input = &terms.input;
    tx.execute(
        sql!(
            "insert into access_terms (access_id, workspace_id, use_id, form, fields, sensitivity, copies,
             copies_until, copies_in, follows_id, counts_as)
             values ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $6)"
        ),
        args![
            id,
            input.used_for,
            input.form,
            input.fields.as_str(),
            terms.text.sensitivity,
            input.copies,
            terms.copies_until,
            input.copies_in.filter(|_| input.copies == Copies::Kept),
            terms.follows
        ],
    )
    .await?;
    for source in &terms.sources {
        tx.execute(
            sql!("insert into access_doors (access_id, source_id, workspace_id) values ($2, $3, $1)"),
            args![id, source.id],
        )
        .await?;
    }
    Ok(())
}
