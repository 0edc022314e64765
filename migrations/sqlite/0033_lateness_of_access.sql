-- When an access was to be opened, and when its latest certification was due and given: what was late on a source.

drop view source_accesses;
create view source_accesses as
select r.workspace_id, d.source_id, t.use_id, r.number, r.title, r.asked_by, r.asked_at, r.ends_on, r.approved_at, r.granted_at, r.ended_at,
    d.opened_at, d.shut_at, coalesce(d.shut_by, d.opened_by) as acted_by, t.counts_as as sensitivity, t.certify_on, c.until as carried_until, c.ended_at as carried_to,
    r.needed_on, (select max(k.due_on) from access_certifications k where k.access_id = r.id) as certified_for,
    (select max(k.said_at) from access_certifications k where k.access_id = r.id) as certified_at
from access_doors d join access_requests r on r.id = d.access_id join access_terms t on t.access_id = r.id
    left join carried_on_accesses c on c.access_id = r.id;
