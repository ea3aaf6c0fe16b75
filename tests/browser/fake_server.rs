//! A client whose server is a script, and looks at what came of it.
// Each test file uses its share.
#![allow(dead_code, unreachable_pub, missing_docs)]

use super::client::Client;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    #[wasm_bindgen(js_name = wrongUploads)]
    async fn wrong_uploads() -> JsValue;
    #[wasm_bindgen(variadic)]
    pub fn scripted(answers: &Array) -> JsValue;
    pub fn answer(status: u16, body: &str, headers: Option<&str>) -> JsValue;
    pub fn lineage(error: &JsValue) -> String;
    pub async fn turn();
    #[wasm_bindgen(js_name = formOf)]
    pub async fn form_of(call: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = headersOf)]
    pub fn headers_of(call: &JsValue) -> String;
    #[wasm_bindgen(js_name = toneWav)]
    pub fn wav(samples: u32) -> JsValue;
    #[wasm_bindgen(js_name = floatWav)]
    pub fn float_wav(seconds: f64) -> JsValue;
    #[wasm_bindgen(js_name = wideWav)]
    pub fn wide_wav(channels: u16) -> JsValue;
    pub fn spoken(before: f64, sound: f64, after: f64) -> JsValue;
    pub fn js(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = countedSignal)]
    pub fn counted_signal() -> JsValue;
    pub type Clock;
    /// Stops time; it moves by `advance` only.
    #[wasm_bindgen(js_name = stopClock)]
    pub fn stop_clock() -> Clock;
    #[wasm_bindgen(method)]
    pub fn advance(this: &Clock, ms: f64);
    #[wasm_bindgen(method)]
    pub fn sleep(this: &Clock, ms: f64);
    #[wasm_bindgen(method)]
    pub fn restore(this: &Clock);
}

/// What every endpoint promises, and more.
pub const SUCCESS: &str = r#"{"text":"hi","text_type":"en","metadata":{"x":[1,null]},"speech_components":[],"user_speech_components":[],"later":{"field":true}}"#;

pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

pub fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

pub fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or(f64::NAN)
}

/// A client whose fetch gives these answers, with quick retries; `more` is
/// merged over its options.
pub struct Scripted {
    pub client: Client,
    pub server: JsValue,
}

impl Scripted {
    pub fn new(answers: &[JsValue], more: &str) -> Self {
        let server = scripted(&answers.iter().collect());
        let options = js(&format!(
            "Object.assign({{ baseUrl: '/api/', retry: {{ baseDelayMs: 1 }} }}, {more})"
        ));
        for own in ["fetch", "onEvent"] {
            if get(&options, own).is_undefined() {
                Reflect::set(&options, &own.into(), &get(&server, own)).unwrap();
            }
        }
        Scripted {
            client: Client::new(options).unwrap(),
            server,
        }
    }

    pub fn calls(&self) -> Array {
        get(&self.server, "calls").unchecked_into()
    }

    /// Waits until the client has told an event of this type so many times.
    pub async fn happened(&self, event: &str, times: u32) {
        let happened: Function = get(&self.server, "happened").unchecked_into();
        let waited = happened.call2(&self.server, &event.into(), &times.into());
        let waited: Promise = waited.unwrap().unchecked_into();
        JsFuture::from(waited).await.unwrap();
    }

    /// How many times the client has told an event of this type so far.
    pub fn times_told(&self, event: &str) -> u32 {
        let told: Array = get(&self.server, "told").unchecked_into();
        let same = told.iter().filter(|other| *other == event);
        same.count() as u32
    }

    /// Waits until fetch was called so many times.
    pub async fn called(&self, times: u32) {
        while self.calls().length() < times {
            turn().await;
        }
    }

    /// How many calls of fetch wait for the answer "held".
    pub fn held(&self) -> u32 {
        get(&self.server, "held").unchecked_into::<Array>().length()
    }

    /// Gives the first of them its answer.
    pub fn release(&self) {
        let held: Array = get(&self.server, "held").unchecked_into();
        let answer: Function = held.shift().unchecked_into();
        answer.call0(&JsValue::UNDEFINED).unwrap();
    }

    pub async fn transcribe(&self, request: &str) -> Result<JsValue, JsValue> {
        self.call("transcribe", wav(800), "undefined", request)
            .await
    }

    pub async fn call(
        &self,
        method: &str,
        audio: JsValue,
        options: &str,
        request: &str,
    ) -> Result<JsValue, JsValue> {
        let call = self.client.call(method, audio, js(options), js(request));
        let result = JsFuture::from(call).await;
        assert_uploads_are_strict().await;
        result
    }
}

/// Asserts that all uploads so far are as a strict reader expects.
pub async fn assert_uploads_are_strict() {
    let wrong = wrong_uploads().await;
    assert_eq!(wrong.as_string().as_deref(), Some(""));
}

pub fn ok() -> JsValue {
    answer(200, SUCCESS, None)
}

pub fn status(status: u16) -> JsValue {
    answer(status, "", None)
}
