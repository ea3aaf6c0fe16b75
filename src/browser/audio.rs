#![allow(missing_docs)]
//! A bridge for what still asks for audio in Rust: the outbox, references and the
//! recorder, until they are JavaScript too.

use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Float32Array};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use super::client::Shared;
use super::door::Core;
use super::error::Rejection;
use super::events::to_js;
use super::form::Audio;
use super::property::property;
use crate::core::audio::MediaType;
use crate::core::error::Failure;

#[wasm_bindgen(module = "/pkg-template/audio.js")]
extern "C" {
    #[wasm_bindgen(js_name = forUpload, catch)]
    async fn js_for_upload(core: &JsValue, audio: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = madeOf, catch)]
    async fn made_of(core: &JsValue, blob: &Blob, wanted: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_name = takeFrom)]
    fn take_from(made: &JsValue, recorded: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = loadEncoder, catch)]
    async fn load_encoder(kbps: u32) -> Result<JsValue, JsValue>;

    /// A take in the making.
    pub type Work;
    #[wasm_bindgen(constructor, js_class = "Work", catch)]
    fn new(core: &JsValue, sample_rate: u32, is_16_bit: bool) -> Result<Work, JsValue>;
    #[wasm_bindgen(method)]
    pub fn feed(this: &Work, samples: &Float32Array);
    #[wasm_bindgen(method, getter, js_name = isEmpty)]
    pub fn is_empty(this: &Work) -> bool;
    #[wasm_bindgen(method, catch)]
    pub fn finish(this: &Work, trim: bool) -> Result<Finished, JsValue>;
    #[wasm_bindgen(method)]
    pub fn free(this: &Work);

    /// What came of it.
    pub type Finished;
    #[wasm_bindgen(method, catch)]
    pub async fn file(this: &Finished, wanted: &JsValue) -> Result<JsValue, JsValue>;
}

pub fn core_of(client: &Rc<Shared>) -> JsValue {
    Core(client.clone()).into()
}

pub async fn for_upload(client: &Rc<Shared>, audio: &JsValue) -> Result<Audio, Rejection> {
    let upload = js_for_upload(&core_of(client), audio).await;
    let upload = upload.map_err(Rejection::of_thrown)?;
    let nothing = || Failure::configuration("there is nothing to send");
    let blob: Blob = property(&upload, "blob")
        .dyn_into()
        .map_err(|_| nothing())?;
    Ok(Audio {
        media_type: MediaType::of_content_type(&blob.type_()).ok_or_else(nothing)?,
        duration_seconds: property(&upload, "durationSeconds").as_f64().unwrap_or(0.0),
        blob,
    })
}

pub async fn made(core: &JsValue, source: &Blob, wanted: &JsValue) -> Result<JsValue, Rejection> {
    let made = made_of(core, source, wanted).await;
    made.map_err(Rejection::of_thrown)
}

pub async fn load(kbps: u32) -> Result<(), Rejection> {
    let loaded = load_encoder(kbps).await;
    loaded.map(drop).map_err(Rejection::of_thrown)
}

pub fn work(core: &JsValue, sample_rate: u32) -> Result<Work, JsValue> {
    Work::new(core, sample_rate, false)
}

/// What the recorder knows of a take.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    pub stop_reason: &'static str,
    pub elapsed_seconds: f64,
}

pub fn take_of(made: &JsValue, recorded: &Recorded) -> JsValue {
    take_from(made, &to_js(recorded))
}

pub async fn buffer_of(blob: &Blob) -> Result<ArrayBuffer, Rejection> {
    let buffer = JsFuture::from(blob.array_buffer()).await;
    let buffer = buffer.map_err(unreadable)?;
    Ok(buffer.unchecked_into())
}

pub fn new_blob(parts: &Array, content_type: &str) -> Result<Blob, Rejection> {
    let properties = BlobPropertyBag::new();
    properties.set_type(content_type);
    Blob::new_with_buffer_source_sequence_and_options(parts, &properties).map_err(unreadable)
}

fn unreadable(cause: JsValue) -> Rejection {
    let failure = Failure::audio("undecodable", "the audio could not be read");
    Rejection::caused_by(failure, cause)
}
