//! Bindings to `request.js`.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use web_sys::{AbortSignal, RequestInit};

use super::scope::Outcome;
use super::task::of_js;

/// Is told the share of an upload that has gone up, from 0 to 1.
pub type OnUploadProgress = Closure<dyn Fn(f64)>;

#[wasm_bindgen(module = "/pkg-template/request.js")]
extern "C" {
    /// What the caller's options make of a request's headers.
    #[wasm_bindgen(js_name = headersOf)]
    pub fn headers_of(headers: &JsValue, api_key: &JsValue) -> Promise;
    /// Makes the request; resolves to its `Response`.
    pub fn post(
        url: &str,
        init: &RequestInit,
        own: &JsValue,
        on_sent: Option<&OnUploadProgress>,
    ) -> Promise;
    /// Whether the browser says that it is offline. `true` is certain, `false` is
    /// not: a network without internet counts as online.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline() -> bool;
    #[wasm_bindgen(js_name = online)]
    fn online_again(signal: &AbortSignal) -> Promise;
}

/// Comes back when the browser is online again.
pub async fn online() -> Outcome {
    of_js(|how| Ok(online_again(&how.signal()))).await
}
