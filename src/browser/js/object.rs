//! Builds plain JavaScript objects.

use js_sys::Array;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use wasm_bindgen::JsValue;

/// A property of an object: its name and value.
pub(crate) type Property<'a> = (&'a str, PropertyValue);

/// The value of a property. One type for all objects, so that the serializer is compiled once.
pub(crate) enum PropertyValue {
    /// Leaves the property out.
    Absent,
    Bool(bool),
    Number(f64),
    Str(&'static str),
    String(String),
    Strs(Vec<&'static str>),
    /// A value of JavaScript, unchanged.
    Js(JsValue),
}

impl Serialize for PropertyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            PropertyValue::Absent => serializer.serialize_none(),
            PropertyValue::Bool(value) => serializer.serialize_bool(*value),
            PropertyValue::Number(value) => serializer.serialize_f64(*value),
            PropertyValue::Str(value) => serializer.serialize_str(value),
            PropertyValue::String(value) => serializer.serialize_str(value),
            PropertyValue::Strs(values) => serializer.collect_seq(values),
            PropertyValue::Js(value) => serde_wasm_bindgen::preserve::serialize(value, serializer),
        }
    }
}

struct Properties<'a>(&'a [Property<'a>]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.0 {
            if !matches!(value, PropertyValue::Absent) {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// Returns a plain object with these properties.
pub(crate) fn object(properties: &[Property]) -> JsValue {
    // Serializing a `PropertyValue` cannot fail.
    Properties(properties)
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .unwrap_or(JsValue::UNDEFINED)
}

impl From<bool> for PropertyValue {
    fn from(value: bool) -> Self {
        PropertyValue::Bool(value)
    }
}

impl From<f64> for PropertyValue {
    fn from(value: f64) -> Self {
        PropertyValue::Number(value)
    }
}

impl From<u32> for PropertyValue {
    fn from(value: u32) -> Self {
        PropertyValue::Number(value.into())
    }
}

impl From<u16> for PropertyValue {
    fn from(value: u16) -> Self {
        PropertyValue::Number(value.into())
    }
}

impl From<&'static str> for PropertyValue {
    fn from(value: &'static str) -> Self {
        PropertyValue::Str(value)
    }
}

impl From<String> for PropertyValue {
    fn from(value: String) -> Self {
        PropertyValue::String(value)
    }
}

impl From<Vec<&'static str>> for PropertyValue {
    fn from(values: Vec<&'static str>) -> Self {
        PropertyValue::Strs(values)
    }
}

impl From<JsValue> for PropertyValue {
    fn from(value: JsValue) -> Self {
        PropertyValue::Js(value)
    }
}

impl From<Array> for PropertyValue {
    fn from(values: Array) -> Self {
        PropertyValue::Js(values.into())
    }
}

impl<T: Into<PropertyValue>> From<Option<T>> for PropertyValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(PropertyValue::Absent, Into::into)
    }
}
