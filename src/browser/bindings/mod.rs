//! The door through which the package's own JavaScript comes into the core.
//!
//! What waits for the browser is written in JavaScript where that takes a
//! fraction of the bytes; what is decided is decided here. Everything that may
//! fail throws a `Failure` of `failure.js`.

pub mod audio;
mod recorder;
mod storage;
mod transcribe_long;

use std::pin::pin;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use crate::browser::call;
use crate::browser::cancellation::{Scope, is_signal};
use crate::browser::client_state::Shared;
use crate::browser::error::{Account, Rejection};
use crate::browser::events::forward;
use crate::browser::js::{promise, read_options};
use crate::core::endpoint::{Endpoint, text_fields};
use crate::core::error::failure::Failure;

/// One client's side of the core.
#[wasm_bindgen]
pub struct Core(pub(super) Rc<Shared>);

#[wasm_bindgen]
impl Core {
    /// For a client with these options, which `options.js` has checked.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Core {
        Core(Shared::new(options))
    }

    /// Stops everything that is under way; what is called after is refused by the
    /// package.
    pub fn dispose(&self) {
        self.0.dispose();
    }

    /// Calls the endpoint of `method`; resolves to the API's JSON, and rejects with
    /// one of the package's errors. `contents` is called once, as part of the call,
    /// with an object whose `signal` is aborted when the call ends before, and
    /// resolves to what is sent: `{ blob, fields }`.
    pub fn send(&self, method: &str, contents: Function, request: JsValue) -> Promise {
        let client = self.0.clone();
        let endpoint = Endpoint::from_method(method);
        promise::promise(async move {
            let endpoint = match endpoint {
                Some(endpoint) => endpoint,
                None => return Err(no_such_method().into_js(client.account())),
            };
            call::run(client, endpoint, contents, request).await
        })
    }

    /// The text fields of a call, in order, as `[name, text]`, of options that
    /// may be anything.
    pub fn fields(&self, method: &str, options: &JsValue) -> Result<Array, JsValue> {
        let fields = || -> Result<Array, Rejection> {
            let endpoint = Endpoint::from_method(method).ok_or_else(no_such_method)?;
            let data = read_options::endpoint_options(options);
            let fields = text_fields(endpoint, &data, read_options::components(options))?;
            let pair = |(name, text): &(&str, String)| Array::of2(&(*name).into(), &text.into());
            Ok(fields.iter().map(pair).collect())
        };
        fields().map_err(Rejection::into_thrown)
    }

    /// The package's error of what was thrown: a `Failure`, or anything else.
    /// `method` is the one that was called, if one was.
    pub fn error(&self, thrown: JsValue, method: Option<String>) -> JsValue {
        let endpoint = method.as_deref().and_then(Endpoint::from_method);
        let account = Account {
            endpoint,
            ..self.0.account()
        };
        Rejection::of_thrown(thrown).into_js(account)
    }

    /// Tells `onEvent`, if there is one.
    pub fn tell(&self, event: &JsValue) {
        if let Some(on_event) = &self.0.on_event {
            forward(on_event, event);
        }
    }

    /// What ends with `signal`, after `deadlineMs` milliseconds, of which `waitedMs`
    /// are over, or when the client is disposed of.
    pub fn scope(
        &self,
        signal: JsValue,
        deadline_ms: Option<f64>,
        waited_ms: Option<f64>,
    ) -> ScopeHandle {
        let signal = Some(signal).filter(is_signal);
        let waited_ms = waited_ms.unwrap_or_default();
        ScopeHandle(Rc::new(self.0.scope(signal, deadline_ms, waited_ms)))
    }
}

fn no_such_method() -> Rejection {
    Failure::configuration("no such method").into()
}

/// A scope that JavaScript holds, and frees.
#[wasm_bindgen]
pub struct ScopeHandle(Rc<Scope>);

#[wasm_bindgen]
impl ScopeHandle {
    /// What `work` comes to; a `Failure` as soon as the scope is over.
    pub fn guard(&self, work: Promise) -> Promise {
        let scope = self.0.clone();
        // Begins to wait at once: where the scope is over already, nobody else handles a
        // rejection of `work`.
        let work = JsFuture::from(work);
        promise::promise(async move {
            let work = async { work.await.map_err(Rejection::of_thrown) };
            let outcome = scope.guard(pin!(work), &mut []).await;
            outcome.map_err(Rejection::into_thrown)
        })
    }

    /// What is left of the deadline, in milliseconds.
    #[wasm_bindgen(js_name = remainingMs)]
    pub fn remaining_ms(&self) -> Option<f64> {
        self.0.remaining_ms()
    }

    /// Returns the milliseconds since the call began.
    #[wasm_bindgen(js_name = passedMs)]
    pub fn passed_ms(&self) -> f64 {
        self.0.passed_ms()
    }
}
