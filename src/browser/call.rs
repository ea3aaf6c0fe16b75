//! A call to an endpoint, from the audio to the result: prepare → validate →
//! upload → classify → retry.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use js_sys::{Function, Math, Promise};
use wasm_bindgen::JsValue;

use crate::browser::cancellation::{Outcome, Scope, timeout};
use crate::browser::client_state::Shared;
use crate::browser::clock::{monotonic_ms, timestamp};
use crate::browser::error::{Account, Rejection};
use crate::browser::events::{Attempt, Progress, forward};
use crate::browser::fetch::{OnUploadProgress, is_offline, online};
use crate::browser::form;
use crate::browser::http::AnswerHead;
use crate::browser::js::object::object;
use crate::browser::js::promise::of_js;
use crate::browser::js::read_options::{Options, waited_ms};
use crate::browser::queue::Ticket;
use crate::browser::request_body::Contents;
use crate::browser::upload_progress::Pace;
use crate::core::endpoint::Endpoint;
use crate::core::error::classify::classify;
use crate::core::error::failure::Failure;
use crate::core::options::settings::ClientOptions;
use crate::core::retry::decision::AttemptContext;

/// Runs one call and gives the API's JSON.
pub async fn run(
    client: Rc<Shared>,
    endpoint: Endpoint,
    contents: Function,
    request: JsValue,
) -> Result<JsValue, JsValue> {
    let mut account = Account {
        endpoint: Some(endpoint),
        ..client.account()
    };
    let waited_ms = waited_ms(&request);
    let request = Options::read("request", &request, "REQUEST");
    let own = match &request {
        Ok(request) => client.options.for_call(&request.data),
        Err(_) => client.options.clone(),
    };
    let given = request.as_ref().ok();
    let mut call = Call {
        scope: client.scope(given.and_then(Options::signal), own.deadline_ms, waited_ms),
        ticket: client.queue.ticket(endpoint),
        started_ms: monotonic_ms(),
        on_progress: given.and_then(|request| request.function("onProgress")),
        total_bytes: None,
        attempt: 0,
        sent: None,
        own,
        client,
        endpoint,
    };
    let outcome = match request {
        Ok(_) => call.steps(&contents, &mut account).await,
        Err(rejection) => Err(rejection),
    };
    call.end(outcome, account)
}

struct Call {
    client: Rc<Shared>,
    ticket: Ticket,
    endpoint: Endpoint,
    own: ClientOptions,
    scope: Scope,
    on_progress: Option<Function>,
    started_ms: f64,
    total_bytes: Option<f64>,
    /// The attempt under way or just over, from 1; 0 before the first.
    attempt: u32,
    /// When that attempt went out: UTC, and in milliseconds.
    sent: Option<(String, f64)>,
}

/// What an event says besides what all of them say. No event holds a key, a
/// header or audio.
#[derive(Default)]
struct Told<'a> {
    failure: Option<&'a Failure>,
    reason: Option<&'static str>,
    status: Option<u16>,
    duration_ms: Option<f64>,
    delay_ms: Option<f64>,
}

impl Call {
    async fn steps(&mut self, contents: &Function, account: &mut Account) -> Outcome {
        self.progress("preparing", None);
        let preparing = of_js(|how| {
            let contents = contents.call1(&JsValue::UNDEFINED, how)?;
            Ok(Promise::resolve(&contents))
        });
        let contents = self.scope.guard(pin!(preparing), &mut []).await?;
        let contents = Contents::of_js(&contents)
            .ok_or_else(|| Failure::configuration("there is nothing to send"))?;
        self.total_bytes = Some(contents.blob.size());
        loop {
            self.sent = None;
            let rejection = match self.attempt(&contents).await {
                Ok(result) => return Ok(result),
                Err(rejection) => rejection,
            };
            let delay_ms = self.failed(rejection, account)?;
            let waiting = self.ticket.sit_out(delay_ms);
            self.scope.guard(pin!(waiting), &mut []).await?;
        }
    }

    /// One attempt, the wait for its turn included.
    async fn attempt(&mut self, contents: &Contents) -> Outcome {
        self.wait_for_network().await?;
        let pass = self.ticket.pass();
        let on_wait = || {
            self.tell("queued", Told::default());
            self.progress("queued", None);
        };
        let entering = self.ticket.enter(&pass, &on_wait);
        self.scope.guard(pin!(entering), &mut []).await?;
        let head = self.request_head().await?;
        let form = form::build(contents).map_err(|cause| {
            let problem = "the form could not be built from the arguments";
            Rejection::caused_by(Failure::configuration(problem), cause)
        })?;
        pass.mark_used();
        let sent_ms = self.begin();
        let answered = RefCell::new(None);
        let on_head = |answer: Rc<AnswerHead>| {
            let told = Told {
                status: Some(answer.status),
                duration_ms: Some(monotonic_ms() - sent_ms),
                ..Told::default()
            };
            answered.replace(Some(answer));
            self.tell("response", told);
        };
        let pace = Rc::new(Pace::default());
        let timeout_ms = self.own.attempt_timeout_ms;
        let problem = "the attempt took longer than ";
        let mut timeouts = vec![timeout(timeout_ms, "attempt", problem)];
        timeouts.extend(self.own.upload_stall_ms.map(|ms| pace.stalled(ms)));
        let on_sent = self.watch(pace);
        let transport = &self.client.transport;
        let on_sent = on_sent.as_ref();
        let sending = transport.send(self.endpoint, &form, &head, on_sent, &on_head);
        let outcome = self.scope.guard(pin!(sending), &mut timeouts).await;
        match (outcome, answered.take()) {
            // A refusal whose body does not come is one all the same.
            (Err(why), Some(answer)) if why.failure.ended_the_attempt() && !answer.is_success() => {
                Err(classify(&answer.with(&[])).into())
            }
            (outcome, _) => outcome,
        }
    }

