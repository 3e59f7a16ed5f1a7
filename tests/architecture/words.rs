//! What no text in the repository may say: where on somebody's machine it was made.

use crate::tree::text_files;

/// Where people and builders keep their files. In two parts so that this file passes its own check.
const HOMES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
];

#[test]
fn no_text_names_a_folder_of_the_machine_it_was_made_on() {
    let mut wrong = Vec::new();
    for file in text_files() {
        for (index, line) in file.text.lines().enumerate() {
            if names_a_home(line) {
                wrong.push(format!("{}:{}: {}", file.path, index + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether an absolute path into a home stands in the line. A folder of that name inside another is none.
fn names_a_home(line: &str) -> bool {
    HOMES.iter().any(|home| {
        line.match_indices(home).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            !before.is_some_and(|c| c.is_alphanumeric() || "._-*}".contains(c))
        })
    })
}

#[test]
fn only_an_absolute_path_is_a_home() {
    assert!(names_a_home(concat!("see \"/ho", "me/alice/notes\"")));
    assert!(names_a_home(concat!("/ro", "ot/.cargo")));
    assert!(!names_a_home(concat!("crates/wo", "rk/src")));
    assert!(!names_a_home("a homely workshop"));
}
