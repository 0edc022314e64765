use proptest::prelude::*;

use super::*;

fn sheet(weights: &[i64], things: usize) -> AnswerSheet {
    let thing = |index: usize| Thing {
        id: format!("t{index}"),
        title: format!("Option {index}"),
        description: String::new(),
    };
    let measure = |(index, weight): (usize, &i64)| RoundMeasure {
        id: format!("m{index}"),
        title: format!("Criterion {index}"),
        description: String::new(),
        weight: *weight,
    };
    AnswerSheet {
        asked: String::new(),
        things: (0..things).map(thing).collect(),
        measures: weights.iter().enumerate().map(measure).collect(),
    }
}

/// `rows[thing][measure]` of one person.
fn answer(side: Side, who: &str, rows: &[&[i64]]) -> Vec<Score> {
    let mut scores = Vec::new();
    for (thing, row) in rows.iter().enumerate() {
        for (measure, score) in row.iter().enumerate() {
            scores.push(Score {
                side,
                who: who.to_owned(),
                thing: format!("t{thing}"),
                measure: format!("m{measure}"),
                score: *score,
                note: String::new(),
            });
        }
    }
    scores
}

#[test]
fn nobody_sees_the_other_side_before_the_round_closes() {
    let of = |is_closed, both_answered, has_answered, side| {
        sight(
            Progress {
                is_closed,
                both_answered,
                has_answered,
            },
            side,
        )
    };
    let marketing = Some(Side::Marketing);
    assert_eq!(of(false, false, true, marketing), Sight::Own(Side::Marketing));
    assert_eq!(
        of(false, true, false, marketing),
        Sight::Neither,
        "one's own side anchors, too"
    );
    assert_eq!(of(false, true, true, None), Sight::Neither);
    assert_eq!(of(true, true, false, None), Sight::Both);
    assert_eq!(of(true, false, false, marketing), Sight::Own(Side::Marketing));
    assert_eq!(
        of(true, false, false, None),
        Sight::Neither,
        "one side's answers are the other's to wait for"
    );
}

#[test]
fn means_are_rounded_half_up_and_shown_with_one_decimal() {
    for (sum, count, shown) in [
        (9, 2, "4.5"),
        (13, 3, "4.3"),
        (14, 3, "4.7"),
        (1, 1, "1.0"),
        (69, 20, "3.5"),
        (67, 20, "3.4"),
        (129, 29, "4.4"),
    ] {
        assert_eq!(
            Mean::of(sum, count).expect("a mean").to_string(),
            shown,
            "{sum} / {count}"
        );
    }
    assert_eq!(Mean::of(0, 0), None);
}

/// Marketing 5, 4 and Technology 1, 2 on the first cell: means 4.5 and 1.5, three apart.
#[test]
fn the_largest_disagreement_comes_first() {
    let sheet = sheet(&[3, 2], 2);
    let mut scores = answer(Side::Marketing, "a", &[&[5, 3], &[3, 3]]);
    scores.extend(answer(Side::Marketing, "b", &[&[4, 3], &[3, 4]]));
    scores.extend(answer(Side::Technology, "c", &[&[1, 3], &[3, 5]]));
    scores.extend(answer(Side::Technology, "d", &[&[2, 3], &[3, 5]]));
    let sorted = by_gap(cells(&sheet, &scores));
    assert_eq!(
        (sorted[0].thing, sorted[0].measure, sorted[0].gap()),
        (0, 0, Some(3 * POINT))
    );
    assert_eq!(
        (sorted[1].thing, sorted[1].measure, sorted[1].gap()),
        (1, 1, Some(3 * POINT / 2))
    );
    assert_eq!(sorted[0].technology.spread(), "1–2");
    // Marketing: (3·4.5 + 2·3) / 5 = 3.9; Technology: (3·1.5 + 2·3) / 5 = 2.1.
    let all = cells(&sheet, &scores);
    assert_eq!(
        total(&sheet, &all, Side::Marketing, 0).map(Mean::millionths),
        Some(3_900_000)
    );
    assert_eq!(
        total(&sheet, &all, Side::Technology, 0).map(Mean::millionths),
        Some(2_100_000)
    );
    // Marketing puts the first option in front, Technology the second.
    assert_eq!(
        (
            favourite(&sheet, &all, Side::Marketing),
            favourite(&sheet, &all, Side::Technology)
        ),
        (Some(0), Some(1))
    );
}

/// Sums of both sides: first option 8 and 4, second 6 and 7, at weights 3 and 2: 32 against 32 is a tie;
/// at 4 and 2 it is 40 against 38, and the second would lead if the first criterion weighed 2 or the
/// second 3.
#[test]
fn it_is_said_what_would_put_another_option_in_front() {
    let scores = [
        answer(Side::Marketing, "a", &[&[4, 2], &[3, 4]]),
        answer(Side::Technology, "b", &[&[4, 2], &[3, 3]]),
    ]
    .concat();
    let tied = sheet(&[3, 2], 2);
    assert_eq!(
        lead(&tied, &cells(&tied, &scores)),
        Lead {
            leaders: vec![0, 1],
            flips: Vec::new()
        }
    );
    let decided = sheet(&[4, 2], 2);
    let found = lead(&decided, &cells(&decided, &scores));
    assert_eq!(found.leaders, vec![0]);
    assert!(
        found.flips.contains(&Flip::Weight {
            measure: 0,
            from: 4,
            to: 2,
            leader: 1
        }),
        "{found:?}"
    );
    assert!(
        found.flips.contains(&Flip::Weight {
            measure: 1,
            from: 2,
            to: 3,
            leader: 1
        }),
        "{found:?}"
    );
    assert!(
        found.flips.contains(&Flip::Point {
            side: Side::Marketing,
            measure: 0,
            leader: 1
        }),
        "{found:?}"
    );
}

proptest! {
    /// Whatever is said to flip the lead does, when it is tried.
    #[test]
    fn every_flip_is_true(
        weights in proptest::collection::vec(1_i64..=10, 2..4),
        marketing in proptest::collection::vec(proptest::collection::vec(1_i64..=5, 4), 3),
        technology in proptest::collection::vec(proptest::collection::vec(1_i64..=5, 4), 3),
    ) {
        let sheet = sheet(&weights, 3);
        let rows = |side, who: &str, rows: &[Vec<i64>]| answer(side, who, &rows.iter().map(|row| &row[..weights.len()]).collect::<Vec<_>>());
        let scores = [rows(Side::Marketing, "a", &marketing), rows(Side::Technology, "b", &technology)].concat();
        let before = lead(&sheet, &cells(&sheet, &scores));
        for flip in before.flips {
            match flip {
                Flip::Weight { measure, to, leader, .. } => {
                    let mut other = sheet.clone();
                    other.measures[measure].weight = to;
                    prop_assert_eq!(lead(&other, &cells(&other, &scores)).leaders, vec![leader]);
                }
                Flip::Point { side, measure, leader } => {
                    let mut other = scores.clone();
                    let given = other.iter_mut().find(|s| s.side == side && s.thing == format!("t{leader}") && s.measure == format!("m{measure}") && s.score < HIGHEST);
                    given.expect("a score that can rise").score += 1;
                    prop_assert!(!lead(&sheet, &cells(&sheet, &other)).leaders.contains(&before.leaders[0]));
                }
            }
        }
    }
}
