-- Instants are UTC milliseconds, due dates are civil dates (YYYY-MM-DD) in the workspace's zone,
-- quantities are ten-thousandths. Names of constraints are what errors speak of. Words to which later versions add
-- (kinds of handshakes, comments, rounds and reminders, rungs, purposes) are listed where they are read, not here: a
-- longer list would need the whole table made anew.

create table chains (
    id blob primary key,
    seq integer not null,
    head text not null
) strict;

create table audit_events (
    chain_id blob not null references chains (id),
    seq integer not null,
    at integer not null,
    actor_id blob,
    actor text not null,
    verb text not null,
    kind text not null,
    thing_id blob,
    path text not null,
    label text not null,
    detail text not null,
    request_id text not null,
    previous text not null,
    hash text not null,
    constraint audit_events_pkey primary key (chain_id, seq),
    constraint audit_events_seq check (seq > 0)
) strict;
create index audit_events_kind on audit_events (chain_id, kind, seq);
create index audit_events_actor on audit_events (chain_id, actor_id, seq);
create index audit_events_thing on audit_events (chain_id, thing_id, seq);

create table workspaces (
    id blob primary key,
    slug text not null,
    name text not null,
    zone text not null,
    signature_days integer not null,
    grace_days integer not null,
    created_at integer not null,
    constraint workspaces_slug unique (slug)
) strict;

create table accounts (
    id blob primary key,
    email text not null,
    name text not null,
    password_hash text not null,
    created_at integer not null,
    constraint accounts_email unique (email)
) strict;

create table members (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    account_id blob not null references accounts (id),
    side text,
    role text not null,
    is_admin integer not null,
    created_at integer not null,
    disabled_at integer,
    constraint members_once unique (workspace_id, account_id),
    constraint members_person unique (id, account_id, workspace_id),
    constraint members_side check (side in ('marketing', 'technology') or (side is null and role = 'observer')),
    constraint members_role check (role in ('lead', 'manager', 'contributor', 'observer'))
) strict;
create unique index members_one_lead on members (workspace_id, side) where role = 'lead';
create index members_account on members (account_id);

create table sessions (
    id_hash text primary key,
    id blob not null,
    account_id blob not null references accounts (id),
    agent text not null,
    created_at integer not null,
    seen_at integer not null,
    constraint sessions_id unique (id)
) strict;
create index sessions_account on sessions (account_id);

create table tokens (
    hash text primary key,
    purpose text not null,
    account_id blob references accounts (id),
    expires_at integer not null,
    used_at integer
) strict;

create table invitations (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    token_hash text not null,
    email text not null,
    side text,
    role text not null,
    is_admin integer not null,
    invited_by blob references members (id),
    created_at integer not null,
    expires_at integer not null,
    accepted_at integer,
    withdrawn_at integer,
    constraint invitations_token unique (token_hash),
    constraint invitations_side check (side in ('marketing', 'technology') or (side is null and role = 'observer'))
) strict;
create index invitations_workspace on invitations (workspace_id, created_at);

create table attempts (
    subject text primary key,
    failures integer not null,
    last_at integer not null,
    blocked_until integer not null
) strict;

create table outbox (
    id blob primary key,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at integer not null,
    next_at integer not null,
    attempts integer not null,
    sent_at integer,
    given_up_at integer,
    last_error text
) strict;
create index outbox_due on outbox (next_at) where sent_at is null and given_up_at is null;

-- The heart: a text offered to both sides, and the seats filled on exactly that text.
create table handshakes (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    kind text not null,
    subject_id blob not null,
    path text not null,
    label text not null,
    content text not null,
    digest text not null,
    seats text not null,
    marketing_owner blob references members (id),
    technology_owner blob references members (id),
    opened_at integer not null,
    opened_by blob references members (id),
    sealed_at integer,
    closed_at integer,
    closed_because text,
    constraint handshakes_digest unique (id, digest),
    constraint handshakes_seats check (seats in ('leads', 'signers', 'owners')),
    constraint handshakes_two_owners check (marketing_owner is null or technology_owner is null or marketing_owner <> technology_owner),
    constraint handshakes_closed check ((closed_at is null) = (closed_because is null))
) strict;
create unique index handshakes_current on handshakes (kind, subject_id) where closed_at is null;
create index handshakes_waiting on handshakes (workspace_id, opened_at) where sealed_at is null and closed_at is null;

