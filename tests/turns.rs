//! Turns, by properties: whatever happens, no client comes back before it may.
#![cfg(not(target_arch = "wasm32"))]

mod answers;

use answers::answered;
use proptest::prelude::*;
use thetaone_web::core::aftermath::Moment;
use thetaone_web::core::catalogue::Class;
use thetaone_web::core::error::Failure;
use thetaone_web::core::gate::{Admission, Gate};
use thetaone_web::core::retry::{LONGEST_RETRY_AFTER_MS, RetryPolicy};
use thetaone_web::core::turns::{Turns, turn_ms};

fn status(status: u16, retry_after_s: Option<u32>) -> Failure {
    let retry_after = retry_after_s.map(|s| s.to_string());
    answered(status, retry_after.as_deref(), 0.0)
}

fn trouble() -> impl Strategy<Value = Failure> {
    let answered = (
        prop::sample::select(vec![429u16, 500, 502, 503, 504]),
        prop::option::of(prop_oneof![0u32..300, 300u32..u32::MAX]),
    );
    prop_oneof![
        answered.prop_map(|(code, after)| status(code, after)),
        Just(Failure::client(Class::Connection, Some("unreachable"), "")),
        Just(Failure::client(Class::Timeout, Some("attempt"), "")),
    ]
}

/// A thousand clients of 500 requests a minute.
const TURN_MS: f64 = 120_000.0;

/// A client whose failures come one after the other, each when the pause
/// before it is over.
#[derive(Default)]
struct Client {
    turns: Turns,
    now_ms: f64,
}

impl Client {
    fn pause_ms(&mut self, failure: &Failure, random: f64) -> f64 {
        let pause_ms = self.turns.pause_ms(TURN_MS, failure, self.now_ms, random);
        self.now_ms += pause_ms;
        pause_ms
    }
}

#[test]
fn a_turn_is_the_time_in_which_the_quota_serves_everybody() {
    assert_eq!(turn_ms(500.0, 1000.0), TURN_MS);
    assert_eq!(turn_ms(30.0, 1.0), 2_000.0);
}

#[test]
fn the_moment_is_picked_once_and_kept_through_an_outage() {
    let mut client = Client::default();
    assert_eq!(client.pause_ms(&status(503, None), 0.25), 30_000.0);
    for random in [0.0, 0.9] {
        assert_eq!(client.pause_ms(&status(503, None), random), TURN_MS);
    }
}

#[test]
fn a_refusal_after_that_is_tried_again_soon_and_then_less_soon() {
    let mut client = Client::default();
    client.pause_ms(&status(503, None), 0.5);
    let longest: Vec<f64> = (0..10)
        .map(|_| client.pause_ms(&status(429, None), 1.0))
        .collect();
    assert_eq!(longest[0], 6_000.0);
    assert!(longest.is_sorted());
    assert_eq!(longest[9], TURN_MS);
}

#[test]
fn calls_that_fail_together_come_back_together() {
    let mut turns = Turns::default();
    let limited = status(429, None);
    assert_eq!(turns.pause_ms(TURN_MS, &limited, 0.0, 0.5), 60_000.0);
    assert_eq!(turns.pause_ms(TURN_MS, &limited, 100.0, 0.9), 59_900.0);
    let later = status(429, Some(80));
    assert_eq!(turns.pause_ms(TURN_MS, &later, 1_000.0, 0.9), 80_000.0);
    assert_eq!(turns.pause_ms(TURN_MS, &limited, 2_000.0, 0.9), 79_000.0);
    // What was sent before says nothing about how it is at the moment.
    let before = turns;
    turns.served(3_000.0);
    assert_eq!(turns, before);
}

#[test]
fn an_answer_that_is_not_trouble_ends_the_herd() {
    let policy = RetryPolicy {
        turn_ms: Some(TURN_MS),
        ..RetryPolicy::default()
    };
    let mut turns = Turns::default();
    assert_eq!(
        policy.pause_ms(&mut turns, &status(429, None), 0.0, 0.5),
        60_000.0
    );
    assert_eq!(
        policy.pause_ms(&mut turns, &status(400, None), 60_000.0, 0.5),
        0.0
    );
    assert_eq!(turns, Turns::default());
}

