//! One request and its response.

use std::rc::Rc;

use gloo_net::http::Headers;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, FormData};

use crate::browser::clock::epoch_ms;
use crate::browser::error::Rejection;
use crate::browser::js::JsResult;
use crate::browser::js::imports::{
    OnUploadProgress, ResponseBody, ResponseHead, error_detail, is_array, is_failure, parse_json,
    resolve_headers, send_request,
};
use crate::browser::js::promise::AbortOnDrop;
use crate::browser::js::property::{property, string};
use crate::core::api_key;
use crate::core::endpoint::{Endpoint, MAX_RESPONSE_BYTES};
use crate::core::error::classify::{HttpResponse, classify, invalid_response};
use crate::core::error::detail::{ErrorDetail, MAX_ERROR_BODY_BYTES};
use crate::core::error::failure::Failure;
use crate::core::format::concat;

/// The options of the client for its requests.
pub(crate) struct Transport {
    /// `baseUrl`, without a slash at its end.
    pub(crate) base_url: String,
    /// `apiKey`: a string, or a function that returns one.
    pub(crate) api_key: JsValue,
    /// `headers`: an object, or a function that returns one.
    pub(crate) headers: JsValue,
    /// `credentials`.
    pub(crate) credentials: &'static str,
    /// `fetch`; `undefined` for the global one.
    pub(crate) fetch: JsValue,
}

/// The part of a response that is known before its body.
pub(crate) struct ResponseStart {
    pub(crate) status: u16,
    retry_after: Option<String>,
    /// In milliseconds since the Unix epoch.
    received_at_ms: f64,
}

impl ResponseStart {
    fn new(head: &ResponseHead) -> Self {
        ResponseStart {
            status: head.status(),
            retry_after: Headers::from_raw(head.headers()).get("retry-after"),
            received_at_ms: epoch_ms(),
        }
    }

    /// True if the body is a result.
    pub(crate) fn is_success(&self) -> bool {
        self.status == 200
    }

    /// Returns the response whose body has this content.
    pub(crate) fn with_detail(&self, detail: Option<ErrorDetail>) -> HttpResponse<'_> {
        HttpResponse {
            status: self.status,
            retry_after: self.retry_after.as_deref(),
            detail,
            received_at_ms: self.received_at_ms,
        }
    }
}

impl Transport {
    /// Resolves the options `headers` and `apiKey` for one request, and validates the key. Sends
    /// nothing.
    pub(crate) async fn request_headers(&self) -> JsResult {
        let headers = await_promise(resolve_headers(&self.headers, &self.api_key)).await?;
        if let Some(api_key) = string(&headers, "apiKey") {
            api_key::validate(&api_key).map_err(Failure::from)?;
        }
        Ok(headers)
    }

    /// Sends `form` with the headers of [`Transport::request_headers`], and reads the response to
    /// its end. Dropping the future aborts the request. `on_upload_progress` is called only if the
    /// browser can report progress without extra requests.
    pub(crate) async fn send(
        &self,
        endpoint: Endpoint,
        form: &FormData,
        headers: &JsValue,
        on_upload_progress: Option<&OnUploadProgress>,
        on_response: &dyn Fn(Rc<ResponseStart>),
    ) -> JsResult {
        let controller = AbortController::new().map_err(Rejection::from_js)?;
        let signal = controller.signal();
        let abort_on_drop = AbortOnDrop::new(controller);
        let url = concat(&[&self.base_url, endpoint.path()]);
        let head = await_promise(send_request(
            &url,
            form,
            headers,
            self.credentials,
            &signal,
            &self.fetch,
            on_upload_progress,
        ));
        let head: ResponseHead = head.await?.unchecked_into();
        let start = Rc::new(ResponseStart::new(&head));
        on_response(start.clone());
        let limit_bytes = if start.is_success() {
            MAX_RESPONSE_BYTES
        } else {
            MAX_ERROR_BODY_BYTES
        };
        let body = await_promise(head.read(limit_bytes as u32)).await?;
        let body: ResponseBody = body.unchecked_into();
        abort_on_drop.release();
        if start.is_success() {
            parse_success(endpoint, &start, &body)
        } else {
            // The status says more than a body that broke off.
            Err(classify(&start.with_detail(detail_of(&body))).into())
        }
    }
}

async fn await_promise(promise: Promise) -> JsResult {
    JsFuture::from(promise).await.map_err(Rejection::from_js)
}

/// Returns the readable content of the start of a body.
fn detail_of(body: &ResponseBody) -> Option<ErrorDetail> {
    let start = body.bytes().subarray(0, MAX_ERROR_BODY_BYTES as u32);
    let detail = error_detail(&start);
    match string(&detail, "text") {
        Some(text) => Some(ErrorDetail::Text(text)),
        None => string(&detail, "excerpt").map(ErrorDetail::Excerpt),
    }
}

/// Returns the JSON of a successful response as the browser parses it, so that no field is lost
/// that this SDK does not know.
fn parse_success(endpoint: Endpoint, start: &ResponseStart, body: &ResponseBody) -> JsResult {
    if body.is_broken() {
        let cause = body.cause();
        if is_failure(&cause) {
            return Err(Rejection::from_js(cause));
        }
        // The API has done the work and billed it, so the call must not be retried.
        let problem = "the connection broke before all of it came";
        let failure = invalid_response(&start.with_detail(None), Some("incomplete"), problem);
        return Err(Rejection::caused_by(failure, cause));
    }
    let problem = match parse_json(&body.bytes()) {
        _ if body.is_cut() => "the body is longer than 16 MiB".to_owned(),
        json if json.is_undefined() => "the body is not JSON".to_owned(),
        json if !json.is_object() || is_array(&json) => "the body is not a JSON object".to_owned(),
        json => {
            let (member, wants_array) = endpoint.required_member();
            let value = property(&json, member);
            let (matches, kind) = if wants_array {
                (is_array(&value), "an array")
            } else {
                (value.is_string(), "a string")
            };
            if matches {
                return Ok(json);
            }
            concat(&["`", member, "` is not ", kind])
        }
    };
    Err(invalid_response(&start.with_detail(detail_of(body)), None, &problem).into())
}
