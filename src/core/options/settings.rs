//! Reads validated options: fills in defaults, and lets the options of a call override those of its
//! client.

use crate::core::audio::output_format::{DEFAULT_BIT_RATE, OutputFormat};
use crate::core::error::failure::Locale;
use crate::core::options::value::OptionValue;
use crate::core::outbox::OutboxLimits;
use crate::core::references::ReferenceOptions;
use crate::core::retry::policy::{Jitter, RetryPolicy};

impl RetryPolicy {
    /// Returns this policy with the values that the option `retry` sets.
    pub fn with(&self, option: &OptionValue) -> Self {
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

impl OutputFormat {
    /// Reads validated options; `trims_by_default` is the default of `trimSilence`.
    pub fn read(options: &OptionValue, trims_by_default: bool) -> Self {
        let kbps = options.number_of("bitrateKbps");
        let is_mp3 = options.text_of("format") == Some("mp3");
        OutputFormat {
            trim_silence: options.bool_or("trimSilence", trims_by_default),
            mp3_kbps: is_mp3.then(|| kbps.map_or(DEFAULT_BIT_RATE, |kbps| kbps as u32)),
        }
    }
}

/// The client's options that the core reads.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientOptions {
    /// The option `retry`.
    pub retry: RetryPolicy,
    /// `attemptTimeoutMs`: the longest time of one attempt, from sending to the last byte, in
    /// milliseconds.
    pub attempt_timeout_ms: f64,
    /// `uploadStallMs`: the longest time in which no byte is uploaded, in milliseconds.
    pub upload_stall_ms: Option<f64>,
    /// `deadlineMs`: the longest time of the whole call, in milliseconds.
    pub deadline_ms: Option<f64>,
    /// The option `requestsPerMinute`.
    pub requests_per_minute: Option<usize>,
    /// The option `maxConcurrent`.
    pub max_concurrent: usize,
    /// The option `shareAcrossTabs`.
    pub share_across_tabs: bool,
    /// The option `locale`.
    pub locale: Locale,
    /// The option `outbox`; `None` if the outbox is off.
    pub outbox: Option<OutboxLimits>,
    /// The option `references`.
    pub references: ReferenceOptions,
}

impl ClientOptions {
    /// Reads validated options.
    pub fn read(options: &OptionValue) -> Self {
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

    /// Returns these options with the values that the `request` of one call sets.
    pub fn for_call(&self, request: &OptionValue) -> Self {
        ClientOptions {
            retry: self.retry.with(request.get("retry")),
            attempt_timeout_ms: request.number_or("attemptTimeoutMs", self.attempt_timeout_ms),
            upload_stall_ms: request.number_of("uploadStallMs").or(self.upload_stall_ms),
            deadline_ms: request.number_of("deadlineMs").or(self.deadline_ms),
            ..self.clone()
        }
    }
}

/// Off by default, because the outbox stores recordings of people.
fn outbox(option: &OptionValue) -> Option<OutboxLimits> {
    let unset = OutboxLimits::default();
    match option {
        OptionValue::Bool(true) => Some(unset),
        OptionValue::Object(_) => Some(OutboxLimits {
            ttl_ms: option.number_or("ttlMs", unset.ttl_ms),
            max_bytes: option.number_or("maxBytes", unset.max_bytes),
        }),
        _ => None,
    }
}

fn references(option: &OptionValue) -> ReferenceOptions {
    let unset = ReferenceOptions::default();
    ReferenceOptions {
        persist: option.bool_or("persist", unset.persist),
        max_entries: option
            .number_of("maxEntries")
            .map_or(unset.max_entries, |most| most as usize),
    }
}
