//! Criteria to start from, by what is being chosen. A template is copied into the decision and may be changed
//! there.

pub struct CriteriaTemplate {
    pub name: &'static str,
    pub title: &'static str,
    /// `(criterion, what it asks, weight)`.
    pub criteria: &'static [(&'static str, &'static str, i64)],
}

pub const TEMPLATES: [CriteriaTemplate; 6] = [
    CriteriaTemplate {
        name: "customer-data-platform",
        title: "Customer data platform",
        criteria: &[
            (
                "One profile",
                "How completely does it join what we know of a customer, and how fast is the profile current?",
                9,
            ),
            (
                "Where the data stays",
                "Does customer data stay where it is governed, or is there one more copy?",
                8,
            ),
            (
                "Consent",
                "Is consent kept per purpose and honoured in every use?",
                8,
            ),
            (
                "Self-service",
                "Can Marketing build an audience without a ticket?",
                7,
            ),
            (
                "Fit with what we run",
                "Does it connect to our channels and our warehouse without custom work?",
                6,
            ),
            (
                "Running it",
                "What does it take to operate, watch and upgrade?",
                5,
            ),
            ("Leaving it", "How do we get our data and our logic out again?", 4),
        ],
    },
    CriteriaTemplate {
        name: "analytics",
        title: "Analytics",
        criteria: &[
            (
                "Questions it answers",
                "Does it answer the questions behind our KPIs, across channels?",
                9,
            ),
            (
                "Trust in the numbers",
                "Are definitions kept once, and can a number be traced to its source?",
                8,
            ),
            ("Self-service", "Can both sides explore without an analyst?", 7),
            (
                "Privacy",
                "Does it work with little personal data, and with consent withheld?",
                7,
            ),
            ("Freshness", "How old are the numbers when they are read?", 5),
            ("Running it", "What does it take to operate and govern?", 5),
        ],
    },
    CriteriaTemplate {
        name: "consent",
        title: "Consent and preferences",
        criteria: &[
            (
                "Lawfulness",
                "Does it meet the law of every market we serve, with proof?",
                10,
            ),
            (
                "Clarity for the customer",
                "Does a customer understand and change a choice in seconds?",
                8,
            ),
            (
                "Reach",
                "Do all channels and tools honour the choice, and how soon?",
                8,
            ),
            ("Speed of the page", "What does it cost every page view?", 5),
            ("Change", "Can wording and purposes change without a release?", 5),
        ],
    },
    CriteriaTemplate {
        name: "crm",
        title: "Customer relationship management",
        criteria: &[
            (
                "Fit with how we work",
                "Does it follow our process without bending it?",
                8,
            ),
            (
                "One memory",
                "Does everybody who meets a customer see the same history?",
                9,
            ),
            (
                "Integration",
                "Does it share customers, cases and consent with what we run?",
                7,
            ),
            ("Adoption", "Will the people who must feed it do so gladly?", 7),
            ("Reporting", "Can we see service and sales beside our KPIs?", 5),
            ("Running it", "Administration, upgrades, roles, audit.", 5),
        ],
    },
    CriteriaTemplate {
        name: "content",
        title: "Content management",
        criteria: &[
            (
                "Speed to publish",
                "How long from an idea to a page in every market?",
                8,
            ),
            ("Reuse", "Is content kept once and used in every channel?", 7),
            (
                "Personal",
                "Can content follow the customer without a second system?",
                6,
            ),
            (
                "Fast and accessible",
                "Are the pages it makes fast, and usable by everybody?",
                8,
            ),
            (
                "Languages and rights",
                "Translation, approval, expiry of rights.",
                6,
            ),
            ("Running it", "Hosting, security, upgrades.", 5),
        ],
    },
    CriteriaTemplate {
        name: "integration",
        title: "Integration",
        criteria: &[
            (
                "Coverage",
                "Does it connect what we have and what we are likely to buy?",
                8,
            ),
            (
                "Reliability",
                "Retries, ordering, no loss, no doubles; and somebody notices.",
                9,
            ),
            ("Security", "Secrets, least rights, encryption, traces.", 8),
            (
                "Speed of change",
                "How long from a request to a running connection?",
                7,
            ),
            ("Skills", "Do we have or find the people?", 5),
            (
                "Leaving it",
                "How much is written in a way only it understands?",
                5,
            ),
        ],
    },
];

pub fn find(name: &str) -> Option<&'static CriteriaTemplate> {
    TEMPLATES.iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_used_as_it_is() {
        for template in &TEMPLATES {
            assert!((2..=12).contains(&template.criteria.len()), "{}", template.name);
            assert!(
                template
                    .criteria
                    .iter()
                    .all(|(_, _, weight)| (1..=10).contains(weight)),
                "{}",
                template.name
            );
            assert!(find(template.name).is_some());
        }
    }
}
