//! Long recordings in a real browser: parts, what becomes of them, and the rest
//! of a call that failed.
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/served.rs"]
mod served;

use client::Client;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    fn talk(turns: &Array, rate: u32, channels: u32) -> JsValue;
    #[wasm_bindgen(js_name = silentMp3)]
    fn silent_mp3(frames: u32) -> JsValue;
    fn measuring(script: &JsValue) -> JsValue;
    async fn turn();
    #[wasm_bindgen(js_name = withoutDecoder)]
    async fn without_decoder(steps: &Function) -> JsValue;
    fn lineage(error: &JsValue) -> String;
    fn js(text: &str) -> JsValue;
    #[wasm_bindgen(js_name = countedSignal)]
    fn counted_signal() -> JsValue;
}

const TONE: &[u8] = include_bytes!("../crates/emulator/tests/tone.mp3");

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

fn number(object: &JsValue, name: &str) -> f64 {
    get(object, name).as_f64().unwrap_or(f64::NAN)
}

fn array(object: &JsValue, name: &str) -> Array {
    get(object, name).unchecked_into()
}

/// The indexes of the parts in this list.
fn indexes(partial: &JsValue, list: &str) -> String {
    let index = |part: JsValue| get(&part, "index");
    let indexes: Array = array(partial, list).iter().map(index).collect();
    indexes.join(",").into()
}

/// Three phrases of 2, 3 and 4 s, which a limit of 5 s parts; 11 s in all.
fn three_phrases() -> JsValue {
    let turns = js("[2, 1, 3, 1, 4]");
    talk(turns.unchecked_ref(), 16_000, 1)
}

struct Server {
    client: Client,
    server: JsValue,
}

impl Server {
    fn new(script: &str, more: &str) -> Self {
        let server = measuring(&js(script));
        let options = js(&format!(
            "Object.assign({{ baseUrl: '/api', retry: {{ baseDelayMs: 1 }} }}, {more})"
        ));
        Reflect::set(&options, &"fetch".into(), &get(&server, "fetch")).unwrap();
        Server {
            client: Client::new(options).unwrap(),
            server,
        }
    }

    /// Sorted: parts that are sent together arrive in any order.
    fn heard(&self) -> String {
        array(&self.server, "heard").sort().join(",").into()
    }

    fn start(&self, audio: JsValue, request: JsValue) -> Promise {
        self.client
            .call("transcribeLong", audio, JsValue::UNDEFINED, request)
    }

    /// Parts of at most 5 s.
    async fn transcribe(&self, audio: JsValue, request: &str) -> Result<JsValue, JsValue> {
        let request = js(&format!("({{ maxPartSeconds: 5, ...{request} }})"));
        JsFuture::from(self.start(audio, request)).await
    }

    async fn resume(&self, partial: &JsValue) -> Result<JsValue, JsValue> {
        let request = Object::new();
        Reflect::set(&request, &"resume".into(), partial).unwrap();
        JsFuture::from(self.start(three_phrases(), request.into())).await
    }
}

#[wasm_bindgen_test]
async fn parts_are_sent_together_and_put_together() {
    let server = Server::new("{}", "{}");
    let result = server.transcribe(three_phrases(), "{}").await.unwrap();
    assert_eq!(server.heard(), "2@16000x1,3@16000x1,4@16000x1");
    assert_eq!(number(&server.server, "most"), 3.0);
    assert_eq!(text(&result, "text"), "2 3 4");
    assert_eq!(text(&result, "text_type"), "codeswitched");
    assert_eq!(number(&result, "durationSeconds"), 11.0);
    let mut sent = 0.0;
    for (part, (start, end)) in
        array(&result, "parts")
            .iter()
            .zip([(0.0, 2.15), (2.85, 6.15), (6.85, 11.0)])
    {
        let (is, ends) = (number(&part, "startSeconds"), number(&part, "endSeconds"));
        assert!(
            (is - start).abs() < 0.1 && (ends - end).abs() < 0.1,
            "{is} {ends}"
        );
        sent += ends - is;
        assert_eq!(get(&part, "cutMidSpeech"), JsValue::FALSE);
        let said = text(&part, "text");
        let answer = format!(
            r#"{{"text":"{said}","text_type":"{}","metadata":{{}},"response_time_in_sec":0.1,"later":[null]}}"#,
            text(&part, "text_type")
        );
        assert_eq!(JSON::stringify(&get(&part, "result")).unwrap(), answer);
    }
    let credits = number(&result, "estimatedCredits");
    assert!((credits - sent * 0.0004).abs() < 1e-9, "{credits}");
}

