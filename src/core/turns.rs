//! Turns: how the clients of one key come back after a refusal or an outage,
//! without knowing of each other.
//!
//! Backoff alone cannot do it. A page that sees nothing but refusals cannot
//! tell whether ten others wait or ten thousand, so whatever it chooses is too
//! eager for the one or too slow for the other. A page that is told roughly how
//! many share the quota can: at a quota of `q` requests a minute, `n` clients
//! are served in `n / q` minutes, which is one turn. Each client picks a random
//! moment of the turn once and keeps to it, so that all of them together ask
//! at just the rate of the quota, for as long as it takes.
//!
//! Opt-in: a client without turns follows [`super::retry`] alone.

use super::error::Failure;

/// The part of a turn in which a client that was refused at its own moment
/// tries again. It is there to use what chance left over, so it is short.
const SECOND_TRY: f64 = 0.05;
/// By how much that part grows with every further refusal: these say that it
/// was not chance. Doubling would leave the quota idle at the end.
const GROWTH: f64 = 1.5;

/// The turns of one client.
#[derive(Debug, Clone, PartialEq)]
pub struct Turns {
    turn_ms: f64,
    /// Whether the client has picked its moment.
    placed: bool,
    /// How often it was refused since then, without an outage in between.
    refusals: u32,
}

impl Turns {
    /// Turns for one of about `clients` that share `requests_per_minute`.
    pub fn new(requests_per_minute: usize, clients: usize) -> Self {
        Turns {
            turn_ms: 60_000.0 * clients.max(1) as f64 / requests_per_minute.max(1) as f64,
            placed: false,
            refusals: 0,
        }
    }

    /// How long a turn is, in milliseconds.
    pub fn turn_ms(&self) -> f64 {
        self.turn_ms
    }

    /// How long the client has to stay away after `failure`, in milliseconds;
    /// `random` is uniform in `[0, 1)`.
    ///
    /// Never less than `Retry-After`, and mostly more: everybody was told the
    /// same moment, so it is where the spreading starts and not where it ends.
    pub fn pause_ms(&mut self, failure: &Failure, random: f64) -> f64 {
        let refused = failure.status == Some(429);
        if !refused && !failure.is_retryable() && !failure.is_timeout() {
            // The server has looked at the request, so it is there.
            self.succeeded();
            return 0.0;
        }
        let asked_ms = failure.retry_after_ms.unwrap_or(0.0);
        let random = random.clamp(0.0, 1.0);
        if !self.placed {
            self.placed = true;
            return asked_ms + self.turn_ms * random;
        }
        if !refused {
            // Keeps its moment: a new one would let the moments drift together.
            self.refusals = 0;
            return asked_ms.max(self.turn_ms);
        }
        // Past this many, the part is the whole turn.
        let growths = self.refusals.min(63) as i32;
        self.refusals = self.refusals.saturating_add(1);
        let window_ms = (self.turn_ms * SECOND_TRY * GROWTH.powi(growths)).min(self.turn_ms);
        // Who waited long was refused early, with many behind; who waited
        // briefly is one of the few at the end.
        asked_ms + window_ms.max(asked_ms) * random
    }

    /// The server did the work: the next trouble is another herd.
    pub fn succeeded(&mut self) {
        self.placed = false;
        self.refusals = 0;
    }
}
