//! A list that its reader filters and orders: by words, by status, by what comes first. All of it stands in
//! the address, so that what one sees can be sent to somebody.

use std::cmp::Reverse;

use leptos::prelude::*;
use serde::Deserialize;

use super::StatusWord;
use crate::{
    platform::{text, time::Day},
    text_enum,
};

/// Items of a list among which a filter looks.
pub const MOST_FILTERED: i64 = 5000;

/// Items of a list from which on a filter is offered: a shorter one is read as it stands.
const WORTH_FILTERING: i64 = 8;

text_enum! {
    /// What comes first in a list.
    pub enum ListOrder { Default = "", Worst = "worst", Day = "day", Name = "name" }
}

impl ListOrder {
    const fn name(self) -> &'static str {
        match self {
            Self::Default => "Default order",
            Self::Worst => "Worst first",
            Self::Day => "By date",
            Self::Name => "By name",
        }
    }
}

/// What a reader asked a list for. Nothing asked for is the list as it always is.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ListFilter {
    #[serde(default)]
    find: String,
    /// The [`StatusWord::key`] of the items to show.
    #[serde(default)]
    status: String,
    #[serde(default)]
    order: String,
}

/// What a filter has to know of one item.
pub struct ListItem<'a> {
    pub name: &'a str,
    /// Other texts in which words are looked for: its owners, what it belongs to.
    pub texts: Vec<&'a str>,
    pub status: StatusWord,
    pub day: Option<Day>,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct ListPage<T> {
    pub rows: Vec<T>,
    /// What stands beside the list's heading.
    pub aside: String,
    /// Where the next page begins.
    pub next: Option<i64>,
    /// How many items the filter found, where one was asked for.
    pub found: Option<usize>,
}

impl<T> ListPage<T> {
    /// Of a list that nobody filtered: the rows from `skip` on, of `count` in all.
    pub fn unfiltered(rows: Vec<T>, aside: String, (skip, per_page): (i64, i64), count: i64) -> Self {
        Self {
            rows,
            aside,
            next: (skip + per_page < count).then_some(skip + per_page),
            found: None,
        }
    }
}

impl ListFilter {
    pub fn is_asked(&self) -> bool {
        !self.find.trim().is_empty() || !self.status.is_empty() || !self.order.is_empty()
    }

    /// What an address carries of it, behind what stands there.
    pub fn as_query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("find", &self.find),
            ("status", &self.status),
            ("order", &self.order),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() {
            query
        } else {
            format!("&{query}")
        }
    }

    /// The rows that were asked for, in the order that was asked for. A status that the list does not know is
    /// none.
    pub fn apply<T>(
        &self,
        rows: Vec<T>,
        statuses: &[StatusWord],
        item: impl Fn(&T) -> ListItem<'_>,
    ) -> Vec<T> {
        let words: Vec<String> = text::name_key(&self.find)
            .split(' ')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        let status = statuses.iter().find(|status| status.key() == self.status);
        let mut rows: Vec<T> = rows
            .into_iter()
            .filter(|row| {
                let item = item(row);
                let texts = text::name_key(&format!("{} {}", item.name, item.texts.join(" ")));
                status.is_none_or(|status| status.key() == item.status.key())
                    && words.iter().all(|word| texts.contains(word.as_str()))
            })
            .collect();
        match self.order.parse().unwrap_or(ListOrder::Default) {
            ListOrder::Default => {}
            ListOrder::Worst => rows.sort_by_cached_key(|row| {
                let status = item(row).status;
                (status.severity(), Reverse(status.days_late()))
            }),
            ListOrder::Day => rows.sort_by_cached_key(|row| {
                let day = item(row).day;
                (day.is_none(), day)
            }),
            ListOrder::Name => rows.sort_by_cached_key(|row| text::name_key(item(row).name)),
        }
        rows
    }

    /// A page of the rows that were asked for.
    pub fn page<T>(
        &self,
        rows: Vec<T>,
        statuses: &[StatusWord],
        (skip, per_page): (i64, i64),
        item: impl Fn(&T) -> ListItem<'_>,
    ) -> ListPage<T> {
        let all = rows.len();
        let rows = self.apply(rows, statuses, item);
        let found = rows.len();
        let first = usize::try_from(skip).unwrap_or(0);
        let per_page = usize::try_from(per_page).unwrap_or(usize::MAX);
        let last = first.saturating_add(per_page).min(found);
        let aside = if found <= per_page {
            format!("{found} of {all}")
        } else {
            format!("{found} of {all} · {} to {last}", first + 1)
        };
        ListPage {
            rows: rows.into_iter().skip(first).take(per_page).collect(),
            aside,
            next: (last < found).then(|| i64::try_from(last).unwrap_or(i64::MAX)),
            found: Some(found),
        }
    }
}

