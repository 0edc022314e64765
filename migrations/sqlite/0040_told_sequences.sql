-- The number under which a recipient's calendar was told last: it rises with everything that they are told, also where
-- the review itself did not change.

alter table review_invitations add column told integer not null default 0;
update review_invitations set told = sequence;
