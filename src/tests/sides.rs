//! Two signatures are two people of two sides, whatever one side does with its invitations, moves and
//! hand-overs.

use std::collections::BTreeSet;

use super::{TestApp, User};
use crate::{
    args,
    handovers::write::{Successors, change_part, disable},
    identity::{Part, Role, Side, Viewer},
    members::write,
    platform::{ids::MemberId, time::Day},
    sql, story,
};

/// Who may come to sign for Technology, or to say who does.
async fn technology(t: &TestApp) -> BTreeSet<(String, String, bool, bool)> {
    let rows: Vec<(String, String, bool, bool)> = t
        .state
        .db()
        .fetch_all(
            sql!(
                "select p.email, p.role, p.is_admin, p.disabled_at is not null
                 from people p join workspaces w on w.id = p.workspace_id
                 where w.slug = 'northwind' and (p.side = 'technology' or p.side is null)
                   and (p.role <> 'observer' or p.is_admin)"
            ),
            Vec::new(),
        )
        .await
        .expect("read");
    rows.into_iter().collect()
}

/// Everybody who acts for Marketing, as the database says now.
async fn marketing(t: &TestApp) -> Vec<Viewer> {
    let rows: Vec<(crate::platform::ids::AccountId,)> = t
        .state
        .db()
        .fetch_all(
            sql!(
                "select p.account_id from people p join workspaces w on w.id = p.workspace_id
                 where w.slug = 'northwind' and p.disabled_at is null
                   and (p.side = 'marketing' or (p.side is null and not p.is_admin)) order by p.id"
            ),
            Vec::new(),
        )
        .await
        .expect("read");
    let mut viewers = Vec::new();
    for (account,) in rows {
        let viewer = Viewer::enter(&t.state, account, "northwind", String::new()).await;
        viewers.push(viewer.expect("they are let in"));
    }
    viewers
}

async fn everybody(t: &TestApp) -> Vec<MemberId> {
    let rows: Vec<(MemberId,)> = t
        .state
        .db()
        .fetch_all(
            sql!(
                "select p.id from people p join workspaces w on w.id = p.workspace_id
                 where w.slug = 'northwind' order by p.id"
            ),
            Vec::new(),
        )
        .await
        .expect("read");
    rows.into_iter().map(|(id,)| id).collect()
}

fn parts() -> Vec<Part> {
    let mut parts = Vec::new();
    for side in [None, Some(Side::Marketing), Some(Side::Technology)] {
        for role in Role::ALL {
            for is_admin in [false, true] {
                if side.is_some() || *role == Role::Observer {
                    parts.push(Part {
                        side,
                        role: *role,
                        is_admin,
                    });
                }
            }
        }
    }
    parts
}

story!(
    no_sequence_of_acts_of_one_side_changes_who_signs_for_the_other,
    |t| {
        // Marketing has two administrators, and everything that can be tried is, in an order that a seed
        // gives.
        let lena: MemberId = t.member("lena").await.parse().expect("an id");
        let manager = Part {
            side: Some(Side::Marketing),
            role: Role::Manager,
            is_admin: true,
        };
        change_part(
            &t.viewer("dana").await,
            lena,
            manager,
            None,
            &Successors::default(),
        )
        .await
        .expect("Marketing sees to its own");
        let before = technology(&t).await;
        assert_eq!(before.len(), 4, "Technology's three, and who administers both");
        let (parts, mut seed, mut invited) = (parts(), 0x9e37_79b9_7f4a_7c15_u64, 0_u32);
        let mut next = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % below as u64).expect("small")
        };
        let mut taken = 0;
        for step in 0..400 {
            let (actors, members) = (marketing(&t).await, everybody(&t).await);
            let actor = &actors[next(actors.len())];
            let (member, part) = (members[next(members.len())], parts[next(parts.len())]);
            let successors = Successors {
                everything: Some(members[next(members.len())]),
                ..Successors::default()
            };
            let outcome = match next(7) {
                0 | 1 => change_part(actor, member, part, None, &successors).await,
                2 => write::hand_over(actor, Side::Technology, member).await,
                3 if next(2) == 0 => write::enable(actor, member).await,
                3 => disable(actor, member, &successors).await,
                4 => {
                    let until = Day(t.viewer("adm").await.today().0).plus(5);
                    write::delegate(actor, member, until.plus(-5), until).await
                }
                5 => write::hand_over(actor, Side::Marketing, member).await,
                _ => {
                    invited += 1;
                    let email = format!("second{invited}@northwind.test");
                    match write::invite(actor, &email, part).await {
                        Ok(Some(link)) if invited < 12 => {
                            join(&t, &link).await;
                            Ok(())
                        }
                        Ok(_) => Ok(()),
                        Err(error) => Err(error),
                    }
                }
            };
            taken += u32::from(outcome.is_ok());
            assert_eq!(technology(&t).await, before, "after step {step}: {part:?}");
        }
        assert!(taken > 20, "most is refused, not everything: {taken} were taken");
        t.verify().await;
    }
);

