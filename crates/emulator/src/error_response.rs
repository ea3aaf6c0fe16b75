//! Error responses, with the bodies of the SDK's catalogue.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use thetaone_web::core::catalogue::ERRORS;

/// An error response of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorResponse {
    status: u16,
    detail: String,
    retry_after: Option<u32>,
}

impl ErrorResponse {
    /// Returns the documented error with this status whose example body starts with `start`. The
    /// body is the example, word for word.
    pub fn documented(status: u16, start: &str) -> Self {
        let example = ERRORS
            .iter()
            .filter(|row| row.status == Some(status))
            .filter_map(|row| row.example)
            .find(|example| example.starts_with(start));
        ErrorResponse {
            status,
            detail: example.unwrap_or(start).to_owned(),
            retry_after: None,
        }
    }

    /// Returns `Invalid options: <problem>`.
    pub fn invalid_options(problem: &str) -> Self {
        ErrorResponse {
            status: 400,
            detail: format!("Invalid options: {problem}"),
            retry_after: None,
        }
    }

    /// Returns an error whose body the API's reference does not document.
    pub fn undocumented(status: u16, detail: &str) -> Self {
        ErrorResponse {
            status,
            detail: detail.to_owned(),
            retry_after: None,
        }
    }

    /// Adds `Retry-After`.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = (status, Json(json!({ "detail": self.detail }))).into_response();
        if let Some(seconds) = self.retry_after {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
