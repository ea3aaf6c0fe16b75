//! The browser layer in a worker. The decoding itself is tested end to end:
//! here only the files that Rust binds are served, so the demuxer is missing.
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/served.rs"]
mod served;

use client::Client;
use js_sys::{Array, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    #[wasm_bindgen(variadic)]
    fn scripted(answers: &Array) -> JsValue;
    fn answer(status: u16, body: &str, headers: Option<&str>) -> JsValue;
    #[wasm_bindgen(js_name = formOf)]
    async fn form_of(call: &JsValue) -> JsValue;
    fn wav(samples: u32) -> JsValue;
    #[wasm_bindgen(js_name = floatWav)]
    fn float_wav(seconds: f64) -> JsValue;
    fn js(text: &str) -> JsValue;
}

const WEBM: &[u8] = include_bytes!("fixtures/recordings/chromium.webm");
const MP3: &[u8] = include_bytes!("../crates/emulator/tests/tone.mp3");

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

fn client() -> Client {
    Client::new(js("{ baseUrl: '/api' }")).unwrap()
}

async fn prepare(audio: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(client().prepare(audio, JsValue::UNDEFINED)).await
}

async fn within_seconds(seconds: f64, work: Promise) -> Result<JsValue, JsValue> {
    let clock = js(&format!(
        "new Promise((_, reject) => setTimeout(() => reject('it hangs'), {seconds} * 1000))"
    ));
    JsFuture::from(Promise::race(&Array::of2(&work, &clock))).await
}

/// The form that `audio` went up in.
async fn uploaded(audio: JsValue) -> String {
    let server = scripted(&Array::of1(&answer(200, r#"{"text":"hi"}"#, None)));
    let options = js("{ baseUrl: '/api' }");
    Reflect::set(&options, &"fetch".into(), &get(&server, "fetch")).unwrap();
    let client = Client::new(options).unwrap();
    let call = client.call("transcribe", audio, JsValue::UNDEFINED, JsValue::UNDEFINED);
    assert_eq!(text(&JsFuture::from(call).await.unwrap(), "text"), "hi");
    let calls: Array = get(&server, "calls").unchecked_into();
    assert_eq!(calls.length(), 1);
    form_of(&calls.get(0)).await.as_string().unwrap()
}

#[wasm_bindgen_test]
async fn wav_and_mp3_go_up_as_they_are() {
    assert_eq!(uploaded(wav(800)).await, "file: audio.wav audio/wav 1644");
    let mp3 = format!("file: audio.mp3 audio/mpeg {}", MP3.len());
    assert_eq!(uploaded(Uint8Array::from(MP3).into()).await, mp3);
}

#[wasm_bindgen_test]
async fn other_wav_is_written_anew() {
    let take = prepare(float_wav(0.5)).await.unwrap();
    assert_eq!(get(&take, "durationSeconds"), 0.5);
}

// One test, because tests run side by side and the second half takes the
// decoder away from all of them.
#[wasm_bindgen_test]
async fn what_decodes_a_recording_may_be_missing() {
    let lacks = js("typeof document === 'undefined' && typeof OfflineAudioContext === 'undefined'");
    assert_eq!(lacks, JsValue::TRUE);
    let decoder = js("AudioDecoder");

    let error = prepare(Uint8Array::from(WEBM).into()).await.unwrap_err();
    assert_eq!(
        text(&error, "name"),
        "WasmLoadError",
        "{}",
        text(&error, "message")
    );
    assert_eq!(text(&error, "code"), "WASM_LOAD_FAILED");
    assert!(text(&error, "message").contains("prepare/webcodecs-decoder.js"));
    assert!(get(&error, "cause").is_object());

    js("delete self.AudioDecoder");
    let error = prepare(Uint8Array::from(WEBM).into()).await.unwrap_err();
    Reflect::set(&js_sys::global(), &"AudioDecoder".into(), &decoder).unwrap();
    assert_eq!(text(&error, "name"), "InvalidAudioError");
    assert_eq!(text(&error, "reason"), "unsupported_codec");
    assert!(text(&error, "message").contains("pass WAV or MP3"));
}

#[wasm_bindgen_test]
async fn what_is_no_audio_is_refused_and_nothing_hangs() {
    for length in [0, 3, 40, 2_000] {
        let noise = Uint8Array::new_with_length(length);
        let work = client().prepare(noise.into(), JsValue::UNDEFINED);
        let error = within_seconds(60.0, work).await.unwrap_err();
        assert_eq!(text(&error, "name"), "InvalidAudioError");
    }
}

#[wasm_bindgen_test]
async fn a_worker_has_no_microphone() {
    let error = JsFuture::from(client().record(JsValue::UNDEFINED))
        .await
        .unwrap_err();
    assert_eq!(text(&error, "name"), "MicrophoneError");
    assert_eq!(text(&error, "reason"), "unsupported");
    assert!(!text(&error, "message").is_empty());
}
