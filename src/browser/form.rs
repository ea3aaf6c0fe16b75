//! The multipart form, exactly as the API's table has it.

use wasm_bindgen::JsValue;
use web_sys::{Blob, FormData};

use crate::core::audio::MediaType;
use crate::core::request::FILE_FIELD;

/// Audio that is ready to be sent.
#[derive(Debug, Clone)]
pub struct Audio {
    /// Its bytes, with the content type already right.
    pub blob: Blob,
    /// What it is, which decides the file name.
    pub media_type: MediaType,
    /// How long it is, in seconds.
    pub duration_seconds: f64,
}

/// The form of one request. A body can be sent once only, so every attempt
/// gets its own; the blob behind it is shared.
pub fn build(audio: &Audio, text_fields: &[(&str, String)]) -> Result<FormData, JsValue> {
    let form = FormData::new()?;
    form.append_with_blob_and_filename(FILE_FIELD, &audio.blob, audio.media_type.file_name())?;
    for (name, value) in text_fields {
        form.append_with_str(name, value)?;
    }
    Ok(form)
}
