-- What was resolved in a review by mistake, and so stands in no minutes.
create table review_omissions (
    note_id uuid primary key references review_notes (id),
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null references reviews (id),
    at bigint not null,
    by_member uuid not null references members (id)
);
create index review_omissions_review on review_omissions (review_id);
