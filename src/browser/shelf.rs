//! Where samples go as they are made.

use js_sys::{Array, Uint8Array};
use web_sys::Blob;

use super::blob::new_blob;
use super::error::Rejection;

/// How much is gathered before it leaves wasm memory, in bytes.
const FULL_BYTES: usize = 256 * 1024;

/// Keeps samples in blobs and not in wasm memory, which never shrinks: an hour
/// of them has 115 MB.
#[derive(Default)]
pub struct Shelf {
    blobs: Vec<Blob>,
    /// What was made last; work appends to it.
    pub pcm: Vec<u8>,
}

impl Shelf {
    /// Moves what was gathered out of wasm memory, if it is enough. Where the
    /// browser has no room for a blob, it stays.
    pub fn tidy(&mut self) {
        if self.pcm.len() >= FULL_BYTES
            && let Ok(blob) = blob_of(&self.pcm)
        {
            self.blobs.push(blob);
            self.pcm.clear();
        }
    }

    /// Everything; it stays, for another try.
    pub fn blob(&self) -> Result<Blob, Rejection> {
        let parts: Array = self.blobs.iter().collect();
        let rest = blob_of(&self.pcm)?;
        parts.push(&rest);
        new_blob(&parts, "")
    }

    /// Whether nothing was made.
    pub fn is_empty(&self) -> bool {
        self.blobs.is_empty() && self.pcm.is_empty()
    }
}

fn blob_of(pcm: &[u8]) -> Result<Blob, Rejection> {
    new_blob(&Array::of1(&Uint8Array::from(pcm)), "")
}
