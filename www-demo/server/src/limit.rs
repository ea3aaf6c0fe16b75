//! Keeps the key's quota: what is above it is answered here, and everybody is
//! told a moment of their own to come back.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use emulator::error_response::Refusal;
use slots::Slots;

/// The quota of the key, for all pages together.
pub(crate) struct Limit {
    slots: Mutex<Slots>,
    since: Instant,
}

impl Limit {
    /// So many requests a minute.
    pub(crate) fn new(per_minute: NonZeroUsize) -> Self {
        Limit {
            slots: Mutex::new(Slots::new(per_minute.get())),
            since: Instant::now(),
        }
    }

    /// Lets a request pass, or gives the answer to it, which is the API's own.
    pub(crate) fn enter(&self) -> Option<Response> {
        let entered = self.slots().enter(self.now_ms());
        let seconds = entered.err()?;
        let refusal = Refusal::row(429, "Rate limit").retry_after(seconds);
        Some(refusal.into_response())
    }

    /// The API's answer; with a moment to come back where it did not take the
    /// request and names none itself.
    pub(crate) fn with_slot(&self, mut response: Response) -> Response {
        let refused = matches!(
            response.status(),
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
        );
        if refused && !response.headers().contains_key(header::RETRY_AFTER) {
            let seconds = self.slots().refused(self.now_ms());
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn now_ms(&self) -> f64 {
        self.since.elapsed().as_secs_f64() * 1000.0
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
