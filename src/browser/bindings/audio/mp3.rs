//! What is found on a walk through an MP3.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::core::audio::mp3::{Report, Walker};

/// Walks through an MP3 file from its start to its end.
#[wasm_bindgen]
pub struct WalkerHandle(Walker);

impl WalkerHandle {
    pub(super) fn new() -> Self {
        WalkerHandle(Walker::new())
    }
}

#[wasm_bindgen]
impl WalkerHandle {
    /// Walks on.
    pub fn read(&mut self, bytes: &[u8]) {
        self.0.push(bytes);
    }

    /// What was in the file:
    /// `{ sampleRate, channels, durationSeconds, problems, mayBeDecoded }`.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let upload = self.0.report().and_then(Report::long_enough);
        let upload = upload.map_err(|failure| Rejection::from(failure).into_thrown())?;
        let may_be_decoded = upload.may_be_decoded();
        Ok(object(&[
            ("sampleRate", upload.sample_rate.into()),
            ("channels", upload.channels.into()),
            ("durationSeconds", upload.duration_seconds.into()),
            ("problems", upload.problems.into()),
            ("mayBeDecoded", may_be_decoded.into()),
        ]))
    }

    /// Where each part with frames starts and ends, in bytes.
    pub fn parts(&self) -> Vec<f64> {
        self.0.parts().to_vec()
    }
}
