//! IndexedDB: records by their `id`, in an object store for each kind.
//!
//! Every piece of work opens the database and closes it: a connection that is
//! kept stands in the way of other versions of the SDK, and iOS loses it when
//! the page was in the background.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use idb::{
    Database, DatabaseEvent, Error, Factory, IndexParams, KeyPath, ObjectStore, ObjectStoreParams,
    Query, Transaction, TransactionMode,
};
use js_sys::Array;
use wasm_bindgen::JsValue;

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

const DATABASE: &str = "thetaone-web";
const VERSION: u32 = 1;

/// How long a database may take, in milliseconds. Some browsers have been seen
/// never to answer; a call must not wait for that.
const PATIENCE_MS: u32 = 3_000;

/// Looks at the records of `name`.
pub fn read<T: 'static>(
    name: &'static str,
    work: impl AsyncFnOnce(Records) -> Result<T, Error> + 'static,
) -> impl Future<Output = Result<T, Rejection>> {
    patiently(name, TransactionMode::ReadOnly, work)
}

/// Changes the records of `name`: all of it happens, or nothing.
pub fn write<T: 'static>(
    name: &'static str,
    work: impl AsyncFnOnce(Records) -> Result<T, Error> + 'static,
) -> impl Future<Output = Result<T, Rejection>> {
    patiently(name, TransactionMode::ReadWrite, work)
}

