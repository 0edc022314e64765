-- Numbers that were corrected after a review was frozen and before it began: the frozen ones stand, and this beside them.

create table review_corrections (
    workspace_id blob not null references workspaces (id),
    snapshot_id blob not null references review_snapshots (id),
    -- Of the thing, as the frozen fact has it.
    path text not null,
    words text not null,
    noted_at integer not null,
    constraint review_corrections_pkey primary key (snapshot_id, path)
) strict;
create trigger review_corrections_no_delete before delete on review_corrections for each row begin select raise(abort, 'review_corrections is append-only'); end;
