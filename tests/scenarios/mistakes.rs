//! Scenarios with mistakes: each is told with its place and with what was expected.

use std::path::Path;

use sim::{Scenario, ScenarioError};

use crate::folder;

const GOOD: &str = "name = \"n\"\nstory = \"s\"\nduration = \"1h\"\n";

fn mistake(rest: &str) -> ScenarioError {
    let text = format!("{GOOD}{rest}");
    match Scenario::parse(&text, &folder().join("wrong.toml")) {
        Ok(_) => panic!("this was read: {rest}"),
        Err(error) => error,
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is one table")]
fn every_mistake_is_told_with_line_column_and_what_was_expected() {
    let cases = [
        (
            "colour = \"red\"\n",
            (4, 1),
            "unknown field `colour`, expected one of",
        ),
        (
            "[cell]\nmembres = 3\n",
            (5, 1),
            "unknown field `membres`, expected one of",
        ),
        (
            "[cell]\nmembers = 51\n",
            (5, 11),
            "expected 2 to 50 members",
        ),
        (
            "suite = \"xwing\"\n[cell]\nmembers = 26\n",
            (6, 11),
            "expected 2 to 25 members",
        ),
        (
            "suite = \"rsa\"\n",
            (4, 9),
            "unknown variant `rsa`, expected `x25519` or `xwing`",
        ),
        (
            "[cell]\nnames = [\"alice\", \"alice\"]\n",
            (5, 19),
            "expected a name that nobody else has",
        ),
        ("quiet = \"soon\"\n", (4, 9), "expected one such as `250ms`"),
        (
            "[link]\nloss = \"101%\"\n",
            (5, 8),
            "expected one between `0%` and `100%`",
        ),
        (
            "[link]\npreset = \"pigeon\"\n",
            (5, 10),
            "expected `instant`, `lan`, `home`, `mobile` or `tor`",
        ),
        ("[link]\nlatency = 5\n", (5, 11), "a latency such as"),
        (
            "[link]\nlatency = { file = \"none.txt\" }\n",
            (5, 11),
            "expected a file with one latency per line",
        ),
        (
            "[[links]]\nbetween = [\"alice\", \"zoe\"]\npreset = \"lan\"\n",
            (5, 21),
            "expected somebody of the scenario",
        ),
        (
            "[[event]]\nat = \"25:00\"\ndo = \"heal_network\"\n",
            (5, 6),
            "expected one such as `14:05`",
        ),
        (
            "[[event]]\nat = \"2h\"\ndo = \"heal_network\"\n",
            (5, 6),
            "expected a moment before the end",
        ),
        (
            "[[event]]\nat = \"5m\"\ndo = \"dance\"\n",
            (6, 6),
            "unknown variant `dance`, expected one of",
        ),
        (
            "[[event]]\nat = \"5m\"\ndo = \"say\"\n",
            (6, 6),
            "expected `who` beside this",
        ),
        (
            "[[event]]\nat = \"5m\"\ndo = \"remove\"\nwho = \"bob\"\n",
            (6, 6),
            "expected `whom` beside this",
        ),
        (
            "[[event]]\nat = \"5m\"\ndo = \"part\"\n",
            (6, 6),
            "expected `sides`",
        ),
        (
            "[[event]]\nat = \"5m\"\ndo = \"say\"\nwho = \"zoe\"\n",
            (7, 7),
            "expected somebody of the scenario: alice, bob",
        ),
        (
            "[[peer]]\nname = \"eve\"\nadversary = \"ghost\"\n",
            (6, 13),
            "unknown variant `ghost`, expected one of",
        ),
        ("duration = \"2h\"\n", (4, 1), "duplicate key"),
        ("[cell\n", (4, 6), "expected"),
    ];
    for (rest, (line, column), words) in cases {
        let found = mistake(rest);
        assert_eq!(
            (found.line, found.column),
            (line, column),
            "{found}\n{rest}"
        );
        assert!(found.message.contains(words), "{found}\n{rest}");
        assert!(
            found
                .to_string()
                .contains(&format!("wrong.toml:{line}:{column}: ")),
            "{found}"
        );
    }
}

#[test]
fn a_missing_key_and_a_missing_file_are_told() {
    let nothing =
        Scenario::parse("name = \"n\"\n", Path::new("x.toml")).expect_err("there is no story");
    assert!(
        nothing.message.contains("missing field `story`"),
        "{nothing}"
    );
    let gone = Scenario::read(Path::new("no/such.toml")).expect_err("there is no file");
    assert!(gone.message.contains("cannot be read"), "{gone}");
}
