//! The doors to what is kept on this device: `theta.outbox` and
//! `theta.references`.

use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::client::{Client, Shared};
use super::error::Rejection;
use super::task::Boxed;
use super::{outbox, references, store, task};

#[wasm_bindgen]
impl Client {
    /// `outbox.list()`
    #[wasm_bindgen(js_name = outboxList)]
    pub fn outbox_list(&self) -> Promise {
        self.promise(outbox::list)
    }

    /// `outbox.get(id)`
    #[wasm_bindgen(js_name = outboxGet)]
    pub fn outbox_get(&self, id: JsValue) -> Promise {
        self.promise(|client| outbox::get(client, id))
    }

    /// `outbox.resume(id, request)`
    #[wasm_bindgen(js_name = outboxResume)]
    pub fn outbox_resume(&self, id: JsValue, request: JsValue) -> Promise {
        let client = self.shared.clone();
        task::promise(async move { outbox::resume(client, &id, request).await })
    }

    /// `outbox.discard(id)`
    #[wasm_bindgen(js_name = outboxDiscard)]
    pub fn outbox_discard(&self, id: JsValue) -> Promise {
        self.promise(|client| outbox::discard(client, id))
    }

    /// `outbox.clear()`
    #[wasm_bindgen(js_name = outboxClear)]
    pub fn outbox_clear(&self) -> Promise {
        self.promise(|_| outbox::clear())
    }

    /// `references.get(audio, options, request)`
    #[wasm_bindgen(js_name = referencesGet)]
    pub fn references_get(&self, audio: JsValue, options: JsValue, request: JsValue) -> Promise {
        let client = self.shared.clone();
        task::promise(references::get(client, audio, options, request))
    }

    /// `references.has(audio, options)`
    #[wasm_bindgen(js_name = referencesHas)]
    pub fn references_has(&self, audio: JsValue, options: JsValue) -> Promise {
        self.promise(|client| references::has(client, audio, options))
    }

    /// `references.delete(audio, options)`
    #[wasm_bindgen(js_name = referencesDelete)]
    pub fn references_delete(&self, audio: JsValue, options: JsValue) -> Promise {
        self.promise(|client| references::delete(client, audio, options))
    }

    /// `references.clear()`
    #[wasm_bindgen(js_name = referencesClear)]
    pub fn references_clear(&self) -> Promise {
        self.promise(references::clear)
    }

    /// `dispose({ forget: true })`: removes everything that any client has
    /// kept on this device, whether or not this one keeps something.
    pub fn forget(&self) -> Promise {
        self.dispose();
        self.promise(async |client: Rc<Shared>| {
            client.references.forget();
            store::clear(&[store::OUTBOX, store::REFERENCES]).await?;
            Ok(JsValue::UNDEFINED)
        })
    }

    fn promise<F>(&self, work: impl FnOnce(Rc<Shared>) -> F) -> Promise
    where
        F: Future<Output = Result<JsValue, Rejection>> + 'static,
    {
        settled(&self.shared, Box::pin(work(self.shared.clone())))
    }
}

fn settled(client: &Rc<Shared>, work: Boxed<'static, Result<JsValue, Rejection>>) -> Promise {
    let client = client.clone();
    task::promise(async move {
        let outcome = work.await;
        outcome.map_err(|rejection| rejection.into_js(&client.account()))
    })
}
