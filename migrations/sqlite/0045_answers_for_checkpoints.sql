-- Who of the other side had accepted a checkpoint before it was reopened or changed: it is still theirs to accept.
alter table checkpoints add column answered_by blob references members (id);
