//! Conditions of a rule as people make them: tests in groups, of which all or any must hold.

use maud::{Markup, html};
use serde_json::{Map, Value, json};
use shared::reward::{Condition, Fact, MOST_CONDITIONS, Test};

use super::{Both, Kind, Opt, SETTINGS, Say, Wrong, pick, read};

/// One test as it is typed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Row {
    /// What is tested, and how: a name of [`WHATS`].
    pub what: String,
    /// The friend's field.
    pub key: String,
    /// What it is held against.
    pub value: String,
}

/// Tests that belong together.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Group {
    /// Whether one of them suffices.
    pub any: bool,
    /// The tests.
    pub rows: Vec<Row>,
}

/// All tests of a rule.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Groups {
    /// Whether one group suffices.
    pub any: bool,
    /// The groups.
    pub groups: Vec<Group>,
}

/// How a value is typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Typed {
    /// An amount.
    Amount,
    /// One text or several, separated by commas.
    Texts,
    /// A whole number.
    Number,
    /// Nothing: the test says it all.
    Nothing(bool),
}

/// What can be tested: its name, the fact, how for one value and for several, how it is typed, words.
const WHATS: &[(&str, Fact, [Test; 2], Typed, Both)] = &[
    (
        "AMOUNT_AT_LEAST",
        Fact::Amount,
        [Test::AtLeast; 2],
        Typed::Amount,
        ["The order is worth at least", "La commande vaut au moins"],
    ),
    (
        "AMOUNT_AT_MOST",
        Fact::Amount,
        [Test::AtMost; 2],
        Typed::Amount,
        ["The order is worth at most", "La commande vaut au plus"],
    ),
    (
        "AMOUNT_IS",
        Fact::Amount,
        [Test::Equals; 2],
        Typed::Amount,
        ["The order is worth exactly", "La commande vaut exactement"],
    ),
    (
        "AMOUNT_NOT",
        Fact::Amount,
        [Test::Differs; 2],
        Typed::Amount,
        ["The order is worth anything but", "La commande vaut autre chose que"],
    ),
    (
        "NEW",
        Fact::NewCustomer,
        [Test::Equals; 2],
        Typed::Nothing(true),
        ["The friend never bought before", "Le filleul n’a jamais acheté avant"],
    ),
    (
        "OLD",
        Fact::NewCustomer,
        [Test::Equals; 2],
        Typed::Nothing(false),
        ["The friend bought before", "Le filleul a déjà acheté"],
    ),
    (
        "PRODUCT_IS",
        Fact::Product,
        [Test::Equals, Test::OneOf],
        Typed::Texts,
        ["The order holds one of these products", "La commande contient l’un de ces produits"],
    ),
    (
        "PRODUCT_NOT",
        Fact::Product,
        [Test::Differs, Test::NoneOf],
        Typed::Texts,
        ["The order holds none of these products", "La commande ne contient aucun de ces produits"],
    ),
    (
        "COUNTRY_IS",
        Fact::Country,
        [Test::Equals, Test::OneOf],
        Typed::Texts,
        ["The country is one of", "Le pays est l’un de"],
    ),
    (
        "COUNTRY_NOT",
        Fact::Country,
        [Test::Differs, Test::NoneOf],
        Typed::Texts,
        ["The country is none of", "Le pays n’est aucun de"],
    ),
    (
        "FIELD_IS",
        Fact::Metadata,
        [Test::Equals, Test::OneOf],
        Typed::Texts,
        ["The friend’s field is one of", "Le champ du filleul est l’un de"],
    ),
    (
        "FIELD_NOT",
        Fact::Metadata,
        [Test::Differs, Test::NoneOf],
        Typed::Texts,
        ["The friend’s field is none of", "Le champ du filleul n’est aucun de"],
    ),
    (
        "FIELD_AT_LEAST",
        Fact::Metadata,
        [Test::AtLeast; 2],
        Typed::Number,
        ["The friend’s field is at least", "Le champ du filleul est au moins"],
    ),
    (
        "FIELD_AT_MOST",
        Fact::Metadata,
        [Test::AtMost; 2],
        Typed::Number,
        ["The friend’s field is at most", "Le champ du filleul est au plus"],
    ),
];

