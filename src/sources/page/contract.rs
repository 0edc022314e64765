//! `/sources/{number}/contract`: the source as an open data contract, a file.

use std::collections::HashMap;

use axum::{extract::Path, response::Response};

use crate::{
    identity::Viewer,
    members,
    platform::{
        error::{Error, Result},
        http::attachment,
    },
    sources::{
        odcs::ContractParts,
        read::{self, Levels, Map},
    },
};

pub async fn contract(viewer: Viewer, Path((_, number)): Path<(String, i64)>) -> Result<Response> {
    let source = read::source(&viewer, number).await?;
    let map = Map::read(&viewer).await?;
    let levels = Levels::read(&viewer, &map).await?;
    let ever = read::seats_ever(&viewer, source.id).await?;
    let uses = read::uses_of(&viewer, source.id).await?;
    let agreed = read::agreed(&viewer, source.id).await?.map(|(text, _)| text);
    let emails: HashMap<_, _> = members::read::all(&viewer)
        .await?
        .into_iter()
        .map(|member| (member.id, member.email))
        .collect();
    let sheet = ContractParts {
        source: &source,
        agreed: agreed.as_ref(),
        uses: &uses,
        ever: &ever,
        levels: levels.of(source.id),
        map: &map,
        emails: &emails,
    };
    // JSON is YAML, in which the standard's files are written.
    let body = serde_json::to_string_pretty(&sheet.contract(&viewer)).map_err(|_| Error::Internal)?;
    Ok(attachment(
        body,
        "application/yaml",
        &format!("source-{number}.odcs.yaml"),
    ))
}
