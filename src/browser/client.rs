//! What JavaScript holds of the core: the client behind `ThetaOne`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{AbortSignal, RequestCredentials};

use super::audio;
use super::door::Core;
use super::error::{Account, Rejection};
use super::http::Transport;
use super::input::Options;
use super::kept;
use super::queue::Queue;
use super::scope::{Scope, Stopper};
use super::task;
use crate::core::audio::wanted::Wanted;
use crate::core::gate::Gate;
use crate::core::options::{CLIENT, ClientOptions, PREPARE};
use crate::core::references::Memory;
use crate::core::turns::Turns;

#[wasm_bindgen(module = "/pkg-template/call.js")]
extern "C" {
    fn call(
        core: &JsValue,
        method: &str,
        audio: &JsValue,
        options: &JsValue,
        request: &JsValue,
    ) -> Promise;
}

/// Where the vendor serves the API.
const DEFAULT_BASE_URL: &str = "https://stt.thetaone-ai.com";

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    fn record(core: &JsValue, options: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = cancelRecording)]
    fn cancel_recording(core: &JsValue);
}

/// What all calls of one client share.
pub struct Shared {
    /// The client's options.
    pub options: ClientOptions,
    /// How requests are made.
    pub transport: Transport,
    /// The queue before the gate.
    pub queue: Queue,
    /// Where this client stands among all that share its key.
    pub turns: RefCell<Turns>,
    /// `onEvent`.
    pub on_event: Option<Function>,
    /// What is known of references, by key.
    pub analyses: RefCell<Memory<JsValue>>,
    running: RefCell<Vec<Stopper>>,
    disposed: Cell<bool>,
}

impl Shared {
    /// What an error of this client knows before the call adds to it.
    pub fn account(&self) -> Account {
        Account {
            locale: self.options.locale,
            has_key: !self.transport.api_key.is_undefined(),
            ..Account::default()
        }
    }

    /// A scope that also ends when the client is disposed of.
    pub fn scope(&self, signal: Option<AbortSignal>, deadline_ms: Option<f64>) -> Scope {
        let scope = Scope::new(signal, deadline_ms);
        let stopper = scope.stopper();
        if self.disposed.get() {
            stopper.stop(Rejection::disposed());
        }
        let mut running = self.running.borrow_mut();
        running.retain(|stopper| !stopper.is_over());
        running.push(stopper);
        scope
    }
}

/// The core's side of a `ThetaOne`.
#[wasm_bindgen]
pub struct Client {
    pub(super) shared: Rc<Shared>,
    /// The [`Core`] that the package's JavaScript works with.
    pub(super) core: JsValue,
    /// When that can keep what it has to keep.
    pub(super) opened: Promise,
}

#[wasm_bindgen]
impl Client {
    /// A client with these options. The package checks them before; they are
    /// checked again, because this is the door.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Client, JsValue> {
        let read = Options::read("options", &options, CLIENT);
        let options = read.map_err(|rejection| rejection.into_js(&Account::default()))?;
        let own = ClientOptions::read(&options.data);
        let base_url = options.get("baseUrl").as_string();
        let base_url = base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let shared = Rc::new(Shared {
            transport: Transport {
                base_url: base_url.trim_end_matches('/').to_owned(),
                api_key: options.get("apiKey"),
                headers: options.get("headers"),
                credentials: match options.data.get("credentials").text() {
                    Some("omit") => RequestCredentials::Omit,
                    Some("include") => RequestCredentials::Include,
                    _ => RequestCredentials::SameOrigin,
                },
                fetch: options.get("fetch"),
            },
            queue: Queue::new(
                Gate::new(own.max_concurrent, own.requests_per_minute),
                own.share_across_tabs.then_some(base_url),
                own.max_concurrent,
            ),
            turns: RefCell::default(),
            on_event: options.function("onEvent"),
            analyses: RefCell::new(Memory::new(own.references.max_entries)),
            options: own,
            running: RefCell::default(),
            disposed: Cell::new(false),
        });
        let core = Core(shared.clone()).into();
        Ok(Client {
            opened: kept::open(&core),
            shared,
            core,
        })
    }

    /// Calls the endpoint of the method `method`; resolves to the API's JSON, or
    /// to what `long.js` makes of it; rejects with one of the package's errors.
    pub fn call(
        &self,
        method: &str,
        audio: JsValue,
        options: JsValue,
        request: JsValue,
    ) -> Promise {
        call(&self.core, method, &audio, &options, &request)
    }

    /// Resolves to a `Take` of `audio`.
    pub fn prepare(&self, audio: JsValue, options: JsValue) -> Promise {
        let client = self.shared.clone();
        task::promise(async move {
            let work = async {
                let options = Options::read("options", &options, PREPARE)?;
                let scope = client.scope(options.signal(), None);
                let wanted = Wanted::read(&options.data, false);
                scope.guard_any(audio::take_of(&audio, wanted)).await?
            };
            work.await
                .map_err(|rejection: Rejection| rejection.into_js(&client.account()))
        })
    }

    /// Starts to record; resolves to the recorder once the microphone is open.
    pub fn record(&self, options: JsValue) -> Promise {
        record(&self.core, &options)
    }

    /// Stops everything that is under way; what is called after is refused by
    /// the package.
    pub fn dispose(&self) {
        self.shared.disposed.set(true);
        for stopper in self.shared.running.take() {
            stopper.stop(Rejection::disposed());
        }
        cancel_recording(&self.core);
    }
}
