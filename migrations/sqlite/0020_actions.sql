-- What is done about an initiative that is off track becomes a checkpoint.
alter table check_ins add column action_checkpoint blob references checkpoints (id);

-- Of decisions: the checkpoints that signed conditions have become.
create view condition_checkpoints as
select c.workspace_id, c.checkpoint_id, c.side, c.body, d.id as decision_id, d.number as decision_number, d.question
from conditions c join handshakes h on h.id = c.handshake_id and h.kind = 'decision' and h.closed_at is null
join decisions d on d.id = h.subject_id
where c.checkpoint_id is not null;
