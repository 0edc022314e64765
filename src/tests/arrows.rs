//! Which folder may import which, and that no files import each other in a circle. The sources are read as
//! syntax, so an import counts wherever it stands: in a `use`, in a path, inside a view.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ItemMod, ItemUse, Macro, UseTree,
    visit::{self, Visit},
};

/// Every folder and what it may import, from the ground up: each names only folders that stand above it here.
const ARROWS: &[(&str, &[&str])] = &[
    ("platform", &[]),
    ("ui", &["platform"]),
    ("waits", &["platform", "ui"]),
    ("identity", &["platform", "ui"]),
    ("reminders", &["platform", "identity"]),
    ("comments", &["platform", "ui", "identity"]),
    ("rounds", &["platform", "ui", "identity", "reminders"]),
    ("handshake", &["platform", "ui", "identity", "reminders"]),
    ("members", &["platform", "ui", "identity"]),
    ("accounts", &["platform", "ui", "identity", "members"]),
    ("history", &["platform", "ui", "identity", "members"]),
    ("search", &["platform", "ui", "identity"]),
    (
        "technologies",
        &["platform", "ui", "identity", "handshake", "members"],
    ),
    (
        "sources",
        &[
            "platform",
            "ui",
            "identity",
            "reminders",
            "handshake",
            "members",
            "technologies",
        ],
    ),
    (
        "access",
        &[
            "platform",
            "ui",
            "waits",
            "identity",
            "comments",
            "reminders",
            "handshake",
            "sources",
        ],
    ),
    (
        "milestones",
        &[
            "platform",
            "ui",
            "waits",
            "identity",
            "comments",
            "reminders",
            "handshake",
            "members",
            "access",
        ],
    ),
    (
        "kpis",
        &[
            "platform",
            "ui",
            "identity",
            "comments",
            "reminders",
            "handshake",
            "members",
            "milestones",
        ],
    ),
    (
        "definition",
        &[
            "platform",
            "ui",
            "identity",
            "reminders",
            "comments",
            "rounds",
            "handshake",
            "kpis",
        ],
    ),
    (
        "decisions",
        &[
            "platform",
            "ui",
            "identity",
            "comments",
            "reminders",
            "rounds",
            "handshake",
            "members",
            "technologies",
            "milestones",
            "kpis",
            "definition",
        ],
    ),
    (
        "initiatives",
        &[
            "platform",
            "ui",
            "identity",
            "comments",
            "handshake",
            "members",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "reminders",
        ],
    ),
    (
        "capacity",
        &[
            "platform",
            "ui",
            "identity",
            "reminders",
            "handshake",
            "initiatives",
        ],
    ),
    (
        "goals",
        &[
            "platform",
            "ui",
            "identity",
            "members",
            "access",
            "sources",
            "kpis",
            "initiatives",
        ],
    ),
    (
        "attention",
        &[
            "platform",
            "ui",
            "identity",
            "handshake",
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "initiatives",
            "goals",
            "capacity",
            "sources",
        ],
    ),
    (
        "reviews",
        &[
            "platform",
            "ui",
            "identity",
            "reminders",
            "handshake",
            "members",
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "initiatives",
            "goals",
            "capacity",
            "attention",
            "sources",
        ],
    ),
    (
        "desk",
        &[
            "platform",
            "ui",
            "identity",
            "comments",
            "rounds",
            "handshake",
            "members",
            "technologies",
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "reminders",
            "initiatives",
            "capacity",
            "reviews",
            "sources",
        ],
    ),
    (
        "overview",
        &[
            "platform",
            "ui",
            "identity",
            "handshake",
            "members",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "initiatives",
            "goals",
            "history",
            "rounds",
            "attention",
            "desk",
            "reviews",
            "sources",
        ],
    ),
    (
        "letters",
        &[
            "platform",
            "ui",
            "identity",
            "comments",
            "reminders",
            "attention",
            "reviews",
            "desk",
            "overview",
        ],
    ),
    (
        "handovers",
        &[
            "platform",
            "ui",
            "identity",
            "members",
            "technologies",
            "milestones",
            "kpis",
            "decisions",
            "initiatives",
            "goals",
            "reviews",
            "sources",
            "access",
        ],
    ),
    (
        "demo",
        &[
            "platform",
            "ui",
            "identity",
            "rounds",
            "handshake",
            "members",
            "accounts",
            "technologies",
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "initiatives",
            "capacity",
            "goals",
            "desk",
            "handovers",
            "reviews",
            "sources",
        ],
    ),
    (
        "commands",
        &[
            "platform",
            "identity",
            "handshake",
            "members",
            "accounts",
            "access",
            "milestones",
            "kpis",
            "definition",
            "decisions",
            "initiatives",
            "technologies",
            "desk",
            "demo",
            "reviews",
            "letters",
            "sources",
        ],
    ),
];