    /// The headers of one request. Asking for them is no part of the attempt, but may
    /// take as long as one.
    async fn request_head(&self) -> Outcome {
        let asking = self.client.transport.request_head();
        let problem = "the functions options.headers and options.apiKey took longer than ";
        let timeout = timeout(self.own.attempt_timeout_ms, "attempt", problem);
        self.scope.guard(pin!(asking), &mut [timeout]).await
    }

    /// An attempt goes out; gives when.
    fn begin(&mut self) -> f64 {
        self.attempt += 1;
        let sent_ms = monotonic_ms();
        self.sent = Some((timestamp(), sent_ms));
        self.tell("attempt", Told::default());
        self.progress("uploading", None);
        sent_ms
    }

    /// An attempt failed: after how many milliseconds there is another.
    fn failed(&mut self, rejection: Rejection, account: &mut Account) -> Result<f64, Rejection> {
        let failure = &rejection.failure;
        let Some((started_at, started_ms)) = self.sent.take() else {
            return Err(rejection);
        };
        let queue = &self.client.queue;
        let context = AttemptContext {
            attempt: self.attempt,
            remaining_ms: self.scope.remaining_ms(),
            opens_in_ms: queue.opens_in_ms(),
        };
        let next = self.own.retry.decide(failure, context, Math::random());
        if next.pause_all_ms > 0.0 {
            queue.close_for(next.pause_all_ms);
        }
        queue.learn(&rejection);
        let delay_ms = next.retry_in_ms;
        account.attempts.push(Attempt {
            started_at,
            duration_ms: monotonic_ms() - started_ms,
            status: failure.status,
            code: failure.row.code,
            delay_ms,
        });
        let Some(delay_ms) = delay_ms else {
            return Err(rejection);
        };
        let told = Told {
            failure: Some(failure),
            delay_ms: Some(delay_ms),
            ..Told::default()
        };
        self.tell("retry", told);
        self.progress("waiting", Some(delay_ms));
        Ok(delay_ms)
    }

    /// The call is over.
    fn end(&self, outcome: Outcome, mut account: Account) -> Result<JsValue, JsValue> {
        let told = Told {
            duration_ms: Some(monotonic_ms() - self.started_ms),
            ..Told::default()
        };
        let rejection = match outcome {
            Ok(result) => {
                self.tell("success", told);
                return Ok(result);
            }
            Err(rejection) => rejection,
        };
        let failure = &rejection.failure;
        if failure.is_timeout() {
            account.retryable = Some(self.own.retry.allows(failure));
        }
        let told = Told {
            failure: Some(failure),
            ..told
        };
        self.tell("failure", told);
        Err(rejection.after(account.attempts.len()).into_js(account))
    }

    /// Waits until the device is online: an attempt would only be wasted. Who
    /// wants no patience with connections gets none here either.
    async fn wait_for_network(&self) -> Result<(), Rejection> {
        let is_offline = || is_offline(&self.client.transport.base_url);
        if is_offline() && self.own.retry.connection {
            let told = Told {
                reason: Some("offline"),
                ..Told::default()
            };
            self.tell("queued", told);
            self.progress("waiting", None);
            while is_offline() {
                self.scope.guard(pin!(online()), &mut []).await?;
            }
        }
        Ok(())
    }

    /// Hears how the upload gets on, if anybody wants to know.
    fn watch(&self, pace: Rc<Pace>) -> Option<OnUploadProgress> {
        if self.on_progress.is_none() && self.own.upload_stall_ms.is_none() {
            return None;
        }
        let on_progress = self.on_progress.clone();
        let progress = self.progress_of("uploading", None);
        Some(OnUploadProgress::new(move |share| {
            if !pace.moved(share) {
                return;
            }
            let total = progress.total_bytes.unwrap_or_default();
            let mut progress = Progress {
                sent_bytes: Some((share * total).floor()),
                ..progress.clone()
            };
            progress.tell(on_progress.as_ref());
            if share >= 1.0 {
                progress.phase = "processing";
                progress.tell(on_progress.as_ref());
            }
        }))
    }

    fn progress(&self, phase: &'static str, delay_ms: Option<f64>) {
        let progress = self.progress_of(phase, delay_ms);
        progress.tell(self.on_progress.as_ref());
    }

    fn progress_of(&self, phase: &'static str, delay_ms: Option<f64>) -> Progress {
        Progress {
            phase,
            attempt: self.attempt.max(1),
            max_attempts: self.own.retry.max_attempts,
            sent_bytes: None,
            total_bytes: self.total_bytes,
            delay_ms,
        }
    }

    /// Tells `onEvent` of an `attempt`, `response`, `retry`, `queued`, `success` or
    /// `failure`.
    fn tell(&self, kind: &'static str, told: Told) {
        let Some(on_event) = &self.client.on_event else {
            return;
        };
        let row = told.failure.map(|failure| failure.row);
        let status = told.failure.map_or(told.status, |failure| failure.status);
        let event = object(&[
            ("type", kind.into()),
            ("endpoint", self.endpoint.path().into()),
            ("attempt", self.attempt.into()),
            ("maxAttempts", self.own.retry.max_attempts.into()),
            ("at", timestamp().into()),
            ("status", status.into()),
            ("code", row.map(|row| row.code).into()),
            ("reason", row.map_or(told.reason, |row| row.reason).into()),
            ("durationMs", told.duration_ms.into()),
            ("delayMs", told.delay_ms.into()),
        ]);
        forward(on_event, &event);
    }
}
