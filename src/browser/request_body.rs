//! What a call sends, as the package's JavaScript has made it ready.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::browser::js::property::property;
use crate::core::audio::format::MediaType;

/// The parts of the form, ready to be sent.
pub struct Contents {
    /// The audio, with the content type already right.
    pub blob: Blob,
    /// What it is, which decides the file name.
    pub media_type: MediaType,
    /// The text fields, in order, as `[name, text]`.
    pub fields: Array,
}

impl Contents {
    /// `None` where it is nothing that the package's JavaScript gives.
    pub fn of_js(contents: &JsValue) -> Option<Self> {
        let blob: Blob = property(contents, "blob").dyn_into().ok()?;
        Some(Contents {
            media_type: MediaType::of_content_type(&blob.type_())?,
            blob,
            fields: property(contents, "fields").dyn_into().ok()?,
        })
    }
}
