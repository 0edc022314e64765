-- The map of a quarter, which both leads sign, and what each member believes before they see it.

create table beliefs (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    quarter text not null,
    member_id blob not null references members (id),
    side text not null,
    answer text not null,
    said_at integer not null,
    constraint beliefs_one unique (workspace_id, quarter, member_id),
    constraint beliefs_side check (side in ('marketing', 'technology')),
    constraint beliefs_answer check (answer in ('yes', 'no', 'cannot_say'))
) strict;

create table quarter_maps (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    quarter text not null,
    offered_at integer not null,
    offered_by blob references members (id),
    signed_at integer,
    constraint quarter_maps_one unique (workspace_id, quarter)
) strict;

create trigger beliefs_no_delete before delete on beliefs for each row begin select raise(abort, 'beliefs is append-only'); end;
create trigger quarter_maps_are_fixed before update on quarter_maps for each row
    when (old.signed_at is not null or new.quarter <> old.quarter or new.workspace_id <> old.workspace_id)
    begin select raise(abort, 'quarter_maps is append-only'); end;
create trigger quarter_maps_no_delete before delete on quarter_maps for each row begin select raise(abort, 'quarter_maps is append-only'); end;

-- The text that both sides sealed, for who shows it again.
create view sealed_texts as
select workspace_id, kind, subject_id, content, sealed_at from handshakes where sealed_at is not null;

-- The sources that run on what a decision chose.
create view decision_sources as
select s.workspace_id, t.decision_id, s.number, s.name
from sources s join technologies t on t.id = s.technology_id
where t.decision_id is not null and s.retired_at is null;
