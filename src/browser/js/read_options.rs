//! Reads the options that callers pass. Any of them may be anything.
//!
//! Options are read by name and not by Serde's derived `Deserialize`, which is large: for two small
//! structs, it added 34,167 B to the module (13,768 B compressed with brotli).

use js_sys::{Array, Function, JSON};
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::error::Rejection;
use crate::browser::js::imports::{is_array, is_signal, names_of, option_problem};
use crate::browser::js::property::{own_property, property};
use crate::core::endpoint::{COMPONENTS_OPTION, NativeComponents};
use crate::core::error::failure::Failure;
use crate::core::options::value::OptionValue;

/// Valid options: their data, and the live objects among them.
#[derive(Debug)]
pub(crate) struct Options {
    object: JsValue,
    pub(crate) data: OptionValue,
}

impl Options {
    /// Validates and reads `options`, called `name` in messages. `table` names a table of
    /// `call-options.js`.
    pub(crate) fn read(name: &str, options: &JsValue, table: &str) -> Result<Self, Rejection> {
        match option_problem(name, options, table) {
            Some(problem) => Err(Failure::configuration(problem).into()),
            None => Ok(Options::read_validated(options)),
        }
    }

    /// Reads options that the package's JavaScript has validated.
    pub(crate) fn read_validated(options: &JsValue) -> Self {
        let is_live = |name: &str| matches!(name, "headers" | "fetch" | "signal" | "resume");
        Options {
            object: options.clone(),
            data: to_data(options, is_live),
        }
    }

    /// Returns the option as it was passed, and `undefined` for `null`.
    pub(crate) fn get(&self, name: &str) -> JsValue {
        let value = own_property(&self.object, name);
        if value.is_null() {
            JsValue::UNDEFINED
        } else {
            value
        }
    }

    /// Returns the option if it is a function.
    pub(crate) fn function(&self, name: &str) -> Option<Function> {
        self.get(name).dyn_into().ok()
    }

    /// Returns the option `signal`.
    pub(crate) fn signal(&self) -> Option<JsValue> {
        Some(self.get("signal")).filter(is_signal)
    }
}

/// Reads the options of an endpoint, except for the reference, which [`native_components`] reads.
pub(crate) fn endpoint_options(options: &JsValue) -> OptionValue {
    to_data(options, |name| name == COMPONENTS_OPTION)
}

/// Reads the option `native_speech_components`. The browser's own `JSON.stringify` serializes an
/// array, so that key order and unknown fields survive; a string is passed through unchanged.
pub(crate) fn native_components(options: &JsValue) -> NativeComponents {
    let value = own_property(options, COMPONENTS_OPTION);
    if value.is_undefined() || value.is_null() {
        return NativeComponents::Missing;
    }
    let text = match value.as_string() {
        Some(text) => text,
        None => match JSON::stringify(&value)
            .ok()
            .and_then(|json| json.as_string())
        {
            Some(text) => text,
            None => return NativeComponents::Malformed,
        },
    };
    match JSON::parse(&text) {
        Err(_) => NativeComponents::Malformed,
        Ok(parsed) => match parsed.dyn_ref::<Array>() {
            Some(items) if items.iter().all(|item| is_record(&item)) => {
                NativeComponents::Json(text)
            }
            _ => NativeComponents::NotAnArray,
        },
    }
}

fn is_record(value: &JsValue) -> bool {
    value.is_object() && !is_array(value)
}

/// Options nest three levels. Deeper members are not read, so that a cyclic object ends.
const MAX_DEPTH: u32 = 3;

/// Returns the data of `options`, without their live members.
fn to_data(options: &JsValue, is_live: impl Fn(&str) -> bool) -> OptionValue {
    if is_record(options) {
        members(options, 0, is_live)
    } else {
        value_to_data(options, 0)
    }
}

fn value_to_data(value: &JsValue, depth: u32) -> OptionValue {
    if value.is_undefined() || value.is_null() {
        return OptionValue::Absent;
    }
    if let Some(flag) = value.as_bool() {
        return OptionValue::Bool(flag);
    }
    if let Some(number) = value.as_f64() {
        return OptionValue::Number(number);
    }
    if let Some(text) = value.as_string() {
        return OptionValue::Text(text);
    }
    if is_array(value) {
        return OptionValue::List;
    }
    if value.is_object() {
        members(value, depth, |_| false)
    } else {
        OptionValue::Other
    }
}

/// Returns the members of `object`, with [`OptionValue::Other`] for live ones.
fn members(object: &JsValue, depth: u32, is_live: impl Fn(&str) -> bool) -> OptionValue {
    let mut members = Vec::new();
    if depth < MAX_DEPTH {
        for key in names_of(object).iter() {
            let name = key.as_string().unwrap_or_default();
            let data = if is_live(&name) {
                OptionValue::Other
            } else {
                value_to_data(&property(object, &name), depth + 1)
            };
            members.push((name, data));
        }
    }
    OptionValue::Object(members)
}
