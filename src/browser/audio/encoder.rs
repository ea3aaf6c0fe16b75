//! From samples to an MP3 file, by a piece of wasm that is loaded for it.

use js_sys::{Array, Int16Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::blocks::Breath;
use crate::browser::bytes::{buffer_of, new_blob, slice};
use crate::browser::error::Rejection;
use crate::core::audio::{API_SAMPLE_RATE, MediaType};
use crate::core::catalogue::Class;
use crate::core::error::Failure;

/// How many bytes of samples are read at a time.
const BLOCK_BYTES: u64 = 1 << 20;
/// How many samples are encoded at a time: half a second, which takes a
/// millisecond or few.
const STEP_SAMPLES: u32 = 8_000;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    #[wasm_bindgen(js_name = mp3Encoder, catch)]
    async fn mp3_encoder(sample_rate: u32, kbps: u32) -> Result<JsValue, JsValue>;

    type Mp3Encoder;

    #[wasm_bindgen(method, catch)]
    fn push(this: &Mp3Encoder, samples: &Int16Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn finish(this: &Mp3Encoder) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn head(this: &Mp3Encoder) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn free(this: &Mp3Encoder) -> Result<(), JsValue>;
}

/// An encoder at work. Dropping it releases its memory, whichever way the work
/// ends.
struct Encoder(Mp3Encoder);

impl Drop for Encoder {
    fn drop(&mut self) {
        // Where it trapped, wasm-bindgen holds it for still at work.
        let _ = self.0.free();
    }
}

impl Encoder {
    async fn open(sample_rate: u32, kbps: u32) -> Result<Self, Rejection> {
        let encoder = mp3_encoder(sample_rate, kbps).await;
        let encoder = encoder.map_err(|cause| Rejection::not_loaded("mp3.js", cause))?;
        Ok(Encoder(encoder.unchecked_into()))
    }
}

/// Loads the encoder, so that it is there when a recording ends, or the lack of
/// it shows before one begins.
pub async fn load(kbps: u32) -> Result<(), Rejection> {
    Encoder::open(API_SAMPLE_RATE, kbps).await.map(drop)
}

/// The file of these mono 16-bit samples, which stay out of this wasm's memory.
pub async fn encoded(samples: &Blob, sample_rate: u32, kbps: u32) -> Result<Blob, Rejection> {
    let encoder = Encoder::open(sample_rate, kbps).await?;
    let frames = Array::new();
    let mut breath = Breath::new();
    let total_bytes = samples.size() as u64;
    let mut at = 0;
    while at < total_bytes {
        let next = total_bytes.min(at + BLOCK_BYTES);
        let block = Int16Array::new(buffer_of(&slice(samples, at, next)?).await?.as_ref());
        for start in (0..block.length()).step_by(STEP_SAMPLES as usize) {
            let step = block.subarray(start, block.length().min(start + STEP_SAMPLES));
            frames.push(&encoder.0.push(&step).map_err(broken)?);
            breath.take().await;
        }
        at = next;
    }
    frames.push(&encoder.0.finish().map_err(broken)?);
    frames.unshift(&encoder.0.head().map_err(broken)?);
    new_blob(&frames, MediaType::Mp3.content_type())
}

fn broken(cause: JsValue) -> Rejection {
    let problem = "the MP3 encoder failed; format: \"wav\" does without it";
    Rejection::caused_by(Failure::client(Class::WasmLoad, None, problem), cause)
}
