//! When a milestone would be met if its checkpoints went on as they have: each of those left takes as many days as the
//! middle one of those that were passed, or, to be careful, as the one within which four in five stayed. A few steps
//! tell little; it is said as a range, beside what the driver promises, and never as certain.

/// Fewer passed checkpoints than this say nothing.
pub const FEWEST: usize = 3;

/// Days from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub likely: i64,
    pub late: i64,
}

/// `days` are those from each passed checkpoint to the one passed before it (for the first, to the milestone's making).
pub fn ahead(days: &[i64], left: i64) -> Option<Ahead> {
    if days.len() < FEWEST {
        return None;
    }
    let mut sorted = days.to_vec();
    sorted.sort_unstable();
    // The smallest of them within which this many in ten stayed.
    let within = |tenths: usize| sorted[(sorted.len() * tenths).div_ceil(10).clamp(1, sorted.len()) - 1];
    Some(Ahead { likely: within(5) * left, late: within(8) * left })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Figures {
        quantiles: Vec<Case>,
    }

    #[derive(serde::Deserialize)]
    struct Case {
        days: Vec<i64>,
        left: i64,
        likely: i64,
        late: i64,
    }

    #[test]
    fn it_agrees_with_independent_figures() {
        let figures: Figures = serde_json::from_str(include_str!("../kpis/reference.json")).expect("the reference figures");
        assert!(!figures.quantiles.is_empty());
        for case in figures.quantiles {
            let expected = Ahead { likely: case.likely, late: case.late };
            assert_eq!(ahead(&case.days, case.left), Some(expected), "{:?}, {} left", case.days, case.left);
        }
    }

    #[test]
    fn two_steps_say_nothing() {
        assert_eq!(ahead(&[1, 2], 5), None);
    }
}
