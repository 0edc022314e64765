-- When somebody was here last: what changed meanwhile is told from then on.

create table visits (
    account_id blob primary key references accounts (id),
    -- The last time that they were seen, and the last time of the visit before this one.
    seen_at integer not null,
    before_at integer
) strict;