create table signatures (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    handshake_id blob not null,
    digest text not null,
    side text not null,
    member_id blob not null references members (id),
    account_id blob not null references accounts (id),
    signer text not null,
    verdict text not null,
    reason text,
    at integer not null,
    withdrawn_at integer,
    constraint signatures_text foreign key (handshake_id, digest) references handshakes (id, digest),
    constraint signatures_person foreign key (member_id, account_id, workspace_id) references members (id, account_id, workspace_id),
    constraint signatures_side check (side in ('marketing', 'technology')),
    constraint signatures_verdict check (verdict in ('agree', 'agree_with_conditions', 'object')),
    constraint signatures_reason check (verdict = 'agree' or reason is not null)
) strict;
create unique index signatures_one_per_seat on signatures (handshake_id, side) where withdrawn_at is null;
create unique index signatures_one_per_person on signatures (handshake_id, account_id) where withdrawn_at is null;
create index signatures_handshake on signatures (handshake_id);

create table kpis (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    number integer not null,
    title text not null,
    about text not null,
    unit text not null,
    direction text not null,
    cadence text not null,
    baseline integer,
    starts_on text not null,
    watch_below integer not null,
    act_below integer not null,
    driver_id blob not null references members (id),
    marketing_owner blob not null references members (id),
    technology_owner blob not null references members (id),
    version integer not null,
    created_at integer not null,
    archived_at integer,
    constraint kpis_number unique (workspace_id, number),
    constraint kpis_direction check (direction in ('increase', 'decrease', 'above', 'below', 'within')),
    constraint kpis_cadence check (cadence in ('weekly', 'monthly', 'quarterly')),
    constraint kpis_thresholds check (act_below <= watch_below),
    constraint kpis_two_owners check (marketing_owner <> technology_owner)
) strict;

create table kpi_targets (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    kpi_id blob not null references kpis (id),
    period_on text not null,
    low integer,
    high integer,
    set_at integer not null,
    set_by blob references members (id),
    replaced_at integer,
    constraint kpi_targets_some check (low is not null or high is not null),
    constraint kpi_targets_order check (low is null or high is null or low <= high)
) strict;
create unique index kpi_targets_current on kpi_targets (kpi_id, period_on) where replaced_at is null;

create table kpi_values (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    kpi_id blob not null references kpis (id),
    period_on text not null,
    value integer not null,
    entered_at integer not null,
    entered_by blob not null references members (id),
    replaced_at integer,
    replaced_because text
) strict;
create unique index kpi_values_current on kpi_values (kpi_id, period_on) where replaced_at is null;

create table attestations (
    signature_id blob primary key references signatures (id),
    workspace_id blob not null references workspaces (id),
    status text not null,
    insight text,
    action text,
    action_owner blob references members (id),
    action_due_on text,
    constraint attestations_status check (status in ('on_track', 'at_risk', 'off_track')),
    constraint attestations_action check (status <> 'off_track' or (insight is not null and action is not null and action_owner is not null and action_due_on is not null))
) strict;

create table clauses (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    position integer not null,
    title text not null,
    promise text not null,
    for_marketing text not null,
    for_technology text not null,
    version integer not null,
    edited_at integer not null,
    edited_by blob not null references members (id),
    archived_at integer
) strict;
create index clauses_workspace on clauses (workspace_id, position);

create table clause_kpis (
    workspace_id blob not null references workspaces (id),
    clause_id blob not null references clauses (id),
    kpi_id blob not null references kpis (id),
    constraint clause_kpis_pkey primary key (clause_id, kpi_id)
) strict;
create index clause_kpis_kpi on clause_kpis (kpi_id);

create table definition_versions (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    number integer not null,
    content text not null,
    digest text not null,
    proposed_at integer not null,
    proposed_by blob references members (id),
    in_force_at integer,
    superseded_at integer,
    constraint definition_versions_number unique (workspace_id, number)
) strict;
create unique index definition_versions_in_force on definition_versions (workspace_id) where in_force_at is not null and superseded_at is null;

create table initiatives (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    number integer not null,
    title text not null,
    purpose text not null,
    phase text not null,
    starts_on text not null,
    due_on text not null,
    marketing_lead blob not null references members (id),
    technology_lead blob not null references members (id),
    driver_side text not null,
    cadence text not null,
    next_check_in_on text,
    version integer not null,
    created_at integer not null,
    constraint initiatives_driver check (driver_side in ('marketing', 'technology')),
    constraint initiatives_cadence check (cadence in ('weekly', 'fortnightly', 'four_weekly')),
    constraint initiatives_awaits check ((phase = 'active') = (next_check_in_on is not null)),
    constraint initiatives_number unique (workspace_id, number),
    constraint initiatives_two_leads check (marketing_lead <> technology_lead),
    constraint initiatives_phase check (phase in ('proposed', 'active', 'paused', 'achieved', 'missed')),
    constraint initiatives_dates check (starts_on <= due_on)
) strict;

create table initiative_phases (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    initiative_id blob not null references initiatives (id),
    phase text not null,
    because text not null,
    at integer not null,
    by_member blob references members (id)
) strict;
create index initiative_phases_initiative on initiative_phases (initiative_id, at);

