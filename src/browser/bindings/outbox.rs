//! Exports for `outbox/`.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::bindings::ClientHandle;
use crate::browser::clock::epoch_ms;
use crate::browser::js::property::{property, string};
use crate::core::endpoint::{COMPONENTS_FIELD, Endpoint};
use crate::core::outbox::{self, OutboxEntry, UploadState};

#[wasm_bindgen]
impl ClientHandle {
    /// True if the client stores recordings before it sends them.
    #[wasm_bindgen(getter, js_name = hasOutbox)]
    pub fn has_outbox(&self) -> bool {
        self.0.options.outbox.is_some()
    }

    /// True if a recording that was stored at `createdMs`, in milliseconds since the Unix epoch,
    /// has expired.
    #[wasm_bindgen(js_name = isExpired)]
    pub fn is_expired(&self, created_ms: f64) -> bool {
        let limits = self.0.options.outbox;
        limits.is_none_or(|limits| limits.is_expired(created_ms, epoch_ms()))
    }

    /// Returns the ids of the `entries` that have expired. See [`to_entries`].
    #[wasm_bindgen(js_name = expiredIds)]
    pub fn expired_ids(&self, entries: Array) -> Array {
        let limits = self.0.options.outbox.unwrap_or_default();
        let entries = to_entries(&entries);
        let expired = outbox::expired(&entries, &limits, epoch_ms());
        expired.map(|entry| JsValue::from_str(&entry.id)).collect()
    }

    /// Decides which `entries` are removed to store `incomingBytes` more. Returns
    /// `[expiredIds, evictedIds, hasRoom]`.
    #[wasm_bindgen(js_name = planEviction)]
    pub fn plan_eviction(&self, entries: Array, incoming_bytes: f64) -> Array {
        let limits = self.0.options.outbox.unwrap_or_default();
        let entries = to_entries(&entries);
        let plan = outbox::plan_eviction(&entries, incoming_bytes, &limits, epoch_ms());
        let list = |ids: Vec<String>| -> Array { ids.into_iter().map(JsValue::from).collect() };
        Array::of3(
            &list(plan.expired),
            &list(plan.evicted),
            &plan.has_room.into(),
        )
    }
}

/// Returns the UUID of these 16 random bytes.
#[wasm_bindgen]
pub fn uuid(random: &Uint8Array) -> String {
    let mut bytes = [0; 16];
    if random.length() == 16 {
        random.copy_to(&mut bytes);
    }
    outbox::uuid(bytes)
}

/// Returns the `entries` in the order in which they were stored.
#[wasm_bindgen(js_name = oldestFirst)]
pub fn oldest_first(entries: Array) -> Array {
    let sorted = outbox::oldest_first(entries.iter(), created_ms);
    sorted.into_iter().collect()
}

/// Returns the `state` of a recording after a failure with this status, or before any failure.
#[wasm_bindgen(js_name = uploadState)]
pub fn upload_state(status: Option<u16>) -> String {
    UploadState::after(status).as_str().into()
}

/// Returns the names of the text fields of a method, the one of its options first; `undefined` if
/// there is no such method.
#[wasm_bindgen(js_name = fieldNames)]
pub fn field_names(method: &str) -> Option<Array> {
    let endpoint = Endpoint::from_method(method)?;
    Some(Array::of2(
        &endpoint.options_field().into(),
        &COMPONENTS_FIELD.into(),
    ))
}

/// Reads entries from JavaScript: `{ id, createdMs, bytes, isBusy }`.
fn to_entries(entries: &Array) -> Vec<OutboxEntry> {
    let entry = |entry: JsValue| OutboxEntry {
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
