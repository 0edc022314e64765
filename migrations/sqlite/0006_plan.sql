-- The plan that both leads fixed, and changes of many checkpoints at once.

create table baselines (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    number integer not null,
    content text not null,
    proposed_at integer not null,
    proposed_by blob not null references members (id),
    fixed_at integer,
    superseded_at integer,
    constraint baselines_number unique (workspace_id, number)
) strict;
create unique index baselines_in_force on baselines (workspace_id) where fixed_at is not null and superseded_at is null;

-- What checkpoints were before many of them were changed at once, for taking it back.
create table bulk_changes (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    milestone_id blob not null references milestones (id),
    before text not null,
    at integer not null,
    by_member blob not null references members (id),
    undone_at integer
) strict;
create index bulk_changes_milestone on bulk_changes (milestone_id, at);

create trigger baselines_are_fixed before update on baselines for each row
    when (old.content <> new.content or old.number <> new.number or (old.fixed_at is not null and new.fixed_at is null))
    begin select raise(abort, 'baselines is append-only'); end;
create trigger baselines_no_delete before delete on baselines for each row begin select raise(abort, 'baselines is append-only'); end;
create trigger bulk_changes_are_fixed before update on bulk_changes for each row
    when (old.before <> new.before or old.undone_at is not null)
    begin select raise(abort, 'bulk_changes is append-only'); end;
create trigger bulk_changes_no_delete before delete on bulk_changes for each row begin select raise(abort, 'bulk_changes is append-only'); end;
