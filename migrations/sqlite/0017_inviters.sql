-- Whom an administrator of neither side let in is marked beside a signature, too; a lead's coming is known to both.
drop view filled_seats;

create view filled_seats as
select s.id, s.workspace_id, s.handshake_id, s.digest, s.side, s.member_id, s.account_id, s.signer, s.verdict, s.reason, s.at,
    (select i.name || case when i.side is null then ', of neither side' else ', of the other side' end
     from inviters i join members m on m.id = i.member_id
     where i.member_id = s.member_id and (i.side <> s.side or (i.side is null and m.role <> 'lead'))) as invited_by
from signatures s where s.withdrawn_at is null;
