//! What follows from a failed attempt: for the call that made it, and for all
//! calls of its client.

use super::error::Failure;
use super::gate::closes_for_ms;
use super::retry::{Decision, RetryPolicy};
use super::turns::Turns;

/// When an attempt failed, and what the client knows of the time to come.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// Which attempt of its call it was, from 1.
    pub attempt: u32,
    /// Now, in milliseconds, on any clock that only goes forward.
    pub now_ms: f64,
    /// What is left of the deadline, in milliseconds, if there is one.
    pub remaining_ms: Option<f64>,
    /// How long the gate lets nobody in, in milliseconds.
    pub opens_in_ms: f64,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Aftermath {
    /// After how many milliseconds the call sends again; `None` where it fails
    /// with the error in hand.
    pub delay_ms: Option<f64>,
    /// For how many milliseconds the gate closes, for all calls; 0 where it stays
    /// as it is.
    pub closes_for_ms: f64,
}

impl RetryPolicy {
    /// What follows from `failure`. Both random numbers are uniform in `[0, 1)`: for
    /// the backoff, and for the turn of a client that takes turns.
    pub fn aftermath(
        &self,
        turns: &mut Turns,
        failure: &Failure,
        moment: Moment,
        random: [f64; 2],
    ) -> Aftermath {
        let [jitter, turn] = random;
        let pause_ms = self.pause_ms(turns, failure, moment.now_ms, turn);
        // Past a gate that stays closed for longer, no deadline can be met.
        let is_too_late = |left_ms: &f64| moment.opens_in_ms >= *left_ms;
        let remaining_ms = match moment.remaining_ms.filter(is_too_late) {
            Some(_) => Some(0.0),
            None => moment.remaining_ms,
        };
        let attempt = moment.attempt;
        let delay_ms =
            match self.decide_not_before(pause_ms, attempt, failure, remaining_ms, jitter) {
                Decision::RetryIn(delay_ms) => Some(delay_ms),
                Decision::GiveUp => None,
            };
        let wait_ms = delay_ms.unwrap_or(self.backoff_ms(attempt, jitter));
        Aftermath {
            delay_ms,
            closes_for_ms: closes_for_ms(failure, wait_ms).unwrap_or(0.0).max(pause_ms),
        }
    }
}
