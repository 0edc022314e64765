-- For whom somebody answers: everybody at work for themselves, and a side's lead for those of the side who are kept out.
create view standing_in as
select m.workspace_id, m.id as member_id, m.id as stands_for from members m where m.disabled_at is null
union all
select l.workspace_id, l.id as member_id, d.id as stands_for
from members l join members d on d.workspace_id = l.workspace_id and d.side = l.side and d.disabled_at is not null
where l.role = 'lead' and l.disabled_at is null;

-- Whoever answers for something is shown by `holder`, which says when they are not here any more.
drop view people;

create view people as
select m.id, m.workspace_id, m.account_id, a.name, a.email, m.side, m.role, m.is_admin, m.side_since, m.disabled_at,
    case when m.disabled_at is null then a.name else a.name || ' (not here any more)' end as holder
from members m join accounts a on a.id = m.account_id;
