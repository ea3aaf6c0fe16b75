//! What a `ThetaOne` does with the core, for tests of the core in a browser.
#![allow(dead_code)]

use js_sys::{Array, Promise};
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
    fn record(core: &JsValue, options: &JsValue) -> Promise;
    fn equipped(core: JsValue) -> JsValue;
    #[wasm_bindgen(js_name = cancelRecording)]
    fn cancel_recording(core: &JsValue);
    fn kept(core: &JsValue, keeper: &str, work: &str, given: &Array) -> Promise;
    fn forget(core: &JsValue) -> Promise;
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

    pub fn record(&self, options: JsValue) -> Promise {
        record(&self.core, &options)
    }

    pub fn dispose(&self) {
        self.core.unchecked_ref::<Held>().dispose();
        cancel_recording(&self.core);
    }

    pub fn outbox_list(&self) -> Promise {
        kept(&self.core, "outbox", "list", &Array::new())
    }

    pub fn outbox_get(&self, id: JsValue) -> Promise {
        kept(&self.core, "outbox", "get", &Array::of1(&id))
    }

    pub fn outbox_resume(&self, id: JsValue, request: JsValue) -> Promise {
        kept(&self.core, "outbox", "resume", &Array::of2(&id, &request))
    }

    pub fn outbox_discard(&self, id: JsValue) -> Promise {
        kept(&self.core, "outbox", "discard", &Array::of1(&id))
    }

    pub fn outbox_clear(&self) -> Promise {
        kept(&self.core, "outbox", "clear", &Array::new())
    }

    pub fn references_get(&self, audio: JsValue, options: JsValue, request: JsValue) -> Promise {
        let given = Array::of3(&audio, &options, &request);
        kept(&self.core, "references", "get", &given)
    }

    pub fn references_has(&self, audio: JsValue, options: JsValue) -> Promise {
        let given = Array::of2(&audio, &options);
        kept(&self.core, "references", "has", &given)
    }

    pub fn references_delete(&self, audio: JsValue, options: JsValue) -> Promise {
        let given = Array::of2(&audio, &options);
        kept(&self.core, "references", "remove", &given)
    }

    pub fn references_clear(&self) -> Promise {
        kept(&self.core, "references", "clear", &Array::new())
    }

    pub fn forget(&self) -> Promise {
        self.dispose();
        forget(&self.core)
    }
}
