//! The doors to what is kept on this device: `theta.outbox` and
//! `theta.references`.

use js_sys::{Array, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::client::Client;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    fn kept(core: &JsValue, keeper: &str, work: &str, given: &Array) -> Promise;
    /// Begins with what the client keeps; what is past its time goes even where
    /// nobody waits for this.
    #[wasm_bindgen(js_name = openKept)]
    pub fn open(core: &JsValue) -> Promise;
}

#[wasm_bindgen]
impl Client {
    /// Resolves once what is to be kept can be, without a network; rejects where
    /// the scripts for that did not load.
    pub fn opened(&self) -> Promise {
        self.opened.clone()
    }

    /// `outbox.list()`
    #[wasm_bindgen(js_name = outboxList)]
    pub fn outbox_list(&self) -> Promise {
        kept(&self.core, "outbox", "list", &Array::new())
    }

    /// `outbox.get(id)`
    #[wasm_bindgen(js_name = outboxGet)]
    pub fn outbox_get(&self, id: JsValue) -> Promise {
        kept(&self.core, "outbox", "get", &Array::of1(&id))
    }

    /// `outbox.resume(id, request)`
    #[wasm_bindgen(js_name = outboxResume)]
    pub fn outbox_resume(&self, id: JsValue, request: JsValue) -> Promise {
        kept(&self.core, "outbox", "resume", &Array::of2(&id, &request))
    }

    /// `outbox.discard(id)`
    #[wasm_bindgen(js_name = outboxDiscard)]
    pub fn outbox_discard(&self, id: JsValue) -> Promise {
        kept(&self.core, "outbox", "discard", &Array::of1(&id))
    }

    /// `outbox.clear()`
    #[wasm_bindgen(js_name = outboxClear)]
    pub fn outbox_clear(&self) -> Promise {
        kept(&self.core, "outbox", "clear", &Array::new())
    }

    /// `references.get(audio, options, request)`
    #[wasm_bindgen(js_name = referencesGet)]
    pub fn references_get(&self, audio: JsValue, options: JsValue, request: JsValue) -> Promise {
        let given = Array::of3(&audio, &options, &request);
        kept(&self.core, "references", "get", &given)
    }

    /// `references.has(audio, options)`
    #[wasm_bindgen(js_name = referencesHas)]
    pub fn references_has(&self, audio: JsValue, options: JsValue) -> Promise {
        let given = Array::of2(&audio, &options);
        kept(&self.core, "references", "has", &given)
    }

    /// `references.delete(audio, options)`
    #[wasm_bindgen(js_name = referencesDelete)]
    pub fn references_delete(&self, audio: JsValue, options: JsValue) -> Promise {
        let given = Array::of2(&audio, &options);
        kept(&self.core, "references", "remove", &given)
    }

    /// `references.clear()`
    #[wasm_bindgen(js_name = referencesClear)]
    pub fn references_clear(&self) -> Promise {
        kept(&self.core, "references", "clear", &Array::new())
    }

    /// `dispose({ forget: true })`: removes everything that any client has
    /// kept on this device, whether or not this one keeps something.
    pub fn forget(&self) -> Promise {
        self.dispose();
        kept(&self.core, "store", "forget", &Array::new())
    }
}
