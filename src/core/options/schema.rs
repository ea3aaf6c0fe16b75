//! The valid values of every option.
//!
//! The tables are exported to JavaScript (see [`super::export`]), where
//! `check-options.js` holds options against them: those of the constructor before
//! any wasm is loaded.

use crate::core::audio::output_format::{BIT_RATES, FORMATS};
use crate::core::audio::split::{LEAST_PART_SECONDS, MOST_PART_SECONDS};
use crate::core::error::failure::Locale;
use crate::core::retry::policy::Jitter;

/// The longest delay that browser timers count, in milliseconds (2³¹ − 1).
pub const LONGEST_TIMER_MS: f64 = 2_147_483_647.0;

/// What one option may be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// A string that is not empty.
    Text,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// One of these numbers.
    AnyOf(&'static [u32]),
    /// A whole number, bounds included.
    Integer(f64, f64),
    /// A number, bounds included.
    Number(f64, f64),
    /// An object with these options.
    Record(&'static [Field]),
    /// On, off, or on with these options.
    Switch(&'static [Field]),
    /// A function.
    Function,
    /// Known by this name to `check-options.js`.
    Special(&'static str),
}

/// One option.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// What it may be.
    pub kind: Kind,
}

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { name, kind }
}

const DELAY: Kind = Kind::Number(0.0, LONGEST_TIMER_MS);
const TIMEOUT: Kind = Kind::Number(1.0, LONGEST_TIMER_MS);
const REQUESTS_PER_MINUTE: Kind = Kind::Integer(1.0, 100_000.0);

/// `retry`.
pub const RETRY: &[Field] = &[
    field("maxAttempts", Kind::Integer(1.0, 100.0)),
    field("baseDelayMs", DELAY),
    field("maxDelayMs", DELAY),
    field("jitter", Kind::OneOf(Jitter::NAMES)),
    field("timeouts", Kind::Bool),
    field("connection", Kind::Bool),
];

/// `outbox`.
pub const OUTBOX: &[Field] = &[
    // A year; and a terabyte, which no browser gives.
    field("ttlMs", Kind::Number(1.0, 31_536_000_000.0)),
    field("maxBytes", Kind::Number(1.0, 1e12)),
];

/// `references`.
pub const REFERENCES: &[Field] = &[
    field("persist", Kind::Bool),
    field("maxEntries", Kind::Integer(1.0, 10_000.0)),
];

/// `new ThetaOne(options)`.
pub const CLIENT: &[Field] = &[
    field("baseUrl", Kind::Special("baseUrl")),
    field("apiKey", Kind::Special("textOrFunction")),
    field("dangerouslyAllowBrowserKey", Kind::Bool),
    field("headers", Kind::Special("headers")),
    field(
        "credentials",
        Kind::OneOf(&["omit", "same-origin", "include"]),
    ),
    field("fetch", Kind::Function),
    field("retry", Kind::Record(RETRY)),
    field("attemptTimeoutMs", TIMEOUT),
    field("uploadStallMs", TIMEOUT),
    field("deadlineMs", TIMEOUT),
    field("requestsPerMinute", REQUESTS_PER_MINUTE),
    field("maxConcurrent", Kind::Integer(1.0, 1_000.0)),
    field("shareAcrossTabs", Kind::Bool),
    field("locale", Kind::OneOf(Locale::NAMES)),
    field("onEvent", Kind::Function),
    field("outbox", Kind::Switch(OUTBOX)),
    field("references", Kind::Record(REFERENCES)),
];

/// The last argument of the endpoint methods.
pub const REQUEST: &[Field] = &[
    field("signal", Kind::Special("signal")),
    field("onProgress", Kind::Function),
    field("attemptTimeoutMs", TIMEOUT),
    field("uploadStallMs", TIMEOUT),
    field("deadlineMs", TIMEOUT),
    field("retry", Kind::Record(RETRY)),
];

/// What `transcribeLong` takes besides [`REQUEST`].
const OF_PARTS: [Field; 2] = [
    field(
        "maxPartSeconds",
        Kind::Number(LEAST_PART_SECONDS, MOST_PART_SECONDS),
    ),
    field("resume", Kind::Special("resume")),
];

/// The last argument of `transcribeLong`.
pub const LONG_REQUEST: &[Field] = &{
    let mut fields = [OF_PARTS[0]; REQUEST.len() + OF_PARTS.len()];
    let mut at = 0;
    while at < fields.len() {
        fields[at] = match at < REQUEST.len() {
            true => REQUEST[at],
            false => OF_PARTS[at - REQUEST.len()],
        };
        at += 1;
    }
    fields
};

const FORMAT: Field = field("format", Kind::OneOf(FORMATS));
const BIT_RATE: Field = field("bitrateKbps", Kind::AnyOf(BIT_RATES));

/// `prepare(audio, options)`.
pub const PREPARE: &[Field] = &[
    field("signal", Kind::Special("signal")),
    field("trimSilence", Kind::Bool),
    FORMAT,
    BIT_RATE,
];

/// `record(options)`.
pub const RECORD: &[Field] = &[
    field("maxSeconds", Kind::Number(0.1, 3600.0)),
    field("stopOnSilenceSeconds", Kind::Number(0.1, 3600.0)),
    field("capture", Kind::OneOf(&["encoded", "pcm"])),
    field("onLevel", Kind::Function),
    field("onStop", Kind::Function),
    field("deviceId", Kind::Text),
    field("trimSilence", Kind::Bool),
    FORMAT,
    BIT_RATE,
    field("signal", Kind::Special("signal")),
];
