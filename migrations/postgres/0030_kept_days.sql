-- What the pages showed when a day began, kept for as long as one looks back. It is no record; what is frozen for a review is.

create table kept_days (
    workspace_id uuid not null references workspaces (id),
    day text not null,
    -- Of how the facts are written.
    format bigint not null,
    content text not null,
    taken_at bigint not null,
    constraint kept_days_pkey primary key (workspace_id, day)
);
