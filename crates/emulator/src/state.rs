//! What the emulator remembers of each key, and of the last requests.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Bytes;
use serde::Serialize;
use thetaone_web::core::endpoint::Endpoint;

use crate::decode::Facts;
use crate::error_response::Refusal;
use crate::scenario::{Plan, Scenario, Step};

/// How many requests are kept for inspection.
const KEPT_REQUESTS: usize = 100;

/// A request, as `/requests` shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// Counted from 1.
    pub id: u64,
    /// The path.
    pub endpoint: &'static str,
    /// In milliseconds since the Unix epoch.
    pub received_at: u64,
    /// The scenario of its key.
    pub scenario: Option<&'static str>,
    /// The answer's status; absent where there was none.
    pub status: Option<u16>,
    /// The names of the form's fields, in order.
    pub fields: Vec<String>,
    /// The raw options.
    pub options: Option<String>,
    /// The audio.
    pub file: Option<SeenFile>,
}

/// The audio of a request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenFile {
    /// The file name.
    pub name: String,
    /// The part's content type.
    pub content_type: String,
    /// The size.
    pub bytes: usize,
    /// What it decodes to; absent where it does not.
    #[serde(flatten)]
    pub facts: Option<Facts>,
    /// The bytes themselves.
    #[serde(skip)]
    pub audio: Bytes,
}

#[derive(Default)]
struct State {
    requests: VecDeque<Seen>,
    counted: u64,
    keys: HashMap<&'static str, Usage>,
}

#[derive(Default)]
struct Usage {
    steps: usize,
    spent: f64,
    sent: VecDeque<Instant>,
}

/// The memory of one emulator.
#[derive(Default)]
pub struct Ledger(Mutex<State>);

impl Ledger {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets everything.
    pub fn reset(&self) {
        *self.state() = State::default();
    }

    /// The next step of the key's script.
    pub fn next_step(&self, scenario: &'static Scenario) -> Step {
        let mut state = self.state();
        let usage = state.keys.entry(scenario.id).or_default();
        let step = scenario
            .script
            .get(usage.steps % scenario.script.len().max(1));
        usage.steps += 1;
        step.copied().unwrap_or(Step::Serve)
    }

    /// Whether the key may be used for this, now.
    pub fn admit(&self, scenario: &'static Scenario, endpoint: Endpoint) -> Result<(), Refusal> {
        let account = scenario.account;
        if !account.active {
            return Err(Refusal::row(401, "API key is not active"));
        }
        if account.plan == Plan::Free && endpoint != Endpoint::Transcribe {
            return Err(Refusal::row(402, "This feature requires"));
        }
        let mut state = self.state();
        let sent = &mut state.keys.entry(scenario.id).or_default().sent;
        let minute = Duration::from_secs(60);
        while sent.front().is_some_and(|at| at.elapsed() >= minute) {
            sent.pop_front();
        }
        if sent.len() >= account.plan.requests_per_minute() {
            return Err(Refusal::row(429, "Rate limit"));
        }
        sent.push_back(Instant::now());
        Ok(())
    }

    /// Takes the price of this many seconds of audio from the balance.
    pub fn charge(
        &self,
        scenario: &'static Scenario,
        endpoint: Endpoint,
        seconds: f64,
    ) -> Result<(), Refusal> {
        let price = seconds * endpoint.credits_per_second();
        let mut state = self.state();
        let usage = state.keys.entry(scenario.id).or_default();
        if usage.spent + price > scenario.account.credits {
            return Err(Refusal::row(402, "Insufficient credits"));
        }
        usage.spent += price;
        Ok(())
    }

    /// Remembers a request; gives its number.
    pub fn remember(&self, endpoint: Endpoint, scenario: Option<&'static Scenario>) -> u64 {
        let mut state = self.state();
        state.counted += 1;
        let id = state.counted;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        state.requests.push_back(Seen {
            id,
            endpoint: endpoint.path(),
            received_at: now.map_or(0, |since| since.as_millis() as u64),
            scenario: scenario.map(|scenario| scenario.id),
            status: None,
            fields: Vec::new(),
            options: None,
            file: None,
        });
        while state.requests.len() > KEPT_REQUESTS {
            state.requests.pop_front();
        }
        id
    }

    /// Adds what became known of a request.
    pub fn amend(&self, id: u64, change: impl FnOnce(&mut Seen)) {
        let mut state = self.state();
        if let Some(seen) = state.requests.iter_mut().find(|seen| seen.id == id) {
            change(seen);
        }
    }

    /// The requests kept, newest last.
    pub fn requests(&self) -> Vec<Seen> {
        self.state().requests.iter().cloned().collect()
    }
}
