-- Access to data: from which sources, for which use, in which form, and what becomes of its copies. It is opened by the
-- sources' custodians, certified while it lasts, and shut when it is over.

-- How sensitive a source is by the entry that both holders signed last.
alter table sources add column agreed_sensitivity text;
update sources set agreed_sensitivity = sensitivity where agreed_at is not null;

-- What a request for data is for, as it was asked. Requests of before have none.
create table access_terms (
    access_id uuid primary key references access_requests (id),
    workspace_id uuid not null references workspaces (id),
    use_id uuid not null references source_uses (id),
    form text not null,
    fields text not null,
    sensitivity text not null,
    copies text not null,
    copies_until text,
    copies_in uuid references sources (id),
    -- The access that it prolongs or narrows.
    follows_id uuid references access_requests (id),
    -- When both sides are asked whether it is still needed, and by which sensitivity that day was found.
    certify_on text,
    counts_as text not null,
    copies_gone_at bigint,
    copies_gone_by uuid references members (id),
    copies_gone_how text,
    constraint access_terms_form check (form in ('named', 'pseudonymous', 'unlinked', 'anonymous', 'counts')),
    constraint access_terms_sensitivity check (sensitivity in ('internal', 'confidential', 'restricted')),
    constraint access_terms_counts_as check (counts_as in ('internal', 'confidential', 'restricted')),
    constraint access_terms_copies check (copies in ('none', 'deleted', 'kept')),
    constraint access_terms_deleted check ((copies = 'deleted') = (copies_until is not null)),
    constraint access_terms_kept check ((copies = 'kept') = (copies_in is not null)),
    constraint access_terms_gone check ((copies_gone_at is null) = (copies_gone_how is null) and (copies_gone_at is null or copies = 'deleted'))
);
create index access_terms_use on access_terms (use_id);
create index access_terms_follows on access_terms (follows_id) where follows_id is not null;

-- The sources that an access goes to, each with a door that somebody opens and shuts.
create table access_doors (
    access_id uuid not null references access_requests (id),
    source_id uuid not null references sources (id),
    workspace_id uuid not null references workspaces (id),
    opened_at bigint,
    opened_by uuid references members (id),
    shut_at bigint,
    shut_by uuid references members (id),
    constraint access_doors_pkey primary key (access_id, source_id),
    constraint access_doors_opened check ((opened_at is null) = (opened_by is null)),
    constraint access_doors_shut check ((shut_at is null) = (shut_by is null) and (shut_at is null or opened_at is not null))
);
create index access_doors_source on access_doors (source_id);

-- What each side says of an access when it is to be certified.
create table access_certifications (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    access_id uuid not null references access_requests (id),
    due_on text not null,
    side text not null,
    word text not null,
    because text not null,
    said_at bigint not null,
    said_by uuid not null references members (id),
    constraint access_certifications_one unique (access_id, due_on, side),
    constraint access_certifications_two unique (access_id, due_on, said_by),
    constraint access_certifications_side check (side in ('marketing', 'technology')),
    constraint access_certifications_word check (word in ('kept', 'narrowed', 'ended'))
);

-- The door of a request that names no source.
alter table access_requests add column shut_at bigint;
alter table access_requests add column shut_by uuid references members (id);

-- What is over can still be shut.
drop trigger access_requests_are_fixed on access_requests;
create trigger access_requests_are_fixed before update on access_requests for each row
    when (old.title <> new.title or old.purpose <> new.purpose or old.goal_id <> new.goal_id or old.kind <> new.kind or old.needed_on <> new.needed_on
          or old.ends_on <> new.ends_on or old.asked_by <> new.asked_by or old.asking_side <> new.asking_side
          or (old.ended_at is not null and (new.ended_at is null or new.ended_at <> old.ended_at or new.ended_because <> old.ended_because))
          or (old.granted_at is not null and (new.granted_at is null or new.granted_at <> old.granted_at))
          or (old.approved_at is not null and (new.approved_at is null or new.approved_at <> old.approved_at))
          or (old.ended_at is not null and old.granted_at is null and new.granted_at is not null)
          or (old.ended_at is not null and old.approved_at is null and new.approved_at is not null)
          or (old.shut_at is not null and (new.shut_at is null or new.shut_at <> old.shut_at or new.shut_by <> old.shut_by))
          or (new.shut_at is not null and (new.granted_at is null or new.shut_by is null)))
    execute function refuse_change();

