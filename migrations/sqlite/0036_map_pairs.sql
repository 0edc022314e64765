-- The map is counted by touchpoint, side and word; what is owed, by how long ago a side said it.

drop index map_words_workspace;
create index map_words_counted on map_words (touchpoint_id, side, word, source_id, said_at) where replaced_at is null;
create index map_words_aging on map_words (workspace_id, side, said_at) where replaced_at is null;

-- Where both sides have spoken of a source that is not retired, and since when both words hold.

create view map_pairs as
select m.touchpoint_id, m.source_id, m.word as marketing, t.word as technology,
    case when m.said_at < t.said_at then m.said_at else t.said_at end as since
from map_words m
join map_words t on t.touchpoint_id = m.touchpoint_id and t.source_id = m.source_id
    and t.side = 'technology' and t.replaced_at is null
join sources s on s.id = m.source_id
where m.side = 'marketing' and m.replaced_at is null and s.retired_at is null;