#[wasm_bindgen_test]
async fn a_wav_of_any_rate_and_channels_is_cut_as_it_is() {
    let server = Server::new("{}", "{}");
    let turns = js("[2, 1, 3, 1, 4]");
    let audio = talk(turns.unchecked_ref(), 44_100, 2);
    let result = server.transcribe(audio, "{}").await.unwrap();
    assert_eq!(server.heard(), "2@44100x2,3@44100x2,4@44100x2");
    assert_eq!(text(&result, "text"), "2 3 4");
}

#[wasm_bindgen_test]
async fn speech_without_a_pause_is_cut_all_the_same_and_flagged() {
    let server = Server::new("{}", "{}");
    let turns = js("[9]");
    let audio = talk(turns.unchecked_ref(), 16_000, 1);
    let result = server.transcribe(audio, "{}").await.unwrap();
    let flags: Array = array(&result, "parts")
        .iter()
        .map(|part| get(&part, "cutMidSpeech"))
        .collect();
    assert_eq!(flags.join(","), "true,false");
}

#[wasm_bindgen_test]
async fn what_fits_one_part_is_one_plain_request() {
    let server = Server::new("{}", "{}");
    let audio = talk(js("[2, 1, 1]").unchecked_ref(), 16_000, 1);
    let result = server.transcribe(audio, "{}").await.unwrap();
    assert_eq!(server.heard(), "4@16000x1");
    assert_eq!(text(&result, "text"), "4");
    assert_eq!(text(&result, "text_type"), "en");
    let parts = array(&result, "parts");
    assert_eq!(parts.length(), 1);
    assert_eq!(number(&parts.get(0), "endSeconds"), 4.0);
}

#[wasm_bindgen_test]
async fn the_others_finish_when_a_part_fails_and_the_rest_can_be_resumed() {
    let server = Server::new("{ 3: [500, 500, 500] }", "{}");
    let error = server.transcribe(three_phrases(), "{}").await.unwrap_err();
    assert!(lineage(&error).starts_with("ServerError < ThetaOneError"));
    assert_eq!(array(&error, "attempts").length(), 3);
    assert_eq!(server.heard().split(',').count(), 5);
    let partial = get(&error, "partial");
    assert_eq!(indexes(&partial, "parts"), "0,2");
    assert_eq!(indexes(&partial, "failed"), "1");
    assert_eq!(indexes(&partial, "notSent"), "");
    let failed = array(&partial, "failed").get(0);
    assert_eq!(get(&failed, "error"), error);
    assert!(number(&failed, "startSeconds") > 2.5 && number(&failed, "endSeconds") < 6.5);

    // It is for the page, not for logs.
    let keys = Object::keys(error.unchecked_ref::<Object>());
    assert!(keys.iter().all(|key| key != "partial"));
    let logged: String = JSON::stringify(&error).unwrap().into();
    assert!(!logged.contains("partial"));

    let stored: String = JSON::stringify(&partial).unwrap().into();
    let whole = Server::new("{}", "{}");
    let whole = whole.transcribe(three_phrases(), "{}").await.unwrap();
    for partial in [partial, JSON::parse(&stored).unwrap()] {
        let server = Server::new("{}", "{}");
        let result = server.resume(&partial).await.unwrap();
        assert_eq!(server.heard(), "3@16000x1", "only what is missing");
        assert_eq!(
            JSON::stringify(&result).unwrap(),
            JSON::stringify(&whole).unwrap()
        );
    }
}

