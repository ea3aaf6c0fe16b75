//! What is found on a walk through an MP3.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::error::Rejection;
use crate::browser::members::object;
use crate::core::audio::Upload;
use crate::core::audio::mp3::Walker;

/// Walks through an MP3 file from its start to its end.
#[wasm_bindgen]
pub struct WalkerHandle {
    walker: Walker,
    parts: Vec<f64>,
}

impl WalkerHandle {
    pub(super) fn new() -> Self {
        WalkerHandle {
            walker: Walker::new(),
            parts: Vec::new(),
        }
    }
}

#[wasm_bindgen]
impl WalkerHandle {
    /// Walks on.
    pub fn read(&mut self, bytes: &[u8]) {
        self.walker.push(bytes);
    }

    /// What was in the file:
    /// `{ sampleRate, channels, durationSeconds, problems, mayBeDecoded }`.
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        let upload = self.walker.report().and_then(|report| {
            let ends = report.parts.iter().flat_map(|part| [part.start, part.end]);
            self.parts = ends.map(|at| at as f64).collect();
            Upload::of_mp3(report)
        });
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
    #[wasm_bindgen(getter)]
    pub fn parts(&self) -> Vec<f64> {
        self.parts.clone()
    }
}
