//! Types from parsed JSON: structs from objects only, enums from their names only, and errors that
//! name the place.
//!
//! serde derives two readers for each struct: one from fields by name, one from values in order. A
//! field is looked up by its name here and handed to the second, which is a third of the first's
//! size in the worker. For it, an optional field that may be absent says `#[serde(default)]`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected,
        Visitor, value::BorrowedStrDeserializer,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value, map};

/// Reads a type from a value; fields that it does not know are passed over.
pub fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, Error> {
    T::deserialize(Tree { value, strict: false })
}

/// Reads a type from a value; a field that it does not know is an error.
pub fn read_strictly<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, Error> {
    T::deserialize(Tree { value, strict: true })
}

/// What is wrong, and where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error {
    /// The place, such as `rewards[0].type`; empty for the whole.
    pub path: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with a value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Flaw {
    /// It is needed and not there.
    Missing,
    /// Nothing has this name.
    Unknown,
    /// Anything else, in serde's words.
    Wrong(String),
    /// A struct's field is not there: its place among the fields. Named before anybody sees it.
    Ended(usize),
}

impl Error {
    fn new(path: &str, flaw: Flaw) -> Self {
        Self { path: path.into(), flaw }
    }

    /// The same error, seen from one level above: there, what ended is no struct of that level.
    fn below(mut self, step: &str) -> Self {
        if let Flaw::Ended(_) = self.flaw {
            self.flaw = Flaw::Missing;
        }
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = [step, dot, &self.path].concat();
        self
    }
}

impl std::error::Error for Error {}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            f.write_str(&self.path)?;
            f.write_str(" ")?;
        }
        self.flaw.fmt(f)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing | Self::Ended(_) => "is missing",
            Self::Unknown => "is unknown",
            Self::Wrong(text) => text,
        })
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new("", Flaw::Wrong(message.to_string()))
    }

    fn invalid_length(length: usize, _expected: &dyn Expected) -> Self {
        Self::new("", Flaw::Ended(length))
    }
}

#[derive(Clone, Copy)]
struct Tree<'de> {
    value: &'de Value,
    strict: bool,
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(it) => visitor.visit_bool(*it),
            Value::Number(it) => match (it.as_i64(), it.as_f64()) {
                (Some(whole), _) => visitor.visit_i64(whole),
                (None, Some(number)) => visitor.visit_f64(number),
                (None, None) => visitor.visit_unit(),
            },
            Value::String(it) => visitor.visit_borrowed_str(it),
            Value::Array(it) => {
                visitor.visit_seq(Items { rest: it.iter(), next: 0, strict: self.strict })
            }
            Value::Object(it) => visitor.visit_map(Pairs {
                rest: it.iter(),
                key: "",
                value: &Value::Null,
                strict: self.strict,
            }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let object = self.object(fields, &visitor)?;
        visitor
            .visit_seq(Fields { object, names: fields.iter(), strict: self.strict })
            .map_err(|it| named(it, fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value {
            Value::String(it) => visitor.visit_enum(it.as_str().into_deserializer()),
            other => Err(Error::invalid_type(kind(other), &"a name")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier
    }
}

impl<'de> Tree<'de> {
    /// The object that a struct of these fields is read from.
    fn object(
        self,
        fields: &[&str],
        expected: &dyn Expected,
    ) -> Result<&'de Map<String, Value>, Error> {
        let Value::Object(object) = self.value else {
            return Err(Error::invalid_type(kind(self.value), expected));
        };
        let mut names = object.keys();
        match names.find(|it| self.strict && !fields.contains(&it.as_str())) {
            Some(unknown) => Err(Error::new(unknown, Flaw::Unknown)),
            None => Ok(object),
        }
    }
}

/// The error with its field's name in place of the field's number.
fn named(error: Error, fields: &[&str]) -> Error {
    match error.flaw {
        Flaw::Ended(place) => {
            Error::new(fields.get(place).copied().unwrap_or_default(), Flaw::Missing)
        }
        _ => error,
    }
}

/// The values of a struct's fields, in the order of its fields.
struct Fields<'de> {
    object: &'de Map<String, Value>,
    names: std::slice::Iter<'static, &'static str>,
    strict: bool,
}

impl<'de> SeqAccess<'de> for Fields<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(name) = self.names.next() else { return Ok(None) };
        let Some(value) = self.object.get(*name) else { return Ok(None) };
        let read = seed.deserialize(Tree { value, strict: self.strict });
        read.map(Some).map_err(|it| it.below(name))
    }
}

struct Items<'de> {
    rest: std::slice::Iter<'de, Value>,
    next: usize,
    strict: bool,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(value) = self.rest.next() else { return Ok(None) };
        self.next += 1;
        let read = seed.deserialize(Tree { value, strict: self.strict });
        read.map(Some).map_err(|it| it.below(&format!("[{}]", self.next - 1)))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

