//! The parser of MP3 files.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::core::audio::mp3::{self, Mp3Info};

/// Parses an MP3 file from its start to its end. JavaScript must `free()` it.
#[wasm_bindgen]
pub struct Mp3Parser(mp3::Mp3Parser);

#[wasm_bindgen]
impl Mp3Parser {
    /// Returns a parser at the start of a file.
    #[allow(clippy::new_without_default)]
    #[wasm_bindgen(constructor)]
    pub fn new() -> Mp3Parser {
        Mp3Parser(mp3::Mp3Parser::new())
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// Returns the properties of the file:
    /// `{ sampleRate, channels, durationSeconds, problems, mayBeDecoded }`. Throws if the API
    /// could not play it.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let info = self.0.finish().and_then(Mp3Info::long_enough);
        let info = info.map_err(|failure| Rejection::from(failure).into_js_failure())?;
        let may_be_decoded = info.may_be_decoded();
        Ok(object(&[
            ("sampleRate", info.sample_rate.into()),
            ("channels", info.channels.into()),
            ("durationSeconds", info.duration_seconds.into()),
            ("problems", info.problems.into()),
            ("mayBeDecoded", may_be_decoded.into()),
        ]))
    }

    /// Returns the parts of the file that hold frames: the start and end of each, in bytes.
    #[wasm_bindgen(js_name = frameRanges)]
    pub fn frame_ranges(&self) -> Vec<f64> {
        self.0.parts().to_vec()
    }
}
