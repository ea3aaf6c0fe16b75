//! How an upload gets on, as far as the browser says.

use std::cell::Cell;
use std::rc::Rc;

use crate::browser::cancellation::{Timeout, timed_out};
use crate::browser::clock::{alarm, monotonic_ms};

/// Whether an upload is complete, and when it was last heard of.
#[derive(Default)]
pub struct Pace {
    /// `None` as long as nothing can be told.
    moved_at_ms: Cell<Option<f64>>,
    is_up: Cell<bool>,
}

impl Pace {
    /// This share has gone up, from 0 to 1; whether that is news, which it is no
    /// more once all is up.
    pub fn moved(&self, share: f64) -> bool {
        self.moved_at_ms.set(Some(monotonic_ms()));
        !self.is_up.replace(share >= 1.0 || self.is_up.get())
    }

    /// Goes off when no byte went up for `ms` milliseconds; never, once all are up
    /// or where it cannot be told.
    pub fn stalled(self: &Rc<Self>, ms: f64) -> Timeout {
        let pace = self.clone();
        Box::pin(async move {
            while !pace.is_up.get() {
                let left_ms = match pace.moved_at_ms.get() {
                    Some(at_ms) => at_ms + ms - monotonic_ms(),
                    None => ms,
                };
                if left_ms <= 0.0 {
                    return timed_out("stall", "no byte went up for ", ms);
                }
                alarm(left_ms).await;
            }
            std::future::pending().await
        })
    }
}
