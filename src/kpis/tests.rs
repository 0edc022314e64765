use proptest::prelude::*;

use super::*;

#[derive(serde::Deserialize)]
struct Figures {
    rollups: Vec<Figure>,
}

#[derive(serde::Deserialize)]
struct Figure {
    statuses: Vec<String>,
    on_track: usize,
    of: usize,
    weakest: Option<usize>,
}

#[test]
fn roll_ups_are_those_of_the_reference_figures() {
    let figures: Figures =
        serde_json::from_str(include_str!("reference.json")).expect("the reference figures");
    assert!(figures.rollups.len() > 5);
    for figure in figures.rollups {
        let statuses: Vec<KpiStatus> = figure
            .statuses
            .iter()
            .map(|status| match status.as_str() {
                "off_track" => KpiStatus::OffTrack(40),
                "outdated" => KpiStatus::Outdated(3),
                "at_risk" => KpiStatus::AtRisk(80),
                "recovering" => KpiStatus::Recovering(80),
                "no_data" => KpiStatus::NoData,
                "no_target" => KpiStatus::NoTarget,
                _ => KpiStatus::OnTrack(95),
            })
            .collect();
        assert_eq!(
            rollup(&statuses.iter().copied().map(Stand::ByNumbers).collect::<Vec<_>>()),
            Rollup {
                on_track: figure.on_track,
                of: figure.of,
                weakest: figure.weakest
            },
            "{:?}",
            figure.statuses
        );
    }
}

fn q(text: &str) -> Quantity {
    text.parse().expect("a quantity")
}

const USUAL: Thresholds = Thresholds {
    watch_below: 90,
    act_below: 70,
};

fn at_least(low: &str) -> Target {
    Target {
        low: Some(q(low)),
        high: None,
    }
}

fn at_most(high: &str) -> Target {
    Target {
        low: None,
        high: Some(q(high)),
    }
}

#[test]
fn falling_churn_is_good_and_rising_churn_is_not() {
    let churn = at_most("2.8");
    assert_eq!((churn.achievement(q("2.5")), churn.to_go(q("2.5"))), (100, None));
    assert_eq!(
        (churn.achievement(q("2.9")), churn.to_go(q("2.9"))),
        (96, Some(q("0.1")))
    );
    let october = TrendSpan {
        period: "October".to_owned(),
        since: None,
    };
    assert_eq!(
        trend_words(Direction::Decrease, Some(q("3.3")), q("2.9"), "h", &october),
        "Down 0.4\u{a0}h in October."
    );
    assert_eq!(
        trend_words(Direction::Decrease, Some(q("2.9")), q("3.3"), "h", &october),
        "Up 0.4\u{a0}h in October, should fall."
    );
    assert_eq!(
        trend_words(Direction::Increase, Some(q("22.5")), q("21.4"), "%", &october),
        "Down 1.1\u{a0}points in October, should rise."
    );
    let today = Day::new(2026, 11, 22);
    let since_june = TrendSpan::between(
        Cadence::Monthly,
        Some(Day::new(2026, 6, 1)),
        Day::new(2026, 10, 1),
        today,
    );
    assert_eq!(
        trend_words(Direction::Increase, Some(q("20")), q("21.5"), "%", &since_june),
        "Up 1.5\u{a0}points from June to October.",
        "a change says what it compares with"
    );
}

#[test]
fn a_target_below_zero_is_missed_by_a_share_of_its_size() {
    let above = at_least("-20");
    for (value, reached) in [("-20", 100), ("-19", 100), ("-22", 90), ("-30", 50), ("-60", 0)] {
        assert_eq!(above.achievement(q(value)), reached, "{value} of at least −20");
    }
    let below = at_most("-5");
    for (value, reached) in [("-5", 100), ("-6", 100), ("-4", 80), ("0", 0), ("3", 0)] {
        assert_eq!(below.achievement(q(value)), reached, "{value} of at most −5");
    }
    let none = at_most("0");
    assert_eq!((none.achievement(q("0")), none.achievement(q("1"))), (100, 0));
    assert_eq!(at_least("5").achievement(q("-2")), 0);
}

