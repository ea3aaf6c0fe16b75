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

use super::catalogue::Class;
use super::error::{Failure, Origin};
use super::retry::{LONGEST_RETRY_AFTER_MS, RetryPolicy};

/// The part of a turn in which a client that was refused at its own moment
/// tries again. It is there to use what chance left over, so it is short.
const SECOND_TRY: f64 = 0.05;
/// By how much that part grows with every further refusal: these say that it
/// was not chance. Doubling would leave the quota idle at the end.
const GROWTH: f64 = 1.5;

/// How long a turn of `clients` that share `requests_per_minute` is, in
/// milliseconds.
pub fn turn_ms(requests_per_minute: f64, clients: f64) -> f64 {
    60_000.0 * clients.max(1.0) / requests_per_minute.max(1.0)
}

/// Where one client stands in its turns.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Turns {
    /// Whether the client has picked its moment.
    placed: bool,
    /// How often it was refused since then, without an outage in between.
    refusals: u32,
    /// Until when it stays away.
    until_ms: f64,
}

impl Turns {
    /// How long the client has to stay away after a `failure` that is worth
    /// another attempt, in milliseconds from `now_ms` (any clock that only goes
    /// forward); `random` is uniform in `[0, 1)`.
    ///
    /// Never less than `Retry-After`, and mostly more: everybody was told the
    /// same moment, so it is where the spreading starts and not where it ends.
    /// Only [`LONGEST_RETRY_AFTER_MS`] of it count: nobody waits for more, and no
    /// call that comes later is to pay for it.
    pub fn pause_ms(&mut self, turn_ms: f64, failure: &Failure, now_ms: f64, random: f64) -> f64 {
        let asked_ms = failure.retry_after_ms.unwrap_or(0.0);
        let asked_ms = asked_ms.min(LONGEST_RETRY_AFTER_MS);
        let left_ms = self.until_ms - now_ms;
        let pause_ms = if left_ms > 0.0 {
            // Another call of this client, sent before the first came back: the
            // same trouble, and the same moment.
            left_ms.max(asked_ms)
        } else {
            asked_ms + self.away_ms(turn_ms, failure, asked_ms, random.clamp(0.0, 1.0))
        };
        self.until_ms = now_ms + pause_ms;
        pause_ms
    }

    /// How long after the moment that the server asked for, if it did.
    fn away_ms(&mut self, turn_ms: f64, failure: &Failure, asked_ms: f64, random: f64) -> f64 {
        if !self.placed {
            self.placed = true;
            return turn_ms * random;
        }
        if failure.row.class != Class::RateLimit {
            // Keeps its moment: a new one would let the moments drift together.
            self.refusals = 0;
            return (turn_ms - asked_ms).max(0.0);
        }
        // Past this many, the part is the whole turn.
        let growths = self.refusals.min(63) as i32;
        self.refusals = self.refusals.saturating_add(1);
        let window_ms = (turn_ms * SECOND_TRY * GROWTH.powi(growths)).min(turn_ms);
        // Who waited long was refused early, with many behind; who waited
        // briefly is one of the few at the end.
        window_ms.max(asked_ms) * random
    }

    /// The server looked at a request at `now_ms`: the next trouble is another
    /// herd's. What was sent before the pause began says nothing.
    pub fn served(&mut self, now_ms: f64) {
        if now_ms >= self.until_ms {
            *self = Turns::default();
        }
    }
}

impl RetryPolicy {
    /// How long the client of `turns` has to stay away after `failure`, in
    /// milliseconds; nothing without the option `retry.turns`, and nothing for
    /// what is not tried again anyway.
    pub fn pause_ms(&self, turns: &mut Turns, failure: &Failure, now_ms: f64, random: f64) -> f64 {
        match self.turn_ms {
            Some(turn_ms) if self.allows(failure) => {
                turns.pause_ms(turn_ms, failure, now_ms, random)
            }
            _ => {
                if failure.origin == Origin::Server && !failure.is_retryable() {
                    turns.served(now_ms);
                }
                0.0
            }
        }
    }
}
