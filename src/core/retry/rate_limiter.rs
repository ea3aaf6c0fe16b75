//! The rate limiter of one client: the number of concurrent requests, the number of requests per
//! minute, and the pause after a 429.

use crate::core::catalogue::Class;
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::{Failure, Origin};
use crate::core::retry::policy::LONGEST_RETRY_AFTER_MS;

/// The window in which requests are counted, in milliseconds. The API counts requests per minute.
pub const WINDOW_MS: f64 = 60_000.0;

/// The answer to the first call in the queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission {
    /// The request may be sent; [`RateLimiter::release`] must follow.
    Granted,
    /// All slots are taken; ask again after a release.
    WaitForSlot,
    /// The minute is full, or the limiter is paused; ask again after this many milliseconds.
    WaitMs(f64),
}

/// The state of the limiter. The queue itself belongs to the caller.
#[derive(Debug)]
pub struct RateLimiter {
    max_concurrent: usize,
    requests_per_minute: Option<usize>,
    in_flight: usize,
    /// The times at which requests were sent, in ascending order.
    sent_ms: Vec<f64>,
    paused_until_ms: f64,
}

impl RateLimiter {
    /// Creates a limiter for `max_concurrent` requests at a time and, if given, this many requests
    /// in any minute.
    pub fn new(max_concurrent: usize, requests_per_minute: Option<usize>) -> Self {
        RateLimiter {
            max_concurrent: max_concurrent.max(1),
            requests_per_minute: requests_per_minute.map(|limit| limit.max(1)),
            in_flight: 0,
            sent_ms: Vec::new(),
            paused_until_ms: f64::NEG_INFINITY,
        }
    }

    /// Asks to send one request at `now_ms`, the time of any monotonic clock.
    pub fn try_acquire(&mut self, now_ms: f64) -> Admission {
        if self.in_flight >= self.max_concurrent {
            return Admission::WaitForSlot;
        }
        let wait_ms = self.time_until_open_ms(now_ms);
        if wait_ms > 0.0 {
            return Admission::WaitMs(wait_ms);
        }
        if self.requests_per_minute.is_some() {
            self.sent_ms.retain(|at_ms| at_ms + WINDOW_MS > now_ms);
            self.sent_ms.push(now_ms);
        }
        self.in_flight += 1;
        Admission::Granted
    }

    /// Admits no request until `at_ms`, because the server said that the minute is full. Requests
    /// that are sent earlier would be rejected as well.
    pub fn pause_until(&mut self, at_ms: f64) {
        self.paused_until_ms = self.paused_until_ms.max(at_ms);
    }

    /// Returns the time for which no request is admitted, in milliseconds from `now_ms` on; 0 if at
    /// most slots are missing.
    pub fn time_until_open_ms(&self, now_ms: f64) -> f64 {
        let minute_ms = self.requests_per_minute.and_then(|limit| {
            let first = self.sent_ms.len().checked_sub(limit)?;
            Some(self.sent_ms.get(first)? + WINDOW_MS)
        });
        let opens_ms = minute_ms.map_or(self.paused_until_ms, |at| at.max(self.paused_until_ms));
        (opens_ms - now_ms).max(0.0)
    }

    /// Records what another tab reports at `now_ms`: when it sent a request, and until when it
    /// pauses. Its clock may be wrong, and the message may not come from this SDK, so both times
    /// are limited to possible values.
    pub fn apply_remote_state(
        &mut self,
        sent_ms: Option<f64>,
        paused_until_ms: Option<f64>,
        now_ms: f64,
    ) {
        if let Some(at_ms) = sent_ms {
            self.record_remote_request(at_ms.min(now_ms));
        }
        if let Some(at_ms) = paused_until_ms {
            self.pause_until(at_ms.min(now_ms + LONGEST_RETRY_AFTER_MS));
        }
    }

    /// Records that a request was sent at `at_ms`.
    pub fn record_remote_request(&mut self, at_ms: f64) {
        if self.requests_per_minute.is_none() {
            return;
        }
        let later = self.sent_ms.iter().rev().take_while(|&&at| at > at_ms);
        let place = self.sent_ms.len() - later.count();
        self.sent_ms.insert(place, at_ms);
    }

