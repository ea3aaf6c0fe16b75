//! The tabs of one origin as one client, for `shareAcrossTabs`.
//!
//! Places and turns are Web Locks, which the browser gives back when a tab
//! dies; when requests were sent is told by a BroadcastChannel.

use std::cell::Cell;

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use super::clock::{epoch_ms, monotonic_ms};
use super::task;

#[wasm_bindgen(module = "/pkg-template/platform.js")]
extern "C" {
    fn tabs(name: &str, places: u32, hear: &Hear) -> Promise;

    /// This tab, joined to the others.
    pub type Joined;
    #[wasm_bindgen(method)]
    fn place(this: &Joined) -> JsClaim;
    #[wasm_bindgen(method)]
    fn turn(this: &Joined) -> JsClaim;
    #[wasm_bindgen(method, js_name = tellEntered)]
    fn tell_entered(this: &Joined, at: f64) -> Promise;
    #[wasm_bindgen(method, js_name = tellClosed)]
    fn tell_closed(this: &Joined, until: f64);
    #[wasm_bindgen(method)]
    fn close(this: &Joined);

    type JsClaim;
    #[wasm_bindgen(method, getter)]
    fn granted(this: &JsClaim) -> Promise;
    #[wasm_bindgen(method)]
    fn release(this: &JsClaim);
}

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

    /// The others; `None` where the browser has no locks or channels, or the
    /// code for them could not be fetched: then this tab is on its own.
    pub async fn joined(&self) -> Option<Joined> {
        joined(&self.joining).await
    }

    /// Tells the others to send nothing for `ms` milliseconds.
    pub fn tell_closed(&self, ms: f64) {
        let (joining, until) = (self.joining.clone(), epoch_ms() + ms);
        task::start(async move {
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
        task::start(async move {
            if let Some(joined) = joined(&joining).await {
                joined.close();
            }
            // Others may tell something for as long as the channel is open.
            drop(hear);
        });
    }
}

impl Joined {
    /// Claims one of the places.
    pub fn claim_place(&self) -> Claim {
        Claim(self.place())
    }

    /// Claims to be the one that asks the gate.
    pub fn claim_turn(&self) -> Claim {
        Claim(self.turn())
    }

    /// Tells the others that a request goes out now; done when they know.
    pub async fn tell_entering(&self) {
        // Never rejects.
        let _ = JsFuture::from(self.tell_entered(epoch_ms())).await;
    }
}

/// A claim; dropping it gives it up, granted or not.
pub struct Claim(JsClaim);

impl Claim {
    /// Waits until it is granted.
    pub async fn granted(&self) {
        // Rejects only when it was released before, and then nobody waits.
        let _ = JsFuture::from(self.0.granted()).await;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.0.release();
    }
}