/// The work is begun when this is called, whether or not it is waited for.
///
/// Only this is compiled for every kind of work; what it leads to is not small.
fn patiently<T: 'static>(
    name: &'static str,
    mode: TransactionMode,
    work: impl AsyncFnOnce(Records) -> Result<T, Error> + 'static,
) -> impl Future<Output = Result<T, Rejection>> {
    let result: Rc<Cell<Option<T>>> = Rc::default();
    let found = result.clone();
    let running = begin(
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
type Work = Box<dyn FnOnce(Records) -> Boxed<Result<(), Error>>>;

fn begin(name: &'static str, mode: TransactionMode, work: Work) -> Boxed<Result<(), Rejection>> {
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

async fn transact(name: &'static str, mode: TransactionMode, work: Work) -> Result<(), JsValue> {
    let database = Closing(open().await.map_err(exception)?);
    let names = match name {
        OUTBOX => &[OUTBOX, AUDIO][..],
        name => &[name],
    };
    let transaction = database.0.transaction(names, mode).map_err(exception)?;
    let records = Records {
        known: transaction.object_store(name).map_err(exception)?,
        audio: transaction.object_store(AUDIO).ok(),
    };
    // The first is used up by waiting for it, but knows the exception.
    let witness = records.known.transaction();
    if let Err(error) = work(records).await {
        // A request that fails with its transaction knows only that.
        let cause = witness.error().map(JsValue::from);
        // What was done so far must not stay.
        let _ = transaction.abort();
        return Err(cause.unwrap_or_else(|| exception(error)));
    }
    if committed(transaction).await {
        return Ok(());
    }
    Err(witness.error().map_or(JsValue::UNDEFINED, JsValue::from))
}

async fn committed(transaction: Transaction) -> bool {
    // Space may run out at the very end, when it is written.
    transaction.await.is_ok_and(|result| result.is_committed())
}

async fn open() -> Result<Database, Error> {
    let mut request = Factory::new()?.open(DATABASE, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        // A store that could not be made is missed by the first transaction.
        let _ = event.database().and_then(|database| {
            let mut by_id = ObjectStoreParams::new();
            by_id.key_path(Some(KeyPath::new_single("id")));
            for name in [OUTBOX, AUDIO] {
                database.create_object_store(name, by_id.clone())?;
            }
            let references = database.create_object_store(REFERENCES, by_id)?;
            let used_at = KeyPath::new_single(USED_AT);
            references.create_index(USED_AT, used_at, None::<IndexParams>)
        });
    });
    request.await
}

struct Closing(Database);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The records of one kind, as long as the transaction lasts: only these may be
/// awaited in it, or the browser ends it.
pub struct Records {
    known: ObjectStore,
    audio: Option<ObjectStore>,
}

/// Boxed, so that each request is compiled once.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

impl Records {
    /// All of them.
    pub fn all(&self) -> Answer<'_, Vec<JsValue>> {
        Box::pin(async { self.known.get_all(None, None)?.await })
    }

    /// The record with this id.
    pub fn get<'a>(&'a self, id: &'a str) -> Answer<'a, Option<JsValue>> {
        Box::pin(one(&self.known, id))
    }

    /// The audio of the record with this id.
    pub fn audio<'a>(&'a self, id: &'a str) -> Answer<'a, Option<JsValue>> {
        Box::pin(async move {
            match &self.audio {
                Some(audio) => one(audio, id).await,
                None => Ok(None),
            }
        })
    }

    /// Adds a record, or replaces the one with its id.
    pub fn put<'a>(&'a self, record: &'a JsValue) -> Answer<'a, ()> {
        Box::pin(async move { self.known.put(record, None)?.await.map(drop) })
    }

    /// Adds the audio of a record.
    pub fn put_audio<'a>(&'a self, audio: &'a JsValue) -> Answer<'a, ()> {
        Box::pin(async move {
            match &self.audio {
                Some(store) => store.put(audio, None)?.await.map(drop),
                None => Ok(()),
            }
        })
    }

    /// Removes the record with this id, if there is one, and its audio.
    pub fn delete<'a>(&'a self, id: &'a str) -> Answer<'a, ()> {
        Box::pin(async move {
            for store in self.stores() {
                store.delete(Query::Key(id.into()))?.await?;
            }
            Ok(())
        })
    }

    /// Removes all of them.
    pub fn clear(&self) -> Answer<'_, ()> {
        Box::pin(async {
            for store in self.stores() {
                store.clear()?.await?;
            }
            Ok(())
        })
    }

    fn stores(&self) -> impl Iterator<Item = &ObjectStore> {
        [&self.known].into_iter().chain(&self.audio)
    }

    /// Removes those that were not used for the longest time, so that `most`
    /// are left.
    pub fn keep_latest(&self, most: usize) -> Answer<'_, ()> {
        Box::pin(async move {
            let count = self.known.count(None)?.await? as usize;
            if count <= most {
                return Ok(());
            }
            let surplus = u32::try_from(count - most).unwrap_or(u32::MAX);
            let index = self.known.index(USED_AT)?;
            for id in index.get_all_keys(None, Some(surplus))?.await? {
                self.known.delete(Query::Key(id))?.await?;
            }
            Ok(())
        })
    }
}

async fn one(store: &ObjectStore, id: &str) -> Result<Option<JsValue>, Error> {
    let found = store.get(Query::Key(id.into()))?.await?;
    Ok(found.filter(JsValue::is_object))
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

/// The browser's own exception, where there is one.
fn exception(error: Error) -> JsValue {
    match error {
        Error::DomException(exception) => exception.into(),
        Error::AddFailed(exception)
        | Error::UpdateFailed(exception)
        | Error::ClearFailed(exception)
        | Error::CountFailed(exception)
        | Error::DeleteFailed(exception)
        | Error::GetFailed(exception)
        | Error::GetAllFailed(exception)
        | Error::IndexNotFound(exception)
        | Error::IndexedDbNotFound(exception)
        | Error::IndexedDbOpenFailed(exception)
        | Error::ObjectStoreNotFound(exception)
        | Error::TransactionOpenFailed(exception) => exception,
        _ => js_sys::Error::new("an unexpected answer of the database").into(),
    }
}

/// A list for JavaScript.
pub fn array(values: impl IntoIterator<Item = JsValue>) -> JsValue {
    values.into_iter().collect::<Array>().into()
}
