-- Answering for the work together: who signs for whom, what was asked of whom and when, and how initiatives are closed.

-- A lead lets a manager of the same side sign in their place, for some days.
create table delegations (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    side text not null,
    from_member uuid not null references members (id),
    to_member uuid not null references members (id),
    starts_on text not null,
    ends_on text not null,
    at bigint not null,
    ended_at bigint,
    ended_by uuid references members (id),
    constraint delegations_side check (side in ('marketing', 'technology')),
    constraint delegations_two check (from_member <> to_member),
    constraint delegations_days check (starts_on <= ends_on)
);
create unique index delegations_one_each on delegations (workspace_id, side) where ended_at is null;

-- What the house asked of whom: once for each thing, due day and rung of the ladder.
create table reminders (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    kind text not null,
    subject_id uuid not null,
    due_on text not null,
    rung text not null,
    member_id uuid not null references members (id),
    path text not null,
    label text not null,
    at bigint not null,
    constraint reminders_once unique (workspace_id, kind, subject_id, due_on, rung, member_id)
);
create index reminders_member on reminders (member_id, due_on);

-- A form that is not sent yet, kept for whoever is writing it.
create table drafts (
    workspace_id uuid not null references workspaces (id),
    member_id uuid not null references members (id),
    path text not null,
    fields text not null,
    saved_at bigint not null,
    constraint drafts_pkey primary key (member_id, path)
);

create table missed_check_ins (
    workspace_id uuid not null references workspaces (id),
    initiative_id uuid not null references initiatives (id),
    due_on text not null,
    constraint missed_check_ins_pkey primary key (initiative_id, due_on)
);

create table acknowledgements (
    check_in_id uuid primary key references check_ins (id),
    workspace_id uuid not null references workspaces (id),
    member_id uuid not null references members (id),
    at bigint not null
);

create table retrospectives (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    initiative_id uuid not null references initiatives (id),
    outcome text not null,
    worked text not null,
    failed text not null,
    lesson text not null,
    at bigint not null,
    by_member uuid not null references members (id),
    constraint retrospectives_outcome check (outcome in ('achieved', 'missed'))
);
create index retrospectives_initiative on retrospectives (initiative_id, at);

-- A milestone that cannot be met before another is.
create table milestone_waits (
    workspace_id uuid not null references workspaces (id),
    milestone_id uuid not null references milestones (id),
    on_milestone_id uuid not null references milestones (id),
    at bigint not null,
    by_member uuid not null references members (id),
    constraint milestone_waits_pkey primary key (milestone_id, on_milestone_id),
    constraint milestone_waits_two check (milestone_id <> on_milestone_id)
);
create index milestone_waits_on on milestone_waits (on_milestone_id);

create trigger missed_check_ins_no_update before update on missed_check_ins for each row execute function refuse_change();
create trigger missed_check_ins_no_delete before delete on missed_check_ins for each row execute function refuse_change();
create trigger acknowledgements_no_update before update on acknowledgements for each row execute function refuse_change();
create trigger acknowledgements_no_delete before delete on acknowledgements for each row execute function refuse_change();
create trigger retrospectives_no_update before update on retrospectives for each row execute function refuse_change();
create trigger retrospectives_no_delete before delete on retrospectives for each row execute function refuse_change();
create trigger reminders_no_update before update on reminders for each row execute function refuse_change();
create trigger reminders_no_delete before delete on reminders for each row execute function refuse_change();
create trigger delegations_are_fixed before update on delegations for each row
    when (old.to_member <> new.to_member or old.from_member <> new.from_member or old.starts_on <> new.starts_on or old.ends_on <> new.ends_on or old.ended_at is not null)
    execute function refuse_change();
create trigger delegations_no_delete before delete on delegations for each row execute function refuse_change();
