//! Where samples go as they are made.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::audio::new_blob;
use super::error::Rejection;

/// How much is gathered before it leaves wasm memory, in bytes.
const FULL_BYTES: usize = 256 * 1024;

/// Keeps samples in blobs and not in wasm memory, which never shrinks: an hour
/// of them has 115 MB.
pub struct Shelf {
    blobs: Array,
    /// What was made last; work appends to it.
    pub pcm: Vec<u8>,
}

impl Shelf {
    /// An empty one.
    pub fn new() -> Self {
        Shelf {
            blobs: Array::new(),
            pcm: Vec::new(),
        }
    }

    /// Moves what was gathered out of wasm memory, if it is enough.
    pub fn tidy(&mut self) -> Result<(), Rejection> {
        if self.pcm.len() >= FULL_BYTES {
            self.clear()?;
        }
        Ok(())
    }

    /// Everything.
    pub fn into_blob(mut self) -> Result<Blob, Rejection> {
        self.clear()?;
        new_blob(&self.blobs, "")
    }

    fn clear(&mut self) -> Result<(), Rejection> {
        let bytes: JsValue = Uint8Array::from(self.pcm.as_slice()).into();
        let blob: JsValue = new_blob(&Array::of1(&bytes), "")?.into();
        self.blobs.push(&blob);
        self.pcm.clear();
        Ok(())
    }
}