#[wasm_bindgen_test]
async fn a_resumed_call_can_fail_and_be_resumed_again() {
    let failing = "{ 2: [400], 3: [400] }";
    let server = Server::new(failing, "{}");
    let first = server.transcribe(three_phrases(), "{}").await.unwrap_err();
    assert_eq!(text(&first, "code"), "BAD_REQUEST");
    let server = Server::new("{ 3: [400] }", "{}");
    let second = server.resume(&get(&first, "partial")).await.unwrap_err();
    assert_eq!(indexes(&get(&second, "partial"), "parts"), "0,2");
    let result = server.resume(&get(&second, "partial")).await.unwrap();
    assert_eq!(text(&result, "text"), "2 3 4");
    assert_eq!(server.heard(), "2@16000x1,3@16000x1,3@16000x1");
}

#[wasm_bindgen_test]
async fn what_every_part_would_meet_ends_all_but_what_the_server_has() {
    let slow = "retry: { baseDelayMs: 1e6, maxDelayMs: 1e6, jitter: 'none' }";
    for (script, options, code, lists) in [
        // One at a time: the others are never sent.
        (
            "{ 2: [402] }",
            "{ maxConcurrent: 1 }".to_owned(),
            "PAYMENT_REQUIRED",
            ["", "0", "1,2"],
        ),
        (
            "{ 3: [401] }",
            "{ maxConcurrent: 1 }".to_owned(),
            "UNAUTHORIZED",
            ["0", "1", "2"],
        ),
        // What is with the server is waited for.
        (
            "{ 2: [402], 3: ['late'] }",
            "{ maxConcurrent: 2 }".to_owned(),
            "PAYMENT_REQUIRED",
            ["1", "0", "2"],
        ),
        // What waits to be sent again, is not.
        (
            "{ 2: [500], 3: ['late', 200], 4: [401] }",
            format!("{{ {slow} }}"),
            "UNAUTHORIZED",
            ["1", "2", "0"],
        ),
        // What is lost on its own is told, but does not hide what ended all.
        (
            "{ 2: [400], 3: [402] }",
            "{ maxConcurrent: 1 }".to_owned(),
            "PAYMENT_REQUIRED",
            ["", "0,1", "2"],
        ),
    ] {
        let server = Server::new(script, &options);
        let error = server.transcribe(three_phrases(), "{}").await.unwrap_err();
        assert_eq!(text(&error, "code"), code, "{script}");
        let partial = get(&error, "partial");
        let found = ["parts", "failed", "notSent"].map(|list| indexes(&partial, list));
        assert_eq!(found, lists, "{script}");
    }
}

#[wasm_bindgen_test]
async fn abort_and_deadline_settle_at_once_and_keep_what_is_done() {
    for (script, request, name) in [
        ("{ 3: ['hang'], 4: ['hang'] }", "{}", "AbortError"),
        (
            "{ 3: ['hang'], 4: ['hang'] }",
            "{ deadlineMs: 3000 }",
            "TimeoutError",
        ),
    ] {
        let server = Server::new(script, "{ maxConcurrent: 2 }");
        let counted = counted_signal();
        let abort = Closure::<dyn FnMut(JsValue)>::new({
            let controller = get(&counted, "controller");
            move |progress: JsValue| {
                if name == "AbortError" && number(&progress, "partsDone") == 1.0 {
                    let abort: Function = get(&controller, "abort").unchecked_into();
                    abort.call1(&controller, &"enough".into()).unwrap();
                }
            }
        });
        let request = js(&format!("({{ maxPartSeconds: 5, ...{request} }})"));
        Reflect::set(&request, &"signal".into(), &get(&counted, "signal")).unwrap();
        Reflect::set(&request, &"onProgress".into(), abort.as_ref()).unwrap();
        let error = JsFuture::from(server.start(three_phrases(), request))
            .await
            .unwrap_err();
        assert_eq!(text(&error, "name"), name);
        assert_eq!(number(&counted, "listeners"), 0.0, "{name}");
        let partial = get(&error, "partial");
        assert_eq!(indexes(&partial, "parts"), "0", "{name}");
        assert_eq!(
            array(&partial, "failed").length() + array(&partial, "notSent").length(),
            2
        );
        // The server is told that nobody waits any more.
        while number(&server.server, "underWay") > 0.0 {
            turn().await;
        }
        let result = Server::new("{}", "{}").resume(&partial).await.unwrap();
        assert_eq!(text(&result, "text"), "2 3 4");
    }
}

