-- A review is held on the day on which it begins; the day for which it was planned stands beside it where that was another.

alter table reviews add column planned_on text;
