//! One request and its answer.

use std::rc::Rc;

use gloo_net::http::{Headers, Response};
use js_sys::{Array, ArrayBuffer, Function, JsString, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, FormData, RequestCredentials, RequestInit, Url};

use super::clock::epoch_ms;
use super::error::Rejection;
use super::input::described;
use super::online::is_offline;
use super::property::{global, property, string};
use super::upload::{self, Pace};
use crate::core::catalogue::Class;
use crate::core::classify::{Answer, broken_success, classify};
use crate::core::detail::SCANNED_BYTES;
use crate::core::error::Failure;
use crate::core::key;
use crate::core::request::Endpoint;

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
    /// `fetch`, if it is not the global one.
    pub fetch: Option<Function>,
}

/// Aborts the request when it is dropped, unless it is over.
struct AbortOnDrop(Option<AbortController>);

impl AbortOnDrop {
    fn disarm(mut self) {
        self.0 = None;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        if let Some(controller) = &self.0 {
            // Without a reason, so that what fetch rejects with is a
            // DOMException and no value of the caller's.
            controller.abort();
        }
    }
}

impl Transport {
    /// Sends `form` and reads the answer to its end. Dropping the future
    /// aborts the request. `pace` is kept up to date where the upload can be
    /// watched at no other cost.
    pub async fn send(
        &self,
        endpoint: Endpoint,
        form: &FormData,
        pace: Option<Rc<Pace>>,
        on_status: impl FnOnce(u16),
    ) -> Result<JsValue, Rejection> {
        let headers = self.headers().await?;
        let url = format!("{}{}", self.base_url, endpoint.path());
        if let Some(pace) = pace.filter(|_| self.can_watch(&url, &headers)) {
            let response = upload::post(&url, &headers, self.credentials, form, pace)
                .await
                .map_err(unreachable)?;
            on_status(response.status());
            return read(endpoint, Response::from(response)).await;
        }
        let controller = AbortController::new().map_err(unreachable)?;
        let guard = AbortOnDrop(Some(controller.clone()));

        let init = RequestInit::new();
        init.set_method("POST");
        init.set_body(form);
        init.set_headers(&headers.into_raw());
        init.set_credentials(self.credentials);
        init.set_signal(Some(&controller.signal()));
        let promise = self.fetch(&url, &init).map_err(unreachable)?;
        let response = JsFuture::from(promise).await.map_err(unreachable)?;
        let Ok(response) = response.dyn_into::<web_sys::Response>() else {
            return Err(Failure::configuration("options.fetch must resolve to a Response").into());
        };
        let response = Response::from(response);
        on_status(response.status());
        let result = read(endpoint, response).await;
        guard.disarm();
        result
    }

    /// Whether `XMLHttpRequest` can stand in for fetch, to watch the upload. It
    /// cannot leave cookies out, and to another origin a watched upload costs a
    /// preflight, which only a request with headers costs anyway.
    fn can_watch(&self, url: &str, headers: &Headers) -> bool {
        self.fetch.is_none()
            && self.credentials != RequestCredentials::Omit
            && upload::is_available()
            && (is_own_origin(url) || headers.entries().next().is_some())
    }

    fn fetch(&self, url: &str, init: &RequestInit) -> Result<Promise, JsValue> {
        let fetch: Function = match &self.fetch {
            Some(fetch) => fetch.clone(),
            None => global("fetch").dyn_into()?,
        };
        let outcome = fetch.call2(&js_sys::global(), &url.into(), init)?;
        Ok(Promise::resolve(&outcome))
    }

    async fn headers(&self) -> Result<Headers, Rejection> {
        let headers = web_sys::Headers::new().map_err(unreachable)?;
        let extra = self.called("headers", &self.headers).await?;
        if let Some(extra) = extra.dyn_ref::<web_sys::Headers>() {
            return self
                .with_key(web_sys::Headers::new_with_headers(extra).map_err(unreachable)?)
                .await;
        }
        if extra.is_object() {
            let unusable = |cause| {
                Rejection::caused_by(
                    Failure::configuration(
                        "options.headers must hold valid header names and values",
                    ),
                    cause,
                )
            };
            // Reflect throws where Object.entries would, but catchably: a getter
            // of the caller's must not tear the call.
            let names = Reflect::own_keys(&extra).map_err(unusable)?;
            for name in names.iter().filter_map(|name| name.as_string()) {
                let value = Reflect::get(&extra, &name.as_str().into()).map_err(unusable)?;
                if value.is_undefined() || value.is_null() {
                    continue;
                }
                let Some(value) = value.as_string() else {
                    return Err(Failure::configuration(format!(
                        "options.headers must hold strings, got {}",
                        described(&value)
                    ))
                    .into());
                };
                headers.set(&name, &value).map_err(unusable)?;
            }
        } else if !extra.is_undefined() {
            return Err(Failure::configuration(format!(
                "options.headers must give an object, got {}",
                described(&extra)
            ))
            .into());
        }
        self.with_key(headers).await
    }

