//! What is published about the elements says what their source does: the manifest, the types, the page of the
//! documents.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

type Names = BTreeSet<String>;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The elements of the manifest.
fn elements() -> Vec<Value> {
    let manifest: Value = serde_json::from_str(&read("www/custom-elements.json")).unwrap();
    let modules = manifest["modules"].as_array().unwrap();
    modules.iter().flat_map(|it| it["declarations"].as_array().unwrap()).cloned().collect()
}

/// The names of one kind that the manifest has of an element.
fn told(element: &Value, kind: &str) -> Names {
    element[kind].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().into()).collect()
}

/// What stands between two marks in a text, wherever both are on one line.
fn between(text: &str, start: &str, end: &str) -> Names {
    let found = text.lines().flat_map(|line| line.split(start).skip(1));
    found.filter_map(|it| it.split_once(end)).map(|it| it.0.to_owned()).collect()
}

fn names(list: &[&str]) -> Names {
    list.iter().map(|it| (*it).to_owned()).collect()
}

/// The source of an element: what draws it, and what is common to both that the wasm draws.
fn source(tag: &str) -> String {
    let own = match tag {
        "parrain-share" => "widget/src/share.rs",
        "parrain-banner" => "widget/src/banner.rs",
        "parrain-dashboard" => "widget/dashboard.js",
        "parrain-prompt" => "widget/dialog.js",
        other => panic!("where is {other} drawn?"),
    };
    // Tests come last.
    read(own).split(concat!("#[cfg", "(test)]")).next().unwrap_or_default().to_owned()
}

#[test]
fn every_element_is_in_the_manifest() {
    let defined = between(&read("widget/element.js"), "  define(\"", "\"");
    let defined: Names = defined.iter().map(|it| format!("parrain-{it}")).collect();
    let tags: Names =
        elements().iter().map(|it| it["tagName"].as_str().unwrap().to_owned()).collect();
    assert_eq!(tags, defined);
}

#[test]
fn attributes_are_those_that_the_source_reads() {
    let script = read("widget/element.js");
    for element in elements() {
        let tag = element["tagName"].as_str().unwrap();
        let own = source(tag);
        let mut read = between(&own, "etAttribute(\"", "\"");
        read.extend(between(&own, "of(\"", "\""));
        read.extend(between(&own, "given(host, \"", "\""));
        read.extend(between(&own, "host.get_attribute(\"", "\""));
        read.extend(between(&own, "option(\"", "\""));
        for list in between(&own, "of [\"", "\"]") {
            read.extend(list.split("\", \"").filter(|_| tag == "parrain-prompt").map(Into::into));
        }
        // Those of what an element shows, not its own.
        for it in ["href", "action", "aria-busy", "aria-disabled"] {
            read.remove(it);
        }
        read.extend(names(&["campaign", "lang"]));
        if ["parrain-share", "parrain-banner"].contains(&tag) {
            let list = between(&script, "return [\"", "\"]").pop_first().expect("what is observed");
            let observed: Names = list.split("\", \"").map(Into::into).collect();
            read.insert("catalogue".into());
            assert!(read.is_subset(&observed), "{tag} draws again when they change: {read:?}");
        }
        assert_eq!(told(&element, "attributes"), read, "{tag}");
    }
}

#[test]
fn parts_events_and_slots_are_those_of_the_source() {
    let shared = read("widget/element.js");
    for element in elements() {
        let tag = element["tagName"].as_str().unwrap();
        let own = source(tag);
        let mut parts = between(&own, "part: \"", "\"");
        let words = own.replace('\n', " ");
        for made in words.split("ensure(").skip(1).filter_map(|it| it.split_once(')')) {
            parts.extend(made.0.rsplit('"').nth(1).map(Into::into));
        }
        parts.extend(between(&own, "\"part\", \"", "\""));
        if own.contains("= base(&root") {
            parts.insert("base".into());
        }
        if tag == "parrain-prompt" {
            // Those of the window of the offer, and of the button in the corner.
            for it in ["claim", "launcher", "remove"] {
                assert!(parts.remove(it), "{it}");
            }
        }
        assert_eq!(told(&element, "cssParts"), parts, "{tag}");

        let mut events = between(&own, "CustomEvent(\"", "\"");
        if tag == "parrain-share" {
            events.extend(between(&shared, "CustomEvent(\"", "\""));
        }
        assert_eq!(told(&element, "events"), events, "{tag}");
        let has_slot = own.contains("fall_back(") || own.contains("make(\"slot\"");
        assert_eq!(told(&element, "slots").contains(""), has_slot, "{tag}");
    }
}

