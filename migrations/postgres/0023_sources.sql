-- Sources: where customers meet the company, where data about them lives, and who answers for it.

create table touchpoints (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    number bigint not null,
    name text not null,
    -- The name as it is compared: names that differ only in case or in spaces are one name.
    name_key text not null,
    stage text not null,
    channel text not null,
    answers_id uuid references members (id),
    contacts bigint,
    counted_on text,
    known_by text not null,
    about text not null,
    -- Named by Technology, it is a suggestion until somebody of Marketing takes it.
    taken_at bigint,
    retired_at bigint,
    retired_because text,
    created_at bigint not null,
    created_by uuid references members (id),
    version bigint not null,
    constraint touchpoints_number unique (workspace_id, number),
    constraint touchpoints_name unique (workspace_id, name_key),
    constraint touchpoints_stage check (stage in ('notice', 'choose', 'buy', 'receive', 'get_help', 'come_back')),
    constraint touchpoints_channel check (channel in ('store', 'web', 'app', 'mail', 'email', 'phone', 'chat', 'social', 'partner', 'other')),
    constraint touchpoints_contacts check (contacts is null or contacts between 0 and 1000000000),
    constraint touchpoints_counted check ((contacts is null) = (counted_on is null)),
    constraint touchpoints_retired check ((retired_at is null) = (retired_because is null))
);

create table sources (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    number bigint not null,
    name text not null,
    name_key text not null,
    holds text not null,
    technology_id uuid references technologies (id),
    sensitivity text,
    form text,
    people text not null,
    kinds_of_data text not null,
    is_special boolean not null,
    kept_in text not null,
    refreshed text not null,
    protection text not null,
    -- When both holders signed the entry, and what it was then: a higher version is a newer text.
    agreed_at bigint,
    agreed_version bigint,
    retired_at bigint,
    retired_because text,
    created_at bigint not null,
    created_by uuid references members (id),
    version bigint not null,
    constraint sources_number unique (workspace_id, number),
    constraint sources_name unique (workspace_id, name_key),
    constraint sources_sensitivity check (sensitivity is null or sensitivity in ('public', 'internal', 'confidential', 'restricted')),
    constraint sources_form check (form is null or form in ('named', 'pseudonymous', 'unlinked', 'anonymous', 'counts')),
    constraint sources_agreed check ((agreed_at is null) = (agreed_version is null)),
    constraint sources_retired check ((retired_at is null) = (retired_because is null))
);

-- Who sat on which chair, from when until when. A chair without a row that is open is empty.
create table source_chairs (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    source_id uuid not null references sources (id),
    chair text not null,
    member_id uuid not null references members (id),
    from_at bigint not null,
    given_by uuid references members (id),
    until_at bigint,
    left_because text,
    constraint source_chairs_chair check (chair in ('owner', 'steward', 'custodian', 'owner_deputy', 'custodian_deputy')),
    constraint source_chairs_left check ((until_at is null) = (left_because is null))
);
create unique index source_chairs_one on source_chairs (source_id, chair) where until_at is null;
create index source_chairs_member on source_chairs (member_id) where until_at is null;

-- What each side says of a touchpoint and a source.
create table map_words (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    touchpoint_id uuid not null references touchpoints (id),
    source_id uuid not null references sources (id),
    side text not null,
    word text not null,
    said_at bigint not null,
    said_by uuid not null references members (id),
    replaced_at bigint,
    constraint map_words_side check (side in ('marketing', 'technology')),
    constraint map_words_word check (word in ('nothing', 'recorded', 'joined'))
);
create unique index map_words_one on map_words (touchpoint_id, source_id, side) where replaced_at is null;
create index map_words_workspace on map_words (workspace_id) where replaced_at is null;

-- Which source was where a customer's parts meet, by both leads' signatures.
create table source_profiles (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    source_id uuid not null references sources (id),
    offered_at bigint not null,
    offered_by uuid references members (id),
    named_at bigint,
    ended_at bigint
);
create unique index source_profiles_one on source_profiles (workspace_id) where named_at is not null and ended_at is null;
create unique index source_profiles_proposed on source_profiles (workspace_id) where named_at is null and ended_at is null;

create trigger touchpoints_no_delete before delete on touchpoints for each row execute function refuse_change();
create trigger sources_no_delete before delete on sources for each row execute function refuse_change();
create trigger source_chairs_are_fixed before update on source_chairs for each row
    when (old.until_at is not null or new.source_id <> old.source_id or new.chair <> old.chair or new.member_id <> old.member_id or new.from_at <> old.from_at)
    execute function refuse_change();
create trigger source_chairs_no_delete before delete on source_chairs for each row execute function refuse_change();
create trigger map_words_are_fixed before update on map_words for each row
    when (old.replaced_at is not null or new.touchpoint_id <> old.touchpoint_id or new.source_id <> old.source_id or new.side <> old.side or new.word <> old.word or new.said_at <> old.said_at or new.said_by <> old.said_by)
    execute function refuse_change();
create trigger map_words_no_delete before delete on map_words for each row execute function refuse_change();
create trigger source_profiles_are_fixed before update on source_profiles for each row
    when (old.ended_at is not null or new.source_id <> old.source_id or (old.named_at is not null and (new.named_at is null or new.named_at <> old.named_at)))
    execute function refuse_change();
create trigger source_profiles_no_delete before delete on source_profiles for each row execute function refuse_change();

-- Of technologies, for what runs on them.
create view technology_facts as
select id, workspace_id, number, name, stage from technologies;
