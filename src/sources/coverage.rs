//! How much of a customer's way the company can see, from both sides' words.

use serde::{Deserialize, Serialize};

use super::Word;

/// How something stands on the map, from the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stands {
    NotSaid,
    Nothing,
    Recorded,
    Joined,
}

impl Stands {
    pub const ALL: [Self; 4] = [Self::Joined, Self::Recorded, Self::Nothing, Self::NotSaid];

    pub const fn name(self) -> &'static str {
        match self {
            Self::NotSaid => "Unknown",
            Self::Nothing => "Nothing",
            Self::Recorded => "Recorded",
            Self::Joined => "Joined",
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSaid => "not-said",
            Self::Nothing => "nothing",
            Self::Recorded => "recorded",
            Self::Joined => "joined",
        }
    }

    /// A sign beside the word, for whoever does not tell colours apart.
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::NotSaid => "?",
            Self::Nothing => "–",
            Self::Recorded => "◐",
            Self::Joined => "●",
        }
    }

    /// As one word alone would have it. While no profile is named nothing is joined.
    pub(super) const fn of(word: Word, has_profile: bool) -> Self {
        match word {
            Word::Nothing => Self::Nothing,
            Word::Joined if has_profile => Self::Joined,
            Word::Recorded | Word::Joined => Self::Recorded,
        }
    }
}

/// The words on one touchpoint and one source that hold today: Marketing's and Technology's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub marketing: Option<Word>,
    pub technology: Option<Word>,
}

impl Words {
    /// The lower word stands, once both sides have said one.
    pub fn stands(self, has_profile: bool) -> Stands {
        self.marketing
            .zip(self.technology)
            .map_or(Stands::NotSaid, |(marketing, technology)| {
                Stands::of(marketing.min(technology), has_profile)
            })
    }

    /// As the words of one side alone would have it, where both have said one: nothing else may be told.
    fn alone(self, of: fn(Word, Word) -> Word, has_profile: bool) -> Stands {
        self.marketing
            .zip(self.technology)
            .map_or(Stands::NotSaid, |(marketing, technology)| {
                Stands::of(of(marketing, technology), has_profile)
            })
    }
}

/// "7 of 14 touchpoints, 50%": rounded down, so that 100 is all of them. Without touchpoints no number.
pub(super) fn share(joined: usize, total: usize) -> String {
    if total == 0 {
        return "No touchpoints yet".to_owned();
    }
    let word = if total == 1 { "touchpoint" } else { "touchpoints" };
    // 100% only where every touchpoint is joined: rounding must not claim it.
    let most = if joined == total { 100 } else { 99 };
    let percent = (joined * 200 / total).div_ceil(2).min(most);
    format!("{joined} of {total} {word}, {percent}%")
}

/// How many touchpoints stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub joined: usize,
    pub recorded: usize,
    pub nothing: usize,
    pub not_said: usize,
    /// Joined, if Marketing's words counted alone where both have spoken; and Technology's.
    pub by_marketing: usize,
    pub by_technology: usize,
}

/// How a touchpoint stands in all sources together: as in the best of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TouchpointStanding {
    pub stands: Stands,
    /// Joined, if Marketing's words counted alone where both have spoken; and Technology's.
    pub by_marketing: bool,
    pub by_technology: bool,
}

impl TouchpointStanding {
    /// From a touchpoint's words, in every source.
    pub(super) fn of(cells: impl Iterator<Item = Words>, has_profile: bool) -> Self {
        let mut standing = Self {
            stands: Stands::NotSaid,
            by_marketing: false,
            by_technology: false,
        };
        for words in cells {
            standing.stands = standing.stands.max(words.stands(has_profile));
            standing.by_marketing |= words.alone(|marketing, _| marketing, has_profile) == Stands::Joined;
            standing.by_technology |= words.alone(|_, technology| technology, has_profile) == Stands::Joined;
        }
        standing
    }
}

/// Of all touchpoints in force.
impl FromIterator<TouchpointStanding> for Coverage {
    fn from_iter<I: IntoIterator<Item = TouchpointStanding>>(touchpoints: I) -> Self {
        let mut coverage = Self::default();
        for touchpoint in touchpoints {
            match touchpoint.stands {
                Stands::Joined => coverage.joined += 1,
                Stands::Recorded => coverage.recorded += 1,
                Stands::Nothing => coverage.nothing += 1,
                Stands::NotSaid => coverage.not_said += 1,
            }
            coverage.by_marketing += usize::from(touchpoint.by_marketing);
            coverage.by_technology += usize::from(touchpoint.by_technology);
        }
        coverage
    }
}

