//! Clocks and timers.

use std::future::Future;

use gloo_timers::future::TimeoutFuture;

use crate::browser::js::imports::performance_now;
use crate::core::timer::{GRACE_MS, LATE_AFTER_MS, MAX_DELAY_MS};

/// Returns milliseconds on a clock that never goes back, for durations.
pub(crate) fn monotonic_ms() -> f64 {
    performance_now()
}

/// Returns milliseconds since the Unix epoch, for time stamps.
pub(crate) fn epoch_ms() -> f64 {
    js_sys::Date::now()
}

/// Returns the present time in UTC, as ISO 8601.
pub(crate) fn timestamp() -> String {
    String::from(js_sys::Date::new_0().to_iso_string())
}

/// Waits `ms` milliseconds. Browser timers count in 32 bits, so a longer wait would end at once.
pub(crate) fn sleep(ms: f64) -> TimeoutFuture {
    TimeoutFuture::new(ms.clamp(0.0, MAX_DELAY_MS).ceil() as u32)
}

/// Waits `ms` milliseconds. If the timer fires more than [`LATE_AFTER_MS`] late, waits
/// [`GRACE_MS`] more, so that a response that has already arrived is processed first.
pub(crate) fn sleep_with_grace(ms: f64) -> impl Future<Output = ()> {
    // Counted from now, not from the first poll.
    let due_ms = monotonic_ms() + ms;
    let timer = sleep(ms);
    async move {
        timer.await;
        if monotonic_ms() - due_ms > LATE_AFTER_MS {
            sleep(GRACE_MS).await;
        }
    }
}
