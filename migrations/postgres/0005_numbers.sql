-- Numbers in depth: formulas over other KPIs, feeds that enter them, reasons for targets that change, and corrective
-- actions that become checkpoints.

alter table kpis add column formula text;

create table kpi_inputs (
    workspace_id uuid not null references workspaces (id),
    kpi_id uuid not null references kpis (id),
    position bigint not null,
    input_id uuid not null references kpis (id),
    constraint kpi_inputs_pkey primary key (kpi_id, position),
    constraint kpi_inputs_once unique (kpi_id, input_id),
    constraint kpi_inputs_two check (kpi_id <> input_id)
);
create index kpi_inputs_input on kpi_inputs (input_id);

alter table kpi_targets add column because text;

alter table attestations add column confidence bigint;
alter table attestations add column action_milestone uuid references milestones (id);

-- A corrective action that both owners have let stand, as a checkpoint.
create table corrective_checkpoints (
    signature_id uuid primary key references attestations (signature_id),
    workspace_id uuid not null references workspaces (id),
    kpi_id uuid not null references kpis (id),
    period_on text not null,
    checkpoint_id uuid not null references checkpoints (id)
);
create index corrective_checkpoints_kpi on corrective_checkpoints (kpi_id);

-- A secret with which a machine enters one KPI's values, until it expires. Only its SHA-256 is kept.
create table feeds (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    kpi_id uuid not null references kpis (id),
    name text not null,
    hash text not null,
    created_at bigint not null,
    created_by uuid not null references members (id),
    expires_at bigint not null,
    ended_at bigint,
    constraint feeds_hash unique (hash)
);
create index feeds_kpi on feeds (kpi_id, created_at);

-- What a feed has delivered under a key of its own: delivered again, it changes nothing.
create table deliveries (
    workspace_id uuid not null references workspaces (id),
    feed_id uuid not null references feeds (id),
    key text not null,
    body text not null,
    at bigint not null,
    constraint deliveries_pkey primary key (feed_id, key)
);

create trigger corrective_checkpoints_no_update before update on corrective_checkpoints for each row execute function refuse_change();
create trigger corrective_checkpoints_no_delete before delete on corrective_checkpoints for each row execute function refuse_change();
create trigger deliveries_no_update before update on deliveries for each row execute function refuse_change();
create trigger deliveries_no_delete before delete on deliveries for each row execute function refuse_change();