const UNREAD: Wrong = ["Choose what is tested.", "Choisissez ce qui est testé."];

const UNNAMED: Wrong = ["Name the field of the friend.", "Nommez le champ du filleul."];

impl Groups {
    /// The tests of a condition; nothing, where it is nested deeper than the form can show.
    #[must_use]
    pub fn of(condition: &Condition, say: Say) -> Option<Self> {
        let only_any = condition.fact.is_none() && condition.all.is_empty();
        if only_any && !condition.any.is_empty() {
            if condition.any.iter().all(is_leaf) {
                let rows = rows(&condition.any, say)?;
                return Some(Self { any: false, groups: vec![Group { any: true, rows }] });
            }
            let group = |it: &Condition| match (is_leaf(it), it.fact) {
                (true, _) => Some(Group { any: false, rows: vec![row(it, say)?] }),
                (_, None) if it.any.is_empty() => {
                    Some(Group { any: false, rows: rows(&it.all, say)? })
                }
                (_, None) if it.all.is_empty() => {
                    Some(Group { any: true, rows: rows(&it.any, say)? })
                }
                _ => None,
            };
            let groups = condition.any.iter().map(group).collect::<Option<_>>()?;
            return Some(Self { any: true, groups });
        }
        let mut all = Group::default();
        let mut groups = Vec::new();
        gather(condition, say, &mut all, &mut groups)?;
        if !all.rows.is_empty() {
            groups.insert(0, all);
        }
        Some(Self { any: false, groups })
    }

    /// The tests that a form sends.
    #[must_use]
    pub fn sent<'f>(given: impl Fn(&str) -> Option<&'f str>) -> Self {
        let is_any = |name: String| given(&name) == Some("ANY");
        let text = |name: String| given(&name).unwrap_or_default().trim().to_owned();
        let mut groups = Vec::new();
        for group in 0..MOST_CONDITIONS {
            let there = |row: usize| given(&format!("c.{group}.{row}.what")).is_some();
            if given(&format!("c.{group}.join")).is_none() {
                break;
            }
            let rows = (0..MOST_CONDITIONS).take_while(|row| there(*row)).map(|row| Row {
                what: text(format!("c.{group}.{row}.what")),
                key: text(format!("c.{group}.{row}.key")),
                value: text(format!("c.{group}.{row}.value")),
            });
            groups.push(Group { any: is_any(format!("c.{group}.join")), rows: rows.collect() });
        }
        Self { any: is_any("c.join".into()), groups }
    }

    /// What they are on the wire.
    pub fn wire(&self, say: Say) -> Result<Value, Wrong> {
        let mut found = Vec::new();
        for group in &self.groups {
            let typed = group.rows.iter().filter(|it| **it != Row::default());
            let rows = typed.map(|it| one(it, say)).collect::<Result<Vec<_>, Wrong>>()?;
            if !rows.is_empty() {
                found.push(joined(group.any, rows));
            }
        }
        Ok(if found.is_empty() { json!({}) } else { joined(self.any, found) })
    }

    /// The names and values of its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(String, String)> {
        let join = |any: bool| if any { "ANY" } else { "ALL" }.to_owned();
        let mut fields = vec![("c.join".into(), join(self.any))];
        for (g, group) in self.groups.iter().enumerate() {
            fields.push((format!("c.{g}.join"), join(group.any)));
            for (r, row) in group.rows.iter().enumerate() {
                for (name, value) in [("what", &row.what), ("key", &row.key), ("value", &row.value)]
                {
                    fields.push((format!("c.{g}.{r}.{name}"), value.clone()));
                }
            }
        }
        fields
    }

    /// The same after a button was pressed: `group`, `add:0`, `drop:0:1`.
    pub fn press(&mut self, act: &str) {
        let mut parts = act.split(':');
        let verb = parts.next().unwrap_or_default();
        let mut place = || parts.next().and_then(|it| it.parse::<usize>().ok());
        let (group, row) = (place(), place());
        match (verb, group.and_then(|it| self.groups.get_mut(it)), row) {
            ("group", ..) => {
                self.groups.push(Group { any: false, rows: vec![Row::default()] });
            }
            ("add", Some(group), _) => group.rows.push(Row::default()),
            ("drop", Some(group), Some(row)) if row < group.rows.len() => {
                group.rows.remove(row);
            }
            _ => {}
        }
        self.groups.retain(|it| !it.rows.is_empty());
    }
}

