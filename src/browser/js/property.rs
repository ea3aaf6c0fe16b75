//! Members of JavaScript values that may be anything.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

// A Proxy may throw at anything. JavaScript catches that: an exception that Rust
// does not expect ends a call without a trace, and one that it does expect leaves a
// slot of wasm-bindgen's table behind for good (0.2.130).
#[wasm_bindgen(module = "/pkg-template/client/untrusted-values.js")]
extern "C" {
    /// Whether it is an array; what cannot be asked is none.
    #[wasm_bindgen(js_name = isArray)]
    pub fn is_array(value: &JsValue) -> bool;
    #[wasm_bindgen(js_name = memberOf)]
    fn member_of(value: &JsValue, name: &str) -> JsValue;
    #[wasm_bindgen(js_name = ownMemberOf)]
    fn own_member_of(value: &JsValue, name: &str) -> JsValue;
    /// The names of an object's own members.
    #[wasm_bindgen(js_name = namesOf)]
    pub fn names_of(object: &JsValue) -> Array;
}

/// The member `name`; `undefined` where there is none, where its getter throws,
/// and of what is no object.
pub fn property(of: &JsValue, name: &str) -> JsValue {
    member_of(of, name)
}

/// The same, if the object itself has it.
pub fn own_property(of: &JsValue, name: &str) -> JsValue {
    own_member_of(of, name)
}

/// The member `name`, if it is a string.
pub fn string(of: &JsValue, name: &str) -> Option<String> {
    property(of, name).as_string()
}
