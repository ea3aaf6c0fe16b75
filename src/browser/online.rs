//! Whether the device is online, as far as the browser knows.

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::error::Rejection;
use super::scope::Outcome;

#[wasm_bindgen(module = "/pkg-template/request.js")]
extern "C" {
    /// Whether the browser says that it is offline. `true` is certain, `false` is
    /// not: a network without internet counts as online.
    #[wasm_bindgen(js_name = isOffline)]
    pub fn is_offline() -> bool;
    #[wasm_bindgen(js_name = online)]
    fn online_again(signal: &AbortSignal) -> Promise;
}

/// Takes the listener away, whichever way the wait ends.
struct Listening(AbortController);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Comes back when the browser is online again.
pub async fn online() -> Outcome {
    let listening = Listening(AbortController::new().map_err(Rejection::of_thrown)?);
    JsFuture::from(online_again(&listening.0.signal()))
        .await
        .map(|_| JsValue::UNDEFINED)
        .map_err(Rejection::of_thrown)
}
