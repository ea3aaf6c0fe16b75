//! Failures, before they become JavaScript errors.

use crate::core::api_key::InvalidApiKey;
use crate::core::catalogue::{Class, ERRORS, ErrorSpec, lookup};
use crate::core::format::{concat, format_u64};
use crate::core::redact::redact;

/// The message of an aborted call.
pub const CALL_ABORTED: &str = "the call was aborted";
/// The message of a call whose client was disposed of.
pub const CLIENT_DISPOSED: &str = "the ThetaOne was disposed of while this ran";
/// The start of the message of a call that exceeded its deadline; the milliseconds follow.
pub const DEADLINE_EXCEEDED: &str = "the call was not done within its deadline of ";

/// The languages of messages for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Locale {
    /// The literals that the option `locale` takes.
    pub const NAMES: &[&str] = &["en", "ko"];

    /// The literal of the language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Ko => "ko",
        }
    }

    /// Returns the language with this literal.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "en" => Some(Locale::En),
            "ko" => Some(Locale::Ko),
            _ => None,
        }
    }
}

/// The party that found the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The server, in its response.
    Server,
    /// The SDK, possibly without any request.
    Client,
}

impl Origin {
    /// The literal of the JavaScript field `origin`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Origin::Server => "server",
            Origin::Client => "client",
        }
    }
}

/// One classified failure.
///
/// API keys have been removed from text that came from outside.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The kind of failure.
    pub spec: &'static ErrorSpec,
    /// The party that found it.
    pub origin: Origin,
    /// The message for developers, in English.
    pub message: String,
    /// The HTTP status, if there was a response.
    pub status: Option<u16>,
    /// The server's own text, or a bounded excerpt of the body.
    pub detail: Option<String>,
    /// The wait that `Retry-After` asked for, in milliseconds from the response on.
    pub retry_after_ms: Option<f64>,
}

impl Failure {
    /// Creates a failure that the SDK found itself. `message` says in English what is wrong.
    pub fn client(class: Class, reason: Option<&str>, message: impl AsRef<str>) -> Self {
        Failure::from_spec(lookup(class, reason), message.as_ref())
    }

    /// Compiled once, and not once for each type of message.
    fn from_spec(spec: &'static ErrorSpec, message: &str) -> Self {
        Failure {
            spec,
            origin: Origin::Client,
            message: redact(message),
            status: None,
            detail: None,
            retry_after_ms: None,
        }
    }

    /// Creates a failure for an incorrect use of the SDK. `message` names the option and what was
    /// expected.
    pub fn configuration(message: impl AsRef<str>) -> Self {
        Failure::client(Class::Configuration, None, message)
    }

    /// Creates a failure for audio that cannot be sent.
    pub fn audio(reason: &'static str, message: impl AsRef<str>) -> Self {
        Failure::client(Class::InvalidAudio, Some(reason), message)
    }

    /// Returns the failure at the end of a call that made this many attempts.
    pub fn after(mut self, attempts: usize) -> Self {
        if attempts > 1 {
            let attempts = format_u64(attempts as u64);
            self.message = concat(&[&self.message, " (after ", &attempts, " attempts)"]);
        }
        self
    }

    /// Whether the table allows the same request to be sent again.
    pub fn is_retryable(&self) -> bool {
        self.spec.retryable
    }

    /// True if there was no response in time.
    pub fn is_timeout(&self) -> bool {
        self.spec.class == Class::Timeout
    }

    /// True for an attempt timeout (`reason: "attempt"`); a deadline ends the whole call instead.
    pub fn is_attempt_timeout(&self) -> bool {
        self.is_timeout() && self.spec.reason == Some("attempt")
    }

    /// True if the server could not be reached.
    pub fn is_connection(&self) -> bool {
        self.spec.class == Class::Connection
    }

    /// Returns the rows of one class: its codes and reasons.
    pub fn specs_of(class: Class) -> impl Iterator<Item = &'static ErrorSpec> {
        ERRORS.iter().filter(move |spec| spec.class == class)
    }
}

impl From<InvalidApiKey> for Failure {
    fn from(_: InvalidApiKey) -> Self {
        Failure::client(
            Class::Authentication,
            Some("invalid_key"),
            "options.apiKey must start with sk-theta- and go on with letters, digits and \
             -._~+/= only",
        )
    }
}
