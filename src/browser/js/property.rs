//! Reads members of JavaScript values that may be anything.

use wasm_bindgen::JsValue;

use crate::browser::js::imports::{member_of, own_member_of};

/// Returns the member `name`; `undefined` if there is none, if its getter throws, or if `value`
/// is no object.
pub(crate) fn property(value: &JsValue, name: &str) -> JsValue {
    member_of(value, name)
}

/// Returns the member `name` if the object itself has it; inherited members count as missing.
pub(crate) fn own_property(value: &JsValue, name: &str) -> JsValue {
    own_member_of(value, name)
}

/// Returns the member `name` if it is a string.
pub(crate) fn string(value: &JsValue, name: &str) -> Option<String> {
    property(value, name).as_string()
}
