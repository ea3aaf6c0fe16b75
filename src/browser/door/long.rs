//! What is decided about recordings that are sent in parts, for `long.js`.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::Core;
use super::audio::QualityHandle;
use crate::browser::error::Rejection;
use crate::browser::input::Options;
use crate::browser::property::string;
use crate::core::audio::split::{MOST_PART_BYTES, PART_SECONDS, longest, parts};
use crate::core::audio::wav::header;
use crate::core::error::Failure;
use crate::core::long::{Span, are_parts, ends_all, is_same_duration, text, text_type};
use crate::core::number::in_words;
use crate::core::options::{LONG_REQUEST, REQUEST};
use crate::core::request::Endpoint;

#[wasm_bindgen]
impl Core {
    /// The last argument of `transcribeLong`, which may be anything: what its parts
    /// are sent with, the deadline after the client's defaults; `resume`; and
    /// `limits`: `{ attempts, atOnce, partSeconds, partBytes }`.
    #[wasm_bindgen(js_name = longRequest)]
    pub fn long_request(&self, request: &JsValue) -> Result<Object, JsValue> {
        let request =
            Options::read("request", request, LONG_REQUEST).map_err(Rejection::into_thrown)?;
        let own = self.0.options.for_call(&request.data);
        let part_seconds = request.data.get("maxPartSeconds").number();
        let limits = object(&[
            ("attempts", own.retry.max_attempts.into()),
            ("atOnce", (own.max_concurrent as u32).into()),
            ("partSeconds", part_seconds.unwrap_or(PART_SECONDS).into()),
            ("partBytes", (MOST_PART_BYTES as f64).into()),
        ]);
        let of_parts = REQUEST
            .iter()
            .map(|field| (field.name, request.get(field.name)));
        let mut members: Vec<(&str, JsValue)> = of_parts.collect();
        members.extend([
            ("deadlineMs", own.deadline_ms.into()),
            ("resume", request.get("resume")),
            ("limits", limits.into()),
        ]);
        Ok(object(&members))
    }

    /// Whether these can be the parts of one recording: where each starts and ends,
    /// in seconds.
    #[wasm_bindgen(js_name = areParts)]
    pub fn are_parts(&self, bounds: &[f64], duration_seconds: f64) -> bool {
        let (pairs, _) = bounds.as_chunks();
        let span = |&[start_seconds, end_seconds]: &[f64; 2]| Span {
            start_seconds,
            end_seconds,
            cut_mid_speech: false,
        };
        let spans: Vec<Span> = pairs.iter().map(span).collect();
        are_parts(&spans, duration_seconds)
    }

    /// Throws where a call that is resumed was about another recording.
    #[wasm_bindgen(js_name = refuseOther)]
    pub fn refuse_other(&self, earlier_seconds: f64, seconds: f64) -> Result<(), JsValue> {
        if is_same_duration(earlier_seconds, seconds) {
            return Ok(());
        }
        let failure = Failure::configuration(format!(
            "request.resume is of a recording of {} s, and this one has {} s",
            in_words(earlier_seconds),
            in_words(seconds)
        ));
        Err(Rejection::from(failure).into_thrown())
    }

    /// The header of a 16-bit WAV.
    #[wasm_bindgen(js_name = wavHeader)]
    pub fn wav_header(&self, sample_rate: u32, channels: u16, data_bytes: f64) -> Vec<u8> {
        header(sample_rate, channels, data_bytes as u64).to_vec()
    }

    /// Whether an error of one part would be that of all.
    #[wasm_bindgen(js_name = endsAll)]
    pub fn ends_all(&self, code: &str, reason: Option<String>) -> bool {
        ends_all(code, reason.as_deref())
    }

    /// One transcript of the API's answers to all parts, which are of so many
    /// seconds together.
    pub fn transcript(&self, results: &Array, seconds: f64) -> Object {
        let read = |result| {
            let text = string(&result, "text").unwrap_or_default();
            (text, string(&result, "text_type"))
        };
        let texts: Vec<(String, Option<String>)> = results.iter().map(read).collect();
        let texts: Vec<(&str, Option<&str>)> = texts
            .iter()
            .map(|(text, text_type)| (text.as_str(), text_type.as_deref()))
            .collect();
        let credits = seconds * Endpoint::Transcribe.credits_per_second();
        object(&[
            ("text", text(texts.iter().map(|(text, _)| *text)).into()),
            ("text_type", text_type(&texts).into()),
            ("estimatedCredits", credits.into()),
        ])
    }
}

#[wasm_bindgen]
impl QualityHandle {
    /// The parts of a recording whose frames have so many bytes, of at most so many
    /// seconds each: by turns where one starts and ends, in seconds, and 1 where it
    /// ends within speech.
    pub fn spans(&self, frame_bytes: u32, most_seconds: f64) -> Vec<f64> {
        let rate = self.0.rate();
        let longest = longest(rate, u64::from(frame_bytes), most_seconds);
        let seconds = |sample: usize| sample as f64 / f64::from(rate);
        let parts = parts(&self.0, longest);
        let spans = parts.iter().map(|part| {
            let cut = f64::from(part.cut_mid_speech);
            [seconds(part.stretch.start), seconds(part.stretch.end), cut]
        });
        spans.flatten().collect()
    }
}

/// An object of these members; `undefined` ones are left out.
fn object(members: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in members.iter().filter(|(_, value)| !value.is_undefined()) {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object
}
