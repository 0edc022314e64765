-- What a source's data is used for, on which ground, for how long, and for whom: the record of processing (Art. 30).

create table source_uses (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    source_id blob not null references sources (id),
    number integer not null,
    name text not null,
    purpose text not null,
    in_words text not null,
    basis text,
    rests_on text not null,
    -- The condition of Article 9(2), by its letter, for special categories.
    article_9 text,
    -- Kept for so many months after something happened, and then.
    kept_after text,
    kept_months integer,
    kept_then text,
    archived_under text not null,
    recipients text not null,
    countries text not null,
    safeguard text not null,
    added_at integer not null,
    added_by blob references members (id),
    removed_at integer,
    version integer not null,
    constraint source_uses_number unique (source_id, number),
    constraint source_uses_months check (kept_months is null or kept_months between 0 and 1200),
    constraint source_uses_kept check ((kept_after is null) = (kept_months is null) and (kept_after is null) = (kept_then is null)),
    constraint source_uses_no_wait check (kept_months is null or kept_months > 0 or kept_after = 'consent_withdrawn')
) strict;
create index source_uses_source on source_uses (source_id) where removed_at is null;

-- Who answers for the processing, as the head of the record says it (Art. 30(1)(a)).
create table record_heads (
    workspace_id blob primary key references workspaces (id),
    controller text not null,
    joint_controller text not null,
    representative text not null,
    officer text not null,
    version integer not null
) strict;

create trigger source_uses_no_delete before delete on source_uses for each row begin select raise(abort, 'source_uses is append-only'); end;
create trigger source_uses_are_fixed before update on source_uses for each row
    when (old.removed_at is not null or new.source_id <> old.source_id or new.number <> old.number)
    begin select raise(abort, 'source_uses is append-only'); end;
