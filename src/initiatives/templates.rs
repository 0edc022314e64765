//! Where a cross-team can start from: milestones with their checkpoints, questions to decide, numbers to
//! watch. Dates are days after the initiative's start; whoever drives it owns all of it, until they give it
//! away.

pub struct InitiativeTemplate {
    /// In the address.
    pub name: &'static str,
    pub title: &'static str,
    pub purpose: &'static str,
    pub milestones: &'static [MilestoneTemplate],
    pub questions: &'static [QuestionTemplate],
    pub kpis: &'static [Number],
}

pub struct MilestoneTemplate {
    pub title: &'static str,
    pub outcome: &'static str,
    pub due_after: i64,
    /// What is done, and how many days after the start.
    pub steps: &'static [(&'static str, i64)],
}

pub struct QuestionTemplate {
    pub question: &'static str,
    pub context: &'static str,
    pub due_after: i64,
}

pub struct Number {
    pub title: &'static str,
    pub about: &'static str,
    pub unit: &'static str,
    pub should_fall: bool,
}

pub const TEMPLATES: [InitiativeTemplate; 4] = [
    InitiativeTemplate {
        name: "customer-data-platform",
        title: "Customer data platform",
        purpose: "Whoever speaks with a customer sees the same person. Profiles from every source are \
            matched under rules that both sides agreed on, and every use knows what the customer allowed.",
        milestones: &[
            MilestoneTemplate {
                title: "Sources and rules agreed",
                outcome: "Both sides have signed which sources feed the profile, who owns each, and when two \
                    records are one person.",
                due_after: 45,
                steps: &[
                    ("Sources listed, with an owner of each side", 14),
                    ("Match rules written", 28),
                    ("Two hundred profiles checked by hand", 42),
                ],
            },
            MilestoneTemplate {
                title: "First sources in one profile",
                outcome: "Three sources land in one profile within a minute, with the consent that goes with \
                    them.",
                due_after: 120,
                steps: &[
                    ("First source delivers", 60),
                    ("Second source delivers", 80),
                    ("Third source delivers", 100),
                    ("Consent travels with the profile", 115),
                ],
            },
            MilestoneTemplate {
                title: "First use by customers",
                outcome: "One journey reads the profile for real customers, and its number moved for a whole \
                    month.",
                due_after: 200,
                steps: &[
                    ("Journey chosen and measured as it is", 130),
                    ("Journey reads the profile", 165),
                    ("A month of numbers", 198),
                ],
            },
        ],
        questions: &[
            QuestionTemplate {
                question: "Which customer data platform do we build on?",
                context: "Marketing has to ask it questions without help; Technology has to run it and be \
                    able to leave it.",
                due_after: 40,
            },
            QuestionTemplate {
                question: "Where do profiles live, and for how long?",
                context: "The store of events, its retention, and who may query it.",
                due_after: 30,
            },
        ],
        kpis: &[
            Number {
                title: "Match rate of profiles",
                about: "Records that belong to a known person, of all records.",
                unit: "%",
                should_fall: false,
            },
            Number {
                title: "Time from event to profile",
                about: "The slowest of a hundred events, from the source to the profile.",
                unit: "s",
                should_fall: true,
            },
        ],
    },
    InitiativeTemplate {
        name: "consent",
        title: "Consent",
        purpose: "A customer is asked once, in words they understand, and every system knows the answer \
            within minutes.",
        milestones: &[
            MilestoneTemplate {
                title: "Purposes in the customer's words",
                outcome: "Both sides and the lawyers have signed the purposes, each in a sentence a customer \
                    understands.",
                due_after: 40,
                steps: &[
                    ("Purposes listed as they are used today", 10),
                    ("Words tested with customers", 28),
                    ("Purposes signed", 38),
                ],
            },
            MilestoneTemplate {
                title: "One answer for every system",
                outcome: "Every system that writes to customers asks one service, and a withdrawal reaches \
                    all of them within ten minutes.",
                due_after: 120,
                steps: &[
                    ("Systems that write are listed", 50),
                    ("Service answers", 85),
                    ("Withdrawal tested in every system", 115),
                ],
            },
        ],
        questions: &[QuestionTemplate {
            question: "Which consent service do we use?",
            context: "It answers for every channel, keeps proof, and can be left with its proof.",
            due_after: 45,
        }],
        kpis: &[
            Number {
                title: "Customers with a live consent",
                about: "Customers with at least one live purpose, of all customers.",
                unit: "%",
                should_fall: false,
            },
            Number {
                title: "Time until a withdrawal holds",
                about: "The slowest system, from the click to silence.",
                unit: "min",
                should_fall: true,
            },
        ],
    },
    InitiativeTemplate {
        name: "analytics",
        title: "Analytics framework",
        purpose: "Both sides read the same numbers, and whoever has a question about customers answers it \
            without a ticket.",
        milestones: &[
            MilestoneTemplate {
                title: "Common terms",
                outcome: "The terms that both sides use in reports mean the same, and are written where \
                    reports are made.",
                due_after: 45,
                steps: &[
                    ("Terms that differ today listed", 14),
                    ("Terms agreed", 35),
                    ("Reports renamed", 43),
                ],
            },
            MilestoneTemplate {
                title: "Self-service for the first teams",
                outcome: "Two teams answer their ten most frequent questions themselves.",
                due_after: 110,
                steps: &[
                    ("Ten questions per team written down", 55),
                    ("Data for them is open", 85),
                    ("Teams trained", 100),
                ],
            },
        ],
        questions: &[QuestionTemplate {
            question: "Which analytics tool do both sides work in?",
            context: "It has to be usable without code, governed, and fast on our data.",
            due_after: 60,
        }],
        kpis: &[Number {
            title: "Questions answered without a ticket",
            about: "Questions about customers that teams answered themselves, of all that were asked.",
            unit: "%",
            should_fall: false,
        }],
    },
    InitiativeTemplate {
        name: "journey",
        title: "Journey redesign",
        purpose: "One journey that customers complain about is measured as it is, redesigned by both sides, \
            and better in its number.",
        milestones: &[
            MilestoneTemplate {
                title: "The journey as it is",
                outcome: "Both sides agree where customers leave, wait or are asked twice, with numbers.",
                due_after: 30,
                steps: &[("Twenty customers listened to", 14), ("Steps measured", 26)],
            },
            MilestoneTemplate {
                title: "The new journey with a tenth of customers",
                outcome: "A tenth of customers use the new journey, and its number is better for two weeks.",
                due_after: 100,
                steps: &[
                    ("Design signed by both sides", 50),
                    ("Built for a tenth", 80),
                    ("Two weeks of numbers", 98),
                ],
            },
            MilestoneTemplate {
                title: "The new journey for everybody",
                outcome: "Everybody uses it, and the old one is switched off.",
                due_after: 150,
                steps: &[("Rolled out", 130), ("Old journey switched off", 148)],
            },
        ],
        questions: &[QuestionTemplate {
            question: "Do we build the journey on what we have?",
            context: "New technology only where what we have cannot carry it.",
            due_after: 45,
        }],
        kpis: &[
            Number {
                title: "Customers who finish the journey",
                about: "Of those who began it, in the same week.",
                unit: "%",
                should_fall: false,
            },
            Number {
                title: "Complaints about the journey",
                about: "Per thousand who began it.",
                unit: "per 1,000",
                should_fall: true,
            },
        ],
    },
];

pub fn find(name: &str) -> Option<&'static InitiativeTemplate> {
    TEMPLATES.iter().find(|template| template.name == name)
}
