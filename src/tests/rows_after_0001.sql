insert into chains (id, seq, head) values (zeroblob(16), 1, 'h');
insert into audit_events (chain_id, seq, at, actor, verb, kind, path, label, detail, request_id, previous, hash) values (zeroblob(16), 1, 0, 'a', 'v', 'k', '', 'l', '', '', 'p', 'h');
insert into accounts (id, email, name, password_hash, created_at) values (zeroblob(16), 'a@b.c', 'A', 'x', 0);
