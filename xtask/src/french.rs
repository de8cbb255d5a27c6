//! French texts are set as French is: ’ in a word, and a space that does not break before : ; ? ! and
//! inside « ».

use std::fs;
use std::path::Path;

/// Words that stand in French texts and in no English one.
const WORDS: [&str; 18] = [
    "le", "la", "les", "des", "une", "vous", "votre", "vos", "nous", "du", "dans", "qui", "avec",
    "aux", "cette", "ce", "je", "mon",
];

/// What elides before a vowel.
const ELIDED: [&str; 14] = [
    "l", "d", "n", "s", "c", "j", "m", "t", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "aujourd",
];

/// What no text for people holds.
const CODE: [&str; 8] = ["SELECT", "INSERT", "UPDATE", "DELETE", "=>", "const ", "::", "return "];

/// The texts between quotes, without comments.
fn literals(file: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = file;
    while let Some(at) = rest.find(['"', '\'', '/', 'r']) {
        let here = &rest[at..];
        let word =
            rest[..at].chars().next_back().is_some_and(|it| it.is_alphanumeric() || it == '_');
        let hashes = here[1..].chars().take_while(|it| *it == '#').count();
        if here.starts_with("//") {
            rest = here.split_once('\n').map_or("", |it| it.1);
        } else if here.starts_with('r') && !word && here[1 + hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let (text, after) = here[2 + hashes..].split_once(&end).unwrap_or_default();
            found.push(text);
            rest = after;
        } else if let Some(inside) = here.strip_prefix('"') {
            let mut escaped = false;
            let end = inside.find(|it| {
                let ends = it == '"' && !escaped;
                escaped = it == '\\' && !escaped;
                ends
            });
            let (text, after) = inside.split_at(end.unwrap_or(inside.len()));
            found.push(text);
            rest = after.get(1..).unwrap_or_default();
        } else if here.starts_with("'\"'")
            || here.starts_with("'\\\"'")
            || here.starts_with("'\\''")
        {
            let length = if here.starts_with("'\"") { 3 } else { 4 };
            rest = &here[length..];
        } else {
            rest = &here[1..];
        }
    }
    found
}

fn is_french(text: &str) -> bool {
    let mut words = text.split(|it: char| !it.is_alphabetic());
    text.contains(['é', 'è', 'ê', 'à', '«']) || words.any(|it| WORDS.contains(&&*it.to_lowercase()))
}

/// Whether a French text is set otherwise.
fn is_wrong(text: &str) -> bool {
    if CODE.iter().any(|it| text.contains(it)) {
        return false;
    }
    let elides = text.match_indices('\'').any(|(at, _)| {
        let before = text[..at].rsplit(|it: char| !it.is_alphabetic()).next().unwrap_or_default();
        let quoted = text[..at - before.len()].ends_with(['\'', ';']);
        let after = text[at + 1..].starts_with(|it: char| it.is_alphabetic() || it == '{');
        after && !quoted && ELIDED.contains(&&*before.to_lowercase())
    });
    let breaks = ["« ", " »"].iter().any(|it| text.contains(it))
        || [" :", " ;", " ?", " !"].iter().any(|mark| {
            text.match_indices(mark).any(|(at, _)| {
                let ends = |it: char| it.is_whitespace() || it == '\\';
                let spaced = text[..at].ends_with([' ', '\n', '-']) || at == 0;
                let after = &text[at + 2..];
                !spaced && (after.is_empty() || after.starts_with(ends))
            })
        });
    elides || breaks && is_french(text)
}

#[test]
fn french_texts_are_set_as_french_is() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut wrong = Vec::new();
    let mut open = ["shared/src", "edge/src"].map(|it| root.join(it)).to_vec();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // What sites write on their buttons is as they write it.
            if path.is_dir() && !path.ends_with("shared/src/form") {
                open.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let file = fs::read_to_string(&path).unwrap();
                let texts = literals(&file).into_iter().filter(|it| is_wrong(it));
                wrong.extend(texts.map(|it| format!("{}: {it}", path.display())));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn what_is_set_otherwise_is_seen() {
    for wrong in ["Le site l'a", "l'{nom}", "Pour vous : {x}", "Qui ?", "« oui\u{a0}»", "d'abord"]
    {
        assert!(is_wrong(wrong), "{wrong}");
    }
    let right =
        ["don't", "the shop's d", "vous\u{a0}: x", "le\\u{a0}?", "a ? b : c", "'t'x", "x ; y"];
    for right in right {
        assert!(!is_wrong(right), "{right}");
    }
    let file = "let a = \"b\\\"c\"; // \"d\"\n'\"' r#\"e\"f\"# r\"g\" for \"h\"";
    assert_eq!(literals(file), ["b\\\"c", "e\"f", "g", "h"]);
}
