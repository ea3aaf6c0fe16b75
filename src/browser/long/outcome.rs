//! What came of each part, and what all of them come to.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use super::parts::Parts;
use crate::browser::property::{property, string};
use crate::core::long::{Span, text, text_type};
use crate::core::request::Endpoint;

/// The lists of a `partial`. Each part is in one of them.
pub const LISTS: [&str; 3] = ["parts", "failed", "notSent"];

/// What came of one part.
#[derive(Clone)]
pub enum Outcome {
    /// It was not sent, or given up.
    Missing,
    /// The API's JSON.
    Done(JsValue),
    /// Its error.
    Failed(JsValue),
}

/// The result of all parts; or the error of the first that failed, with what is
/// done so far. The part that ended all comes before any other.
pub fn of_all(
    parts: &Parts,
    outcomes: &[Outcome],
    ending: Option<JsValue>,
) -> Result<JsValue, JsValue> {
    let first_failed = outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Failed(error) => Some(error.clone()),
        _ => None,
    });
    match ending.or(first_failed) {
        None => Ok(whole(parts, outcomes)),
        Some(error) => {
            attach(&error, &partial(parts, outcomes));
            Err(error)
        }
    }
}

fn whole(parts: &Parts, outcomes: &[Outcome]) -> JsValue {
    let texts: Vec<(String, Option<String>)> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Done(result) => Some((
                string(result, "text").unwrap_or_default(),
                string(result, "text_type"),
            )),
            _ => None,
        })
        .collect();
    let typed: Vec<(&str, Option<&str>)> = texts
        .iter()
        .map(|(text, text_type)| (text.as_str(), text_type.as_deref()))
        .collect();
    let seconds: f64 = parts.spans.iter().map(Span::seconds).sum();
    object(&[
        ("text", text(typed.iter().map(|(text, _)| *text)).into()),
        ("text_type", text_type(&typed).into()),
        ("parts", list(parts, outcomes, "parts")),
        ("durationSeconds", parts.duration_seconds.into()),
        (
            "estimatedCredits",
            (seconds * Endpoint::Transcribe.credits_per_second()).into(),
        ),
    ])
}

fn partial(parts: &Parts, outcomes: &[Outcome]) -> JsValue {
    let mut members = vec![("durationSeconds", parts.duration_seconds.into())];
    members.extend(LISTS.map(|name| (name, list(parts, outcomes, name))));
    object(&members)
}

/// One of the [`LISTS`].
fn list(parts: &Parts, outcomes: &[Outcome], name: &str) -> JsValue {
    let list = Array::new();
    for (index, (span, outcome)) in parts.spans.iter().zip(outcomes).enumerate() {
        let mut members = vec![
            ("index", JsValue::from(index as u32)),
            ("startSeconds", span.start_seconds.into()),
            ("endSeconds", span.end_seconds.into()),
            ("cutMidSpeech", span.cut_mid_speech.into()),
        ];
        let belongs = match outcome {
            Outcome::Missing => "notSent",
            Outcome::Done(result) => {
                members.push(("text", string(result, "text").unwrap_or_default().into()));
                members.push(("text_type", property(result, "text_type")));
                members.push(("result", result.clone()));
                "parts"
            }
            Outcome::Failed(error) => {
                members.push(("error", error.clone()));
                "failed"
            }
        };
        if belongs == name {
            list.push(&object(&members));
        }
    }
    list.into()
}

/// Not enumerable, as `toJSON` leaves it out: what was said is for the page, and
/// not for the logs that errors end up in.
fn attach(error: &JsValue, partial: &JsValue) {
    let descriptor = object(&[
        ("value", partial.clone()),
        ("writable", true.into()),
        ("configurable", true.into()),
    ]);
    let _ = Reflect::define_property::<JsValue>(
        error.unchecked_ref(),
        &"partial".into(),
        descriptor.unchecked_ref(),
    );
}

/// An object of these members; `undefined` ones are left out.
fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members.iter().filter(|(_, value)| !value.is_undefined()) {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
