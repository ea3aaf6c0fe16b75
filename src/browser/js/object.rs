//! Plain JavaScript objects: one kind of value for all of them, so that what
//! makes them is compiled once.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

/// A member of an object, by its name; what is absent is left out.
pub type Member = (&'static str, Value);

/// What a member holds.
pub enum Value {
    /// Nothing: there is no such member.
    Absent,
    /// `true` or `false`.
    Flag(bool),
    /// Any number.
    Number(f64),
    /// One of the core's own words.
    Word(&'static str),
    /// Text that was made.
    Text(String),
    /// A list of the core's own words.
    Words(Vec<&'static str>),
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Absent => serializer.serialize_none(),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Number(number) => serializer.serialize_f64(*number),
            Value::Word(word) => serializer.serialize_str(word),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Words(words) => serializer.collect_seq(words),
        }
    }
}

struct Object<'a>(&'a [Member]);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0 {
            if !matches!(value, Value::Absent) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// The plain JavaScript object that has these members.
pub fn object(members: &[Member]) -> JsValue {
    // What values are made of cannot fail to be one.
    Object(members)
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or(JsValue::UNDEFINED)
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Value::Number(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Value::Number(number.into())
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Value::Number(number.into())
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Value::Word(word)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<Vec<&'static str>> for Value {
    fn from(words: Vec<&'static str>) -> Self {
        Value::Words(words)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Absent, Into::into)
    }
}