#[test]
fn a_missing_period_keeps_its_place() {
    use crate::kpis::read::{Period, on_calendar};
    let day = |month: i8| Day::new(2026, month, 1);
    let periods: Vec<Period> = [1, 2, 6].map(|month| Period::missing(day(month))).to_vec();
    let whole = on_calendar(Cadence::Monthly, periods);
    assert_eq!(
        whole.iter().map(|period| period.period).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6].map(day)
    );
}

#[test]
fn reached_respects_the_direction() {
    for (target, value, reached) in [
        (at_least("26"), "21.4", 82),
        (at_least("26"), "26", 100),
        (at_least("26"), "25.9999", 99),
        (at_most("10"), "10", 100),
        (at_most("10"), "20", 50),
        (
            Target {
                low: Some(q("40")),
                high: Some(q("60")),
            },
            "50",
            100,
        ),
        (
            Target {
                low: Some(q("40")),
                high: Some(q("60")),
            },
            "30",
            75,
        ),
        (
            Target {
                low: Some(q("40")),
                high: Some(q("60")),
            },
            "80",
            75,
        ),
        (at_least("0"), "-1", 0),
        (at_most("0"), "1", 0),
        (at_least("10"), "-5", 0),
    ] {
        assert_eq!(target.achievement(q(value)), reached, "{target:?} {value}");
    }
}

#[test]
fn silence_and_missing_targets_are_states_of_their_own() {
    let monthly = Cadence::Monthly;
    let latest = |period: Day, target| {
        Some(Latest {
            period,
            value: q("30"),
            target,
            corrected_from: None,
        })
    };
    let october = Day::new(2026, 10, 1);
    let good = Some(at_least("26"));
    for (found, today, expected) in [
        (
            latest(october, good),
            Day::new(2026, 11, 22),
            KpiStatus::OnTrack(100),
        ),
        (latest(october, None), Day::new(2026, 11, 22), KpiStatus::NoTarget),
        (
            latest(october, good),
            Day::new(2026, 12, 10),
            KpiStatus::OnTrack(100),
        ),
        (
            latest(october, good),
            Day::new(2026, 12, 11),
            KpiStatus::Outdated(1),
        ),
        (
            latest(Day::new(2026, 9, 1), good),
            Day::new(2026, 11, 22),
            KpiStatus::Outdated(12),
        ),
        (None, Day::new(2026, 10, 20), KpiStatus::NoData),
        (None, Day::new(2026, 11, 10), KpiStatus::NoData),
        (None, Day::new(2026, 11, 11), KpiStatus::Outdated(1)),
    ] {
        assert_eq!(
            status(
                monthly,
                USUAL,
                found,
                AskedSince::of(monthly, october, october),
                today
            ),
            expected,
            "{found:?} on {today}"
        );
    }
}

#[test]
fn recovering_is_said_only_of_what_gets_better_after_a_plan() {
    let october = Day::new(2026, 10, 1);
    let with = |value: &str, target: Target, before: Option<&str>| {
        let latest = Latest {
            period: october,
            value: q(value),
            target: Some(target),
            corrected_from: before.map(q),
        };
        status(
            Cadence::Monthly,
            USUAL,
            Some(latest),
            AskedSince::of(Cadence::Monthly, october, october),
            Day::new(2026, 11, 22),
        )
    };
    assert_eq!(with("15", at_least("26"), None), KpiStatus::OffTrack(57));
    assert_eq!(with("15", at_least("26"), Some("14")), KpiStatus::Recovering(57));
    assert_eq!(with("15", at_least("26"), Some("16")), KpiStatus::OffTrack(57));
    assert_eq!(
        with("26", at_least("26"), Some("14")),
        KpiStatus::OnTrack(100),
        "reached is reached"
    );
    assert_eq!(
        with("20", at_most("10"), Some("25")),
        KpiStatus::Recovering(50),
        "falling towards a target that should fall"
    );
    assert_eq!(with("30", at_most("10"), Some("25")), KpiStatus::OffTrack(33));
}

