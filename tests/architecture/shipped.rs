//! What is never in a build that ships: the mistakes that tests plant in the core (`crates/group/src/mutants.rs`).

use std::process::Command;

use serde_json::Value;

use crate::tree::root;

const FEATURE: &str = "mutants";

/// The programs, and with which features people and tests build them.
const PROGRAMS: &[(&str, &str)] = &[
    ("cli", ""),
    ("cli", "testing"),
    ("desktop", ""),
    ("desktop", "testing"),
    ("devbridge", ""),
];

/// Crates that may have a feature of that name at all.
const OWNERS: &[&str] = &["group", "proto", "tests"];

fn cargo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(args)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).expect("cargo writes text")
}

/// Our crates in what cargo would build, each with its features.
fn built(program: &str, features: &str) -> Vec<String> {
    let tree = cargo(&[
        "tree",
        "--package",
        program,
        "--features",
        features,
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p} {f}",
    ]);
    let ours = root().to_string_lossy().into_owned();
    let lines = tree.lines().filter(|line| line.contains(&ours));
    lines.map(str::to_owned).collect()
}

#[test]
fn no_program_is_built_with_planted_mistakes() {
    for (program, features) in PROGRAMS {
        let crates = built(program, features);
        for core in ["proto", "group"] {
            let starts = format!("{core} v");
            assert!(
                crates.iter().any(|line| line.starts_with(&starts)),
                "{program} has no {core}: {crates:?}"
            );
        }
        let wrong: Vec<&String> = crates
            .iter()
            .filter(|line| line.contains(FEATURE))
            .collect();
        assert!(wrong.is_empty(), "{program} {features}: {wrong:?}");
    }
}

#[test]
fn what_cargo_says_of_features_is_understood() {
    let tree = cargo(&[
        "tree",
        "--package",
        "proto",
        "--features",
        FEATURE,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p} {f}",
    ]);
    let has = |name: &str| {
        let mut lines = tree.lines();
        lines.any(|line| line.starts_with(&format!("{name} v")) && line.contains(FEATURE))
    };
    assert!(has("proto") && has("group"), "{tree}");
}

#[test]
fn only_tests_ask_for_planted_mistakes() {
    let metadata = cargo(&["metadata", "--format-version=1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().expect("a package has a name");
        let features = package["features"].as_object().expect("a map of features");
        for (feature, what) in features {
            let allowed = feature == FEATURE && OWNERS.contains(&name);
            if (feature == FEATURE || what.to_string().contains(FEATURE)) && !allowed {
                wrong.push(format!("the feature {feature} of {name}"));
            }
        }
        let dependencies = package["dependencies"].as_array().expect("a list");
        for dependency in dependencies {
            if dependency["features"].to_string().contains(FEATURE) {
                wrong.push(format!("{name}, of {}", dependency["name"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
