//! A public type has its name alone: whoever searches for it finds one.

use std::{collections::BTreeMap, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    ItemEnum, ItemMod, ItemStruct, ItemTrait, ItemType, Macro, Visibility,
    visit::{self, Visit},
};

use super::arrows::{is_test, root, sources};

/// The public types of a file.
#[derive(Default)]
struct Types(Vec<String>);

impl Types {
    fn of(path: &Path) -> Vec<String> {
        let text = std::fs::read_to_string(path).expect("text");
        let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut types = Self::default();
        types.visit_file(&file);
        types.0
    }

    fn add(&mut self, visibility: &Visibility, name: &syn::Ident) {
        if matches!(visibility, Visibility::Public(_)) {
            self.0.push(name.to_string());
        }
    }

    /// Of a macro that makes types: what follows `pub enum` and `pub struct`.
    fn tokens(&mut self, tokens: TokenStream) {
        let words: Vec<String> = tokens
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Ident(ident) => Some(ident.to_string()),
                _ => None,
            })
            .collect();
        for three in words.windows(3) {
            if three[0] == "pub" && (three[1] == "enum" || three[1] == "struct") {
                self.0.push(three[2].clone());
            }
        }
    }
}

impl<'ast> Visit<'ast> for Types {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_trait(&mut self, item: &'ast ItemTrait) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        self.add(&item.vis, &item.ident);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.tokens(call.tokens.clone());
    }
}

#[test]
fn no_two_public_types_share_a_name() {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let path = file.strip_prefix(root()).expect("below the sources");
        if path.starts_with("tests") || path.ends_with("tests.rs") {
            continue;
        }
        for name in Types::of(&file) {
            found.entry(name).or_default().push(path.display().to_string());
        }
    }
    assert!(found.len() > 500, "{} types were read", found.len());
    found.retain(|_, files| files.len() > 1);
    assert!(found.is_empty(), "{found:#?}");
}
