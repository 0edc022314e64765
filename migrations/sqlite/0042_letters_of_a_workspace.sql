-- Of which workspace a letter speaks; none for letters about an account.
alter table outbox add column workspace_id blob references workspaces (id);
