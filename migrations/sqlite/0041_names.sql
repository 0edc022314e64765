-- Names under which touchpoints and reviews are found.

create view touchpoint_facts as
select id, workspace_id, number, name, retired_at from touchpoints;

create view review_facts as
select id, workspace_id, number, held_on, ended_at is not null or skipped_at is not null as is_over from reviews;
