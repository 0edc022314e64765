//! Touchpoints, sources, uses and the map as tables: out, and in again.

use super::{
    Answer, TestApp, User,
    world::{World, agreed_source},
};
use crate::{platform::sheet, sql, story};

/// A table as it is taken out.
async fn file(who: &User, name: &str) -> Answer {
    let answer = who.get(&format!("sources/files/{name}")).await;
    answer.must_be(200);
    answer
}

async fn preview(who: &User, table: &str, content: &[u8]) -> Answer {
    who.upload(&format!("sources/tables/{table}/preview"), "table", content)
        .await
}

/// Looks at a table, and enters it.
async fn enter(who: &User, table: &str, content: &[u8]) {
    let looked = preview(who, table, content).await;
    looked.must_be(200);
    let digest = looked.value("digest");
    who.takes(&format!("sources/tables/{table}/confirm"), &[("digest", &digest)])
        .await;
}

/// Everything that the four tables may change.
async fn state(t: &TestApp) -> i64 {
    t.count(sql!("select count(*) from audit_events")).await
}

story!(a_table_that_was_taken_out_changes_nothing_when_it_comes_in, |t| {
    let world = World::with(&t, "Something of ours").await;
    let id = world.dana.page("sources/touchpoints/new").await.value("id");
    let named = [
        ("id", id.as_str()),
        ("name", "=1+1, “ours”; theirs"),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", ""),
        ("about", "One line; and; more.\n\nAnd another."),
        ("known_by", "-"),
    ];
    world.dana.takes("sources/touchpoints/new", &named).await;
    let id = world.dana.page("sources/touchpoints/new").await.value("id");
    let quoted = [
        ("id", id.as_str()),
        ("name", "'=not a formula"),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", ""),
        ("about", "Two; here; too."),
    ];
    world.dana.takes("sources/touchpoints/new", &quoted).await;
    let form = world.dana.page("sources/touchpoints/1/edit").await;
    let clauses: Vec<&str> = form
        .body
        .split("name=\"clauses\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let version = form.value("version");
    let mut kept = vec![
        ("version", version.as_str()),
        ("name", "The till"),
        ("stage", "buy"),
        ("channel", "store"),
        ("answers", ""),
    ];
    kept.extend(clauses.iter().map(|clause| ("clauses", *clause)));
    world.dana.takes("sources/touchpoints/1/edit", &kept).await;
    // In another order, or twice, they are the same clauses.
    let titles: Vec<(String,)> = t
        .viewer("dana")
        .await
        .fetch_all(
            sql!("select title from clause_facts where workspace_id = $1 and archived_at is null"),
            Vec::new(),
        )
        .await
        .expect("titles");
    let doubled: Vec<&str> = titles
        .iter()
        .rev()
        .chain(&titles)
        .map(|(title,)| title.as_str())
        .collect();
    let table = format!("touchpoint,clause\nThe till,{}\n", doubled.join(" | "));
    preview(&world.dana, "touchpoints", table.as_bytes())
        .await
        .must_say("The table changes nothing");
    let before = state(&t).await;
    for who in [&world.dana, &world.kofi] {
        for table in ["touchpoints", "sources", "uses", "map"] {
            for ending in ["csv", "xlsx"] {
                let taken = file(who, &format!("{table}.{ending}")).await;
                preview(who, table, &taken.bytes)
                    .await
                    .must_be(200)
                    .must_say("The table changes nothing: everything is there as it says.");
            }
        }
    }
    assert_eq!(state(&t).await, before);
    // No cell is a formula in the file.
    let csv = file(&world.dana, "touchpoints.csv").await;
    assert!(csv.body.contains("'=1+1"), "{}", csv.body);
    t.verify().await;
});

story!(a_table_is_entered_whole_or_not_at_all, |t| {
    let dana = t.sign_in("dana").await;
    let heads = "touchpoint;stage;channel;answers;contacts a month;counted on;known by\n";
    // A heading that nobody knows, one that is there twice, and one that is missing refuse the whole.
    for (table, why) in [
        (
            "touchpoint;colour\nTill;red\n",
            "“colour” is no heading of this table.",
        ),
        (
            "touchpoint;stage;stage\nTill;buy;buy\n",
            "The heading “stage” is there twice.",
        ),
        (
            "stage;channel\nbuy;store\n",
            "The column “touchpoint” is missing.",
        ),
    ] {
        preview(&dana, "touchpoints", table.as_bytes())
            .await
            .must_be(422)
            .must_say(why);
    }
    let wrong = format!(
        "{heads}Till;Buy;store;lena@northwind.test;185000;2026-11-01;loyalty number\n\
         Phone;somewhere;phone;;;;\n\
         Chat;Get help;chat;nobody@northwind.test;;;\n\
         till;Buy;store;;;;\n\
         Parcel;Receive;partner;;many;2026-11-01;\n"
    );
    preview(&dana, "touchpoints", wrong.as_bytes())
        .await
        .must_be(422)
        .must_say("4 cells have problems.")
        .must_say("Row 3, stage")
        .must_say("Write one of: Notice, Choose, Buy, Receive, Get help, Come back.")
        .must_say("Row 4, answers")
        .must_say("Nobody at work here has the address nobody@northwind.test.")
        .must_say("Row 2 is about the same.")
        .must_say("Row 6, contacts a month");
    assert_eq!(t.count(sql!("select count(*) from touchpoints")).await, 0);
    let right = format!(
        "{heads}Till;Buy;store;lena@northwind.test;185000;2026-11-01;loyalty number\n\
         Phone;awareness;phone;;;;\n"
    );
    let looked = preview(&dana, "touchpoints", right.as_bytes()).await;
    looked
        .must_be(200)
        .must_say("2 would be new, 0 changed, 0 left as they are.")
        .must_say("stage: nothing → Buy");
    assert_eq!(
        t.count(sql!("select count(*) from touchpoints")).await,
        0,
        "only looked at"
    );
    enter(&dana, "touchpoints", right.as_bytes()).await;
    dana.page("sources/touchpoints/1")
        .await
        .must_say("lena")
        .must_say("185,000");
    // Entered twice it is entered once; an empty cell leaves what is there, a stroke empties it.
    preview(&dana, "touchpoints", right.as_bytes())
        .await
        .must_say("The table changes nothing");
    let changed = "touchpoint,answers,known by\nTILL,,-\nPhone,lena@northwind.test,\n";
    preview(&dana, "touchpoints", changed.as_bytes())
        .await
        .must_say("0 would be new, 2 changed, 0 left as they are.")
        .must_say("known by: loyalty number → nothing")
        .must_say("answers: nothing → lena@northwind.test");
    enter(&dana, "touchpoints", changed.as_bytes()).await;
    dana.page("sources/touchpoints/1")
        .await
        .must_say("lena")
        .must_not_say("loyalty number");
    // What is confirmed is what was looked at.
    let looked = preview(&dana, "touchpoints", b"touchpoint,about\nPhone,By night\n").await;
    let digest = looked.value("digest");
    preview(&dana, "touchpoints", b"touchpoint,about\nPhone,By day\n").await;
    dana.post("sources/tables/touchpoints/confirm", &[("digest", &digest)])
        .await
        .must_be(409);
    // What the forms refuse is said before anything is entered, such as a side. The name of what is retired
    // is free.
    preview(
        &dana,
        "touchpoints",
        b"touchpoint,answers\nPhone,kofi@northwind.test\n",
    )
    .await
    .must_be(422)
    .must_say("Row 2, answers")
    .must_say("kofi does not work in Marketing.");
    dana.takes("sources/touchpoints/2/retire", &[("because", "Closed.")])
        .await;
    preview(
        &dana,
        "touchpoints",
        b"touchpoint,stage,channel\nphone,Buy,Phone\n",
    )
    .await
    .must_be(200)
    .must_say("1 would be new");
    // Technology suggests, and changes nothing.
    let kofi = t.sign_in("kofi").await;
    preview(&kofi, "touchpoints", b"touchpoint,about\nTill,By day\n")
        .await
        .must_be(422)
        .must_say("Only Marketing changes a touchpoint.");
    t.verify().await;
});

story!(a_table_signs_nothing_and_lowers_nothing_that_was_signed, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let (place, ..) = agreed_source((&dana, &kofi), "Till", (&dana_id, &kofi_id), "confidential").await;
    for (table, why) in [
        (
            "source,sensitivity\nTill,Internal\n",
            "A table lowers no sensitivity that both holders signed.",
        ),
        (
            "source,profile\nTill,yes\n",
            "Both leads name the profile, by their signatures.",
        ),
        ("source,owner\nTill,-\n", "A chair is left on the source’s page."),
        (
            "source,owner\nTill,kofi@northwind.test\n",
            "kofi does not work in Marketing. Choose somebody of Marketing.",
        ),
        (
            "source,custodian\nTill,jonas@northwind.test\n",
            "Only who sits there, or that side’s lead, gives this chair.",
        ),
    ] {
        let looked = preview(&dana, "sources", table.as_bytes()).await;
        if looked.status == 200 {
            let digest = looked.value("digest");
            dana.post("sources/tables/sources/confirm", &[("digest", &digest)])
                .await
                .must_be(422)
                .must_say(why);
        } else {
            looked.must_be(422).must_say(why);
        }
    }
    let raised = "source,sensitivity,owner deputy,holds\n\
                  Till,Restricted,lena@northwind.test,\n\
                  App,Internal,,What people do in the app.\n";
    enter(&dana, "sources", raised.as_bytes()).await;
    dana.page(&place)
        .await
        .must_say("Agreed; changed since")
        .must_say("Owner’s deputy: lena");
    let seats = t
        .count(sql!("select count(*) from signatures where withdrawn_at is null"))
        .await;
    assert_eq!(seats, 2, "nobody signed anything by a table");
    // A use as the record has it, with a length after something that happens.
    let uses = "source,use,purpose,in words,basis,rests on,until,length,then\n\
                App,Mending,Improve the service,See where people stop.,Consent (a),the first screen,it was collected,14,deleted\n";
    enter(&dana, "uses", uses.as_bytes()).await;
    dana.page("sources/record")
        .await
        .must_say("14 months after it was collected");
    let shapeless = "source,use,length\nApp,Mending,as long as necessary\n";
    preview(&dana, "uses", shapeless.as_bytes())
        .await
        .must_be(422)
        .must_say("Row 2, length");
    // Words are of the own side alone.
    enter(
        &dana,
        "touchpoints",
        b"touchpoint,stage,channel\nTill,Buy,Store\n",
    )
    .await;
    enter(&dana, "map", b"touchpoint,source,word\nTill,Till,Joined\n").await;
    let own = file(&dana, "map.csv").await;
    assert!(own.body.contains("Till,Till,Joined"), "{}", own.body);
    let other = file(&kofi, "map.csv").await;
    assert!(!other.body.contains("Joined"), "{}", other.body);
    t.sign_in("olu")
        .await
        .get("sources/files/map.csv")
        .await
        .must_be(403);
    t.sign_in("jonas")
        .await
        .upload(
            "sources/tables/map/preview",
            "table",
            b"touchpoint,source,word\nTill,Till,Nothing\n",
        )
        .await
        .must_be(422)
        .must_say("This word is not yours to say.");
    t.verify().await;
});

