-- How far a source is in unification, self-service and protection, as each side reads it; ownership is read off the house.

create table source_readings (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    source_id blob not null references sources (id),
    -- A round is complete once both sides have read; until then neither sees the other's.
    round integer not null,
    side text not null,
    read_at integer not null,
    read_by blob not null references members (id),
    replaced_at integer,
    constraint source_readings_side check (side in ('marketing', 'technology')),
    constraint source_readings_round check (round > 0)
) strict;
create unique index source_readings_one on source_readings (source_id, round, side) where replaced_at is null;
create unique index source_readings_two on source_readings (source_id, round, read_by) where replaced_at is null;
create index source_readings_workspace on source_readings (workspace_id) where replaced_at is null;

create table source_levels (
    reading_id blob not null references source_readings (id),
    workspace_id blob not null references workspaces (id),
    parameter text not null,
    level text not null,
    evidence text not null,
    constraint source_levels_pkey primary key (reading_id, parameter),
    constraint source_levels_parameter check (parameter in ('unification', 'self_service', 'protection')),
    constraint source_levels_level check (level in ('0', '1', '2', '3', '4', 'not_known', 'not_applicable'))
) strict;

create trigger source_readings_no_delete before delete on source_readings for each row begin select raise(abort, 'source_readings is append-only'); end;
create trigger source_readings_are_fixed before update on source_readings for each row
    when (old.replaced_at is not null or new.source_id <> old.source_id or new.round <> old.round or new.side <> old.side
          or new.read_at <> old.read_at or new.read_by <> old.read_by)
    begin select raise(abort, 'source_readings is append-only'); end;
create trigger source_levels_are_fixed before update on source_levels for each row begin select raise(abort, 'source_levels is append-only'); end;
create trigger source_levels_no_delete before delete on source_levels for each row begin select raise(abort, 'source_levels is append-only'); end;
