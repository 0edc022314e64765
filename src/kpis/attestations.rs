//! What both owners have said of a KPI's newest value, and how the KPI stands with it.

use super::KpiStatus;
use crate::{
    handshake::{Health, Verdict},
    identity::Side,
    platform::time::Day,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attestations {
    /// By when both are to say something of it; nothing when there is no value to speak of.
    pub due_on: Option<Day>,
    pub marketing: Option<Verdict>,
    pub technology: Option<Verdict>,
    /// Both owners' statuses, once both have given theirs.
    pub judged: Option<(Health, Health)>,
}

impl Attestations {
    /// From what Marketing and Technology said, in this order; a status alone is nobody's business yet.
    pub fn new(
        due_on: Option<Day>,
        [marketing, technology]: [Option<Verdict>; 2],
        [m_status, t_status]: [Option<Health>; 2],
    ) -> Self {
        Self {
            due_on,
            marketing,
            technology,
            judged: m_status.zip(t_status),
        }
    }

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
        Side::BOTH
            .into_iter()
            .find(|side| self.verdict(*side) == Some(Verdict::Object))
    }

    /// "Marketing says at risk, Technology says off track"
    pub fn split(self) -> Option<String> {
        self.judged
            .filter(|(marketing, technology)| marketing != technology)
            .map(|(marketing, technology)| {
                format!(
                    "Marketing says {}, Technology says {}",
                    marketing.name().to_lowercase(),
                    technology.name().to_lowercase()
                )
            })
    }

    /// Who has attested it, in words.
    pub fn label(self) -> String {
        if let Some(split) = self.split() {
            return split;
        }
        if let Some(side) = self.disputed_by() {
            return format!("{} disputes the number", side.name());
        }
        match (self.due_on, self.marketing, self.technology) {
            (None, ..) => "No value yet".to_owned(),
            (_, Some(_), Some(_)) => "Confirmed by both sides".to_owned(),
            (_, Some(_), None) => "Technology has not confirmed it".to_owned(),
            (_, None, Some(_)) => "Marketing has not confirmed it".to_owned(),
            (_, None, None) => "Neither side has confirmed it".to_owned(),
        }
    }

    /// For hollow avatars: whose side has not agreed.
    pub fn hollow(self) -> (bool, bool) {
        (!self.agrees(Side::Marketing), !self.agrees(Side::Technology))
    }
}

/// How a KPI stands: as its numbers say, unless its owners are at odds over them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    ByNumbers(KpiStatus),
    /// An owner says that the number is wrong.
    Disputed,
    /// The number is fine, and the owners see it differently.
    Split,
    /// The number is fine, and for some days an owner should have said so and has not.
    Unattested(i64),
}

/// Order of precedence: no value or an outdated one; disputed by an owner; split; attested late; otherwise
/// what the number says.
pub fn stand(status: KpiStatus, attestations: Attestations, today: Day) -> Stand {
    let late = attestations
        .due_on
        .filter(|_| !attestations.is_attested())
        .map_or(0, |due_on| today.days_since(due_on));
    match status {
        KpiStatus::Outdated(_) => Stand::ByNumbers(status),
        _ if attestations.disputed_by().is_some() => Stand::Disputed,
        KpiStatus::OnTrack(_) | KpiStatus::Recovering(_) | KpiStatus::NoTarget
            if attestations.split().is_some() =>
        {
            Stand::Split
        }
        KpiStatus::OnTrack(_) | KpiStatus::Recovering(_) | KpiStatus::NoTarget if late > 0 => {
            Stand::Unattested(late)
        }
        _ => Stand::ByNumbers(status),
    }
}

impl Stand {
    /// What there is to say of the number beside the word; who has confirmed it stands in
    /// [`Attestations::label`].
    pub fn detail(self) -> Option<String> {
        match self {
            Self::ByNumbers(status) => status.detail(),
            Self::Disputed | Self::Split | Self::Unattested(_) => None,
        }
    }

    /// The worse, the smaller: for putting what needs attention first.
    pub const fn order(self) -> u8 {
        match self {
            Self::ByNumbers(KpiStatus::OffTrack(_)) => 0,
            Self::Disputed => 1,
            Self::ByNumbers(KpiStatus::Outdated(_)) => 2,
            Self::ByNumbers(KpiStatus::AtRisk(_)) => 3,
            Self::Split => 4,
            Self::Unattested(_) => 5,
            Self::ByNumbers(KpiStatus::Recovering(_)) => 6,
            Self::ByNumbers(KpiStatus::NoData) => 7,
            Self::ByNumbers(KpiStatus::NoTarget) => 8,
            Self::ByNumbers(KpiStatus::OnTrack(_)) => 9,
        }
    }

    pub const fn is_fine(self) -> bool {
        matches!(self, Self::ByNumbers(KpiStatus::OnTrack(_)))
    }

