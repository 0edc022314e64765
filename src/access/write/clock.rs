//! What happens to access by itself.

use crate::{
    access::terms::{CERTIFY_AHEAD_DAYS, Certification, SILENCE_DAYS, is_lapsed},
    args,
    handshake::{Kind, write as handshake},
    identity::{Side, SystemActor},
    platform::{
        audit::Event,
        error::Result,
        ids::{AccessId, MemberId},
        state::AppState,
        time::Day,
    },
    sources::Sensitivity,
    sql,
};

/// What happens by itself, in every workspace: requests that nobody approved in time lapse, accesses that
/// both sides did not keep end, what became more sensitive, whose asker left or whose goal is over is
/// certified sooner, and whoever holds restricted data by now is asked to approve. Done twice, it is done
/// once.
pub async fn lapse_everywhere(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        // A workspace that fails does not keep the others from it.
        if let Err(error) = lapse(&system).await {
            tracing::warn!(error = %error, workspace = system.workspace(), "access of a workspace could not lapse");
        }
    }
    Ok(())
}

async fn lapse(system: &SystemActor) -> Result<()> {
    lapse_requests(system).await?;
    end_unkept(system).await?;
    certify_sooner(system).await?;
    certify_of_who_left(system).await?;
    certify_after_goals(system).await?;
    ask_new_holders(system).await
}

async fn lapse_requests(system: &SystemActor) -> Result<()> {
    let late: Vec<(AccessId, i64, String)> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title from access_requests r join tabled_handshakes h on h.kind =
                 'access' and h.subject_id = r.id and h.sealed_at is null
             where r.workspace_id = $1 and r.ended_at is null and r.ends_on < $2 order by r.number limit 100"
            ),
            args![system.today()],
        )
        .await?;
    if late.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut lapsed = Vec::with_capacity(late.len());
    for (id, number, title) in late {
        // Another process may have done it meanwhile.
        if handshake::close(&mut tx, Kind::Access, id.uuid(), "expired").await? {
            lapsed.push(
                Event::new(
                    "closed, unanswered, the request for access to",
                    "access",
                    id.uuid(),
                    title,
                )
                .at(format!("access/{number}")),
            );
        }
    }
    let Some(last) = lapsed.pop() else { return Ok(()) };
    for event in lapsed {
        tx.record(event).await?;
    }
    tx.commit(permit, last).await
}

#[derive(sqlx::FromRow)]
struct Unkept {
    id: AccessId,
    number: i64,
    title: String,
    asked_by: MemberId,
    certify_on: Day,
    ends_on: Day,
    marketing: Option<Certification>,
    technology: Option<Certification>,
}

impl Unkept {
    /// Who did not keep it.
    fn because(&self) -> String {
        let kept = |word: Option<Certification>| word == Some(Certification::Kept);
        let who = match (kept(self.marketing), kept(self.technology)) {
            (true, _) => Side::Technology.name(),
            (_, true) => Side::Marketing.name(),
            _ => "Neither side",
        };
        let day = self.certify_on.format_long();
        if who == "Neither side" {
            format!("Not certified: neither side kept it within {SILENCE_DAYS} days after {day}.")
        } else {
            format!("Not certified: {who} did not keep it within {SILENCE_DAYS} days after {day}.")
        }
    }
}

