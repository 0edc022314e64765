//! What the islands of this room call.

use leptos::prelude::*;

use crate::platform::error::Error;

/// Enters a period's value in place.
#[server(EnterValue, prefix = "/api", endpoint = "enter-value")]
pub async fn enter_value(workspace: String, kpi: i64, period: String, value: String) -> Result<(), Error> {
    crate::identity::viewer::answer(workspace, async move |viewer| {
        let period = period.parse().map_err(|_| Error::NotFound)?;
        let value =
            crate::platform::notation::read_alone(&value).map_err(|why| Error::invalid("value", why))?;
        super::write::enter(&viewer, kpi, period, value, None).await
    })
    .await
}

/// Attests a period in place, when it is not off track: that takes the whole form.
#[server(Attest, prefix = "/api", endpoint = "attest")]
pub async fn attest(
    workspace: String,
    kpi: i64,
    period: String,
    digest: String,
    status: String,
) -> Result<(), Error> {
    crate::identity::viewer::answer(workspace, async move |viewer| {
        let period = period.parse().map_err(|_| Error::NotFound)?;
        let status = status.parse().map_err(|_| Error::NotFound)?;
        let judgement = super::write::Judgement {
            status,
            confidence: None,
            insight: None,
            action: None,
        };
        super::write::attest(&viewer, kpi, period, &digest, judgement)
            .await
            .map(|_| ())
    })
    .await
}
