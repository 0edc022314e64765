//! What both owners have said of a KPI's newest value.

use crate::handshake::{Health, Side, Verdict};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Whether there is a value to speak of.
    pub is_asked: bool,
    pub marketing: Option<Verdict>,
    pub technology: Option<Verdict>,
    /// Both owners' statuses, once both have given theirs.
    pub judged: Option<(Health, Health)>,
}

impl Said {
    const fn verdict(self, side: Side) -> Option<Verdict> {
        match side {
            Side::Marketing => self.marketing,
            Side::Technology => self.technology,
        }
    }

    fn agrees(self, side: Side) -> bool {
        self.verdict(side).is_some_and(Verdict::agrees)
    }

    /// Whether the period is reported: both say that the number is right.
    pub fn is_attested(self) -> bool {
        Side::BOTH.into_iter().all(|side| self.agrees(side))
    }

    /// The side that says the number is wrong.
    pub fn disputed_by(self) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.verdict(*side) == Some(Verdict::Object))
    }

    /// "Split: Marketing says at risk, Technology says off track"
    pub fn split(self) -> Option<String> {
        self.judged.filter(|(marketing, technology)| marketing != technology).map(|(marketing, technology)| {
            format!("Split: Marketing says {}, Technology says {}", marketing.name().to_lowercase(), technology.name().to_lowercase())
        })
    }

    /// Who has attested it, in words.
    pub fn words(self) -> String {
        if let Some(split) = self.split() {
            return split;
        }
        if let Some(side) = self.disputed_by() {
            return format!("{} disputes the number", side.name());
        }
        match (self.is_asked, self.marketing, self.technology) {
            (false, ..) => "No value yet".to_owned(),
            (_, Some(_), Some(_)) => "Both attested".to_owned(),
            (_, Some(_), None) => "Technology has not attested".to_owned(),
            (_, None, Some(_)) => "Marketing has not attested".to_owned(),
            (_, None, None) => "Nobody has attested".to_owned(),
        }
    }

    /// For hollow avatars: whose side has not agreed.
    pub fn hollow(self) -> (bool, bool) {
        (!self.agrees(Side::Marketing), !self.agrees(Side::Technology))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_missing_one_is_named() {
        let verdicts = [None, Some(Verdict::Agree), Some(Verdict::Object)];
        let judgements = [None, Some((Health::OnTrack, Health::OnTrack)), Some((Health::AtRisk, Health::OffTrack))];
        let mut seen = 0;
        for marketing in verdicts {
            for technology in verdicts {
                for judged in judgements.into_iter().filter(|judged| judged.is_none() || (marketing.is_some() && technology.is_some())) {
                    let said = Said { is_asked: true, marketing, technology, judged };
                    let expected = match (marketing, technology, judged) {
                        (.., Some((Health::AtRisk, _))) => "Split: Marketing says at risk, Technology says off track",
                        (Some(Verdict::Object), ..) => "Marketing disputes the number",
                        (_, Some(Verdict::Object), _) => "Technology disputes the number",
                        (None, None, _) => "Nobody has attested",
                        (None, ..) => "Marketing has not attested",
                        (_, None, _) => "Technology has not attested",
                        _ => "Both attested",
                    };
                    assert_eq!(said.words(), expected, "{said:?}");
                    assert_eq!(said.is_attested(), marketing == Some(Verdict::Agree) && technology == Some(Verdict::Agree), "{said:?}");
                    assert_eq!(said.hollow(), (marketing != Some(Verdict::Agree), technology != Some(Verdict::Agree)), "{said:?}");
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 17);
        assert_eq!(Said::default().words(), "No value yet");
    }
}
