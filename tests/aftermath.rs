//! What follows from a failed attempt, for its call and for all of its client.
#![cfg(not(target_arch = "wasm32"))]

mod answers;

use answers::status;
use thetaone_web::core::aftermath::{Aftermath, Moment};
use thetaone_web::core::error::Failure;
use thetaone_web::core::retry::{Jitter, LONGEST_RETRY_AFTER_MS, RetryPolicy};
use thetaone_web::core::turns::Turns;

const FIRST: Moment = Moment {
    attempt: 1,
    now_ms: 0.0,
    remaining_ms: None,
    opens_in_ms: 0.0,
};

fn policy(turn_ms: Option<f64>) -> RetryPolicy {
    RetryPolicy {
        jitter: Jitter::None,
        turn_ms,
        ..RetryPolicy::default()
    }
}

fn after(failure: &Failure, moment: Moment) -> Aftermath {
    policy(None).aftermath(&mut Turns::default(), failure, moment, [0.5; 2])
}

fn asking(status: u16, seconds: f64) -> Failure {
    Failure {
        retry_after_ms: Some(seconds * 1000.0),
        ..answers::status(status)
    }
}

#[test]
fn only_a_429_keeps_the_others_waiting() {
    let busy = after(&status(429), FIRST);
    assert_eq!((busy.delay_ms, busy.closes_for_ms), (Some(1000.0), 1000.0));
    let broken = after(&status(503), FIRST);
    assert_eq!((broken.delay_ms, broken.closes_for_ms), (Some(1000.0), 0.0));
    let refused = after(&status(401), FIRST);
    assert_eq!((refused.delay_ms, refused.closes_for_ms), (None, 0.0));
}

#[test]
fn the_last_429_still_closes_the_gate() {
    let last = Moment {
        attempt: 3,
        ..FIRST
    };
    let next = after(&asking(429, 20.0), last);
    assert_eq!((next.delay_ms, next.closes_for_ms), (None, 20_000.0));
}

#[test]
fn a_gate_that_opens_after_the_deadline_is_not_waited_for() {
    let moment = |opens_in_ms| Moment {
        remaining_ms: Some(5_000.0),
        opens_in_ms,
        ..FIRST
    };
    assert_eq!(after(&status(500), moment(5_000.0)).delay_ms, None);
    assert_eq!(after(&status(500), moment(4_999.0)).delay_ms, Some(1000.0));
}

#[test]
fn an_absurd_retry_after_is_no_other_calls_trouble() {
    let turns = policy(Some(60_000.0));
    for status in [429, 503] {
        let failure = asking(status, 86_400.0);
        let next = turns.aftermath(&mut Turns::default(), &failure, FIRST, [0.5; 2]);
        assert_eq!(next.delay_ms, None);
        assert!(
            next.closes_for_ms <= LONGEST_RETRY_AFTER_MS + 60_000.0,
            "{status}"
        );
    }
}
