//! Exports for `transcribe-long/`.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::ClientHandle;
use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::browser::js::property::string;
use crate::browser::js::read_options::Options;
use crate::core::audio::split::{MOST_PART_BYTES, PART_SECONDS};
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::Failure;
use crate::core::format::{concat, format_f64};
use crate::core::transcribe_long::{
    self, Span, are_valid_spans, is_same_duration, join_texts, merge_text_type,
};

#[wasm_bindgen]
impl ClientHandle {
    /// Validates the last argument of `transcribeLong`, which may be anything. Returns its limits,
    /// completed with the client's options and the defaults:
    /// `{ deadlineMs, maxAttempts, maxConcurrent, maxPartSeconds, maxPartBytes }`.
    #[wasm_bindgen(js_name = longCallLimits)]
    pub fn long_call_limits(&self, request: &JsValue) -> Result<JsValue, JsValue> {
        let request = Options::read("request", request, "LONG_REQUEST")
            .map_err(Rejection::into_js_failure)?;
        let options = self.0.options.for_call(&request.data);
        let part_seconds = request.data.get("maxPartSeconds").number();
        Ok(object(&[
            ("deadlineMs", options.deadline_ms.into()),
            ("maxAttempts", options.retry.max_attempts.into()),
            ("maxConcurrent", (options.max_concurrent as f64).into()),
            (
                "maxPartSeconds",
                part_seconds.unwrap_or(PART_SECONDS).into(),
            ),
            ("maxPartBytes", (MOST_PART_BYTES as f64).into()),
        ]))
    }
}

/// Throws if a call cannot be resumed.
///
/// `bounds` are the parts of the earlier call: the start and end of each, in seconds. `seconds` is
/// the duration of the recording, as soon as it is known; it must be the one of the earlier call.
#[wasm_bindgen(js_name = assertResumable)]
pub fn assert_resumable(
    bounds: &[f64],
    earlier_seconds: f64,
    seconds: Option<f64>,
) -> Result<(), JsValue> {
    let mut spans = Vec::new();
    for &[start_seconds, end_seconds] in bounds.as_chunks::<2>().0 {
        spans.push(Span {
            start_seconds,
            end_seconds,
        });
    }
    let seconds = seconds.unwrap_or(earlier_seconds);
    let problem = if !are_valid_spans(&spans, earlier_seconds) {
        "request.resume must be the `partial` of an error of transcribeLong, unchanged".into()
    } else if !is_same_duration(earlier_seconds, seconds) {
        concat(&[
            "request.resume is of a recording of ",
            &format_f64(earlier_seconds),
            " s, and this one has ",
            &format_f64(seconds),
            " s",
        ])
    } else {
        return Ok(());
    };
    Err(Rejection::from(Failure::configuration(problem)).into_js_failure())
}

/// True if an error of one part would also be the error of all others.
#[wasm_bindgen(js_name = isFatalForAll)]
pub fn is_fatal_for_all(code: &str, reason: Option<String>) -> bool {
    transcribe_long::is_fatal_for_all(code, reason.as_deref())
}

/// Joins the API's responses to all parts into one transcript,
/// `{ text, text_type, estimatedCredits }`. The parts have `seconds` in total.
#[wasm_bindgen(js_name = joinTranscripts)]
pub fn join_transcripts(results: &Array, seconds: f64) -> JsValue {
    let mut owned = Vec::new();
    for result in results.iter() {
        owned.push((string(&result, "text"), string(&result, "text_type")));
    }
    let mut texts = Vec::new();
    for (text, text_type) in &owned {
        texts.push((text.as_deref().unwrap_or_default(), text_type.as_deref()));
    }
    let credits = seconds * Endpoint::Transcribe.credits_per_second();
    let text_type = merge_text_type(&texts).map(str::to_owned);
    object(&[
        (
            "text",
            join_texts(texts.iter().map(|(text, _)| *text)).into(),
        ),
        ("text_type", text_type.into()),
        ("estimatedCredits", credits.into()),
    ])
}
