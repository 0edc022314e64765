-- Letters: what somebody wants to be written of and when, what was written, and their calendar.

create table letter_settings (
    account_id uuid primary key references accounts (id),
    asked text not null,
    mentioned text not null,
    reviews text not null,
    week text not null,
    shown text not null,
    -- Minutes after midnight in the zone; an empty zone is the workspace's.
    morning bigint not null,
    zone text not null,
    constraint letter_settings_paces check (asked in ('at_once', 'morning') and mentioned in ('at_once', 'morning')),
    constraint letter_settings_reviews check (reviews in ('mine', 'all', 'never')),
    constraint letter_settings_shown check (shown in ('everything', 'waiting')),
    constraint letter_settings_morning check (morning between 0 and 1439)
);

-- Which parts of a letter somebody got on a day of theirs, and up to when it told.
create table letters (
    workspace_id uuid not null references workspaces (id),
    member_id uuid not null references members (id),
    part text not null,
    -- The review of a pre-read.
    subject text not null,
    day text not null,
    at bigint not null,
    constraint letters_part check (part in ('asked', 'mentioned', 'pre_read', 'week')),
    constraint letters_pkey primary key (member_id, part, subject, day)
);
create index letters_last on letters (workspace_id, part, at);

-- Reminders and mentions that stood in a letter, or need none.
create table letter_contents (
    workspace_id uuid not null references workspaces (id),
    member_id uuid not null references members (id),
    part text not null,
    subject_id uuid not null,
    at bigint not null,
    constraint letter_contents_part check (part in ('asked', 'mentioned')),
    constraint letter_contents_pkey primary key (member_id, part, subject_id)
);
create index letter_contents_at on letter_contents (workspace_id, at);

-- What was written before letters were, is not written again.
insert into letter_contents (workspace_id, member_id, part, subject_id, at)
    select workspace_id, member_id, 'asked', id, at from reminders;
insert into letter_contents (workspace_id, member_id, part, subject_id, at)
    select m.workspace_id, m.member_id, 'mentioned', m.comment_id, c.at from mentions m join comments c on c.id = m.comment_id;

-- Who was invited to a review, as it was then.
create table review_invitations (
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null references reviews (id),
    member_id uuid not null references members (id),
    sequence bigint not null,
    is_cancelled boolean not null,
    at bigint not null,
    constraint review_invitations_pkey primary key (review_id, member_id)
);

-- An address at which a calendar program reads what one owes; the address itself is not kept.
create table calendars (
    account_id uuid primary key references accounts (id),
    secret_hash text not null,
    created_at bigint not null,
    last_read_at bigint,
    constraint calendars_secret unique (secret_hash)
);

-- Entries as the calendar told them last, so that what moved says so.
create table calendar_entries (
    account_id uuid not null references accounts (id),
    uid text not null,
    digest text not null,
    sequence bigint not null,
    changed_at bigint not null,
    constraint calendar_entries_pkey primary key (account_id, uid)
);

-- An entry of a calendar that a letter carries.
alter table outbox add column calendar text not null default '';

-- What the comment is about, for the letter.
alter table mentions add column label text not null default '';
