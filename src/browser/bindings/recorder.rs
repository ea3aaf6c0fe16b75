//! Exports for `record/`.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::audio::output_format;
use crate::browser::js::read_options::Options;
use crate::core::audio::dsp::level::Level;
use crate::core::audio::end_of_speech;
use crate::core::audio::peaks;

/// Returns the format of a take, `{ trim, kbps }`, for the options of `record()`, which are valid.
#[wasm_bindgen(js_name = recordOutputFormat)]
pub fn record_output_format(options: &JsValue) -> JsValue {
    output_format(&Options::read_validated(options), true)
}

/// Returns the level of `samples` in dBFS, and their peaks: `[rms, peak, smallest, largest]`.
#[wasm_bindgen(js_name = measureSamples)]
pub fn measure_samples(samples: &[f32]) -> Vec<f64> {
    let level = Level::of(samples);
    let (smallest, largest) = peaks::peaks(samples);
    vec![
        level.rms_dbfs(),
        level.peak_dbfs(),
        f64::from(smallest),
        f64::from(largest),
    ]
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
