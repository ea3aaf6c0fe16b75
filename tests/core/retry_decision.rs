//! The decision after a failed attempt, for its call and for all calls of its client.

use crate::responses::status;
use thetaone_web::core::error::failure::Failure;
use thetaone_web::core::retry::decision::{AttemptContext, RetryDecision};
use thetaone_web::core::retry::policy::{Jitter, LONGEST_RETRY_AFTER_MS, RetryPolicy};

const FIRST: AttemptContext = AttemptContext {
    attempt: 1,
    remaining_ms: None,
    time_until_open_ms: 0.0,
};

fn after(failure: &Failure, context: AttemptContext) -> RetryDecision {
    let policy = RetryPolicy {
        jitter: Jitter::None,
        ..RetryPolicy::default()
    };
    policy.decide(failure, context, 0.5)
}

fn asking(status: u16, seconds: f64) -> Failure {
    Failure {
        retry_after_ms: Some(seconds * 1000.0),
        ..crate::responses::status(status)
    }
}

#[test]
fn only_a_429_pauses_other_calls() {
    let busy = after(&status(429), FIRST);
    assert_eq!(
        (busy.retry_in_ms, busy.pause_all_ms),
        (Some(1000.0), 1000.0)
    );
    let broken = after(&status(503), FIRST);
    assert_eq!(
        (broken.retry_in_ms, broken.pause_all_ms),
        (Some(1000.0), 0.0)
    );
    let refused = after(&status(401), FIRST);
    assert_eq!((refused.retry_in_ms, refused.pause_all_ms), (None, 0.0));
}

#[test]
fn a_429_of_the_last_attempt_still_pauses_other_calls() {
    let last = AttemptContext {
        attempt: 3,
        ..FIRST
    };
    let next = after(&asking(429, 20.0), last);
    assert_eq!((next.retry_in_ms, next.pause_all_ms), (None, 20_000.0));
}

#[test]
fn a_call_does_not_wait_for_a_pause_longer_than_its_deadline() {
    let context = |time_until_open_ms| AttemptContext {
        remaining_ms: Some(5_000.0),
        time_until_open_ms,
        ..FIRST
    };
    assert_eq!(after(&status(500), context(5_000.0)).retry_in_ms, None);
    assert_eq!(
        after(&status(500), context(4_999.0)).retry_in_ms,
        Some(1000.0)
    );
}

#[test]
fn an_absurd_retry_after_pauses_other_calls_for_5_minutes_at_most() {
    let cases = [(429, LONGEST_RETRY_AFTER_MS), (503, 0.0)];
    for (status, pause_ms) in cases {
        let next = after(&asking(status, 86_400.0), FIRST);
        assert_eq!(next.retry_in_ms, None, "{status}");
        assert_eq!(next.pause_all_ms, pause_ms, "{status}");
    }
}
