//! What went wrong, before it becomes a JavaScript error.

use crate::core::api_key::redact;
use crate::core::catalogue::{Class, ROWS, Row, row};
use crate::core::text::{digits, joined};

/// The languages in which the speaker can be told.
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

    /// The literal of this language.
    pub const fn as_str(self) -> &'static str {
        match self {
            Locale::En => "en",
            Locale::Ko => "ko",
        }
    }

    /// The language with this literal.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "en" => Some(Locale::En),
            "ko" => Some(Locale::Ko),
            _ => None,
        }
    }
}

/// Who found the problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An answer said so.
    Server,
    /// The SDK said so; there may have been no request at all.
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

/// One failure, classified.
///
/// Text that came from outside has been cleared of API keys.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What kind of failure it is.
    pub row: &'static Row,
    /// Who found it.
    pub origin: Origin,
    /// For developers, in English.
    pub message: String,
    /// The HTTP status, where an answer came.
    pub status: Option<u16>,
    /// The server's own words, or a bounded excerpt of whatever came.
    pub detail: Option<String>,
    /// What `Retry-After` asked for, in milliseconds from the answer on.
    pub retry_after_ms: Option<f64>,
}

impl Failure {
    /// A problem that was found on this side. `message` says what is wrong
    /// with what, in English.
    pub fn client(class: Class, reason: Option<&str>, message: impl AsRef<str>) -> Self {
        Failure::of_row(row(class, reason), message.as_ref())
    }

    /// Apart, so that it is compiled once and not for each type of message.
    fn of_row(row: &'static Row, message: &str) -> Self {
        Failure {
            row,
            origin: Origin::Client,
            message: redact(message),
            status: None,
            detail: None,
            retry_after_ms: None,
        }
    }

    /// A wrong use of the SDK. `message` names the option and what was expected.
    pub fn configuration(message: impl AsRef<str>) -> Self {
        Failure::client(Class::Configuration, None, message)
    }

    /// Audio that cannot be sent, and why.
    pub fn audio(reason: &'static str, message: impl AsRef<str>) -> Self {
        Failure::client(Class::InvalidAudio, Some(reason), message)
    }

    /// The same, at the end of a call that made so many attempts.
    pub fn after(mut self, attempts: usize) -> Self {
        if attempts > 1 {
            let attempts = digits(attempts as u64);
            self.message = joined(&[&self.message, " (after ", &attempts, " attempts)"]);
        }
        self
    }

    /// Whether the table allows the same request to be sent again.
    pub fn is_retryable(&self) -> bool {
        self.row.retryable
    }

    /// Whether no answer came because the time was up.
    pub fn is_timeout(&self) -> bool {
        self.row.class == Class::Timeout
    }

    /// Whether an attempt took too long, where more may follow.
    pub fn ended_the_attempt(&self) -> bool {
        self.is_timeout() && self.row.reason == Some("attempt")
    }

    /// Whether the server could not be reached.
    pub fn is_connection(&self) -> bool {
        self.row.class == Class::Connection
    }

    /// The rows of one class: its codes and reasons.
    pub fn rows_of(class: Class) -> impl Iterator<Item = &'static Row> {
        ROWS.iter().filter(move |row| row.class == class)
    }
}
