//! Converts between classified failures and JavaScript errors.

use wasm_bindgen::JsValue;

use crate::browser::clock::timestamp;
use crate::browser::events::Attempt;
use crate::browser::js::imports::{JsFailure, is_error, is_failure, make_error};
use crate::browser::js::object::object;
use crate::browser::js::property::{property, string};
use crate::core::catalogue::Class;
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::{CALL_ABORTED, CLIENT_DISPOSED, Failure, Locale};
use crate::core::format::concat;

/// A failure on its way to JavaScript, with the exception that caused it.
///
/// Boxed, because every step of a call may return one, and returning a pointer takes less code.
#[derive(Debug, Clone)]
pub struct Rejection(Box<RejectionInner>);

#[derive(Debug, Clone)]
struct RejectionInner {
    failure: Failure,
    /// The exception that caused the failure; becomes `cause`.
    cause: Option<JsValue>,
    /// The package's error, if JavaScript has created it already.
    error: Option<JsValue>,
}

impl Rejection {
    fn new(failure: Failure, cause: Option<JsValue>, error: Option<JsValue>) -> Self {
        Rejection(Box::new(RejectionInner {
            failure,
            cause,
            error,
        }))
    }

    /// Returns the classified failure.
    pub(crate) fn failure(&self) -> &Failure {
        &self.0.failure
    }

    /// Adds the number of attempts that the call has made to the message.
    pub(crate) fn with_attempt_count(mut self, attempts: usize) -> Self {
        self.0.failure = self.0.failure.after(attempts);
        self
    }

    /// Returns the failure and its cause; fails with the error if it has been created already.
    fn into_parts(self) -> Result<(Failure, Option<JsValue>), JsValue> {
        let RejectionInner {
            failure,
            cause,
            error,
        } = *self.0;
        match error {
            Some(error) => Err(error),
            None => Ok((failure, cause)),
        }
    }

    /// Returns a rejection with an exception as its cause.
    pub(crate) fn caused_by(failure: Failure, cause: JsValue) -> Self {
        Rejection::new(failure, Some(cause), None)
    }

    /// Converts a value that JavaScript has thrown: a `Failure` of the package, one of the
    /// package's errors, or an exception of an object of the caller's.
    pub(crate) fn from_js(thrown: JsValue) -> Self {
        let text = |name| string(&thrown, name);
        let reason = text("reason");
        if is_failure(&thrown) {
            let class = find_class(|class| Some(class.name()) == text("className").as_deref());
            let message = text("message").unwrap_or_default();
            let cause = property(&thrown, "cause");
            let cause = (!cause.is_undefined()).then_some(cause);
            let failure = Failure::client(class, reason.as_deref(), message);
            return Rejection::new(failure, cause, None);
        }
        if is_error(&thrown) {
            let code = text("code");
            let class = find_class(|class| {
                Failure::specs_of(class).any(|spec| Some(spec.code) == code.as_deref())
            });
            let failure = Failure::client(class, reason.as_deref(), "");
            return Rejection::new(failure, None, Some(thrown));
        }
        let message = text("message").unwrap_or_default();
        let problem = concat(&["an argument could not be used: ", &message]);
        Rejection::caused_by(Failure::configuration(problem), thrown)
    }

    /// Returns a `Failure` for the package's JavaScript to throw; [`Rejection::from_js`] reads it.
    pub(crate) fn into_js_failure(self) -> JsValue {
        let (failure, cause) = match self.into_parts() {
            Ok(parts) => parts,
            Err(error) => return error,
        };
        let Failure { spec, message, .. } = failure;
        let cause = cause.unwrap_or_default();
        JsFailure::new(spec.class.name(), spec.reason, &message, &cause).into()
    }

    /// Returns the rejection of a call whose signal was aborted for `reason`.
    pub(crate) fn aborted(reason: JsValue) -> Self {
        // The name of the reason that `AbortSignal.timeout()` sets.
        let is_timeout = string(&reason, "name").is_some_and(|name| name == "TimeoutError");
        let kind = is_timeout.then_some("timeout");
        Rejection::caused_by(Failure::client(Class::Aborted, kind, CALL_ABORTED), reason)
    }

    /// Returns the rejection of a call whose client was disposed of.
    pub(crate) fn disposed() -> Self {
        Failure::client(Class::Aborted, None, CLIENT_DISPOSED).into()
    }

    /// Returns the package's error, as callers get it.
    pub fn into_js_error(self, context: ErrorContext) -> JsValue {
        let (failure, cause) = match self.into_parts() {
            Ok(parts) => parts,
            Err(error) => return error,
        };
        let Failure {
            spec,
            origin,
            message,
            status,
            detail,
            retry_after_ms,
        } = failure;
        let fields = object(&[
            ("message", message.into()),
            ("code", spec.code.into()),
            ("category", spec.category.as_str().into()),
            (
                "retryable",
                context.retryable.unwrap_or(spec.retryable).into(),
            ),
            ("fix", spec.fix.into()),
            ("en", spec.user_message.en.into()),
            ("ko", spec.user_message.ko.into()),
            ("origin", origin.as_str().into()),
            ("occurredAt", timestamp().into()),
            ("locale", context.locale.as_str().into()),
            ("hasKey", context.has_key.into()),
            ("attempts", Attempt::list(context.attempts).into()),
            ("reason", spec.reason.into()),
            ("helpUrl", spec.help_url.into()),
            ("status", status.into()),
            ("detail", detail.into()),
            ("retryAfterMs", retry_after_ms.into()),
            (
                "endpoint",
                context.endpoint.map(|endpoint| endpoint.path()).into(),
            ),
            ("cause", cause.into()),
        ]);
        make_error(spec.class.name(), &fields)
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        Rejection::new(failure, None, None)
    }
}

fn find_class(matches: impl Fn(Class) -> bool) -> Class {
    let found = Class::ALL.iter().find(|class| matches(**class));
    found.copied().unwrap_or(Class::Configuration)
}

/// The circumstances of an error that only the call and its client know.
#[derive(Debug, Default)]
pub struct ErrorContext {
    /// The endpoint, if the error is of a call to one.
    pub endpoint: Option<Endpoint>,
    /// The attempts that have failed so far.
    pub attempts: Vec<Attempt>,
    /// The language of the client.
    pub locale: Locale,
    /// Whether the client was given an API key.
    pub has_key: bool,
    /// Overrides the catalogue where the retry policy decides: timeouts.
    pub retryable: Option<bool>,
}
