-- Of KPIs: what a side does about a period that it called off track, for as long as it says so.
create view corrective_actions as
select c.workspace_id, c.checkpoint_id, k.title, s.side
from corrective_checkpoints c join kpis k on k.id = c.kpi_id join filled_seats s on s.id = c.signature_id;
