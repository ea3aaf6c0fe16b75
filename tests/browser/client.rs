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
    fn record(this: &JsClient, options: &JsValue) -> Promise;
    #[wasm_bindgen(method)]
    fn dispose(this: &JsClient);
    #[wasm_bindgen(method, js_name = outboxList)]
    fn outbox_list(this: &JsClient) -> Promise;
    #[wasm_bindgen(method, js_name = outboxGet)]
    fn outbox_get(this: &JsClient, id: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = outboxResume)]
    fn outbox_resume(this: &JsClient, id: &JsValue, request: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = outboxDiscard)]
    fn outbox_discard(this: &JsClient, id: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = outboxClear)]
    fn outbox_clear(this: &JsClient) -> Promise;
    #[wasm_bindgen(method, js_name = referencesGet)]
    fn references_get(
        this: &JsClient,
        audio: &JsValue,
        options: &JsValue,
        request: &JsValue,
    ) -> Promise;
    #[wasm_bindgen(method, js_name = referencesHas)]
    fn references_has(this: &JsClient, audio: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = referencesDelete)]
    fn references_delete(this: &JsClient, audio: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(method, js_name = referencesClear)]
    fn references_clear(this: &JsClient) -> Promise;
    #[wasm_bindgen(method)]
    fn forget(this: &JsClient) -> Promise;
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

    pub fn record(&self, options: JsValue) -> Promise {
        self.0.record(&options)
    }

    pub fn dispose(&self) {
        self.0.dispose();
    }

    pub fn outbox_list(&self) -> Promise {
        self.0.outbox_list()
    }

    pub fn outbox_get(&self, id: JsValue) -> Promise {
        self.0.outbox_get(&id)
    }

    pub fn outbox_resume(&self, id: JsValue, request: JsValue) -> Promise {
        self.0.outbox_resume(&id, &request)
    }

    pub fn outbox_discard(&self, id: JsValue) -> Promise {
        self.0.outbox_discard(&id)
    }

    pub fn outbox_clear(&self) -> Promise {
        self.0.outbox_clear()
    }

    pub fn references_get(&self, audio: JsValue, options: JsValue, request: JsValue) -> Promise {
        self.0.references_get(&audio, &options, &request)
    }

    pub fn references_has(&self, audio: JsValue, options: JsValue) -> Promise {
        self.0.references_has(&audio, &options)
    }

    pub fn references_delete(&self, audio: JsValue, options: JsValue) -> Promise {
        self.0.references_delete(&audio, &options)
    }

    pub fn references_clear(&self) -> Promise {
        self.0.references_clear()
    }

    pub fn forget(&self) -> Promise {
        self.0.forget()
    }
}
