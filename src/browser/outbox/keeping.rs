//! How one recording gets into the outbox, and out of it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{entries, limits, stored, tell, text_of};
use crate::browser::client::Shared;
use crate::browser::clock::{epoch_ms, timestamp};
use crate::browser::error::Rejection;
use crate::browser::lock::{Claim, Claims};
use crate::browser::parcel::Contents;
use crate::browser::record::{Record, audio_to_store};
use crate::browser::store;
use crate::core::error::Failure;
use crate::core::outbox::{Limits, make_room, uuid};
use crate::core::request::Endpoint;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(array: &Uint8Array) -> Result<Uint8Array, JsValue>;
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Nowhere,
    /// It was begun to be stored, and may be.
    Unknown,
    Stored,
}

/// How the recording of one call is kept.
pub struct Keeping {
    client: Rc<Shared>,
    /// What it is for.
    pub endpoint: Endpoint,
    limits: Limits,
    id: String,
    claim: RefCell<Option<Claim>>,
    place: Cell<Place>,
}

impl Keeping {
    /// Of a recording that is about to be sent for the first time.
    pub fn new(client: &Rc<Shared>, endpoint: Endpoint, limits: Limits) -> Self {
        let random = Uint8Array::new_with_length(16);
        let mut bytes = [0; 16];
        match get_random_values(&random) {
            Ok(random) => random.copy_to(&mut bytes),
            Err(_) => bytes.fill_with(|| (js_sys::Math::random() * 256.0) as u8),
        }
        Keeping {
            client: client.clone(),
            endpoint,
            limits,
            id: uuid(bytes),
            claim: RefCell::default(),
            place: Cell::new(Place::Nowhere),
        }
    }

    /// Of a recording that lies in the outbox; gives what to send, too.
    pub async fn of_stored(
        client: &Rc<Shared>,
        id: &JsValue,
    ) -> Result<(Self, Contents), Rejection> {
        let limits = limits(client)?;
        let id = text_of(id)?;
        // Before anything is read: who was here first may be about to deliver it.
        let claim = Claim::take(&id).await.ok_or_else(|| {
            Failure::configuration(format!("the recording {id:?} is being sent already"))
        })?;
        let found = stored(&limits, id.clone()).await?;
        let Some((endpoint, contents)) =
            found.and_then(|(record, audio)| Some((record.endpoint()?, record.contents(audio)?)))
        else {
            let problem = format!("the outbox holds no recording {id:?}");
            return Err(Failure::configuration(problem).into());
        };
        let keeping = Keeping {
            client: client.clone(),
            endpoint,
            limits,
            id,
            claim: RefCell::new(Some(claim)),
            place: Cell::new(Place::Stored),
        };
        drop(keeping.change(|record| record.count_attempt()));
        Ok((keeping, contents))
    }

    /// Stores what is about to be sent. That it cannot be stored is told, and
    /// stops nothing.
    pub async fn keep(&self, contents: &Contents) {
        let claims = Claims::look().await;
        *self.claim.borrow_mut() = Claim::take(&self.id).await;
        let record = Record::new(&self.id, &timestamp(), self.endpoint, contents);
        // Before the transaction, which would not wait for it.
        let audio = match audio_to_store(&self.id, &contents.audio.blob).await {
            Ok(audio) => audio,
            Err(rejection) => return self.tell_failure(&rejection),
        };
        let limits = self.limits;
        let storing = store::write(store::OUTBOX, async move |stored| {
            let records: Vec<Record> = stored
                .all()
                .await?
                .into_iter()
                .map(Record::of_stored)
                .collect();
            let entries = entries(&records, &claims);
            let room = make_room(&entries, record.bytes(), &limits, epoch_ms());
            for id in room.expired.iter().chain(&room.evicted) {
                stored.delete(id).await?;
            }
            if room.is_enough {
                stored.put(record.value()).await?;
                stored.put_audio(&audio).await?;
            }
            Ok(room)
        });
        self.place.set(Place::Unknown);
        match storing.await {
            Ok(room) => {
                for (ids, reason) in [(room.expired, "expired"), (room.evicted, "evicted")] {
                    for id in ids {
                        tell(&self.client, reason, id);
                    }
                }
                if room.is_enough {
                    self.place.set(Place::Stored);
                } else {
                    self.place.set(Place::Nowhere);
                    tell(&self.client, "quota", self.id.clone());
                }
            }
            Err(rejection) => self.tell_failure(&rejection),
        }
    }

    /// Passes the outcome on: a result takes the recording out of the outbox,
    /// an error is noted and says by which id it can be sent again.
    pub async fn settle(&self, outcome: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
        let place = self.place.get();
        if place != Place::Nowhere {
            match &outcome {
                Ok(_) => {
                    let id = self.id.clone();
                    let removing = store::write(store::OUTBOX, async move |records| {
                        records.delete(&id).await
                    });
                    if let Err(rejection) = removing.await
                        && place == Place::Stored
                    {
                        self.tell_failure(&rejection);
                    }
                }
                Err(error) => {
                    let failed = error.clone();
                    // Not waited for: an abort settles at once.
                    drop(self.change(move |record| record.note_failure(&failed)));
                    if place == Place::Stored {
                        let _ = Reflect::set(error, &"outboxId".into(), &self.id.as_str().into());
                    }
                }
            }
        }
        // Only now, or another tab could send what is being removed.
        self.claim.borrow_mut().take();
        outcome
    }

    /// Changes the record, unless it was discarded in the meantime: that it
    /// failed does not bring it back.
    fn change<F: FnOnce(&Record) + 'static>(
        &self,
        change: F,
    ) -> impl Future<Output = Result<(), Rejection>> + use<F> {
        let id = self.id.clone();
        store::write(store::OUTBOX, async move |records| {
            let Some(record) = records.get(&id).await?.map(Record::of_stored) else {
                return Ok(());
            };
            change(&record);
            records.put(record.value()).await
        })
    }

    fn tell_failure(&self, rejection: &Rejection) {
        let reason = rejection.failure.row.reason.unwrap_or("unavailable");
        tell(&self.client, reason, self.id.clone());
    }
}
