//! Whose tables a statement names. A room's tables are its own: nobody else writes them, and whoever else
//! reads them does so through a view that the owner publishes and the reader declares here.

use std::collections::{BTreeMap, BTreeSet};

use crate::{platform::db::SqlStatement, tests::arrows::folder_of};

/// Each table and the folder that owns it.
const TABLES: &[(&str, &[&str])] = &[
    ("platform", &["audit_events", "chains", "outbox"]),
    (
        "identity",
        &["attempts", "drafts", "sessions", "tokens", "visits"],
    ),
    (
        "letters",
        &[
            "calendar_entries",
            "calendars",
            "letter_contents",
            "letter_settings",
            "letters",
            "review_invitations",
        ],
    ),
    ("accounts", &["accounts"]),
    (
        "members",
        &["delegations", "invitations", "members", "workspaces"],
    ),
    ("handshake", &["handshakes", "signatures"]),
    ("rounds", &["answers", "judgements", "rounds"]),
    ("comments", &["comments", "mentions"]),
    ("technologies", &["technologies", "technology_stages"]),
    (
        "sources",
        &[
            "beliefs",
            "map_words",
            "quarter_maps",
            "record_heads",
            "source_chairs",
            "source_levels",
            "source_profiles",
            "source_readings",
            "source_uses",
            "sources",
            "stage_names",
            "touchpoint_clauses",
            "touchpoints",
        ],
    ),
    (
        "access",
        &[
            "access_certifications",
            "access_doors",
            "access_requests",
            "access_terms",
        ],
    ),
    (
        "milestones",
        &[
            "baselines",
            "bulk_changes",
            "checkpoints",
            "evidence_files",
            "milestone_access_waits",
            "milestone_waits",
            "milestones",
            "returned_checkpoints",
            "slips",
        ],
    ),
    (
        "kpis",
        &[
            "attestations",
            "corrective_checkpoints",
            "deliveries",
            "feeds",
            "kpi_inputs",
            "kpi_targets",
            "kpi_values",
            "kpis",
        ],
    ),
    (
        "definition",
        &["clause_kpis", "clauses", "definition_versions", "suggestions"],
    ),
    (
        "decisions",
        &[
            "conditions",
            "criteria",
            "decision_clauses",
            "decision_kpis",
            "decision_links",
            "decision_options",
            "decision_waiters",
            "decisions",
            "outcomes",
            "proposals",
            "rulings",
            "statements",
        ],
    ),
    (
        "initiatives",
        &[
            "acknowledgements",
            "check_ins",
            "initiative_clauses",
            "initiative_kpis",
            "initiative_members",
            "initiative_phases",
            "initiatives",
            "missed_check_ins",
            "retrospectives",
        ],
    ),
    (
        "capacity",
        &["capacities", "capacity_claims", "capacity_overrides"],
    ),
    ("goals", &["goal_initiatives", "goal_measures", "goals"]),
    ("reminders", &["reminders"]),
    (
        "reviews",
        &[
            "review_action_moves",
            "review_omissions",
            "kept_days",
            "review_actions",
            "review_addenda",
            "review_attendance",
            "review_corrections",
            "review_items",
            "review_minutes",
            "review_notes",
            "review_rhythms",
            "review_snapshot_names",
            "review_snapshots",
            "reviews",
        ],
    ),
];

