//! Types from parsed JSON: structs from objects only, enums from their names only.
//!
//! serde derives a second reader for each struct, from lists. Where nothing calls it, it is not
//! linked: that is a tenth of the worker.

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor,
        value::Error,
    },
    forward_to_deserialize_any,
};
use serde_json::{Map, Value, map};

/// Reads a type from a value.
pub fn read<'de, T: Deserialize<'de>>(value: &'de Value) -> Result<T, Error> {
    T::deserialize(Tree(value))
}

struct Tree<'de>(&'de Value);

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(it) => visitor.visit_bool(*it),
            Value::Number(it) => match (it.as_i64(), it.as_f64()) {
                (Some(whole), _) => visitor.visit_i64(whole),
                (None, Some(number)) => visitor.visit_f64(number),
                (None, None) => visitor.visit_unit(),
            },
            Value::String(it) => visitor.visit_borrowed_str(it),
            Value::Array(it) => visitor.visit_seq(Items(it.iter())),
            Value::Object(it) => visitor.visit_map(Fields::of(it)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
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
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(it) => visitor.visit_map(Fields::of(it)),
            other => Err(Error::invalid_type(kind(other), &visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
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

struct Items<'de>(std::slice::Iter<'de, Value>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|it| seed.deserialize(Tree(it))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields<'de> {
    rest: map::Iter<'de>,
    value: &'de Value,
}

impl<'de> Fields<'de> {
    fn of(fields: &'de Map<String, Value>) -> Self {
        Self { rest: fields.iter(), value: &Value::Null }
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(serde::de::value::BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(Tree(self.value))
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
    }

    #[test]
    fn what_is_wrong_is_said_as_serde_says_it() {
        refuses(&json!(["Ada", null, []]), "invalid type: sequence, expected struct Leaf");
        refuses(&json!({}), "missing field `name`");
        refuses(&json!({ "name": 7 }), "invalid type: integer `7`, expected a name");
        refuses(&json!({ "name": "Eve" }), "unknown variant `Eve`, expected `Ada` or `Bob`");
        let wrong = json!({ "name": "Ada", "number": "7" });
        refuses(&wrong, "invalid type: string \"7\", expected i64");
    }
}