#[test]
fn nobody_stays_away_who_does_not_take_turns_or_does_not_try_again() {
    let mut turns = Turns::default();
    let none = RetryPolicy::default();
    assert_eq!(none.pause_ms(&mut turns, &status(429, None), 0.0, 0.5), 0.0);
    let taking = RetryPolicy {
        turn_ms: Some(TURN_MS),
        connection: false,
        ..none
    };
    for class in [Class::Timeout, Class::Connection, Class::Aborted] {
        let own = Failure::client(class, Some("attempt"), "");
        assert_eq!(taking.pause_ms(&mut turns, &own, 0.0, 0.5), 0.0);
    }
}

#[test]
fn what_all_were_told_is_where_the_spreading_starts() {
    let told = status(429, Some(40));
    let mut client = Client::default();
    assert_eq!(client.pause_ms(&told, 0.0), 40_000.0);
    assert_eq!(client.pause_ms(&told, 0.5), 60_000.0);
}

proptest! {
    #[test]
    fn nobody_is_early_and_nobody_waits_more_than_a_turn_on_top(
        turn_ms in 1.0f64..1e7,
        story in prop::collection::vec((trouble(), 0.0f64..1.0), 1..40),
    ) {
        let mut turns = Turns::default();
        let mut now_ms = 0.0;
        for (failure, random) in story {
            let pause_ms = turns.pause_ms(turn_ms, &failure, now_ms, random);
            now_ms += pause_ms;
            let asked_ms = failure.retry_after_ms.unwrap_or(0.0).min(LONGEST_RETRY_AFTER_MS);
            prop_assert!(pause_ms >= asked_ms);
            prop_assert!(pause_ms <= asked_ms + turn_ms.max(asked_ms) * (1.0 + 1e-9));
        }
    }

    #[test]
    fn a_call_that_takes_turns_keeps_the_promises_of_the_policy_and_the_gate(
        clients in 1u32..5_000,
        max_attempts in 1u32..20,
        deadline_ms in 1.0f64..1e6,
        story in prop::collection::vec((trouble(), 0.0f64..1.0, 0.0f64..1.0), 40),
    ) {
        let turn_ms = turn_ms(500.0, f64::from(clients));
        let policy = RetryPolicy { max_attempts, timeouts: true, turn_ms: Some(turn_ms), ..RetryPolicy::default() };
        let mut turns = Turns::default();
        let mut gate = Gate::new(4, None);
        let mut now_ms = 0.0;
        let mut attempts = 0;
        for (failure, where_to, jitter) in story {
            prop_assert_eq!(gate.enter(now_ms), Admission::Enter);
            attempts += 1;
            gate.leave();
            let moment = Moment {
                attempt: attempts,
                now_ms,
                remaining_ms: Some(deadline_ms - now_ms),
                opens_in_ms: gate.opens_in_ms(now_ms),
            };
            let next = policy.aftermath(&mut turns, &failure, moment, [jitter, where_to]);
            prop_assert!(next.closes_for_ms <= LONGEST_RETRY_AFTER_MS + turn_ms.max(LONGEST_RETRY_AFTER_MS));
            gate.close_until(now_ms + next.closes_for_ms);
            let Some(ms) = next.delay_ms else { break };
            prop_assert!(ms >= next.closes_for_ms && ms >= failure.retry_after_ms.unwrap_or(0.0));
            if next.closes_for_ms > 1.0 {
                let early = gate.enter(now_ms + next.closes_for_ms - 1.0);
                prop_assert!(matches!(early, Admission::WaitMs(_)));
            }
            now_ms += ms;
            prop_assert!(now_ms < deadline_ms);
        }
        prop_assert!(attempts <= max_attempts);
    }
}
