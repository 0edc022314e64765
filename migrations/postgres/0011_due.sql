-- By when a text on the table is to be signed, where what it is about has a day of its own. Periods that lie there already
-- keep the workspace's days.

alter table handshakes add column due_on text;
update handshakes set due_on = (select d.decide_by from decisions d where d.id = handshakes.subject_id) where kind = 'decision';
update handshakes set due_on = (select r.needed_on from access_requests r where r.id = handshakes.subject_id) where kind = 'access';
