-- Reviews: both leads sit together over the same frozen facts, and both accept what was said.

-- How often, on which weekday (Monday is 0), from which minute of the day, for how long.
create table review_rhythms (
    workspace_id uuid primary key references workspaces (id),
    every_weeks bigint not null,
    weekday bigint not null,
    starts_at bigint not null,
    slot_minutes bigint not null,
    version bigint not null,
    constraint review_rhythms_weeks check (every_weeks between 1 and 26),
    constraint review_rhythms_weekday check (weekday between 0 and 6),
    constraint review_rhythms_start check (starts_at between 0 and 1439),
    constraint review_rhythms_slot check (slot_minutes between 15 and 240)
);

-- Everything that the pages showed at one moment, written once. People stand in it by keys.
create table review_snapshots (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null,
    format bigint not null,
    content text not null,
    digest text not null,
    -- The last event of the audit chain that it has seen.
    chain_seq bigint not null,
    taken_at bigint not null,
    taken_by uuid references members (id)
);
create index review_snapshots_review on review_snapshots (review_id, taken_at);

-- Whom the keys of a snapshot mean. A name can be blanked; the snapshot holds a salted digest of it.
create table review_snapshot_names (
    workspace_id uuid not null references workspaces (id),
    snapshot_id uuid not null references review_snapshots (id),
    key bigint not null,
    name text,
    salt text,
    constraint review_snapshot_names_pkey primary key (snapshot_id, key)
);

create table reviews (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    number bigint not null,
    held_on text not null,
    starts_at bigint not null,
    slot_minutes bigint not null,
    place text not null,
    chair text not null,
    planned_at bigint not null,
    planned_by uuid references members (id),
    -- How often it was moved or called off, for calendars.
    sequence bigint not null,
    snapshot_id uuid references review_snapshots (id),
    started_at bigint,
    started_by uuid references members (id),
    ended_at bigint,
    ended_by uuid references members (id),
    skipped_at bigint,
    skipped_because text,
    lapsed_at bigint,
    -- Who drives the stage, what stands on it, since when.
    stage_holder uuid references members (id),
    stage_item uuid,
    stage_since bigint,
    version bigint not null,
    -- Rises with everything that is recorded in it.
    pulse bigint not null,
    constraint reviews_number unique (workspace_id, number),
    constraint reviews_chair check (chair in ('marketing', 'technology')),
    constraint reviews_start check (starts_at between 0 and 1439),
    constraint reviews_slot check (slot_minutes between 15 and 240),
    constraint reviews_over_facts check (started_at is null or snapshot_id is not null),
    constraint reviews_end check (ended_at is null or started_at is not null),
    constraint reviews_skipped check ((skipped_at is null) = (skipped_because is null) and (skipped_at is null or started_at is null)),
    constraint reviews_stage check ((stage_item is null) = (stage_since is null))
);

create table review_items (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null references reviews (id),
    number bigint not null,
    part text not null,
    -- What it is about, once a review: the path of a thing, an action, a topic of its own.
    subject text not null,
    title text not null,
    why text not null,
    path text,
    minutes bigint not null,
    speaker_id uuid references members (id),
    raised_by uuid references members (id),
    carried_from uuid references review_items (id),
    state text not null,
    state_at bigint,
    state_by uuid references members (id),
    taken_seconds bigint not null,
    added_at bigint not null,
    constraint review_items_number unique (review_id, number),
    constraint review_items_subject unique (review_id, subject),
    constraint review_items_part check (part in ('actions', 'changes', 'numbers', 'decisions', 'work', 'topics', 'close')),
    constraint review_items_minutes check (minutes between 0 and 120),
    constraint review_items_state check (state in ('open', 'discussed', 'parked', 'dropped', 'resolved')),
    constraint review_items_state_at check ((state = 'open') = (state_at is null))
);

-- What was said and what was resolved, a line each.
create table review_notes (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null references reviews (id),
    item_id uuid not null references review_items (id),
    kind text not null,
    body text not null,
    at bigint not null,
    by_member uuid not null references members (id),
    constraint review_notes_kind check (kind in ('note', 'resolution'))
);
create index review_notes_review on review_notes (review_id, at);

