//! From a classified failure to a JavaScript error.

use std::ops::Deref;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::browser::clock::timestamp;
use crate::browser::events::Attempt;
use crate::browser::js::property::{property, string};
use crate::core::catalogue::Class;
use crate::core::endpoint::Endpoint;
use crate::core::error::failure::{Failure, Locale};
use crate::core::text::joined;

#[wasm_bindgen(module = "/pkg-template/result/redact.js")]
extern "C" {
    #[wasm_bindgen(js_name = makeError)]
    fn make_error(class: &str, fields: &Object) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/result/failure.js")]
extern "C" {
    #[wasm_bindgen(js_name = isError)]
    fn is_error(value: &JsValue) -> bool;
    type Failed;
    #[wasm_bindgen(constructor, js_class = "Failure")]
    fn new(class_name: &str, reason: Option<&str>, message: &str, cause: &JsValue) -> Failed;
    /// Whether the package's JavaScript threw it.
    #[wasm_bindgen(js_name = isFailure)]
    pub fn is_failure(value: &JsValue) -> bool;
}

/// A failure on its way to JavaScript, with the exception behind it.
///
/// Boxed, because every step of a call may give one: passing on a pointer takes
/// less code.
#[derive(Debug, Clone)]
pub struct Rejection(Box<Problem>);

/// What a [`Rejection`] points to.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What went wrong.
    pub failure: Failure,
    /// The exception that caused it; becomes `cause`.
    pub cause: Option<JsValue>,
    /// The package's error, where JavaScript has made it already.
    error: Option<JsValue>,
}

impl Deref for Rejection {
    type Target = Problem;

    fn deref(&self) -> &Problem {
        &self.0
    }
}

impl Rejection {
    fn new(failure: Failure, cause: Option<JsValue>, error: Option<JsValue>) -> Self {
        Rejection(Box::new(Problem {
            failure,
            cause,
            error,
        }))
    }

    /// The same, at the end of a call that made so many attempts.
    pub fn after(mut self, attempts: usize) -> Self {
        self.0.failure = self.0.failure.after(attempts);
        self
    }

    /// What an error is to be made of; fails with the one that is made already.
    fn unmade(self) -> Result<(Failure, Option<JsValue>), JsValue> {
        let Problem {
            failure,
            cause,
            error,
        } = *self.0;
        match error {
            Some(error) => Err(error),
            None => Ok((failure, cause)),
        }
    }

    /// The failure, caused by this exception.
    pub fn caused_by(failure: Failure, cause: JsValue) -> Self {
        Rejection::new(failure, Some(cause), None)
    }

    /// What the package's JavaScript threw: a `Failure`, one of the package's
    /// errors, or an exception of an object of the caller's.
    pub fn of_thrown(thrown: JsValue) -> Self {
        let text = |name| string(&thrown, name);
        let reason = text("reason");
        if is_failure(&thrown) {
            let class = class_of(|class| Some(class.name()) == text("className").as_deref());
            let message = text("message").unwrap_or_default();
            let cause = property(&thrown, "cause");
            let cause = (!cause.is_undefined()).then_some(cause);
            let failure = Failure::client(class, reason.as_deref(), message);
            return Rejection::new(failure, cause, None);
        }
        if is_error(&thrown) {
            let code = text("code");
            let class = class_of(|class| {
                Failure::rows_of(class).any(|row| Some(row.code) == code.as_deref())
            });
            let failure = Failure::client(class, reason.as_deref(), "");
            return Rejection::new(failure, None, Some(thrown));
        }
        let said = text("message").unwrap_or_default();
        let problem = joined(&["an argument could not be used: ", &said]);
        Rejection::caused_by(Failure::configuration(problem), thrown)
    }

    /// What JavaScript throws on, for [`Rejection::of_thrown`].
    pub fn into_thrown(self) -> JsValue {
        let (failure, cause) = match self.unmade() {
            Ok(unmade) => unmade,
            Err(error) => return error,
        };
        let Failure { row, message, .. } = failure;
        let cause = cause.unwrap_or_default();
        Failed::new(row.class.name(), row.reason, &message, &cause).into()
    }

    /// The caller's signal was aborted for `reason`, which becomes `cause`.
    pub fn aborted(reason: JsValue) -> Self {
        // As `AbortSignal.timeout()` gives it.
        let timed_out = string(&reason, "name").is_some_and(|name| name == "TimeoutError");
        let kind = timed_out.then_some("timeout");
        Rejection::caused_by(
            Failure::client(Class::Aborted, kind, "the call was aborted"),
            reason,
        )
    }

    /// The client was disposed of.
    pub fn disposed() -> Self {
        Failure::client(
            Class::Aborted,
            None,
            "the ThetaOne was disposed of while this ran",
        )
        .into()
    }

    /// The JavaScript error, with what the call knows about itself.
    pub fn into_js(self, account: Account) -> JsValue {
        let (failure, cause) = match self.unmade() {
            Ok(unmade) => unmade,
            Err(error) => return error,
        };
        let Failure {
            row,
            origin,
            message,
            status,
            detail,
            retry_after_ms,
        } = failure;
        let fields = Object::new();
        let put = |name: &str, value: JsValue| {
            // Setting a property of a fresh plain object cannot fail.
            let _ = Reflect::set(&fields, &name.into(), &value);
        };
        put("message", message.into());
        put("code", row.code.into());
        put("category", row.category.as_str().into());
        put(
            "retryable",
            account.retryable.unwrap_or(row.retryable).into(),
        );
        put("fix", row.fix.into());
        put("en", row.speaker.en.into());
        put("ko", row.speaker.ko.into());
        put("origin", origin.as_str().into());
        put("occurredAt", timestamp().into());
        put("locale", account.locale.as_str().into());
        put("hasKey", account.has_key.into());
        put("attempts", Attempt::list(account.attempts).into());
        if let Some(reason) = row.reason {
            put("reason", reason.into());
        }
        if let Some(url) = row.help_url {
            put("helpUrl", url.into());
        }
        if let Some(status) = status {
            put("status", status.into());
        }
        if let Some(detail) = detail {
            put("detail", detail.into());
        }
        if let Some(ms) = retry_after_ms {
            put("retryAfterMs", ms.into());
        }
        if let Some(endpoint) = account.endpoint {
            put("endpoint", endpoint.path().into());
        }
        if let Some(cause) = cause {
            put("cause", cause);
        }
        make_error(row.class.name(), &fields)
    }
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        Rejection::new(failure, None, None)
    }
}

fn class_of(fits: impl Fn(Class) -> bool) -> Class {
    let found = Class::ALL.iter().find(|class| fits(**class));
    found.copied().unwrap_or(Class::Configuration)
}

/// What a call knows about itself when it fails.
#[derive(Debug, Default)]
pub struct Account {
    /// The endpoint, if it is a call to one.
    pub endpoint: Option<Endpoint>,
    /// The attempts that failed so far.
    pub attempts: Vec<Attempt>,
    /// The language of the client.
    pub locale: Locale,
    /// Whether the client was given an API key.
    pub has_key: bool,
    /// Overrides the table where the policy has a say: timeouts.
    pub retryable: Option<bool>,
}
