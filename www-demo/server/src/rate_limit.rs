//! Enforces the key's quota. Each request above it gets a 429 with a `Retry-After` of its own.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use emulator::error_response::ErrorResponse;

use crate::retry_slots::RetrySlots;

/// The rate limit of the key, for all pages together.
pub(crate) struct RateLimit {
    slots: Mutex<RetrySlots>,
    since: Instant,
}

impl RateLimit {
    /// Allows this many requests per minute.
    pub(crate) fn new(per_minute: NonZeroUsize) -> Self {
        RateLimit {
            slots: Mutex::new(RetrySlots::new(per_minute.get())),
            since: Instant::now(),
        }
    }

    /// Admits a request and returns `None`, or returns the API's own error response.
    pub(crate) fn admit(&self) -> Option<Response> {
        let admitted = self.slots().admit(self.now_ms());
        let seconds = admitted.err()?;
        let error = ErrorResponse::documented(429, "Rate limit").retry_after(seconds);
        Some(error.into_response())
    }

    /// Adds `Retry-After` to the API's response, if the API rejected the request for now and names
    /// no time itself.
    pub(crate) fn with_retry_after(&self, mut response: Response) -> Response {
        let is_rejected = matches!(
            response.status(),
            StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
        );
        if is_rejected && !response.headers().contains_key(header::RETRY_AFTER) {
            let seconds = self.slots().reject(self.now_ms());
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn now_ms(&self) -> f64 {
        self.since.elapsed().as_secs_f64() * 1000.0
    }

    fn slots(&self) -> MutexGuard<'_, RetrySlots> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
