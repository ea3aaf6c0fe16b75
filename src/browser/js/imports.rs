//! Everything that Rust imports: the package's JavaScript, and the one global that `js-sys`
//! cannot reach. No other file has an `extern "C"` block.
//!
//! None of these modules may import `wasm/core.js`, or modules would import each other in a
//! circle. None may throw unless its import has `catch`: an exception that Rust does not expect
//! ends a call without a trace, and each one that Rust does expect leaks a slot of wasm-bindgen's
//! externref table (0.2.130). So JavaScript reads everything that may be a Proxy.

use js_sys::{Array, Function, Promise, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};
use web_sys::{AbortSignal, FormData};

/// Called with the share of an upload that has been sent, above 0 and up to 1.
pub(crate) type OnUploadProgress = Closure<dyn Fn(f64)>;

/// Asks this tab's rate limiter to admit a request; returns the milliseconds to wait, or 0 if it
/// is admitted.
pub(crate) type TryAcquire = Closure<dyn FnMut() -> f64>;

/// Called with the time of another tab's request and the end of another tab's pause, in
/// milliseconds since the Unix epoch. NaN stands for the one that is missing.
pub(crate) type OnRemoteEvent = Closure<dyn FnMut(f64, f64)>;

#[wasm_bindgen]
extern "C" {
    /// Returns milliseconds on a clock that never goes back; in windows, workers and Node.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    pub(crate) fn performance_now() -> f64;
}

#[wasm_bindgen(module = "/pkg-template/client/untrusted-values.js")]
extern "C" {
    /// True if `value` is an array; false if it throws when it is inspected.
    #[wasm_bindgen(js_name = isArray)]
    pub(crate) fn is_array(value: &JsValue) -> bool;
    #[wasm_bindgen(js_name = memberOf)]
    pub(crate) fn member_of(value: &JsValue, name: &str) -> JsValue;
    #[wasm_bindgen(js_name = ownMemberOf)]
    pub(crate) fn own_member_of(value: &JsValue, name: &str) -> JsValue;
    /// Returns the names of an object's own members.
    #[wasm_bindgen(js_name = namesOf)]
    pub(crate) fn names_of(object: &JsValue) -> Array;
    /// True if `value` is an `AbortSignal`, of any realm.
    #[wasm_bindgen(js_name = isSignal)]
    pub(crate) fn is_signal(value: &JsValue) -> bool;
    /// Calls `abort` with the signal's reason when it is aborted, or at once; returns a function
    /// that stops listening. Never throws.
    #[wasm_bindgen(js_name = whenAborted)]
    pub(crate) fn when_aborted(signal: &JsValue, abort: &Closure<dyn Fn(JsValue)>) -> Function;
    /// Calls a callback of the page. Only a page's own `reportError` can make this throw.
    #[wasm_bindgen(catch)]
    pub(crate) fn notify(callback: &Function, message: &JsValue) -> Result<(), JsValue>;
}

#[wasm_bindgen(module = "/pkg-template/client/option-problem.js")]
extern "C" {
    /// Returns the first problem of `options`, called `name` in messages, according to a table of
    /// `call-options.js`.
    #[wasm_bindgen(js_name = optionProblem)]
    pub(crate) fn option_problem(name: &str, options: &JsValue, table: &str) -> Option<String>;
}

