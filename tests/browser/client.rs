//! What a `ThetaOne` does with the core, for tests of the core in a browser.
#![allow(dead_code)]

use js_sys::Promise;
use thetaone_web::browser::bindings::ClientHandle;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/tests/browser/client.js")]
extern "C" {
    #[wasm_bindgen(js_name = Client)]
    type JsClient;
    #[wasm_bindgen(constructor, js_class = "Client", catch)]
    fn create(options: &JsValue) -> Result<JsClient, JsValue>;
    #[wasm_bindgen(method)]
    fn call(
        this: &JsClient,
        method: &str,
        audio: &JsValue,
        options: &JsValue,
        request: &JsValue,
    ) -> Promise;
    #[wasm_bindgen(method)]
    fn prepare(this: &JsClient, audio: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn dispose(this: &JsClient);
}

pub struct Client(JsClient);

impl Client {
    pub fn new(options: JsValue) -> Result<Client, JsValue> {
        // Links the exports, which `tests/browser/client.js` imports.
        let _ = ClientHandle::new;
        JsClient::create(&options).map(Client)
    }

    pub fn call(
        &self,
        method: &str,
        audio: JsValue,
        options: JsValue,
        request: JsValue,
    ) -> Promise {
        self.0.call(method, &audio, &options, &request)
    }

    pub fn prepare(&self, audio: JsValue, options: JsValue) -> Promise {
        self.0.prepare(&audio, &options)
    }

    pub fn dispose(&self) {
        self.0.dispose();
    }
}
