-- What was resolved in a review by mistake, and so stands in no minutes.
create table review_omissions (
    note_id blob primary key references review_notes (id),
    workspace_id blob not null references workspaces (id),
    review_id blob not null references reviews (id),
    at integer not null,
    by_member blob not null references members (id)
) strict;
create index review_omissions_review on review_omissions (review_id);
