//! A page with one call to make, under the rules of one library or another.

use thetaone_web::core::aftermath::Moment;
use thetaone_web::core::error::Failure;
use thetaone_web::core::gate::{Admission, Gate};
use thetaone_web::core::retry::RetryPolicy;
use thetaone_web::core::turns::{Turns, turn_ms};

use super::random::Random;
use super::server::QUOTA;

/// How a page retries.
#[derive(Clone, Debug, PartialEq)]
pub enum Recipe {
    /// This SDK's core, as src/browser/call.rs asks it.
    Ours(RetryPolicy),
    /// The API's Error Reference: three attempts, waits of 1 s and 2 s, and no
    /// look at `Retry-After`. What it does about failed connections is not
    /// said; the same is assumed.
    Vendor,
    /// openai-node: `maxRetries` 2, from 0.5 s doubling to 8 s, up to a quarter
    /// off at random; `Retry-After` as it stands if it is below a minute.
    /// (The newest sources have dropped the minute.)
    OpenAi,
    /// p-retry around fetch: 10 retries from 1 s, doubling without an end;
    /// `randomize` multiplies by 1 to 2, and is off by default.
    PRetry { randomize: bool },
}

impl Recipe {
    /// `retry: { maxAttempts, baseDelayMs, maxDelayMs }`.
    pub fn ours(max_attempts: u32, base_delay_ms: f64, max_delay_ms: f64) -> Self {
        Recipe::Ours(RetryPolicy {
            max_attempts,
            base_delay_ms,
            max_delay_ms,
            ..RetryPolicy::default()
        })
    }

    /// The same for pages that know about how many they are.
    pub fn taking_turns(max_attempts: u32, clients: usize) -> Self {
        Recipe::Ours(RetryPolicy {
            max_attempts,
            turn_ms: Some(turn_ms(QUOTA as f64, clients as f64)),
            ..RetryPolicy::default()
        })
    }
}

/// One page.
pub struct Page {
    recipe: Recipe,
    gate: Gate,
    turns: Turns,
    /// The attempt under way or just over, from 1; 0 before the first.
    pub attempt: u32,
}

impl Page {
    pub fn new(recipe: &Recipe) -> Self {
        Page {
            recipe: recipe.clone(),
            gate: Gate::new(4, None),
            turns: Turns::default(),
            attempt: 0,
        }
    }

    /// Asks to send at `now_ms`; the time to wait where it is not to be yet.
    pub fn send(&mut self, now_ms: f64) -> Result<(), f64> {
        if let Recipe::Ours(_) = self.recipe {
            match self.gate.enter(now_ms) {
                Admission::Enter => {}
                Admission::WaitMs(ms) => return Err(ms),
                Admission::WaitForPlace => unreachable!("a page has one call"),
            }
        }
        self.attempt += 1;
        Ok(())
    }

    /// What the page does about a failure that came at `now_ms`: the wait
    /// before it sends again, or nothing more.
    pub fn failed(&mut self, failure: &Failure, now_ms: f64, random: &mut Random) -> Option<f64> {
        let attempt = self.attempt;
        match &self.recipe {
            Recipe::Ours(retry) => {
                self.gate.leave();
                let moment = Moment {
                    attempt,
                    now_ms,
                    remaining_ms: None,
                    opens_in_ms: self.gate.opens_in_ms(now_ms),
                };
                let random = [random.draw(), random.draw()];
                let next = retry.aftermath(&mut self.turns, failure, moment, random);
                self.gate.close_until(now_ms + next.closes_for_ms);
                next.delay_ms
            }
            Recipe::Vendor => (attempt < 3).then(|| doubled(1000.0, attempt)),
            Recipe::OpenAi => (attempt < 3).then(|| match failure.retry_after_ms {
                Some(ms) if ms > 0.0 && ms < 60_000.0 => ms,
                _ => doubled(500.0, attempt).min(8000.0) * (1.0 - 0.25 * random.draw()),
            }),
            Recipe::PRetry { randomize } => (attempt < 11).then(|| {
                let factor = if *randomize { 1.0 + random.draw() } else { 1.0 };
                factor * doubled(1000.0, attempt)
            }),
        }
    }
}

fn doubled(first_ms: f64, attempt: u32) -> f64 {
    first_ms * 2f64.powi(attempt as i32 - 1)
}
