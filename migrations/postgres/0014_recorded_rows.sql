-- Every event names the rows that its transaction wrote, with a digest of each, and the key of its hash.
alter table audit_events add column rows text not null default '';
alter table audit_events add column key_id text not null default '';

-- Given after its round was closed: kept and shown as that, and counted nowhere.
alter table answers add column is_late boolean not null default false;
