//! Members of JavaScript values that may be anything.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

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
