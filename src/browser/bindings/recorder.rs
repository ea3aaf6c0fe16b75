//! Exports for `record/`.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::output_format;
use crate::browser::js::read_options::Options;
use crate::core::audio::dsp::level::Level;
use crate::core::audio::end_of_speech;

/// Returns the format of a take, `{ trim, kbps }`, for the options of `record()`, which are valid.
#[wasm_bindgen(js_name = recordOutputFormat)]
pub fn record_output_format(options: &JsValue) -> JsValue {
    output_format(&Options::read_validated(options), true)
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
