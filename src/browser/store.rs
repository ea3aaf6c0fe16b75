//! IndexedDB: records by their `id`, in an object store for each kind.
//!
//! Every piece of work opens the database and closes it: a connection that is
//! kept stands in the way of other versions of the SDK, and iOS loses it when
//! the page was in the background.

use std::cell::Cell;
use std::future::Future;
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use super::clock::within;
use super::error::Rejection;
use super::property::string;
use super::task::{Boxed, to_its_end};
use crate::core::catalogue::Class;
use crate::core::error::Failure;

/// What is known of the recordings that were not delivered.
pub const OUTBOX: &str = "outbox";
/// What they sound like: apart, because all that is known is read at once, and
/// often.
const AUDIO: &str = "audio";
/// What was analysed.
pub const REFERENCES: &str = "references";
/// The member of a record by which records are put in order.
pub const USED_AT: &str = "usedAt";

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    type Transaction;
    fn begin(names: &Array, mode: &str) -> Promise;
    #[wasm_bindgen(method, catch)]
    fn all(this: &Transaction, store: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn get(this: &Transaction, store: &str, id: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn put(this: &Transaction, store: &str, record: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn delete(this: &Transaction, store: &str, id: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn clear(this: &Transaction, store: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, js_name = keepLatest)]
    fn keep_latest(this: &Transaction, store: &str, index: &str, most: u32) -> Promise;
    #[wasm_bindgen(method)]
    fn committed(this: &Transaction) -> Promise;
    #[wasm_bindgen(method, catch)]
    fn abort(this: &Transaction) -> Result<(), JsValue>;
    #[wasm_bindgen(method, getter)]
    fn error(this: &Transaction) -> JsValue;
    #[wasm_bindgen(method)]
    fn close(this: &Transaction);
}

/// How long a database may take, in milliseconds. Some browsers have been seen
/// never to answer; a call must not wait for that.
const PATIENCE_MS: u32 = 3_000;

/// Looks at the records of `name`.
pub fn read<T: 'static>(
    name: &'static str,
    work: impl AsyncFnOnce(Records) -> Result<T, JsValue> + 'static,
) -> impl Future<Output = Result<T, Rejection>> {
    patiently(name, "readonly", work)
}

/// Changes the records of `name`: all of it happens, or nothing.
pub fn write<T: 'static>(
    name: &'static str,
    work: impl AsyncFnOnce(Records) -> Result<T, JsValue> + 'static,
) -> impl Future<Output = Result<T, Rejection>> {
    patiently(name, "readwrite", work)
}

/// The work is begun when this is called, whether or not it is waited for.
///
/// Only this is compiled for every kind of work; what it leads to is not small.
fn patiently<T: 'static>(
    name: &'static str,
    mode: &'static str,
    work: impl AsyncFnOnce(Records) -> Result<T, JsValue> + 'static,
) -> impl Future<Output = Result<T, Rejection>> {
    let result: Rc<Cell<Option<T>>> = Rc::default();
    let found = result.clone();
    let running = start(
        name,
        mode,
        Box::new(move |records| {
            Box::pin(async move {
                found.set(Some(work(records).await?));
                Ok(())
            })
        }),
    );
    async move {
        running.await?;
        result.take().ok_or_else(|| failed(JsValue::UNDEFINED))
    }
}

/// What is done in one transaction.
type Work = Box<dyn FnOnce(Records) -> Boxed<'static, Result<(), JsValue>>>;

fn start(
    name: &'static str,
    mode: &'static str,
    work: Work,
) -> Boxed<'static, Result<(), Rejection>> {
    let running = to_its_end(transact(name, mode, work));
    Box::pin(async {
        match within(PATIENCE_MS.into(), running).await {
            Some(outcome) => outcome.map_err(failed),
            None => Err(Failure::client(
                Class::Storage,
                Some("unavailable"),
                format!("IndexedDB did not answer within {PATIENCE_MS} ms"),
            )
            .into()),
        }
    })
}

