-- The definition and the decision in depth: rounds in which both sides judge without seeing each other, the talk about
-- a clause, what a decision weighs, and what becomes of it.

create table rounds (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    kind text not null,
    subject_id uuid not null,
    number bigint not null,
    wanted bigint not null,
    path text not null,
    label text not null,
    content text not null,
    opened_at bigint not null,
    opened_by uuid not null references members (id),
    ends_on text not null,
    closed_at bigint,
    closed_by uuid references members (id),
    constraint rounds_wanted check (wanted >= 1),
    constraint rounds_number unique (workspace_id, kind, subject_id, number)
);
create unique index rounds_one_open on rounds (workspace_id, kind, subject_id) where closed_at is null;

create table answers (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    round_id uuid not null references rounds (id),
    member_id uuid not null references members (id),
    account_id uuid not null references accounts (id),
    side text not null,
    at bigint not null,
    replaced_at bigint,
    constraint answers_side check (side in ('marketing', 'technology'))
);
create unique index answers_one_each on answers (round_id, account_id) where replaced_at is null;

create table judgements (
    workspace_id uuid not null references workspaces (id),
    answer_id uuid not null references answers (id),
    thing text not null,
    measure text not null,
    score bigint not null,
    note text not null,
    constraint judgements_pkey primary key (answer_id, thing, measure),
    constraint judgements_score check (score between 1 and 5)
);

create table suggestions (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    clause_id uuid not null references clauses (id),
    field text not null,
    before_text text not null,
    after_text text not null,
    because text not null,
    side text not null,
    by_member uuid not null references members (id),
    at bigint not null,
    outcome text,
    settled_at bigint,
    settled_by uuid references members (id),
    settled_because text,
    constraint suggestions_field check (field in ('title', 'promise', 'for_marketing', 'for_technology')),
    constraint suggestions_side check (side in ('marketing', 'technology')),
    constraint suggestions_outcome check (outcome in ('accepted', 'declined', 'withdrawn')),
    constraint suggestions_settled check ((outcome is null) = (settled_at is null))
);
create index suggestions_clause on suggestions (clause_id, at);

create table comments (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    kind text not null,
    subject_id uuid not null,
    body text not null,
    by_member uuid not null references members (id),
    at bigint not null,
    withdrawn_at bigint
);
create index comments_subject on comments (subject_id, at);

create table mentions (
    workspace_id uuid not null references workspaces (id),
    comment_id uuid not null references comments (id),
    member_id uuid not null references members (id),
    path text not null,
    seen_at bigint,
    constraint mentions_pkey primary key (comment_id, member_id)
);
create index mentions_unseen on mentions (member_id) where seen_at is null;

-- Since when a member sits on their side: who changed sides judges no round that was open then.
alter table members add column side_since bigint not null default 0;

alter table definition_versions add column review_on text;

alter table decisions add column impact text not null default '';
alter table decisions add column stage text;
alter table decisions add column review_on text;
alter table decisions add column supersedes uuid references decisions (id);
alter table decision_options add column effort text not null default '';
alter table decision_options add column risk text not null default '';
create unique index decisions_superseded_once on decisions (supersedes) where supersedes is not null;

create table criteria (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    decision_id uuid not null references decisions (id),
    position bigint not null,
    title text not null,
    about text not null,
    weight bigint not null,
    archived_at bigint,
    constraint criteria_weight check (weight between 1 and 10)
);
create index criteria_decision on criteria (decision_id, position);

create table decision_clauses (
    workspace_id uuid not null references workspaces (id),
    decision_id uuid not null references decisions (id),
    clause_id uuid not null references clauses (id),
    constraint decision_clauses_pkey primary key (decision_id, clause_id)
);
create index decision_clauses_clause on decision_clauses (clause_id);

create table decision_kpis (
    workspace_id uuid not null references workspaces (id),
    decision_id uuid not null references decisions (id),
    kpi_id uuid not null references kpis (id),
    constraint decision_kpis_pkey primary key (decision_id, kpi_id)
);

create table decision_links (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    decision_id uuid not null references decisions (id),
    title text not null,
    url text not null,
    archived_at bigint
);
create index decision_links_decision on decision_links (decision_id);