create table check_ins (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    initiative_id blob not null references initiatives (id),
    due_on text not null,
    side text not null,
    status text not null,
    confidence integer not null,
    note text not null,
    next_step text not null,
    risks text not null,
    action text,
    action_owner blob references members (id),
    action_due_on text,
    at integer not null,
    by_member blob not null references members (id),
    replaced_at integer,
    constraint check_ins_action check (status <> 'off_track' or (action is not null and action_owner is not null and action_due_on is not null)),
    constraint check_ins_side check (side in ('marketing', 'technology')),
    constraint check_ins_status check (status in ('on_track', 'at_risk', 'off_track')),
    constraint check_ins_confidence check (confidence between 0 and 100)
) strict;
create index check_ins_latest on check_ins (initiative_id, at) where replaced_at is null;

create table initiative_members (
    workspace_id blob not null references workspaces (id),
    initiative_id blob not null references initiatives (id),
    member_id blob not null references members (id),
    responsibility text not null default '',
    constraint initiative_members_pkey primary key (initiative_id, member_id)
) strict;

create table initiative_clauses (
    workspace_id blob not null references workspaces (id),
    initiative_id blob not null references initiatives (id),
    clause_id blob not null references clauses (id),
    constraint initiative_clauses_pkey primary key (initiative_id, clause_id)
) strict;
create index initiative_clauses_clause on initiative_clauses (clause_id);

create table initiative_kpis (
    workspace_id blob not null references workspaces (id),
    initiative_id blob not null references initiatives (id),
    kpi_id blob not null references kpis (id),
    constraint initiative_kpis_pkey primary key (initiative_id, kpi_id)
) strict;
create index initiative_kpis_kpi on initiative_kpis (kpi_id);

create table milestones (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    initiative_id blob not null references initiatives (id),
    number integer not null,
    title text not null,
    outcome text not null,
    promised_on text not null,
    due_on text not null,
    driver_id blob not null references members (id),
    marketing_owner blob not null references members (id),
    technology_owner blob not null references members (id),
    version integer not null,
    created_at integer not null,
    accepted_at integer,
    archived_at integer,
    constraint milestones_number unique (workspace_id, number),
    constraint milestones_two_owners check (marketing_owner <> technology_owner)
) strict;
create index milestones_initiative on milestones (initiative_id, due_on);
create index milestones_due on milestones (workspace_id, due_on) where accepted_at is null and archived_at is null;

create table slips (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    milestone_id blob not null references milestones (id),
    from_on text not null,
    to_on text not null,
    reason text not null,
    at integer not null,
    by_member blob not null references members (id)
) strict;
create index slips_milestone on slips (milestone_id, at);

create table checkpoints (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    milestone_id blob not null references milestones (id),
    position integer not null,
    title text not null,
    owner_id blob not null references members (id),
    due_on text not null,
    version integer not null,
    created_at integer not null,
    passed_at integer,
    passed_by blob references members (id),
    evidence text,
    archived_at integer,
    constraint checkpoints_passed check ((passed_at is null) = (passed_by is null) and (passed_at is null) = (evidence is null))
) strict;
create index checkpoints_milestone on checkpoints (milestone_id, position);
create index checkpoints_owed on checkpoints (owner_id, due_on) where passed_at is null and archived_at is null;
create index checkpoints_open on checkpoints (workspace_id, due_on) where passed_at is null and archived_at is null;

create table decisions (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    number integer not null,
    question text not null,
    context text not null,
    initiative_id blob references initiatives (id),
    driver_id blob not null references members (id),
    decide_by text not null,
    version integer not null,
    created_at integer not null,
    signed_at integer,
    constraint decisions_number unique (workspace_id, number)
) strict;
create index decisions_initiative on decisions (initiative_id);

create table decision_options (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    decision_id blob not null references decisions (id),
    position integer not null,
    title text not null,
    advantages text not null,
    drawbacks text not null,
    one_off_cost integer,
    yearly_cost integer,
    archived_at integer
) strict;
create index decision_options_decision on decision_options (decision_id, position);

create table proposals (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    decision_id blob not null references decisions (id),
    number integer not null,
    option_id blob not null references decision_options (id),
    option_title text not null,
    rationale text not null,
    at integer not null,
    by_member blob not null references members (id),
    constraint proposals_number unique (decision_id, number)
) strict;

create table conditions (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    handshake_id blob not null references handshakes (id),
    side text not null,
    body text not null,
    signer text not null,
    milestone_id blob not null references milestones (id),
    owner_id blob not null references members (id),
    due_on text not null,
    checkpoint_id blob references checkpoints (id),
    constraint conditions_side check (side in ('marketing', 'technology'))
) strict;
create index conditions_handshake on conditions (handshake_id);
