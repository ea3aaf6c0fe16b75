//! One request and its answer.

use std::rc::Rc;

use gloo_net::http::Response;
use js_sys::{ArrayBuffer, JsString, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, AbortSignal, FormData, Headers, RequestCredentials, RequestInit,
    RequestRedirect,
};

use super::clock::epoch_ms;
use super::error::{Rejection, is_failure};
use super::property::{is_array, property, string};
use super::request::{OnUploadProgress, headers_of, is_offline, post};
use super::scope::Outcome;
use super::task::AbortOnDrop;
use crate::core::catalogue::Class;
use crate::core::classify::{Answer, broken_success, classify};
use crate::core::detail::SCANNED_BYTES;
use crate::core::error::Failure;
use crate::core::key;
use crate::core::request::Endpoint;
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
    pub credentials: RequestCredentials,
    /// `fetch`; `undefined` for the global one.
    pub fetch: JsValue,
}

/// The headers of one request.
pub struct RequestHead {
    headers: Headers,
    holds_key: bool,
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
    fn of(response: &Response) -> Self {
        AnswerHead {
            status: response.status(),
            retry_after: response.headers().get("retry-after"),
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
    /// Asks the caller's options for the headers of one request, the key among
    /// them. Nothing is sent yet.
    pub async fn request_head(&self) -> Result<RequestHead, Rejection> {
        let given = JsFuture::from(headers_of(&self.headers, &self.api_key)).await;
        let given = given.map_err(Rejection::of_thrown)?;
        let headers: Headers = property(&given, "headers").unchecked_into();
        let api_key = string(&given, "apiKey");
        if let Some(api_key) = &api_key {
            add_key(&headers, api_key)?;
        }
        Ok(RequestHead {
            headers,
            holds_key: api_key.is_some() || property(&given, "holdsKey").is_truthy(),
        })
    }

    /// Sends `form` and reads the answer to its end. Dropping the future
    /// aborts the request. `on_sent` is called where the upload can be watched at
    /// no other cost.
    pub async fn send(
        &self,
        endpoint: Endpoint,
        form: &FormData,
        head: &RequestHead,
        on_sent: Option<&OnUploadProgress>,
        on_head: &dyn Fn(Rc<AnswerHead>),
    ) -> Outcome {
        let controller = AbortController::new().map_err(unreachable)?;
        let request = self.request(&head.headers, form, &controller.signal());
        let abort_on_drop = AbortOnDrop::of(controller);
        if head.holds_key {
            // Wherever that leads, the key would go along.
            request.set_redirect(RequestRedirect::Manual);
        }
        let url = joined(&[&self.base_url, endpoint.path()]);
        let response = JsFuture::from(post(&url, &request, &self.fetch, on_sent)).await;
        let response = match response {
            Ok(response) => Response::from(response.unchecked_into::<web_sys::Response>()),
            Err(thrown) if is_failure(&thrown) => return Err(Rejection::of_thrown(thrown)),
            Err(cause) => return Err(unreachable(cause)),
        };
        let answer = Rc::new(AnswerHead::of(&response));
        on_head(answer.clone());
        let response = web_sys::Response::from(response);
        let reading = match answer.is_success() {
            true => response.text(),
            false => response.array_buffer(),
        };
        let body = match reading {
            Ok(reading) => JsFuture::from(reading).await,
            Err(cause) => Err(cause),
        };
        abort_on_drop.release();
        match answer.is_success() {
            true => promised(endpoint, &answer, body),
            false => Err(refused(&answer, body)),
        }
    }

    fn request(&self, headers: &Headers, form: &FormData, signal: &AbortSignal) -> RequestInit {
        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(form);
        init.set_headers(headers);
        init.set_credentials(self.credentials);
        init.set_signal(Some(signal));
        init
    }
}

/// Adds the key to the headers, if it looks like one.
fn add_key(headers: &Headers, api_key: &str) -> Result<(), Rejection> {
    key::check(api_key)?;
    // Without the exception, whose message may quote the key.
    headers
        .set("x-api-key", api_key)
        .map_err(|_| Failure::configuration("options.apiKey could not be sent as a header").into())
}

/// An answer that is no success. Its status tells more than a body that broke off
/// on its way.
fn refused(answer: &AnswerHead, body: Result<JsValue, JsValue>) -> Rejection {
    let body = body.map(start_of).unwrap_or_default();
    classify(&answer.with(&body)).into()
}

fn start_of(buffer: JsValue) -> Vec<u8> {
    let Ok(buffer) = buffer.dyn_into::<ArrayBuffer>() else {
        return Vec::new();
    };
    let length = buffer.byte_length().min(SCANNED_BYTES as u32);
    Uint8Array::new_with_byte_offset_and_length(&buffer, 0, length).to_vec()
}

#[wasm_bindgen(module = "/pkg-template/verbatim.js")]
extern "C" {
    /// Notes from which answer a reference was read.
    fn remember(components: &JsValue, answer: &JsValue);
}

#[wasm_bindgen]
extern "C" {
    /// `JSON.parse` of a string that stays on JavaScript's side.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// The answer as the browser parses it: handed on as it is, so that no field
/// is lost that this SDK does not know.
fn promised(endpoint: Endpoint, answer: &AnswerHead, body: Result<JsValue, JsValue>) -> Outcome {
    let text = match body {
        Ok(text) => text,
        // The work was done, and billed: it is not to be done once more.
        Err(cause) => {
            let problem = "the connection broke before all of it came";
            let failure = broken_success(&answer.with(b""), Some("incomplete"), problem);
            return Err(Rejection::caused_by(failure, cause));
        }
    };
    let problem = match parse_json(&text) {
        Err(_) => "the body is not JSON".to_owned(),
        Ok(json) if !json.is_object() || is_array(&json) => {
            "the body is not a JSON object".to_owned()
        }
        Ok(json) => {
            let (member, wants_array) = endpoint.promised();
            let value = property(&json, member);
            let (fits, kind) = match wants_array {
                true => (is_array(&value), "an array"),
                false => (value.is_string(), "a string"),
            };
            if fits {
                if endpoint == Endpoint::AnalyzeNative {
                    remember(&value, &text);
                }
                return Ok(json);
            }
            joined(&["`", member, "` is not ", kind])
        }
    };
    let head = text
        .dyn_ref::<JsString>()
        .map(|text| text.slice(0, SCANNED_BYTES as u32));
    let head = head.map(String::from).unwrap_or_default();
    Err(broken_success(&answer.with(head.as_bytes()), None, &problem).into())
}

/// The connection failed: browsers do not say why, but they know when they are
/// offline.
fn unreachable(cause: JsValue) -> Rejection {
    let (reason, problem) = match is_offline() {
        true => ("offline", "the device is offline"),
        false => ("unreachable", "the server could not be reached"),
    };
    let failure = Failure::client(Class::Connection, Some(reason), problem);
    Rejection::caused_by(failure, cause)
}
