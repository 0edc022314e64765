-- Who let whom in is shown where it matters: beside a signature of a person whom the other side invited.
alter table members add column invited_by blob references members (id);

create view inviters as
select m.id as member_id, a.name, i.side
from members m join members i on i.id = m.invited_by join accounts a on a.id = i.account_id;

drop view filled_seats;

create view filled_seats as
select s.id, s.workspace_id, s.handshake_id, s.digest, s.side, s.member_id, s.account_id, s.signer, s.verdict, s.reason, s.at,
    (select i.name from inviters i where i.member_id = s.member_id and i.side <> s.side) as invited_by
from signatures s where s.withdrawn_at is null;
