-- Which clauses of the definition are kept at a touchpoint.

create table touchpoint_clauses (
    workspace_id blob not null references workspaces (id),
    touchpoint_id blob not null references touchpoints (id),
    clause_id blob not null references clauses (id),
    constraint touchpoint_clauses_pkey primary key (touchpoint_id, clause_id)
) strict;
create index touchpoint_clauses_clause on touchpoint_clauses (clause_id);

-- Of touchpoints in force, for the definition.
create view touchpoint_clause_links as
select l.workspace_id, l.clause_id, t.number, t.name
from touchpoint_clauses l join touchpoints t on t.id = l.touchpoint_id
where t.taken_at is not null and t.retired_at is null;
