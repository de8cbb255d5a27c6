//! What holds for every file of the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing written by hand.
const MADE: [&str; 5] = [".git", "build", "node_modules", "target", "__pycache__"];

/// Every file of the repository with a name that ends so, and its text.
fn files(ending: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !MADE.contains(&name.as_str()) {
                    open.push(path);
                }
            } else if name.ends_with(ending)
                && let Ok(text) = fs::read_to_string(&path)
            {
                found.push((path.strip_prefix(root).unwrap().to_path_buf(), text));
            }
        }
    }
    assert!(!found.is_empty(), "there are no files that end in {ending:?}");
    found
}

/// Fails with the names of the files that break the rule.
#[track_caller]
fn check(ending: &str, is_right: impl Fn(&Path, &str) -> bool) {
    let wrong: Vec<PathBuf> = files(ending)
        .into_iter()
        .filter_map(|(path, text)| (!is_right(&path, &text)).then_some(path))
        .collect();
    assert_eq!(wrong, Vec::<PathBuf>::new());
}

#[test]
fn each_rust_file_begins_with_its_subject() {
    check(".rs", |_, text| text.starts_with("//! "));
}

#[test]
fn no_rust_file_has_more_than_500_lines() {
    check(".rs", |_, text| text.lines().count() <= 500);
}

#[test]
fn nothing_refers_to_what_lies_beside_the_repository() {
    // The crate `shared` may be meant in a manifest; elsewhere it is named through Cargo.
    let folder = concat!("..", "/shared");
    check("", |path, text| path.ends_with("Cargo.toml") || !text.contains(folder));
}

#[test]
fn bound_numbers_are_divided_as_whole_numbers() {
    // They are doubles on both hosts: a month divided by twelve is no year. The seam's test shows it.
    let shows_it = ["tidy.rs", "platform/native/db.rs"];
    check(".rs", |path, text| shows_it.iter().any(|it| path.ends_with(it)) || !divides_bound(text));
}

/// Whether an SQL text divides a bound number, or by one, without a CAST.
fn divides_bound(text: &str) -> bool {
    let statements = text.split("sql!(").skip(1).filter_map(|it| it.split('"').nth(1));
    statements.flat_map(|it| it.match_indices(['/', '%']).map(move |(at, _)| it.split_at(at))).any(
        |(before, after)| {
            let word = before.trim_end().rsplit([' ', '\n', '(', ',']).next().unwrap_or_default();
            word.starts_with('?') || after[1..].trim_start().starts_with('?')
        },
    )
}

#[test]
fn a_division_of_a_bound_number_is_seen() {
    let wrong = ["month / ?4", "?12 / 12", "sum(earned_month / 12 = ?4 / 12)", "x %?1", "(?2%3)"];
    for it in wrong {
        assert!(divides_bound(&format!("sql!(\"-- t\n SELECT {it}\", a)")), "{it}");
    }
    for it in ["a / CAST(?2 AS INTEGER)", "CAST(?1 AS INTEGER) / 12", "path LIKE '%x' || ?1"] {
        assert!(!divides_bound(&format!("sql!(\"-- t\n SELECT {it}\", a)")), "{it}");
    }
}

#[test]
fn each_rule_of_the_domain_is_cited_by_a_test() {
    let tests: Vec<String> = files(".rs").into_iter().filter_map(tests_of).collect();
    let is_cited = |rule: &str| tests.iter().any(|it| cites(it, rule));
    check("domain.md", |_, text| {
        let untested: Vec<&str> = rules_of(text).into_iter().filter(|it| !is_cited(it)).collect();
        assert_eq!(untested, Vec::<&str>::new(), "rules without a test");
        let known: Vec<&str> = rules_of(text);
        let unwritten = tests.iter().flat_map(|it| cited(it)).filter(|it| !known.contains(&&**it));
        assert_eq!(unwritten.collect::<Vec<_>>(), Vec::<String>::new(), "tests without a rule");
        true
    });
}

#[test]
fn each_rule_of_the_domain_names_its_source_and_a_test() {
    let tests: Vec<String> = files(".rs").into_iter().filter_map(tests_of).collect();
    check("domain.md", |_, text| {
        let wrong: Vec<&str> =
            rules_of(text).into_iter().filter(|it| !is_told(text, it, &tests)).collect();
        assert_eq!(wrong, Vec::<&str>::new(), "rules without a source or a test that there is");
        true
    });
}

