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

/// What happens by itself, in every workspace: requests that nobody approved in time lapse, accesses that both sides did
/// not keep end, and what became more sensitive is certified sooner. Done twice, it is done once.
pub async fn lapse_everywhere(state: &AppState) -> Result<()> {
    for system in SystemActor::everywhere(state).await? {
        lapse_requests(&system).await?;
        end_unkept(&system).await?;
        certify_sooner(&system).await?;
    }
    Ok(())
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
                Event::new("let lapse the request for access to", "access", id.uuid(), title)
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
                "select r.id, r.number, r.title, r.asked_by, t.certify_on, r.ends_on, m.word as marketing, e.word as technology
                 from access_requests r join access_terms t on t.access_id = r.id
                 left join access_certifications m on m.access_id = r.id and m.due_on = t.certify_on and m.side = 'marketing'
                 left join access_certifications e on e.access_id = r.id and e.due_on = t.certify_on and e.side = 'technology'
                 where r.workspace_id = $1 and r.granted_at is not null and r.ended_at is null and t.certify_on < $2
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
                    "update access_requests set ended_at = $3, ended_because = $4 where workspace_id = $1 and id = $2
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
            Event::new("let end the access to", "access", it.id.uuid(), it.title)
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

/// An access to what became more sensitive than it was, or whose asker is not here any more, is certified within
/// [`CERTIFY_AHEAD_DAYS`].
async fn certify_sooner(system: &SystemActor) -> Result<()> {
    let soon = system.today().plus(CERTIFY_AHEAD_DAYS);
    let sooner: Vec<(AccessId, i64, String, Sensitivity)> = system
        .fetch_all(
            sql!(
                "select r.id, r.number, r.title, max(s.agreed_sensitivity) from access_requests r
                 join access_terms t on t.access_id = r.id join access_doors d on d.access_id = r.id
                 join source_facts s on s.id = d.source_id
                 where r.workspace_id = $1 and r.granted_at is not null and r.ended_at is null and r.ends_on >= $2
                   and ((s.agreed_sensitivity = 'restricted' and t.counts_as <> 'restricted')
                     or (s.agreed_sensitivity = 'confidential' and t.counts_as = 'internal'))
                 group by r.id, r.number, r.title order by r.number limit 100"
            ),
            args![system.today()],
        )
        .await?;
    if sooner.is_empty() {
        return Ok(());
    }
    let (mut tx, permit) = system.begin().await?;
    let mut moved = Vec::with_capacity(sooner.len());
    for (id, number, title, counts_as) in sooner {
        let changed = tx
            .execute(
                sql!(
                    "update access_terms set counts_as = $3,
                        certify_on = case when certify_on is not null and certify_on < $4 then certify_on else $4 end
                     where workspace_id = $1 and access_id = $2 and counts_as <> $3"
                ),
                args![id, counts_as, soon],
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
