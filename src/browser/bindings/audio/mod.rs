//! Exports for `prepare/`: inspects a recording, and converts it block by block. Bytes and samples
//! are copied into wasm memory once, and never out of it: JavaScript gets views.

pub mod analyzer;
pub mod inspection;
pub mod mp3;
pub mod peaks;
pub mod preparer;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::error::Rejection;
use crate::browser::js::object::object;
use crate::browser::js::read_options::Options;
use crate::core::audio::analysis;
use crate::core::audio::output_format::OutputFormat;
use crate::core::audio::wav;
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::Failure;

/// Returns the price of so many seconds, by the name of the method.
#[wasm_bindgen(js_name = estimateCredits)]
pub fn estimate_credits(seconds: f64) -> JsValue {
    let price = |endpoint: Endpoint| seconds * endpoint.credits_per_second();
    let properties: Vec<_> = Endpoint::ALL
        .iter()
        .map(|endpoint| (endpoint.method(), price(*endpoint).into()))
        .collect();
    object(&properties)
}

/// Validates the options of `prepare()`, which may be anything; returns the format of the take,
/// `{ trim, kbps }`.
#[wasm_bindgen(js_name = prepareOutputFormat)]
pub fn prepare_output_format(options: &JsValue) -> Result<JsValue, JsValue> {
    let options =
        Options::read("options", options, "PREPARE").map_err(Rejection::into_js_failure)?;
    Ok(output_format(&options, false))
}

/// Returns the format of a take, `{ trim, kbps }`, from valid options.
pub(super) fn output_format(options: &Options, trims_by_default: bool) -> JsValue {
    let format = OutputFormat::read(&options.data, trims_by_default);
    object(&[
        ("trim", format.trim_silence.into()),
        ("kbps", format.mp3_kbps.into()),
    ])
}

/// Returns the bit rate of an MP3 with this sample rate, if `kbps` are asked for; `undefined` if
/// the audio stays WAV.
#[wasm_bindgen(js_name = mp3KbpsFor)]
pub fn mp3_kbps_for(kbps: u32, sample_rate: u32) -> Option<u32> {
    to_output_format(false, Some(kbps)).mp3_kbps_for(sample_rate)
}

/// True if a finished take of this type has this format already.
#[wasm_bindgen(js_name = matchesOutputFormat)]
pub fn matches_output_format(trim: bool, kbps: Option<u32>, content_type: &str) -> bool {
    to_output_format(trim, kbps).matches(content_type)
}

/// True if a recording of `seconds` that ran for `elapsedSeconds` has lost its end.
#[wasm_bindgen(js_name = isEndMissing)]
pub fn is_end_missing(seconds: f64, elapsed_seconds: f64) -> bool {
    analysis::is_end_missing(seconds, elapsed_seconds)
}

/// True if a file that lacks so many of its seconds counts as truncated.
#[wasm_bindgen(js_name = isTruncated)]
pub fn is_truncated(missing_seconds: f64) -> bool {
    analysis::is_truncated(missing_seconds)
}

/// Returns the header of a 16-bit WAV.
#[wasm_bindgen(js_name = wavHeader)]
pub fn wav_header(sample_rate: u32, channels: u16, data_bytes: f64) -> Vec<u8> {
    wav::header(sample_rate, channels, data_bytes as u64).to_vec()
}

fn to_output_format(trim_silence: bool, mp3_kbps: Option<u32>) -> OutputFormat {
    OutputFormat {
        trim_silence,
        mp3_kbps,
    }
}

/// Returns the failure for audio without samples.
fn no_samples_failure() -> JsValue {
    let failure = Failure::audio("empty", "the recording holds no samples");
    Rejection::from(failure).into_js_failure()
}
