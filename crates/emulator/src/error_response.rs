//! Error answers, with the bodies of the one table.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use thetaone_web::core::catalogue::ERRORS;

/// An error answer of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    status: u16,
    detail: String,
    retry_after: Option<u32>,
}

impl Refusal {
    /// The row of the reference with this status whose example starts with
    /// `start`, word for word.
    pub fn row(status: u16, start: &str) -> Self {
        let example = ERRORS
            .iter()
            .filter(|row| row.status == Some(status))
            .filter_map(|row| row.example)
            .find(|example| example.starts_with(start));
        Refusal {
            status,
            detail: example.unwrap_or(start).to_owned(),
            retry_after: None,
        }
    }

    /// `Invalid options: …`, with the part that varies.
    pub fn invalid_options(problem: &str) -> Self {
        Refusal {
            status: 400,
            detail: format!("Invalid options: {problem}"),
            retry_after: None,
        }
    }

    /// An answer that the reference does not word.
    pub fn other(status: u16, detail: &str) -> Self {
        Refusal {
            status,
            detail: detail.to_owned(),
            retry_after: None,
        }
    }

    /// Asks to come back after this many seconds.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl IntoResponse for Refusal {
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
