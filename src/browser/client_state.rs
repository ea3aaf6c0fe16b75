//! What all calls of one client share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::browser::cancellation::{Scope, Stopper};
use crate::browser::error::{Account, Rejection};
use crate::browser::http::Transport;
use crate::browser::js::read_options::Options;
use crate::browser::queue::Queue;
use crate::core::catalogue::API_URL;
use crate::core::options::settings::ClientOptions;
use crate::core::references::Memory;
use crate::core::retry::rate_limiter::Gate;

/// What all calls of one client share.
pub struct Shared {
    /// The client's options.
    pub options: ClientOptions,
    /// How requests are made.
    pub transport: Transport,
    /// The queue before the gate.
    pub queue: Queue,
    /// `onEvent`.
    pub on_event: Option<Function>,
    /// What is known of references, by key.
    pub analyses: RefCell<Memory<JsValue>>,
    running: RefCell<Vec<Stopper>>,
    disposed: Cell<bool>,
}

impl Shared {
    /// Of these options, which `options.js` has copied and checked.
    pub fn new(options: &JsValue) -> Rc<Self> {
        let options = Options::checked(options);
        let own = ClientOptions::read(&options.data);
        let base_url = options.get("baseUrl").as_string();
        let base_url = base_url.as_deref().unwrap_or(API_URL);
        let base_url = base_url.trim_end_matches('/');
        Rc::new(Shared {
            transport: Transport {
                base_url: base_url.to_owned(),
                api_key: options.get("apiKey"),
                headers: options.get("headers"),
                credentials: match options.data.get("credentials").text() {
                    Some("omit") => "omit",
                    Some("include") => "include",
                    _ => "same-origin",
                },
                fetch: options.get("fetch"),
            },
            queue: Queue::new(
                Gate::new(own.max_concurrent, own.requests_per_minute),
                own.share_across_tabs.then_some(base_url),
                own.max_concurrent,
            ),
            on_event: options.function("onEvent"),
            analyses: RefCell::new(Memory::new(own.references.max_entries)),
            options: own,
            running: RefCell::default(),
            disposed: Cell::new(false),
        })
    }

    /// What an error of this client knows before the call adds to it.
    pub fn account(&self) -> Account {
        Account {
            locale: self.options.locale,
            has_key: !self.transport.api_key.is_undefined(),
            ..Account::default()
        }
    }

    /// A scope that also ends when the client is disposed of.
    pub fn scope(
        &self,
        signal: Option<JsValue>,
        deadline_ms: Option<f64>,
        waited_ms: f64,
    ) -> Scope {
        let scope = Scope::new(signal, deadline_ms, waited_ms);
        let stopper = scope.stopper();
        if self.disposed.get() {
            stopper.stop(Rejection::disposed());
        }
        let mut running = self.running.borrow_mut();
        running.retain(|stopper| !stopper.is_over());
        running.push(stopper);
        scope
    }

    /// Stops everything that is under way.
    pub fn dispose(&self) {
        self.disposed.set(true);
        for stopper in self.running.take() {
            stopper.stop(Rejection::disposed());
        }
    }
}
