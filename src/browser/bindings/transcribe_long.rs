//! What is decided about recordings that are sent in parts, for `transcribe-long/index.js`.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::Core;
use crate::browser::bindings::audio::QualityHandle;
use crate::browser::error::Rejection;
use crate::browser::js::property::string;
use crate::browser::js::read_options::Options;
use crate::core::audio::split::{MOST_PART_BYTES, PART_SECONDS, longest, parts};
use crate::core::audio::wav::header;
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::Failure;
use crate::core::number::in_words;
use crate::core::text::joined;
use crate::core::transcribe_long::{Span, are_parts, ends_all, is_same_duration, text, text_type};

#[wasm_bindgen]
impl Core {
    /// The last argument of `transcribeLong`, which may be anything: what its parts
    /// are sent with, the deadline after the client's defaults; `resume`; and what
    /// else holds: `maxAttempts`, `maxConcurrent`, `maxPartSeconds`, `maxPartBytes`.
    #[wasm_bindgen(js_name = longRequest)]
    pub fn long_request(&self, request: &JsValue) -> Result<Object, JsValue> {
        let request =
            Options::read("request", request, "LONG_REQUEST").map_err(Rejection::into_thrown)?;
        let own = self.0.options.for_call(&request.data);
        let part_seconds = request.data.get("maxPartSeconds").number();
        let read = Object::new();
        // Members that were not given are `undefined`, whatever `Object.prototype` may hold.
        let set = |name: &str, value: JsValue| Reflect::set(&read, &name.into(), &value);
        for name in [
            "signal",
            "onProgress",
            "attemptTimeoutMs",
            "uploadStallMs",
            "retry",
            "resume",
        ] {
            let _ = set(name, request.get(name));
        }
        let _ = set("deadlineMs", own.deadline_ms.into());
        for (name, number) in [
            ("maxAttempts", f64::from(own.retry.max_attempts)),
            ("maxConcurrent", own.max_concurrent as f64),
            ("maxPartSeconds", part_seconds.unwrap_or(PART_SECONDS)),
            ("maxPartBytes", MOST_PART_BYTES as f64),
        ] {
            put(&read, name, number.into());
        }
        Ok(read)
    }

    /// Throws where a call cannot be resumed whose parts had these `bounds`, by
    /// turns where one starts and ends, in seconds; or where the recording, once it
    /// is known, is another one.
    #[wasm_bindgen(js_name = refuseResume)]
    pub fn refuse_resume(
        &self,
        bounds: &[f64],
        earlier_seconds: f64,
        seconds: Option<f64>,
    ) -> Result<(), JsValue> {
        let mut spans = Vec::new();
        for pair in bounds.chunks_exact(2) {
            spans.push(Span {
                start_seconds: pair[0],
                end_seconds: pair[1],
            });
        }
        let seconds = seconds.unwrap_or(earlier_seconds);
        let problem = if !are_parts(&spans, earlier_seconds) {
            "request.resume must be the `partial` of an error of transcribeLong, unchanged".into()
        } else if !is_same_duration(earlier_seconds, seconds) {
            joined(&[
                "request.resume is of a recording of ",
                &in_words(earlier_seconds),
                " s, and this one has ",
                &in_words(seconds),
                " s",
            ])
        } else {
            return Ok(());
        };
        Err(Rejection::from(Failure::configuration(problem)).into_thrown())
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

    /// One transcript, `{ text, text_type, estimatedCredits }`, of the API's answers
    /// to all parts, which are of so many seconds together.
    pub fn transcript(&self, results: &Array, seconds: f64) -> Object {
        let mut owned = Vec::new();
        for result in results.iter() {
            owned.push((string(&result, "text"), string(&result, "text_type")));
        }
        let mut texts = Vec::new();
        for (text, text_type) in &owned {
            texts.push((text.as_deref().unwrap_or_default(), text_type.as_deref()));
        }
        let credits = seconds * Endpoint::Transcribe.credits_per_second();
        let whole = Object::new();
        put(
            &whole,
            "text",
            text(texts.iter().map(|(text, _)| *text)).into(),
        );
        put(&whole, "text_type", text_type(&texts).into());
        put(&whole, "estimatedCredits", credits.into());
        whole
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
        let mut spans = Vec::new();
        for part in parts(&self.0, longest) {
            spans.push(seconds(part.stretch.start));
            spans.push(seconds(part.stretch.end));
            spans.push(f64::from(part.cut_mid_speech));
        }
        spans
    }
}

/// Sets a member; what is `undefined` is left out.
fn put(object: &Object, name: &str, value: JsValue) {
    if !value.is_undefined() {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(object, &name.into(), &value);
    }
}
