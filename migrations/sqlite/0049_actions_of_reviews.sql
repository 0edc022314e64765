-- Of reviews: what somebody took on as a checkpoint and has not settled, for who plans the work.
create view review_checkpoints as
select a.workspace_id, a.checkpoint_id, a.body as title, r.number as review, m.side
from review_actions a join reviews r on r.id = a.review_id join people m on m.id = a.owner_id
where a.checkpoint_id is not null and a.state = 'open';

-- Of milestones: checkpoints that are done, or can still be done.
create view standing_checkpoints as
select c.id, c.workspace_id, c.passed_at
from checkpoints c join milestones m on m.id = c.milestone_id join initiative_facts i on i.id = m.initiative_id
where c.archived_at is null and (c.passed_at is not null or (m.archived_at is null and not i.is_over));
