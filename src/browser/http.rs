//! One request and its answer.

use std::rc::Rc;

use gloo_net::http::Headers;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, FormData};

use crate::browser::cancellation::Outcome;
use crate::browser::clock::epoch_ms;
use crate::browser::error::{Rejection, is_failure};
use crate::browser::fetch::{Body, Head, OnUploadProgress, exchange, headers_of, parsed_json};
use crate::browser::js::promise::AbortOnDrop;
use crate::browser::js::property::{is_array, property, string};
use crate::core::api_key;
use crate::core::endpoint::{Endpoint, LARGEST_ANSWER_BYTES};
use crate::core::error::classify::{Answer, broken_success, classify};
use crate::core::error::detail::SCANNED_BYTES;
use crate::core::text::joined;

/// How requests are made: the part of the client's options that only the
/// browser can use.
pub struct Transport {
    /// `baseUrl`, without a slash at its end.
    pub base_url: String,
    /// `apiKey`: a string, or a function that gives one.
    pub api_key: JsValue,
    /// `headers`: an object, or a function that gives one.
    pub headers: JsValue,
    /// `credentials`.
    pub credentials: &'static str,
    /// `fetch`; `undefined` for the global one.
    pub fetch: JsValue,
}

/// What comes of an answer before its body.
pub struct AnswerHead {
    /// The status.
    pub status: u16,
    retry_after: Option<String>,
    /// In milliseconds since the Unix epoch.
    came_ms: f64,
}

impl AnswerHead {
    fn of(head: &Head) -> Self {
        AnswerHead {
            status: head.status(),
            retry_after: Headers::from_raw(head.headers()).get("retry-after"),
            came_ms: epoch_ms(),
        }
    }

    /// Whether the body is what was asked for.
    pub fn is_success(&self) -> bool {
        self.status == 200
    }

    /// The answer with this body, or as much as came of it.
    pub fn with<'a>(&'a self, body: &'a [u8]) -> Answer<'a> {
        Answer {
            status: self.status,
            retry_after: self.retry_after.as_deref(),
            body,
            now_ms: self.came_ms,
        }
    }
}

impl Transport {
    /// Asks the caller's options for the headers of one request, and checks the key.
    /// Nothing is sent yet.
    pub async fn request_head(&self) -> Outcome {
        let given = JsFuture::from(headers_of(&self.headers, &self.api_key)).await;
        let given = given.map_err(Rejection::of_thrown)?;
        if let Some(api_key) = string(&given, "apiKey") {
            api_key::check(&api_key)?;
        }
        Ok(given)
    }

    /// Sends `form` with what [`Transport::request_head`] gave, and reads the answer
    /// to its end. Dropping the future aborts the request. `on_sent` is called where
    /// the upload can be watched at no other cost.
    pub async fn send(
        &self,
        endpoint: Endpoint,
        form: &FormData,
        head: &JsValue,
        on_sent: Option<&OnUploadProgress>,
        on_head: &dyn Fn(Rc<AnswerHead>),
    ) -> Outcome {
        let controller = AbortController::new().map_err(Rejection::of_thrown)?;
        let signal = controller.signal();
        let abort_on_drop = AbortOnDrop::of(controller);
        let url = joined(&[&self.base_url, endpoint.path()]);
        let sending = exchange(
            &url,
            form,
            head,
            self.credentials,
            &signal,
            &self.fetch,
            on_sent,
        );
        let head = JsFuture::from(sending).await;
        let head: Head = head.map_err(Rejection::of_thrown)?.unchecked_into();
        let answer = Rc::new(AnswerHead::of(&head));
        on_head(answer.clone());
        let limit_bytes = match answer.is_success() {
            true => LARGEST_ANSWER_BYTES,
            false => SCANNED_BYTES,
        };
        let body = JsFuture::from(head.read(limit_bytes as u32)).await;
        let body: Body = body.map_err(Rejection::of_thrown)?.unchecked_into();
        abort_on_drop.release();
        match answer.is_success() {
            true => promised(endpoint, &answer, &body),
            false => Err(refused(&answer, &body)),
        }
    }
}

/// An answer that is no success. Its status tells more than a body that broke off
/// on its way.
fn refused(answer: &AnswerHead, body: &Body) -> Rejection {
    classify(&answer.with(&start_of(body))).into()
}

/// The first bytes of the body; none where it broke off.
fn start_of(body: &Body) -> Vec<u8> {
    body.bytes().subarray(0, SCANNED_BYTES as u32).to_vec()
}

/// The answer as the browser parses it: handed on as it is, so that no field
/// is lost that this SDK does not know.
fn promised(endpoint: Endpoint, answer: &AnswerHead, body: &Body) -> Outcome {
    if body.is_broken() {
        let cause = body.cause();
        if is_failure(&cause) {
            return Err(Rejection::of_thrown(cause));
        }
        // The work was done, and billed: it is not to be done once more.
        let problem = "the connection broke before all of it came";
        let failure = broken_success(&answer.with(b""), Some("incomplete"), problem);
        return Err(Rejection::caused_by(failure, cause));
    }
    let problem = match parsed_json(&body.bytes()) {
        _ if body.is_cut() => "the body is longer than 16 MiB".to_owned(),
        json if json.is_undefined() => "the body is not JSON".to_owned(),
        json if !json.is_object() || is_array(&json) => "the body is not a JSON object".to_owned(),
        json => {
            let (member, wants_array) = endpoint.promised();
            let value = property(&json, member);
            let (fits, kind) = match wants_array {
                true => (is_array(&value), "an array"),
                false => (value.is_string(), "a string"),
            };
            if fits {
                return Ok(json);
            }
            joined(&["`", member, "` is not ", kind])
        }
    };
    Err(broken_success(&answer.with(&start_of(body)), None, &problem).into())
}
