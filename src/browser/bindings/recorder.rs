//! What the recorder asks the core; see `start-recording.js`.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::Core;
use crate::browser::bindings::audio::wanted_to_js;
use crate::browser::error::Rejection;
use crate::browser::js::property::string;
use crate::browser::js::read_options::Options;
use crate::core::audio::dsp::level::Level;
use crate::core::audio::end_of_speech::SpeechEnd;
use crate::core::audio::output_format::Wanted;
use crate::core::microphone::{RECORDED_BITS_PER_SECOND, RECORDED_TYPES, missing, refusal};

#[wasm_bindgen]
impl Core {
    /// Checks the options of `record()`, which may be anything; gives what the
    /// take is to become.
    #[wasm_bindgen(js_name = recordingWanted)]
    pub fn recording_wanted(&self, options: &JsValue) -> Result<JsValue, JsValue> {
        let options =
            Options::read("options", options, "RECORD").map_err(Rejection::into_thrown)?;
        Ok(wanted_to_js(Wanted::read(&options.data, true)))
    }

    /// The `Failure` that an exception of the recording APIs stands for.
    #[wasm_bindgen(js_name = refusedMicrophone)]
    pub fn refused_microphone(&self, cause: JsValue) -> JsValue {
        let text = |name| string(&cause, name).unwrap_or_default();
        let failure = refusal(&text("name"), &text("message"));
        Rejection::caused_by(failure, cause).into_thrown()
    }

    /// The `Failure` where the means to record are missing altogether.
    #[wasm_bindgen(js_name = missingMicrophone)]
    pub fn missing_microphone(&self, secure_context: bool) -> JsValue {
        Rejection::from(missing(secure_context)).into_thrown()
    }

    /// What recordings are asked for, best first.
    #[wasm_bindgen(js_name = recordedTypes)]
    pub fn recorded_types(&self) -> Array {
        RECORDED_TYPES.iter().copied().map(JsValue::from).collect()
    }

    /// At how many bits per second they are encoded.
    #[wasm_bindgen(js_name = recordedBitsPerSecond)]
    pub fn recorded_bits_per_second(&self) -> u32 {
        RECORDED_BITS_PER_SECOND
    }

    /// How loud `samples` are, in dBFS: the mean, and the peak.
    pub fn level(&self, samples: &[f32]) -> Array {
        let level = Level::of(samples);
        Array::of2(&level.rms_dbfs().into(), &level.peak_dbfs().into())
    }

    /// Waits for this much silence, in seconds, after speech of `rate` Hz.
    #[wasm_bindgen(js_name = speechEnd)]
    pub fn speech_end(&self, seconds: f64, rate: u32) -> SpeechEndHandle {
        SpeechEndHandle(SpeechEnd::new(seconds, rate))
    }
}

/// What tells that the speaker has finished; JavaScript holds it, and frees it.
#[wasm_bindgen]
pub struct SpeechEndHandle(SpeechEnd);

#[wasm_bindgen]
impl SpeechEndHandle {
    /// Whether the speaker has finished, now that another `seconds` have passed,
    /// of which these samples are the last.
    pub fn hear(&mut self, samples: &[f32], seconds: f64) -> bool {
        self.0.hear(samples, seconds)
    }
}
