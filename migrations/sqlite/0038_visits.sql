-- When a member was here last: what changed meanwhile is told from then on.

create table visits (
    member_id blob primary key references members (id),
    workspace_id blob not null references workspaces (id),
    -- The last time that they were seen, and the last time of the visit before this one.
    seen_at integer not null,
    before_at integer
) strict;
