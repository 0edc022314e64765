-- What was recorded in a review by mistake, and so stands in no minutes.
create table review_omissions (
    id blob primary key,
    workspace_id blob not null references workspaces (id),
    review_id blob not null references reviews (id),
    note_id blob references review_notes (id),
    action_id blob references review_actions (id),
    at integer not null,
    by_member blob not null references members (id),
    constraint review_omissions_note unique (note_id),
    constraint review_omissions_action unique (action_id),
    constraint review_omissions_one check ((note_id is null) <> (action_id is null))
) strict;
create index review_omissions_review on review_omissions (review_id);
