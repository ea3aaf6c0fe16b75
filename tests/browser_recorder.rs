//! The recorder in a real browser, with its fake microphone (a beeping tone).
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/serve_files.rs"]
mod serve_files;

use client::Client;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    fn js(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = rememberTracks)]
    fn remember_tracks() -> Array;
    #[wasm_bindgen(js_name = rememberContexts)]
    fn remember_contexts() -> Array;
    /// Their states, once all are closed or a while has passed.
    #[wasm_bindgen(js_name = statesWhenClosed)]
    async fn states_when_closed(contexts: &Array) -> JsValue;
    #[wasm_bindgen(js_name = abortedWhenAsked)]
    fn aborted_when_asked() -> JsValue;
    #[wasm_bindgen(js_name = speakOnce)]
    fn speak_once() -> Array;
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

fn all(objects: &Array, name: &str) -> Vec<String> {
    objects.iter().map(|object| text(&object, name)).collect()
}

async fn closed(contexts: &Array) -> Vec<String> {
    let states: Array = states_when_closed(contexts).await.unchecked_into();
    states
        .iter()
        .filter_map(|state| state.as_string())
        .collect()
}

fn states(tracks: &Array) -> Vec<String> {
    all(tracks, "readyState")
}

fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap()
}

fn warnings(take: &JsValue) -> Vec<String> {
    let warnings: Array = get(take, "warnings").unchecked_into();
    warnings.iter().filter_map(|w| w.as_string()).collect()
}

/// Options that hold `more`, and whose callback resolves `globalThis.told`.
fn telling(callback: &str, more: &str) -> String {
    format!(
        "((told) => (globalThis.told = told.promise, {{ trimSilence: false, {callback}, {more} }}))(Promise.withResolvers())"
    )
}

fn tell_level(more: &str) -> String {
    telling(
        "onLevel: (level) => level.elapsedSeconds > 0.4 && told.resolve(level)",
        more,
    )
}

fn tell_stop(more: &str) -> String {
    telling("onStop: told.resolve", more)
}

async fn told() -> JsValue {
    settled(get(&js_sys::global(), "told")).await.unwrap()
}

async fn frame() {
    settled(js(
        "new Promise((resolve) => requestAnimationFrame(resolve))",
    ))
    .await
    .unwrap();
}

/// A machine that has other work to do starts recorders late, hears with gaps,
/// and notices late that it is time to stop.
fn is_about(seconds: f64, expected: f64) -> bool {
    (expected - 0.4..expected + 1.0).contains(&seconds) && seconds > 0.0
}

#[wasm_bindgen_test]
async fn a_recording_becomes_a_take_and_the_microphone_goes_off() {
    let tracks = remember_tracks();
    let recorder = record(&client(), &tell_level("")).await.unwrap();
    assert_eq!(text(&recorder, "state"), "recording");
    let level = told().await;
    assert!(get(&level, "rmsDbfs").as_f64().unwrap() <= 0.0);
    let elapsed = get(&recorder, "elapsedSeconds").as_f64().unwrap();
    let take = settled(call(&recorder, "stop")).await.unwrap();
    assert_eq!(text(&recorder, "state"), "stopped");
    assert_eq!(states(&tracks), ["ended"]);
    assert_eq!(get(&take, "sampleRate"), 16_000);
    let seconds = get(&take, "durationSeconds").as_f64().unwrap();
    assert!(is_about(seconds, elapsed), "{seconds} s of {elapsed} s");
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
    let end = settled(get(&recorder, "ended")).await.unwrap();
    assert_eq!(text(&end, "reason"), "cancel");
    let error = settled(call(&recorder, "stop")).await.unwrap_err();
    assert_eq!(text(&error, "name"), "AbortError");
}

#[wasm_bindgen_test]
async fn a_recording_ends_by_itself_and_the_take_is_there() {
    let tracks = remember_tracks();
    let recorder = record(&client(), &tell_stop("maxSeconds: 0.5"))
        .await
        .unwrap();
    let end = settled(get(&recorder, "ended")).await.unwrap();
    assert_eq!(text(&end, "reason"), "max_seconds");
    assert_eq!(text(&told().await, "reason"), "max_seconds");
    assert_eq!(states(&tracks), ["ended"]);
    let take = settled(call(&recorder, "stop")).await.unwrap();
    let seconds = get(&take, "durationSeconds").as_f64().unwrap();
    assert!(is_about(seconds, 0.5), "{seconds}");
}

