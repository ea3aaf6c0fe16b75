//! What the callbacks are told.

use js_sys::{Array, Function};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::js::object::object;

/// One failed attempt, as errors list it.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// UTC, ISO 8601.
    pub started_at: String,
    /// From send to failure, in milliseconds.
    pub duration_ms: f64,
    /// The HTTP status, where an answer came.
    pub status: Option<u16>,
    /// The `code` of its error.
    pub code: &'static str,
    /// The wait that followed it, in milliseconds.
    pub delay_ms: Option<f64>,
}

impl Attempt {
    /// All of these, in order.
    pub fn list(attempts: Vec<Attempt>) -> Array {
        let object = |attempt: Attempt| {
            object(&[
                ("startedAt", attempt.started_at.into()),
                ("durationMs", attempt.duration_ms.into()),
                ("status", attempt.status.into()),
                ("code", attempt.code.into()),
                ("delayMs", attempt.delay_ms.into()),
            ])
        };
        attempts.into_iter().map(object).collect()
    }
}

/// What `onProgress` gets.
#[derive(Debug, Clone)]
pub struct Progress {
    /// `preparing`, `queued`, `uploading`, `processing` or `waiting`.
    pub phase: &'static str,
    /// From 1.
    pub attempt: u32,
    /// The most attempts there will be.
    pub max_attempts: u32,
    /// How much of the audio has gone up, in bytes, where the browser says so.
    pub sent_bytes: Option<f64>,
    /// The size of the audio, in bytes, once it is known.
    pub total_bytes: Option<f64>,
    /// While waiting: for how long, in milliseconds.
    pub delay_ms: Option<f64>,
}

impl Progress {
    /// Tells it.
    pub fn tell(&self, on_progress: Option<&Function>) {
        if let Some(on_progress) = on_progress {
            let message = object(&[
                ("phase", self.phase.into()),
                ("attempt", self.attempt.into()),
                ("maxAttempts", self.max_attempts.into()),
                ("sentBytes", self.sent_bytes.into()),
                ("totalBytes", self.total_bytes.into()),
                ("delayMs", self.delay_ms.into()),
            ]);
            forward(on_progress, &message);
        }
    }
}

/// Calls the user's `callback`; what it throws is not the call's error.
pub fn forward(callback: &Function, message: &JsValue) {
    // Only a page's own `reportError` can throw here.
    let _ = notify(callback, message);
}

#[wasm_bindgen(module = "/pkg-template/client/untrusted-values.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn notify(callback: &Function, message: &JsValue) -> Result<(), JsValue>;
}