async fn join(t: &TestApp, link: &str) {
    let path = link.split_once("/invitations/").expect("a link").1;
    let nobody = User {
        router: t.router.clone(),
        cookie: None,
        slug: "northwind".to_owned(),
    };
    let fields = [("name", "A second self"), ("password", super::PASSWORD)];
    nobody.post(&format!("/invitations/{path}"), &fields).await;
}

story!(
    a_side_sees_to_its_own_people_and_says_whose_business_the_others_are,
    |t| {
        let (dana, kofi, adm) = (
            t.sign_in("dana").await,
            t.sign_in("kofi").await,
            t.sign_in("adm").await,
        );
        let invite = |email: &'static str, side: &'static str, role: &'static str| {
            [("email", email), ("side", side), ("role", role)]
        };
        dana.post(
            "members/invite",
            &invite("a@northwind.test", "technology", "manager"),
        )
        .await
        .must_be(422)
        .must_say("Only the lead of Technology, an administrator of Technology");
        dana.post(
            "members/invite",
            &invite("a@northwind.test", "marketing", "manager"),
        )
        .await
        .must_be(200);
        // Kofi administers nothing, and leads Technology.
        kofi.post(
            "members/invite",
            &invite("b@northwind.test", "technology", "manager"),
        )
        .await
        .must_be(200);
        kofi.post(
            "members/invite",
            &invite("c@northwind.test", "marketing", "manager"),
        )
        .await
        .must_be(422);
        adm.post(
            "members/invite",
            &invite("c@northwind.test", "technology", "manager"),
        )
        .await
        .must_be(200);
        let (priya, kofi_id) = (t.member("priya").await, t.member("kofi").await);
        dana.post(&format!("members/{priya}/disable"), &[])
            .await
            .must_be(422);
        dana.post(&format!("members/{kofi_id}/hand-over"), &[("to", &priya)])
            .await
            .must_be(403);
        kofi.takes(&format!("members/{kofi_id}/hand-over"), &[("to", &priya)])
            .await;
        let lists = adm.page("members").await;
        lists.must_say("invited by kofi").must_say("invited by adm");
    }
);

story!(
    a_lead_who_came_by_the_other_side_is_shown_as_that_beside_what_they_sign,
    |t| {
        // A workspace whose founder leads Marketing, and invites the first lead of Technology.
        let founder = write::Founder {
            account: t.viewer("dana").await.account_id(),
            name: "dana".to_owned(),
            side: Some(Side::Marketing),
            role: Role::Lead,
        };
        let (slug, _) = write::create_workspace(&t.state, "Second", "UTC", &[founder])
            .await
            .expect("founded");
        let dana = Viewer::enter(
            &t.state,
            t.viewer("dana").await.account_id(),
            &slug,
            String::new(),
        )
        .await
        .expect("in");
        let lead = Part {
            side: Some(Side::Technology),
            role: Role::Lead,
            is_admin: false,
        };
        let link = write::invite(&dana, "cio@second.test", lead)
            .await
            .expect("the first lead");
        let another = write::invite(&dana, "other@second.test", lead).await;
        assert!(another.is_err(), "one lead is invited to a side at a time");
        join(&t, &link.expect("shown: no mail goes out")).await;
        let manager = Part {
            role: Role::Manager,
            ..lead
        };
        assert!(write::invite(&dana, "more@second.test", manager).await.is_err());
        let inviters: Vec<(String, String)> = t
            .state
            .db()
            .fetch_all(
                sql!(
                    "select name, side from inviters where member_id in (select id from members where \
                invited_by = $1)"
                ),
                args![dana.member_id()],
            )
            .await
            .expect("read");
        assert_eq!(inviters, [("dana".to_owned(), "marketing".to_owned())]);
    }
);

story!(
    who_rules_between_the_sides_is_not_taken_away_by_one_of_them,
    |t| {
        let (dana, kofi, adm) = (
            t.sign_in("dana").await,
            t.sign_in("kofi").await,
            t.sign_in("adm").await,
        );
        let olu = t.member("olu").await;
        adm.takes("members/arbiter", &[("arbiter", &olu)]).await;
        let contributor = [("side", "marketing"), ("role", "contributor")];
        for lead in [&dana, &kofi] {
            lead.post(&format!("members/{olu}/disable"), &[])
                .await
                .must_be(422);
            lead.post(&format!("members/{olu}/edit"), &contributor)
                .await
                .must_be(422)
                .must_say("Only an administrator of neither side can change the arbiter’s role.");
        }
        adm.takes(&format!("members/{olu}/edit"), &contributor).await;
    }
);

story!(nobody_gives_themselves_a_seat, |t| {
    let adm = t.sign_in("adm").await;
    let edit = format!("members/{}/edit", t.member("adm").await);
    let seen = adm.page(&edit).await.value("seen");
    let seated = [
        ("side", "marketing"),
        ("role", "manager"),
        ("is_admin", "on"),
        ("seen", seen.as_str()),
    ];
    adm.post(&edit, &seated)
        .await
        .must_be(422)
        .must_say("You cannot give yourself a role that signs.");
    t.verify().await;
});
