//! The tabs of one origin as one client, for `shareAcrossTabs`.
//!
//! Places and turns are Web Locks, which the browser gives back when a tab
//! dies; when requests were sent is told by a BroadcastChannel.

use std::cell::Cell;

use js_sys::Promise;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use crate::browser::cancellation::Outcome;
use crate::browser::clock::{epoch_ms, monotonic_ms};
use crate::browser::js::promise;
use crate::browser::js::promise::of_js;

#[wasm_bindgen(module = "/pkg-template/loading/lazy-features.js")]
extern "C" {
    fn tabs(name: &str, places: u32, hear: &Hear) -> Promise;

    /// This tab, joined to the others.
    type Joined;
    #[wasm_bindgen(method)]
    fn enter(this: &Joined, ask: &Ask, signal: &AbortSignal) -> Promise;
    #[wasm_bindgen(method, js_name = tellClosed)]
    fn tell_closed(this: &Joined, until: f64);
    #[wasm_bindgen(method)]
    fn close(this: &Joined);

    /// One of the places that all tabs have together.
    pub type Place;
    /// Gives it back.
    #[wasm_bindgen(method)]
    pub fn release(this: &Place);
}

/// Asks this tab's gate to let a request in; gives the milliseconds to wait, 0
/// where it does.
pub type Ask = Closure<dyn FnMut() -> f64>;

type Hear = Closure<dyn FnMut(f64, f64)>;

/// This tab among the others.
pub struct Tabs {
    joining: Promise,
    hear: Cell<Option<Hear>>,
}

impl Tabs {
    /// Joins the tabs that use `name`, which have `places` together. `hear` is
    /// called with when another tab sent a request, and until when it closed
    /// the gate, in milliseconds on the monotonic clock.
    pub fn join(
        name: &str,
        places: usize,
        hear: impl Fn(Option<f64>, Option<f64>) + 'static,
    ) -> Self {
        let hear = Closure::new(move |entered_epoch_ms: f64, closed_until_epoch_ms: f64| {
            // Tabs share the calendar, but each has a monotonic clock of its own.
            let own = |epoch: f64| (!epoch.is_nan()).then(|| monotonic_ms() + (epoch - epoch_ms()));
            hear(own(entered_epoch_ms), own(closed_until_epoch_ms));
        });
        Tabs {
            joining: tabs(name, places as u32, &hear),
            hear: Cell::new(Some(hear)),
        }
    }

    /// Waits for a [`Place`] among all tabs, and until `ask` lets a request in;
    /// `undefined` where the browser has no locks or channels, or the code for them
    /// could not be fetched: then this tab is on its own.
    pub async fn enter(&self, ask: &Ask, on_wait: &dyn Fn()) -> Outcome {
        match joined(&self.joining).await {
            Some(joined) => {
                // The others are always waited for.
                on_wait();
                of_js(|how| Ok(joined.enter(ask, &how.signal()))).await
            }
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Tells the others to send nothing for `ms` milliseconds.
    pub fn tell_closed(&self, ms: f64) {
        let (joining, until) = (self.joining.clone(), epoch_ms() + ms);
        promise::start(async move {
            if let Some(joined) = joined(&joining).await {
                joined.tell_closed(until);
            }
        });
    }
}

async fn joined(joining: &Promise) -> Option<Joined> {
    let joined = JsFuture::from(joining.clone()).await.ok()?;
    joined.is_object().then(|| joined.unchecked_into())
}

impl Drop for Tabs {
    fn drop(&mut self) {
        let (joining, hear) = (self.joining.clone(), self.hear.take());
        promise::start(async move {
            if let Some(joined) = joined(&joining).await {
                joined.close();
            }
            // Others may tell something for as long as the channel is open.
            drop(hear);
        });
    }
}