#[wasm_bindgen_test]
async fn pauses_are_left_out() {
    let recorder = record(&client(), &tell_level("")).await.unwrap();
    call(&recorder, "pause");
    assert_eq!(text(&recorder, "state"), "paused");
    let before = get(&recorder, "elapsedSeconds");
    frame().await;
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
    let options = js("{}");
    Reflect::set(&options, &"signal".into(), &aborted_when_asked()).unwrap();
    let error = settled(client().record(options).into()).await.unwrap_err();
    assert_eq!(text(&error, "name"), "AbortError");
    assert_eq!(get(&error, "cause"), "no more");
    settled(js("navigator.mediaDevices.lastStream"))
        .await
        .unwrap();
    settled(js("Promise.resolve()")).await.unwrap();
    assert_eq!(states(&tracks), ["ended"]);

    // Aborted before, the user is not asked at all.
    let tracks = remember_tracks();
    let options = "{ signal: AbortSignal.abort('no more') }";
    let error = record(&client(), options).await.unwrap_err();
    assert_eq!(text(&error, "name"), "AbortError");
    assert_eq!(tracks.length(), 0);
}

/// Both ways to record, through all that may end a recording.
#[wasm_bindgen_test]
async fn samples_are_recorded_as_they_are() {
    let (tracks, contexts) = (remember_tracks(), remember_contexts());
    let recorder = record(&client(), &tell_level("capture: 'pcm'"))
        .await
        .unwrap();
    let level = told().await;
    assert!(number(&level, "peakDbfs") <= 0.0);
    let elapsed = number(&recorder, "elapsedSeconds");
    let take = settled(call(&recorder, "stop")).await.unwrap();
    let seconds = number(&take, "durationSeconds");
    assert!(is_about(seconds, elapsed), "{seconds} s of {elapsed} s");
    assert_eq!(number(&take, "sampleRate"), 16_000.0);
    assert_eq!(text(&take, "stopReason"), "stop");
    assert_eq!(states(&tracks), ["ended"]);
    assert_eq!(closed(&contexts).await, ["closed"]);
    let again = settled(call(&recorder, "stop")).await.unwrap();
    assert!(js_sys::Object::is(&take, &again));
}

/// A pause has no samples either, and after 50 looks without any, a microphone
/// that should give some is taken for gone.
#[wasm_bindgen_test]
async fn a_pause_is_no_interruption_and_its_meter_shows_silence() {
    for capture in ["encoded", "pcm"] {
        let options = telling(
            "onLevel: ({ rmsDbfs }) => heard.push(rmsDbfs) > 60 && heard.inPause && told.resolve({}), onStop: told.resolve",
            &format!("capture: '{capture}'"),
        );
        js("globalThis.heard = []");
        let recorder = record(&client(), &options).await.unwrap();
        // Until the fake microphone beeps.
        while !js("heard.some((dbfs) => dbfs > -60)").is_truthy() {
            frame().await;
        }
        call(&recorder, "pause");
        let elapsed = number(&recorder, "elapsedSeconds");
        js("heard.length = 0, heard.inPause = true");
        let end = told().await;
        assert_eq!(text(&end, "reason"), "", "{capture}");
        assert_eq!(text(&recorder, "state"), "paused", "{capture}");
        assert_eq!(number(&recorder, "elapsedSeconds"), elapsed);
        let heard = js("heard.length > 60 && heard.every((dbfs) => dbfs === -100)");
        call(&recorder, "resume");
        assert_eq!(text(&recorder, "state"), "recording");
        if capture == "encoded" {
            call(&recorder, "cancel");
            continue;
        }
        assert!(heard.is_truthy(), "a meter that stands still");
        let take = settled(call(&recorder, "stop")).await.unwrap();
        assert_eq!(text(&take, "stopReason"), "stop");
        let seconds = number(&take, "durationSeconds");
        assert!(is_about(seconds, elapsed), "{seconds} s of {elapsed} s");
    }
}

#[wasm_bindgen_test]
async fn where_worklets_are_forbidden_the_recorder_of_the_browser_records() {
    js(
        "globalThis.addModule = AudioWorklet.prototype.addModule, AudioWorklet.prototype.addModule = () => Promise.reject(new DOMException('blocked', 'AbortError'))",
    );
    let contexts = remember_contexts();
    let recorder = record(&client(), &tell_level("capture: 'pcm'")).await;
    js("AudioWorklet.prototype.addModule = globalThis.addModule");
    told().await;
    let take = settled(call(&recorder.unwrap(), "stop")).await.unwrap();
    assert!(number(&take, "durationSeconds") > 0.0);
    assert_eq!(closed(&contexts).await, ["closed", "closed"]);
}

#[wasm_bindgen_test]
async fn a_recording_ends_when_the_speaker_has_finished() {
    for capture in ["encoded", "pcm"] {
        let tracks = speak_once();
        let options = tell_stop(&format!("capture: '{capture}', stopOnSilenceSeconds: 0.3"));
        let recorder = record(&client(), &options).await.unwrap();
        assert_eq!(text(&told().await, "reason"), "silence", "{capture}");
        assert_eq!(states(&tracks), ["ended"]);
        let take = settled(call(&recorder, "stop")).await.unwrap();
        assert_eq!(text(&take, "stopReason"), "silence");
        let silence = number(&take, "trailingSilenceSeconds");
        // The browser's own recorder may lag behind what is heard.
        let least = if capture == "pcm" { 0.2 } else { 0.0 };
        assert!(silence >= least, "{capture}: {silence} s");
        assert!(number(&take, "speechSeconds") > 0.0, "{capture}");
    }
}

