//! The progress of an upload, as far as the browser reports it.

use std::cell::Cell;
use std::rc::Rc;

use crate::browser::cancellation::{TimeoutFuture, timeout_error};
use crate::browser::clock::{monotonic_ms, sleep_with_grace};

/// Detects an upload that sends no more bytes.
#[derive(Default)]
pub(crate) struct UploadStallTimer {
    /// The time of the last report; `None` before the first.
    last_progress_ms: Cell<Option<f64>>,
    is_complete: Cell<bool>,
}

impl UploadStallTimer {
    /// Records that a share of the upload, from 0 to 1, has been sent. Returns false for every
    /// report after the one that completes the upload.
    pub(crate) fn record_progress(&self, share: f64) -> bool {
        self.last_progress_ms.set(Some(monotonic_ms()));
        let is_complete = share >= 1.0 || self.is_complete.get();
        !self.is_complete.replace(is_complete)
    }

    /// Returns a future that resolves when no byte was sent for `ms` milliseconds. It never
    /// resolves once the upload is complete.
    pub(crate) fn stall_timeout(self: &Rc<Self>, ms: f64) -> TimeoutFuture {
        let timer = self.clone();
        Box::pin(async move {
            while !timer.is_complete.get() {
                let left_ms = match timer.last_progress_ms.get() {
                    Some(at_ms) => at_ms + ms - monotonic_ms(),
                    None => ms,
                };
                if left_ms <= 0.0 {
                    return timeout_error("stall", "no byte went up for ", ms);
                }
                sleep_with_grace(left_ms).await;
            }
            std::future::pending().await
        })
    }
}
