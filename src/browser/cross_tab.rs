//! Shares one rate limit among the tabs of an origin, for `shareAcrossTabs`.
//!
//! Slots and turns are Web Locks, which the browser releases when a tab dies. The times of requests
//! are exchanged over a BroadcastChannel.

use std::cell::Cell;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::browser::clock::{epoch_ms, monotonic_ms};
use crate::browser::js::JsResult;
use crate::browser::js::imports::{CrossTabLimiter, OnRemoteEvent, TryAcquire, join_tabs};
use crate::browser::js::promise::{await_js, spawn};

/// This tab among the tabs that share a rate limit.
pub(crate) struct Tabs {
    /// Resolves to a [`CrossTabLimiter`].
    joining: Promise,
    on_remote_event: Cell<Option<OnRemoteEvent>>,
}

impl Tabs {
    /// Joins the tabs that use `name`, which share `slots`. `on_remote_event` is called with the
    /// time of another tab's request and the end of another tab's pause, in milliseconds on the
    /// monotonic clock.
    pub(crate) fn join(
        name: &str,
        slots: usize,
        on_remote_event: impl Fn(Option<f64>, Option<f64>) + 'static,
    ) -> Self {
        let on_remote_event =
            OnRemoteEvent::new(move |sent_epoch_ms: f64, paused_until_epoch_ms: f64| {
                // Tabs share the calendar, but each has a monotonic clock of its own.
                let to_monotonic =
                    |epoch: f64| (!epoch.is_nan()).then(|| monotonic_ms() + (epoch - epoch_ms()));
                on_remote_event(
                    to_monotonic(sent_epoch_ms),
                    to_monotonic(paused_until_epoch_ms),
                );
            });
        Tabs {
            joining: join_tabs(name, slots as u32, &on_remote_event),
            on_remote_event: Cell::new(Some(on_remote_event)),
        }
    }

    /// Waits for a slot among all tabs, and until `try_acquire` admits a request. Returns a
    /// `CrossTabSlot`, or `undefined` if this tab is on its own: the browser has no locks or
    /// channels, or the module could not be fetched.
    pub(crate) async fn acquire(&self, try_acquire: &TryAcquire, on_wait: &dyn Fn()) -> JsResult {
        match limiter(&self.joining).await {
            Some(limiter) => {
                // There is always a wait, for the other tabs.
                on_wait();
                await_js(|controller| Ok(limiter.acquire(try_acquire, &controller.signal()))).await
            }
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Makes the other tabs pause for `ms` milliseconds.
    pub(crate) fn broadcast_pause(&self, ms: f64) {
        let (joining, until_epoch_ms) = (self.joining.clone(), epoch_ms() + ms);
        spawn(async move {
            if let Some(limiter) = limiter(&joining).await {
                limiter.broadcast_pause(until_epoch_ms);
            }
        });
    }
}

async fn limiter(joining: &Promise) -> Option<CrossTabLimiter> {
    let limiter = JsFuture::from(joining.clone()).await.ok()?;
    limiter.is_object().then(|| limiter.unchecked_into())
}

impl Drop for Tabs {
    fn drop(&mut self) {
        let (joining, on_remote_event) = (self.joining.clone(), self.on_remote_event.take());
        spawn(async move {
            if let Some(limiter) = limiter(&joining).await {
                limiter.close();
            }
            // Messages of other tabs call it for as long as the channel is open.
            drop(on_remote_event);
        });
    }
}