/// Its timers fire once a minute; the test would take longer than it may.
#[wasm_bindgen_test]
async fn a_hidden_tab_hears_that_the_speaker_has_finished_and_that_time_is_up() {
    js(
        "globalThis.visible = setInterval, globalThis.setInterval = (work, ms) => visible(work, Math.max(ms, 60_000))",
    );
    let mut reasons = Vec::new();
    for capture in ["encoded", "pcm"] {
        for options in ["stopOnSilenceSeconds: 0.3", "maxSeconds: 0.5"] {
            speak_once();
            let options = tell_stop(&format!("capture: '{capture}', {options}"));
            let recorder = record(&client(), &options).await.unwrap();
            reasons.push(text(&told().await, "reason"));
            settled(call(&recorder, "stop")).await.unwrap();
        }
    }
    js("globalThis.setInterval = visible");
    assert_eq!(
        reasons,
        ["silence", "max_seconds", "silence", "max_seconds"]
    );
}

#[wasm_bindgen_test]
async fn a_page_that_is_left_keeps_the_encoded_take_and_not_the_microphone() {
    page_is_left("encoded").await;
}

#[wasm_bindgen_test]
async fn a_page_that_is_left_keeps_the_take_and_not_the_microphone() {
    page_is_left("pcm").await;
}

async fn page_is_left(capture: &str) {
    let (tracks, contexts) = (remember_tracks(), remember_contexts());
    let options = tell_level(&format!("capture: '{capture}'"));
    let recorder = record(&client(), &options).await.unwrap();
    told().await;
    js("dispatchEvent(new Event('pagehide'))");
    assert_eq!(states(&tracks), ["ended"]);
    assert_eq!(text(&recorder, "state"), "stopped");
    let take = settled(call(&recorder, "stop")).await.unwrap();
    assert_eq!(text(&take, "stopReason"), "page_hide");
    assert!(number(&take, "durationSeconds") > 0.0);
    assert_eq!(closed(&contexts).await, ["closed"]);
}

#[wasm_bindgen_test]
async fn a_microphone_that_goes_silent_for_good_is_an_interruption() {
    let tracks = remember_tracks();
    let recorder = record(&client(), &tell_stop("")).await.unwrap();
    let muted = Function::new_with_args(
        "track",
        "Object.defineProperty(track, 'muted', { get: () => true })",
    );
    muted.call1(&JsValue::UNDEFINED, &tracks.get(0)).unwrap();
    assert_eq!(text(&told().await, "reason"), "interrupted");
    let take = settled(call(&recorder, "stop")).await.unwrap();
    assert!(number(&take, "durationSeconds") > 0.5);
}

#[wasm_bindgen_test]
async fn a_take_that_lost_a_part_says_so() {
    let recorder = record(&client(), &tell_level("")).await.unwrap();
    told().await;
    js(
        "globalThis.clock = performance.now.bind(performance), performance.now = () => clock() + 60000",
    );
    let take = settled(call(&recorder, "stop")).await;
    js("performance.now = clock");
    let take = take.unwrap();
    assert!(warnings(&take).contains(&"truncated".into()));
    assert!(number(&take, "durationSeconds") > 0.0);
}

#[wasm_bindgen_test]
async fn contexts_and_tracks_are_given_back_on_every_path() {
    for capture in ["encoded", "pcm"] {
        for end in ["cancel", "dispose"] {
            given_back(capture, end).await;
        }
    }
    given_back("pcm", "unplug").await;
}

#[wasm_bindgen_test]
async fn an_unplugged_microphone_leaves_an_encoded_take() {
    given_back("encoded", "unplug").await;
}

async fn given_back(capture: &str, end: &str) {
    let (tracks, contexts) = (remember_tracks(), remember_contexts());
    let client = client();
    let options = tell_level(&format!("capture: '{capture}'"));
    let recorder = record(&client, &options).await.unwrap();
    told().await;
    match end {
        "cancel" => {
            call(&recorder, "cancel");
        }
        "dispose" => client.dispose(),
        _ => {
            // stop() fires no event; an unplugged device does.
            let unplug = Function::new_with_args(
                "track",
                "track.stop(); track.dispatchEvent(new Event('ended'))",
            );
            unplug.call1(&JsValue::UNDEFINED, &tracks.get(0)).unwrap();
            let take = settled(call(&recorder, "stop")).await.unwrap();
            assert_eq!(text(&take, "stopReason"), "interrupted");
        }
    }
    assert_eq!(states(&tracks), ["ended"], "{capture}, {end}");
    assert_eq!(closed(&contexts).await, ["closed"], "{capture}, {end}");
}