/// Silence was said beforehand: what both sides did not keep ends.
async fn end_unkept(system: &SystemActor) -> Result<()> {
    let today = system.today();
    let mut unkept: Vec<Unkept> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title, r.asked_by, t.certify_on, r.ends_on, m.word as marketing,
                 e.word as technology
                 from access_requests r join access_terms t on t.access_id = r.id
                 left join access_certifications m on m.access_id = r.id and m.due_on = t.certify_on and
                 m.side = 'marketing'
                 left join access_certifications e on e.access_id = r.id and e.due_on = t.certify_on and
                 e.side = 'technology'
                 where r.workspace_id = $1 and r.granted_at is not null and r.ended_at is null and
                 t.certify_on < $2
                 order by r.number limit 1000"
            ),
            args![today.plus(-SILENCE_DAYS)],
        )
        .await?;
    unkept.retain(|it| is_lapsed(Some(it.certify_on), it.ends_on, today));
    if unkept.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut ended = Vec::with_capacity(unkept.len());
    for it in unkept {
        let because = it.because();
        let changed = tx
            .execute(
                sql!(
                    "update access_requests set ended_at = $3, ended_because = $4 where workspace_id = $1 and
                     id = $2
                     and ended_at is null"
                ),
                args![it.id, tx.now(), because.as_str()],
            )
            .await?;
        // Another process may have done it meanwhile.
        if changed == 0 {
            continue;
        }
        let path = format!("access/{}", it.number);
        tx.tell(
            it.asked_by,
            format!("Access has ended: {}", it.title),
            &because,
            Some(&path),
        )
        .await?;
        ended.push(
            Event::new(
                "ended, on its day, the access to",
                "access",
                it.id.uuid(),
                it.title,
            )
            .at(path)
            .detail(because),
        );
    }
    let Some(last) = ended.pop() else { return Ok(()) };
    for event in ended {
        tx.record(event).await?;
    }
    tx.commit(permit, last).await
}

/// An access to what became more sensitive than it was is certified within [`CERTIFY_AHEAD_DAYS`].
async fn certify_sooner(system: &SystemActor) -> Result<()> {
    let soon = system.today().plus(CERTIFY_AHEAD_DAYS);
    let sooner: Vec<(AccessId, i64, String, Day, Sensitivity)> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title, r.ends_on, max(s.agreed_sensitivity) from access_requests r
                 join access_terms t on t.access_id = r.id join access_doors d on d.access_id = r.id
                 join source_facts s on s.id = d.source_id
                 where r.workspace_id = $1 and r.granted_at is not null and r.ended_at is null and r.ends_on
                 >= $2
                   and ((s.agreed_sensitivity = 'restricted' and t.counts_as <> 'restricted')
                     or (s.agreed_sensitivity = 'confidential' and t.counts_as = 'internal'))
                 group by r.id, r.number, r.title, r.ends_on order by r.number limit 100"
            ),
            args![system.today()],
        )
        .await?;
    if sooner.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut moved = Vec::with_capacity(sooner.len());
    for (id, number, title, ends_on, counts_as) in sooner {
        let changed = tx
            .execute(
                sql!(
                    "update access_terms set counts_as = $3,
                        certify_on = case when cast($4 as text) is null or certify_on < $4 then certify_on
                            when exists (select 1 from access_certifications c where c.access_id = $2 and
                            c.due_on = $4)
                            then $5 else $4 end
                     where workspace_id = $1 and access_id = $2 and counts_as <> $3"
                ),
                args![
                    id,
                    counts_as,
                    Some(soon).filter(|soon| *soon < ends_on),
                    soon.plus(1)
                ],
            )
            .await?;
        if changed > 0 {
            moved.push(
                Event::new(
                    "brought forward the certification of the access to",
                    "access",
                    id.uuid(),
                    title,
                )
                .at(format!("access/{number}"))
                .detail(format!(
                    "A source of it is {} now.",
                    counts_as.name().to_lowercase()
                )),
            );
        }
    }
    let Some(last) = moved.pop() else { return Ok(()) };
    for event in moved {
        tx.record(event).await?;
    }
    tx.commit(permit, last).await
}

/// What somebody asked for who is not here any more is certified within [`CERTIFY_AHEAD_DAYS`]: others may
/// use it.
async fn certify_of_who_left(system: &SystemActor) -> Result<()> {
    let soon = system.today().plus(CERTIFY_AHEAD_DAYS);
    let left: Vec<(AccessId, i64, String)> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title from access_requests r join access_terms t on t.access_id =
                 r.id
                 join people m on m.id = r.asked_by
                 where r.workspace_id = $1 and m.disabled_at is not null and r.granted_at is not null
                   and r.ended_at is null and r.ends_on > $2 and (t.certify_on is null or t.certify_on > $2)
                   and not exists (select 1 from access_certifications c where c.access_id = r.id and c.due_on
                   = $2)
                   and not exists (select 1 from access_certifications c where c.access_id = r.id
                       and c.said_at > m.disabled_at)
                 order by r.number limit 100"
            ),
            args![soon],
        )
        .await?;
    bring_forward(system, left, soon, "Whoever asked for it has left.").await
}

