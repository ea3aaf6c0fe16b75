//! How long a recording ran, pauses left out.

use std::cell::Cell;

use super::clock::monotonic_ms;

/// Counts while it runs; it starts at zero, held.
#[derive(Default)]
pub struct Stopwatch {
    counted_ms: Cell<f64>,
    running_since_ms: Cell<Option<f64>>,
}

impl Stopwatch {
    /// Counts on.
    pub fn run(&self) {
        if !self.is_running() {
            self.running_since_ms.set(Some(monotonic_ms()));
        }
    }

    /// Holds.
    pub fn hold(&self) {
        self.counted_ms.set(self.seconds() * 1000.0);
        self.running_since_ms.set(None);
    }

    /// Whether it counts.
    pub fn is_running(&self) -> bool {
        self.running_since_ms.get().is_some()
    }

    /// What it shows, in seconds.
    pub fn seconds(&self) -> f64 {
        let running = self
            .running_since_ms
            .get()
            .map_or(0.0, |since| monotonic_ms() - since);
        (self.counted_ms.get() + running) / 1000.0
    }
}
