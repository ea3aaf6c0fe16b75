//! What callers pass, carefully: any of it may be anything.

use std::fmt;

use js_sys::{Array, Function, JSON, Object, Reflect};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortSignal;

use super::error::Rejection;
use crate::core::error::Failure;
use crate::core::options::{Field, Kind, Value, check, expected};
use crate::core::request::Components;

/// Options that have passed the core's check: their data, and the live objects
/// among them.
#[derive(Debug)]
pub struct Options {
    object: JsValue,
    /// The data.
    pub data: Value,
}

impl Options {
    /// Reads and checks `options`, called `name` in messages.
    pub fn read(name: &str, options: &JsValue, fields: &[Field]) -> Result<Self, Rejection> {
        let live: Vec<&Field> = fields
            .iter()
            .filter(|field| matches!(field.kind, Kind::Function | Kind::Special(_)))
            .collect();
        let data = read_value(options, &live)?;
        check(name, &data, fields).map_err(Failure::configuration)?;
        let options = Options {
            object: options.clone(),
            data,
        };
        for field in live {
            options.check_live(name, field)?;
        }
        Ok(options)
    }

    fn check_live(&self, name: &str, field: &Field) -> Result<(), Rejection> {
        let value = self.get(field.name);
        let fits = value.is_undefined()
            || match field.kind {
                Kind::Function => value.is_function(),
                Kind::Special("signal") => value.is_instance_of::<AbortSignal>(),
                _ => true,
            };
        if fits {
            return Ok(());
        }
        Err(Failure::configuration(format!(
            "{name}.{} must be {}, got {}",
            field.name,
            expected(field.kind),
            described(&value)
        ))
        .into())
    }

    /// The option as it was passed; `undefined` for `null` too.
    pub fn get(&self, name: &str) -> JsValue {
        let value = Reflect::get(&self.object, &name.into()).unwrap_or_default();
        if value.is_null() {
            JsValue::UNDEFINED
        } else {
            value
        }
    }

    /// The option, if it is a function.
    pub fn function(&self, name: &str) -> Option<Function> {
        self.get(name).dyn_into().ok()
    }

    /// The option `signal`.
    pub fn signal(&self) -> Option<AbortSignal> {
        self.get("signal").dyn_into().ok()
    }
}

/// The data of `options`, without its `live` members.
fn read_value(options: &JsValue, live: &[&Field]) -> Result<Value, Rejection> {
    let Some(object) = options.dyn_ref::<Object>().filter(|_| is_record(options)) else {
        return Ok(data_of(options));
    };
    let mut members = Vec::new();
    for key in Object::keys(object).iter() {
        let name = key.as_string().unwrap_or_default();
        let value = Reflect::get(object, &key).map_err(unreadable)?;
        let data = if live.iter().any(|field| field.name == name) {
            Value::Other
        } else {
            data_of(&value)
        };
        members.push((name, data));
    }
    Ok(Value::Object(members))
}

/// The options of an endpoint, all of them data but for the reference, which
/// [`components`] reads.
pub fn endpoint_options(options: &JsValue) -> Result<Value, Rejection> {
    read_value(
        options,
        &[&Field {
            name: crate::core::request::COMPONENTS_OPTION,
            kind: Kind::Special("components"),
        }],
    )
}

/// What the option `native_speech_components` holds. An array becomes JSON by
/// the browser's own `JSON.stringify`, so that key order and unknown fields
/// survive; a string goes through untouched.
pub fn components(options: &JsValue) -> Components {
    let name = JsValue::from_str(crate::core::request::COMPONENTS_OPTION);
    let value = match options.is_object() {
        true => Reflect::get(options, &name).unwrap_or_default(),
        false => JsValue::UNDEFINED,
    };
    if value.is_undefined() || value.is_null() {
        return Components::Missing;
    }
    let text = match value.as_string() {
        Some(text) => text,
        None => match JSON::stringify(&value)
            .ok()
            .and_then(|json| json.as_string())
        {
            Some(text) => text,
            None => return Components::Malformed,
        },
    };
    match JSON::parse(&text) {
        Err(_) => Components::Malformed,
        Ok(parsed) => match parsed.dyn_ref::<Array>() {
            Some(items) if items.iter().all(|item| is_record(&item)) => Components::Json(text),
            _ => Components::NotAnArray,
        },
    }
}

fn is_record(value: &JsValue) -> bool {
    value.is_object() && !Array::is_array(value)
}

fn unreadable(cause: JsValue) -> Rejection {
    Rejection::caused_by(
        Failure::configuration("an option could not be read: its getter threw"),
        cause,
    )
}

/// What a value is, in words, without its content.
pub fn described(value: &JsValue) -> String {
    if value.is_null() {
        "null".into()
    } else if Array::is_array(value) {
        "an array".into()
    } else if value.is_undefined() {
        "undefined".into()
    } else {
        let kind = value.js_typeof().as_string().unwrap_or_default();
        let article = if kind == "object" { "an" } else { "a" };
        format!("{article} {kind}")
    }
}

fn data_of(value: &JsValue) -> Value {
    // Symbols and functions are none of serde's kinds; they are no data.
    serde_wasm_bindgen::from_value::<Data>(value.clone()).map_or(Value::Other, |data| data.0)
}

struct Data(Value);

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DataVisitor { depth: 0 })
    }
}

/// Options nest one level; what is deeper is not followed, so that a cyclic
/// object ends.
const DEEPEST: u32 = 1;

struct DataVisitor {
    depth: u32,
}

impl<'de> serde::de::DeserializeSeed<'de> for DataVisitor {
    type Value = Data;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Data, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DataVisitor {
    type Value = Data;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an option")
    }

    fn visit_unit<E>(self) -> Result<Data, E> {
        Ok(Data(Value::Absent))
    }

    fn visit_none<E>(self) -> Result<Data, E> {
        Ok(Data(Value::Absent))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Data, E> {
        Ok(Data(Value::Bool(flag)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Data, E> {
        Ok(Data(Value::Number(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Data, E> {
        Ok(Data(Value::Number(number as f64)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Data, E> {
        Ok(Data(Value::Number(number as f64)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Data, E> {
        Ok(Data(Value::Text(text.to_owned())))
    }

    fn visit_string<E>(self, text: String) -> Result<Data, E> {
        Ok(Data(Value::Text(text)))
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Data, E> {
        Ok(Data(Value::Other))
    }

    fn visit_byte_buf<E>(self, _: Vec<u8>) -> Result<Data, E> {
        Ok(Data(Value::Other))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Data, A::Error> {
        Ok(Data(Value::List))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Data, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if self.depth >= DEEPEST {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let depth = self.depth + 1;
            members.push((name, map.next_value_seed(DataVisitor { depth })?.0));
        }
        Ok(Data(Value::Object(members)))
    }
}