/// What was asked for a goal whose last day is over is certified within [`CERTIFY_AHEAD_DAYS`]: what it was
/// for is done, or is not.
async fn certify_after_goals(system: &SystemActor) -> Result<()> {
    let (today, soon) = (system.today(), system.today().plus(CERTIFY_AHEAD_DAYS));
    let over: Vec<(AccessId, i64, String)> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title from access_requests r join access_terms t on t.access_id =
                 r.id
                 join goal_facts g on g.id = r.goal_id
                 where r.workspace_id = $1 and g.archived_at is null and g.due_on < $3 and r.granted_at is not
                 null
                   and r.ended_at is null and r.ends_on > $2 and (t.certify_on is null or t.certify_on > $2)
                   and not exists (select 1 from access_certifications c where c.access_id = r.id
                       and (c.due_on = $2 or c.due_on > g.due_on))
                 order by r.number limit 100"
            ),
            args![soon, today],
        )
        .await?;
    bring_forward(system, over, soon, "The last day of its goal has passed.").await
}

async fn bring_forward(
    system: &SystemActor,
    accesses: Vec<(AccessId, i64, String)>,
    to: Day,
    because: &str,
) -> Result<()> {
    if accesses.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut moved = Vec::with_capacity(accesses.len());
    for (id, number, title) in accesses {
        let changed = tx
            .execute(
                sql!(
                    "update access_terms set certify_on = $3 where workspace_id = $1 and access_id = $2
                     and (certify_on is null or certify_on > $3)"
                ),
                args![id, to],
            )
            .await?;
        // Another process, or a certification, was first.
        if changed == 0 {
            continue;
        }
        let verb = "brought forward the certification of the access to";
        moved.push(
            Event::new(verb, "access", id.uuid(), title)
                .at(format!("access/{number}"))
                .detail(because),
        );
    }
    let Some(last) = moved.pop() else { return Ok(()) };
    for event in moved {
        tx.record(event).await?;
    }
    tx.commit(permit, last).await
}

#[derive(sqlx::FromRow)]
struct Asked {
    id: AccessId,
    number: i64,
    title: String,
    marketing_owner: Option<MemberId>,
    technology_owner: Option<MemberId>,
    owner: Option<MemberId>,
    custodian: Option<MemberId>,
}

/// A chair changed hands while a request for restricted data waits: whoever sits there by now is asked.
async fn ask_new_holders(system: &SystemActor) -> Result<()> {
    let waiting: Vec<Asked> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title, h.marketing_owner, h.technology_owner, o.member_id as owner,
                    c.member_id as custodian
                 from tabled_handshakes h join access_requests r on r.id = h.subject_id
                 join access_doors d on d.access_id = r.id and d.source_id = (select b.source_id from
                 access_doors b
                    join source_facts f on f.id = b.source_id where b.access_id = r.id
                    and f.agreed_sensitivity = 'restricted' order by f.number limit 1)
                 left join source_holders o on o.source_id = d.source_id and o.chair = 'owner'
                 left join source_holders c on c.source_id = d.source_id and c.chair = 'custodian'
                 where r.workspace_id = $1 and h.kind = 'access' and h.seats = 'owners' and h.sealed_at is
                 null
                   and r.ended_at is null order by r.number limit 500"
            ),
            Vec::new(),
        )
        .await?;
    let changed: Vec<Asked> = waiting
        .into_iter()
        .filter(|it| (it.marketing_owner, it.technology_owner) != (it.owner, it.custodian))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut asked = Vec::with_capacity(changed.len());
    for it in changed {
        handshake::set_owners(&mut tx, Kind::Access, it.id.uuid(), (it.owner, it.custodian)).await?;
        let verb = "asked the new holders to approve the access to";
        asked.push(Event::new(verb, "access", it.id.uuid(), it.title).at(format!("access/{}", it.number)));
    }
    let Some(last) = asked.pop() else { return Ok(()) };
    for event in asked {
        tx.record(event).await?;
    }
    tx.commit(permit, last).await
}
