//! The files of the repository, and the rules about where they are.

use std::fs;
use std::path::{Path, PathBuf};

/// All that may stand at the top, ever (ARCHITECTURE, *The top of the repository*).
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".git",
    ".gitignore",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "src-tauri",
    "target",
    "tests",
    "ui",
];

/// Folders that hold what machines made.
const GENERATED: &[&str] = &[".git", "target", "node_modules", "dist"];

#[test]
fn nothing_else_stands_at_the_top() {
    let entries = fs::read_dir(root()).expect("the repository can be listed");
    let wrong: Vec<String> = entries
        .map(|entry| entry.expect("an entry can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| !TOP.contains(&name.as_str()))
        .collect();
    assert!(wrong.is_empty(), "not at the top: {}", wrong.join(", "));
}

#[test]
fn no_module_lives_in_a_file_called_mod() {
    let wrong: Vec<String> = rust_files()
        .into_iter()
        .filter(|file| file.path.ends_with("/mod.rs"))
        .map(|file| file.path)
        .collect();
    assert!(
        wrong.is_empty(),
        "foo.rs + foo/ instead: {}",
        wrong.join(", ")
    );
}

#[test]
fn the_walk_finds_the_tree() {
    let files = rust_files();
    for known in ["crates/model/src/lib.rs", "tests/architecture/tree.rs"] {
        assert!(
            files.iter().any(|file| file.path == known),
            "{known} was not found"
        );
    }
    assert!(!files.iter().any(|file| file.path.starts_with("target/")));
}

/// One text file.
pub(crate) struct TextFile {
    /// From the top of the repository, with `/`.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

impl TextFile {
    /// Whether the file exists only for tests.
    pub(crate) fn is_test(&self) -> bool {
        let under_tests = self.path.split('/').any(|part| part == "tests");
        under_tests || self.path.ends_with("tests.rs") || self.path.contains("/benches/")
    }

    /// The part that ships: all above the module of unit tests.
    pub(crate) fn shipped(&self) -> &str {
        let end = self.text.find("#[cfg(test)]\nmod tests {");
        &self.text[..end.unwrap_or(self.text.len())]
    }
}

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the repository")
}

/// Every Rust file of ours.
pub(crate) fn rust_files() -> Vec<TextFile> {
    let mut files = text_files();
    files.retain(|file| file.path.ends_with(".rs"));
    files
}

/// Every file of ours that is text.
pub(crate) fn text_files() -> Vec<TextFile> {
    let mut paths = Vec::new();
    walk(root(), &mut paths);
    paths.sort();
    paths
        .into_iter()
        .filter_map(|path| {
            let text = fs::read_to_string(&path).ok()?;
            let path = path.strip_prefix(root()).expect("the walk stays inside");
            let path = path.to_string_lossy().replace('\\', "/");
            Some(TextFile { path, text })
        })
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let entry = entry.expect("an entry can be read");
        let name = entry.file_name();
        let kind = entry.file_type().expect("an entry has a type");
        if kind.is_dir() && !GENERATED.iter().any(|skip| name == *skip) {
            walk(&entry.path(), found);
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
}
