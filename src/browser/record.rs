//! A recording as it lies in the outbox: what is sent and what became of it,
//! and never a key, a header or an address.

use js_sys::{Array, ArrayBuffer, Date, JSON, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::audio::{buffer_of, new_blob};
use super::error::Rejection;
use super::events::to_js;
use super::form::Audio;
use super::lock::Claims;
use super::parcel::Contents;
use super::property::property;
use crate::core::audio::MediaType;
use crate::core::outbox::{Entry, Standing};
use crate::core::request::{COMPONENTS_FIELD, Endpoint};

/// One record. Anything on the page's origin can write to its database, so
/// nothing of it is taken for granted.
#[derive(Debug, Clone)]
pub struct Record(JsValue);

/// What `list()` tells, and what a record holds besides the text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Facts<'a> {
    id: &'a str,
    created_at: &'a str,
    method: &'static str,
    state: &'a str,
    bytes: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<f64>,
    attempts: f64,
}

impl Record {
    /// A record that is about to be sent for the first time.
    pub fn new(id: &str, created_at: &str, endpoint: Endpoint, contents: &Contents) -> Self {
        let Contents { audio, fields } = contents;
        let record = Record(to_js(&Facts {
            id,
            created_at,
            method: endpoint.method(),
            state: Standing::Unsent.as_str(),
            bytes: audio.blob.size(),
            duration_seconds: Some(audio.duration_seconds),
            attempts: 1.0,
        }));
        let pairs: Array = fields
            .iter()
            .map(|(name, text)| Array::of2(&(*name).into(), &text.into()))
            .collect();
        record.set("fields", &pairs);
        record
    }

    /// What came out of the database.
    pub fn of_stored(value: JsValue) -> Self {
        Record(value)
    }

    /// What goes into the database.
    pub fn value(&self) -> &JsValue {
        &self.0
    }

    /// What the decisions have to know.
    pub fn entry(&self, claims: &Claims) -> Entry {
        let id = self.id();
        Entry {
            created_ms: self.created_ms(),
            bytes: self.bytes(),
            is_busy: claims.hold(&id),
            id,
        }
    }

    /// Its id; the database has none without.
    pub fn id(&self) -> String {
        self.text("id").unwrap_or_default()
    }

    /// When it was stored, in milliseconds since the Unix epoch.
    pub fn created_ms(&self) -> f64 {
        Date::parse(&self.text("createdAt").unwrap_or_default())
    }

    /// What it takes, text included, in bytes.
    pub fn bytes(&self) -> f64 {
        let pairs = self.pairs();
        let text = pairs.iter().map(|(name, text)| name.len() + text.len());
        self.number("bytes").unwrap_or(0.0) + text.sum::<usize>() as f64
    }

    /// The method that it is for.
    pub fn endpoint(&self) -> Option<Endpoint> {
        Endpoint::from_method(&self.text("method")?)
    }

    /// What is sent; `None` where it is none of this SDK's records.
    pub fn contents(&self, blob: Blob) -> Option<Contents> {
        let endpoint = self.endpoint()?;
        let known = [endpoint.options_field(), COMPONENTS_FIELD];
        let fields = self.pairs().into_iter().map(|(name, text)| {
            let name = known.into_iter().find(|known| *known == name)?;
            Some((name, text))
        });
        Some(Contents {
            audio: Audio {
                media_type: MediaType::of_content_type(&blob.type_())?,
                duration_seconds: self.number("durationSeconds").unwrap_or(0.0),
                blob,
            },
            fields: fields.collect::<Option<_>>()?,
        })
    }

    /// Counts another call that sends it.
    pub fn count_attempt(&self) {
        let attempts = self.number("attempts").unwrap_or(0.0) + 1.0;
        self.set("attempts", &attempts.into());
    }

    /// Notes that a call with it failed with this error.
    pub fn note_failure(&self, error: &JsValue) {
        let last_error = Object::new();
        for name in ["code", "reason"] {
            let value = property(error, name);
            if value.is_string() {
                let _ = Reflect::set(&last_error, &name.into(), &value);
            }
        }
        self.set("lastError", &last_error);
        let status = property(error, "status")
            .as_f64()
            .map(|status| status as u16);
        self.set("state", &Standing::after(status).as_str().into());
    }

    /// What `list()` tells; `None` where it is none of this SDK's records.
    pub fn listed(&self, claims: &Claims) -> Option<JsValue> {
        let endpoint = self.endpoint()?;
        let id = self.id();
        let state = match claims.hold(&id) {
            true => "sending".to_owned(),
            false => self.text("state")?,
        };
        let listed = Record(to_js(&Facts {
            id: &id,
            created_at: &self.text("createdAt")?,
            method: endpoint.method(),
            state: &state,
            bytes: self.number("bytes")?,
            duration_seconds: self.number("durationSeconds"),
            attempts: self.number("attempts").unwrap_or(0.0),
        }));
        let field = endpoint.options_field();
        let pairs = self.pairs();
        let options = pairs.iter().find(|(name, _)| name == field);
        let options = options.and_then(|(_, json)| JSON::parse(json).ok());
        listed.set("options", &options.unwrap_or_else(|| Object::new().into()));
        let last_error = self.get("lastError");
        if last_error.is_object() {
            listed.set("lastError", &last_error);
        }
        Some(listed.0)
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let Ok(pairs) = self.get("fields").dyn_into::<Array>() else {
            return Vec::new();
        };
        let pair = |pair: JsValue| {
            let pair = pair.dyn_into::<Array>().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1).as_string()?))
        };
        pairs.iter().filter_map(pair).collect()
    }

    fn get(&self, name: &str) -> JsValue {
        property(&self.0, name)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.get(name).as_string()
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.get(name).as_f64()
    }

    fn set(&self, name: &str, value: &JsValue) {
        // Setting a property of a plain object of our own cannot fail.
        let _ = Reflect::set(&self.0, &name.into(), value);
    }
}

/// The audio of a record as it is stored. Not as a blob: Safari stores none in
/// its private windows, and Firefox gives up reading one whose record another
/// tab removes.
pub async fn audio_to_store(id: &str, audio: &Blob) -> Result<JsValue, Rejection> {
    let stored = Record(Object::new().into());
    stored.set("id", &id.into());
    stored.set("type", &audio.type_().into());
    stored.set("bytes", &buffer_of(audio).await?.into());
    Ok(stored.0)
}

/// The audio, of what was stored.
pub fn audio_of_stored(stored: JsValue) -> Option<Blob> {
    let stored = Record(stored);
    let bytes = stored.get("bytes").dyn_into::<ArrayBuffer>().ok()?;
    new_blob(&Array::of1(&bytes), &stored.text("type")?).ok()
}
