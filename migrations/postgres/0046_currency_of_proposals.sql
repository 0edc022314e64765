-- In which currency the costs of a proposal were offered: the workspace may choose another one later.
alter table proposals add column currency text;
