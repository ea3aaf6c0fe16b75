//! What an earlier call left, carefully: it may have been stored, and be
//! anything by now.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

use super::outcome::{LISTS, Outcome};
use crate::browser::error::Rejection;
use crate::browser::property::property;
use crate::core::error::Failure;
use crate::core::long::{Span, are_parts};

/// More parts than any recording has; a list may claim any length.
const MOST_PARTS: usize = 100_000;

/// The `partial` of an error.
pub struct Resume {
    /// Of the recording.
    pub duration_seconds: f64,
    /// All of its parts, in order.
    pub spans: Vec<Span>,
    /// Those that are done; the others are missing.
    pub outcomes: Vec<Outcome>,
}

impl Resume {
    /// Reads the option `resume`; `None` where there is none.
    pub fn read(partial: &JsValue) -> Result<Option<Self>, Rejection> {
        if partial.is_undefined() {
            return Ok(None);
        }
        let duration_seconds = number(partial, "durationSeconds");
        let lists = LISTS.map(|list| property(partial, list));
        let lengths = lists.clone().map(|list| number(&list, "length") as usize);
        let count = lengths
            .iter()
            .fold(0, |sum: usize, length| sum.saturating_add(*length));
        if !lists.iter().all(Array::is_array) || count > MOST_PARTS {
            return Err(unusable());
        }
        // What stays so was in no list, or had to give way to one like it.
        let mut spans = vec![span_of(&JsValue::UNDEFINED); count];
        let mut outcomes = vec![Outcome::Missing; count];
        for ((name, list), length) in LISTS.iter().zip(&lists).zip(lengths) {
            for at in 0..length {
                let item = Reflect::get_u32(list, at as u32).unwrap_or_default();
                let result = property(&item, "result");
                let index = number(&item, "index");
                let is_done = *name == LISTS[0];
                if index.fract() != 0.0
                    || !(0.0..count as f64).contains(&index)
                    || is_done && !property(&result, "text").is_string()
                {
                    return Err(unusable());
                }
                spans[index as usize] = span_of(&item);
                if is_done {
                    outcomes[index as usize] = Outcome::Done(result);
                }
            }
        }
        if !are_parts(&spans, duration_seconds) {
            return Err(unusable());
        }
        Ok(Some(Resume {
            duration_seconds,
            spans,
            outcomes,
        }))
    }

    /// Whether the recording was short enough to be sent as it is.
    pub fn is_whole(&self) -> bool {
        matches!(self.spans[..], [only] if only.is_whole(self.duration_seconds))
    }
}

fn span_of(item: &JsValue) -> Span {
    Span {
        start_seconds: number(item, "startSeconds"),
        end_seconds: number(item, "endSeconds"),
        cut_mid_speech: property(item, "cutMidSpeech").is_truthy(),
    }
}

fn number(object: &JsValue, name: &str) -> f64 {
    property(object, name).as_f64().unwrap_or(f64::NAN)
}

fn unusable() -> Rejection {
    Failure::configuration(
        "request.resume must be the `partial` of an error of transcribeLong, unchanged",
    )
    .into()
}
