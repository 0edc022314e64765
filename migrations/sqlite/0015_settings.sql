-- What a workspace's money is in, euros until somebody says otherwise, and which state of its settings a form shows.
alter table workspaces add column currency text;
alter table workspaces add column version integer;

drop view workspace_settings;

create view workspace_settings as
select id, slug, name, zone, coalesce(currency, 'EUR') as currency, signature_days, grace_days, arbiter_id,
    coalesce(version, 1) as version
from workspaces;

-- The address that a link confirms.
alter table tokens add column email text;
