-- When its owner last chose a password: what an older secret opened is shut then.
alter table accounts add column password_changed_at integer;

create view password_changes as
select id as account_id, password_changed_at from accounts;
