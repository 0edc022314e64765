//! Approving a request.

use leptos::prelude::*;

use super::{COVERS, ROOM, record::record};
use crate::{
    access::{
        read::{self},
        text::AccessText,
        write,
    },
    handshake::{
        Kind,
        components::{DigestLine, SignForm},
        page::{SigningPage, TablePage},
        read::current,
        text::SignedText as _,
    },
    identity::{Action, Page, Viewer},
    platform::{
        error::{Error, Result},
        form::Form,
    },
    ui::Crumb,
};

impl TablePage for write::RequestOnTable {
    type Address = (String, i64);

    fn key((_, number): (String, i64)) -> Result<i64> {
        Ok(number)
    }

    fn path(number: i64) -> String {
        format!("access/{number}")
    }
}

impl SigningPage for write::RequestOnTable {
    async fn sign_page(viewer: &Viewer, number: i64, form: Form) -> Result<Page> {
        let it = read::request(viewer, number).await?;
        if !viewer.may(Action::SpeakForSide) {
            return Err(Error::Forbidden);
        }
        let (standing, content) = current(viewer, Kind::Access, it.id.uuid())
            .await?
            .ok_or(Error::Conflict)?;
        let text = AccessText::read(&content)?;
        let side = standing.side_of_signer(viewer, form.is_typed())?;
        let form = form.over(Form::blank(), &[]);
        let cancel = viewer.path(&it.path());
        Ok(Page::new(
            viewer,
            ROOM,
            format!("Approve {}", it.title),
            move |viewer| {
                view! {
                    <Crumb href=cancel.clone() text=it.title.clone() />
                    <h1>{format!("Approve for {}", side.name())}</h1>
                    <p>
                        {if text.terms.is_some() {
                            "This is what you approve, in full. After approval the sources’ custodians still \
                            have to open the access."
                        } else if side != it.asking_side {
                            "This is what you approve, in full. After approval your side still has to open the \
                            access."
                        } else {
                            "This is what you approve, in full. After approval the other side still has to open \
                            the access."
                        }}
                    </p>
                    {record(&viewer, &it, text)}
                    <DigestLine
                        digest=standing.digest.clone()
                        covers=COVERS
                    />
                    <SignForm
                        form=form
                        standing=standing
                        side=side
                        what="this request"
                        cancel=cancel
                        conditions=false
                    />
                }
            },
        ))
    }
}
