//! The forms that pages hold, as a browser finds them, filled in as somebody would.

use scraper::{ElementRef, Html, Selector};

/// A form with what it is sent with.
#[derive(Clone, Debug)]
pub(super) struct Form {
    /// Where it is sent.
    pub(super) path: String,
    /// Names and values.
    pub(super) fields: Vec<(String, String)>,
    /// Whether it brings a file.
    pub(super) has_file: bool,
}

impl Form {
    /// What the button that sends it says.
    pub(super) fn deed(&self) -> &str {
        self.fields.last().map_or("", |it| it.1.as_str())
    }
}

fn all<'a>(of: &ElementRef<'a>, selector: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(selector).unwrap();
    of.select(&selector).collect()
}

/// Every form of a page that changes something, once for each of its buttons; `fill` says what somebody
/// types into a field of this name and kind that stands in the form of this address.
pub(super) fn of_page(
    page: &str,
    here: &str,
    mut fill: impl FnMut(&str, &str, &str) -> String,
) -> Vec<Form> {
    let document = Html::parse_document(page);
    let mut found = Vec::new();
    for form in all(&document.root_element(), "form[method=post]") {
        let action = form.attr("action").unwrap_or_default();
        let action = action.split('#').next().unwrap_or_default();
        let path = match action {
            "" => here.to_owned(),
            query if query.starts_with('?') => {
                format!("{}{query}", here.split('?').next().unwrap_or_default())
            }
            path => path.to_owned(),
        };
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut has_file = false;
        for field in all(&form, "input, textarea, select") {
            let Some(name) = field.attr("name") else { continue };
            let kind = field.attr("type").unwrap_or(match field.value().name() {
                "input" => "text",
                other => other,
            });
            let value = field.attr("value").unwrap_or_default();
            let known = fields.iter().any(|it| it.0 == name);
            let said = match kind {
                "submit" | "button" => continue,
                "file" => {
                    has_file = true;
                    continue;
                }
                // The first that stands there counts.
                "radio" if known => continue,
                "radio" | "checkbox" if value.is_empty() => "on".into(),
                "hidden" | "radio" | "checkbox" | "color" | "date" | "number"
                | "datetime-local" => value.to_owned(),
                "select" => {
                    let chosen = all(&field, "option[selected]").into_iter().next();
                    let chosen = chosen.or_else(|| all(&field, "option").into_iter().last());
                    chosen.and_then(|it| it.attr("value")).unwrap_or_default().to_owned()
                }
                kind => fill(&path, name, kind),
            };
            fields.push((name.to_owned(), said));
        }
        let mut buttons: Vec<Option<(String, String)>> = all(&form, "button[name]")
            .iter()
            .map(|it| {
                let value = it.attr("value").unwrap_or_default();
                Some((it.attr("name").unwrap_or_default().to_owned(), value.to_owned()))
            })
            .collect();
        if buttons.is_empty() {
            buttons.push(None);
        }
        for button in buttons {
            let fields = fields.iter().cloned().chain(button).collect();
            found.push(Form { path: path.clone(), fields, has_file });
        }
    }
    found
}

#[test]
fn what_reads_forms_finds_all_that_a_browser_would_send() {
    let page = "<form method=post><input type=hidden name=a value=1><input name=b value=old>\
                <input type=radio name=c value=x><input type=radio name=c value=y checked>\
                <textarea name=d></textarea><select name=e><option value=p><option value=q selected>\
                </select><button name=act value=one></button><button name=act value=two></button></form>\
                <form method=get action=/x><input name=z></form>\
                <form method=post action='?of=fr#x'><input type=file name=file></form>";
    let found = of_page(page, "/here?lang=en", |_, name, kind| format!("{name} {kind}"));
    let said: Vec<_> = found[0].fields.iter().map(|it| format!("{}={}", it.0, it.1)).collect();
    assert_eq!(said, ["a=1", "b=b text", "c=x", "d=d textarea", "e=q", "act=one"]);
    let more: Vec<_> = found.iter().map(|it| (it.path.as_str(), it.deed(), it.has_file)).collect();
    let expected = [
        ("/here?lang=en", "one", false),
        ("/here?lang=en", "two", false),
        ("/here?of=fr", "", true),
    ];
    assert_eq!(more, expected);
}
