//! A call to an endpoint, from the audio to the result: prepare → validate → upload → classify →
//! retry.

use std::cell::RefCell;
use std::pin::pin;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;

use crate::browser::cancellation::{CancellationScope, timeout};
use crate::browser::client_state::ClientState;
use crate::browser::clock::{monotonic_ms, timestamp};
use crate::browser::error::{ErrorContext, Rejection};
use crate::browser::events::{Attempt, Progress, invoke_callback};
use crate::browser::form;
use crate::browser::http::ResponseStart;
use crate::browser::js::JsResult;
use crate::browser::js::imports::{OnUploadProgress, is_offline, jitter, until_online};
use crate::browser::js::object::object;
use crate::browser::js::promise::await_js;
use crate::browser::js::read_options::Options;
use crate::browser::queue::QueueTicket;
use crate::browser::request_body::RequestBody;
use crate::browser::upload_progress::UploadStallTimer;
use crate::core::endpoint::Endpoint;
use crate::core::error::classify::classify;
use crate::core::error::failure::Failure;
use crate::core::options::settings::ClientOptions;
use crate::core::retry::decision::AttemptContext;

/// Runs one call and returns the API's JSON. `elapsed_ms` is the time that the call has taken
/// already.
pub(crate) async fn run(
    client: Rc<ClientState>,
    endpoint: Endpoint,
    prepare: Function,
    request: JsValue,
    elapsed_ms: f64,
) -> Result<JsValue, JsValue> {
    let mut context = ErrorContext {
        endpoint: Some(endpoint),
        ..client.error_context()
    };
    let request = Options::read("request", &request, "REQUEST");
    let options = match &request {
        Ok(request) => client.options.for_call(&request.data),
        Err(_) => client.options.clone(),
    };
    let valid = request.as_ref().ok();
    let mut call = Call {
        scope: client.scope(
            valid.and_then(Options::signal),
            options.deadline_ms,
            elapsed_ms,
        ),
        ticket: client.queue.ticket(endpoint),
        started_ms: monotonic_ms(),
        on_progress: valid.and_then(|request| request.function("onProgress")),
        total_bytes: None,
        attempt: 0,
        attempt_started: None,
        options,
        client,
        endpoint,
    };
    let outcome = match request {
        Ok(_) => call.run_attempts(&prepare, &mut context).await,
        Err(rejection) => Err(rejection),
    };
    call.finish(outcome, context)
}

struct Call {
    client: Rc<ClientState>,
    ticket: QueueTicket,
    endpoint: Endpoint,
    options: ClientOptions,
    scope: CancellationScope,
    on_progress: Option<Function>,
    started_ms: f64,
    total_bytes: Option<f64>,
    /// The number of the current or last attempt, from 1; 0 before the first.
    attempt: u32,
    /// The time at which that attempt was sent: in UTC, and on the monotonic clock.
    attempt_started: Option<(String, f64)>,
}

/// The fields of an event that not all events have. No event holds a key, a header or audio.
#[derive(Default)]
struct EventFields<'a> {
    failure: Option<&'a Failure>,
    reason: Option<&'static str>,
    status: Option<u16>,
    duration_ms: Option<f64>,
    delay_ms: Option<f64>,
}

impl Call {
    async fn run_attempts(&mut self, prepare: &Function, context: &mut ErrorContext) -> JsResult {
        self.emit_progress("preparing", None);
        let preparing = await_js(|controller| {
            let body = prepare.call1(&JsValue::UNDEFINED, controller)?;
            Ok(Promise::resolve(&body))
        });
        let body = self.scope.run(pin!(preparing), &mut []).await?;
        let body = RequestBody::from_js(&body)
            .ok_or_else(|| Failure::configuration("there is nothing to send"))?;
        self.total_bytes = Some(body.blob.size());
        loop {
            self.attempt_started = None;
            let rejection = match self.attempt(&body).await {
                Ok(result) => return Ok(result),
                Err(rejection) => rejection,
            };
            let delay_ms = self.on_attempt_failed(rejection, context)?;
            let waiting = self.ticket.wait_backoff(delay_ms);
            self.scope.run(pin!(waiting), &mut []).await?;
        }
    }

