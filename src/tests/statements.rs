//! Every statement of the product, which `sql!` registers where it stands: prepared on both engines, and held
//! to whose tables it names.

use crate::{
    platform::db::{Engine, Sql, SqlStatement},
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