#[wasm_bindgen_test]
async fn dispose_ends_all_parts() {
    let server = Server::new("{ 2: ['hang'] }", "{ maxConcurrent: 1 }");
    let request = js(
        "({ maxPartSeconds: 5, onProgress: (p) => { if (p.phase === 'uploading') setTimeout(() => globalThis.disposing(), 20) } })",
    );
    let client = std::rc::Rc::new(server.client);
    let dispose = Closure::<dyn FnMut()>::new({
        let client = client.clone();
        move || client.dispose()
    });
    Reflect::set(&js_sys::global(), &"disposing".into(), dispose.as_ref()).unwrap();
    let promise = client.call(
        "transcribeLong",
        three_phrases(),
        JsValue::UNDEFINED,
        request,
    );
    let error = JsFuture::from(promise).await.unwrap_err();
    assert_eq!(text(&error, "code"), "ABORTED");
}

#[wasm_bindgen_test]
async fn progress_is_that_of_the_whole() {
    let log = js("globalThis.told = []");
    let server = Server::new("{ 3: [500] }", "{ maxConcurrent: 2 }");
    let request = "{ onProgress: (progress) => told.push(progress) }";
    server.transcribe(three_phrases(), request).await.unwrap();
    let told: Vec<JsValue> = log.unchecked_into::<Array>().to_vec();
    assert_eq!(text(&told[0], "phase"), "preparing");
    assert_eq!(number(&told[0], "partsTotal"), 0.0);
    let last = told.last().unwrap();
    assert_eq!(
        (number(last, "partsDone"), number(last, "partsTotal")),
        (3.0, 3.0)
    );
    assert_eq!(number(last, "doneSeconds"), number(last, "totalSeconds"));
    assert!((number(last, "totalSeconds") - 9.6).abs() < 0.2);
    for pair in told.windows(2) {
        assert!(number(&pair[0], "partsDone") <= number(&pair[1], "partsDone"));
        assert!(number(&pair[0], "doneSeconds") <= number(&pair[1], "doneSeconds"));
        assert_eq!(number(&pair[1], "maxAttempts"), 3.0);
    }
    assert!(
        told.iter()
            .any(|progress| number(progress, "attempt") == 2.0)
    );
}

#[wasm_bindgen_test]
async fn a_long_mp3_is_decoded_to_be_cut_and_a_short_one_is_not() {
    // Silence, so that being refused for it shows that it was decoded.
    let server = Server::new("{}", "{}");
    let error = server.transcribe(silent_mp3(383), "{}").await.unwrap_err();
    assert_eq!(text(&error, "reason"), "silent");
    let steps = Closure::<dyn FnMut() -> Promise>::new({
        let client = std::rc::Rc::new(server.client);
        move || {
            let request = js("({ maxPartSeconds: 5 })");
            let promise = client.call(
                "transcribeLong",
                silent_mp3(383),
                JsValue::UNDEFINED,
                request,
            );
            let caught =
                Function::new_with_args("promise", "return promise.catch((error) => error)");
            caught
                .call1(&JsValue::NULL, &promise)
                .unwrap()
                .unchecked_into()
        }
    });
    let error = without_decoder(steps.as_ref().unchecked_ref()).await;
    assert_eq!(text(&error, "reason"), "undecodable");
    assert!(
        text(&error, "message").contains("MP3 is too long"),
        "{}",
        text(&error, "message")
    );
    // As it is; this server takes WAV only.
    let server = Server::new("{}", "{}");
    let tone = Uint8Array::from(TONE).into();
    let error = server.transcribe(tone, "{}").await.unwrap_err();
    assert_eq!(number(&error, "status"), 418.0);
}