/// Each view, the folder that publishes it, and who reads it besides.
const VIEWS: &[(&str, &str, &[&str])] = &[
    (
        "people",
        "members",
        &[
            "search",
            "identity",
            "handshake",
            "rounds",
            "comments",
            "technologies",
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "initiatives",
            "goals",
            "reminders",
            "reviews",
            "letters",
            "sources",
        ],
    ),
    (
        "standing_in",
        "members",
        &[
            "access",
            "milestones",
            "kpis",
            "decisions",
            "initiatives",
            "technologies",
        ],
    ),
    ("technology_facts", "technologies", &["search", "sources"]),
    ("source_facts", "sources", &["search", "access"]),
    ("use_facts", "sources", &["access"]),
    ("decision_sources", "sources", &["decisions", "definition"]),
    ("source_holders", "sources", &["access"]),
    ("source_accesses", "access", &["sources"]),
    ("carried_on", "access", &[]),
    ("carried_on_accesses", "access", &[]),
    ("deputies", "members", &["identity", "reminders", "letters"]),
    ("caps_exceeded", "capacity", &[]),
    (
        "condition_checkpoints",
        "decisions",
        &["milestones", "initiatives"],
    ),
    ("corrective_actions", "kpis", &["milestones"]),
    ("check_in_actions", "initiatives", &["milestones"]),
    ("review_checkpoints", "reviews", &["milestones"]),
    ("standing_checkpoints", "milestones", &["reviews"]),
    ("initiatives_over_cap", "capacity", &["initiatives"]),
    (
        "workspace_settings",
        "members",
        &["identity", "accounts", "decisions", "reminders", "letters"],
    ),
    ("discreet_readers", "letters", &["identity"]),
    ("password_changes", "accounts", &["letters"]),
    ("chain_heads", "platform", &["identity", "reviews"]),
    (
        "workspace_events",
        "platform",
        &["access", "definition", "history", "kpis", "members"],
    ),
    (
        "tabled_handshakes",
        "handshake",
        &[
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "reviews",
            "sources",
        ],
    ),
    (
        "offered_handshakes",
        "handshake",
        &["decisions", "kpis", "milestones"],
    ),
    ("sealed_texts", "handshake", &["sources", "kpis"]),
    (
        "filled_seats",
        "handshake",
        &[
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "reviews",
            "sources",
        ],
    ),
    ("access_facts", "access", &["search", "milestones", "definition"]),
    (
        "milestone_facts",
        "milestones",
        &["search", "access", "kpis", "decisions", "initiatives", "reviews"],
    ),
    (
        "checkpoint_facts",
        "milestones",
        &["search", "kpis", "decisions", "initiatives", "reviews"],
    ),
    ("milestone_slips", "milestones", &["initiatives"]),
    ("access_waits", "milestones", &["access"]),
    (
        "kpi_facts",
        "kpis",
        &[
            "search",
            "definition",
            "decisions",
            "initiatives",
            "goals",
            "demo",
        ],
    ),
    ("kpi_current_values", "kpis", &["decisions", "goals", "demo"]),
    ("kpi_value_history", "kpis", &["decisions"]),
    (
        "clause_facts",
        "definition",
        &["search", "kpis", "decisions", "initiatives", "sources", "goals"],
    ),
    ("touchpoint_clause_links", "sources", &["definition"]),
    ("clause_kpi_links", "definition", &["kpis", "goals"]),
    (
        "decision_facts",
        "decisions",
        &["search", "technologies", "milestones", "definition"],
    ),
    ("decision_clause_links", "decisions", &["definition"]),
    ("decision_waits", "decisions", &["milestones"]),
    (
        "initiative_facts",
        "initiatives",
        &[
            "search",
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "capacity",
            "goals",
        ],
    ),
    ("initiative_teams", "initiatives", &["milestones"]),
    ("initiative_clause_links", "initiatives", &["definition"]),
    ("initiative_kpi_links", "initiatives", &["kpis"]),
    (
        "goal_facts",
        "goals",
        &["search", "access", "kpis", "initiatives", "definition"],
    ),
    ("goal_measure_links", "goals", &["kpis", "definition"]),
    ("goal_initiative_links", "goals", &["initiatives"]),
    ("map_pairs", "sources", &[]),
    ("touchpoint_facts", "sources", &["search"]),
    ("review_facts", "reviews", &["search"]),
];

/// A table that a statement names, and whether it is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mention {
    table: String,
    is_written: bool,
}

