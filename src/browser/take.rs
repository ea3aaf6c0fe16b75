//! The JavaScript class `Take`, and what a take says of itself.

use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::audio::{Made, Way};
use super::events::to_js;
use super::property::property;
use crate::core::audio::prepare::Prepared;
use crate::core::audio::quality::Quality;
use crate::core::request::Endpoint;

#[wasm_bindgen(module = "/pkg-template/take.js")]
extern "C" {
    #[wasm_bindgen(js_name = blobOf)]
    fn blob_of_take(value: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = Take)]
    type Take;
    #[wasm_bindgen(constructor, js_class = "Take")]
    fn new(blob: &Blob, facts: &JsValue) -> Take;
}

/// The blob of a take; `None` for anything else.
pub fn blob_of(value: &JsValue) -> Option<Blob> {
    blob_of_take(value).dyn_into().ok()
}

/// Whether this take was listened to and held no speech.
pub fn is_silent(take: &JsValue) -> bool {
    property(take, "speechSeconds") == 0
}

/// What a take says of itself; see `index.d.ts`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts {
    duration_seconds: f64,
    sample_rate: u32,
    channels: u16,
    offset_seconds: f64,
    estimated_credits: EstimatedCredits,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EstimatedCredits {
    transcribe: f64,
    analyze_native: f64,
    pronunciation: f64,
    pronunciation_simple: f64,
}

/// What only those know who listened.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Heard {
    peak_dbfs: f64,
    rms_dbfs: f64,
    clipped_ratio: f64,
    speech_seconds: f64,
    leading_silence_seconds: f64,
    trailing_silence_seconds: f64,
    warnings: Vec<&'static str>,
}

/// What a file says that nobody listened to.
#[derive(Serialize)]
struct Unheard<'a> {
    warnings: &'a [&'static str],
}

/// What the recorder knows of a take.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// Why the recording ended.
    pub stop_reason: &'static str,
    /// How long it ran by the clock, in seconds.
    #[serde(skip)]
    pub elapsed_seconds: f64,
}

/// The take of this audio.
pub fn of(made: &Made, recorded: Option<&Recorded>) -> JsValue {
    Take::new(&made.blob, &object_of(made, recorded)).into()
}

/// The take that was made of `audio`; where that is a take itself, what is known
/// of the recording behind it stays known.
pub fn again(audio: &JsValue, made: &Made) -> JsValue {
    let object = object_of(made, None);
    if blob_of(audio).is_some() {
        // Setting a property of a fresh plain object cannot fail.
        let put = |name: &str, value| Reflect::set(&object, &name.into(), &value);
        let offset = |of: &JsValue| property(of, "offsetSeconds").as_f64().unwrap_or_default();
        let _ = put("offsetSeconds", (offset(audio) + offset(&object)).into());
        let stop_reason = property(audio, "stopReason");
        if !stop_reason.is_undefined() {
            let _ = put("stopReason", stop_reason);
        }
    }
    Take::new(&made.blob, &object).into()
}

fn object_of(made: &Made, recorded: Option<&Recorded>) -> Object {
    let facts = match &made.way {
        Way::AsItIs(upload, _) => facts(
            upload.duration_seconds,
            upload.sample_rate,
            upload.channels,
            0.0,
        ),
        Way::Anew(prepared, channels) => facts_of(prepared, *channels),
        Way::Encoded(prepared) => facts_of(prepared, 1),
    };
    let object: Object = to_js(&facts).unchecked_into();
    let problems = made.problems();
    if let Some(quality) = made.quality() {
        let mut warnings = quality.warnings();
        warnings.extend(problems);
        if recorded.is_some_and(|recorded| quality.is_cut_short(recorded.elapsed_seconds)) {
            warnings.push("truncated");
        }
        add(&object, &heard(quality, warnings));
    } else if !problems.is_empty() {
        add(&object, &Unheard { warnings: problems });
    }
    if let Some(recorded) = recorded {
        add(&object, recorded);
    }
    object
}

fn facts_of(prepared: &Prepared, channels: u16) -> Facts {
    facts(
        prepared.quality.duration_seconds,
        prepared.sample_rate,
        channels,
        prepared.offset_seconds(),
    )
}

fn facts(seconds: f64, sample_rate: u32, channels: u16, offset_seconds: f64) -> Facts {
    let price = |endpoint: Endpoint| seconds * endpoint.credits_per_second();
    Facts {
        duration_seconds: seconds,
        sample_rate,
        channels,
        offset_seconds,
        estimated_credits: EstimatedCredits {
            transcribe: price(Endpoint::Transcribe),
            analyze_native: price(Endpoint::AnalyzeNative),
            pronunciation: price(Endpoint::Pronunciation),
            pronunciation_simple: price(Endpoint::PronunciationSimple),
        },
    }
}

fn heard(quality: &Quality, warnings: Vec<&'static str>) -> Heard {
    Heard {
        peak_dbfs: quality.peak_dbfs,
        rms_dbfs: quality.rms_dbfs,
        clipped_ratio: quality.clipped_ratio,
        speech_seconds: quality.speech_seconds,
        leading_silence_seconds: quality.leading_silence_seconds,
        trailing_silence_seconds: quality.trailing_silence_seconds,
        warnings,
    }
}

fn add(object: &Object, more: &impl Serialize) {
    Object::assign(object, to_js(more).unchecked_ref());
}
