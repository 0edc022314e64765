-- The number under which a recipient's calendar was written to last: it rises with every message, also where the review
-- itself did not change.

alter table review_invitations add column last_sequence integer not null default 0;
update review_invitations set last_sequence = sequence;