struct Pairs<'de> {
    rest: map::Iter<'de>,
    key: &'de str,
    value: &'de Value,
    strict: bool,
}

impl<'de> MapAccess<'de> for Pairs<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        (self.key, self.value) = (key, value);
        let read = seed.deserialize(BorrowedStrDeserializer::<Error>::new(key));
        read.map(Some).map_err(|it| it.below(key))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let read = seed.deserialize(Tree { value: self.value, strict: self.strict });
        read.map_err(|it| it.below(self.key))
    }
}

fn kind(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(it) => Unexpected::Bool(*it),
        Value::Number(it) => it.as_i64().map_or(Unexpected::Other("number"), Unexpected::Signed),
        Value::String(it) => Unexpected::Str(it),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    enum Name {
        Ada,
        Bob,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Leaf {
        name: Name,
        number: Option<i64>,
        #[serde(default)]
        rest: Vec<u8>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "what it holds is not looked at")]
    struct Tuples {
        first: u8,
        second: u8,
        #[serde(default)]
        pair: Option<(u8, u8)>,
        #[serde(default)]
        pairs: Vec<(u8, u8)>,
        #[serde(default)]
        named: BTreeMap<String, [u8; 2]>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Branch {
        #[serde(default)]
        leaves: Vec<Leaf>,
        #[serde(default)]
        named: BTreeMap<String, Leaf>,
    }

    #[track_caller]
    fn refuses(value: &Value, message: &str) {
        assert_eq!(read::<Leaf>(value).unwrap_err().to_string(), message);
    }

    #[test]
    fn structs_lists_options_and_names_are_read() {
        let leaf = Leaf { name: Name::Ada, number: None, rest: vec![1, 2] };
        let value = json!({ "name": "Ada", "number": null, "rest": [1, 2], "other": { "a": [] } });
        assert_eq!(read(&value), Ok(leaf));
        let large = json!({ "name": "Bob", "number": -9_007_199_254_740_991_i64 });
        assert_eq!(read::<Leaf>(&large).unwrap().number, Some(-9_007_199_254_740_991));
        assert_eq!(read_strictly(&large).map(|it: Leaf| it.rest), Ok(vec![]));
    }

    #[test]
    fn what_is_wrong_is_said_as_serde_says_it() {
        refuses(&json!(["Ada", null, []]), "invalid type: sequence, expected struct Leaf");
        refuses(&json!({}), "name is missing");
        refuses(&json!({ "name": "Ada" }), "number is missing");
        refuses(&json!({ "name": 7 }), "name invalid type: integer `7`, expected a name");
        refuses(&json!({ "name": "Eve" }), "name unknown variant `Eve`, expected `Ada` or `Bob`");
        let wrong = json!({ "name": "Ada", "number": "7" });
        refuses(&wrong, "number invalid type: string \"7\", expected i64");
    }

    #[test]
    fn a_list_that_is_too_short_is_named_by_its_own_place() {
        for (field, value, path) in [
            ("pair", json!([1]), "pair"),
            ("pairs", json!([[1, 2], [1]]), "pairs[1]"),
            ("named", json!({ "a": [] }), "named.a"),
        ] {
            let value = json!({ "first": 1, "second": 2, field: value });
            let error = read_strictly::<Tuples>(&value).unwrap_err();
            assert_eq!((error.path.as_str(), error.flaw), (path, Flaw::Missing), "{value}");
        }
        let error = read::<Tuples>(&json!({ "first": 1 })).unwrap_err();
        assert_eq!((error.path.as_str(), error.flaw), ("second", Flaw::Missing));
    }

    #[test]
    fn the_place_is_named_at_any_depth() {
        let check = |value: Value, path: &str, flaw: &Flaw| {
            let error = read_strictly::<Branch>(&value).unwrap_err();
            assert_eq!((error.path.as_str(), &error.flaw), (path, flaw), "{value}");
        };
        let number = Flaw::Wrong("invalid value: integer `256`, expected u8".into());
        let leaf = json!({ "name": "Ada", "number": 1, "rest": [0, 256] });
        check(json!({ "leaves": [leaf] }), "leaves[0].rest[1]", &number);
        check(json!({ "named": { "a/b": leaf } }), "named.a/b.rest[1]", &number);
        check(json!({ "leaves": [{ "name": "Ada" }] }), "leaves[0].number", &Flaw::Missing);
        let more = json!({ "name": "Ada", "number": 1, "nmae": "Ada" });
        check(json!({ "leaves": [more] }), "leaves[0].nmae", &Flaw::Unknown);
        check(json!({ "leafs": [] }), "leafs", &Flaw::Unknown);
        let kept: Branch = read(&json!({ "leafs": [], "leaves": [more] })).unwrap();
        assert_eq!(kept.leaves[0].name, Name::Ada);
    }
}