impl Coverage {
    pub const fn total(self) -> usize {
        self.joined + self.recorded + self.nothing + self.not_said
    }

    pub const fn count(self, stands: Stands) -> usize {
        match stands {
            Stands::Joined => self.joined,
            Stands::Recorded => self.recorded,
            Stands::Nothing => self.nothing,
            Stands::NotSaid => self.not_said,
        }
    }

    /// "7 of 14 touchpoints, 50%".
    pub fn sentence(self) -> String {
        share(self.joined, self.total())
    }

    /// "Marketing counts 8, Technology 7. The lower answer, 7, counts." when the sides differ.
    pub fn gap(self) -> Option<String> {
        let differs = self.by_marketing != self.joined || self.by_technology != self.joined;
        differs.then(|| {
            format!(
                "Marketing counts {}, Technology {}. The lower answer, {}, counts.",
                self.by_marketing, self.by_technology, self.joined
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const fn words(marketing: Option<Word>, technology: Option<Word>) -> Words {
        Words {
            marketing,
            technology,
        }
    }

    #[test]
    fn the_lower_word_stands_and_one_alone_says_nothing() {
        use Word::{Joined, Nothing, Recorded};
        for (marketing, technology, stands) in [
            (Some(Joined), Some(Joined), Stands::Joined),
            (Some(Joined), Some(Recorded), Stands::Recorded),
            (Some(Nothing), Some(Joined), Stands::Nothing),
            (Some(Joined), None, Stands::NotSaid),
            (None, Some(Nothing), Stands::NotSaid),
            (None, None, Stands::NotSaid),
        ] {
            assert_eq!(words(marketing, technology).stands(true), stands);
        }
        assert_eq!(
            words(Some(Joined), Some(Joined)).stands(false),
            Stands::Recorded,
            "there is no profile to be joined to"
        );
    }

    #[test]
    fn what_nobody_has_said_counts_among_all() {
        let joined = vec![words(Some(Word::Joined), Some(Word::Joined))];
        let disputed = vec![words(Some(Word::Joined), Some(Word::Recorded))];
        let coverage = coverage_of(&[joined, disputed, Vec::new()], true);
        assert_eq!(coverage.sentence(), "1 of 3 touchpoints, 33%");
        assert_eq!(
            coverage.gap().as_deref(),
            Some("Marketing counts 2, Technology 1. The lower answer, 1, counts.")
        );
        assert_eq!(Coverage::default().sentence(), "No touchpoints yet");
    }

    fn coverage_of(touchpoints: &[Vec<Words>], has_profile: bool) -> Coverage {
        touchpoints
            .iter()
            .map(|cells| TouchpointStanding::of(cells.iter().copied(), has_profile))
            .collect()
    }

    fn a_word() -> impl Strategy<Value = Option<Word>> {
        prop_oneof![
            Just(None),
            Just(Some(Word::Nothing)),
            Just(Some(Word::Recorded)),
            Just(Some(Word::Joined))
        ]
    }

    proptest! {
        #[test]
        fn the_four_counts_are_all_and_a_first_word_alone_moves_none(
            cells in prop::collection::vec(prop::collection::vec((a_word(), a_word()), 0..5), 0..8),
            has_profile in any::<bool>(),
        ) {
            let all: Vec<Vec<Words>> = cells
                .iter()
                .map(|row| row.iter().map(|(m, t)| words(*m, *t)).collect())
                .collect();
            let coverage = coverage_of(&all, has_profile);
            prop_assert_eq!(coverage.total(), all.len());
            // One side speaking of what the other has not said anything of changes nothing that can be seen.
            let spoken: Vec<Vec<Words>> = all
                .iter()
                .map(|row| {
                    row.iter()
                        .map(|cell| match (cell.marketing, cell.technology) {
                            (None, None) => words(Some(Word::Joined), None),
                            _ => *cell,
                        })
                        .collect()
                })
                .collect();
            prop_assert_eq!(coverage_of(&spoken, has_profile), coverage);
        }
    }
}
