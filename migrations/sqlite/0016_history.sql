-- A value of a period that was over long before it came in: shown, and attested by nobody.
alter table kpi_values add column is_history integer;
