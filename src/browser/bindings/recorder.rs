//! Exports for `record/`.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::output_format;
use crate::browser::error::Rejection;
use crate::browser::js::property::string;
use crate::core::audio::dsp::level::Level;
use crate::core::audio::end_of_speech;
use crate::core::microphone::{
    RECORDER_BITS_PER_SECOND, RECORDER_TYPES, from_dom_exception, unsupported_environment,
};

/// Validates the options of `record()`, which may be anything; returns the format of the take,
/// `{ trim, kbps }`.
#[wasm_bindgen(js_name = recordOutputFormat)]
pub fn record_output_format(options: &JsValue) -> Result<JsValue, JsValue> {
    output_format(options, "RECORD", true)
}

/// Returns the `Failure` for an exception of the recording APIs.
#[wasm_bindgen(js_name = microphoneFailure)]
pub fn microphone_failure(cause: JsValue) -> JsValue {
    let text = |name| string(&cause, name).unwrap_or_default();
    let failure = from_dom_exception(&text("name"), &text("message"));
    Rejection::caused_by(failure, cause).into_js_failure()
}

/// Returns the `Failure` for an environment that has no recording APIs.
#[wasm_bindgen(js_name = missingMicrophoneFailure)]
pub fn missing_microphone_failure(is_secure_context: bool) -> JsValue {
    Rejection::from(unsupported_environment(is_secure_context)).into_js_failure()
}

/// Returns the types that `MediaRecorder` is asked for, the best one first.
#[wasm_bindgen(js_name = recorderTypes)]
pub fn recorder_types() -> Array {
    RECORDER_TYPES.iter().copied().map(JsValue::from).collect()
}

/// Returns the bit rate that `MediaRecorder` is asked for.
#[wasm_bindgen(js_name = recorderBitsPerSecond)]
pub fn recorder_bits_per_second() -> u32 {
    RECORDER_BITS_PER_SECOND
}

/// Returns the level of `samples` in dBFS: `[rms, peak]`.
#[wasm_bindgen(js_name = measureLevel)]
pub fn measure_level(samples: &[f32]) -> Array {
    let level = Level::of(samples);
    Array::of2(&level.rms_dbfs().into(), &level.peak_dbfs().into())
}

/// Detects the end of speech, in a live recording. JavaScript must `free()` it.
#[wasm_bindgen]
pub struct EndOfSpeechDetector(end_of_speech::EndOfSpeechDetector);

#[wasm_bindgen]
impl EndOfSpeechDetector {
    /// Returns a detector that waits for `silenceSeconds` of silence after speech.
    #[wasm_bindgen(constructor)]
    pub fn new(silence_seconds: f64, sample_rate: u32) -> EndOfSpeechDetector {
        EndOfSpeechDetector(end_of_speech::EndOfSpeechDetector::new(
            silence_seconds,
            sample_rate,
        ))
    }

    /// Takes the last samples of the next `seconds`. Returns true if the speaker has finished.
    pub fn push(&mut self, samples: &[f32], seconds: f64) -> bool {
        self.0.push(samples, seconds)
    }
}
