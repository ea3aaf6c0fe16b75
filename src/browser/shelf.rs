//! Where samples go as they are made.

use js_sys::{Array, Uint8Array};
use web_sys::Blob;

use super::bytes::new_blob;
use super::error::Rejection;

/// How much is gathered before it leaves wasm memory, in bytes.
const FULL_BYTES: usize = 256 * 1024;
/// What is made at a time fits on top of that, so that the shelf need not grow:
/// growing takes a second copy, and what memory wasm once had it keeps.
const ROOM_BYTES: usize = FULL_BYTES + FULL_BYTES / 4;

/// Keeps samples in blobs and not in wasm memory, which never shrinks: an hour
/// of them has 115 MB.
pub struct Shelf {
    blobs: Vec<Blob>,
    /// What was made last; work appends to it.
    pub pcm: Vec<u8>,
}

impl Default for Shelf {
    fn default() -> Self {
        Shelf {
            blobs: Vec::new(),
            pcm: Vec::with_capacity(ROOM_BYTES),
        }
    }
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

/// A blob takes its own copy; one more on the way would wait for the garbage
/// collector.
#[allow(unsafe_code)]
fn blob_of(pcm: &[u8]) -> Result<Blob, Rejection> {
    let parts = Array::new();
    // SAFETY: the view ends with this function, which does not touch `pcm`.
    let view = unsafe { Uint8Array::view(pcm) };
    parts.push(&view);
    let blob = new_blob(&parts, "")?;
    if blob.size() as usize == pcm.len() {
        return Ok(blob);
    }
    // Wasm memory that grows under a view empties it; even making one can take
    // memory, for its place in a table.
    new_blob(&Array::of1(&Uint8Array::from(pcm)), "")
}
