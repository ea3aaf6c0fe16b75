//! What a client does when the server or the network is in trouble, in a real
//! browser.
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/serve_files.rs"]
mod serve_files;

use client::Client;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[path = "browser/fake_server.rs"]
mod fake_server;
use fake_server::*;

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    #[wasm_bindgen(js_name = setOnline)]
    fn set_online(online: bool);
    #[wasm_bindgen(js_name = scriptUploads)]
    fn script_uploads(steps: &JsValue, body: &str, clock: &Clock) -> JsValue;
    #[wasm_bindgen(js_name = watchChannels)]
    fn watch_channels(is_one: &Function) -> JsValue;
}

fn transcription(scripted: &Scripted) -> Promise {
    scripted
        .client
        .call("transcribe", wav(800), JsValue::UNDEFINED, js("{}"))
}

fn refused(status: u16, detail: &str) -> JsValue {
    answer(status, &format!("{{\"detail\":\"{detail}\"}}"), None)
}

fn times(scripted: &Scripted) -> Vec<f64> {
    let calls = scripted.calls();
    calls.iter().map(|call| number(&call, "at")).collect()
}

fn paths(scripted: &Scripted) -> Vec<String> {
    let calls = scripted.calls();
    calls.iter().map(|call| text(&call, "url")).collect()
}