async fn transact(name: &'static str, mode: &'static str, work: Work) -> Result<(), JsValue> {
    let stores: &[&str] = match name {
        OUTBOX => &[OUTBOX, AUDIO],
        _ => &[REFERENCES],
    };
    let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let begun: Transaction = JsFuture::from(begin(&names, mode)).await?.unchecked_into();
    let transaction = Rc::new(Closing(begun));
    let records = Records {
        transaction: transaction.clone(),
        stores,
    };
    let worked = work(records).await;
    let Closing(transaction) = &*transaction;
    let cause = |otherwise| match transaction.error() {
        error if error.is_object() => error,
        _ => otherwise,
    };
    if let Err(exception) = worked {
        let cause = cause(exception);
        // What was done so far must not stay.
        let _ = transaction.abort();
        return Err(cause);
    }
    match JsFuture::from(transaction.committed()).await? == JsValue::TRUE {
        true => Ok(()),
        false => Err(cause(JsValue::UNDEFINED)),
    }
}

struct Closing(Transaction);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The records of one kind, as long as the transaction lasts: only these may be
/// awaited in it, or the browser ends it. All fail with the browser's exception.
pub struct Records {
    transaction: Rc<Closing>,
    /// Where they are, and where their audio is.
    stores: &'static [&'static str],
}

impl Records {
    /// All of them.
    pub async fn all(&self) -> Result<Vec<JsValue>, JsValue> {
        let records = JsFuture::from(self.transaction.0.all(self.stores[0])?).await?;
        Ok(Array::from(&records).to_vec())
    }

    /// The record with this id.
    pub async fn get(&self, id: &str) -> Result<Option<JsValue>, JsValue> {
        self.one(self.stores[0], id).await
    }

    /// The audio of the record with this id.
    pub async fn audio(&self, id: &str) -> Result<Option<JsValue>, JsValue> {
        self.one(AUDIO, id).await
    }

    /// Adds a record, or replaces the one with its id.
    pub async fn put(&self, record: &JsValue) -> Result<(), JsValue> {
        JsFuture::from(self.transaction.0.put(self.stores[0], record)?).await?;
        Ok(())
    }

    /// Adds the audio of a record.
    pub async fn put_audio(&self, audio: &JsValue) -> Result<(), JsValue> {
        JsFuture::from(self.transaction.0.put(AUDIO, audio)?).await?;
        Ok(())
    }

    /// Removes the record with this id, if there is one, and its audio.
    pub async fn delete(&self, id: &str) -> Result<(), JsValue> {
        for store in self.stores {
            JsFuture::from(self.transaction.0.delete(store, id)?).await?;
        }
        Ok(())
    }

    /// Removes all of them.
    pub async fn clear(&self) -> Result<(), JsValue> {
        for store in self.stores {
            JsFuture::from(self.transaction.0.clear(store)?).await?;
        }
        Ok(())
    }

    /// Removes those that were not used for the longest time, so that `most`
    /// are left.
    pub async fn keep_latest(&self, most: usize) -> Result<(), JsValue> {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let keeping = self
            .transaction
            .0
            .keep_latest(self.stores[0], USED_AT, most);
        JsFuture::from(keeping).await?;
        Ok(())
    }

    async fn one(&self, store: &str, id: &str) -> Result<Option<JsValue>, JsValue> {
        let found = JsFuture::from(self.transaction.0.get(store, id)?).await?;
        Ok(found.is_object().then_some(found))
    }
}

/// Removes every record of this SDK.
pub async fn clear(names: &[&'static str]) -> Result<(), Rejection> {
    let clearing: Vec<_> = names
        .iter()
        .map(|name| write(name, async |records| records.clear().await))
        .collect();
    for cleared in clearing {
        cleared.await?;
    }
    Ok(())
}

fn failed(exception: JsValue) -> Rejection {
    let said = |member: &str| string(&exception, member).filter(|text| !text.is_empty());
    let name = said("name").unwrap_or_default();
    let reason = match name.as_str() {
        "QuotaExceededError" => "quota",
        _ => "unavailable",
    };
    let message = match (said("message"), exception.is_object()) {
        (Some(message), _) => format!("IndexedDB failed: {name}: {message}"),
        (None, true) => format!("IndexedDB failed: {name}"),
        (None, false) => "there is no IndexedDB here".into(),
    };
    let failure = Failure::client(Class::Storage, Some(reason), message);
    if exception.is_object() {
        Rejection::caused_by(failure, exception)
    } else {
        failure.into()
    }
}

/// A list for JavaScript.
pub fn array(values: impl IntoIterator<Item = JsValue>) -> JsValue {
    values.into_iter().collect::<Array>().into()
}
