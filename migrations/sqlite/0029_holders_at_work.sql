-- A chair holds somebody who works on its side today, somebody of Marketing answers for a touchpoint, and nobody
-- leaves or moves with either.

create trigger source_chairs_holders_at_work before insert on source_chairs for each row when (new.until_at is null and exists (select 1 from members m where m.id = new.member_id and (m.disabled_at is not null or m.role = 'observer' or m.side <> case new.chair when 'custodian' then 'technology' when 'custodian_deputy' then 'technology' else 'marketing' end)))
    begin select raise(abort, 'a chair holds somebody who works on its side'); end;

create trigger touchpoints_answers_at_work before insert on touchpoints for each row when (new.retired_at is null and exists (select 1 from members m where m.id = new.answers_id and (m.disabled_at is not null or m.role = 'observer' or m.side <> 'marketing')))
    begin select raise(abort, 'somebody at work in Marketing answers for a touchpoint'); end;
create trigger touchpoints_answers_stay_at_work before update on touchpoints for each row when (new.retired_at is null and exists (select 1 from members m where m.id = new.answers_id and (m.disabled_at is not null or m.role = 'observer' or m.side <> 'marketing')))
    begin select raise(abort, 'somebody at work in Marketing answers for a touchpoint'); end;

create trigger members_leavers_unseated before update on members for each row when ((new.disabled_at is not null or new.role = 'observer' or new.side <> old.side) and (exists (select 1 from source_chairs c where c.member_id = new.id and c.until_at is null) or exists (select 1 from touchpoints t where t.answers_id = new.id and t.retired_at is null)))
    begin select raise(abort, 'nobody leaves or moves with a chair'); end;
