//! The gate that all calls of one client pass: so many at a time, so many a
//! minute, in the order in which they came.

use crate::core::catalogue::Class;
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::{Failure, Origin};
use crate::core::retry::policy::LONGEST_RETRY_AFTER_MS;

/// The window over which requests are counted, in milliseconds. The API counts
/// requests per minute.
pub const WINDOW_MS: f64 = 60_000.0;

/// What the gate says to the first in the queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Admission {
    /// Go; [`Gate::leave`] must follow.
    Enter,
    /// All places are taken; ask again when one is left.
    WaitForPlace,
    /// The minute is full, or the gate is closed; ask again after this many
    /// milliseconds.
    WaitMs(f64),
}

/// The state of the gate; the queue itself is kept by the caller.
#[derive(Debug)]
pub struct Gate {
    max_concurrent: usize,
    requests_per_minute: Option<usize>,
    inside: usize,
    /// In order.
    entered_ms: Vec<f64>,
    closed_until_ms: f64,
}

impl Gate {
    /// A gate for `max_concurrent` calls at a time and, if given, this many
    /// entries in any minute.
    pub fn new(max_concurrent: usize, requests_per_minute: Option<usize>) -> Self {
        Gate {
            max_concurrent: max_concurrent.max(1),
            requests_per_minute: requests_per_minute.map(|limit| limit.max(1)),
            inside: 0,
            entered_ms: Vec::new(),
            closed_until_ms: f64::NEG_INFINITY,
        }
    }

    /// Asks to send one request at `now_ms` (any clock that only goes forward).
    pub fn enter(&mut self, now_ms: f64) -> Admission {
        if self.inside >= self.max_concurrent {
            return Admission::WaitForPlace;
        }
        let wait_ms = self.opens_in_ms(now_ms);
        if wait_ms > 0.0 {
            return Admission::WaitMs(wait_ms);
        }
        if self.requests_per_minute.is_some() {
            self.entered_ms.retain(|at_ms| at_ms + WINDOW_MS > now_ms);
            self.entered_ms.push(now_ms);
        }
        self.inside += 1;
        Admission::Enter
    }

    /// Lets nobody in until `at_ms`, because the server said that the minute is
    /// full: what is sent before would only be refused as well.
    pub fn close_until(&mut self, at_ms: f64) {
        self.closed_until_ms = self.closed_until_ms.max(at_ms);
    }

    /// How long nobody is let in, in milliseconds from `now_ms` on: 0 where only
    /// places may be missing.
    pub fn opens_in_ms(&self, now_ms: f64) -> f64 {
        let minute_ms = self.requests_per_minute.and_then(|limit| {
            let first = self.entered_ms.len().checked_sub(limit)?;
            Some(self.entered_ms.get(first)? + WINDOW_MS)
        });
        let opens_ms = minute_ms.map_or(self.closed_until_ms, |at| at.max(self.closed_until_ms));
        (opens_ms - now_ms).max(0.0)
    }

    /// Takes into account what another tab says at `now_ms`: when it sent a request, and
    /// until when it lets nobody in. Its clock may be wrong, or it may be no tab of this
    /// SDK at all, so that neither is believed beyond what can be.
    pub fn hear(&mut self, entered_ms: Option<f64>, closed_until_ms: Option<f64>, now_ms: f64) {
        if let Some(at_ms) = entered_ms {
            self.note_entry(at_ms.min(now_ms));
        }
        if let Some(at_ms) = closed_until_ms {
            self.close_until(at_ms.min(now_ms + LONGEST_RETRY_AFTER_MS));
        }
    }

    /// Takes into account that a request was sent at `at_ms`.
    pub fn note_entry(&mut self, at_ms: f64) {
        if self.requests_per_minute.is_none() {
            return;
        }
        let later = self.entered_ms.iter().rev().take_while(|&&at| at > at_ms);
        let place = self.entered_ms.len() - later.count();
        self.entered_ms.insert(place, at_ms);
    }

    /// Gives the place back.
    pub fn leave(&mut self) {
        self.inside = self.inside.saturating_sub(1);
    }

    /// What entered at `entered_ms` is sent at `now_ms`: that is when it counts.
    pub fn note_sending(&mut self, entered_ms: f64, now_ms: f64) {
        self.forget_entry(entered_ms);
        self.note_entry(now_ms);
    }

