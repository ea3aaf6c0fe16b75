//! Members of JavaScript values that may be anything.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

// A Proxy may throw at anything; an exception that Rust does not expect would end
// what is under way without a trace, and leave it hanging.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Array, js_name = isArray, catch)]
    fn array_is_array(value: &JsValue) -> Result<bool, JsValue>;
    /// The names of an object's own members.
    #[wasm_bindgen(js_namespace = Object, js_name = keys, catch)]
    pub fn names_of(object: &Object) -> Result<Array, JsValue>;
}

/// Whether it is an array; what cannot be asked is none.
pub fn is_array(value: &JsValue) -> bool {
    array_is_array(value).unwrap_or_default()
}

/// The member `name`; `undefined` where there is none, where its getter throws,
/// and of what is no object.
///
/// The last is asked first, though `Reflect.get` throws then: an import that
/// throws leaves a slot of wasm-bindgen's table behind for good (0.2.130), and
/// a page may make ten thousand calls.
pub fn property(of: &JsValue, name: &str) -> JsValue {
    if of.is_object() || of.is_function() {
        Reflect::get(of, &name.into()).unwrap_or_default()
    } else {
        JsValue::UNDEFINED
    }
}

/// The member `name`, if it is a string.
pub fn string(of: &JsValue, name: &str) -> Option<String> {
    property(of, name).as_string()
}
