//! What callers pass, carefully: any of it may be anything.

use js_sys::{Array, Function, JSON};
use wasm_bindgen::{JsCast, JsValue};

use super::error::Rejection;
use super::property::{is_array, names_of, own_property, property};
use super::scope::is_signal;
use crate::core::error::Failure;
use crate::core::options::{Field, Kind, Value, check, expected};
use crate::core::request::Components;
use crate::core::text::joined;

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
        let data = read_value(options, &live);
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

    /// The constructor's options, which the package's JavaScript has checked.
    pub fn checked(options: &JsValue) -> Self {
        let is_live = |name: &str| matches!(name, "headers" | "fetch");
        Options {
            object: options.clone(),
            data: members(options, 0, is_live),
        }
    }

    fn check_live(&self, name: &str, field: &Field) -> Result<(), Rejection> {
        let value = self.get(field.name);
        let fits = value.is_undefined()
            || match field.kind {
                Kind::Function => value.is_function(),
                Kind::Special("signal") => is_signal(&value),
                _ => true,
            };
        if fits {
            return Ok(());
        }
        Err(Failure::configuration(joined(&[
            name,
            ".",
            field.name,
            " must be ",
            &expected(field.kind),
            ", got ",
            &described(&value),
        ]))
        .into())
    }

    /// The option as it was passed; `undefined` for `null` too.
    pub fn get(&self, name: &str) -> JsValue {
        let value = own_property(&self.object, name);
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
    pub fn signal(&self) -> Option<JsValue> {
        Some(self.get("signal")).filter(is_signal)
    }
}

/// The data of `options`, without its `live` members.
fn read_value(options: &JsValue, live: &[&Field]) -> Value {
    let is_live = |name: &str| live.iter().any(|field| field.name == name);
    match is_record(options) {
        true => members(options, 0, is_live),
        false => data_of(options, 0),
    }
}

/// How long a call has waited for the wasm, in milliseconds: a member of its
/// request that the package adds, and that no caller can.
pub fn waited_ms(request: &JsValue) -> f64 {
    let waited_ms = own_property(request, "waitedMs").as_f64();
    waited_ms.unwrap_or_default()
}

/// The options of an endpoint, all of them data but for the reference, which
/// [`components`] reads.
pub fn endpoint_options(options: &JsValue) -> Value {
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
    let value = own_property(options, crate::core::request::COMPONENTS_OPTION);
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
    value.is_object() && !is_array(value)
}

/// What a value is, in words, without its content.
pub fn described(value: &JsValue) -> String {
    if value.is_null() {
        "null".into()
    } else if is_array(value) {
        "an array".into()
    } else if value.is_undefined() {
        "undefined".into()
    } else {
        let kind = value.js_typeof().as_string().unwrap_or_default();
        let article = if kind == "object" { "an " } else { "a " };
        joined(&[article, &kind])
    }
}

/// Options nest three levels; what is deeper is not followed, so that a cyclic
/// object ends.
const DEEPEST: u32 = 3;

fn data_of(value: &JsValue, depth: u32) -> Value {
    if value.is_undefined() || value.is_null() {
        return Value::Absent;
    }
    if let Some(flag) = value.as_bool() {
        return Value::Bool(flag);
    }
    if let Some(number) = value.as_f64() {
        return Value::Number(number);
    }
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if is_array(value) {
        return Value::List;
    }
    match value.is_object() {
        true => members(value, depth, |_| false),
        false => Value::Other,
    }
}

/// The members of `object`, without what is `live`.
fn members(object: &JsValue, depth: u32, live: impl Fn(&str) -> bool) -> Value {
    let mut members = Vec::new();
    if depth < DEEPEST {
        for key in names_of(object).iter() {
            let name = key.as_string().unwrap_or_default();
            let data = match live(&name) {
                true => Value::Other,
                false => data_of(&property(object, &name), depth + 1),
            };
            members.push((name, data));
        }
    }
    Value::Object(members)
}
