-- What an access has to know of the use for which it was asked.

create view use_facts as
select id, workspace_id, source_id, number from source_uses;
