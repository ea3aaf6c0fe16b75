//! Bindings to `fetch.js` and `response.js`.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use web_sys::{AbortSignal, FormData};

use crate::browser::cancellation::Outcome;
use crate::browser::js::promise::of_js;

/// Is called with the share of an upload that has gone up, above 0 and up to 1.
pub type OnUploadProgress = Closure<dyn Fn(f64)>;

#[wasm_bindgen(module = "/pkg-template/upload/fetch.js")]
extern "C" {
    /// What the caller's options make of a request's headers.
    #[wasm_bindgen(js_name = headersOf)]
    pub fn headers_of(headers: &JsValue, api_key: &JsValue) -> Promise;
    /// Sends a request; resolves to a [`Head`].
    pub fn exchange(
        url: &str,
        form: &FormData,
        head: &JsValue,
        credentials: &str,
        signal: &AbortSignal,
        own: &JsValue,
        on_sent: Option<&OnUploadProgress>,
    ) -> Promise;
    /// Whether the browser says that it is offline, and the URL is not of this machine.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline(url: &str) -> bool;
    #[wasm_bindgen(js_name = online)]
    fn online_again(signal: &AbortSignal) -> Promise;
}

/// Comes back when the browser is online again.
pub async fn online() -> Outcome {
    of_js(|how| Ok(online_again(&how.signal()))).await
}

#[wasm_bindgen(module = "/pkg-template/upload/response.js")]
extern "C" {
    /// The value that a body of JSON holds; `undefined` where it holds none.
    #[wasm_bindgen(js_name = parsedJson)]
    pub fn parsed_json(bytes: &Uint8Array) -> JsValue;
}

#[wasm_bindgen]
extern "C" {
    /// The start of an answer, an object of `response.js`.
    pub type Head;
    /// The status; 0 for a redirect that is not followed.
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Head) -> u16;
    /// The headers that the core reads: `Retry-After`.
    #[wasm_bindgen(method, getter)]
    pub fn headers(this: &Head) -> web_sys::Headers;
    /// Reads the body; resolves to a [`Body`].
    #[wasm_bindgen(method)]
    pub fn read(this: &Head, limit_bytes: u32) -> Promise;

    /// The outcome of reading a body, an object of `response.js`.
    pub type Body;
    /// At most as many as were asked for; none where it broke off.
    #[wasm_bindgen(method, getter)]
    pub fn bytes(this: &Body) -> Uint8Array;
    /// Whether there was more.
    #[wasm_bindgen(method, getter, js_name = isCut)]
    pub fn is_cut(this: &Body) -> bool;
    /// Whether it broke off.
    #[wasm_bindgen(method, getter, js_name = isBroken)]
    pub fn is_broken(this: &Body) -> bool;
    /// The value that was thrown if it broke off.
    #[wasm_bindgen(method, getter)]
    pub fn cause(this: &Body) -> JsValue;
}