#[test]
fn a_workbook_that_is_written_is_read_as_it_was() {
    let rows = vec![
        vec!["touchpoint".to_owned(), "about".to_owned()],
        vec!["=SUM(A1)".to_owned(), "two\nlines".to_owned()],
    ];
    let bytes = sheet::workbook_file("Touchpoints", &rows).expect("a workbook");
    let read = sheet::read(&bytes, sheet::Cells::Long).expect("read");
    let cells: Vec<Vec<String>> = read
        .rows
        .into_iter()
        .map(|(_, cells)| cells.into_iter().map(|cell| cell.text).collect())
        .collect();
    assert_eq!(cells[0], rows[0]);
    assert_eq!(cells[1], ["'=SUM(A1)", "two\nlines"], "as in a file of text");
}

/// What the Open Data Contract Standard 3.1.0 allows of the parts that are written: the object, its keys, and
/// those that it needs (<https://github.com/bitol-io/open-data-contract-standard>, its JSON schema of 3.1.0).
const ALLOWED: [(&str, &[&str], &[&str]); 7] = [
    (
        "",
        &[
            "version",
            "kind",
            "apiVersion",
            "id",
            "name",
            "tenant",
            "tags",
            "status",
            "servers",
            "dataProduct",
            "description",
            "domain",
            "schema",
            "support",
            "price",
            "team",
            "roles",
            "slaDefaultElement",
            "slaProperties",
            "authoritativeDefinitions",
            "customProperties",
            "contractCreatedTs",
        ],
        &["version", "apiVersion", "kind", "id", "status"],
    ),
    (
        "/team",
        &[
            "id",
            "name",
            "description",
            "members",
            "tags",
            "customProperties",
            "authoritativeDefinitions",
        ],
        &[],
    ),
    (
        "/team/members/*",
        &[
            "id",
            "username",
            "name",
            "description",
            "role",
            "dateIn",
            "dateOut",
            "replacedByUsername",
            "tags",
            "customProperties",
            "authoritativeDefinitions",
        ],
        &["username"],
    ),
    (
        "/roles/*",
        &[
            "id",
            "role",
            "description",
            "access",
            "firstLevelApprovers",
            "secondLevelApprovers",
            "customProperties",
        ],
        &["role"],
    ),
    (
        "/slaProperties/*",
        &[
            "id",
            "property",
            "value",
            "valueExt",
            "unit",
            "element",
            "driver",
            "description",
            "scheduler",
            "schedule",
        ],
        &["property", "value"],
    ),
    (
        "/support/*",
        &[
            "id",
            "channel",
            "url",
            "description",
            "tool",
            "scope",
            "invitationUrl",
            "customProperties",
        ],
        &["channel"],
    ),
    (
        "/customProperties/*",
        &["id", "property", "value", "description"],
        &["property", "value"],
    ),
];

