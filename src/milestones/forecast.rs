//! When a milestone would be met if its open checkpoints were as late as those that were passed: as the
//! middle one of them, or, to be careful, as the one within which four in five stayed. A few steps tell
//! little; it is said as a range, beside what the driver promises, and never as certain.

/// Fewer passed checkpoints than this say nothing.
pub const FEWEST: usize = 3;

/// Days from today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    pub likely: i64,
    pub late: i64,
}

/// `lateness` are the days by which passed checkpoints were later than their dates, negative when early;
/// `open` the days from today to the dates of those left. Nothing is met before today.
pub fn ahead(lateness: &[i64], open: &[i64]) -> Option<Ahead> {
    let last = *open.iter().max()?;
    if lateness.len() < FEWEST {
        return None;
    }
    let mut sorted = lateness.to_vec();
    sorted.sort_unstable();
    // The smallest of them within which this many in ten stayed.
    let within = |tenths: usize| sorted[(sorted.len() * tenths).div_ceil(10).clamp(1, sorted.len()) - 1];
    Some(Ahead {
        likely: (last + within(5)).max(0),
        late: (last + within(8)).max(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Figures {
        milestones: Vec<Case>,
    }

    #[derive(serde::Deserialize)]
    struct Case {
        lateness: Vec<i64>,
        open: Vec<i64>,
        likely: i64,
        late: i64,
    }

    #[test]
    fn it_agrees_with_independent_figures() {
        let figures: Figures =
            serde_json::from_str(include_str!("../kpis/reference.json")).expect("the reference figures");
        assert!(!figures.milestones.is_empty());
        for case in figures.milestones {
            let expected = Ahead {
                likely: case.likely,
                late: case.late,
            };
            assert_eq!(
                ahead(&case.lateness, &case.open),
                Some(expected),
                "{:?}, {:?} open",
                case.lateness,
                case.open
            );
        }
    }

    #[test]
    fn two_steps_say_nothing_and_nothing_left_is_met() {
        assert_eq!(ahead(&[1, 2], &[5]), None);
        assert_eq!(ahead(&[1, 2, 3], &[]), None);
    }
}