    /// Gives the place back, and the share of the minute: nothing was sent.
    pub fn leave_unsent(&mut self, entered_ms: f64) {
        self.leave();
        self.forget_entry(entered_ms);
    }

    fn forget_entry(&mut self, entered_ms: f64) {
        let entry = self.entered_ms.iter().position(|at| *at == entered_ms);
        if let Some(entry) = entry {
            self.entered_ms.remove(entry);
        }
    }
}

/// For how long a failure closes the gate, in milliseconds; `wait_ms` is what
/// the failed call itself waits, or would wait if it had attempts left.
pub fn closes_for_ms(failure: &Failure, wait_ms: f64) -> Option<f64> {
    let wait_ms = failure.retry_after_ms.map_or(wait_ms, |ms| ms.max(wait_ms));
    (failure.row.class == Class::RateLimit).then_some(wait_ms.min(LONGEST_RETRY_AFTER_MS))
}

/// Whether a request to `endpoint` would fail just as `failure` did: with the
/// same key, or the same empty account.
pub fn fails_alike(failure: &Failure, endpoint: Endpoint) -> bool {
    failure.origin == Origin::Server
        && match failure.row.class {
            Class::Authentication => true,
            // A plan that lacks the pronunciation endpoints has the other one.
            Class::PaymentRequired => {
                failure.row.reason != Some("plan_required") || endpoint != Endpoint::Transcribe
            }
            _ => false,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::error::classify::{Answer, classify};

    fn failure(status: u16, detail: &str) -> Failure {
        classify(&Answer {
            status,
            retry_after: None,
            body: format!("{{\"detail\": \"{detail}\"}}").as_bytes(),
            now_ms: 0.0,
        })
    }

    #[test]
    fn a_closed_gate_opens_by_itself_and_the_longest_closing_counts() {
        let mut gate = Gate::new(1, None);
        gate.close_until(500.0);
        gate.close_until(200.0);
        assert_eq!(gate.enter(100.0), Admission::WaitMs(400.0));
        assert_eq!(gate.enter(500.0), Admission::Enter);
    }

    #[test]
    fn a_wait_is_never_nothing() {
        // Times as performance.now() gives them, to a tenth of a millisecond.
        for tenths in 0..100_000 {
            let first_ms = f64::from(tenths) / 10.0;
            let mut gate = Gate::new(9, Some(1));
            assert_eq!(gate.enter(first_ms), Admission::Enter);
            let minute_later_ms = f64::from(tenths + 600_000) / 10.0;
            match gate.enter(minute_later_ms) {
                Admission::WaitMs(ms) => assert!(ms > 0.0, "{first_ms}"),
                admission => assert_eq!(admission, Admission::Enter),
            }
        }
    }

    #[test]
    fn it_says_when_it_opens() {
        let mut gate = Gate::new(9, Some(2));
        assert_eq!(gate.opens_in_ms(0.0), 0.0);
        assert_eq!(gate.enter(0.0), Admission::Enter);
        assert_eq!(gate.opens_in_ms(10.0), 0.0);
        assert_eq!(gate.enter(10.0), Admission::Enter);
        assert_eq!(gate.opens_in_ms(20.0), WINDOW_MS - 20.0);
        gate.close_until(70_000.0);
        assert_eq!(gate.opens_in_ms(20.0), 69_980.0);
        assert_eq!(gate.opens_in_ms(80_000.0), 0.0);
    }

    #[test]
    fn what_was_not_sent_counts_for_nothing_and_the_rest_still_does() {
        let mut gate = Gate::new(9, Some(2));
        assert_eq!(gate.enter(0.0), Admission::Enter);
        assert_eq!(gate.enter(30_000.0), Admission::Enter);
        gate.leave_unsent(0.0);
        assert_eq!(gate.enter(40_000.0), Admission::Enter);
        assert_eq!(gate.enter(50_000.0), Admission::WaitMs(40_000.0));
    }

    #[test]
    fn a_request_counts_from_when_it_is_sent() {
        let mut gate = Gate::new(9, Some(1));
        assert_eq!(gate.enter(0.0), Admission::Enter);
        gate.note_sending(0.0, 50_000.0);
        assert_eq!(gate.enter(60_000.0), Admission::WaitMs(50_000.0));
    }

    #[test]
    fn the_requests_of_other_tabs_count() {
        let mut gate = Gate::new(9, Some(2));
        assert_eq!(gate.enter(10.0), Admission::Enter);
        gate.note_entry(5.0);
        assert_eq!(gate.enter(20.0), Admission::WaitMs(WINDOW_MS - 15.0));
    }

    #[test]
    fn other_tabs_are_believed_within_bounds() {
        let now_ms = 1_000_000.0;
        for (entered_ms, wait_ms) in [
            (now_ms - WINDOW_MS - 1.0, 0.0),
            (now_ms - 10.0, WINDOW_MS - 10.0),
            (now_ms + 10.0, WINDOW_MS),
            (now_ms + 1e12, WINDOW_MS),
            (f64::INFINITY, WINDOW_MS),
            (f64::NAN, WINDOW_MS),
            (-1e300, 0.0),
        ] {
            let mut gate = Gate::new(1, Some(1));
            gate.hear(Some(entered_ms), None, now_ms);
            assert_eq!(gate.opens_in_ms(now_ms), wait_ms, "{entered_ms}");
        }
        for (closed_until_ms, wait_ms) in [
            (now_ms - 1e12, 0.0),
            (now_ms + 500.0, 500.0),
            (now_ms + 3_600_000.0, LONGEST_RETRY_AFTER_MS),
            (f64::MAX, LONGEST_RETRY_AFTER_MS),
            (f64::INFINITY, LONGEST_RETRY_AFTER_MS),
            (f64::NAN, LONGEST_RETRY_AFTER_MS),
        ] {
            let mut gate = Gate::new(1, None);
            gate.hear(None, Some(closed_until_ms), now_ms);
            assert_eq!(gate.opens_in_ms(now_ms), wait_ms, "{closed_until_ms}");
        }
    }

    #[test]
    fn only_a_429_closes_the_gate() {
        for status in [400, 401, 402, 413, 418, 500, 502, 503, 504] {
            assert_eq!(closes_for_ms(&failure(status, ""), 700.0), None, "{status}");
        }
        let limited = failure(429, "");
        assert_eq!(closes_for_ms(&limited, 700.0), Some(700.0));
        let asked = Failure {
            retry_after_ms: Some(2_000.0),
            ..limited.clone()
        };
        assert_eq!(closes_for_ms(&asked, 700.0), Some(2_000.0));
        let absurd = Failure {
            retry_after_ms: Some(1e12),
            ..limited
        };
        assert_eq!(closes_for_ms(&absurd, 0.0), Some(LONGEST_RETRY_AFTER_MS));
    }

    #[test]
    fn what_waits_behind_a_bad_key_or_an_empty_account_fails_alike() {
        for status in [401, 402] {
            assert!(fails_alike(&failure(status, ""), Endpoint::Transcribe));
        }
        let plan = failure(402, "This feature requires a Starter plan or higher.");
        assert!(fails_alike(&plan, Endpoint::PronunciationSimple));
        assert!(!fails_alike(&plan, Endpoint::Transcribe));
        for status in [400, 413, 429, 500, 503] {
            assert!(!fails_alike(&failure(status, ""), Endpoint::Transcribe));
        }
        let own = Failure::client(Class::Authentication, Some("invalid_key"), "");
        assert!(!fails_alike(&own, Endpoint::Transcribe), "nothing was sent");
    }

    #[test]
    fn only_so_many_are_inside_at_a_time() {
        let mut gate = Gate::new(2, None);
        assert_eq!(gate.enter(0.0), Admission::Enter);
        assert_eq!(gate.enter(0.0), Admission::Enter);
        assert_eq!(gate.enter(0.0), Admission::WaitForPlace);
        gate.leave();
        assert_eq!(gate.enter(0.0), Admission::Enter);
    }

    #[test]
    fn no_minute_holds_more_than_its_share() {
        let mut gate = Gate::new(100, Some(3));
        let mut now = 0.0;
        let mut entered: Vec<f64> = Vec::new();
        while entered.len() < 20 {
            match gate.enter(now) {
                Admission::Enter => {
                    gate.leave();
                    entered.push(now);
                    now += 1000.0;
                }
                Admission::WaitMs(ms) => {
                    assert!(ms > 0.0);
                    now += ms;
                }
                Admission::WaitForPlace => unreachable!("nobody stays inside"),
            }
        }
        for window in entered.windows(4) {
            assert!(window[3] - window[0] >= WINDOW_MS, "{window:?}");
        }
    }
}