    /// Makes one attempt, including the wait in the queue.
    async fn attempt(&mut self, body: &RequestBody) -> JsResult {
        self.wait_until_online().await?;
        let permit = self.ticket.permit();
        let on_wait = || {
            self.emit("queued", EventFields::default());
            self.emit_progress("queued", None);
        };
        let acquiring = self.ticket.acquire(&permit, &on_wait);
        self.scope.run(pin!(acquiring), &mut []).await?;
        let headers = self.request_headers().await?;
        let form = form::build(body).map_err(|cause| {
            let problem = "the form could not be built from the arguments";
            Rejection::caused_by(Failure::configuration(problem), cause)
        })?;
        permit.mark_sent();
        let sent_ms = self.start_attempt();
        let response = RefCell::new(None);
        let on_response = |start: Rc<ResponseStart>| {
            let fields = EventFields {
                status: Some(start.status),
                duration_ms: Some(monotonic_ms() - sent_ms),
                ..EventFields::default()
            };
            response.replace(Some(start));
            self.emit("response", fields);
        };
        let stall_timer = Rc::new(UploadStallTimer::default());
        let timeout_ms = self.options.attempt_timeout_ms;
        let problem = "the attempt took longer than ";
        let mut timeouts = vec![timeout(timeout_ms, "attempt", problem)];
        let stall_ms = self.options.upload_stall_ms;
        timeouts.extend(stall_ms.map(|ms| stall_timer.stall_timeout(ms)));
        let on_progress = self.upload_progress_callback(stall_timer);
        let on_progress = on_progress.as_ref();
        let transport = &self.client.transport;
        let sending = transport.send(self.endpoint, &form, &headers, on_progress, &on_response);
        let outcome = self.scope.run(pin!(sending), &mut timeouts).await;
        match (outcome, response.take()) {
            // An error response whose body does not arrive is an error response all the same.
            (Err(rejection), Some(start))
                if rejection.failure().is_attempt_timeout() && !start.is_success() =>
            {
                Err(classify(&start.with_detail(None)).into())
            }
            (outcome, _) => outcome,
        }
    }

    /// Resolves the headers of one request. Not part of the attempt, but with the same time limit.
    async fn request_headers(&self) -> JsResult {
        let resolving = self.client.transport.request_headers();
        let problem = "the functions options.headers and options.apiKey took longer than ";
        let timeout = timeout(self.options.attempt_timeout_ms, "attempt", problem);
        self.scope.run(pin!(resolving), &mut [timeout]).await
    }

    /// Records that an attempt is sent now; returns the time.
    fn start_attempt(&mut self) -> f64 {
        self.attempt += 1;
        let sent_ms = monotonic_ms();
        self.attempt_started = Some((timestamp(), sent_ms));
        self.emit("attempt", EventFields::default());
        self.emit_progress("uploading", None);
        sent_ms
    }

    /// Handles a failed attempt. Returns the wait before the next attempt, in milliseconds, or the
    /// rejection if there is no next attempt.
    fn on_attempt_failed(
        &mut self,
        rejection: Rejection,
        context: &mut ErrorContext,
    ) -> Result<f64, Rejection> {
        let failure = rejection.failure();
        let Some((started_at, started_ms)) = self.attempt_started.take() else {
            return Err(rejection);
        };
        let queue = &self.client.queue;
        let attempt = AttemptContext {
            attempt: self.attempt,
            remaining_ms: self.scope.remaining_ms(),
            time_until_open_ms: queue.time_until_open_ms(),
        };
        let decision = self.options.retry.decide(failure, attempt, jitter());
        if decision.pause_all_ms > 0.0 {
            queue.pause_for(decision.pause_all_ms);
        }
        queue.fail_equivalent_calls(&rejection);
        let delay_ms = decision.retry_in_ms;
        context.attempts.push(Attempt {
            started_at,
            duration_ms: monotonic_ms() - started_ms,
            status: failure.status,
            code: failure.spec.code,
            delay_ms,
        });
        let Some(delay_ms) = delay_ms else {
            return Err(rejection);
        };
        let fields = EventFields {
            failure: Some(failure),
            delay_ms: Some(delay_ms),
            ..EventFields::default()
        };
        self.emit("retry", fields);
        self.emit_progress("waiting", Some(delay_ms));
        Ok(delay_ms)
    }

