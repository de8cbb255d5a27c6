//! What the loader would read of a field: its own two expressions, taken from its source.

use shared::form::Field;

const LOADER: &str = include_str!("../../../widget/loader.js");

/// Whether the wasm is given what was typed into a field.
pub(crate) fn reads(field: &Field) -> bool {
    let textual = field.kind.contains("email") || field.kind.ends_with("text");
    field.visible && textual && !matches("foreign", &words(field))
}

/// Whether that is told to the service where there is no wasm.
pub(crate) fn tells(field: &Field) -> bool {
    reads(field) && matches("sure", &words(field))
}

fn words(field: &Field) -> String {
    let Field {
        aria_label, autocomplete, id, kind, label, name, named, placeholder, title, ..
    } = field;
    let parts = [aria_label, autocomplete, named, id, name, placeholder, title, label, kind];
    parts.map(|it| it.to_lowercase()).join(" ")
}

/// Whether the expression of that name, which has nothing in it but words and `\b`, is in `words`.
fn matches(name: &str, words: &str) -> bool {
    let start = format!("const {name} = /");
    let after = LOADER.split_once(&start).expect("the loader has it").1;
    let expression = after.split_once("/i;").expect("it ends").0;
    expression.split('|').any(|phrase| match phrase.strip_prefix("\\b") {
        None => words.contains(phrase),
        Some(start) => words.match_indices(start).any(|(at, _)| {
            let before = words[..at].chars().next_back();
            !before.is_some_and(|it| it.is_ascii_alphanumeric() || it == '_')
        }),
    })
}
