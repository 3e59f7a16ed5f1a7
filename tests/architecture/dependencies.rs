//! What may come into the tree of dependencies, by `deny.toml`: licences, sources, and crates that are kept out. It asks
//! cargo alone, so it runs everywhere; whether somebody has reported a hole is for `cargo deny check advisories`.

use std::fs;
use std::process::Command;

use crate::tree::root;

#[test]
fn every_licence_is_one_that_we_allow() {
    let allowed = listed("[licenses]", "allow = [");
    assert!(allowed.contains(&"MIT".to_owned()));
    let wrong: Vec<String> = outside()
        .into_iter()
        .filter(|package| !Licence::holds(&package.licence, &allowed))
        .map(|package| format!("{}: {}", package.name, package.licence))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn everything_comes_from_the_one_registry_and_nothing_that_is_kept_out() {
    let banned = listed("[bans]", "deny = [");
    assert!(banned.contains(&"libp2p-kad".to_owned()));
    let packages = outside();
    assert!(packages.len() > 100, "the whole tree is looked at");
    for package in packages {
        // Only what does not come from the registry has its source beside its version.
        assert!(!package.elsewhere, "{}", package.name);
        assert!(!banned.contains(&package.name), "{}", package.name);
    }
}

#[test]
fn licences_are_read_as_they_are_meant() {
    let allowed = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
    for (licence, holds) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("GPL-3.0 AND MIT", false),
        ("MIT AND (GPL-3.0 OR Zlib)", true),
        ("(MIT OR GPL-3.0) AND GPL-2.0", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
        ("Apache-2.0", false),
        ("", false),
    ] {
        assert_eq!(Licence::holds(licence, &allowed), holds, "{licence}");
    }
}

struct Package {
    name: String,
    licence: String,
    elsewhere: bool,
}

/// Every package of the tree that is not ours, for the machine we are on: what is built, not all that might be.
fn outside() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--workspace", "--locked", "--prefix=none"])
        .args(["--edges=normal,build,dev", "--format={p}\t{l}\t"])
        .output()
        .expect("cargo answers");
    let text = String::from_utf8(output.stdout).expect("a tree is text");
    let ours = format!("({}", root().display());
    let lines = text.lines().filter(|line| line.contains('\t'));
    lines
        .filter(|line| !line.contains(&ours))
        .map(|line| {
            let mut fields = line.split('\t');
            let named = fields.next().unwrap_or_default();
            let name = named.split(' ').next().unwrap_or_default();
            Package {
                name: name.to_owned(),
                licence: fields.next().unwrap_or_default().to_owned(),
                elsewhere: named.replace(" (proc-macro)", "").contains('('),
            }
        })
        .collect()
}

/// The quoted words of a list in a section of `deny.toml`.
fn listed(section: &str, list: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("deny.toml")).expect("deny.toml can be read");
    let (_, after) = text.split_once(section).expect("the section is there");
    let (_, after) = after
        .split_once(&format!("\n{list}"))
        .expect("the list is there");
    let (inside, _) = after.split_once("\n]").expect("the list ends");
    let lines = inside.lines().filter(|line| !line.trim().starts_with('#'));
    lines
        .filter_map(|line| Some(line.split('"').nth(1)?.to_owned()))
        .collect()
}

/// An SPDX expression, as far as crates use it: OR, AND, WITH and parentheses. A slash is an old OR.
struct Licence {
    words: Vec<String>,
    at: usize,
}

impl Licence {
    fn holds(text: &str, allowed: &[String]) -> bool {
        let text = text
            .replace('/', " OR ")
            .replace('(', " ( ")
            .replace(')', " ) ");
        let words = text.split_whitespace().map(str::to_owned).collect();
        let mut licence = Self { words, at: 0 };
        licence.either(allowed) && licence.at == licence.words.len()
    }

    fn next_is(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(found);
        found
    }

    fn either(&mut self, allowed: &[String]) -> bool {
        let mut holds = self.all(allowed);
        while self.next_is("OR") {
            holds |= self.all(allowed);
        }
        holds
    }

    fn all(&mut self, allowed: &[String]) -> bool {
        let mut holds = self.one(allowed);
        while self.next_is("AND") {
            holds &= self.one(allowed);
        }
        holds
    }

    fn one(&mut self, allowed: &[String]) -> bool {
        if self.next_is("(") {
            let holds = self.either(allowed);
            return self.next_is(")") && holds;
        }
        let Some(mut name) = self.words.get(self.at).cloned() else {
            return false;
        };
        self.at += 1;
        if self.next_is("WITH") {
            let exception = self.words.get(self.at).cloned().unwrap_or_default();
            self.at += 1;
            name = format!("{name} WITH {exception}");
        }
        allowed.contains(&name)
    }
}
