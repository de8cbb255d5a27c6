//! A form of settings as it was filled in: what was typed, what it says on the wire, what is wrong.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use shared::lang::Lang;

use crate::{
    error::Error,
    pages::console::options::{Kind, Opt, Say, pick, problem, read},
    routes::query::Query,
};

/// A form as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// What was typed, by the field's name.
    pub typed: BTreeMap<String, String>,
    /// What is wrong, by the field's name; under an empty one, what is of no field.
    pub wrong: BTreeMap<String, String>,
    /// What it says on the wire.
    pub said: Map<String, Value>,
}

impl Filled {
    /// Reads the fields of a list.
    #[must_use]
    pub fn of(form: &Query, list: &[&'static Opt], say: Say) -> Self {
        let mut filled = Self::default();
        for opt in list.iter().filter(|it| it.kind != Kind::Fixed) {
            let text = form.given(opt.path).unwrap_or_default();
            filled.typed.insert(opt.path.into(), text.into());
            match read(opt, text, say) {
                Ok(value) => put(&mut filled.said, opt.path, value),
                Err(wrong) => {
                    filled.wrong.insert(opt.path.into(), pick(say.lang, wrong).into());
                }
            }
        }
        filled
    }

    /// Keeps a field that is no setting, for the page that asks once more.
    pub fn keep(&mut self, name: &str, value: &str) {
        self.typed.insert(name.into(), value.into());
    }

    /// Notes what was refused beside its field; an error of another kind is handed on.
    pub fn refused(&mut self, error: Error, list: &[&Opt], lang: Lang) -> Result<(), Error> {
        let Error::Invalid(problems) = error else { return Err(error) };
        for it in problems {
            let words = problem(lang, &it.msg);
            self.wrong.insert(place(&it.param, list).into(), words);
        }
        Ok(())
    }
}

/// The field that the wire's name means: itself, one that ends so, or the first below it.
fn place<'l>(param: &str, list: &[&'l Opt]) -> &'l str {
    let ends = |it: &&&Opt| it.path == param || it.path.ends_with(&format!(".{param}"));
    let below = |it: &&&Opt| {
        it.path.starts_with(&format!("{param}.")) || it.path.contains(&format!(".{param}."))
    };
    // These have fields of their own.
    if param == "conditions" || param.starts_with("conditions.") {
        return "conditions";
    }
    let found = list.iter().find(ends).or_else(|| list.iter().find(below));
    found.map_or("", |it| it.path)
}

/// Puts a value at a path such as `options.budget.amount`.
fn put(whole: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            whole.insert(path.into(), value);
        }
        Some((first, rest)) => {
            let below = whole.entry(first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                put(below, rest, value);
            }
        }
    }
}
