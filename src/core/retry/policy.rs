//! The retry policy: which failures are retried, and after which backoff.

use crate::core::error::failure::Failure;

/// The longest `Retry-After` that a call waits for, in milliseconds. The API counts requests per
/// minute, so a longer wait means something else, and the call fails at once instead of hanging.
pub const LONGEST_RETRY_AFTER_MS: f64 = 300_000.0;

/// The randomization of waits, so that the clients of one key do not retry at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Jitter {
    /// Uniform between zero and the whole backoff.
    #[default]
    Full,
    /// The whole backoff, always.
    None,
}

impl Jitter {
    /// The literals that the option `retry.jitter` takes.
    pub const NAMES: &[&str] = &["full", "none"];

    /// Returns the jitter with this literal.
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
    /// The maximum number of times a request is sent, including the first.
    pub max_attempts: u32,
    /// The backoff after the first failure, in milliseconds; it doubles after each further failure.
    pub base_delay_ms: f64,
    /// The longest backoff, in milliseconds.
    pub max_delay_ms: f64,
    /// The randomization of the backoff.
    pub jitter: Jitter,
    /// Whether an attempt that timed out is retried. Off, because the server may have done, and
    /// billed, the work.
    pub timeouts: bool,
    /// Whether a failed connection is retried.
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
    /// True if this policy retries this kind of failure.
    pub fn allows(&self, failure: &Failure) -> bool {
        if failure.is_timeout() {
            // A deadline ends the whole call, and not only an attempt.
            return self.timeouts && failure.spec.reason != Some("deadline");
        }
        if failure.is_connection() {
            return self.connection;
        }
        failure.is_retryable()
    }

    /// Returns the wait before attempt `attempt + 1`, in milliseconds.
    pub fn backoff_ms(&self, attempt: u32, random: f64) -> f64 {
        // 2^63 ms exceeds every maximum, so larger exponents change nothing.
        let doublings = attempt.saturating_sub(1).min(63);
        let window = (self.base_delay_ms * 2f64.powi(doublings as i32)).min(self.max_delay_ms);
        match self.jitter {
            Jitter::Full => window * random.clamp(0.0, 1.0),
            Jitter::None => window,
        }
    }
}
