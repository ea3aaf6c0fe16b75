//! Whether the device is online, as far as the browser knows.

use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::AbortSignal;

use super::scope::Outcome;
use super::task::of_js;

#[wasm_bindgen(module = "/pkg-template/request.js")]
extern "C" {
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
