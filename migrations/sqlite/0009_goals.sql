-- Marketing goals, measured by KPIs and cited to get access to data or technology.

create table goals (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    number integer not null,
    title text not null,
    why text not null,
    owner_id blob not null references members (id),
    starts_on text not null,
    due_on text not null,
    version integer not null,
    created_at integer not null,
    archived_at integer,
    archived_because text,
    constraint goals_number unique (workspace_id, number),
    constraint goals_dates check (starts_on < due_on)
) strict;

create table goal_measures (
    workspace_id blob not null references workspaces (id),
    goal_id blob not null references goals (id),
    kpi_id blob not null references kpis (id),
    position integer not null,
    baseline integer not null,
    target integer not null,
    constraint goal_measures_pkey primary key (goal_id, kpi_id),
    constraint goal_measures_way check (baseline <> target)
) strict;
create index goal_measures_kpi on goal_measures (kpi_id);

create table goal_initiatives (
    workspace_id blob not null references workspaces (id),
    goal_id blob not null references goals (id),
    initiative_id blob not null references initiatives (id),
    constraint goal_initiatives_pkey primary key (goal_id, initiative_id)
) strict;
create index goal_initiatives_initiative on goal_initiatives (initiative_id);

-- Approved by both sides, then granted: two dated steps. It ends by itself on its last day.
create table access_requests (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    number integer not null,
    goal_id blob not null references goals (id),
    kind text not null,
    title text not null,
    purpose text not null,
    asked_at integer not null,
    asked_by blob not null references members (id),
    asking_side text not null,
    needed_on text not null,
    ends_on text not null,
    approved_at integer,
    granted_at integer,
    granted_by blob references members (id),
    ended_at integer,
    ended_by blob references members (id),
    ended_because text,
    constraint access_requests_number unique (workspace_id, number),
    constraint access_requests_kind check (kind in ('data', 'technology')),
    constraint access_requests_side check (asking_side in ('marketing', 'technology')),
    constraint access_requests_days check (needed_on <= ends_on),
    constraint access_requests_granted check (granted_at is null or (approved_at is not null and granted_by is not null and granted_by <> asked_by)),
    constraint access_requests_ended check ((ended_at is null) = (ended_because is null))
) strict;
create index access_requests_goal on access_requests (goal_id);

-- A milestone that cannot be met before an access is granted.
create table milestone_access_waits (
    workspace_id blob not null references workspaces (id),
    milestone_id blob not null references milestones (id),
    access_id blob not null references access_requests (id),
    at integer not null,
    by_member blob not null references members (id),
    constraint milestone_access_waits_pkey primary key (milestone_id, access_id)
) strict;
create index milestone_access_waits_access on milestone_access_waits (access_id);

create trigger access_requests_are_fixed before update on access_requests for each row
    when (old.title <> new.title or old.purpose <> new.purpose or old.goal_id <> new.goal_id or old.kind <> new.kind or old.needed_on <> new.needed_on
          or old.ends_on <> new.ends_on or old.asked_by <> new.asked_by or old.asking_side <> new.asking_side or old.ended_at is not null
          or (old.granted_at is not null and new.granted_at is null) or (old.approved_at is not null and new.approved_at is null))
    begin select raise(abort, 'access_requests is append-only'); end;
create trigger access_requests_no_delete before delete on access_requests for each row begin select raise(abort, 'access_requests is append-only'); end;
