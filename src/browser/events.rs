//! The messages for the callbacks `onEvent` and `onProgress`.

use js_sys::{Array, Function};
use wasm_bindgen::JsValue;

use crate::browser::js::imports::notify;
use crate::browser::js::object::object;

/// One failed attempt, as errors list it.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The time at which it was sent: UTC, ISO 8601.
    pub started_at: String,
    /// The time from sending to failure, in milliseconds.
    pub duration_ms: f64,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The `code` of its error.
    pub code: &'static str,
    /// The wait after it, in milliseconds.
    pub delay_ms: Option<f64>,
}

impl Attempt {
    /// Returns the attempts as JavaScript objects.
    pub(crate) fn list(attempts: Vec<Attempt>) -> Array {
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

/// A message for `onProgress`.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    /// `preparing`, `queued`, `uploading`, `processing` or `waiting`.
    pub(crate) phase: &'static str,
    /// Counted from 1.
    pub(crate) attempt: u32,
    pub(crate) max_attempts: u32,
    /// The bytes of the audio that have been sent, if the browser reports them.
    pub(crate) sent_bytes: Option<f64>,
    /// The size of the audio, as soon as it is known.
    pub(crate) total_bytes: Option<f64>,
    /// The length of the wait, in the phase `waiting`.
    pub(crate) delay_ms: Option<f64>,
}

impl Progress {
    /// Calls `on_progress` with this message.
    pub(crate) fn emit(&self, on_progress: Option<&Function>) {
        if let Some(on_progress) = on_progress {
            let message = object(&[
                ("phase", self.phase.into()),
                ("attempt", self.attempt.into()),
                ("maxAttempts", self.max_attempts.into()),
                ("sentBytes", self.sent_bytes.into()),
                ("totalBytes", self.total_bytes.into()),
                ("delayMs", self.delay_ms.into()),
            ]);
            invoke_callback(on_progress, &message);
        }
    }
}

/// Calls a callback of the page. An exception that it throws is reported as the page's own error,
/// and does not fail the call.
pub(crate) fn invoke_callback(callback: &Function, message: &JsValue) {
    // Only a page's own `reportError` can throw here.
    let _ = notify(callback, message);
}
