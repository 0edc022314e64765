-- What a room publishes to others. Nobody reads another room's tables; a view is its owner's word, and a rule that others
-- need stands in it once.

-- Of members: everybody with their name and their part, whose signing is delegated to whom, a workspace's own settings.
create view people as
select m.id, m.workspace_id, m.account_id, a.name, a.email, m.side, m.role, m.is_admin, m.side_since, m.disabled_at
from members m join accounts a on a.id = m.account_id;

create view deputies as
select id, workspace_id, side, from_member, to_member, starts_on, ends_on from delegations where ended_at is null;

create view workspace_settings as
select id, slug, name, zone, signature_days, grace_days, arbiter_id from workspaces;

-- Of the audit chain: its heads, and what happened in a workspace.
create view chain_heads as
select id, seq from chains;

create view workspace_events as
select chain_id, seq, at, actor_id, actor, verb, kind, thing_id, path, label, detail from audit_events;

-- Of handshakes: what lies on the table, sealed or not, and the seats that are filled.
create view tabled_handshakes as
select id, workspace_id, kind, subject_id, path, label, content, digest, seats, marketing_owner, technology_owner,
    opened_at, opened_by, sealed_at, due_on
from handshakes where closed_at is null;

-- Every text that was ever offered, without its content: for what was said about an earlier one.
create view offered_handshakes as
select id, workspace_id, kind, subject_id, opened_at, sealed_at, closed_at from handshakes;

create view filled_seats as
select id, workspace_id, handshake_id, digest, side, member_id, account_id, signer, verdict, reason, at
from signatures where withdrawn_at is null;

-- Of access.
create view access_facts as
select id, workspace_id, number, goal_id, kind, title, asked_by, asking_side, needed_on, ends_on, approved_at, granted_at, ended_at
from access_requests;

-- Of milestones: the plan, its steps and slips, and which milestone waits for which access.
create view milestone_facts as
select id, workspace_id, initiative_id, number, title, promised_on, due_on, driver_id, marketing_owner, technology_owner,
    asks_other_side, accepted_at, archived_at
from milestones;

create view checkpoint_facts as
select id, workspace_id, milestone_id, position, title, owner_id, due_on, passed_at, passed_by, accepting_side, accepted_at, archived_at
from checkpoints;

create view milestone_slips as
select workspace_id, milestone_id, from_on, to_on, at from slips;

create view access_waits as
select workspace_id, milestone_id, access_id from milestone_access_waits;

-- Of KPIs.
create view kpi_facts as
select id, workspace_id, number, title, unit, direction, cadence, starts_on, driver_id, marketing_owner, technology_owner, archived_at,
    formula is not null as is_computed
from kpis;

create view kpi_current_values as
select id, workspace_id, kpi_id, period_on, value, entered_at, entered_by from kpi_values where replaced_at is null;

create view kpi_value_history as
select id, workspace_id, kpi_id, period_on, value, entered_at, replaced_at from kpi_values;

-- Of the definition.
create view clause_facts as
select id, workspace_id, position, title, archived_at from clauses;

create view clause_kpi_links as
select workspace_id, clause_id, kpi_id from clause_kpis;

-- Of decisions.
create view decision_facts as
select d.id, d.workspace_id, d.number, d.question, d.initiative_id, d.driver_id, d.decide_by, d.signed_at, d.review_on,
    exists (select 1 from rulings g where g.decision_id = d.id) as is_ruled
from decisions d;

create view decision_clause_links as
select workspace_id, decision_id, clause_id from decision_clauses;

create view decision_waits as
select workspace_id, decision_id, milestone_id from decision_waiters;

-- Of initiatives: one that is over was achieved or missed; any other still runs, or may.
create view initiative_facts as
select id, workspace_id, number, title, phase, starts_on, due_on, marketing_lead, technology_lead, driver_side, next_check_in_on,
    phase in ('achieved', 'missed') as is_over, phase in ('proposed', 'active', 'paused') as is_running
from initiatives;

create view initiative_teams as
select workspace_id, initiative_id, member_id from initiative_members;

create view initiative_clause_links as
select workspace_id, initiative_id, clause_id from initiative_clauses;

create view initiative_kpi_links as
select workspace_id, initiative_id, kpi_id from initiative_kpis;

-- Of goals.
create view goal_facts as
select id, workspace_id, number, title, owner_id, starts_on, due_on, archived_at from goals;

create view goal_measure_links as
select workspace_id, goal_id, kpi_id, position, baseline, target from goal_measures;

create view goal_initiative_links as
select workspace_id, goal_id, initiative_id from goal_initiatives;
