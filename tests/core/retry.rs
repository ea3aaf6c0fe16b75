//! The retry policy, by the table and by properties, without a clock.

use crate::responses::{answered, status};
use proptest::prelude::*;
use thetaone_web::core::catalogue::{Class, ERRORS};
use thetaone_web::core::error::failure::Failure;
use thetaone_web::core::retry::decision::AttemptContext;
use thetaone_web::core::retry::policy::{Jitter, LONGEST_RETRY_AFTER_MS, RetryPolicy};

/// Returns the wait before the next attempt, in milliseconds; `None` if the policy gives up.
fn retry_in_ms(
    policy: &RetryPolicy,
    attempt: u32,
    failure: &Failure,
    remaining_ms: Option<f64>,
    random: f64,
) -> Option<f64> {
    let context = AttemptContext {
        attempt,
        remaining_ms,
        time_until_open_ms: 0.0,
    };
    policy.decide(failure, context, random).retry_in_ms
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
fn only_the_statuses_of_the_contract_are_retried() {
    let policy = RetryPolicy::default();
    for code in 0..=999 {
        let retried = retry_in_ms(&policy, 1, &status(code), None, 0.5).is_some();
        assert_eq!(retried, [429, 500, 502, 503, 504].contains(&code), "{code}");
    }
}

#[test]
fn without_a_status_only_connection_errors_are_retried() {
    let policy = RetryPolicy::default();
    for spec in ERRORS.iter().filter(|spec| spec.status.is_none()) {
        let failure = Failure::client(spec.class, spec.reason, "");
        let retried = retry_in_ms(&policy, 1, &failure, None, 0.5).is_some();
        assert_eq!(retried, spec.class == Class::Connection, "{}", spec.code);
    }
}

#[test]
fn timeouts_and_connections_follow_their_options() {
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
fn the_last_attempt_is_not_retried() {
    let policy = RetryPolicy::default();
    assert_ne!(retry_in_ms(&policy, 2, &status(500), None, 0.0), None);
    assert_eq!(retry_in_ms(&policy, 3, &status(500), None, 0.0), None);
}

#[test]
fn retry_after_is_a_floor_and_not_a_ceiling() {
    let policy = RetryPolicy::default();
    assert_eq!(
        retry_in_ms(&policy, 1, &asked_to_wait(61_000.0), None, 0.4),
        Some(61_000.0)
    );
    assert_eq!(
        retry_in_ms(&policy, 1, &asked_to_wait(100.0), None, 0.5),
        Some(500.0)
    );
}

#[test]
fn a_retry_after_above_5_minutes_ends_the_call() {
    let failure = asked_to_wait(LONGEST_RETRY_AFTER_MS + 1.0);
    let decision = retry_in_ms(&RetryPolicy::default(), 1, &failure, None, 0.5);
    assert_eq!(decision, None);
}

#[test]
fn a_wait_that_would_cross_the_deadline_ends_the_call_at_once() {
    let policy = RetryPolicy::default();
    let decided = |left| retry_in_ms(&policy, 1, &asked_to_wait(5_000.0), Some(left), 0.0);
    assert_eq!(decided(5_000.0), None);
    assert_eq!(decided(5_001.0), Some(5_000.0));
}

/// Sun, 06 Nov 1994 08:49:37 GMT.
const DATE_MS: f64 = 784_111_777_000.0;

#[test]
fn every_form_of_retry_after_is_respected() {
    let policy = RetryPolicy::default();
    for (value, waits_ms) in [
        ("0", 500.0),
        ("61", 61_000.0),
        (" 300 ", 300_000.0),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60_000.0),
        ("Sunday, 06-Nov-94 08:50:37 GMT", 60_000.0),
        ("Sun Nov  6 08:50:37 1994", 60_000.0),
        // The past asks for nothing, and what cannot be read asks for nothing.
        ("Sun, 06 Nov 1994 08:49:36 GMT", 500.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 500.0),
        ("soon", 500.0),
        ("-5", 500.0),
        ("1e1", 10_000.0),
        ("2.5", 3_000.0),
        ("", 500.0),
    ] {
        for code in [429, 500, 502, 503, 504] {
            let decision =
                retry_in_ms(&policy, 1, &answered(code, Some(value), DATE_MS), None, 0.5);
            assert_eq!(decision, Some(waits_ms), "{code} {value:?}");
        }
    }
}

#[test]
fn an_absurd_retry_after_ends_the_call_in_every_form() {
    let policy = RetryPolicy::default();
    let digits = "9".repeat(400);
    for value in [
        "301",
        "86400",
        "18446744073709551616",
        &digits,
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ] {
        let decision = retry_in_ms(&policy, 1, &answered(503, Some(value), DATE_MS), None, 0.5);
        assert_eq!(decision, None, "{value:?}");
    }
}

#[test]
fn a_retry_after_past_the_deadline_ends_the_call_at_once_in_every_form() {
    let policy = RetryPolicy::default();
    for value in ["60", "Sun, 06 Nov 1994 08:50:37 GMT"] {
        let decided = |left| {
            retry_in_ms(
                &policy,
                1,
                &answered(429, Some(value), DATE_MS),
                Some(left),
                0.5,
            )
        };
        assert_eq!(decided(60_000.0), None, "{value:?}");
        assert_eq!(decided(60_001.0), Some(60_000.0), "{value:?}");
    }
}

#[test]
fn a_backoff_past_the_deadline_ends_the_call_at_once() {
    let policy = RetryPolicy::default();
    let decided = |left| retry_in_ms(&policy, 2, &status(503), Some(left), 0.5);
    assert_eq!(decided(0.0), None);
    assert_eq!(decided(-1.0), None);
    assert_eq!(decided(1_000.0), None);
    assert_eq!(decided(1_000.5), Some(1_000.0));
}

#[test]
fn final_statuses_are_never_retried() {
    let eager = RetryPolicy {
        max_attempts: 100,
        timeouts: true,
        connection: true,
        ..RetryPolicy::default()
    };
    let retried = [429, 500, 502, 503, 504];
    for code in (0..=999).filter(|code| !retried.contains(code)) {
        for failure in [status(code), answered(code, Some("1"), 0.0)] {
            assert_eq!(retry_in_ms(&eager, 1, &failure, None, 0.0), None, "{code}");
        }
    }
    for spec in ERRORS
        .iter()
        .filter(|spec| matches!(spec.status, Some(400..=402 | 413)))
    {
        let failure = Failure::client(spec.class, spec.reason, "");
        assert_eq!(
            retry_in_ms(&eager, 1, &failure, None, 0.0),
            None,
            "{}",
            spec.code
        );
    }
}

#[test]
fn one_attempt_means_no_retry() {
    let policy = RetryPolicy {
        max_attempts: 1,
        ..RetryPolicy::default()
    };
    assert_eq!(retry_in_ms(&policy, 1, &status(503), None, 0.0), None);
}

/// Splitmix64, seeded, so that the draws are the same on every run.
fn draws(mut seed: u64) -> impl FnMut() -> f64 {
    move || {
        seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// How far the waits are from uniform in `[0, window_ms)`: 19 degrees of freedom.
fn chi_squared(window_ms: f64, mut wait_ms: impl FnMut() -> f64) -> f64 {
    const DRAWS: usize = 20_000;
    const BINS: usize = 20;
    let mut counts = [0usize; BINS];
    for _ in 0..DRAWS {
        counts[(wait_ms() / window_ms * BINS as f64) as usize] += 1;
    }
    let expected = (DRAWS / BINS) as f64;
    counts
        .iter()
        .map(|&count| (count as f64 - expected).powi(2) / expected)
        .sum()
}

#[test]
fn full_jitter_is_uniform_over_its_window() {
    let policy = RetryPolicy {
        max_attempts: 100,
        ..RetryPolicy::default()
    };
    // The doubling ones, the first at the cap, and one far past it.
    for (attempt, window_ms) in [
        (1, 1_000.0),
        (2, 2_000.0),
        (5, 16_000.0),
        (6, 30_000.0),
        (99, 30_000.0),
    ] {
        let mut random = draws(u64::from(attempt));
        let chi_squared = chi_squared(window_ms, || {
            match retry_in_ms(&policy, attempt, &status(500), None, random()) {
                Some(ms) => ms,
                None => panic!("a 500 is retried"),
            }
        });
        // The 99.9 % point.
        assert!(chi_squared < 43.8, "{attempt}: {chi_squared}");
    }
}

proptest! {
    #[test]
    fn waits_are_never_shorter_than_promised(
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
        if let Some(ms) = retry_in_ms(&policy, attempt, &failure, left, random) {
            prop_assert!(attempt < max_attempts);
            prop_assert!(ms >= after.unwrap_or(0.0));
            prop_assert!(ms <= cap.max(after.unwrap_or(0.0)));
            prop_assert!(left.is_none_or(|left| ms < left));
        }
    }

    #[test]
    fn a_call_never_exceeds_its_attempts_or_its_deadline(
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
            match retry_in_ms(&policy, attempt, &status(500), Some((deadline - now).max(0.0)), random) {
                Some(ms) => now += ms,
                None => break,
            }
            prop_assert!(now < deadline);
        }
        prop_assert!(attempt <= max_attempts);
    }

    #[test]
    fn the_decision_matches_the_contract_exactly(
        attempt in 1u32..12,
        max_attempts in 1u32..12,
        code in prop::sample::select(vec![400u16, 401, 402, 404, 413, 418, 429, 500, 501, 502, 503, 504]),
        seconds in prop::option::of(0u32..400),
        left in prop::option::of(0.0f64..100_000.0),
        random in 0.0f64..1.0,
    ) {
        let policy = RetryPolicy { max_attempts, ..RetryPolicy::default() };
        let failure = match seconds {
            Some(seconds) => answered(code, Some(&seconds.to_string()), DATE_MS),
            None => status(code),
        };
        let window_ms = (1_000.0 * 2f64.powi(attempt as i32 - 1)).min(30_000.0);
        let asked_ms = 1_000.0 * f64::from(seconds.unwrap_or(0));
        let wait_ms = (random * window_ms).max(asked_ms);
        let may = [429, 500, 502, 503, 504].contains(&code)
            && attempt < max_attempts
            && asked_ms <= LONGEST_RETRY_AFTER_MS
            && left.is_none_or(|left| wait_ms < left);
        let expected = may.then_some(wait_ms);
        let decision = retry_in_ms(&policy, attempt, &failure, left, random);
        prop_assert_eq!(decision, expected);
    }

    #[test]
    fn no_header_shortens_a_wait_or_makes_it_nan(
        value in "\\PC{0,40}",
        random in 0.0f64..1.0,
    ) {
        let policy = RetryPolicy::default();
        if let Some(ms) = retry_in_ms(&policy, 1, &answered(503, Some(&value), DATE_MS), None, random) {
            prop_assert!(ms >= random * 1_000.0 && ms <= LONGEST_RETRY_AFTER_MS);
        }
    }

    #[test]
    fn no_sequence_of_failures_takes_more_than_max_attempts(
        max_attempts in 1u32..20,
        story in prop::collection::vec(
            (prop::sample::select(vec![0u16, 429, 500, 502, 503, 504]), 0u32..400, 0.0f64..1.0),
            20,
        ),
    ) {
        let policy = RetryPolicy { max_attempts, ..RetryPolicy::default() };
        let mut attempts = 0;
        for (code, seconds, random) in story {
            attempts += 1;
            let failure = match code {
                0 => of(Class::Connection, "unreachable"),
                code => answered(code, Some(&seconds.to_string()), DATE_MS),
            };
            if retry_in_ms(&policy, attempts, &failure, None, random).is_none() {
                break;
            }
        }
        prop_assert!(attempts <= max_attempts);
    }
}
