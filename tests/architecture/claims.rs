//! Every claim that the threat model makes names the test that holds it, and that test exists.
//!
//! The register is a table in `docs/THREAT_MODEL.md` with the columns `id | claim | held by`. A test is written
//! `` `crate::path::test_name` `` or `` `tests/file.rs::test_name` ``; several are separated by commas.

use std::collections::BTreeSet;
use std::fs;

use crate::tree::{TextFile, root, rust_files};

const HEADER: [&str; 3] = ["id", "claim", "held by"];

#[test]
fn every_claim_is_held_by_a_test() {
    let path = root().join("docs/THREAT_MODEL.md");
    let text = fs::read_to_string(path).expect("docs/THREAT_MODEL.md can be read");
    let wrong = problems(&register(&text), &rust_files());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// One row of the register.
struct Claim {
    id: String,
    claim: String,
    held_by: Vec<String>,
}

/// Reads every table with our header.
fn register(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let Some(row) = line.trim().strip_prefix('|') else {
            inside = false;
            continue;
        };
        let cells: Vec<&str> = row
            .trim_end_matches('|')
            .split('|')
            .map(str::trim)
            .collect();
        let lower: Vec<String> = cells.iter().map(|cell| cell.to_lowercase()).collect();
        if lower == HEADER {
            inside = true;
        } else if inside
            && !row.trim_start().starts_with("--")
            && !row.trim_start().starts_with(":-")
        {
            claims.push(Claim {
                id: cells.first().copied().unwrap_or_default().to_owned(),
                claim: cells.get(1).copied().unwrap_or_default().to_owned(),
                held_by: cells
                    .get(2..)
                    .unwrap_or_default()
                    .iter()
                    .flat_map(|cell| quoted(cell))
                    .collect(),
            });
        }
    }
    claims
}

/// What stands between back-ticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn problems(claims: &[Claim], files: &[TextFile]) -> Vec<String> {
    let mut wrong = Vec::new();
    if claims.is_empty() {
        wrong.push(format!("no table `{}` was found", HEADER.join(" | ")));
    }
    let mut seen = BTreeSet::new();
    for Claim { id, claim, held_by } in claims {
        if id.is_empty() || !seen.insert(id) {
            wrong.push(format!("`{id}` is empty or used twice"));
        }
        if claim.is_empty() {
            wrong.push(format!("{id} claims nothing"));
        }
        if held_by.is_empty() {
            wrong.push(format!("{id} names no test"));
        }
        for test in held_by.iter().filter(|test| !exists(test, files)) {
            wrong.push(format!(
                "{id} is said to be held by {test}, which is not there"
            ));
        }
    }
    wrong
}

/// Whether there is a test of that name in the named crate or file.
fn exists(test: &str, files: &[TextFile]) -> bool {
    let Some((place, name)) = test.rsplit_once("::") else {
        return false;
    };
    let inside = |file: &&TextFile| {
        let top = place.split("::").next().unwrap_or_default();
        if place.contains('/') {
            file.path == place
        } else {
            file.path.starts_with(&format!("crates/{top}/"))
                || file.path.starts_with(&format!("tests/{top}/"))
        }
    };
    files
        .iter()
        .filter(inside)
        .any(|file| has_test(&file.text, name))
}

/// Whether `text` defines `name` as a test, and not as one that is left out.
fn has_test(text: &str, name: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let defined = format!("fn {name}(");
    lines.iter().enumerate().any(|(index, line)| {
        let mut attributes = lines[..index]
            .iter()
            .rev()
            .take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        line.contains(&defined)
            && attributes.clone().any(|line| marks_a_test(line))
            && !attributes.any(|line| line.contains("#[ignore"))
    })
}

/// `#[test]`, and `#[tokio::test]` with or without arguments.
fn marks_a_test(attribute: &str) -> bool {
    attribute.contains("test]") || attribute.contains("::test(")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Vec<TextFile> {
        let file = |path: &str, text: &str| TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        vec![
            file(
                "crates/group/src/roster.rs",
                "#[test]\nfn removed_member_reads_nothing() {}\nfn helper() {}\n",
            ),
            file(
                "tests/privacy/main.rs",
                "#[test]\n#[ignore]\nfn left_out() {}\n#[test]\nfn logs_are_clean() {}\n",
            ),
            file(
                "tests/desktop/traces.rs",
                "#[tokio::test(flavor = \"multi_thread\")]\nasync fn nothing_is_left() {}\n",
            ),
        ]
    }

    fn check(rows: &str) -> Vec<String> {
        let text = format!("# Claims\n\n| id | claim | held by |\n|---|---|---|\n{rows}\nend\n");
        problems(&register(&text), &tree())
    }

    #[test]
    fn a_register_in_order_passes() {
        let rows = "| C1 | a | `group::roster::removed_member_reads_nothing` |\n\
                    | C2 | b | `tests/privacy/main.rs::logs_are_clean`, `group::removed_member_reads_nothing` |\n\
                    | C3 | c | `tests/desktop/traces.rs::nothing_is_left` |";
        assert_eq!(check(rows), Vec::<String>::new());
    }

    #[test]
    fn a_claim_that_nothing_holds_is_found() {
        for row in [
            "| C1 | a | |",
            "| C1 | a | by design |",
            "| C1 | a | `group::roster::gone` |",
            "| C1 | a | `group::roster::helper` |",
            "| C1 | a | `crypto::removed_member_reads_nothing` |",
            "| C1 | a | `tests/privacy/main.rs::left_out` |",
            "| C1 | | `tests/privacy/main.rs::logs_are_clean` |",
        ] {
            assert_eq!(check(row).len(), 1, "{row}");
        }
        let twice = "| C1 | a | `tests/privacy/main.rs::logs_are_clean` |\n| C1 | a | `tests/privacy/main.rs::logs_are_clean` |";
        assert_eq!(check(twice).len(), 1);
    }

    #[test]
    fn an_empty_register_is_found() {
        assert_eq!(check("").len(), 1);
        assert_eq!(problems(&register("no table"), &tree()).len(), 1);
    }
}
