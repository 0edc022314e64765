//! What a company calls the stages.

use crate::{
    args,
    identity::{Action, Viewer},
    platform::{
        audit::Event,
        error::{Error, Result},
    },
    sources::{Stage, read},
    sql,
};

/// In the order of the way; an empty one is called as usual.
///
/// # Errors
/// `Conflict` when they were changed since they were read.
pub async fn name_stages(viewer: &Viewer, version: i64, names: &[String; 6]) -> Result<()> {
    let before = read::stage_names(viewer).await?;
    let mut tx = viewer.begin().await?;
    let permit = tx.permit(Action::ChangeTouchpoint)?;
    let known: Option<(i64,)> = tx
        .fetch_optional(
            sql!("select version from stage_names where workspace_id = $1"),
            Vec::new(),
        )
        .await?;
    if known.map_or(0, |(known,)| known) != version {
        return Err(Error::Conflict);
    }
    let [notice, choose, buy, receive, get_help, come_back] = names;
    tx.execute(
        sql!(
            "insert into stage_names (workspace_id, notice, choose, buy, receive, get_help, come_back,
             version)
             values ($1, $2, $3, $4, $5, $6, $7, 1)
             on conflict (workspace_id) do update set notice = excluded.notice, choose = excluded.choose,
             buy = excluded.buy, receive = excluded.receive, get_help = excluded.get_help,
             come_back = excluded.come_back, version = stage_names.version + 1"
        ),
        args![
            notice.as_str(),
            choose.as_str(),
            buy.as_str(),
            receive.as_str(),
            get_help.as_str(),
            come_back.as_str()
        ],
    )
    .await?;
    let changes: Vec<(&str, &str, &str)> = Stage::ALL
        .iter()
        .zip(names)
        .map(|(stage, name)| {
            let name = if name.is_empty() {
                stage.name()
            } else {
                name.as_str()
            };
            (stage.name(), before.of(*stage), name)
        })
        .collect();
    let event = Event::new("changed", "touchpoint", None, "the names of the stages")
        .at("sources/stages")
        .with_changes(&changes);
    tx.commit(permit, event).await
}
