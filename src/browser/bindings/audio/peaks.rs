//! The peaks of a take.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::core::audio::peaks;

/// Returns the smallest and the largest of 16-bit samples, in the upper and the lower half of one
/// number: an array takes 190 bytes more of every page, compressed.
#[wasm_bindgen(js_name = pcmRange)]
pub fn pcm_range(pcm: &[u8]) -> i32 {
    let (smallest, largest) = peaks::pcm_range(pcm);
    i32::from(smallest) << 16 | i32::from(largest.cast_unsigned())
}
