//! What an earlier call left, carefully: it may have been stored, and be
//! anything by now.

use js_sys::{Array, Reflect};
use wasm_bindgen::JsValue;

use super::outcome::{LISTS, Outcome};
use crate::browser::error::Rejection;
use crate::core::error::Failure;
use crate::core::long::{Span, are_parts};

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
        let mut items = Vec::new();
        for list in LISTS {
            let found = get(partial, list);
            if !Array::is_array(&found) {
                return Err(unusable());
            }
            let length = get(&found, "length").as_f64().unwrap_or(0.0) as u32;
            for at in 0..length {
                let item = Reflect::get_u32(&found, at).unwrap_or_default();
                let outcome = match list {
                    "parts" => Outcome::Done(get(&item, "result")),
                    _ => Outcome::Missing,
                };
                items.push((number(&item, "index"), span_of(&item), outcome));
            }
        }
        items.sort_by(|one, other| one.0.total_cmp(&other.0));
        let is_counted = items
            .iter()
            .enumerate()
            .all(|(at, (index, ..))| *index == at as f64);
        let has_texts = items.iter().all(|(.., outcome)| match outcome {
            Outcome::Done(result) => get(result, "text").is_string(),
            _ => true,
        });
        let (spans, outcomes): (Vec<_>, Vec<_>) = items
            .into_iter()
            .map(|(_, span, outcome)| (span, outcome))
            .unzip();
        let duration_seconds = number(partial, "durationSeconds");
        if !is_counted || !has_texts || !are_parts(&spans, duration_seconds) {
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
        cut_mid_speech: get(item, "cutMidSpeech").is_truthy(),
    }
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or(f64::NAN)
}

fn unusable() -> Rejection {
    Failure::configuration(
        "request.resume must be the `partial` of an error of transcribeLong, unchanged",
    )
    .into()
}