    /// Emits the last event of the call, and converts its outcome for JavaScript.
    fn finish(&self, outcome: JsResult, mut context: ErrorContext) -> Result<JsValue, JsValue> {
        let fields = EventFields {
            duration_ms: Some(monotonic_ms() - self.started_ms),
            ..EventFields::default()
        };
        let rejection = match outcome {
            Ok(result) => {
                self.emit("success", fields);
                return Ok(result);
            }
            Err(rejection) => rejection,
        };
        let failure = rejection.failure();
        if failure.is_timeout() {
            context.retryable = Some(self.options.retry.allows(failure));
        }
        let fields = EventFields {
            failure: Some(failure),
            ..fields
        };
        self.emit("failure", fields);
        let rejection = rejection.with_attempt_count(context.attempts.len());
        Err(rejection.into_js_error(context))
    }

    /// Waits until the device is online, because an attempt would fail anyway. Skipped if
    /// `retry.connection` is `false`.
    async fn wait_until_online(&self) -> Result<(), Rejection> {
        let is_offline = || is_offline(&self.client.transport.base_url);
        if is_offline() && self.options.retry.connection {
            let fields = EventFields {
                reason: Some("offline"),
                ..EventFields::default()
            };
            self.emit("queued", fields);
            self.emit_progress("waiting", None);
            while is_offline() {
                let waiting = await_js(|controller| Ok(until_online(&controller.signal())));
                self.scope.run(pin!(waiting), &mut []).await?;
            }
        }
        Ok(())
    }

    /// Returns a callback for the progress of an upload; `None` if neither `onProgress` nor
    /// `uploadStallMs` is set.
    fn upload_progress_callback(
        &self,
        stall_timer: Rc<UploadStallTimer>,
    ) -> Option<OnUploadProgress> {
        if self.on_progress.is_none() && self.options.upload_stall_ms.is_none() {
            return None;
        }
        let on_progress = self.on_progress.clone();
        let template = self.progress_event("uploading", None);
        Some(OnUploadProgress::new(move |share| {
            if !stall_timer.record_progress(share) {
                return;
            }
            let total_bytes = template.total_bytes.unwrap_or_default();
            let mut progress = Progress {
                sent_bytes: Some((share * total_bytes).floor()),
                ..template.clone()
            };
            progress.emit(on_progress.as_ref());
            if share >= 1.0 {
                progress.phase = "processing";
                progress.emit(on_progress.as_ref());
            }
        }))
    }

    fn emit_progress(&self, phase: &'static str, delay_ms: Option<f64>) {
        let progress = self.progress_event(phase, delay_ms);
        progress.emit(self.on_progress.as_ref());
    }

    fn progress_event(&self, phase: &'static str, delay_ms: Option<f64>) -> Progress {
        Progress {
            phase,
            attempt: self.attempt.max(1),
            max_attempts: self.options.retry.max_attempts,
            sent_bytes: None,
            total_bytes: self.total_bytes,
            delay_ms,
        }
    }

    /// Emits an event of the type `attempt`, `response`, `retry`, `queued`, `success` or
    /// `failure`.
    fn emit(&self, event_type: &'static str, fields: EventFields) {
        let Some(on_event) = &self.client.on_event else {
            return;
        };
        let spec = fields.failure.map(|failure| failure.spec);
        let failure_status = |failure: &Failure| failure.status;
        let status = fields.failure.map_or(fields.status, failure_status);
        let reason = spec.map_or(fields.reason, |spec| spec.reason);
        let event = object(&[
            ("type", event_type.into()),
            ("endpoint", self.endpoint.path().into()),
            ("attempt", self.attempt.into()),
            ("maxAttempts", self.options.retry.max_attempts.into()),
            ("at", timestamp().into()),
            ("status", status.into()),
            ("code", spec.map(|spec| spec.code).into()),
            ("reason", reason.into()),
            ("durationMs", fields.duration_ms.into()),
            ("delayMs", fields.delay_ms.into()),
        ]);
        invoke_callback(on_event, &event);
    }
}