create table decision_waiters (
    workspace_id uuid not null references workspaces (id),
    decision_id uuid not null references decisions (id),
    milestone_id uuid not null references milestones (id),
    constraint decision_waiters_pkey primary key (decision_id, milestone_id)
);
create index decision_waiters_milestone on decision_waiters (milestone_id);

create table outcomes (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    decision_id uuid not null references decisions (id),
    verdict text not null,
    body text not null,
    kpis text not null,
    at bigint not null,
    by_member uuid not null references members (id),
    constraint outcomes_verdict check (verdict in ('met', 'partly', 'missed'))
);
create index outcomes_decision on outcomes (decision_id, at);

create table technologies (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    number bigint not null,
    name text not null,
    purpose text not null,
    stage text not null,
    decision_id uuid references decisions (id),
    marketing_owner uuid not null references members (id),
    technology_owner uuid not null references members (id),
    yearly_cost bigint,
    renews_on text,
    version bigint not null,
    created_at bigint not null,
    constraint technologies_number unique (workspace_id, number),
    constraint technologies_decision unique (decision_id),
    constraint technologies_stage check (stage in ('assess', 'trial', 'adopt', 'hold', 'retire')),
    constraint technologies_two_owners check (marketing_owner <> technology_owner)
);

create table technology_stages (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    technology_id uuid not null references technologies (id),
    stage text not null,
    because text not null,
    at bigint not null,
    by_member uuid references members (id)
);
create index technology_stages_technology on technology_stages (technology_id, at);

-- The person who rules when the two sides cannot agree.
alter table workspaces add column arbiter_id uuid references members (id);

create table statements (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    handshake_id uuid not null references handshakes (id),
    side text not null,
    body text not null,
    at bigint not null,
    by_member uuid not null references members (id),
    constraint statements_side check (side in ('marketing', 'technology'))
);
create index statements_handshake on statements (handshake_id, at);

create table rulings (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    decision_id uuid not null references decisions (id),
    handshake_id uuid not null references handshakes (id),
    option_id uuid not null references decision_options (id),
    option_title text not null,
    body text not null,
    at bigint not null,
    by_member uuid not null references members (id),
    constraint rulings_once unique (decision_id)
);

create trigger judgements_no_update before update on judgements for each row execute function refuse_change();
create trigger judgements_no_delete before delete on judgements for each row execute function refuse_change();
create trigger answers_are_fixed before update on answers for each row
    when (old.round_id <> new.round_id or old.account_id <> new.account_id or old.side <> new.side or old.at <> new.at or old.replaced_at is not null)
    execute function refuse_change();
create trigger answers_no_delete before delete on answers for each row execute function refuse_change();
create trigger rounds_are_fixed before update on rounds for each row
    when (old.content <> new.content or old.wanted <> new.wanted or old.ends_on <> new.ends_on or old.closed_at is not null)
    execute function refuse_change();
create trigger rounds_no_delete before delete on rounds for each row execute function refuse_change();
create trigger suggestions_are_fixed before update on suggestions for each row
    when (old.after_text <> new.after_text or old.before_text <> new.before_text or old.by_member <> new.by_member or old.side <> new.side or old.outcome is not null)
    execute function refuse_change();
create trigger suggestions_no_delete before delete on suggestions for each row execute function refuse_change();
create trigger comments_are_fixed before update on comments for each row
    when (old.body <> new.body or old.by_member <> new.by_member or old.at <> new.at or old.withdrawn_at is not null)
    execute function refuse_change();
create trigger comments_no_delete before delete on comments for each row execute function refuse_change();
create trigger outcomes_no_update before update on outcomes for each row execute function refuse_change();
create trigger outcomes_no_delete before delete on outcomes for each row execute function refuse_change();
create trigger technology_stages_no_update before update on technology_stages for each row execute function refuse_change();
create trigger technology_stages_no_delete before delete on technology_stages for each row execute function refuse_change();
create trigger statements_no_update before update on statements for each row execute function refuse_change();
create trigger statements_no_delete before delete on statements for each row execute function refuse_change();
create trigger rulings_no_update before update on rulings for each row execute function refuse_change();
create trigger rulings_no_delete before delete on rulings for each row execute function refuse_change();