/// The objects at a path in which `*` is every item of a list.
fn at<'a>(contract: &'a serde_json::Value, path: &str) -> Vec<&'a serde_json::Value> {
    match path.strip_suffix("/*") {
        Some(list) => contract
            .pointer(list)
            .and_then(|list| list.as_array())
            .map(|items| items.iter().collect())
            .unwrap_or_default(),
        None => contract.pointer(path).into_iter().collect(),
    }
}

story!(a_source_is_a_contract_of_the_open_standard, |t| {
    let (dana, kofi) = (t.sign_in("dana").await, t.sign_in("kofi").await);
    let (dana_id, kofi_id) = (t.member("dana").await, t.member("kofi").await);
    let (place, ..) = agreed_source((&dana, &kofi), "Till", (&dana_id, &kofi_id), "confidential").await;
    // A chair that changes hands: from, until, and who followed.
    t.clock.advance_days(10);
    let dana = t.sign_in("dana").await;
    let lena = t.member("lena").await;
    let given = [
        ("chair", "owner"),
        ("seen", dana_id.as_str()),
        ("member", lena.as_str()),
    ];
    dana.takes(&format!("{place}/chairs"), &given).await;
    let answer = dana.get(&format!("{place}/contract")).await;
    answer.must_be(200);
    let contract: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON, which is YAML");
    for (path, keys, needed) in ALLOWED {
        let found = at(&contract, path);
        assert!(!found.is_empty(), "{path}");
        for object in found {
            let object = object.as_object().expect("an object");
            for key in object.keys() {
                assert!(keys.contains(&key.as_str()), "{path}: {key}");
            }
            for key in needed {
                assert!(object.contains_key(*key), "{path} lacks {key}");
            }
        }
    }
    assert_eq!(contract["apiVersion"], "v3.1.0");
    assert_eq!(contract["kind"], "DataContract");
    assert_eq!(contract["status"], "active");
    let members = contract["team"]["members"].as_array().expect("members");
    let before = members
        .iter()
        .find(|member| member["username"] == "dana@northwind.test")
        .expect("who sat there before");
    assert_eq!(before["dateIn"], "2026-11-23");
    assert_eq!(before["dateOut"], "2026-12-03");
    assert_eq!(before["replacedByUsername"], "lena@northwind.test");
    // What nobody signed is not in it.
    let use_id = dana.page(&format!("{place}/uses/new")).await.value("id");
    let unsigned = [
        ("id", use_id.as_str()),
        ("name", "Guessing"),
        ("purpose", "train"),
        ("in_words", "Guess who buys."),
    ];
    t.sign_in("lena")
        .await
        .takes(&format!("{place}/uses/new"), &unsigned)
        .await;
    let answer = dana.get(&format!("{place}/contract")).await;
    assert!(!answer.body.contains("Guessing"), "{}", answer.body);
    assert_eq!(contract["slaProperties"][0]["value"], 3);
    assert_eq!(contract["slaProperties"][0]["unit"], "y");
    t.verify().await;
});
