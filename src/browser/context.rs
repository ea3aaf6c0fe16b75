//! Audio contexts.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AudioContext;

#[wasm_bindgen]
extern "C" {
    type Context;
    // The constructor of web-sys is looked up once, when the module is loaded:
    // too early for a test that puts another one in its place.
    #[wasm_bindgen(constructor, js_class = "AudioContext", catch)]
    fn new() -> Result<Context, JsValue>;
}

/// A new context, of which browsers grant only a few.
pub fn audio_context() -> Result<AudioContext, JsValue> {
    Context::new().map(JsCast::unchecked_into)
}
