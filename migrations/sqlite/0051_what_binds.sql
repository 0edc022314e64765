-- Of initiatives: what the side that checked in does about work that it called off track, whatever became of
-- the person who wrote it.
drop view check_in_actions;
create view check_in_actions as
select i.workspace_id, c.action_checkpoint as checkpoint_id, i.title, c.side
from check_ins c join initiatives i on i.id = c.initiative_id
where c.action_checkpoint is not null;

-- Of reviews: what somebody took on as a checkpoint, in minutes that both leads accepted, and has not settled.
-- Whoever is of neither side now was of the side that marked it done.
drop view review_checkpoints;
create view review_checkpoints as
select a.workspace_id, a.checkpoint_id, a.body as title, r.number as review,
    coalesce(m.side, case c.accepting_side when 'marketing' then 'technology' when 'technology' then 'marketing' end) as side
from review_actions a join reviews r on r.id = a.review_id join people m on m.id = a.owner_id
join checkpoint_facts c on c.id = a.checkpoint_id
where a.state = 'open' and exists (select 1 from sealed_texts t where t.workspace_id = a.workspace_id and t.kind = 'minutes'
    and t.subject_id = r.id);

-- Of milestones: checkpoints that are done, or can still be done. Where the other side is asked, one is done
-- once that side has accepted it, for as long as it can.
drop view standing_checkpoints;
create view standing_checkpoints as
select c.id, c.workspace_id,
    case when m.asks_other_side and c.accepting_side is not null and m.archived_at is null and not i.is_over
        then c.accepted_at else c.passed_at end as done_at
from checkpoints c join milestones m on m.id = c.milestone_id join initiative_facts i on i.id = m.initiative_id
where c.archived_at is null and (c.passed_at is not null or (m.archived_at is null and not i.is_over));
