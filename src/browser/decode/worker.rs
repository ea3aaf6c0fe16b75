//! Decoding by the demuxer and an `AudioDecoder`, block by block.

use js_sys::{ArrayBuffer, Float32Array, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::{DECODING_MS, undecodable, unfinished};
use crate::browser::clock::within;
use crate::browser::error::Rejection;
use crate::browser::property::string;
use crate::core::error::Failure;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn decoding() -> Result<JsValue, JsValue>;

    type Decoding;

    #[wasm_bindgen(method, catch)]
    async fn open(this: &Decoding, bytes: &Uint8Array, container: &str)
    -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn next(this: &Decoding) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn close(this: &Decoding);
    #[wasm_bindgen(method, getter)]
    fn codec(this: &Decoding) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = sampleRate)]
    fn sample_rate(this: &Decoding) -> Option<u32>;
}

/// A recording being decoded. Dropping it gives the decoder back, whichever way
/// the work ends.
pub struct Streamed {
    decoding: Decoding,
    container: &'static str,
}

impl Drop for Streamed {
    fn drop(&mut self) {
        self.decoding.close();
    }
}

/// Begins to decode the bytes of a whole file.
pub async fn decode(bytes: ArrayBuffer, container: &'static str) -> Result<Streamed, Rejection> {
    let streamed = Streamed {
        decoding: decoding()
            .await
            .map_err(|cause| Rejection::not_loaded("demux.js", cause))?
            .unchecked_into(),
        container,
    };
    let bytes = Uint8Array::new(&bytes);
    match within(DECODING_MS, streamed.decoding.open(&bytes, container)).await {
        Some(Ok(_)) => Ok(streamed),
        Some(Err(cause)) => Err(streamed.refused(cause)),
        None => Err(unfinished(container)),
    }
}

impl Streamed {
    /// The next samples, downmixed, and their rate; `None` behind the last.
    pub async fn next(&mut self) -> Result<Option<(Vec<f32>, u32)>, Rejection> {
        match within(DECODING_MS, self.decoding.next()).await {
            Some(Ok(block)) => {
                let rate = self.decoding.sample_rate().unwrap_or_default();
                let block: Option<Float32Array> = block.dyn_into().ok();
                Ok(block.map(|samples| (samples.to_vec(), rate)))
            }
            Some(Err(cause)) => Err(self.refused(cause)),
            None => Err(unfinished(self.container)),
        }
    }

    fn refused(&self, cause: JsValue) -> Rejection {
        let what = match self.decoding.codec() {
            Some(codec) => format!("the {} file, coded in {codec},", self.container),
            None => format!("the {} file", self.container),
        };
        let said = string(&cause, "message").unwrap_or_default();
        // What both the demuxer and the browser call a kind that they do not know.
        let failure = match string(&cause, "name").unwrap_or_default().as_str() {
            "NotSupportedError" => Failure::audio(
                "unsupported_codec",
                format!("{what} cannot be decoded in a worker of this browser: {said}"),
            ),
            _ => undecodable(format!("{what} could not be decoded: {said}")),
        };
        Rejection::caused_by(failure, cause)
    }
}