#[test]
fn a_roll_up_shows_the_weakest_and_its_denominator() {
    let all = [
        KpiStatus::OnTrack(100),
        KpiStatus::AtRisk(80),
        KpiStatus::Outdated(4),
        KpiStatus::OnTrack(91),
    ]
    .map(Stand::ByNumbers);
    assert_eq!(
        rollup(&all),
        Rollup {
            on_track: 2,
            of: 4,
            weakest: Some(2)
        }
    );
    assert_eq!(
        rollup(&all[..1]),
        Rollup {
            on_track: 1,
            of: 1,
            weakest: None
        }
    );
    assert_eq!(
        rollup(&[]),
        Rollup {
            on_track: 0,
            of: 0,
            weakest: None
        }
    );
    assert_eq!(
        rollup(&[Stand::ByNumbers(KpiStatus::NoTarget)]).on_track,
        0,
        "no target is not healthy"
    );
    assert_eq!(
        rollup(&[all[0], Stand::Split, all[3]]),
        Rollup {
            on_track: 2,
            of: 3,
            weakest: Some(1)
        },
        "at odds is not on track"
    );
}

#[test]
fn periods_have_names() {
    let today = Day::new(2026, 11, 22);
    assert_eq!(Cadence::Monthly.format(Day::new(2026, 10, 1), today), "October");
    assert_eq!(
        Cadence::Monthly.format(Day::new(2025, 10, 1), today),
        "October 2025"
    );
    assert_eq!(
        Cadence::Quarterly.format(Cadence::Quarterly.period_of(today), today),
        "Q4"
    );
    assert_eq!(
        Cadence::Weekly.format(Cadence::Weekly.period_of(today), today),
        "week of 16 Nov"
    );
}

proptest! {
    #[test]
    fn periods_tile_the_calendar(days in 0i64..4000) {
        let day = Day::new(2020, 1, 1).plus(days);
        for cadence in [Cadence::Weekly, Cadence::Monthly, Cadence::Quarterly] {
            let start = cadence.period_of(day);
            prop_assert!(start <= day && day < cadence.step(start, 1));
            prop_assert_eq!(cadence.period_of(start), start);
            prop_assert_eq!(cadence.step(cadence.step(start, 1), -1), start);
            prop_assert_eq!(cadence.count(cadence.step(start, 1)), cadence.count(start) + 1);
            prop_assert!(cadence.due(start) >= cadence.step(start, 1));
        }
    }

    #[test]
    fn better_is_never_worse(a in -100_000i64..1_000_000, b in -100_000i64..1_000_000, t in 1i64..1_000_000) {
        let (low, high) = (Quantity::from_ten_thousandths(a.min(b)), Quantity::from_ten_thousandths(a.max(b)));
        let target = Quantity::from_ten_thousandths(t);
        let (up, down) = (Target { low: Some(target), high: None }, Target { low: None, high: Some(target) });
        prop_assert!(up.achievement(high) >= up.achievement(low));
        prop_assert!(down.achievement(low) >= down.achievement(high));
    }
}

#[test]
fn nobody_is_late_on_the_day_on_which_a_kpi_is_made() {
    let (monthly, january) = (Cadence::Monthly, Day::new(2026, 1, 1));
    let october = Day::new(2026, 10, 1);
    for (made_on, due_on) in [
        (Day::new(2026, 11, 5), Day::new(2026, 11, 15)),
        (Day::new(2026, 11, 25), Day::new(2026, 12, 5)),
    ] {
        let asked = AskedSince::of(monthly, january, made_on);
        assert_eq!((asked.period, asked.due(october)), (october, due_on));
        assert_eq!(status(monthly, USUAL, None, asked, made_on), KpiStatus::NoData);
        // The history is entered one value after the other, and nobody is late with the next.
        assert_eq!(monthly.awaited(asked, Some(january), made_on), Some(october));
        assert_eq!(
            status(monthly, USUAL, None, asked, due_on.plus(1)),
            KpiStatus::Outdated(1)
        );
        // Later periods are due as ever.
        let january = Day::new(2027, 1, 1);
        assert_eq!(asked.due(january), monthly.due(january));
    }
    let later = AskedSince::of(monthly, Day::new(2027, 3, 9), Day::new(2026, 11, 25));
    assert_eq!(later.period, Day::new(2027, 3, 1));
}