/// The folder of a module of the product: `kpis` for `handshake::kpis::read`; none for the tests and for
/// files beside the folders.
pub fn folder_of(module: &'static str) -> Option<&'static str> {
    let folder = module.split("::").nth(1)?;
    ARROWS
        .iter()
        .map(|(known, _)| *known)
        .find(|known| *known == folder)
}

pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

pub(super) fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path())
    {
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The paths that a file names, as lists of segments that begin with `crate`, `super`, `self` or the name of
/// an import.
#[derive(Default)]
struct Names(Vec<Vec<String>>);

pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .meta
                .require_list()
                .is_ok_and(|list| list.tokens.to_string().trim() == "test")
    })
}

impl Names {
    fn of(path: &Path) -> Vec<Vec<String>> {
        let text = std::fs::read_to_string(path).expect("text");
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut names = Self::default();
        names.visit_file(&file);
        names.0
    }

    fn tree(&mut self, prefix: &[String], tree: &UseTree) {
        let with = |name: String| prefix.iter().cloned().chain([name]).collect::<Vec<_>>();
        match tree {
            UseTree::Path(path) => self.tree(&with(path.ident.to_string()), &path.tree),
            UseTree::Name(name) if name.ident == "self" => self.0.push(prefix.to_vec()),
            UseTree::Name(name) => self.0.push(with(name.ident.to_string())),
            UseTree::Rename(rename) => self.0.push(with(rename.ident.to_string())),
            UseTree::Glob(_) => self.0.push(prefix.to_vec()),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(prefix, item)),
        }
    }

    /// A macro's tokens are no syntax yet: `a::b::c` is read from identifiers with two colons between.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) if colons == 2 || path.is_empty() => {
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() => colons += 1,
                other => {
                    self.0.push(std::mem::take(&mut path));
                    colons = 0;
                    match other {
                        TokenTree::Ident(ident) => path.push(ident.to_string()),
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        _ => {}
                    }
                }
            }
        }
        self.0.push(path);
    }
}

impl<'ast> Visit<'ast> for Names {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.push(
            path.segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect(),
        );
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }
}

