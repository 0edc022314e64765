-- Numbers in depth: formulas over other KPIs, feeds that enter them, reasons for targets that change, and corrective
-- actions that become checkpoints.

alter table kpis add column formula text;

create table kpi_inputs (
    workspace_id blob not null references workspaces (id),
    kpi_id blob not null references kpis (id),
    position integer not null,
    input_id blob not null references kpis (id),
    constraint kpi_inputs_pkey primary key (kpi_id, position),
    constraint kpi_inputs_once unique (kpi_id, input_id),
    constraint kpi_inputs_two check (kpi_id <> input_id)
) strict;
create index kpi_inputs_input on kpi_inputs (input_id);

alter table kpi_targets add column because text;

alter table attestations add column confidence integer;
alter table attestations add column action_milestone blob references milestones (id);

-- A corrective action that both owners have let stand, as a checkpoint.
create table corrective_checkpoints (
    signature_id blob primary key references attestations (signature_id),
    workspace_id blob not null references workspaces (id),
    kpi_id blob not null references kpis (id),
    period_on text not null,
    checkpoint_id blob not null references checkpoints (id)
) strict;
create index corrective_checkpoints_kpi on corrective_checkpoints (kpi_id);

-- A secret with which a machine enters one KPI's values, until it expires. Only its SHA-256 is kept.
create table feeds (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    kpi_id blob not null references kpis (id),
    name text not null,
    hash text not null,
    created_at integer not null,
    created_by blob not null references members (id),
    expires_at integer not null,
    ended_at integer,
    constraint feeds_hash unique (hash)
) strict;
create index feeds_kpi on feeds (kpi_id, created_at);

-- What a feed has delivered under a key of its own: delivered again, it changes nothing.
create table deliveries (
    workspace_id blob not null references workspaces (id),
    feed_id blob not null references feeds (id),
    key text not null,
    body text not null,
    at integer not null,
    constraint deliveries_pkey primary key (feed_id, key)
) strict;

create trigger corrective_checkpoints_no_update before update on corrective_checkpoints for each row begin select raise(abort, 'corrective_checkpoints is append-only'); end;
create trigger corrective_checkpoints_no_delete before delete on corrective_checkpoints for each row begin select raise(abort, 'corrective_checkpoints is append-only'); end;
create trigger deliveries_no_update before update on deliveries for each row begin select raise(abort, 'deliveries is append-only'); end;
create trigger deliveries_no_delete before delete on deliveries for each row begin select raise(abort, 'deliveries is append-only'); end;
