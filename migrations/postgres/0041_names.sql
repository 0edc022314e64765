-- Names under which touchpoints and reviews are found.

create view touchpoint_facts as
select id, workspace_id, number, name, retired_at from touchpoints;

create view review_facts as
select id, workspace_id, number, held_on from reviews;
