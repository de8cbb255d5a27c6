//! Every statement of the service, found in its sources and tried on the schema of the migrations.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::Db;

/// Where a statement stands, and its text.
struct Found {
    file: PathBuf,
    function: String,
    sql: String,
}

impl Found {
    /// What its first line must be: the module, and the function that it stands in.
    fn head(&self) -> String {
        let stem = self.file.file_stem().unwrap().to_str().unwrap();
        let folder = self.file.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let module = if stem == "mod" { folder } else { stem };
        format!("-- {module}::{}", self.function)
    }
}

/// The statements of a source, up to where its tests begin.
fn statements(file: &Path) -> Vec<Found> {
    let source = fs::read_to_string(file).unwrap();
    let code = source.split("#[cfg(test)]\nmod tests").next().unwrap();
    let calls = code.match_indices("sql!(").filter(|(at, _)| !is_comment(code, *at));
    calls
        .map(|(at, mark)| Found {
            file: file.into(),
            function: function(&code[..at]),
            sql: literal(code[at + mark.len()..].trim_start())
                .unwrap_or_else(|| panic!("{}: not a literal", file.display())),
        })
        .collect()
}

fn is_comment(code: &str, at: usize) -> bool {
    code[..at].lines().last().is_some_and(|it| it.trim_start().starts_with("//"))
}

/// The function that was begun last.
fn function(code: &str) -> String {
    let (_, rest) = code.rsplit_once("fn ").unwrap_or_default();
    rest.split(['(', '<']).next().unwrap_or_default().into()
}

/// The text of a literal that the code begins with.
fn literal(code: &str) -> Option<String> {
    let mut chars = code.strip_prefix('"')?.chars();
    let mut text = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(text),
            '\\' => match chars.next()? {
                'n' => text.push('\n'),
                '\n' => chars = chars.as_str().trim_start().chars(),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
}

/// The sources that are not tests as a whole.
fn sources() -> Vec<PathBuf> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() && !path.ends_with("tests") && !path.ends_with("histories") {
            open.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
        } else if !["bench.rs", "histories", "sql.rs", "statements.rs", "tests", "tests.rs"]
            .iter()
            .any(|it| path.ends_with(it))
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_schema_has_what_every_statement_names() {
    let db = Db::in_memory().unwrap();
    let connection = db.connection();
    let found: Vec<Found> = sources().iter().flat_map(|it| statements(it)).collect();
    assert!(found.len() > 50, "only {} statements were found", found.len());
    let wrong: Vec<String> = (found.iter())
        .filter_map(|it| connection.prepare(&it.sql).err().map(|error| (it, error)))
        .map(|(it, error)| format!("{}: {error}", it.head()))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_statement_begins_with_the_name_of_its_function() {
    let found: Vec<Found> = sources().iter().flat_map(|it| statements(it)).collect();
    for it in found {
        // A function of several statements names each after a slash.
        let first = it.sql.lines().next().and_then(|it| it.split('/').next());
        assert_eq!(first, Some(it.head().as_str()));
    }
}

#[test]
fn a_literal_is_read_as_the_compiler_reads_it() {
    let check = |code: &str, expected: Option<&str>| assert_eq!(literal(code).as_deref(), expected);
    check(r#""a ""#, Some("a "));
    check(r#""a \"b\" \\ \n", c)"#, Some("a \"b\" \\ \n"));
    check("\"a \\\n   b\")", Some("a b"));
    check("select)", None);
    check("\"a", None);
}
