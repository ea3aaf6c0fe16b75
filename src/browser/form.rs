//! The multipart form of a request, exactly as the API documents it.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::FormData;

use crate::browser::request_body::RequestBody;
use crate::core::endpoint::FILE_FIELD;

/// Builds the form of one request. A body can be sent only once, so every attempt gets its own
/// form; all forms share the blob.
pub(crate) fn build(body: &RequestBody) -> Result<FormData, JsValue> {
    let form = FormData::new()?;
    let file_name = body.media_type.file_name();
    form.append_with_blob_and_filename(FILE_FIELD, &body.blob, file_name)?;
    for field in body.fields.iter() {
        let field: Array = field.dyn_into()?;
        let text = |index| field.get(index).as_string().unwrap_or_default();
        form.append_with_str(&text(0), &text(1))?;
    }
    Ok(form)
}
