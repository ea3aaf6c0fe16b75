//! What is found on a walk through an MP3.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::error::Rejection;
use crate::browser::events::to_js;
use crate::core::audio::Upload;
use crate::core::audio::mp3::Walker;

/// Walks through an MP3 file from its start to its end.
#[wasm_bindgen]
pub struct WalkerHandle(Walker);

/// What is in it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    sample_rate: u32,
    channels: u16,
    duration_seconds: f64,
    problems: Vec<&'static str>,
    may_be_decoded: bool,
}

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
        let report = self.0.report();
        let upload = report.map(Upload::of_mp3);
        let upload = upload.map_err(|failure| Rejection::from(failure).into_thrown())?;
        Ok(to_js(&Found {
            may_be_decoded: upload.may_be_decoded(),
            sample_rate: upload.sample_rate,
            channels: upload.channels,
            duration_seconds: upload.duration_seconds,
            problems: upload.problems,
        }))
    }
}
