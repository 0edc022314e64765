-- Numbers that were corrected after a review was frozen and before it began: the frozen ones stand, and this beside them.

create table review_corrections (
    workspace_id uuid not null references workspaces (id),
    snapshot_id uuid not null references review_snapshots (id),
    -- Of the thing, as the frozen fact has it.
    path text not null,
    words text not null,
    noted_at bigint not null,
    constraint review_corrections_pkey primary key (snapshot_id, path)
);
create trigger review_corrections_no_delete before delete on review_corrections for each row execute function refuse_change();