fn is_leaf(it: &Condition) -> bool {
    it.fact.is_some() && it.all.is_empty() && it.any.is_empty()
}

fn rows(list: &[Condition], say: Say) -> Option<Vec<Row>> {
    list.iter().map(|it| if is_leaf(it) { row(it, say) } else { None }).collect()
}

/// Gathers what must hold together, and the choices beside it.
fn gather(it: &Condition, say: Say, all: &mut Group, groups: &mut Vec<Group>) -> Option<()> {
    if it.fact.is_some() {
        let own = Condition { all: Vec::new(), any: Vec::new(), ..it.clone() };
        all.rows.push(row(&own, say)?);
    }
    for below in &it.all {
        gather(below, say, all, groups)?;
    }
    if !it.any.is_empty() {
        groups.push(Group { any: true, rows: rows(&it.any, say)? });
    }
    Some(())
}

/// A test as it is typed.
fn row(it: &Condition, say: Say) -> Option<Row> {
    let (fact, test) = (it.fact?, it.test?);
    let (mut value, key) = (it.value.clone(), it.key.clone().unwrap_or_default());
    if fact == Fact::NewCustomer {
        let is_new = (value == json!(true)) == (test == Test::Equals);
        let what = if is_new { "NEW" } else { "OLD" };
        return Some(Row { what: what.into(), ..Row::default() });
    }
    let what = WHATS.iter().find(|(_, of, tests, ..)| *of == fact && tests.contains(&test))?;
    let value = match what.3 {
        Typed::Amount => amount().typed(&value, say),
        Typed::Number => value.to_string(),
        Typed::Nothing(_) => String::new(),
        Typed::Texts => {
            if value.is_string() {
                value = json!([value]);
            }
            let texts: Vec<&str> = value.as_array()?.iter().filter_map(Value::as_str).collect();
            // What a comma would part in two cannot be typed here.
            if texts.iter().any(|it| it.contains(',') || it.trim() != *it || it.is_empty()) {
                return None;
            }
            texts.join(", ")
        }
    };
    Some(Row { what: what.0.into(), key, value })
}

/// A setting that is an amount.
fn amount() -> Opt {
    Opt { kind: Kind::Money, ..SETTINGS[0] }
}

/// A test as it is on the wire.
fn one(row: &Row, say: Say) -> Result<Value, Wrong> {
    let what = WHATS.iter().find(|it| it.0 == row.what).ok_or(UNREAD)?;
    let (_, fact, [single, several], typed, _) = *what;
    let texts: Vec<&str> =
        row.value.split([',', '\n']).map(str::trim).filter(|it| !it.is_empty()).collect();
    let (test, value) = match typed {
        Typed::Amount => (single, read(&amount(), &row.value, say)?),
        Typed::Number => {
            (single, read(&Opt { kind: Kind::Count, ..SETTINGS[0] }, &row.value, say)?)
        }
        Typed::Nothing(value) => (single, json!(value)),
        Typed::Texts => match texts.as_slice() {
            [only] => (single, json!(only)),
            list => (several, json!(list)),
        },
    };
    let mut condition = Map::new();
    condition.insert("fact".into(), json!(fact));
    if fact == Fact::Metadata {
        if row.key.is_empty() {
            return Err(UNNAMED);
        }
        condition.insert("key".into(), json!(row.key));
    }
    condition.insert("is".into(), json!(test));
    condition.insert("value".into(), value);
    Ok(Value::Object(condition))
}

