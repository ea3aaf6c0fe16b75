//! The outbox: a recording is kept before it is sent, and until its result is
//! there. [`keeping`] sees to one recording; here is what lies there.

mod keeping;

use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::call;
use super::client::Shared;
use super::clock::{epoch_ms, timestamp};
use super::error::Rejection;
use super::events::{StorageNotice, notify};
use super::lock::Claims;
use super::parcel::Parcel;
use super::record::{Record, audio_of_stored};
use super::store;
use super::task;
use crate::core::error::Failure;
use crate::core::outbox::{Entry, Limits, expired, oldest_first};
use crate::core::request::Endpoint;
pub use keeping::Keeping;

/// Removes what is past its time when a client is made: it must go even where
/// nobody ever looks into the outbox again.
pub fn open(client: &Rc<Shared>) {
    if let Some(limits) = client.options.outbox {
        let client = client.clone();
        task::start(async move {
            // Whoever keeps or lists something is told what is wrong.
            let _ = sweep(&client, limits).await;
        });
    }
}

/// Calls an endpoint; where the client has an outbox, by way of it.
pub async fn call(
    client: Rc<Shared>,
    endpoint: Endpoint,
    audio: JsValue,
    options: JsValue,
    request: JsValue,
) -> Result<JsValue, JsValue> {
    let keeping = client
        .options
        .outbox
        .map(|limits| Rc::new(Keeping::new(&client, endpoint, limits)));
    let parcel = Parcel::Loose {
        client: client.clone(),
        audio,
        options,
        keeping: keeping.clone(),
    };
    let outcome = call::run(client, endpoint, &parcel, request).await;
    match keeping {
        Some(keeping) => keeping.settle(outcome).await,
        None => outcome,
    }
}

/// Sends what was kept: the same bytes, the same text.
pub async fn resume(
    client: Rc<Shared>,
    id: &JsValue,
    request: JsValue,
) -> Result<JsValue, JsValue> {
    let (keeping, contents) = Keeping::of_stored(&client, id)
        .await
        .map_err(|rejection| rejection.into_js(&client.account()))?;
    let parcel = Parcel::Ready(contents);
    let outcome = call::run(client, keeping.endpoint, &parcel, request).await;
    keeping.settle(outcome).await
}

/// What lies in the outbox, oldest first.
pub async fn list(client: Rc<Shared>) -> Result<JsValue, Rejection> {
    let limits = limits(&client)?;
    let claims = Claims::look().await;
    let records = oldest_first(sweep(&client, limits).await?, Record::created_ms);
    let listed = records.iter().filter_map(|record| record.listed(&claims));
    Ok(store::array(listed))
}

/// The audio of a recording; `undefined` where there is none with this id.
pub async fn get(client: Rc<Shared>, id: JsValue) -> Result<JsValue, Rejection> {
    let limits = limits(&client)?;
    let found = stored(&limits, text_of(&id)?).await?;
    Ok(found.map_or(JsValue::UNDEFINED, |(_, audio)| audio.into()))
}

/// Removes a recording, if it is there.
pub async fn discard(client: Rc<Shared>, id: JsValue) -> Result<JsValue, Rejection> {
    limits(&client)?;
    let id = text_of(&id)?;
    let removing = store::write(store::OUTBOX, async move |records| {
        records.delete(&id).await
    });
    removing.await.map(|()| JsValue::UNDEFINED)
}

/// Removes everything, even where the outbox is off by now.
pub async fn clear() -> Result<JsValue, Rejection> {
    store::clear(&[store::OUTBOX])
        .await
        .map(|()| JsValue::UNDEFINED)
}

/// Removes what is past its time; gives the rest.
async fn sweep(client: &Rc<Shared>, limits: Limits) -> Result<Vec<Record>, Rejection> {
    let claims = Claims::look().await;
    let sweeping = store::write(store::OUTBOX, async move |stored| {
        let mut records: Vec<Record> = stored
            .all()
            .await?
            .into_iter()
            .map(Record::of_stored)
            .collect();
        let entries = entries(&records, &claims);
        let gone: Vec<String> = expired(&entries, &limits, epoch_ms())
            .map(|entry| entry.id.clone())
            .collect();
        for id in &gone {
            stored.delete(id).await?;
        }
        records.retain(|record| !gone.contains(&record.id()));
        Ok((records, gone))
    });
    let (records, gone) = sweeping.await?;
    for id in gone {
        tell(client, "expired", id);
    }
    Ok(records)
}

fn entries(records: &[Record], claims: &Claims) -> Vec<Entry> {
    records.iter().map(|record| record.entry(claims)).collect()
}

/// A recording: what is known of it, and its audio.
async fn stored(limits: &Limits, id: String) -> Result<Option<(Record, Blob)>, Rejection> {
    let reading = store::read(store::OUTBOX, async move |records| {
        Ok((records.get(&id).await?, records.audio(&id).await?))
    });
    let (Some(record), Some(audio)) = reading.await? else {
        return Ok(None);
    };
    let record = Record::of_stored(record);
    // The next sweep removes it; until then it is as good as gone.
    if limits.is_past(record.created_ms(), epoch_ms()) {
        return Ok(None);
    }
    Ok(audio_of_stored(audio).map(|audio| (record, audio)))
}

fn limits(client: &Shared) -> Result<Limits, Rejection> {
    client.options.outbox.ok_or_else(|| {
        Failure::configuration("options.outbox is off; set it to true to keep unsent recordings")
            .into()
    })
}

fn text_of(id: &JsValue) -> Result<String, Rejection> {
    id.as_string()
        .ok_or_else(|| Failure::configuration("id must be a string, as list() gives it").into())
}

fn tell(client: &Shared, reason: &'static str, id: String) {
    let notice = StorageNotice {
        kind: "outbox",
        reason,
        id: Some(id),
        at: timestamp(),
    };
    notify(client.on_event.as_ref(), &notice);
}
