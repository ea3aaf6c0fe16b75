//! The valid values of every option.
//!
//! [`codegen`](crate::core::codegen) writes the tables as JavaScript, and `check-options.js`
//! validates options by them. The constructor's options are checked before any wasm is loaded.

use crate::core::audio::output_format::{BIT_RATES, FORMATS};
use crate::core::audio::split::{LEAST_PART_SECONDS, MOST_PART_SECONDS};
use crate::core::error::failure::Locale;
use crate::core::retry::policy::Jitter;
use crate::core::timer::MAX_DELAY_MS;

/// The type of an option's value.
#[derive(Debug, Clone, Copy)]
pub enum OptionType {
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
    Record(&'static [OptionSpec]),
    /// `false`, `true`, or `true` with these options.
    BoolOrRecord(&'static [OptionSpec]),
    /// A function.
    Function,
    /// The URL of the API or of a proxy.
    BaseUrl,
    /// A string, or a function that returns one.
    TextOrFunction,
    /// An object of headers, or a function that returns one.
    Headers,
    /// An `AbortSignal`.
    Signal,
    /// A `MediaStream`.
    MediaStream,
    /// The `resume` data of a `transcribeLong` that failed.
    Resume,
}

/// One option.
#[derive(Debug, Clone, Copy)]
pub struct OptionSpec {
    /// The name.
    pub name: &'static str,
    /// The type of the value.
    pub option_type: OptionType,
}

const fn option(name: &'static str, option_type: OptionType) -> OptionSpec {
    OptionSpec { name, option_type }
}

const DELAY: OptionType = OptionType::Number(0.0, MAX_DELAY_MS);
const TIMEOUT: OptionType = OptionType::Number(1.0, MAX_DELAY_MS);
const REQUESTS_PER_MINUTE: OptionType = OptionType::Integer(1.0, 100_000.0);

/// The option `retry`.
pub const RETRY: &[OptionSpec] = &[
    option("maxAttempts", OptionType::Integer(1.0, 100.0)),
    option("baseDelayMs", DELAY),
    option("maxDelayMs", DELAY),
    option("jitter", OptionType::OneOf(Jitter::NAMES)),
    option("timeouts", OptionType::Bool),
    option("connection", OptionType::Bool),
];

/// The option `outbox`.
pub const OUTBOX: &[OptionSpec] = &[
    // The limits are a year, and a terabyte, which no browser offers.
    option("ttlMs", OptionType::Number(1.0, 31_536_000_000.0)),
    option("maxBytes", OptionType::Number(1.0, 1e12)),
];

/// The option `references`.
pub const REFERENCES: &[OptionSpec] = &[
    option("persist", OptionType::Bool),
    option("maxEntries", OptionType::Integer(1.0, 10_000.0)),
];

/// The options of `new ThetaOne(options)`.
pub const CLIENT: &[OptionSpec] = &[
    option("baseUrl", OptionType::BaseUrl),
    option("apiKey", OptionType::TextOrFunction),
    option("dangerouslyAllowBrowserKey", OptionType::Bool),
    option("headers", OptionType::Headers),
    option(
        "credentials",
        OptionType::OneOf(&["omit", "same-origin", "include"]),
    ),
    option("fetch", OptionType::Function),
    option("retry", OptionType::Record(RETRY)),
    option("attemptTimeoutMs", TIMEOUT),
    option("uploadStallMs", TIMEOUT),
    option("deadlineMs", TIMEOUT),
    option("requestsPerMinute", REQUESTS_PER_MINUTE),
    option("maxConcurrent", OptionType::Integer(1.0, 1_000.0)),
    option("shareAcrossTabs", OptionType::Bool),
    option("locale", OptionType::OneOf(Locale::NAMES)),
    option("onEvent", OptionType::Function),
    option("outbox", OptionType::BoolOrRecord(OUTBOX)),
    option("references", OptionType::Record(REFERENCES)),
];

/// The last argument of the endpoint methods.
pub const REQUEST: &[OptionSpec] = &[
    option("signal", OptionType::Signal),
    option("onProgress", OptionType::Function),
    option("attemptTimeoutMs", TIMEOUT),
    option("uploadStallMs", TIMEOUT),
    option("deadlineMs", TIMEOUT),
    option("retry", OptionType::Record(RETRY)),
];

/// The options that `transcribeLong` has in addition to [`REQUEST`].
const OF_PARTS: [OptionSpec; 2] = [
    option(
        "maxPartSeconds",
        OptionType::Number(LEAST_PART_SECONDS, MOST_PART_SECONDS),
    ),
    option("resume", OptionType::Resume),
];

/// The last argument of `transcribeLong`.
#[allow(clippy::indexing_slicing, reason = "evaluated when it is compiled")]
pub const LONG_REQUEST: &[OptionSpec] = &{
    let mut fields = [OF_PARTS[0]; REQUEST.len() + OF_PARTS.len()];
    let mut at = 0;
    while at < fields.len() {
        fields[at] = if at < REQUEST.len() {
            REQUEST[at]
        } else {
            OF_PARTS[at - REQUEST.len()]
        };
        at += 1;
    }
    fields
};

const FORMAT: OptionSpec = option("format", OptionType::OneOf(FORMATS));
const BIT_RATE: OptionSpec = option("bitrateKbps", OptionType::AnyOf(BIT_RATES));

/// The options of `prepare(audio, options)`.
pub const PREPARE: &[OptionSpec] = &[
    option("signal", OptionType::Signal),
    option("trimSilence", OptionType::Bool),
    FORMAT,
    BIT_RATE,
];

/// The option `constraints` of `record(options)`.
pub const CONSTRAINTS: &[OptionSpec] = &[
    option("echoCancellation", OptionType::Bool),
    option("noiseSuppression", OptionType::Bool),
    option("autoGainControl", OptionType::Bool),
];

/// The options of `record(options)`.
pub const RECORD: &[OptionSpec] = &[
    option("maxSeconds", OptionType::Number(0.1, 3600.0)),
    option("stopOnSilenceSeconds", OptionType::Number(0.1, 3600.0)),
    option("capture", OptionType::OneOf(&["encoded", "pcm"])),
    option("onStart", OptionType::Function),
    option("onLevel", OptionType::Function),
    option("onStop", OptionType::Function),
    option("deviceId", OptionType::Text),
    option("constraints", OptionType::Record(CONSTRAINTS)),
    option("stream", OptionType::MediaStream),
    option("trimSilence", OptionType::Bool),
    FORMAT,
    BIT_RATE,
    option("signal", OptionType::Signal),
];
