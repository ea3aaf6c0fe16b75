//! What callers pass, carefully: any of it may be anything.

use js_sys::{Array, Function, JSON};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::cancellation::is_signal;
use crate::browser::error::Rejection;
use crate::browser::js::property::{is_array, names_of, own_property, property};
use crate::core::endpoint::{COMPONENTS_OPTION, Components};
use crate::core::error::failure::Failure;
use crate::core::options::value::Value;

#[wasm_bindgen(module = "/pkg-template/client/option-problem.js")]
extern "C" {
    /// Says what is wrong with `options`, called `name` in messages, by a table of `call-options.js`.
    #[wasm_bindgen(js_name = optionProblem)]
    fn option_problem(name: &str, options: &JsValue, table: &str) -> Option<String>;
}

/// Options that were checked: their data, and the live objects among them.
#[derive(Debug)]
pub struct Options {
    object: JsValue,
    /// The data.
    pub data: Value,
}

impl Options {
    /// Checks and reads `options`, called `name` in messages.
    pub fn read(name: &str, options: &JsValue, table: &str) -> Result<Self, Rejection> {
        match option_problem(name, options, table) {
            Some(problem) => Err(Failure::configuration(problem).into()),
            None => Ok(Options::checked(options)),
        }
    }

    /// Reads options that the package's JavaScript has checked.
    pub fn checked(options: &JsValue) -> Self {
        let is_live = |name: &str| matches!(name, "headers" | "fetch" | "signal" | "resume");
        Options {
            object: options.clone(),
            data: read_value(options, is_live),
        }
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

/// The data of `options`, without its live members.
fn read_value(options: &JsValue, is_live: impl Fn(&str) -> bool) -> Value {
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
    read_value(options, |name| name == COMPONENTS_OPTION)
}

/// What the option `native_speech_components` holds. An array becomes JSON by
/// the browser's own `JSON.stringify`, so that key order and unknown fields
/// survive; a string goes through untouched.
pub fn components(options: &JsValue) -> Components {
    let value = own_property(options, COMPONENTS_OPTION);
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
