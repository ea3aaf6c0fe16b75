//! Bytes in the browser's keeping.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use super::error::Rejection;
use crate::core::error::Failure;

/// How many bytes of a file are read at a time.
pub const BLOCK_BYTES: u64 = 1 << 20;

/// A blob of these parts.
pub fn new_blob(parts: &Array, content_type: &str) -> Result<Blob, Rejection> {
    let properties = BlobPropertyBag::new();
    properties.set_type(content_type);
    Blob::new_with_buffer_source_sequence_and_options(parts, &properties).map_err(unreadable)
}

/// A part of a blob, which takes no copy.
pub fn slice(source: &Blob, start: u64, end: u64) -> Result<Blob, Rejection> {
    source
        .slice_with_f64_and_f64(start as f64, end as f64)
        .map_err(unreadable)
}

/// The blob's bytes, outside of wasm memory. A file that was changed or removed
/// since it was chosen cannot be read any more.
pub async fn buffer_of(blob: &Blob) -> Result<ArrayBuffer, Rejection> {
    let buffer = JsFuture::from(blob.array_buffer())
        .await
        .map_err(unreadable)?;
    Ok(buffer.unchecked_into())
}

/// A copy of the blob's bytes.
pub async fn bytes_of(blob: &Blob) -> Result<Vec<u8>, Rejection> {
    Ok(Uint8Array::new(buffer_of(blob).await?.as_ref()).to_vec())
}

fn unreadable(cause: JsValue) -> Rejection {
    Rejection::caused_by(
        Failure::audio("undecodable", "the audio could not be read"),
        cause,
    )
}
