-- What pages look up that a large workspace would otherwise scan for.

-- A subject's handshakes, closed ones too: the reasons given on a decision.
create index handshakes_subject on handshakes (subject_id);
-- Checkpoints that wait for the other side's word.
create index checkpoints_unaccepted on checkpoints (workspace_id, accepting_side, passed_at)
    where accepting_side is not null and accepted_at is null and archived_at is null;