#[test]
fn each_lesson_names_a_test_that_there_is() {
    let tests: Vec<String> = files(".rs").into_iter().filter_map(tests_of).collect();
    check("lessons.md", |_, text| {
        let rows: Vec<&str> =
            text.lines().filter_map(|it| it.rsplit_once(" | `")).map(|it| it.1).collect();
        let named = rows.iter().flat_map(|it| it.trim_end_matches("` |").split("`, `"));
        let is_there = |name: &&str| tests.iter().any(|it| it.contains(&format!("fn {name}(")));
        let missing: Vec<&str> = named.filter(|it| !is_there(it)).collect();
        assert_eq!((rows.len(), missing), (21, Vec::new()));
        true
    });
}

/// Whether a rule has one row in the table of sources, with a source and the name of a test.
fn is_told(text: &str, rule: &str, tests: &[String]) -> bool {
    let start = format!("| R-{rule} | ");
    let mut rows = text.lines().filter_map(|it| it.strip_prefix(&start));
    let (Some(row), None) = (rows.next(), rows.next()) else { return false };
    let Some((source, test)) = row.split_once(" | `") else { return false };
    let name = test.trim_end_matches("` |");
    let declared = format!("fn {name}(");
    !source.trim().is_empty()
        && name.starts_with(&format!("r_{}_", rule.to_lowercase().replace('-', "_")))
        && tests.iter().any(|it| it.contains(&declared))
}

#[test]
fn each_rule_of_the_domain_stands_once() {
    check("domain.md", |_, text| {
        assert_eq!(repeated(&rules_of(text)), Vec::<&str>::new(), "numbers that stand twice");
        true
    });
    let rules = concat!("**R-", "A-1** x **R-", "A-2** y **R-", "A-1 Again.** z");
    assert_eq!(repeated(&rules_of(rules)), ["A-1"]);
}

/// The rules that stand more than once.
fn repeated<'a>(rules: &[&'a str]) -> Vec<&'a str> {
    let before = |place: usize, rule: &&str| rules[..place].contains(rule);
    let each = rules.iter().enumerate();
    each.filter_map(|(place, rule)| before(place, rule).then_some(*rule)).collect()
}

/// The ids that stand in bold: `**R-CLICK-1**`, perhaps with the rule's title after the id.
fn rules_of(text: &str) -> Vec<&str> {
    let ids = text.split("**R-").skip(1).filter_map(|it| it.split(['*', ' ', '.', ':']).next());
    ids.filter(|it| !it.is_empty()).collect()
}

/// The part of a file that is tests: all of it, or what follows the mark of its tests.
fn tests_of((path, text): (PathBuf, String)) -> Option<String> {
    let mark = concat!("#[cfg", "(test)]");
    if let Some(start) = text.find(mark) {
        return text.get(start..).map(str::to_owned);
    }
    let is_test = path.starts_with("tests") || text.contains("test]\n");
    is_test.then_some(text)
}

/// Whether a test's name begins with the rule's id: `r_click_3_…` for R-CLICK-3.
fn cites(text: &str, rule: &str) -> bool {
    text.contains(&format!("fn r_{}_", rule.to_lowercase().replace('-', "_")))
}

/// The rules that a text's tests are named for.
fn cited(text: &str) -> Vec<String> {
    let names = text.split(concat!("fn ", "r_")).skip(1);
    let rules = names.filter_map(|it| {
        let mut words = it.split(['_', '(']);
        let (subject, number) = (words.next()?, words.next()?);
        number.parse::<u32>().ok().map(|number| format!("{}-{number}", subject.to_uppercase()))
    });
    rules.collect()
}

#[test]
fn a_rule_is_told_by_one_row_with_a_source_and_a_test() {
    let tests = [concat!("fn ", "r_a_1_holds() {}").to_owned()];
    let row = concat!("| R-", "A-1 | design | `r_a_1_holds` |");
    assert!(is_told(row, "A-1", &tests));
    assert!(!is_told(&format!("{row}\n{row}"), "A-1", &tests));
    for wrong in ["", "| R-A-1 |  | `r_a_1_holds` |", "| R-A-1 | design | `r_a_1_is_gone` |"] {
        assert!(!is_told(wrong, "A-1", &tests), "{wrong}");
    }
}

#[test]
fn a_rule_is_cited_by_its_whole_id() {
    let rules = concat!("**R-", "A-1** x **R-", "A-12 Title.** y");
    assert_eq!(rules_of(rules), ["A-1", "A-12"]);
    assert!(cites(concat!("async fn ", "r_a_1_holds() {}"), "A-1"));
    assert!(!cites(concat!("async fn ", "r_a_12_holds() {}"), "A-1"));
}
