//! Whether, and when, to try again.
//!
//! A pure state machine: what happened, the time left and a random number go
//! in; a delay or the end comes out.

use crate::core::error::failure::Failure;

/// The longest `Retry-After` that is waited for, in milliseconds. The API
/// counts requests per minute, so a longer wait means something else, and the
/// caller is told at once instead of hanging for it.
pub const LONGEST_RETRY_AFTER_MS: f64 = 300_000.0;

/// How a wait is spread, so that the clients of one key do not return in step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Jitter {
    /// Uniform between nothing and the whole backoff.
    #[default]
    Full,
    /// The whole backoff, always.
    None,
}

impl Jitter {
    /// The literals that the option `retry.jitter` takes.
    pub const NAMES: &[&str] = &["full", "none"];

    /// The jitter with this literal.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "full" => Some(Jitter::Full),
            "none" => Some(Jitter::None),
            _ => None,
        }
    }
}

/// The option `retry`.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    /// How often a request is sent at most, the first time included.
    pub max_attempts: u32,
    /// The backoff after the first failure, in milliseconds; it doubles from
    /// there.
    pub base_delay_ms: f64,
    /// The longest backoff, in milliseconds.
    pub max_delay_ms: f64,
    /// How the backoff is spread.
    pub jitter: Jitter,
    /// Whether an attempt that timed out is sent again. Off, because the
    /// server may have done, and billed, the work.
    pub timeouts: bool,
    /// Whether a failed connection is tried again.
    pub connection: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        RetryPolicy {
            max_attempts: 3,
            base_delay_ms: 1000.0,
            max_delay_ms: 30_000.0,
            jitter: Jitter::Full,
            timeouts: false,
            connection: true,
        }
    }
}

impl RetryPolicy {
    /// Whether this kind of failure is tried again under this policy.
    pub fn allows(&self, failure: &Failure) -> bool {
        if failure.is_timeout() {
            // A deadline is the end of the call, not of an attempt.
            return self.timeouts && failure.row.reason != Some("deadline");
        }
        if failure.is_connection() {
            return self.connection;
        }
        failure.is_retryable()
    }

    /// The wait before attempt `attempt + 1`, in milliseconds.
    pub fn backoff_ms(&self, attempt: u32, random: f64) -> f64 {
        // 2^63 ms is past every cap, and larger exponents gain nothing.
        let doublings = attempt.saturating_sub(1).min(63);
        let window = (self.base_delay_ms * 2f64.powi(doublings as i32)).min(self.max_delay_ms);
        match self.jitter {
            Jitter::Full => window * random.clamp(0.0, 1.0),
            Jitter::None => window,
        }
    }
}
