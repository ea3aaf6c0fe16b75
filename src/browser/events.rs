//! What the callbacks are told.

use js_sys::Function;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::property::global;

/// One failed attempt, as errors list it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// UTC, ISO 8601.
    pub started_at: String,
    /// From send to failure, in milliseconds.
    pub duration_ms: f64,
    /// The HTTP status, where an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The `code` of its error.
    pub code: &'static str,
    /// The wait that followed it, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<f64>,
}

/// What `onProgress` gets.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// `preparing`, `queued`, `uploading`, `processing` or `waiting`.
    pub phase: &'static str,
    /// From 1.
    pub attempt: u32,
    /// The most attempts there will be.
    pub max_attempts: u32,
    /// How much of the audio has gone up, in bytes, where the browser says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_bytes: Option<f64>,
    /// The size of the audio, in bytes, once it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_bytes: Option<f64>,
    /// While waiting: for how long, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<f64>,
}

/// What `onEvent` gets. No event holds a key, a header or audio.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// `attempt`, `response`, `retry`, `queued`, `success` or `failure`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The endpoint's path.
    pub endpoint: &'static str,
    /// From 1; 0 before the first attempt.
    pub attempt: u32,
    /// The most attempts there will be.
    pub max_attempts: u32,
    /// UTC, ISO 8601.
    pub at: String,
    /// The HTTP status, where an answer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The `code` of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// The `reason` of the error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// Of the attempt for `response`, of the call for `success` and `failure`,
    /// in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<f64>,
    /// For `retry`: the wait, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<f64>,
}

/// A plain JavaScript object. These types hold nothing that cannot be one.
pub fn to_js(value: &impl Serialize) -> JsValue {
    value
        .serialize(&Serializer::json_compatible())
        .unwrap_or(JsValue::UNDEFINED)
}

/// Calls the user's `callback`. What it throws is the page's error, not the
/// call's: it is reported like one thrown in an event listener.
pub fn notify(callback: Option<&Function>, message: &impl Serialize) {
    if let Some(callback) = callback {
        forward(callback, &to_js(message));
    }
}

/// The same with a message that is JavaScript's already.
pub fn forward(callback: &Function, message: &JsValue) {
    if let Err(error) = callback.call1(&JsValue::UNDEFINED, message) {
        report(&error);
    }
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = reportError, catch)]
    fn report_error(error: &JsValue) -> Result<(), JsValue>;
}

fn report(error: &JsValue) {
    // Node has no reportError; there, and only there, a throwing callback is silent.
    if global("reportError").is_function() {
        let _ = report_error(error);
    }
}