create trigger access_terms_no_delete before delete on access_terms for each row execute function refuse_change();
create trigger access_terms_are_fixed before update on access_terms for each row
    when (new.access_id <> old.access_id or new.use_id <> old.use_id or new.form <> old.form or new.fields <> old.fields
          or new.sensitivity <> old.sensitivity or new.copies <> old.copies or new.copies_until is distinct from old.copies_until
          or new.copies_in is distinct from old.copies_in or new.follows_id is distinct from old.follows_id
          or (old.copies_gone_at is not null and (new.copies_gone_at is distinct from old.copies_gone_at
              or new.copies_gone_by is distinct from old.copies_gone_by or new.copies_gone_how is distinct from old.copies_gone_how)))
    execute function refuse_change();
create trigger access_doors_no_delete before delete on access_doors for each row execute function refuse_change();
create trigger access_doors_are_fixed before update on access_doors for each row
    when (new.access_id <> old.access_id or new.source_id <> old.source_id or old.shut_at is not null
          or (old.opened_at is not null and (new.opened_at is null or new.opened_at <> old.opened_at or new.opened_by <> old.opened_by)))
    execute function refuse_change();
create trigger access_certifications_are_fixed before update on access_certifications for each row execute function refuse_change();
create trigger access_certifications_no_delete before delete on access_certifications for each row execute function refuse_change();

-- Of sources, for who asks for access to them.
create view source_facts as
select id, workspace_id, number, name, agreed_sensitivity, retired_at from sources;

create view source_holders as
select workspace_id, source_id, chair, member_id from source_chairs where until_at is null;

-- Which access of the same person carries another one on without a gap, in the same form, fields and sources; and so on.
create view carried_on as
with recursive carriers (access_id, by_id) as (
    select t.access_id, n.access_id
    from access_terms t join access_requests r on r.id = t.access_id
        join access_terms n on n.follows_id = t.access_id and n.form = t.form and n.fields = t.fields
        join access_requests x on x.id = n.access_id and x.asked_by = r.asked_by and x.granted_at is not null and x.needed_on <= r.ends_on
    where not exists (select 1 from access_doors d where d.access_id = t.access_id
        and not exists (select 1 from access_doors b where b.access_id = x.id and b.source_id = d.source_id))
    union
    select c.access_id, n.access_id
    from carriers c join access_terms t on t.access_id = c.by_id join access_requests r on r.id = c.by_id
        join access_terms n on n.follows_id = c.by_id and n.form = t.form and n.fields = t.fields
        join access_requests x on x.id = n.access_id and x.asked_by = r.asked_by and x.granted_at is not null and x.needed_on <= r.ends_on
    where not exists (select 1 from access_doors d where d.access_id = c.access_id
        and not exists (select 1 from access_doors b where b.access_id = x.id and b.source_id = d.source_id))
)
select access_id, by_id from carriers;

-- Until when the door of an access stays open for those that carry it on, and when the last of them was ended.
create view carried_on_accesses as
select c.access_id, max(case when x.ended_at is null then x.ends_on end) as until, max(x.ended_at) as ended_at
from carried_on c join access_requests x on x.id = c.by_id group by c.access_id;

-- Of access, for the pages of sources.
create view source_accesses as
select r.workspace_id, d.source_id, t.use_id, r.number, r.title, r.asked_by, r.asked_at, r.ends_on, r.approved_at, r.granted_at, r.ended_at,
    d.opened_at, d.shut_at, coalesce(d.shut_by, d.opened_by) as acted_by, t.counts_as as sensitivity, t.certify_on, c.until as carried_until, c.ended_at as carried_to
from access_doors d join access_requests r on r.id = d.access_id join access_terms t on t.access_id = r.id
    left join carried_on_accesses c on c.access_id = r.id;