#[wasm_bindgen_test]
async fn a_429_makes_everybody_wait() {
    let limited = answer(429, "", Some(r#"{"retry-after":"1"}"#));
    let scripted = Scripted::new(&[limited, ok()], "{ maxConcurrent: 1 }");
    let clock = stop_clock();
    let calls: Array = (0..3).map(|_| transcription(&scripted)).collect();
    scripted.happened("retry", 1).await;
    scripted.happened("queued", 2).await;
    turn().await;
    clock.advance(999.0);
    turn().await;
    clock.advance(1.0);
    JsFuture::from(Promise::all(&calls)).await.unwrap();
    clock.restore();
    let times = times(&scripted);
    assert_eq!(times.len(), 4);
    // None of the others was sent before the gate opened again.
    assert_eq!(times[1] - times[0], 1_000.0, "{times:?}");
}

#[wasm_bindgen_test]
async fn calls_queued_behind_a_401_or_402_are_not_sent() {
    for (status, class) in [(401, "AuthenticationError"), (402, "PaymentRequiredError")] {
        let late = js(&format!(
            "{{ afterQueued: 2, status: {status}, body: '{{\"detail\":\"no\"}}' }}"
        ));
        let scripted = Scripted::new(&[late], "{ maxConcurrent: 1 }");
        let calls: Vec<Promise> = (0..3).map(|_| transcription(&scripted)).collect();
        let mut attempts = 0;
        for call in calls {
            let error = JsFuture::from(call).await.unwrap_err();
            assert_eq!(text(&error, "name"), class);
            assert_eq!(number(&error, "status"), f64::from(status));
            attempts += get(&error, "attempts").unchecked_into::<Array>().length();
        }
        assert_eq!(attempts, 1);
        assert_eq!(scripted.calls().length(), 1);
    }
}

#[wasm_bindgen_test]
async fn calls_in_backoff_fail_when_the_key_is_rejected() {
    let scripted = Scripted::new(
        &[status(500), refused(401, "Invalid API key")],
        "{ maxConcurrent: 1, retry: { baseDelayMs: 60000, jitter: 'none', maxDelayMs: 60000 } }",
    );
    let calls = [transcription(&scripted), transcription(&scripted)];
    for call in calls {
        let error = JsFuture::from(call).await.unwrap_err();
        assert_eq!(text(&error, "name"), "AuthenticationError");
    }
}

#[wasm_bindgen_test]
async fn a_plan_without_pronunciation_still_transcribes() {
    let plan = js(
        "{ afterQueued: 2, status: 402, body: '{\"detail\":\"This feature requires a Starter plan or higher.\"}' }",
    );
    let scripted = Scripted::new(&[plan, ok()], "{ maxConcurrent: 1 }");
    let simple = |_: u32| {
        scripted.client.call(
            "pronunciationSimple",
            wav(800),
            js("{ gold_text: 'a' }"),
            js("{}"),
        )
    };
    let first = simple(1);
    // What is ready first goes first.
    scripted.happened("attempt", 1).await;
    let (second, third) = (simple(2), transcription(&scripted));
    for call in [first, second] {
        let error = JsFuture::from(call).await.unwrap_err();
        assert_eq!(text(&error, "reason"), "plan_required");
    }
    JsFuture::from(third).await.unwrap();
    assert_eq!(
        paths(&scripted),
        ["/api/pronunciation-simple", "/api/transcribe"]
    );
}

#[wasm_bindgen_test]
async fn a_call_that_tries_again_keeps_its_place() {
    // Were they answered at once, all others could be through before the browser
    // fires a timer.
    let answered = "after a retry".into();
    let scripted = Scripted::new(
        &[js("{ afterQueued: 4, status: 500, body: '' }"), answered],
        "{ maxConcurrent: 1, retry: { baseDelayMs: 0 } }",
    );
    let calls = Array::new();
    calls.push(&transcription(&scripted));
    scripted.happened("attempt", 1).await;
    for _ in 0..4 {
        calls.push(&scripted.client.call(
            "analyzeNative",
            wav(800),
            js("{ gold_text: 'a' }"),
            js("{}"),
        ));
    }
    // The answers are those of `transcribe`, which the other endpoint refuses.
    JsFuture::from(Promise::all_settled(&calls)).await.unwrap();
    let paths = paths(&scripted);
    let again = paths.iter().rposition(|path| path == "/api/transcribe");
    assert!(
        again.is_some_and(|place| (1..=2).contains(&place)),
        "{paths:?}"
    );
}

/// The tests' own page is on this machine, where a call waits for no network.
const FAR: &str = "{ baseUrl: 'https://far.example/api' }";

#[wasm_bindgen_test]
async fn offline_a_call_to_this_machine_goes_out_at_once() {
    set_online(false);
    let scripted = Scripted::new(&[ok()], "{ deadlineMs: 10000 }");
    let outcome = scripted.transcribe("{}").await;
    set_online(true);
    outcome.unwrap();
    assert_eq!(scripted.times_told("queued"), 0);
}

#[wasm_bindgen_test]
async fn offline_a_call_waits_and_spends_no_attempt() {
    let scripted = Scripted::new(&[ok()], FAR);
    let phases = Array::new();
    let request = js("{}");
    let push = Function::new_with_args("phases, progress", "phases.push(progress.phase)");
    let on_progress = push.bind1(&JsValue::UNDEFINED, &phases);
    js_sys::Reflect::set(&request, &"onProgress".into(), &on_progress).unwrap();
    set_online(false);
    let call = scripted
        .client
        .call("transcribe", wav(800), JsValue::UNDEFINED, request);
    scripted.happened("queued", 1).await;
    while phases.iter().last().is_none_or(|phase| phase != "waiting") {
        turn().await;
    }
    assert_eq!(scripted.calls().length(), 0);
    set_online(true);
    JsFuture::from(call).await.unwrap();
    assert_eq!(scripted.calls().length(), 1);
}

#[wasm_bindgen_test]
async fn offline_the_deadline_still_counts_and_abort_still_works() {
    set_online(false);
    let options = format!("Object.assign({{ deadlineMs: 60 }}, {FAR})");
    let scripted = Scripted::new(&[ok()], &options);
    let error = scripted.transcribe("{}").await.unwrap_err();
    let aborted = scripted
        .transcribe("{ deadlineMs: 60000, signal: AbortSignal.timeout(40) }")
        .await
        .unwrap_err();
    // Who switched patience with connections off gets none.
    let impatient = Scripted::new(
        &["no network".into()],
        "{ baseUrl: 'https://far.example', retry: { connection: false } }",
    );
    let at_once = impatient.transcribe("{}").await.unwrap_err();
    set_online(true);
    assert_eq!(
        (text(&error, "name"), text(&error, "reason")),
        ("TimeoutError".into(), "deadline".into())
    );
    assert_eq!(text(&aborted, "name"), "AbortError");
    assert_eq!(
        (text(&at_once, "name"), text(&at_once, "reason")),
        ("ConnectionError".into(), "offline".into())
    );
    assert_eq!(scripted.calls().length(), 0);
}

#[wasm_bindgen_test]
async fn a_computer_that_slept_does_not_time_out_before_the_answer_is_read() {
    let options = "{ attemptTimeoutMs: 300, deadlineMs: 350 }";
    let scripted = Scripted::new(&["held".into()], options);
    let clock = stop_clock();
    let call = transcription(&scripted);
    scripted.called(1).await;
    clock.sleep(3_600_000.0);
    // Everything that the timers set off has run; and the grace is not over.
    turn().await;
    clock.advance(1_999.0);
    turn().await;
    scripted.release();
    let outcome = JsFuture::from(call).await;
    clock.restore();
    assert_eq!(text(&outcome.unwrap(), "text"), "hi");
}

/// What `onProgress` is told while `steps` of an upload happen, and the outcome.
async fn watched(steps: &str, more: &str) -> (Array, JsValue, Result<JsValue, JsValue>) {
    watched_with("headers: { 'x-session': 'abc' }", steps, more).await
}

/// The same with this option of the client.
async fn watched_with(
    option: &str,
    steps: &str,
    more: &str,
) -> (Array, JsValue, Result<JsValue, JsValue>) {
    let clock = stop_clock();
    let log = script_uploads(&js(steps), SUCCESS, &clock);
    let client = Client::new(js(&format!(
        "{{ baseUrl: '/api', {option}, retry: {{ maxAttempts: 1 }} }}"
    )))
    .unwrap();
    let told = Array::new();
    let push = Function::new_with_args("told, progress", "told.push(progress)");
    let request = js(more);
    let on_progress = push.bind1(&JsValue::UNDEFINED, &told);
    js_sys::Reflect::set(&request, &"onProgress".into(), &on_progress).unwrap();
    let call = client.call("transcribe", wav(800), JsValue::UNDEFINED, request);
    let outcome = JsFuture::from(call).await;
    clock.restore();
    get(&log, "restore")
        .unchecked_into::<Function>()
        .call0(&log)
        .unwrap();
    (told, log, outcome)
}

#[wasm_bindgen_test]
async fn bytes_are_counted_as_they_go_up() {
    let (told, log, outcome) = watched("[0.25, 0.5, 1]", "{}").await;
    assert_eq!(js_sys::JSON::stringify(&outcome.unwrap()).unwrap(), SUCCESS);
    assert_eq!(
        (text(&log, "method"), text(&log, "url")),
        ("POST".into(), "/api/transcribe".into())
    );
    assert_eq!(text(&get(&log, "headers"), "x-session"), "abc");
    let shown: Vec<String> = told
        .iter()
        .map(|progress| {
            format!(
                "{} {}",
                text(&progress, "phase"),
                number(&progress, "sentBytes")
            )
        })
        .collect();
    // 1,644 bytes of audio in all.
    assert_eq!(
        shown,
        [
            "preparing NaN",
            "uploading NaN",
            "uploading 411",
            "uploading 822",
            "uploading 1644",
            "processing 1644"
        ]
    );
}

/// XMLHttpRequest follows every redirect, and would take the key along.
#[wasm_bindgen_test]
async fn with_the_clients_key_no_upload_is_watched() {
    let key = "apiKey: 'sk-theta-emulated-ok'";
    let (told, log, outcome) = watched_with(key, "[0.25, 1]", "{}").await;
    assert!(get(&log, "url").is_undefined());
    for progress in told.iter() {
        assert!(get(&progress, "sentBytes").is_undefined());
    }
    // The tests' own server has no API.
    assert_eq!(number(&outcome.unwrap_err(), "status"), 404.0);
}

#[wasm_bindgen_test]
async fn an_upload_that_stalls_is_a_timeout_of_its_own() {
    let (_, log, outcome) = watched("[0.25, 'work', 'stall']", "{ uploadStallMs: 80 }").await;
    let error = outcome.unwrap_err();
    assert_eq!(
        (text(&error, "name"), text(&error, "reason")),
        ("TimeoutError".into(), "stall".into())
    );
    assert_eq!(number(&log, "aborted"), 1.0);
}

/// As behind a service worker that answers in the server's place.
#[wasm_bindgen_test]
async fn without_upload_events_nothing_stalls_and_no_bytes_are_reported() {
    let (told, log, outcome) = watched("['work', 'work', 'silent']", "{ uploadStallMs: 80 }").await;
    assert_eq!(js_sys::JSON::stringify(&outcome.unwrap()).unwrap(), SUCCESS);
    assert_eq!(text(&log, "url"), "/api/transcribe");
    for progress in told.iter() {
        assert!(get(&progress, "sentBytes").is_undefined());
    }
}

#[wasm_bindgen_test]
async fn a_first_event_of_no_bytes_starts_no_clock() {
    let (told, _, outcome) = watched("[0, 'work', 'silent']", "{ uploadStallMs: 80 }").await;
    outcome.unwrap();
    assert!(
        told.iter()
            .all(|progress| get(&progress, "sentBytes").is_undefined())
    );
}

/// Firefox tells that the upload has ended no sooner than the answer comes.
#[wasm_bindgen_test]
async fn a_server_that_works_long_is_no_stalled_upload() {
    let (told, _, outcome) = watched("[0.25, 1, 'work']", "{ uploadStallMs: 80 }").await;
    assert_eq!(js_sys::JSON::stringify(&outcome.unwrap()).unwrap(), SUCCESS);
    let last = told.get(told.length() - 1);
    assert_eq!(text(&last, "phase"), "processing");
}

#[wasm_bindgen_test]
async fn an_aborted_upload_ends_its_request() {
    let signal = "{ signal: (globalThis.uploading = new AbortController()).signal }";
    let (_, log, outcome) = watched("[0.25, () => globalThis.uploading.abort()]", signal).await;
    assert_eq!(text(&outcome.unwrap_err(), "name"), "AbortError");
    assert_eq!(number(&log, "aborted"), 1.0);
}

/// Two clients of one page are to each other as two tabs.
fn tabs(answers: &[JsValue], more: &str) -> (Scripted, Scripted) {
    let options = format!("Object.assign({{ shareAcrossTabs: true }}, {more})");
    (
        Scripted::new(answers, &options),
        Scripted::new(&[ok()], &options),
    )
}

#[wasm_bindgen_test]
async fn tabs_share_their_places() {
    let (one, other) = tabs(&["hang".into()], "{ baseUrl: '/places', maxConcurrent: 1 }");
    let aborting = one.client.call(
        "transcribe",
        wav(800),
        JsValue::UNDEFINED,
        js("{ signal: (globalThis.placed = new AbortController()).signal }"),
    );
    one.called(1).await;
    let waiting = transcription(&other);
    other.happened("queued", 1).await;
    assert_eq!(other.calls().length(), 0);
    js("globalThis.placed.abort()");
    let error = JsFuture::from(aborting).await.unwrap_err();
    assert_eq!(text(&error, "name"), "AbortError");
    JsFuture::from(waiting).await.unwrap();
    assert_eq!(other.calls().length(), 1);
}

#[wasm_bindgen_test]
async fn tabs_share_their_minute() {
    let (one, other) = tabs(&[ok()], "{ baseUrl: '/minute', requestsPerMinute: 2 }");
    one.transcribe("{}").await.unwrap();
    other.transcribe("{}").await.unwrap();
    for full in [&one, &other] {
        let error = full.transcribe("{ deadlineMs: 100 }").await.unwrap_err();
        assert_eq!(text(&error, "reason"), "deadline");
        assert_eq!(full.calls().length(), 1);
    }
    // One that is opened later is told.
    let late = Scripted::new(
        &[ok()],
        "{ shareAcrossTabs: true, baseUrl: '/minute', requestsPerMinute: 2 }",
    );
    let error = late.transcribe("{ deadlineMs: 400 }").await.unwrap_err();
    assert_eq!(text(&error, "reason"), "deadline");
    assert_eq!(late.calls().length(), 0);
}

#[wasm_bindgen_test]
async fn a_429_in_one_tab_makes_the_others_wait() {
    let limited = answer(429, "", Some(r#"{"retry-after":"1"}"#));
    let is_pause = Function::new_with_args("data", "return data.pausedUntil > 0");
    let watch = watch_channels(&is_pause);
    let (one, other) = tabs(&[limited, ok()], "{ baseUrl: '/limited' }");
    // Both have joined the others, and sent something, before time stands still.
    other.transcribe("{}").await.unwrap();
    let clock = stop_clock();
    let first = transcription(&one);
    one.happened("retry", 1).await;
    // Both ends of the other tab, and the second one of its own.
    while number(&watch, "delivered") < 3.0 {
        turn().await;
    }
    let queued = other.times_told("queued");
    let second = transcription(&other);
    other.happened("queued", queued + 1).await;
    turn().await;
    clock.advance(999.0);
    turn().await;
    clock.advance(1.0);
    JsFuture::from(second).await.unwrap();
    JsFuture::from(first).await.unwrap();
    clock.restore();
    get(&watch, "restore")
        .unchecked_into::<Function>()
        .call0(&watch)
        .unwrap();
    assert_eq!(times(&other)[1] - times(&one)[0], 1_000.0);
}

/// As in a sandboxed frame, whose origin is none.
#[wasm_bindgen_test]
async fn without_web_locks_each_tab_counts_for_itself() {
    js(
        "globalThis.request = LockManager.prototype.request, LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'))",
    );
    let (one, other) = tabs(
        &["hang".into()],
        "{ baseUrl: '/refused', maxConcurrent: 1 }",
    );
    let hanging = transcription(&one);
    one.called(1).await;
    other.transcribe("{}").await.unwrap();
    let error = one.transcribe("{ deadlineMs: 100 }").await.unwrap_err();
    assert_eq!(text(&error, "reason"), "deadline");
    assert_eq!(one.calls().length(), 1, "its own limits still hold");
    one.client.dispose();
    let error = JsFuture::from(hanging).await.unwrap_err();
    assert_eq!(text(&error, "code"), "ABORTED");
    js("LockManager.prototype.request = request");
}

#[wasm_bindgen_test]
async fn a_call_that_gives_up_waiting_for_other_tabs_leaves_nothing_behind() {
    let (one, other) = tabs(
        &["hang".into(), ok()],
        "{ baseUrl: '/given-up', maxConcurrent: 1 }",
    );
    let hanging = one.client.call(
        "transcribe",
        wav(800),
        JsValue::UNDEFINED,
        js("{ signal: (globalThis.given = new AbortController()).signal }"),
    );
    one.called(1).await;
    let error = other.transcribe("{ deadlineMs: 100 }").await.unwrap_err();
    assert_eq!(text(&error, "reason"), "deadline");
    js("globalThis.given.abort()");
    JsFuture::from(hanging).await.unwrap_err();
    other.transcribe("{}").await.unwrap();
    one.transcribe("{}").await.unwrap();
}
