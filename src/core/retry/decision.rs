//! The decision after a failed attempt: for the call that made it, and for all calls of its client.

use crate::core::error::failure::Failure;
use crate::core::retry::policy::{LONGEST_RETRY_AFTER_MS, RetryPolicy};
use crate::core::retry::rate_limiter::pause_after;

/// The circumstances of a failed attempt.
#[derive(Debug, Clone, Copy)]
pub struct AttemptContext {
    /// The number of the attempt within its call, from 1.
    pub attempt: u32,
    /// The time left until the deadline, in milliseconds, if there is one.
    pub remaining_ms: Option<f64>,
    /// The time until the rate limiter admits a call again, in milliseconds.
    pub time_until_open_ms: f64,
}

/// The consequences of a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryDecision {
    /// The wait before the next attempt, in milliseconds; `None` if the call fails with the error
    /// in hand.
    pub retry_in_ms: Option<f64>,
    /// The time for which all calls of the client pause, in milliseconds; 0 for no pause.
    pub pause_all_ms: f64,
}

impl RetryPolicy {
    /// Decides what follows from `failure`. `random` is uniform in `[0, 1)`.
    pub fn decide(&self, failure: &Failure, context: AttemptContext, random: f64) -> RetryDecision {
        let backoff_ms = self.backoff_ms(context.attempt, random);
        let asked_ms = failure.retry_after_ms.unwrap_or(0.0);
        let wait_ms = backoff_ms.max(asked_ms);
        // A rate limiter that is closed until the deadline leaves no time for another attempt.
        let is_in_time = |left_ms: f64| wait_ms < left_ms && context.time_until_open_ms < left_ms;
        let retries = context.attempt < self.max_attempts
            && self.allows(failure)
            && asked_ms <= LONGEST_RETRY_AFTER_MS
            && context.remaining_ms.is_none_or(is_in_time);
        RetryDecision {
            retry_in_ms: retries.then_some(wait_ms),
            pause_all_ms: pause_after(failure, backoff_ms).unwrap_or(0.0),
        }
    }
}