#[wasm_bindgen_test]
async fn mistakes_are_told_before_anything_is_sent() {
    let part = "{ index: 0, startSeconds: 0, endSeconds: 2 }";
    for (request, named) in [
        (
            "{ maxPartSeconds: 4 }".to_owned(),
            "request.maxPartSeconds must be a number from 5 to 55, got 4",
        ),
        ("{ maxPartSecond: 4 }".to_owned(), "maxPartSeconds, resume"),
        ("{ resume: true }".to_owned(), "request.resume must be"),
        ("{ resume: {} }".to_owned(), "request.resume must be"),
        (
            "{ resume: { durationSeconds: 11, parts: [], failed: [], notSent: [] } }".to_owned(),
            "request.resume must be",
        ),
        (
            "{ resume: { durationSeconds: 11, parts: [null], failed: [], notSent: [] } }"
                .to_owned(),
            "request.resume must be",
        ),
        (
            format!(
                "{{ resume: {{ durationSeconds: 1, parts: [], failed: [{part}], notSent: [] }} }}"
            ),
            "request.resume must be",
        ),
        (
            format!(
                "{{ resume: {{ durationSeconds: 11, parts: [], failed: [{part}, {part}], notSent: [] }} }}"
            ),
            "request.resume must be",
        ),
        (
            format!(
                "{{ resume: {{ durationSeconds: 11, parts: [{part}], failed: [], notSent: [] }} }}"
            ),
            "request.resume must be",
        ),
        (
            format!(
                "{{ resume: {{ durationSeconds: 12, parts: [], failed: [{part}], notSent: [] }} }}"
            ),
            "a recording of 12 s",
        ),
        (
            "{ resume: { durationSeconds: 11, parts: new Array(4e9), failed: [], notSent: [] } }"
                .to_owned(),
            "request.resume must be",
        ),
        (
            "{ resume: { durationSeconds: 11, parts: [], failed: [{ index: 0.5 }], notSent: [{ index: -1 }] } }"
                .to_owned(),
            "request.resume must be",
        ),
        (
            "{ resume: new Proxy({}, { get() { throw new Error('trap') } }) }".to_owned(),
            "request.resume must be",
        ),
    ] {
        let server = Server::new("{}", "{}");
        let error = server
            .transcribe(three_phrases(), &request)
            .await
            .unwrap_err();
        assert_eq!(text(&error, "code"), "CONFIGURATION", "{request}");
        assert!(
            text(&error, "message").contains(named),
            "{}",
            text(&error, "message")
        );
        assert!(get(&error, "partial").is_undefined());
        assert_eq!(server.heard(), "");
    }
    let server = Server::new("{}", "{}");
    let options = js("({ gold_text: 'x' })");
    let promise = server.client.call(
        "transcribeLong",
        three_phrases(),
        options,
        JsValue::UNDEFINED,
    );
    let error = JsFuture::from(promise).await.unwrap_err();
    assert_eq!(text(&error, "code"), "INVALID_OPTIONS");
    let silence = talk(js("[0, 12]").unchecked_ref(), 16_000, 1);
    let error = server.transcribe(silence, "{}").await.unwrap_err();
    assert_eq!(text(&error, "reason"), "silent");
    assert_eq!(server.heard(), "");
}
