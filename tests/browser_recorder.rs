//! The recorder in a real browser, with its fake microphone (a beeping tone).
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Function, Promise, Reflect};
use thetaone_web::browser::client::Client;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    fn js(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = rememberTracks)]
    fn remember_tracks() -> Array;
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

fn call(object: &JsValue, method: &str) -> JsValue {
    let method: Function = get(object, method).unchecked_into();
    method.call0(object).unwrap()
}

async fn settled(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(promise.unchecked_into::<Promise>()).await
}

fn client() -> Client {
    Client::new(js("{ baseUrl: '/api' }")).unwrap()
}

async fn record(client: &Client, options: &str) -> Result<JsValue, JsValue> {
    settled(client.record(js(options)).into()).await
}

fn states(tracks: &Array) -> Vec<String> {
    tracks
        .iter()
        .map(|track| text(&track, "readyState"))
        .collect()
}

/// Options whose `onLevel` or `onStop` resolve `globalThis.told`.
const TELL_LEVEL: &str = "((told) => (globalThis.told = told.promise, { trimSilence: false, onLevel: (level) => level.elapsedSeconds > 0.4 && told.resolve(level) }))(Promise.withResolvers())";
const TELL_STOP: &str = "((told) => (globalThis.told = told.promise, { trimSilence: false, maxSeconds: 0.5, onStop: told.resolve }))(Promise.withResolvers())";

async fn told() -> JsValue {
    settled(get(&js_sys::global(), "told")).await.unwrap()
}

#[wasm_bindgen_test]
async fn a_recording_becomes_a_take_and_the_microphone_goes_off() {
    let tracks = remember_tracks();
    let recorder = record(&client(), TELL_LEVEL).await.unwrap();
    assert_eq!(text(&recorder, "state"), "recording");
    let level = told().await;
    assert!(get(&level, "rmsDbfs").as_f64().unwrap() <= 0.0);
    let elapsed = get(&recorder, "elapsedSeconds").as_f64().unwrap();
    let take = settled(call(&recorder, "stop")).await.unwrap();
    assert_eq!(text(&recorder, "state"), "stopped");
    assert_eq!(states(&tracks), ["ended"]);
    assert_eq!(get(&take, "sampleRate"), 16_000);
    let seconds = get(&take, "durationSeconds").as_f64().unwrap();
    assert!(
        (seconds - elapsed).abs() < 0.3,
        "{seconds} s of {elapsed} s"
    );
    let again = settled(call(&recorder, "stop")).await.unwrap();
    assert!(js_sys::Object::is(&take, &again));
}

#[wasm_bindgen_test]
async fn a_second_recording_has_to_wait_for_the_first() {
    let client = client();
    let (first, second) = (client.record(js("{}")), client.record(js("{}")));
    let recorder = settled(first.into()).await.unwrap();
    for refused in [settled(second.into()).await, record(&client, "{}").await] {
        let error = refused.unwrap_err();
        assert_eq!(
            (text(&error, "name"), text(&error, "reason")),
            ("MicrophoneError".into(), "busy".into())
        );
    }
    call(&recorder, "cancel");
    let next = record(&client, "{}").await.unwrap();
    call(&next, "cancel");
}

#[wasm_bindgen_test]
async fn a_cancelled_recording_gives_no_take() {
    let tracks = remember_tracks();
    let recorder = record(&client(), "{}").await.unwrap();
    call(&recorder, "cancel");
    assert_eq!(states(&tracks), ["ended"]);
    assert_eq!(text(&recorder, "state"), "cancelled");
    let error = settled(call(&recorder, "stop")).await.unwrap_err();
    assert_eq!(text(&error, "name"), "AbortError");
}

#[wasm_bindgen_test]
async fn a_recording_ends_by_itself_and_the_take_is_there() {
    let tracks = remember_tracks();
    let recorder = record(&client(), TELL_STOP).await.unwrap();
    assert_eq!(text(&told().await, "reason"), "max_seconds");
    assert_eq!(states(&tracks), ["ended"]);
    let take = settled(call(&recorder, "stop")).await.unwrap();
    let seconds = get(&take, "durationSeconds").as_f64().unwrap();
    assert!((0.3..0.9).contains(&seconds), "{seconds}");
}

#[wasm_bindgen_test]
async fn pauses_are_left_out() {
    let recorder = record(&client(), TELL_LEVEL).await.unwrap();
    call(&recorder, "pause");
    assert_eq!(text(&recorder, "state"), "paused");
    let before = get(&recorder, "elapsedSeconds");
    settled(js(
        "new Promise((resolve) => requestAnimationFrame(resolve))",
    ))
    .await
    .unwrap();
    assert_eq!(get(&recorder, "elapsedSeconds"), before);
    call(&recorder, "resume");
    assert_eq!(text(&recorder, "state"), "recording");
    told().await;
    call(&recorder, "cancel");
}

#[wasm_bindgen_test]
async fn dispose_and_abort_switch_the_microphone_off() {
    let tracks = remember_tracks();
    let disposed = client();
    let recorder = record(&disposed, "{}").await.unwrap();
    disposed.dispose();
    assert_eq!(states(&tracks), ["ended"]);
    assert_eq!(text(&recorder, "state"), "cancelled");

    // Aborted while the user is being asked: the stream that comes later is closed.
    let tracks = remember_tracks();
    let error = record(&client(), "{ signal: AbortSignal.abort('no more') }")
        .await
        .unwrap_err();
    assert_eq!(text(&error, "name"), "AbortError");
    settled(js("navigator.mediaDevices.lastStream"))
        .await
        .unwrap();
    settled(js("Promise.resolve()")).await.unwrap();
    assert_eq!(states(&tracks), ["ended"]);
}
