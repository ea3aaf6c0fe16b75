//! The retry policy, by the table and by properties, without a clock.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use thetaone_web::core::catalogue::{Class, ROWS};
use thetaone_web::core::classify::{Answer, classify};
use thetaone_web::core::error::Failure;
use thetaone_web::core::retry::{Decision, Jitter, LONGEST_RETRY_AFTER_MS, RetryPolicy};

fn status(status: u16) -> Failure {
    classify(&Answer {
        status,
        retry_after: None,
        body: b"",
        now_ms: 0.0,
    })
}

fn asked_to_wait(ms: f64) -> Failure {
    Failure {
        retry_after_ms: Some(ms),
        ..status(429)
    }
}

fn of(class: Class, reason: &str) -> Failure {
    Failure::client(class, Some(reason), "")
}

#[test]
fn the_statuses_that_are_retried_are_the_contracts_and_no_others() {
    let policy = RetryPolicy::default();
    for code in 0..=999 {
        let retried = policy.decide(1, &status(code), None, 0.5) != Decision::GiveUp;
        assert_eq!(retried, [429, 500, 502, 503, 504].contains(&code), "{code}");
    }
}

#[test]
fn of_what_has_no_status_only_connections_are_retried() {
    let policy = RetryPolicy::default();
    for row in ROWS.iter().filter(|row| row.status.is_none()) {
        let failure = Failure::client(row.class, row.reason, "");
        let retried = policy.decide(1, &failure, None, 0.5) != Decision::GiveUp;
        assert_eq!(retried, row.class == Class::Connection, "{}", row.code);
    }
}

#[test]
fn timeouts_and_connections_follow_their_switches() {
    let policy = RetryPolicy {
        timeouts: true,
        connection: false,
        ..RetryPolicy::default()
    };
    assert!(policy.allows(&of(Class::Timeout, "attempt")));
    assert!(!policy.allows(&of(Class::Timeout, "deadline")));
    assert!(!policy.allows(&of(Class::Connection, "offline")));
    assert!(!policy.allows(&of(Class::Connection, "unreachable")));
}

#[test]
fn the_backoff_doubles_up_to_its_cap() {
    let policy = RetryPolicy {
        jitter: Jitter::None,
        ..RetryPolicy::default()
    };
    let windows: Vec<f64> = (1..=7)
        .map(|attempt| policy.backoff_ms(attempt, 0.0))
        .collect();
    assert_eq!(
        windows,
        [1000.0, 2000.0, 4000.0, 8000.0, 16000.0, 30000.0, 30000.0]
    );
    assert_eq!(policy.backoff_ms(u32::MAX, 0.0), 30000.0);
}

#[test]
fn the_last_attempt_is_the_last() {
    let policy = RetryPolicy::default();
    assert_ne!(policy.decide(2, &status(500), None, 0.0), Decision::GiveUp);
    assert_eq!(policy.decide(3, &status(500), None, 0.0), Decision::GiveUp);
}

#[test]
fn retry_after_is_a_floor_and_not_a_ceiling() {
    let policy = RetryPolicy::default();
    assert_eq!(
        policy.decide(1, &asked_to_wait(61_000.0), None, 0.4),
        Decision::RetryIn(61_000.0)
    );
    assert_eq!(
        policy.decide(1, &asked_to_wait(100.0), None, 0.5),
        Decision::RetryIn(500.0)
    );
}

#[test]
fn a_retry_after_past_all_reason_ends_the_call() {
    let failure = asked_to_wait(LONGEST_RETRY_AFTER_MS + 1.0);
    let decision = RetryPolicy::default().decide(1, &failure, None, 0.5);
    assert_eq!(decision, Decision::GiveUp);
}

#[test]
fn a_wait_that_would_cross_the_deadline_ends_the_call_at_once() {
    let policy = RetryPolicy::default();
    let decide = |left| policy.decide(1, &asked_to_wait(5_000.0), Some(left), 0.0);
    assert_eq!(decide(5_000.0), Decision::GiveUp);
    assert_eq!(decide(5_001.0), Decision::RetryIn(5_000.0));
}

#[test]
fn full_jitter_is_uniform_over_its_window() {
    // Seeded, so that the draw is the same on every run; splitmix64.
    let mut seed = 7u64;
    let mut random = || {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    };
    const DRAWS: usize = 20_000;
    const BINS: usize = 20;
    let policy = RetryPolicy::default();
    let mut counts = [0usize; BINS];
    for _ in 0..DRAWS {
        let Decision::RetryIn(ms) = policy.decide(2, &status(500), None, random()) else {
            panic!("a 500 is retried");
        };
        counts[(ms / 2000.0 * BINS as f64) as usize] += 1;
    }
    let expected = (DRAWS / BINS) as f64;
    let chi_squared: f64 = counts
        .iter()
        .map(|&count| (count as f64 - expected).powi(2) / expected)
        .sum();
    // The 99.9 % point of 19 degrees of freedom.
    assert!(chi_squared < 43.8, "{chi_squared} {counts:?}");
}

proptest! {
    #[test]
    fn whatever_happens_a_wait_keeps_its_promises(
        attempt in 1u32..200,
        max_attempts in 1u32..100,
        base in 0.0f64..1e6,
        cap in 0.0f64..1e6,
        after in prop::option::of(0.0f64..1e12),
        left in prop::option::of(0.0f64..1e6),
        random in 0.0f64..1.0,
    ) {
        let policy = RetryPolicy { max_attempts, base_delay_ms: base, max_delay_ms: cap, ..RetryPolicy::default() };
        let failure = Failure { retry_after_ms: after, ..status(503) };
        if let Decision::RetryIn(ms) = policy.decide(attempt, &failure, left, random) {
            prop_assert!(attempt < max_attempts);
            prop_assert!(ms >= after.unwrap_or(0.0));
            prop_assert!(ms <= cap.max(after.unwrap_or(0.0)));
            prop_assert!(left.is_none_or(|left| ms < left));
        }
    }

    #[test]
    fn a_call_in_virtual_time_never_outlives_its_attempts_or_its_deadline(
        deadline in 1.0f64..200_000.0,
        max_attempts in 1u32..20,
        takes in 0.0f64..5_000.0,
        random in 0.0f64..1.0,
    ) {
        let policy = RetryPolicy { max_attempts, ..RetryPolicy::default() };
        let mut now = 0.0;
        let mut attempt = 0;
        loop {
            attempt += 1;
            now += takes;
            match policy.decide(attempt, &status(500), Some((deadline - now).max(0.0)), random) {
                Decision::RetryIn(ms) => now += ms,
                Decision::GiveUp => break,
            }
            prop_assert!(now < deadline);
        }
        prop_assert!(attempt <= max_attempts);
    }
}
