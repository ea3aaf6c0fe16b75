//! Time: what it is, and waiting for it.

use std::future::Future;

use gloo_timers::future::TimeoutFuture;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::core::options::schema::LONGEST_TIMER_MS;

/// How late a timer is that was not just busy, in milliseconds.
const LATE_MS: f64 = 1_000.0;
/// What is given then, in milliseconds.
const GRACE_MS: f64 = 2_000.0;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds on a clock that only goes forward; in windows, workers and Node.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn performance_now() -> f64;
}

/// Milliseconds on a clock that never goes back, for durations.
pub fn monotonic_ms() -> f64 {
    performance_now()
}

/// Milliseconds since the Unix epoch, for time stamps.
pub fn epoch_ms() -> f64 {
    js_sys::Date::now()
}

/// Now, in UTC, as ISO 8601.
pub fn timestamp() -> String {
    String::from(js_sys::Date::new_0().to_iso_string())
}

/// Waits this many milliseconds. Browser timers count in 32 bits; a longer
/// wait would be none at all.
pub fn sleep(ms: f64) -> TimeoutFuture {
    TimeoutFuture::new(ms.clamp(0.0, LONGEST_TIMER_MS).ceil() as u32)
}

/// Goes off after `ms` milliseconds of a page that runs. Where it finds itself
/// late, the page was asleep or held up, and what it waited for may lie there
/// unread: that gets its chance first.
pub fn alarm(ms: f64) -> impl Future<Output = ()> {
    // Counted from now, not from when it is first waited for.
    let due_ms = monotonic_ms() + ms;
    let timer = sleep(ms);
    async move {
        timer.await;
        if monotonic_ms() - due_ms > LATE_MS {
            sleep(GRACE_MS).await;
        }
    }
}
