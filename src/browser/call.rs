//! A call to an endpoint, from the audio to the result: prepare → validate →
//! upload → classify → retry.

use std::rc::Rc;

use js_sys::{Function, Math};
use wasm_bindgen::JsValue;

use super::client::Shared;
use super::clock::{monotonic_ms, timestamp, unless, within};
use super::error::{Account, Rejection};
use super::events::{Attempt, Event, Progress, notify};
use super::form::{self, Audio};
use super::input::Options;
use super::online::{is_offline, online};
use super::parcel::{Contents, Parcel};
use super::queue::Ticket;
use super::scope::Scope;
use super::upload::Pace;
use crate::core::catalogue::Class;
use crate::core::error::{Failure, Origin};
use crate::core::options::{ClientOptions, REQUEST};
use crate::core::request::Endpoint;
use crate::core::retry::Decision;

/// Runs one call and gives the API's JSON.
pub async fn run(
    client: Rc<Shared>,
    endpoint: Endpoint,
    parcel: &Parcel,
    request: JsValue,
) -> Result<JsValue, JsValue> {
    let mut account = Account {
        endpoint: Some(endpoint),
        ..client.account()
    };
    let request = match Options::read("request", &request, REQUEST) {
        Ok(request) => request,
        Err(rejection) => return Err(rejection.into_js(&account)),
    };
    let own = client.options.for_call(&request.data);
    let scope = client.scope(request.signal(), own.deadline_ms);
    let ticket = client.queue.ticket(endpoint);
    let mut call = Call {
        ticket,
        started_ms: monotonic_ms(),
        on_progress: request.function("onProgress"),
        total_bytes: None,
        attempt: 0,
        sent: None,
        own,
        scope,
        client,
        endpoint,
    };
    match call.steps(parcel, &mut account).await {
        Ok(result) => {
            call.tell("success", |event| {
                event.duration_ms = Some(call.elapsed_ms());
            });
            Ok(result)
        }
        Err(rejection) => {
            let row = rejection.failure.row;
            if rejection.failure.is_timeout() {
                account.retryable = Some(call.own.retry.allows(&rejection.failure));
            }
            call.tell("failure", |event| {
                event.code = Some(row.code);
                event.reason = row.reason;
                event.status = rejection.failure.status;
                event.duration_ms = Some(call.elapsed_ms());
            });
            Err(rejection.into_js(&account))
        }
    }
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

impl Call {
    async fn steps(
        &mut self,
        parcel: &Parcel,
        account: &mut Account,
    ) -> Result<JsValue, Rejection> {
        self.progress("preparing", None);
        let contents = parcel.contents(self.endpoint);
        let Contents { audio, fields } = self.scope.guard(contents).await??;
        self.total_bytes = Some(audio.blob.size());
        loop {
            self.sent = None;
            let rejection = match self.attempt(&audio, &fields).await {
                Ok(result) => {
                    self.client.turns.borrow_mut().served(monotonic_ms());
                    return Ok(result);
                }
                Err(rejection) => rejection,
            };
            let failure = &rejection.failure;
            let Some((started_at, started_ms)) = self.sent.take().filter(|_| !is_refusal(failure))
            else {
                return Err(rejection);
            };
            let random = Math::random();
            let retry = &self.own.retry;
            let pause_ms = self.pause_ms(failure);
            let left_ms = self.scope.remaining_ms();
            let decision =
                retry.decide_not_before(pause_ms, self.attempt, failure, left_ms, random);
            let delay_ms = match decision {
                Decision::RetryIn(delay_ms) => Some(delay_ms),
                Decision::GiveUp => None,
            };
            let backoff_ms = retry.backoff_ms(self.attempt, random);
            self.client
                .queue
                .learn(&rejection, delay_ms.unwrap_or(backoff_ms));
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
            self.tell("retry", |event| {
                event.code = Some(failure.row.code);
                event.reason = failure.row.reason;
                event.status = failure.status;
                event.delay_ms = Some(delay_ms);
            });
            self.progress("waiting", Some(delay_ms));
            self.scope.guard(self.ticket.sit_out(delay_ms)).await??;
        }
    }

    /// How long this client stays away, if it shares its key: all of its calls.
    fn pause_ms(&self, failure: &Failure) -> f64 {
        let mut turns = self.client.turns.borrow_mut();
        let retry = &self.own.retry;
        let pause_ms = retry.pause_ms(&mut turns, failure, monotonic_ms(), Math::random());
        if pause_ms > 0.0 {
            self.client.queue.close_for(pause_ms);
        }
        pause_ms
    }

    /// One attempt, the wait for its turn included.
    async fn attempt(
        &mut self,
        audio: &Audio,
        fields: &[(&'static str, String)],
    ) -> Result<JsValue, Rejection> {
        self.wait_for_network().await?;
        let on_wait = || {
            self.tell("queued", |_| {});
            self.progress("queued", None);
        };
        let pass = self.scope.guard(self.ticket.enter(on_wait)).await??;
        self.attempt += 1;
        let sent_ms = monotonic_ms();
        self.sent = Some((timestamp(), sent_ms));
        self.tell("attempt", |_| {});
        self.progress("uploading", None);
        let form = form::build(audio, fields).map_err(|cause| {
            Rejection::caused_by(
                Failure::configuration("the form could not be built from the arguments"),
                cause,
            )
        })?;
        let on_status = |status| {
            self.tell("response", |event| {
                event.status = Some(status);
                event.duration_ms = Some(monotonic_ms() - sent_ms);
            });
        };
        let pace = self.pace();
        let stall_ms = self.own.upload_stall_ms;
        let sending = self
            .client
            .transport
            .send(self.endpoint, &form, pace.clone(), on_status);
        let watched = async {
            match (pace, stall_ms) {
                (Some(pace), Some(ms)) => unless(sending, pace.stalled(ms)).await,
                _ => Some(sending.await),
            }
        };
        let outcome = self
            .scope
            .guard(within(self.own.attempt_timeout_ms, watched))
            .await?;
        drop(pass);
        let timeout = |reason, problem: String| {
            Err(Failure::client(Class::Timeout, Some(reason), problem).into())
        };
        match outcome {
            Some(Some(outcome)) => outcome,
            Some(None) => {
                let ms = stall_ms.unwrap_or_default() as u64;
                timeout("stall", format!("no byte went up for {ms} ms"))
            }
            None => {
                let ms = self.own.attempt_timeout_ms as u64;
                timeout("attempt", format!("the attempt took longer than {ms} ms"))
            }
        }
    }

    /// Waits until the device is online: an attempt would only be wasted. Who
    /// wants no patience with connections gets none here either.
    async fn wait_for_network(&self) -> Result<(), Rejection> {
        if is_offline() && self.own.retry.connection {
            self.tell("queued", |event| event.reason = Some("offline"));
            self.progress("waiting", None);
            while is_offline() {
                self.scope.guard(online()).await?;
            }
        }
        Ok(())
    }

    /// How the upload gets on, if anybody wants to know.
    fn pace(&self) -> Option<Rc<Pace>> {
        if self.on_progress.is_none() && self.own.upload_stall_ms.is_none() {
            return None;
        }
        let on_progress = self.on_progress.clone();
        let progress = self.progress_of("uploading", None);
        Some(Pace::new(Rc::new(move |share| {
            let total = progress.total_bytes.unwrap_or_default();
            let sent_bytes = Some((share * total).floor());
            let progress = Progress {
                sent_bytes,
                ..progress.clone()
            };
            notify(on_progress.as_ref(), &progress);
            if share >= 1.0 {
                let phase = "processing";
                notify(on_progress.as_ref(), &Progress { phase, ..progress });
            }
        })))
    }

    fn elapsed_ms(&self) -> f64 {
        monotonic_ms() - self.started_ms
    }

    fn progress(&self, phase: &'static str, delay_ms: Option<f64>) {
        notify(
            self.on_progress.as_ref(),
            &self.progress_of(phase, delay_ms),
        );
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

    fn tell(&self, kind: &'static str, fill: impl FnOnce(&mut Event)) {
        let Some(on_event) = &self.client.on_event else {
            return;
        };
        let mut event = Event {
            kind,
            endpoint: self.endpoint.path(),
            attempt: self.attempt,
            max_attempts: self.own.retry.max_attempts,
            at: timestamp(),
            status: None,
            code: None,
            reason: None,
            duration_ms: None,
            delay_ms: None,
        };
        fill(&mut event);
        notify(Some(on_event), &event);
    }
}

/// Whether the attempt was refused on this side, as it was put together:
/// nothing was sent, so nothing was attempted.
fn is_refusal(failure: &Failure) -> bool {
    failure.origin == Origin::Client
        && matches!(
            failure.row.class,
            Class::Configuration | Class::Authentication
        )
}
