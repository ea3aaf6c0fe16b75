//! Everything that JavaScript imports from `wasm/core.js`: the classes and functions that
//! wasm-bindgen exports.
//!
//! [`ClientHandle`] has the operations that need the state of a client; all others are functions
//! and classes of their own. Work that waits for the browser is written in JavaScript, where it
//! takes a fraction of the bytes; every decision is made in `core`. Operations that can fail throw
//! a `Failure` of `result/failure.js`.

pub mod audio;
pub mod outbox;
pub mod recorder;
pub mod references;
pub mod transcribe_long;

use std::pin::pin;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

use crate::browser::call;
use crate::browser::cancellation;
use crate::browser::client_state::ClientState;
use crate::browser::error::{ErrorContext, Rejection};
use crate::browser::events::invoke_callback;
use crate::browser::js::imports::is_signal;
use crate::browser::js::promise::into_promise;
use crate::browser::js::read_options::{Options, endpoint_options, native_components};
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::Failure;

/// The state of one client: its options, its queue and its calls.
#[wasm_bindgen]
pub struct ClientHandle(pub(super) Rc<ClientState>);

#[wasm_bindgen]
impl ClientHandle {
    /// Creates the state from options that `client/options.js` has checked.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> ClientHandle {
        ClientHandle(ClientState::new(options))
    }

    /// Cancels all calls of the client. JavaScript does not start new ones afterwards.
    pub fn dispose(&self) {
        self.0.dispose();
    }

    /// Calls the endpoint of `method`. Resolves to the API's JSON; rejects with one of the
    /// package's errors.
    ///
    /// `prepare` is called once, as part of the call, with an object whose `signal` is aborted if
    /// the call ends first. It resolves to the content of the request: `{ blob, fields }`.
    /// `elapsedMs` is the time that the call has taken already.
    pub fn send(
        &self,
        method: &str,
        prepare: Function,
        request: JsValue,
        elapsed_ms: f64,
    ) -> Promise {
        let client = self.0.clone();
        let endpoint = Endpoint::from_method(method);
        into_promise(async move {
            match endpoint {
                Some(endpoint) => call::run(client, endpoint, prepare, request, elapsed_ms).await,
                None => Err(unknown_method().into_js_error(client.error_context())),
            }
        })
    }

    /// Returns the package's error for a thrown value, which is a `Failure` or anything else.
    /// `method` is the method that was called, if it is one of the API's.
    #[wasm_bindgen(js_name = toError)]
    pub fn to_error(&self, thrown: JsValue, method: Option<String>) -> JsValue {
        let endpoint = method.as_deref().and_then(Endpoint::from_method);
        let context = ErrorContext {
            endpoint,
            ..self.0.error_context()
        };
        Rejection::from_js(thrown).into_js_error(context)
    }

    /// Calls `onEvent`, if there is one.
    pub fn emit(&self, event: &JsValue) {
        if let Some(on_event) = &self.0.on_event {
            invoke_callback(on_event, event);
        }
    }

    /// Returns a scope that ends with `signal`, after `deadlineMs` milliseconds, or when the client
    /// is disposed of. `elapsedMs` of these milliseconds have passed already.
    pub fn scope(
        &self,
        signal: JsValue,
        deadline_ms: Option<f64>,
        elapsed_ms: Option<f64>,
    ) -> CancellationScope {
        let signal = Some(signal).filter(is_signal);
        let elapsed_ms = elapsed_ms.unwrap_or_default();
        CancellationScope(Rc::new(self.0.scope(signal, deadline_ms, elapsed_ms)))
    }

    /// Validates the last argument of a call, which may be anything, and returns the scope of the
    /// call. `elapsedMs` is the time that the call has taken already.
    #[wasm_bindgen(js_name = callScope)]
    pub fn call_scope(
        &self,
        request: &JsValue,
        elapsed_ms: f64,
    ) -> Result<CancellationScope, JsValue> {
        let request =
            Options::read("request", request, "REQUEST").map_err(Rejection::into_js_failure)?;
        let deadline_ms = self.0.options.for_call(&request.data).deadline_ms;
        let scope = self.0.scope(request.signal(), deadline_ms, elapsed_ms);
        Ok(CancellationScope(Rc::new(scope)))
    }
}

fn unknown_method() -> Rejection {
    Failure::configuration("no such method").into()
}

/// Returns the text fields of a call, in order, as `[name, text]`. `options` may be anything.
#[wasm_bindgen(js_name = textFields)]
pub fn text_fields(method: &str, options: &JsValue) -> Result<Array, JsValue> {
    let fields = || -> Result<Array, Rejection> {
        let endpoint = Endpoint::from_method(method).ok_or_else(unknown_method)?;
        let data = endpoint_options(options);
        let components = native_components(options);
        let fields = crate::core::endpoint::text_fields(endpoint, &data, components)?;
        let pair = |(name, text): &(&str, String)| Array::of2(&(*name).into(), &text.into());
        Ok(fields.iter().map(pair).collect())
    };
    fields().map_err(Rejection::into_js_failure)
}

/// The limits of a piece of work in JavaScript, which must `free()` it.
#[wasm_bindgen]
pub struct CancellationScope(Rc<cancellation::CancellationScope>);

#[wasm_bindgen]
impl CancellationScope {
    /// Resolves to the outcome of `work`; rejects with a `Failure` as soon as the scope ends.
    pub fn run(&self, work: Promise) -> Promise {
        let scope = self.0.clone();
        // Created at once: if the scope has ended already, a rejection of `work` would be reported
        // as unhandled.
        let work = JsFuture::from(work);
        into_promise(async move {
            let work = async { work.await.map_err(Rejection::from_js) };
            let outcome = scope.run(pin!(work), &mut []).await;
            outcome.map_err(Rejection::into_js_failure)
        })
    }

    /// Returns the milliseconds until the deadline, if there is one.
    #[wasm_bindgen(js_name = remainingMs)]
    pub fn remaining_ms(&self) -> Option<f64> {
        self.0.remaining_ms()
    }

    /// Returns the milliseconds since the call began.
    #[wasm_bindgen(js_name = elapsedMs)]
    pub fn elapsed_ms(&self) -> f64 {
        self.0.elapsed_ms()
    }
}