    /// Releases a slot.
    pub fn release(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// Moves the request that was admitted at `sent_ms` to `now_ms`, when it is really sent: the
    /// API counts it from then.
    pub fn record_sent(&mut self, sent_ms: f64, now_ms: f64) {
        self.remove_entry(sent_ms);
        self.record_remote_request(now_ms);
    }

    /// Releases the slot and the share of the minute of a request that was not sent.
    pub fn release_unsent(&mut self, sent_ms: f64) {
        self.release();
        self.remove_entry(sent_ms);
    }

    fn remove_entry(&mut self, sent_ms: f64) {
        let entry = self.sent_ms.iter().position(|at| *at == sent_ms);
        if let Some(entry) = entry {
            self.sent_ms.remove(entry);
        }
    }
}

/// Returns how long a failure pauses the limiter, in milliseconds. `wait_ms` is the wait of the
/// failed call itself, or the wait that it would have if attempts were left.
pub fn pause_after(failure: &Failure, wait_ms: f64) -> Option<f64> {
    let wait_ms = failure.retry_after_ms.map_or(wait_ms, |ms| ms.max(wait_ms));
    (failure.spec.class == Class::RateLimit).then_some(wait_ms.min(LONGEST_RETRY_AFTER_MS))
}

/// True if a request to `endpoint` would fail as `failure` did, because of the same key or the same
/// empty account.
pub fn would_fail_too(failure: &Failure, endpoint: Endpoint) -> bool {
    failure.origin == Origin::Server
        && match failure.spec.class {
            Class::Authentication => true,
            // A plan without the pronunciation endpoints still has `/transcribe`.
            Class::PaymentRequired => {
                failure.spec.reason != Some("plan_required") || endpoint != Endpoint::Transcribe
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::error::classify::{HttpResponse, classify};
    use crate::core::error::detail::ErrorDetail;

    fn failure(status: u16, detail: &str) -> Failure {
        classify(&HttpResponse {
            status,
            retry_after: None,
            detail: Some(ErrorDetail::Text(detail.to_owned())),
            received_at_ms: 0.0,
        })
    }

    #[test]
    fn a_pause_ends_by_itself_and_the_longest_counts() {
        let mut limiter = RateLimiter::new(1, None);
        limiter.pause_until(500.0);
        limiter.pause_until(200.0);
        assert_eq!(limiter.try_acquire(100.0), Admission::WaitMs(400.0));
        assert_eq!(limiter.try_acquire(500.0), Admission::Granted);
    }

    #[test]
    fn a_wait_is_never_zero() {
        // The resolution of `performance.now()` is a tenth of a millisecond.
        for tenths in 0..100_000 {
            let first_ms = f64::from(tenths) / 10.0;
            let mut limiter = RateLimiter::new(9, Some(1));
            assert_eq!(limiter.try_acquire(first_ms), Admission::Granted);
            let minute_later_ms = f64::from(tenths + 600_000) / 10.0;
            match limiter.try_acquire(minute_later_ms) {
                Admission::WaitMs(ms) => assert!(ms > 0.0, "{first_ms}"),
                admission => assert_eq!(admission, Admission::Granted),
            }
        }
    }

    #[test]
    fn the_time_until_it_opens_is_known() {
        let mut limiter = RateLimiter::new(9, Some(2));
        assert_eq!(limiter.time_until_open_ms(0.0), 0.0);
        assert_eq!(limiter.try_acquire(0.0), Admission::Granted);
        assert_eq!(limiter.time_until_open_ms(10.0), 0.0);
        assert_eq!(limiter.try_acquire(10.0), Admission::Granted);
        assert_eq!(limiter.time_until_open_ms(20.0), WINDOW_MS - 20.0);
        limiter.pause_until(70_000.0);
        assert_eq!(limiter.time_until_open_ms(20.0), 69_980.0);
        assert_eq!(limiter.time_until_open_ms(80_000.0), 0.0);
    }

    #[test]
    fn unsent_requests_do_not_count() {
        let mut limiter = RateLimiter::new(9, Some(2));
        assert_eq!(limiter.try_acquire(0.0), Admission::Granted);
        assert_eq!(limiter.try_acquire(30_000.0), Admission::Granted);
        limiter.release_unsent(0.0);
        assert_eq!(limiter.try_acquire(40_000.0), Admission::Granted);
        assert_eq!(limiter.try_acquire(50_000.0), Admission::WaitMs(40_000.0));
    }

    #[test]
    fn a_request_counts_from_when_it_is_sent() {
        let mut limiter = RateLimiter::new(9, Some(1));
        assert_eq!(limiter.try_acquire(0.0), Admission::Granted);
        limiter.record_sent(0.0, 50_000.0);
        assert_eq!(limiter.try_acquire(60_000.0), Admission::WaitMs(50_000.0));
    }

    #[test]
    fn the_requests_of_other_tabs_count() {
        let mut limiter = RateLimiter::new(9, Some(2));
        assert_eq!(limiter.try_acquire(10.0), Admission::Granted);
        limiter.record_remote_request(5.0);
        assert_eq!(
            limiter.try_acquire(20.0),
            Admission::WaitMs(WINDOW_MS - 15.0)
        );
    }

    #[test]
    fn times_from_other_tabs_are_limited() {
        let now_ms = 1_000_000.0;
        for (sent_ms, wait_ms) in [
            (now_ms - WINDOW_MS - 1.0, 0.0),
            (now_ms - 10.0, WINDOW_MS - 10.0),
            (now_ms + 10.0, WINDOW_MS),
            (now_ms + 1e12, WINDOW_MS),
            (f64::INFINITY, WINDOW_MS),
            (f64::NAN, WINDOW_MS),
            (-1e300, 0.0),
        ] {
            let mut limiter = RateLimiter::new(1, Some(1));
            limiter.apply_remote_state(Some(sent_ms), None, now_ms);
            assert_eq!(limiter.time_until_open_ms(now_ms), wait_ms, "{sent_ms}");
        }
        for (paused_until_ms, wait_ms) in [
            (now_ms - 1e12, 0.0),
            (now_ms + 500.0, 500.0),
            (now_ms + 3_600_000.0, LONGEST_RETRY_AFTER_MS),
            (f64::MAX, LONGEST_RETRY_AFTER_MS),
            (f64::INFINITY, LONGEST_RETRY_AFTER_MS),
            (f64::NAN, LONGEST_RETRY_AFTER_MS),
        ] {
            let mut limiter = RateLimiter::new(1, None);
            limiter.apply_remote_state(None, Some(paused_until_ms), now_ms);
            assert_eq!(
                limiter.time_until_open_ms(now_ms),
                wait_ms,
                "{paused_until_ms}"
            );
        }
    }

    #[test]
    fn only_a_429_pauses_the_limiter() {
        for status in [400, 401, 402, 413, 418, 500, 502, 503, 504] {
            assert_eq!(pause_after(&failure(status, ""), 700.0), None, "{status}");
        }
        let limited = failure(429, "");
        assert_eq!(pause_after(&limited, 700.0), Some(700.0));
        let asked = Failure {
            retry_after_ms: Some(2_000.0),
            ..limited.clone()
        };
        assert_eq!(pause_after(&asked, 700.0), Some(2_000.0));
        let absurd = Failure {
            retry_after_ms: Some(1e12),
            ..limited
        };
        assert_eq!(pause_after(&absurd, 0.0), Some(LONGEST_RETRY_AFTER_MS));
    }

    #[test]
    fn calls_with_a_rejected_key_or_empty_account_would_fail_too() {
        for status in [401, 402] {
            assert!(would_fail_too(&failure(status, ""), Endpoint::Transcribe));
        }
        let plan = failure(402, "This feature requires a Starter plan or higher.");
        assert!(would_fail_too(&plan, Endpoint::PronunciationSimple));
        assert!(!would_fail_too(&plan, Endpoint::Transcribe));
        for status in [400, 413, 429, 500, 503] {
            assert!(!would_fail_too(&failure(status, ""), Endpoint::Transcribe));
        }
        let own = Failure::client(Class::Authentication, Some("invalid_key"), "");
        assert!(
            !would_fail_too(&own, Endpoint::Transcribe),
            "nothing was sent"
        );
    }

    #[test]
    fn concurrency_is_limited() {
        let mut limiter = RateLimiter::new(2, None);
        assert_eq!(limiter.try_acquire(0.0), Admission::Granted);
        assert_eq!(limiter.try_acquire(0.0), Admission::Granted);
        assert_eq!(limiter.try_acquire(0.0), Admission::WaitForSlot);
        limiter.release();
        assert_eq!(limiter.try_acquire(0.0), Admission::Granted);
    }

    #[test]
    fn no_minute_exceeds_the_limit() {
        let mut limiter = RateLimiter::new(100, Some(3));
        let mut now = 0.0;
        let mut entered: Vec<f64> = Vec::new();
        while entered.len() < 20 {
            match limiter.try_acquire(now) {
                Admission::Granted => {
                    limiter.release();
                    entered.push(now);
                    now += 1000.0;
                }
                Admission::WaitMs(ms) => {
                    assert!(ms > 0.0);
                    now += ms;
                }
                Admission::WaitForSlot => panic!("every request is released"),
            }
        }
        for window in entered.windows(4) {
            assert!(window[3] - window[0] >= WINDOW_MS, "{window:?}");
        }
    }
}
