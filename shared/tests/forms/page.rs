//! Describes the form of a piece of HTML as the loader describes a live one.

use scraper::{ElementRef, Html, Selector};
use shared::form::{Field, Form};

use crate::loader;

/// A page and the description of its form.
pub(crate) struct Page {
    fields: Vec<ElementRef<'static>>,
    html: &'static Html,
    pub(crate) form: Form,
}

impl Page {
    /// Describes the first form, or what stands in its place.
    pub(crate) fn parse(text: &str) -> Self {
        // Leaked, so that elements may be kept beside the page: a test process is short.
        let html: &'static Html = Box::leak(Box::new(Html::parse_document(text)));
        let form = first(html, "form").or_else(|| first(html, "section, [role], body > div, body"));
        let form = form.unwrap_or_else(|| html.root_element());
        let hidden = hidden(html);
        let fields: Vec<_> = within(form, "input, select, textarea")
            .filter(|it| {
                !matches!(kind(*it).as_str(), "hidden" | "submit" | "button" | "image" | "reset")
            })
            .collect();
        let described = fields.iter().map(|it| field(html, *it, &hidden)).collect();
        let form = Form {
            action: attribute(form, "action"),
            buttons: buttons(form),
            class: attribute(form, "class"),
            fields: described,
            heading: heading(html, form),
            id: attribute(form, "id"),
            name: attribute(form, "name"),
            role: attribute(form, "role"),
            text: texts(within(form, "a, legend, p")),
            ..Form::default()
        };
        Self { fields, html, form }
    }

    /// Whether one element, and no more, matches.
    pub(crate) fn has_one(&self, selector: &str) -> bool {
        all(self.html, selector).count() == 1
    }

    /// The place of the one field that `selector` matches; beyond the last where it is none.
    pub(crate) fn place(&self, selector: &str) -> usize {
        let found = first(self.html, selector).expect("the corpus has it");
        self.fields.iter().position(|it| *it == found).unwrap_or(usize::MAX)
    }
}

fn field(html: &'static Html, it: ElementRef<'static>, hidden: &[ElementRef<'static>]) -> Field {
    let shown = it.ancestors().filter_map(ElementRef::wrap).chain([it]).all(|up| {
        // The steps of a form are shown in turn: at submit the person has been in each.
        up.attr("data-step").is_some() || !hidden.contains(&up)
    });
    let mut field = Field {
        aria_label: attribute(it, "aria-label"),
        autocomplete: attribute(it, "autocomplete"),
        id: attribute(it, "id"),
        kind: kind(it),
        label: label(html, it),
        name: attribute(it, "name"),
        named: attribute(it, "data-parrain-field"),
        placeholder: attribute(it, "placeholder"),
        prefilled: !attribute(it, "value").is_empty(),
        read_only: it.attr("readonly").is_some(),
        title: attribute(it, "title"),
        typed: false,
        value: None,
        visible: shown,
    };
    field.value = loader::reads(&field).then(String::new);
    field
}

/// The type as the browser's property says it.
fn kind(it: ElementRef<'static>) -> String {
    let own = match it.value().name() {
        "input" => it.attr("type").unwrap_or("text"),
        "button" => it.attr("type").unwrap_or("submit"),
        "select" => "select-one",
        name => name,
    };
    own.to_lowercase()
}

fn label(html: &'static Html, it: ElementRef<'static>) -> String {
    let own = it.attr("id").map(|id| format!("label[for=\"{id}\"]"));
    let own = own.iter().flat_map(|selector| all(html, selector)).map(text);
    let around =
        it.ancestors().filter_map(ElementRef::wrap).filter(|up| up.value().name() == "label");
    let named = it.attr("aria-labelledby").unwrap_or_default().split_whitespace();
    let named = named.filter_map(|id| first(html, &format!("[id=\"{id}\"]"))).map(text);
    own.chain(around.map(text)).chain(named).collect::<Vec<_>>().join(" ")
}

/// The texts of the buttons that submit, or of all if none does.
fn buttons(form: ElementRef<'static>) -> Vec<String> {
    let of = |kinds: &[&str]| {
        within(form, "button, input")
            .filter(|it| kinds.contains(&kind(*it).as_str()))
            .map(|it| {
                let shown = [attribute(it, "value"), text(it), attribute(it, "aria-label")];
                shown.join(" ").trim().to_owned()
            })
            .collect::<Vec<_>>()
    };
    match of(&["submit", "image"]) {
        none if none.is_empty() => of(&["button"]),
        some => some,
    }
}

/// The last heading that stands before the form or in it.
fn heading(html: &'static Html, form: ElementRef<'static>) -> String {
    let all = html.root_element().descendants().filter_map(ElementRef::wrap);
    let before = all.take_while(|it| *it != form).chain(within(form, "*"));
    let headings = before.filter(|it| matches!(it.value().name(), "h1" | "h2" | "h3"));
    headings.last().map(text).unwrap_or_default()
}

/// What the page's inline styles, style sheets and attributes hide or push out of sight.
fn hidden(html: &'static Html) -> Vec<ElementRef<'static>> {
    let hides = |style: &str| {
        let style = style.replace(' ', "");
        let far_away = style.split(';').any(|it| {
            let (_, length) = it.split_once(':').unwrap_or_default();
            length.strip_prefix('-').is_some_and(|it| 4 <= it.trim_end_matches("px").len())
        });
        let invisible = ["display:none", "visibility:hidden", "opacity:0;"];
        far_away || invisible.iter().any(|it| format!("{style};").contains(it))
    };
    let mut hidden: Vec<_> = all(html, "[style]")
        .filter(|it| hides(&attribute(*it, "style")))
        .chain(all(html, "[hidden], [aria-hidden=true]"))
        .collect();
    for sheet in all(html, "style").map(text) {
        for rule in sheet.split('}') {
            let Some((selector, style)) = rule.split_once('{') else { continue };
            if hides(style) {
                hidden.extend(all(html, selector));
            }
        }
    }
    hidden
}

fn attribute(it: ElementRef<'static>, name: &str) -> String {
    it.attr(name).unwrap_or_default().to_owned()
}

fn text(it: ElementRef<'static>) -> String {
    it.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(all: impl Iterator<Item = ElementRef<'static>>) -> String {
    all.map(text).collect::<Vec<_>>().join(" ")
}

fn all(html: &'static Html, selector: &str) -> impl Iterator<Item = ElementRef<'static>> {
    let selector = Selector::parse(selector).expect("a valid selector");
    html.select(&selector).collect::<Vec<_>>().into_iter()
}

fn first(html: &'static Html, selector: &str) -> Option<ElementRef<'static>> {
    all(html, selector).next()
}

fn within(
    it: ElementRef<'static>,
    selector: &str,
) -> impl Iterator<Item = ElementRef<'static>> + use<> {
    let selector = Selector::parse(selector).expect("a valid selector");
    it.select(&selector).collect::<Vec<_>>().into_iter()
}
