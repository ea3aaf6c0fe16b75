//! The state of each key, and the last requests.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Bytes;
use serde::Serialize;
use thetaone_web::core::endpoint::Endpoint;

use crate::decode::Facts;
use crate::error_response::ErrorResponse;
use crate::scenario::{Plan, Scenario, Step};

/// The number of requests that are stored for inspection.
const MAX_RECORDED_REQUESTS: usize = 100;

/// A request, as `/requests` returns it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedRequest {
    /// The number of the request, from 1.
    pub id: u64,
    /// The path of the endpoint.
    pub endpoint: &'static str,
    /// The time of arrival, in milliseconds since the Unix epoch.
    pub received_at: u64,
    /// The scenario of the key.
    pub scenario: Option<&'static str>,
    /// The status of the response, if there was one.
    pub status: Option<u16>,
    /// The names of the form's fields, in order.
    pub fields: Vec<String>,
    /// The options, as they were sent.
    pub options: Option<String>,
    /// The audio.
    pub file: Option<RecordedFile>,
}

/// The audio of a request.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordedFile {
    /// The file name.
    pub name: String,
    /// The content type of the part.
    pub content_type: String,
    /// The size in bytes.
    pub bytes: usize,
    /// The properties of the audio, if it can be decoded.
    #[serde(flatten)]
    pub facts: Option<Facts>,
    /// The content.
    #[serde(skip)]
    pub audio: Bytes,
}

#[derive(Default)]
struct Inner {
    requests: VecDeque<RecordedRequest>,
    counted: u64,
    keys: HashMap<&'static str, Usage>,
}

#[derive(Default)]
struct Usage {
    steps: usize,
    spent: f64,
    sent: VecDeque<Instant>,
}

/// The state of one emulator.
#[derive(Default)]
pub struct EmulatorState(Mutex<Inner>);

impl EmulatorState {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Resets all keys and deletes all requests.
    pub fn reset(&self) {
        *self.inner() = Inner::default();
    }

    /// Returns the next step of the key's script.
    pub fn next_step(&self, scenario: &'static Scenario) -> Step {
        let mut inner = self.inner();
        let usage = inner.keys.entry(scenario.id).or_default();
        let step = scenario
            .script
            .get(usage.steps % scenario.script.len().max(1));
        usage.steps += 1;
        step.copied().unwrap_or(Step::Serve)
    }

    /// Checks that the key is active, has the plan for the endpoint, and is within its rate limit.
    /// Counts the request.
    pub fn admit(
        &self,
        scenario: &'static Scenario,
        endpoint: Endpoint,
    ) -> Result<(), ErrorResponse> {
        let account = scenario.account;
        if !account.active {
            return Err(ErrorResponse::documented(401, "API key is not active"));
        }
        if account.plan == Plan::Free && endpoint != Endpoint::Transcribe {
            return Err(ErrorResponse::documented(402, "This feature requires"));
        }
        let mut inner = self.inner();
        let sent = &mut inner.keys.entry(scenario.id).or_default().sent;
        let minute = Duration::from_secs(60);
        while sent.front().is_some_and(|at| at.elapsed() >= minute) {
            sent.pop_front();
        }
        if sent.len() >= account.plan.requests_per_minute() {
            return Err(ErrorResponse::documented(429, "Rate limit"));
        }
        sent.push_back(Instant::now());
        Ok(())
    }

    /// Subtracts the price of this many seconds of audio from the balance.
    pub fn charge(
        &self,
        scenario: &'static Scenario,
        endpoint: Endpoint,
        seconds: f64,
    ) -> Result<(), ErrorResponse> {
        let price = seconds * endpoint.credits_per_second();
        let mut inner = self.inner();
        let usage = inner.keys.entry(scenario.id).or_default();
        if usage.spent + price > scenario.account.credits {
            return Err(ErrorResponse::documented(402, "Insufficient credits"));
        }
        usage.spent += price;
        Ok(())
    }

    /// Stores a request. Returns its number.
    pub fn record(&self, endpoint: Endpoint, scenario: Option<&'static Scenario>) -> u64 {
        let mut inner = self.inner();
        inner.counted += 1;
        let id = inner.counted;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        inner.requests.push_back(RecordedRequest {
            id,
            endpoint: endpoint.path(),
            received_at: now.map_or(0, |since| since.as_millis() as u64),
            scenario: scenario.map(|scenario| scenario.id),
            status: None,
            fields: Vec::new(),
            options: None,
            file: None,
        });
        while inner.requests.len() > MAX_RECORDED_REQUESTS {
            inner.requests.pop_front();
        }
        id
    }

    /// Changes a stored request.
    pub fn update(&self, id: u64, change: impl FnOnce(&mut RecordedRequest)) {
        let mut inner = self.inner();
        if let Some(request) = inner.requests.iter_mut().find(|request| request.id == id) {
            change(request);
        }
    }

    /// Returns the stored requests, newest last.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.inner().requests.iter().cloned().collect()
    }
}
