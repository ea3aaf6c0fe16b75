//! What the outbox and references ask: which recordings stay, and what is
//! remembered.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::{Core, ScopeHandle};
use crate::browser::clock::epoch_ms;
use crate::browser::error::Rejection;
use crate::browser::js::property::{property, string};
use crate::browser::js::read_options::{Options, waited_ms};
use crate::core::endpoint::{COMPONENTS_FIELD, Endpoint};
use crate::core::outbox::{Entry, Standing, expired, make_room, oldest_first, uuid};
use crate::core::references::key;

#[wasm_bindgen]
impl Core {
    /// Whether the client keeps recordings before they are sent.
    #[wasm_bindgen(getter, js_name = hasOutbox)]
    pub fn has_outbox(&self) -> bool {
        self.0.options.outbox.is_some()
    }

    /// A random UUID of these 16 random bytes.
    pub fn uuid(&self, random: &Uint8Array) -> String {
        let mut bytes = [0; 16];
        if random.length() == 16 {
            random.copy_to(&mut bytes);
        }
        uuid(bytes)
    }

    /// Whether what was stored then, in milliseconds since the Unix epoch, is
    /// past its time.
    #[wasm_bindgen(js_name = isPast)]
    pub fn is_past(&self, created_ms: f64) -> bool {
        let limits = self.0.options.outbox;
        limits.is_none_or(|limits| limits.is_past(created_ms, epoch_ms()))
    }

    /// The ids of those of `entries` whose time is over; see [`entries_of`].
    pub fn expired(&self, entries: Array) -> Array {
        let limits = self.0.options.outbox.unwrap_or_default();
        let entries = entries_of(&entries);
        let gone = expired(&entries, &limits, epoch_ms());
        gone.map(|entry| JsValue::from_str(&entry.id)).collect()
    }

    /// What has to go before `incoming` bytes are stored beside `entries`: the
    /// ids of those whose time is over, of those that make room, and whether
    /// there is room then.
    #[wasm_bindgen(js_name = makeRoom)]
    pub fn make_room(&self, entries: Array, incoming: f64) -> Array {
        let limits = self.0.options.outbox.unwrap_or_default();
        let room = make_room(&entries_of(&entries), incoming, &limits, epoch_ms());
        let list = |ids: Vec<String>| -> Array { ids.into_iter().map(JsValue::from).collect() };
        Array::of3(
            &list(room.expired),
            &list(room.evicted),
            &room.is_enough.into(),
        )
    }

    /// The `entries`, by when they were stored.
    #[wasm_bindgen(js_name = oldestFirst)]
    pub fn oldest_first(&self, entries: Array) -> Array {
        let sorted = oldest_first(entries.iter(), created_ms);
        sorted.into_iter().collect()
    }

    /// The `state` of a recording after a failure with this status, or before
    /// any.
    pub fn standing(&self, status: Option<u16>) -> String {
        Standing::after(status).as_str().into()
    }

    /// The names that the text fields of a method may have, its options first;
    /// `undefined` where there is no such method.
    #[wasm_bindgen(js_name = fieldNames)]
    pub fn field_names(&self, method: &str) -> Option<Array> {
        let endpoint = Endpoint::from_method(method)?;
        Some(Array::of2(
            &endpoint.options_field().into(),
            &COMPONENTS_FIELD.into(),
        ))
    }

    /// Whether references outlast the page.
    #[wasm_bindgen(getter)]
    pub fn persists(&self) -> bool {
        self.0.options.references.persist
    }

    /// How many of them may.
    #[wasm_bindgen(getter, js_name = maxReferences)]
    pub fn max_references(&self) -> u32 {
        u32::try_from(self.0.options.references.max_entries).unwrap_or(u32::MAX)
    }

    /// Under what a reference is remembered, by the hash of its audio.
    #[wasm_bindgen(js_name = keyOf)]
    pub fn key_of(&self, sha256: &[u8], gold_text: &str) -> String {
        key(sha256, gold_text)
    }

    /// The analysis of this key, which is thereby used.
    pub fn recall(&self, key: &str) -> JsValue {
        let mut analyses = self.0.analyses.borrow_mut();
        analyses.get(key).cloned().unwrap_or_default()
    }

    /// Remembers an analysis.
    pub fn learn(&self, key: String, analysis: JsValue) {
        self.0.analyses.borrow_mut().put(key, analysis);
    }

    /// Whether there is an analysis of this key.
    pub fn knows(&self, key: &str) -> bool {
        self.0.analyses.borrow().has(key)
    }

    /// Forgets the analysis of this key, or all of them; says whether it was
    /// known.
    pub fn forget(&self, key: Option<String>) -> bool {
        let mut analyses = self.0.analyses.borrow_mut();
        match key {
            Some(key) => analyses.forget(&key),
            None => {
                analyses.clear();
                true
            }
        }
    }

    /// What ends with a call that has these options, which are checked.
    #[wasm_bindgen(js_name = scopeOf)]
    pub fn scope_of(&self, request: &JsValue) -> Result<ScopeHandle, JsValue> {
        let waited_ms = waited_ms(request);
        let request =
            Options::read("request", request, "REQUEST").map_err(Rejection::into_thrown)?;
        let deadline_ms = self.0.options.for_call(&request.data).deadline_ms;
        let scope = self.0.scope(request.signal(), deadline_ms, waited_ms);
        Ok(ScopeHandle(scope.into()))
    }
}

/// What JavaScript knows of stored recordings: `{ id, createdMs, bytes, isBusy }`.
fn entries_of(entries: &Array) -> Vec<Entry> {
    let entry = |entry: JsValue| Entry {
        id: string(&entry, "id").unwrap_or_default(),
        created_ms: created_ms(&entry),
        bytes: property(&entry, "bytes").as_f64().unwrap_or_default(),
        is_busy: property(&entry, "isBusy").is_truthy(),
    };
    entries.iter().map(entry).collect()
}

fn created_ms(entry: &JsValue) -> f64 {
    let ms = property(entry, "createdMs").as_f64();
    ms.unwrap_or(f64::NAN)
}
