//! A request whose upload can be watched: by XMLHttpRequest, because fetch does
//! not say how much of a body has gone up.

use std::cell::Cell;
use std::rc::Rc;

use gloo_net::http::Headers;
use js_sys::{ArrayBuffer, Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FormData, ProgressEvent, RequestCredentials, Response, ResponseInit, XmlHttpRequest,
    XmlHttpRequestResponseType,
};

use super::clock::{monotonic_ms, sleep};
use super::property::global;

/// What is told of an upload: the share that has gone up, from 0 to 1.
pub type OnSent = Rc<dyn Fn(f64)>;

/// How an upload gets on.
pub struct Pace {
    on_sent: OnSent,
    /// `None` as long as nothing can be told.
    moved_at_ms: Cell<Option<f64>>,
    is_up: Cell<bool>,
}

impl Pace {
    /// An upload that has not started.
    pub fn new(on_sent: OnSent) -> Rc<Self> {
        Rc::new(Pace {
            on_sent,
            moved_at_ms: Cell::new(None),
            is_up: Cell::new(false),
        })
    }

    fn moved(&self, share: f64) {
        self.moved_at_ms.set(Some(monotonic_ms()));
        if !self.is_up.get() {
            self.is_up.set(share >= 1.0);
            (self.on_sent)(share);
        }
    }

    /// Comes back when no byte went up for `ms` milliseconds; never, once all
    /// are up or where it cannot be told.
    pub async fn stalled(&self, ms: f64) {
        while !self.is_up.get() {
            let left_ms = match self.moved_at_ms.get() {
                Some(at_ms) => at_ms + ms - monotonic_ms(),
                None => ms,
            };
            if left_ms <= 0.0 {
                return;
            }
            sleep(left_ms).await;
        }
        std::future::pending().await
    }
}

/// Whether this environment has it.
pub fn is_available() -> bool {
    global("XMLHttpRequest").is_function()
}

type Listener = Closure<dyn FnMut(JsValue)>;

/// A request under way; dropping it aborts it, unless it is over.
struct Request {
    xhr: XmlHttpRequest,
    _listeners: Vec<Listener>,
}

impl Drop for Request {
    fn drop(&mut self) {
        self.xhr.set_onload(None);
        self.xhr.set_onerror(None);
        if let Ok(upload) = self.xhr.upload() {
            upload.set_onprogress(None);
            upload.set_onload(None);
        }
        let _ = self.xhr.abort();
    }
}

/// Posts `form` and gives the answer as fetch would. `pace` is kept up to date.
pub async fn post(
    url: &str,
    headers: &Headers,
    credentials: RequestCredentials,
    form: &FormData,
    pace: Rc<Pace>,
) -> Result<Response, JsValue> {
    let xhr = XmlHttpRequest::new()?;
    xhr.open("POST", url)?;
    xhr.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
    xhr.set_with_credentials(credentials == RequestCredentials::Include);
    for (name, value) in headers.entries() {
        xhr.set_request_header(&name, &value)?;
    }
    let mut listeners: Vec<Listener> = Vec::new();
    let mut listen = |listener: Listener| -> Function {
        let function = listener.as_ref().unchecked_ref::<Function>().clone();
        listeners.push(listener);
        function
    };
    let upload = xhr.upload()?;
    pace.moved(0.0);
    let on_progress = listen(Closure::new({
        let pace = pace.clone();
        move |event: JsValue| {
            let event: ProgressEvent = event.unchecked_into();
            // All bytes are up when they are counted up: `load` may come as late
            // as the answer, in Firefox, and that may be long after.
            if event.total() > 0.0 {
                pace.moved((event.loaded() / event.total()).min(1.0));
            }
        }
    }));
    upload.set_onprogress(Some(&on_progress));
    upload.set_onload(Some(&listen(Closure::new(move |_| pace.moved(1.0)))));
    let done = Promise::new(&mut |resolve, reject| {
        let settle = |function: Function| -> Listener {
            Closure::new(move |event: JsValue| {
                let _ = function.call1(&JsValue::UNDEFINED, &event);
            })
        };
        xhr.set_onload(Some(&listen(settle(resolve))));
        // What fetch rejects with, so that `cause` is the same.
        let reject: Listener = Closure::new(move |_| {
            let failed = js_sys::TypeError::new("Failed to fetch");
            let _ = reject.call1(&JsValue::UNDEFINED, &failed);
        });
        xhr.set_onerror(Some(&listen(reject)));
    });
    let request = Request {
        xhr,
        _listeners: listeners,
    };
    request.xhr.send_with_opt_form_data(Some(form))?;
    JsFuture::from(done).await?;
    response(&request.xhr)
}

/// The answer as a `Response`, so that it is read in one way only.
fn response(xhr: &XmlHttpRequest) -> Result<Response, JsValue> {
    let status = xhr.status()?;
    let init = ResponseInit::new();
    init.set_status(status);
    let headers = web_sys::Headers::new()?;
    // Only what is read: others may not be readable at all.
    if let Some(value) = xhr.get_response_header("retry-after")? {
        headers.set("retry-after", &value)?;
    }
    init.set_headers(&headers);
    let body = xhr.response()?.dyn_into::<ArrayBuffer>().ok();
    // These have no body, and Response insists on it.
    let body = body.filter(|_| !matches!(status, 101 | 103 | 204 | 205 | 304));
    match body {
        Some(body) => Response::new_with_opt_buffer_source_and_init(Some(&body), &init),
        None => Response::new_with_opt_str_and_init(None, &init),
    }
}