/// The fields of a list's filter; `path` is the list's own.
#[component]
pub fn FilterForm(
    filter: ListFilter,
    path: String,
    /// The statuses that its items may have.
    statuses: &'static [StatusWord],
    /// Where words are looked for: "Title, initiative or owner".
    looks_in: &'static str,
    /// Items of the whole list.
    count: i64,
    /// How many the filter found, where one was asked for.
    found: Option<usize>,
    /// Fields of the address that stay as they are.
    #[prop(optional)]
    kept: Vec<(&'static str, String)>,
    /// Whether the items have days by which they can be ordered.
    #[prop(default = true)]
    has_days: bool,
) -> impl IntoView {
    let is_asked = filter.is_asked() || !kept.is_empty();
    let all = path.clone();
    let statuses = statuses
        .iter()
        .map(|word| {
            view! {
                <option value=word.key() selected=filter.status == word.key()>
                    {word.name()}
                </option>
            }
        })
        .collect_view();
    let orders = ListOrder::ALL
        .iter()
        .filter(|order| has_days || **order != ListOrder::Day)
        .map(|order| {
            view! {
                <option value=order.as_str() selected=filter.order == order.as_str()>
                    {order.name()}
                </option>
            }
        })
        .collect_view();
    let kept = kept
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view();
    (count >= WORTH_FILTERING || is_asked).then(|| {
        view! {
            <details class="adds" open=is_asked>
            <summary>"Filter"</summary>
            <form method="get" action=path class="filters" role="search" aria-label="Filter the list">
                {kept}
                <label>
                    "Find in the list"
                    <input
                        type="search"
                        name="find"
                        value=filter.find.clone()
                        placeholder=looks_in
                        maxlength="120"
                    />
                </label>
                <label>
                    "Status"<select name="status">
                        <option value="">"Any"</option>
                        {statuses}
                    </select>
                </label>
                <label>"Order"<select name="order">{orders}</select></label>
                <button class="button" type="submit">
                    "Apply"
                </button>
                {is_asked
                    .then(|| {
                        view! {
                            <a class="button" href=all>
                                "Show all"
                            </a>
                        }
                    })}
            </form>
            </details>
            {(found == Some(0)).then(|| view! { <p class="faint">"Nothing matches."</p> })}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUSES: &[StatusWord] = &[StatusWord::Late(0), StatusWord::OnTrack, StatusWord::Paused];

    fn filtered(find: &str, status: &str, order: &str) -> Vec<&'static str> {
        let items = [
            ("Consent asked once", "Ana Costa", StatusWord::OnTrack, Some(9)),
            ("Offers use it", "Ana Costa", StatusWord::Late(2), None),
            ("One profile", "Kofi Owusu", StatusWord::Late(12), Some(3)),
        ];
        let filter = ListFilter {
            find: find.to_owned(),
            status: status.to_owned(),
            order: order.to_owned(),
        };
        let found = filter.apply(items.to_vec(), STATUSES, |(name, owner, status, day)| ListItem {
            name,
            texts: vec![owner],
            status: *status,
            day: day.map(|day| Day::new(2026, 11, day)),
        });
        found.iter().map(|(name, ..)| *name).collect()
    }

    #[test]
    fn a_list_is_filtered_by_words_and_status_and_ordered() {
        let usual = ["Consent asked once", "Offers use it", "One profile"];
        assert_eq!(filtered("", "", ""), usual);
        assert_eq!(filtered("costa ASKED", "", ""), ["Consent asked once"]);
        assert_eq!(filtered("", "late", ""), ["Offers use it", "One profile"]);
        assert_eq!(filtered("", "paused", ""), [""; 0]);
        assert_eq!(filtered("", "sideways", "sideways"), usual);
        // Without a day last.
        assert_eq!(
            filtered("", "", "day"),
            ["One profile", "Consent asked once", "Offers use it"]
        );
        assert_eq!(filtered("", "", "name"), usual);
        // Later is worse.
        assert_eq!(
            filtered("", "", "worst"),
            ["One profile", "Offers use it", "Consent asked once"]
        );
        assert_eq!(filtered("nowhere", "", ""), [""; 0]);
    }

    #[test]
    fn what_is_found_comes_in_pages() {
        let filter = ListFilter {
            find: "a".to_owned(),
            ..ListFilter::default()
        };
        let page = |skip| {
            filter.page(vec!["a"; 5], STATUSES, (skip, 2), |name| ListItem {
                name,
                texts: Vec::new(),
                status: StatusWord::OnTrack,
                day: None,
            })
        };
        let first = page(0);
        assert_eq!((first.rows.len(), first.next), (2, Some(2)));
        assert_eq!(first.aside, "5 of 5 · 1 to 2");
        let last = page(4);
        assert_eq!((last.rows.len(), last.next), (1, None));
    }
}
