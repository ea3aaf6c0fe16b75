//! The multipart form, exactly as the API's table has it.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::FormData;

use crate::browser::request_body::Contents;
use crate::core::endpoint::FILE_FIELD;

/// The form of one request. A body can be sent once only, so every attempt
/// gets its own; the blob behind it is shared.
pub fn build(contents: &Contents) -> Result<FormData, JsValue> {
    let form = FormData::new()?;
    let file_name = contents.media_type.file_name();
    form.append_with_blob_and_filename(FILE_FIELD, &contents.blob, file_name)?;
    for field in contents.fields.iter() {
        let field: Array = field.dyn_into()?;
        let text = |at| field.get(at).as_string().unwrap_or_default();
        form.append_with_str(&text(0), &text(1))?;
    }
    Ok(form)
}
