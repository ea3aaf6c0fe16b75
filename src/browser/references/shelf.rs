//! References that outlast the page, in IndexedDB. Storage that fails is told,
//! and costs a call.

use std::rc::Rc;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::browser::client::Shared;
use crate::browser::clock::{epoch_ms, timestamp};
use crate::browser::error::Rejection;
use crate::browser::events::{StorageNotice, notify};
use crate::browser::property::{property, string};
use crate::browser::store;

/// What is known of `key`, which is thereby used.
pub async fn get(client: &Rc<Shared>, key: &str) -> Option<JsValue> {
    let id = key.to_owned();
    let reading = store::read(store::REFERENCES, async move |records| {
        records.get(&id).await
    });
    let found = told(client, reading.await)??;
    let analysis = property(&found, "analysis");
    if !analysis.is_object() {
        return None;
    }
    let used = record(key, &analysis);
    // That it was used is not worth waiting for.
    drop(store::write(
        store::REFERENCES,
        async move |records| match records
            .get(&string(&used, "id").unwrap_or_default())
            .await?
        {
            Some(_) => records.put(&used).await,
            None => Ok(()),
        },
    ));
    Some(analysis)
}

/// Puts the analysis there; what was not used for the longest time makes room.
pub async fn put(client: &Rc<Shared>, key: &str, analysis: &JsValue) {
    let record = record(key, analysis);
    let most = client.options.references.max_entries;
    let storing = store::write(store::REFERENCES, async move |records| {
        records.put(&record).await?;
        records.keep_latest(most).await
    });
    told(client, storing.await);
}

fn record(key: &str, analysis: &JsValue) -> JsValue {
    let record = Object::new();
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(&record, &"id".into(), &key.into());
    let _ = Reflect::set(&record, &store::USED_AT.into(), &epoch_ms().into());
    let _ = Reflect::set(&record, &"analysis".into(), analysis);
    record.into()
}

/// The result, if storage gave one; if not, that is told and costs a call.
fn told<T>(client: &Shared, result: Result<T, Rejection>) -> Option<T> {
    result
        .inspect_err(|rejection| {
            let notice = StorageNotice {
                kind: "references",
                reason: rejection.failure.row.reason.unwrap_or("unavailable"),
                id: None,
                at: timestamp(),
            };
            notify(client.on_event.as_ref(), &notice);
        })
        .ok()
}