#[test]
fn properties_are_those_of_the_sheets() {
    for element in elements() {
        let tag = element["tagName"].as_str().unwrap();
        let sheet = match tag {
            "parrain-dashboard" => read("widget/dashboard.css") + &read("widget/dashboard.js"),
            "parrain-prompt" => source(tag),
            _ => read("widget/src/style.css"),
        };
        let used: Names = sheet
            .split("var(--parrain-")
            .skip(1)
            .filter_map(|it| it.split([',', ')']).next())
            .map(|it| format!("--parrain-{it}"))
            .collect();
        assert_eq!(told(&element, "cssProperties"), used, "{tag}");
    }
}

#[test]
fn types_and_documents_name_everything() {
    let (types, page) = (read("www/parrain.d.ts"), read("docs/elements.md"));
    for element in elements() {
        let tag = element["tagName"].as_str().unwrap();
        assert!(types.contains(&format!("\"{tag}\": Parrain")), "{tag}");
        assert!(page.contains(&format!("## `<{tag}>`")), "{tag}");
        let start = types.split(&format!("  \"{tag}\": {{")).nth(1).expect(tag);
        let listed = start.split('}').next().unwrap_or_default();
        for it in told(&element, "attributes") {
            assert!(listed.contains(&format!("{it}?: string")), "{tag} {it}");
        }
        for kind in ["attributes", "events", "cssParts", "cssProperties"] {
            for it in told(&element, kind) {
                assert!(page.contains(&format!("`{it}`")), "docs/elements.md lacks {it} of {tag}");
            }
        }
        for it in told(&element, "events") {
            assert!(types.contains(&format!("\"{it}\": CustomEvent<")), "{it}");
        }
    }
    // What the document hears, and what a page may ask.
    let (loader, live) = (read("widget/loader.js"), read("widget/live.js"));
    let mut events = between(&loader, "emit(\"", "\"");
    events.extend(between(&live, "emit(\"", "\""));
    events.extend(between(&read("widget/around.js"), "emit(\"", "\""));
    for it in &events {
        assert!(types.contains(&format!("\"{it}\": CustomEvent<")) && page.contains(it), "{it}");
    }
    assert!(2 < events.len());
    let calls = between(&live, "Object.assign(page.calls, { ", " }").pop_first().expect("calls");
    let demanded = between(&live, "for (const name of [\"", "\"]").pop_first().expect("calls");
    let demanded = demanded.split("\", \"");
    for it in calls.split(", ").chain(["lead", "visit"]).chain(demanded) {
        assert!(types.contains(&format!("(name: \"{it}\"")), "{it}");
        assert!(page.contains(&format!("`parrain(\"{it}\"")), "{it}");
    }
}

#[test]
fn catalogues_have_the_same_keys_and_their_marks() {
    let page = read("docs/elements.md");
    let script = read("widget/catalogue.js");
    // What windows and the dashboard say in English: each has its key in a catalogue.
    let words: Names = ["widget/dialog.js", "widget/dashboard.js"]
        .into_iter()
        .flat_map(|it| {
            let source = read(it);
            let table = source.split("\n  en: {\n").nth(1).and_then(|it| it.split("\n  },").next());
            let lines = table.expect("words").lines().filter_map(|it| it.split_once(": "));
            lines.map(|it| it.0.trim().to_owned()).collect::<Names>()
        })
        .collect();
    assert!(20 < words.len());
    let mut known: Option<Vec<String>> = None;
    for lang in ["de", "ar"] {
        let texts: Value =
            serde_json::from_str(&read(&format!("widget/catalogues/{lang}.json"))).unwrap();
        assert_eq!(texts["lang"], lang);
        for (key, mark) in [("gives", "{friend}"), ("gives", "{offer}"), ("recommends", "{friend}")]
        {
            assert!(texts[key].as_str().unwrap().contains(mark), "{lang} {mark}");
        }
        assert_eq!(texts["dashboard"], format!("{lang}.dashboard.json"));
        let keys: Vec<String> = texts.as_object().unwrap().keys().cloned().collect();
        for it in &keys {
            assert!(page.contains(&format!("`{it}`")), "docs/elements.md lacks {it}");
            let is_read = [format!("texts.{it}"), format!("\"{it}\""), format!("{{ {it} }}")];
            let is_read = is_read.iter().any(|it| script.contains(it));
            assert!(is_read || words.contains(it), "nobody reads {it}");
        }
        for it in &words {
            assert!(keys.contains(it), "{lang} lacks {it}");
        }
        assert_eq!(known.get_or_insert_with(|| keys.clone()), &keys, "{lang}");
    }
}
