//! The content of a request, as the package's JavaScript has prepared it.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::browser::js::property::property;
use crate::core::audio::format::MediaType;

/// The content of a request, ready to be put into a form.
pub(crate) struct RequestBody {
    /// The audio. Its type is the content type that is sent.
    pub(crate) blob: Blob,
    /// The type of the audio, which decides the file name.
    pub(crate) media_type: MediaType,
    /// The text fields, in order, as `[name, text]`.
    pub(crate) fields: Array,
}

impl RequestBody {
    /// Reads `{ blob, fields }`; `None` if it is anything else.
    pub(crate) fn from_js(body: &JsValue) -> Option<Self> {
        let blob: Blob = property(body, "blob").dyn_into().ok()?;
        Some(RequestBody {
            media_type: MediaType::of_content_type(&blob.type_())?,
            blob,
            fields: property(body, "fields").dyn_into().ok()?,
        })
    }
}