create table review_actions (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null references reviews (id),
    item_id uuid not null references review_items (id),
    body text not null,
    owner_id uuid not null references members (id),
    due_on text not null,
    given_at bigint not null,
    given_by uuid not null references members (id),
    checkpoint_id uuid references checkpoints (id),
    state text not null,
    settled_at bigint,
    settled_by uuid references members (id),
    settled_because text,
    version bigint not null,
    constraint review_actions_state check (state in ('open', 'done', 'given_up')),
    constraint review_actions_settled check ((state = 'open') = (settled_at is null)),
    constraint review_actions_given_up check (state <> 'given_up' or settled_because is not null)
);
create index review_actions_review on review_actions (review_id, given_at);
create index review_actions_owner on review_actions (owner_id, state);

create table review_action_moves (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    action_id uuid not null references review_actions (id),
    from_on text not null,
    to_on text not null,
    because text not null,
    at bigint not null,
    by_member uuid not null references members (id)
);
create index review_action_moves_action on review_action_moves (action_id, at);

create table review_attendance (
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null references reviews (id),
    member_id uuid not null references members (id),
    is_present boolean not null,
    marked_at bigint not null,
    constraint review_attendance_pkey primary key (review_id, member_id)
);

-- One text a review: composed from what was recorded, edited, offered, sealed.
create table review_minutes (
    review_id uuid primary key references reviews (id),
    workspace_id uuid not null references workspaces (id),
    body text not null,
    -- As it was put before both leads last, and the time before that.
    offered_body text,
    earlier_body text,
    composed_at bigint not null,
    edited_at bigint,
    edited_by uuid references members (id),
    sealed_at bigint,
    version bigint not null,
    constraint review_minutes_sealed check (sealed_at is null or offered_body is not null)
);

create table review_addenda (
    id uuid primary key,
    workspace_id uuid not null references workspaces (id),
    review_id uuid not null references reviews (id),
    number bigint not null,
    body text not null,
    at bigint not null,
    by_member uuid not null references members (id),
    sealed_at bigint,
    constraint review_addenda_number unique (review_id, number)
);

create trigger review_snapshots_no_update before update on review_snapshots for each row execute function refuse_change();
create trigger review_snapshots_no_delete before delete on review_snapshots for each row execute function refuse_change();
create trigger review_snapshot_names_are_fixed before update on review_snapshot_names for each row
    when (old.snapshot_id <> new.snapshot_id or old.key <> new.key or new.name is not null or new.salt is not null)
    execute function refuse_change();
create trigger review_snapshot_names_no_delete before delete on review_snapshot_names for each row execute function refuse_change();
create trigger reviews_are_fixed before update on reviews for each row
    when (old.number <> new.number or (old.started_at is not null and (new.held_on <> old.held_on or new.snapshot_id is null or new.snapshot_id <> old.snapshot_id) and new.started_at is not null)
          or (old.skipped_at is not null and new.skipped_at is null))
    execute function refuse_change();
create trigger reviews_no_delete before delete on reviews for each row execute function refuse_change();
create trigger review_items_no_delete before delete on review_items for each row execute function refuse_change();
create trigger review_notes_no_update before update on review_notes for each row execute function refuse_change();
create trigger review_notes_no_delete before delete on review_notes for each row execute function refuse_change();
create trigger review_actions_are_fixed before update on review_actions for each row
    when (old.body <> new.body or old.review_id <> new.review_id or old.item_id <> new.item_id or old.given_at <> new.given_at or old.given_by <> new.given_by)
    execute function refuse_change();
create trigger review_actions_no_delete before delete on review_actions for each row execute function refuse_change();
create trigger review_action_moves_no_update before update on review_action_moves for each row execute function refuse_change();
create trigger review_action_moves_no_delete before delete on review_action_moves for each row execute function refuse_change();
create trigger review_minutes_are_fixed before update on review_minutes for each row
    when (old.sealed_at is not null)
    execute function refuse_change();
create trigger review_minutes_no_delete before delete on review_minutes for each row execute function refuse_change();
create trigger review_addenda_are_fixed before update on review_addenda for each row
    when (old.body <> new.body or old.number <> new.number or old.review_id <> new.review_id or old.at <> new.at or old.by_member <> new.by_member or old.sealed_at is not null)
    execute function refuse_change();
create trigger review_addenda_no_delete before delete on review_addenda for each row execute function refuse_change();