/// The tables and views that a statement names, without those that it defines itself.
fn mentions(sql: &str) -> BTreeSet<Mention> {
    let spaced: String = sql
        .chars()
        .flat_map(|c| {
            if matches!(c, '(' | ')' | ',') {
                vec![' ', c, ' ']
            } else {
                vec![c]
            }
        })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_name = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let mut defined = BTreeSet::new();
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let next = |by: usize| words.get(at + by).copied().unwrap_or_default();
        match *word {
            "with" | "," if next(2) == "as" && matches!(next(3), "(" | "materialized") => {
                defined.insert(next(1));
            }
            // `from a x, b y`
            "," if at > 2 && matches!(words[at - 3], "from") && is_name(next(1)) => {
                found.insert(Mention {
                    table: next(1).to_owned(),
                    is_written: false,
                });
            }
            "from" | "join" | "into" | "update"
                if is_name(next(1)) && !matches!(next(1), "set" | "select") =>
            {
                let is_deleted = *word == "from" && at > 0 && words[at - 1] == "delete";
                let is_written = is_deleted || matches!(*word, "into" | "update");
                // `is distinct from x` and `do update set` name no table.
                if !(at > 0 && matches!(words[at - 1], "distinct" | "do")) {
                    found.insert(Mention {
                        table: next(1).to_owned(),
                        is_written,
                    });
                }
            }
            _ => {}
        }
    }
    found.retain(|mention| !defined.contains(mention.table.as_str()));
    found
}

/// Whose tables and views a statement names.
pub(super) fn owners_named(sql: &str) -> BTreeSet<&'static str> {
    mentions(sql)
        .iter()
        .filter_map(|mention| {
            let tables = TABLES
                .iter()
                .find(|(_, tables)| tables.contains(&mention.table.as_str()))
                .map(|(owner, _)| *owner);
            let views = VIEWS
                .iter()
                .find(|(view, ..)| *view == mention.table)
                .map(|(_, owner, _)| *owner);
            tables.or(views)
        })
        .collect()
}

#[test]
fn tables_are_found_in_a_statement() {
    let names = |sql: &str| {
        mentions(sql)
            .into_iter()
            .map(|m| (m.table, m.is_written))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(
            "with own as (select * from a where x in (select y from b)) select 1 from own join c on c.id =
             own.id"
        ),
        [
            ("a".to_owned(), false),
            ("b".to_owned(), false),
            ("c".to_owned(), false)
        ]
    );
    assert_eq!(
        names("insert into a (x) select x from b on conflict (x) do update set x = excluded.x"),
        [("a".to_owned(), true), ("b".to_owned(), false)]
    );
    assert_eq!(
        names("delete from a where b is distinct from c"),
        [("a".to_owned(), true)]
    );
}

#[test]
fn tables_are_their_owners_alone() {
    let owners: BTreeMap<&str, &str> = TABLES
        .iter()
        .flat_map(|(owner, tables)| tables.iter().map(|table| (*table, *owner)))
        .collect();
    let views: BTreeMap<&str, (&str, &[&str])> = VIEWS
        .iter()
        .map(|(view, owner, readers)| (*view, (*owner, *readers)))
        .collect();
    let (mut wrong, mut used) = (BTreeSet::new(), BTreeSet::new());
    for statement in inventory::iter::<SqlStatement>() {
        let Some(room) = folder_of(statement.module) else {
            continue;
        };
        for mention in mentions(statement.text) {
            let table = mention.table.as_str();
            let place = || format!("{}:{} ({room})", statement.file, statement.line);
            if let Some((owner, readers)) = views.get(table) {
                used.insert((table.to_owned(), room.to_owned()));
                if *owner != room && !readers.contains(&room) {
                    wrong.insert(format!("{} reads {table} without being declared", place()));
                }
            } else {
                match owners.get(table) {
                    Some(owner) if *owner == room => {}
                    Some(owner) if mention.is_written => {
                        wrong.insert(format!("{} writes {table} of {owner}", place()));
                    }
                    Some(owner) => {
                        wrong.insert(format!("{} reads {table} of {owner}", place()));
                    }
                    None => {
                        wrong.insert(format!("{} names {table}, which nobody owns", place()));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} statements:\n{}",
        wrong.len(),
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
    for (view, owner, readers) in VIEWS {
        for reader in readers.iter().filter(|reader| *reader != owner) {
            let is_used = used.contains(&((*view).to_owned(), (*reader).to_owned()));
            assert!(
                is_used,
                "{reader} does not read {view} any more; take it from the list"
            );
        }
    }
}
