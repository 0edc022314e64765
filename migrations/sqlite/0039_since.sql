-- What came since a day is found without reading everything that came before it.

create index audit_events_verb on audit_events (chain_id, verb, at);
create index signatures_at on signatures (workspace_id, at);
