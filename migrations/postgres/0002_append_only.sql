-- History is shown, never rewritten: the engine itself refuses.

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation', constraint = 'append_only';
end $$;

create trigger audit_events_no_update before update on audit_events for each row execute function refuse_change();
create trigger audit_events_no_delete before delete on audit_events for each row execute function refuse_change();

create trigger handshakes_text_is_fixed before update on handshakes for each row
    when (old.content <> new.content or old.digest <> new.digest or old.kind <> new.kind or old.subject_id <> new.subject_id
        or (old.sealed_at is not null and (new.sealed_at is null or new.sealed_at <> old.sealed_at)))
    execute function refuse_change();
create trigger handshakes_no_delete before delete on handshakes for each row execute function refuse_change();

create trigger signatures_are_fixed before update on signatures for each row
    when (old.handshake_id <> new.handshake_id or old.digest <> new.digest or old.side <> new.side or old.account_id <> new.account_id
        or old.verdict <> new.verdict or old.at <> new.at or old.signer <> new.signer or old.member_id <> new.member_id
        or coalesce(old.reason, '') <> coalesce(new.reason, '') or old.withdrawn_at is not null)
    execute function refuse_change();
create trigger signatures_no_delete before delete on signatures for each row execute function refuse_change();

create trigger definition_versions_are_fixed before update on definition_versions for each row
    when (old.content <> new.content or old.digest <> new.digest or old.number <> new.number
        or (old.in_force_at is not null and new.in_force_at is null))
    execute function refuse_change();
create trigger definition_versions_no_delete before delete on definition_versions for each row execute function refuse_change();

create trigger slips_no_update before update on slips for each row execute function refuse_change();
create trigger slips_no_delete before delete on slips for each row execute function refuse_change();
create trigger proposals_no_update before update on proposals for each row execute function refuse_change();
create trigger proposals_no_delete before delete on proposals for each row execute function refuse_change();
create trigger attestations_no_update before update on attestations for each row execute function refuse_change();
create trigger attestations_no_delete before delete on attestations for each row execute function refuse_change();
create trigger check_ins_are_fixed before update on check_ins for each row
    when (old.note <> new.note or old.status <> new.status or old.confidence <> new.confidence or old.by_member <> new.by_member or old.at <> new.at or old.replaced_at is not null)
    execute function refuse_change();
create trigger check_ins_no_delete before delete on check_ins for each row execute function refuse_change();

create trigger kpi_values_are_fixed before update on kpi_values for each row
    when (old.value <> new.value or old.period_on <> new.period_on or old.kpi_id <> new.kpi_id or old.replaced_at is not null)
    execute function refuse_change();
create trigger kpi_values_no_delete before delete on kpi_values for each row execute function refuse_change();
