//! What the options come to, once they are checked: defaults where nothing was
//! asked for, and a call's own before its client's.

use crate::core::error::failure::Locale;
use crate::core::options::value::Value;
use crate::core::outbox::Limits;
use crate::core::references::ReferenceOptions;
use crate::core::retry::policy::{Jitter, RetryPolicy};

impl RetryPolicy {
    /// This policy with what the (checked) option `retry` sets replaced.
    pub fn with(&self, option: &Value) -> Self {
        RetryPolicy {
            max_attempts: option
                .number_of("maxAttempts")
                .map_or(self.max_attempts, |attempts| attempts as u32),
            base_delay_ms: option.number_or("baseDelayMs", self.base_delay_ms),
            max_delay_ms: option.number_or("maxDelayMs", self.max_delay_ms),
            jitter: option
                .text_of("jitter")
                .and_then(Jitter::from_name)
                .unwrap_or(self.jitter),
            timeouts: option.bool_or("timeouts", self.timeouts),
            connection: option.bool_or("connection", self.connection),
        }
    }
}

/// The part of the client's options that the core reads.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientOptions {
    /// `retry`.
    pub retry: RetryPolicy,
    /// `attemptTimeoutMs`: one attempt, from send to last byte, in milliseconds.
    pub attempt_timeout_ms: f64,
    /// `uploadStallMs`: the longest time without a byte going up, in
    /// milliseconds.
    pub upload_stall_ms: Option<f64>,
    /// `deadlineMs`: the whole call, in milliseconds.
    pub deadline_ms: Option<f64>,
    /// `requestsPerMinute`.
    pub requests_per_minute: Option<usize>,
    /// `maxConcurrent`.
    pub max_concurrent: usize,
    /// `shareAcrossTabs`.
    pub share_across_tabs: bool,
    /// `locale`.
    pub locale: Locale,
    /// `outbox`; `None` where it is off.
    pub outbox: Option<Limits>,
    /// `references`.
    pub references: ReferenceOptions,
}

impl ClientOptions {
    /// Reads options that [`check`](super::check) has passed.
    pub fn read(options: &Value) -> Self {
        ClientOptions {
            retry: RetryPolicy::default().with(options.get("retry")),
            attempt_timeout_ms: options.number_or("attemptTimeoutMs", 30_000.0),
            upload_stall_ms: options.number_of("uploadStallMs"),
            deadline_ms: options.number_of("deadlineMs"),
            requests_per_minute: options
                .number_of("requestsPerMinute")
                .map(|limit| limit as usize),
            max_concurrent: options
                .number_of("maxConcurrent")
                .map_or(4, |limit| limit as usize),
            share_across_tabs: options.bool_or("shareAcrossTabs", false),
            locale: options
                .text_of("locale")
                .and_then(Locale::from_name)
                .unwrap_or_default(),
            outbox: outbox(options.get("outbox")),
            references: references(options.get("references")),
        }
    }

    /// These options with what one call's (checked) `request` sets replaced.
    pub fn for_call(&self, request: &Value) -> Self {
        ClientOptions {
            retry: self.retry.with(request.get("retry")),
            attempt_timeout_ms: request.number_or("attemptTimeoutMs", self.attempt_timeout_ms),
            upload_stall_ms: request.number_of("uploadStallMs").or(self.upload_stall_ms),
            deadline_ms: request.number_of("deadlineMs").or(self.deadline_ms),
            ..self.clone()
        }
    }
}

/// Off unless it is asked for: what it keeps are recordings of people.
fn outbox(option: &Value) -> Option<Limits> {
    let unset = Limits::default();
    match option {
        Value::Bool(true) => Some(unset),
        Value::Object(_) => Some(Limits {
            ttl_ms: option.number_or("ttlMs", unset.ttl_ms),
            max_bytes: option.number_or("maxBytes", unset.max_bytes),
        }),
        _ => None,
    }
}

fn references(option: &Value) -> ReferenceOptions {
    let unset = ReferenceOptions::default();
    ReferenceOptions {
        persist: option.bool_or("persist", unset.persist),
        max_entries: option
            .number_of("maxEntries")
            .map_or(unset.max_entries, |most| most as usize),
    }
}
