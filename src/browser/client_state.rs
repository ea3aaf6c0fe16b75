//! The state that all calls of one client share.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::browser::cancellation::{CancelHandle, CancellationScope};
use crate::browser::error::{ErrorContext, Rejection};
use crate::browser::http::Transport;
use crate::browser::js::read_options::Options;
use crate::browser::queue::Queue;
use crate::core::catalogue::API_URL;
use crate::core::options::settings::ClientOptions;
use crate::core::references::LruCache;
use crate::core::retry::rate_limiter::RateLimiter;

/// The state that all calls of one client share.
pub(crate) struct ClientState {
    pub(crate) options: ClientOptions,
    pub(crate) transport: Transport,
    pub(crate) queue: Queue,
    pub(crate) on_event: Option<Function>,
    /// The analyses of references, by key.
    pub(crate) reference_cache: RefCell<LruCache<JsValue>>,
    active_scopes: RefCell<Vec<CancelHandle>>,
    is_disposed: Cell<bool>,
}

impl ClientState {
    /// Creates the state from options that `client/options.js` has copied and checked.
    pub(crate) fn new(options: &JsValue) -> Rc<Self> {
        let raw = Options::read_validated(options);
        let options = ClientOptions::read(&raw.data);
        let base_url = raw.get("baseUrl").as_string();
        let base_url = base_url.as_deref().unwrap_or(API_URL);
        let base_url = base_url.trim_end_matches('/');
        Rc::new(ClientState {
            transport: Transport {
                base_url: base_url.to_owned(),
                api_key: raw.get("apiKey"),
                headers: raw.get("headers"),
                credentials: match raw.data.get("credentials").text() {
                    Some("omit") => "omit",
                    Some("include") => "include",
                    _ => "same-origin",
                },
                fetch: raw.get("fetch"),
            },
            queue: Queue::new(
                RateLimiter::new(options.max_concurrent, options.requests_per_minute),
                options.share_across_tabs.then_some(base_url),
                options.max_concurrent,
            ),
            on_event: raw.function("onEvent"),
            reference_cache: RefCell::new(LruCache::new(options.references.max_entries)),
            options,
            active_scopes: RefCell::default(),
            is_disposed: Cell::new(false),
        })
    }

    /// Returns the context of an error, as far as the client knows it without the call.
    pub(crate) fn error_context(&self) -> ErrorContext {
        ErrorContext {
            locale: self.options.locale,
            has_key: !self.transport.api_key.is_undefined(),
            ..ErrorContext::default()
        }
    }

    /// Returns a scope that is also cancelled when the client is disposed of.
    pub(crate) fn scope(
        &self,
        signal: Option<JsValue>,
        deadline_ms: Option<f64>,
        elapsed_ms: f64,
    ) -> CancellationScope {
        let scope = CancellationScope::new(signal, deadline_ms, elapsed_ms);
        let handle = scope.cancel_handle();
        if self.is_disposed.get() {
            handle.cancel(Rejection::disposed());
        }
        let mut active = self.active_scopes.borrow_mut();
        active.retain(|handle| !handle.is_over());
        active.push(handle);
        scope
    }

    /// Cancels all calls of the client.
    pub(crate) fn dispose(&self) {
        self.is_disposed.set(true);
        for handle in self.active_scopes.take() {
            handle.cancel(Rejection::disposed());
        }
    }
}
