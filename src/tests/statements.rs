//! Every statement of the product, which `sql!` registers where it stands: prepared on both engines, and held
//! to whose tables it names.

use crate::{
    platform::db::{Engine, Sql, SqlStatement, UNRECORDED},
    tests::fresh_database,
};

fn statements() -> impl Iterator<Item = &'static SqlStatement> {
    inventory::iter::<SqlStatement>()
}

/// What an engine refuses, with where it stands.
async fn refusals(engine: Engine) -> Vec<String> {
    let (_, db) = fresh_database(engine).await;
    let mut refused = Vec::new();
    for statement in statements() {
        if let Err(error) = db.prepare(Sql::from_macro(statement.text)).await {
            refused.push(format!("{}:{}: {error}", statement.file, statement.line));
        }
    }
    refused
}

#[tokio::test]
async fn every_statement_is_prepared_on_sqlite() {
    assert_eq!(refusals(Engine::Sqlite).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_statement_is_prepared_on_postgres() {
    assert_eq!(refusals(Engine::Postgres).await, Vec::<String>::new());
}

/// Which rows a statement writes is asked of the engine by the table that stands first in it: a statement
/// that writes in another form would write rows that no event records.
#[tokio::test]
async fn every_statement_that_writes_says_first_which_table() {
    let (_, db) = fresh_database(Engine::Sqlite).await;
    let mut unseen = Vec::new();
    for statement in statements() {
        let words: Vec<&str> = statement
            .text
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .collect();
        let writes = words.windows(3).any(|three| {
            matches!(
                three,
                ["insert" | "delete", "into" | "from", _] | ["update", _, "set"]
            )
        });
        let is_known = db
            .recorded_tables()
            .written_by(Sql::from_macro(statement.text))
            .is_some();
        let is_left_out = match words.as_slice() {
            ["insert" | "delete", "into" | "from", table, ..] | ["update", table, ..] => {
                UNRECORDED.contains(table)
            }
            _ => false,
        };
        // Only the lock of a chain answers with what it wrote; another one's rows would be read and not
        // recorded.
        let answers = words.contains(&"returning") && !words.starts_with(&["update", "chains"]);
        if writes && !(is_known || is_left_out) || answers {
            unseen.push(format!(
                "{}:{}: {}",
                statement.file, statement.line, statement.text
            ));
        }
    }
    assert_eq!(unseen, Vec::<String>::new());
}
