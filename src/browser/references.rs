//! References: one sentence costs one call, however many ask for it.
//!
//! [`flight`] is that call, [`shelf`] where its result lies after the page is
//! left.

mod flight;
mod shelf;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{ArrayBuffer, JSON, Promise, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use super::audio::{self, buffer_of};
use super::client::Shared;
use super::error::{Account, Rejection};
use super::input::{self, Options};
use super::parcel::Contents;
use super::store;
use crate::core::options::REQUEST;
use crate::core::references::{self, Memory};
use crate::core::request::{Components, Endpoint, text_fields};
use flight::{Flight, Seat};

#[wasm_bindgen]
extern "C" {
    /// Missing where the page is not served over https.
    #[wasm_bindgen(js_namespace = ["crypto", "subtle"], js_name = digest, catch)]
    fn subtle_digest(algorithm: &str, data: &ArrayBuffer) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_name = structuredClone, catch)]
    fn structured_clone(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// What one client knows, and what it is asking for.
pub struct References {
    memory: RefCell<Memory<JsValue>>,
    /// By key; few are under way at a time.
    flights: RefCell<Vec<(String, Rc<Flight>)>>,
}

impl References {
    /// Knows nothing yet, and at most so much.
    pub fn new(max_entries: usize) -> Self {
        References {
            memory: RefCell::new(Memory::new(max_entries)),
            flights: RefCell::default(),
        }
    }

    fn recall(&self, key: &str) -> Option<JsValue> {
        self.memory.borrow_mut().get(key).cloned()
    }

    fn learn(&self, key: &str, analysis: &JsValue) {
        let mut memory = self.memory.borrow_mut();
        memory.put(key.to_owned(), analysis.clone());
    }

    /// Forgets what is in memory.
    pub fn forget(&self) {
        self.memory.borrow_mut().clear();
    }
}

/// The analysis of a reference; calls the API only where it is unknown.
pub async fn get(
    client: Rc<Shared>,
    audio: JsValue,
    options: JsValue,
    request: JsValue,
) -> Result<JsValue, JsValue> {
    let account = Account {
        endpoint: Some(Endpoint::AnalyzeNative),
        ..client.account()
    };
    let rejected = |rejection: Rejection| rejection.into_js(&account);
    let request = Options::read("request", &request, REQUEST).map_err(rejected)?;
    let deadline_ms = client.options.for_call(&request.data).deadline_ms;
    let scope = client.scope(request.signal(), deadline_ms);
    let asked = scope.guard(Asked::read(&client, audio, &options)).await;
    let Asked { key, contents } = asked.and_then(|asked| asked).map_err(rejected)?;
    if let Some(known) = client.references.recall(&key) {
        return copy_of(&known);
    }
    let seat = Seat::take(&client, key, contents, &request)?;
    let landed = JsFuture::from(seat.landing());
    copy_of(&scope.guard(landed).await.map_err(rejected)??)
}

/// Whether `get` would need no call.
pub async fn has(
    client: Rc<Shared>,
    audio: JsValue,
    options: JsValue,
) -> Result<JsValue, Rejection> {
    let Asked { key, .. } = Asked::read(&client, audio, &options).await?;
    if client.references.memory.borrow().has(&key) {
        return Ok(true.into());
    }
    if !client.options.references.persist {
        return Ok(false.into());
    }
    let looking = store::read(store::REFERENCES, async move |records| {
        Ok(records.get(&key).await?.is_some())
    });
    looking.await.map(JsValue::from)
}

/// Forgets one; says whether it was known.
pub async fn delete(
    client: Rc<Shared>,
    audio: JsValue,
    options: JsValue,
) -> Result<JsValue, Rejection> {
    let Asked { key, .. } = Asked::read(&client, audio, &options).await?;
    let was_known = client.references.memory.borrow_mut().forget(&key);
    if !client.options.references.persist {
        return Ok(was_known.into());
    }
    let deleting = store::write(store::REFERENCES, async move |records| {
        let was_stored = records.get(&key).await?.is_some();
        records.delete(&key).await?;
        Ok(was_stored)
    });
    Ok((deleting.await? || was_known).into())
}

/// Forgets all of them.
pub async fn clear(client: Rc<Shared>) -> Result<JsValue, Rejection> {
    client.references.forget();
    if client.options.references.persist {
        store::clear(&[store::REFERENCES]).await?;
    }
    Ok(JsValue::UNDEFINED)
}

struct Asked {
    key: String,
    contents: Contents,
}

impl Asked {
    async fn read(
        client: &Rc<Shared>,
        audio: JsValue,
        options: &JsValue,
    ) -> Result<Self, Rejection> {
        let data = input::endpoint_options(options)?;
        let fields = text_fields(Endpoint::AnalyzeNative, &data, Components::Missing)?;
        let audio = audio::for_upload(client, &audio).await?;
        let bytes = buffer_of(&audio.blob).await?;
        let gold_text = data.get("gold_text").text().unwrap_or_default();
        Ok(Asked {
            key: references::key(&sha256(&bytes).await, gold_text),
            contents: Contents { audio, fields },
        })
    }
}

async fn sha256(bytes: &ArrayBuffer) -> Vec<u8> {
    if let Ok(promise) = subtle_digest("SHA-256", bytes)
        && let Ok(digest) = JsFuture::from(promise).await
    {
        return Uint8Array::new(&digest).to_vec();
    }
    Sha256::digest(Uint8Array::new(bytes).to_vec()).to_vec()
}

/// What one caller may change does not reach the next one.
fn copy_of(analysis: &JsValue) -> Result<JsValue, JsValue> {
    structured_clone(analysis).or_else(|_| JSON::parse(&String::from(JSON::stringify(analysis)?)))
}
