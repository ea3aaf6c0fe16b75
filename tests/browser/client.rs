//! What a `ThetaOne` does with the core, for tests of the core in a browser.
#![allow(dead_code)]

use js_sys::Promise;
use thetaone_web::browser::bindings::Core;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/pkg-template/upload/call.js")]
extern "C" {
    fn call(
        core: &JsValue,
        method: &str,
        audio: &JsValue,
        options: &JsValue,
        request: &JsValue,
    ) -> Promise;
}

#[wasm_bindgen(module = "/pkg-template/prepare/prepare.js")]
extern "C" {
    fn prepare(core: &JsValue, audio: &JsValue, options: &JsValue) -> Promise;
}

#[wasm_bindgen(module = "/pkg-template/loading/lazy-features.js")]
extern "C" {
    fn equipped(core: JsValue) -> JsValue;
    #[wasm_bindgen(js_name = cancelRecording)]
    fn cancel_recording(core: &JsValue);
    #[wasm_bindgen(js_name = openKept)]
    fn open_kept(core: &JsValue) -> Promise;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = Object)]
    type Held;
    #[wasm_bindgen(method)]
    fn dispose(this: &Held);
}

pub struct Client {
    core: JsValue,
}

impl Client {
    pub fn new(options: JsValue) -> Result<Client, JsValue> {
        let core = equipped(Core::new(&options).into());
        let _ = open_kept(&core);
        Ok(Client { core })
    }

    pub fn call(
        &self,
        method: &str,
        audio: JsValue,
        options: JsValue,
        request: JsValue,
    ) -> Promise {
        call(&self.core, method, &audio, &options, &request)
    }

    pub fn prepare(&self, audio: JsValue, options: JsValue) -> Promise {
        prepare(&self.core, &audio, &options)
    }

    pub fn dispose(&self) {
        self.core.unchecked_ref::<Held>().dispose();
        cancel_recording(&self.core);
    }
}
