-- A chair holds somebody who works on its side today, somebody of Marketing answers for a touchpoint, and nobody
-- leaves or moves with either.

create function refuse_absent_holder() returns trigger language plpgsql as $$
begin
    if (new.until_at is null and exists (select 1 from members m where m.id = new.member_id and (m.disabled_at is not null or m.role = 'observer' or m.side <> case new.chair when 'custodian' then 'technology' when 'custodian_deputy' then 'technology' else 'marketing' end))) then
        raise exception 'a chair holds somebody who works on its side' using errcode = 'restrict_violation', constraint = 'holders_at_work';
    end if;
    return new;
end $$;
create trigger source_chairs_holders_at_work before insert on source_chairs for each row execute function refuse_absent_holder();

create function refuse_absent_answerer() returns trigger language plpgsql as $$
begin
    if (new.retired_at is null and exists (select 1 from members m where m.id = new.answers_id and (m.disabled_at is not null or m.role = 'observer' or m.side <> 'marketing'))) then
        raise exception 'somebody at work in Marketing answers for a touchpoint' using errcode = 'restrict_violation', constraint = 'holders_at_work';
    end if;
    return new;
end $$;
create trigger touchpoints_answers_at_work before insert on touchpoints for each row execute function refuse_absent_answerer();
create trigger touchpoints_answers_stay_at_work before update on touchpoints for each row execute function refuse_absent_answerer();

create function refuse_seated_leaver() returns trigger language plpgsql as $$
begin
    if ((new.disabled_at is not null or new.role = 'observer' or new.side <> old.side) and (exists (select 1 from source_chairs c where c.member_id = new.id and c.until_at is null) or exists (select 1 from touchpoints t where t.answers_id = new.id and t.retired_at is null))) then
        raise exception 'nobody leaves or moves with a chair' using errcode = 'restrict_violation', constraint = 'leavers_unseated';
    end if;
    return new;
end $$;
create trigger members_leavers_unseated before update on members for each row execute function refuse_seated_leaver();
