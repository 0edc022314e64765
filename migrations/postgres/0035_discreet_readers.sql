-- Whoever wants to be told by mail only that there is something, for whatever writes to them.

create view discreet_readers as
select account_id from letter_settings where shown = 'waiting';