fn joined(any: bool, mut parts: Vec<Value>) -> Value {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    if any { json!({ "any": parts }) } else { json!({ "all": parts }) }
}

/// The fields of the conditions, with buttons that add and take away.
#[must_use]
pub fn conditions(groups: &Groups, wrong: Option<&str>, say: Say) -> Markup {
    let word = |both: Both| pick(say.lang, both);
    let joins = [
        ("ALL", word(["All of these hold", "Toutes sont vraies"])),
        ("ANY", word(["One of these is enough", "Une seule suffit"])),
    ];
    let join = |name: &str, label: &str, any: bool| {
        html! {
            p.field {
                label for={ "f-" (name) } { (label) }
                select id={ "f-" (name) } name=(name) {
                    @for (value, text) in joins {
                        option value=(value) selected[(value == "ANY") == any] { (text) }
                    }
                }
            }
        }
    };
    html! {
        @if let Some(wrong) = wrong { p.flaw #conditions-wrong role="alert" { (wrong) } }
        @if groups.groups.is_empty() {
            p.soft { (word(["No conditions: the rule holds for every friend.", "Aucune condition\u{a0}: la règle vaut pour chaque filleul."])) }
        }
        @if 1 < groups.groups.len() {
            (join("c.join", word(["Between the groups", "Entre les groupes"]), groups.any))
        }
        @for (g, group) in groups.groups.iter().enumerate() {
            @let title = format!("{} {}", word(["Group", "Groupe"]), g + 1);
            fieldset.group {
                legend { (title) }
                @if 1 < group.rows.len() {
                    (join(&format!("c.{g}.join"), word(["In this group", "Dans ce groupe"]), group.any))
                } @else {
                    input type="hidden" name={ "c." (g) ".join" } value=(if group.any { "ANY" } else { "ALL" });
                }
                @for (r, row) in group.rows.iter().enumerate() {
                    @let name = format!("c.{g}.{r}");
                    div.test {
                        p.field {
                            label for={ "f-" (name) ".what" } { (word(["What is tested", "Ce qui est testé"])) }
                            select id={ "f-" (name) ".what" } name={ (name) ".what" } {
                                option value="" selected[row.what.is_empty()] { "—" }
                                @for what in WHATS {
                                    option value=(what.0) selected[what.0 == row.what] { (word(what.4)) }
                                }
                            }
                        }
                        p.field {
                            label for={ "f-" (name) ".key" } { (word(["The friend’s field, if one is meant", "Le champ du filleul, s’il s’agit d’un champ"])) }
                            input id={ "f-" (name) ".key" } name={ (name) ".key" } type="text" value=(row.key) autocomplete="off";
                        }
                        p.field {
                            label for={ "f-" (name) ".value" } { (word(["Value; several with commas", "Valeur\u{a0}; plusieurs avec des virgules"])) }
                            input id={ "f-" (name) ".value" } name={ (name) ".value" } type="text" value=(row.value) autocomplete="off";
                        }
                        button type="submit" name="act" value={ "drop:" (g) ":" (r) } {
                            (word(["Take away", "Retirer"])) span.unseen { " " (title) ", " (r + 1) }
                        }
                    }
                }
                button type="submit" name="act" value={ "add:" (g) } {
                    (word(["Add a condition here", "Ajouter une condition ici"])) span.unseen { " " (title) }
                }
            }
        }
        div.actions {
            button type="submit" name="act" value="group" {
                @if groups.groups.is_empty() { (word(["Add a condition", "Ajouter une condition"])) }
                @else { (word(["Add a group of conditions", "Ajouter un groupe de conditions"])) }
            }
        }
    }
}

#[cfg(test)]
mod tests;