#[test]
fn folders_import_only_what_they_may() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> = ARROWS
        .iter()
        .map(|(folder, targets)| (*folder, targets.iter().copied().collect()))
        .collect();
    for (index, (folder, targets)) in ARROWS.iter().enumerate() {
        for target in *targets {
            let stands_below = ARROWS[..index].iter().any(|(below, _)| below == target);
            assert!(
                stands_below,
                "{folder} may not import {target}: it stands at the same height or higher"
            );
        }
    }
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(root())
        .expect("the sources")
        .flatten()
        .filter(|entry| entry.path().is_dir())
    {
        let folder = entry.file_name().to_string_lossy().into_owned();
        if folder == "tests" {
            continue;
        }
        let allowed = allowed
            .get(folder.as_str())
            .unwrap_or_else(|| panic!("{folder} is not in the list of arrows"));
        let mut files = Vec::new();
        sources(&entry.path(), &mut files);
        for file in files.iter().filter(|file| !file.ends_with("tests.rs")) {
            for name in Names::of(file) {
                let Some(target) = name.get(usize::from(name.first().is_some_and(|first| first == "crate")))
                else {
                    continue;
                };
                let is_absolute = name.first().is_some_and(|first| first == "crate");
                if !is_absolute || *target == folder || !root().join(target).is_dir() {
                    continue;
                }
                if !allowed.contains(target.as_str()) {
                    wrong.push(format!("{} imports {}", file.display(), name.join("::")));
                }
                found.entry(folder.clone()).or_default().insert(target.clone());
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let unused: Vec<(&str, &str)> = ARROWS
        .iter()
        .flat_map(|(folder, targets)| targets.iter().map(|target| (*folder, *target)))
        .filter(|(folder, target)| !found.get(*folder).is_some_and(|found| found.contains(*target)))
        .collect();
    assert_eq!(
        unused,
        Vec::new(),
        "arrows that nothing uses any more: take them from the list"
    );
}

/// The file that a path of segments leads to, seen from a file: as deep as there are files.
fn target(from: &Path, name: &[String]) -> Option<PathBuf> {
    let is_module = from.file_name().is_some_and(|name| name == "mod.rs");
    let folder = if is_module {
        from.parent()?.to_path_buf()
    } else {
        from.with_extension("")
    };
    let (mut at, rest) = match name.first()?.as_str() {
        "crate" => (root(), &name[1..]),
        "self" => (folder, &name[1..]),
        "super" => {
            let ups = name.iter().take_while(|segment| *segment == "super").count();
            let mut at = folder;
            for _ in 0..ups {
                at = at.parent()?.to_path_buf();
            }
            (at, &name[ups..])
        }
        _ => return None,
    };
    let mut found = None;
    for segment in rest {
        at = at.join(segment);
        let (file, module) = (at.with_extension("rs"), at.join("mod.rs"));
        match [file, module].into_iter().find(|path| path.is_file()) {
            Some(path) => found = Some(path),
            None => break,
        }
    }
    found
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    files.retain(|file| !file.starts_with(root().join("tests")) && !file.ends_with("tests.rs"));
    // A module's face only hands on what its files define, so an import of the face is no arrow to it.
    let arrows: BTreeMap<PathBuf, BTreeSet<PathBuf>> = files
        .iter()
        .map(|file| {
            let targets = Names::of(file)
                .iter()
                .filter_map(|name| target(file, name))
                .filter(|to| to != file)
                .collect();
            (file.clone(), targets)
        })
        .collect();
    let is_face = |path: &Path| path.ends_with("mod.rs") || path.ends_with("lib.rs");
    let mut edges = Vec::new();
    for (from, targets) in arrows.iter().filter(|(from, _)| !is_face(from)) {
        edges.extend(
            targets
                .iter()
                .filter(|to| !is_face(to))
                .map(|to| (from.as_path(), to.as_path())),
        );
    }
    for (from, to) in &edges {
        if let Some(circle) = crate::platform::graph::find_path(&edges, *to, *from) {
            panic!("{} is in a circle of files: {circle:?}", from.display());
        }
    }
}

/// What pages are made of; everything else is rules, reading or writing, which know no colour.
const SHOWN: &[&str] = &[
    "attention",
    "components",
    "health",
    "islands",
    "page",
    "timeline",
    "tones",
];

#[test]
fn rules_know_no_colour() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let is_shown = |file: &Path| {
        file.starts_with(root().join("ui"))
            || file.starts_with(root().join("tests"))
            || file
                .with_extension("")
                .components()
                .any(|part| SHOWN.iter().any(|shown| part.as_os_str() == *shown))
    };
    let coloured: Vec<String> = files
        .iter()
        .filter(|file| !is_shown(file))
        .filter(|file| Names::of(file).iter().flatten().any(|name| name == "Tone"))
        .map(|file| file.display().to_string())
        .collect();
    assert_eq!(coloured, Vec::<String>::new());
}
