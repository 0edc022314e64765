-- When an initiative last claimed more than before: going over a cap is settled within days of that.
alter table capacity_claims add column claimed_at bigint;

-- Of capacity: the sides that took on more days than they have, and in which initiatives; without both leads' leave alone.
create view caps_exceeded as
select c.workspace_id, c.quarter_on, c.side, c.set_at, max(case when (case when c.side = 'marketing' then k.marketing_days else k.technology_days end) > 0 then k.claimed_at end) as claimed_at,
    cast(sum(case when c.side = 'marketing' then k.marketing_days else k.technology_days end) - c.days as bigint) as over_days
from capacities c
join capacity_claims k on k.workspace_id = c.workspace_id and k.quarter_on = c.quarter_on
join initiatives i on i.id = k.initiative_id and i.phase in ('proposed', 'active', 'paused')
where not exists (select 1 from capacity_overrides o join handshakes h on h.kind = 'capacity' and h.subject_id = o.id
    where o.workspace_id = c.workspace_id and o.quarter_on = c.quarter_on and h.closed_at is null and h.sealed_at is not null)
group by c.workspace_id, c.quarter_on, c.side, c.set_at, c.days
having sum(case when c.side = 'marketing' then k.marketing_days else k.technology_days end) > c.days;

create view initiatives_over_cap as
select e.workspace_id, k.initiative_id, e.quarter_on, e.side, e.over_days
from caps_exceeded e join capacity_claims k on k.workspace_id = e.workspace_id and k.quarter_on = e.quarter_on
where case when e.side = 'marketing' then k.marketing_days else k.technology_days end > 0;