    async fn with_key(&self, headers: web_sys::Headers) -> Result<Headers, Rejection> {
        let api_key = self.called("apiKey", &self.api_key).await?;
        if let Some(api_key) = api_key.as_string() {
            key::check(&api_key)?;
            headers.set("x-api-key", &api_key).map_err(|_| {
                Failure::configuration("options.apiKey could not be sent as a header")
            })?;
        } else if !api_key.is_undefined() {
            return Err(Failure::configuration(format!(
                "options.apiKey must give a string, got {}",
                described(&api_key)
            ))
            .into());
        }
        Ok(Headers::from_raw(headers))
    }

    /// The option itself, or what its function gives.
    async fn called(&self, name: &str, option: &JsValue) -> Result<JsValue, Rejection> {
        let Some(function) = option.dyn_ref::<Function>() else {
            return Ok(option.clone());
        };
        let threw = |cause| {
            Rejection::caused_by(
                Failure::configuration(format!("the function options.{name} failed")),
                cause,
            )
        };
        let promise = function.call0(&JsValue::UNDEFINED).map_err(threw)?;
        JsFuture::from(Promise::resolve(&promise))
            .await
            .map_err(threw)
    }
}

async fn read(endpoint: Endpoint, response: Response) -> Result<JsValue, Rejection> {
    let status = response.status();
    let retry_after = response.headers().get("retry-after");
    let raw: web_sys::Response = response.into();
    let answer = |body: &[u8]| {
        let answer = Answer {
            status,
            retry_after: retry_after.as_deref(),
            body,
            now_ms: epoch_ms(),
        };
        classify(&answer)
    };
    if status != 200 {
        // The status tells more than a body that broke off on its way.
        let body = match raw.array_buffer() {
            Ok(promise) => JsFuture::from(promise)
                .await
                .map(head_of)
                .unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        return Err(answer(&body).into());
    }
    let text = JsFuture::from(raw.text().map_err(unreachable)?)
        .await
        .map_err(unreachable)?;
    promised_json(endpoint, &text).map_err(|problem| {
        let head = text
            .dyn_ref::<JsString>()
            .map(|text| text.slice(0, SCANNED_BYTES as u32));
        let head = head.map(String::from).unwrap_or_default();
        let answer = Answer {
            status,
            retry_after: None,
            body: head.as_bytes(),
            now_ms: epoch_ms(),
        };
        broken_success(&answer, &problem).into()
    })
}

fn head_of(buffer: JsValue) -> Vec<u8> {
    let Ok(buffer) = buffer.dyn_into::<ArrayBuffer>() else {
        return Vec::new();
    };
    let length = buffer.byte_length().min(SCANNED_BYTES as u32);
    Uint8Array::new_with_byte_offset_and_length(&buffer, 0, length).to_vec()
}

#[wasm_bindgen]
extern "C" {
    /// `JSON.parse` of a string that stays on JavaScript's side.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    fn parse_json(text: &JsValue) -> Result<JsValue, JsValue>;
}

/// The answer as the browser parses it: handed on as it is, so that no field
/// is lost that this SDK does not know.
fn promised_json(endpoint: Endpoint, text: &JsValue) -> Result<JsValue, String> {
    let json = parse_json(text).map_err(|_| "the body is not JSON".to_owned())?;
    if !json.is_object() || Array::is_array(&json) {
        return Err("the body is not a JSON object".into());
    }
    let Some((member, is_array)) = endpoint.promised() else {
        return Ok(json);
    };
    let value = property(&json, member);
    match is_array {
        true if !Array::is_array(&value) => Err(format!("`{member}` is not an array")),
        false if !value.is_string() => Err(format!("`{member}` is not a string")),
        _ => Ok(json),
    }
}

fn is_own_origin(url: &str) -> bool {
    let location = global("location");
    match (string(&location, "href"), string(&location, "origin")) {
        (Some(page), Some(origin)) => {
            Url::new_with_base(url, &page).is_ok_and(|url| url.origin() == origin)
        }
        _ => false,
    }
}

/// The connection failed: browsers do not say why, but they know when they are
/// offline.
fn unreachable(cause: JsValue) -> Rejection {
    let failure = if is_offline() {
        Failure::client(Class::Connection, Some("offline"), "the device is offline")
    } else {
        Failure::client(
            Class::Connection,
            Some("unreachable"),
            "the server could not be reached",
        )
    };
    Rejection::caused_by(failure, cause)
}
