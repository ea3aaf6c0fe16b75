//! The bindings of the encoder for the package's JavaScript.

use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::stream::Stream;

/// An MP3 stream that is being written. The file is `head()`, all results of `push()`, and
/// `finish()`.
#[wasm_bindgen]
pub struct Encoder(Stream);

#[wasm_bindgen]
impl Encoder {
    /// Starts a stream of mono audio.
    #[wasm_bindgen(constructor)]
    pub fn new(sample_rate: u32, kbps: u32) -> Result<Encoder, JsError> {
        Ok(Encoder(Stream::new(sample_rate, kbps)?))
    }

    /// Encodes samples, and returns the frames that they completed.
    pub fn push(&mut self, samples: &[i16]) -> Result<Vec<u8>, JsError> {
        Ok(self.0.push(samples)?)
    }

    /// Ends the stream, and returns the last frames.
    pub fn finish(&mut self) -> Result<Vec<u8>, JsError> {
        Ok(self.0.finish()?)
    }

    /// Returns the frame to put before all others, once the stream is finished.
    pub fn head(&self) -> Result<Vec<u8>, JsError> {
        Ok(self.0.head()?.to_vec())
    }
}
