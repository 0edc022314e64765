-- A comment's words may be changed by its author for a quarter of an hour, and never again.
alter table comments add column edited_at integer;

drop trigger comments_are_fixed;
create trigger comments_are_fixed before update on comments for each row
    when ((old.body <> new.body and coalesce(new.edited_at, old.at + 900001) > old.at + 900000)
        or old.by_member <> new.by_member or old.at <> new.at or old.withdrawn_at is not null)
    begin select raise(abort, 'comments is append-only'); end;