    pub const fn needs_attention(self) -> bool {
        matches!(
            self,
            Self::Disputed
                | Self::Split
                | Self::Unattested(_)
                | Self::ByNumbers(KpiStatus::OffTrack(_) | KpiStatus::Outdated(_) | KpiStatus::AtRisk(_))
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_missing_one_is_named() {
        let verdicts = [None, Some(Verdict::Agree), Some(Verdict::Object)];
        let judgements = [
            None,
            Some((Health::OnTrack, Health::OnTrack)),
            Some((Health::AtRisk, Health::OffTrack)),
        ];
        let mut seen = 0;
        for marketing in verdicts {
            for technology in verdicts {
                // Who objects judges nothing, and nobody signs after an objection.
                let both = marketing == Some(Verdict::Agree) && technology == Some(Verdict::Agree);
                if marketing == technology && marketing == Some(Verdict::Object) {
                    continue;
                }
                for judged in judgements.into_iter().filter(|judged| judged.is_some() == both) {
                    let attestations = Attestations {
                        due_on: Some(Day::new(2026, 11, 10)),
                        marketing,
                        technology,
                        judged,
                    };
                    let expected = match (marketing, technology, judged) {
                        (.., Some((Health::AtRisk, _))) => {
                            "Marketing says at risk, Technology says off track"
                        }
                        (Some(Verdict::Object), ..) => "Marketing disputes the number",
                        (_, Some(Verdict::Object), _) => "Technology disputes the number",
                        (None, None, _) => "Neither side has confirmed it",
                        (None, ..) => "Marketing has not confirmed it",
                        (_, None, _) => "Technology has not confirmed it",
                        _ => "Confirmed by both sides",
                    };
                    assert_eq!(attestations.label(), expected, "{attestations:?}");
                    assert_eq!(
                        attestations.is_attested(),
                        marketing == Some(Verdict::Agree) && technology == Some(Verdict::Agree),
                        "{attestations:?}"
                    );
                    assert_eq!(
                        attestations.hollow(),
                        (
                            marketing != Some(Verdict::Agree),
                            technology != Some(Verdict::Agree)
                        ),
                        "{attestations:?}"
                    );
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, 9);
        assert_eq!(Attestations::default().label(), "No value yet");
    }

    #[test]
    fn at_odds_is_never_fine_and_silence_comes_first() {
        let due = Day::new(2026, 11, 10);
        let next_day = |status, attestations| stand(status, attestations, due.plus(1));
        let both = |marketing, technology| Attestations {
            due_on: Some(due),
            marketing: Some(Verdict::Agree),
            technology: Some(Verdict::Agree),
            judged: Some((marketing, technology)),
        };
        let agreed = both(Health::OnTrack, Health::OnTrack);
        let split = both(Health::OnTrack, Health::AtRisk);
        let disputed = Attestations {
            technology: Some(Verdict::Object),
            judged: None,
            ..agreed
        };
        let statuses = [
            KpiStatus::NoData,
            KpiStatus::Outdated(3),
            KpiStatus::NoTarget,
            KpiStatus::OnTrack(101),
            KpiStatus::AtRisk(80),
            KpiStatus::OffTrack(60),
            KpiStatus::Recovering(85),
        ];
        for status in statuses {
            assert_eq!(next_day(status, agreed), Stand::ByNumbers(status));
            let is_silent = matches!(status, KpiStatus::Outdated(_));
            assert_eq!(
                next_day(status, disputed),
                if is_silent {
                    Stand::ByNumbers(status)
                } else {
                    Stand::Disputed
                }
            );
            let half = Attestations {
                technology: None,
                judged: None,
                ..agreed
            };
            let is_fine = matches!(
                status,
                KpiStatus::OnTrack(_) | KpiStatus::Recovering(_) | KpiStatus::NoTarget
            );
            assert_eq!(
                next_day(status, half),
                if is_fine {
                    Stand::Unattested(1)
                } else {
                    Stand::ByNumbers(status)
                }
            );
            assert_eq!(
                stand(status, half, due),
                Stand::ByNumbers(status),
                "not late on its day"
            );
            let found = next_day(status, split);
            assert_eq!(found == Stand::Split, is_fine, "{status:?}");
            assert!(
                !found.is_fine() && found.word() != crate::ui::StatusWord::OnTrack,
                "{status:?}"
            );
            assert!(
                found.needs_attention() || status == KpiStatus::NoData,
                "{status:?}"
            );
        }
        let mut orders: Vec<u8> = statuses
            .map(Stand::ByNumbers)
            .into_iter()
            .chain([Stand::Disputed, Stand::Split, Stand::Unattested(1)])
            .map(Stand::order)
            .collect();
        orders.sort_unstable();
        orders.dedup();
        assert_eq!(orders.len(), 10, "no two are of one weight");
    }
}
