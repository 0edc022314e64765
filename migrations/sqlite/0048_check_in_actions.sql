-- Of initiatives: what the side that checked in does about work that it called off track.
create view check_in_actions as
select i.workspace_id, c.action_checkpoint as checkpoint_id, i.title, m.side
from check_ins c join initiatives i on i.id = c.initiative_id join people m on m.id = c.by_member
where c.action_checkpoint is not null;
