//! Answers of the API, classified, for several tests.
#![allow(dead_code, missing_docs)]

use thetaone_web::core::error::classify::{HttpResponse, classify};
use thetaone_web::core::error::failure::Failure;

/// With nothing but a status.
pub fn status(status: u16) -> Failure {
    answered(status, None, 0.0)
}

/// With a `Retry-After`, at `now_ms`.
pub fn answered(status: u16, retry_after: Option<&str>, now_ms: f64) -> Failure {
    classify(&HttpResponse {
        status,
        retry_after,
        detail: None,
        received_at_ms: now_ms,
    })
}
