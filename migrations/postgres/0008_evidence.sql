-- Checkpoints in depth: what must hold before one passes, the other side's word on it, files as evidence; and milestones
-- that are given up.

alter table milestones add column asks_other_side boolean not null default false;
alter table milestones add column archived_because text;

alter table checkpoints add column criteria text not null default '';
-- The side that must accept it: the other one than that of whoever passed it.
alter table checkpoints add column accepting_side text constraint checkpoints_side check (accepting_side in ('marketing', 'technology'));
alter table checkpoints add column accepted_at bigint;
alter table checkpoints add column accepted_by uuid references members (id)
    constraint checkpoints_two_people check (accepted_by is null or (passed_by is not null and accepted_by <> passed_by));

create table evidence_files (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    checkpoint_id uuid not null references checkpoints (id),
    name text not null,
    media_type text not null,
    size bigint not null,
    digest text not null,
    content bytea not null,
    at bigint not null,
    by_member uuid not null references members (id),
    replaced_at bigint
);
create unique index evidence_files_current on evidence_files (checkpoint_id) where replaced_at is null;
create index evidence_files_workspace on evidence_files (workspace_id);

-- What the other side found missing when it returned a checkpoint.
create table returned_checkpoints (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    checkpoint_id uuid not null references checkpoints (id),
    missing text not null,
    at bigint not null,
    by_member uuid not null references members (id)
);
create index returned_checkpoints_checkpoint on returned_checkpoints (checkpoint_id, at);

create trigger returned_checkpoints_no_update before update on returned_checkpoints for each row execute function refuse_change();
create trigger returned_checkpoints_no_delete before delete on returned_checkpoints for each row execute function refuse_change();
create trigger evidence_files_are_fixed before update on evidence_files for each row
    when (old.digest <> new.digest or old.content <> new.content or old.name <> new.name or old.media_type <> new.media_type
          or old.checkpoint_id <> new.checkpoint_id or old.replaced_at is not null)
    execute function refuse_change();
create trigger evidence_files_no_delete before delete on evidence_files for each row execute function refuse_change();
