-- What both sides can take in a quarter, what initiatives claim of it, and going over it knowingly.

create table capacities (
    workspace_id uuid not null references workspaces (id),
    quarter_on text not null,
    side text not null,
    days bigint not null,
    set_at bigint not null,
    set_by uuid not null references members (id),
    constraint capacities_pkey primary key (workspace_id, quarter_on, side),
    constraint capacities_side check (side in ('marketing', 'technology')),
    constraint capacities_days check (days between 0 and 100000)
);

create table capacity_claims (
    workspace_id uuid not null references workspaces (id),
    quarter_on text not null,
    initiative_id uuid not null references initiatives (id),
    marketing_days bigint not null,
    technology_days bigint not null,
    constraint capacity_claims_pkey primary key (initiative_id, quarter_on),
    constraint capacity_claims_days check (marketing_days between 0 and 100000 and technology_days between 0 and 100000)
);
create index capacity_claims_quarter on capacity_claims (workspace_id, quarter_on);

-- Over the cap, with a reason that both leads sign.
create table capacity_overrides (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    quarter_on text not null,
    reason text not null,
    at bigint not null,
    by_member uuid not null references members (id)
);
create index capacity_overrides_quarter on capacity_overrides (workspace_id, quarter_on, at);
create trigger capacity_overrides_no_update before update on capacity_overrides for each row execute function refuse_change();
create trigger capacity_overrides_no_delete before delete on capacity_overrides for each row execute function refuse_change();