#[wasm_bindgen(module = "/pkg-template/result/redact.js")]
extern "C" {
    /// Creates an error of the package.
    #[wasm_bindgen(js_name = makeError)]
    pub(crate) fn make_error(class: &str, fields: &JsValue) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/result/failure.js")]
extern "C" {
    /// True if `value` is one of the package's errors.
    #[wasm_bindgen(js_name = isError)]
    pub(crate) fn is_error(value: &JsValue) -> bool;
    /// True if `value` is a `Failure` of the package's JavaScript.
    #[wasm_bindgen(js_name = isFailure)]
    pub(crate) fn is_failure(value: &JsValue) -> bool;
    /// A failure as the package's JavaScript throws it.
    #[wasm_bindgen(js_name = Failure)]
    pub(crate) type JsFailure;
    #[wasm_bindgen(constructor, js_class = "Failure")]
    pub(crate) fn new(
        class_name: &str,
        reason: Option<&str>,
        message: &str,
        cause: &JsValue,
    ) -> JsFailure;
}

#[wasm_bindgen(module = "/pkg-template/upload/request-headers.js")]
extern "C" {
    /// Resolves to the headers of one request, from the client's options `headers` and `apiKey`.
    #[wasm_bindgen(js_name = resolveHeaders)]
    pub(crate) fn resolve_headers(headers: &JsValue, api_key: &JsValue) -> Promise;
}

#[wasm_bindgen(module = "/pkg-template/upload/fetch.js")]
extern "C" {
    /// Sends a request; resolves to a [`ResponseHead`].
    #[wasm_bindgen(js_name = sendRequest)]
    pub(crate) fn send_request(
        url: &str,
        form: &FormData,
        headers: &JsValue,
        credentials: &str,
        signal: &AbortSignal,
        custom_fetch: &JsValue,
        on_upload_progress: Option<&OnUploadProgress>,
    ) -> Promise;
}

#[wasm_bindgen(module = "/pkg-template/upload/connectivity.js")]
extern "C" {
    /// True if the browser reports that it is offline and the URL is not on this machine.
    #[wasm_bindgen(js_name = isOffline)]
    pub(crate) fn is_offline(url: &str) -> bool;
    /// Resolves when the browser is online again, or `signal` is aborted.
    #[wasm_bindgen(js_name = untilOnline)]
    pub(crate) fn until_online(signal: &AbortSignal) -> Promise;
}

#[wasm_bindgen(module = "/pkg-template/upload/jitter.js")]
extern "C" {
    /// Returns a random number; from 0 to 1 unless the page has replaced `Math.random`.
    pub(crate) fn jitter() -> f64;
}

#[wasm_bindgen(module = "/pkg-template/upload/response.js")]
extern "C" {
    /// Returns the value in a JSON body; `undefined` if the body is not JSON.
    #[wasm_bindgen(js_name = parseJson)]
    pub(crate) fn parse_json(bytes: &Uint8Array) -> JsValue;
    /// Returns `{ text }` or `{ excerpt }`: the readable content of an error body.
    #[wasm_bindgen(js_name = errorDetail)]
    pub(crate) fn error_detail(bytes: &Uint8Array) -> JsValue;
}

// Objects that `response.js` creates.
#[wasm_bindgen]
extern "C" {
    /// The status and headers of a response.
    pub(crate) type ResponseHead;
    /// Returns the status; 0 for a redirect that is not followed.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn status(this: &ResponseHead) -> u16;
    /// Returns the headers that the core reads: `Retry-After`.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn headers(this: &ResponseHead) -> web_sys::Headers;
    /// Reads the body; resolves to a [`ResponseBody`].
    #[wasm_bindgen(method)]
    pub(crate) fn read(this: &ResponseHead, limit_bytes: u32) -> Promise;

    /// The outcome of reading a body.
    pub(crate) type ResponseBody;
    /// Returns at most `limit_bytes` bytes; none if the connection broke.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn bytes(this: &ResponseBody) -> Uint8Array;
    /// True if the body is longer than the limit.
    #[wasm_bindgen(method, getter, js_name = isCut)]
    pub(crate) fn is_cut(this: &ResponseBody) -> bool;
    /// True if the connection broke before the end of the body.
    #[wasm_bindgen(method, getter, js_name = isBroken)]
    pub(crate) fn is_broken(this: &ResponseBody) -> bool;
    /// Returns the value that was thrown when the connection broke.
    #[wasm_bindgen(method, getter)]
    pub(crate) fn cause(this: &ResponseBody) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/upload/join-tabs.js")]
extern "C" {
    /// Resolves to a [`CrossTabLimiter`], or to `undefined` if this browser cannot share limits.
    #[wasm_bindgen(js_name = joinTabs)]
    pub(crate) fn join_tabs(name: &str, slots: u32, on_remote_event: &OnRemoteEvent) -> Promise;
}

// Objects that `cross-tab-limiter.js` creates.
#[wasm_bindgen]
extern "C" {
    /// This tab, joined to the other tabs of its origin.
    pub(crate) type CrossTabLimiter;
    /// Resolves to a [`CrossTabSlot`] once `try_acquire` admits a request.
    #[wasm_bindgen(method)]
    pub(crate) fn acquire(
        this: &CrossTabLimiter,
        try_acquire: &TryAcquire,
        signal: &AbortSignal,
    ) -> Promise;
    #[wasm_bindgen(method, js_name = broadcastPause)]
    pub(crate) fn broadcast_pause(this: &CrossTabLimiter, until_epoch_ms: f64);
    #[wasm_bindgen(method)]
    pub(crate) fn close(this: &CrossTabLimiter);

    /// One of the slots that all tabs share.
    pub(crate) type CrossTabSlot;
    #[wasm_bindgen(method)]
    pub(crate) fn release(this: &CrossTabSlot);
}
