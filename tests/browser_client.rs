//! Tests of the browser layer in a real browser: errors across the boundary, the form, timers and
//! abort.
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/serve_files.rs"]
mod serve_files;

use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use thetaone_web::browser::error::{ErrorContext, Rejection};
use thetaone_web::core::catalogue::{Class, ERRORS};
use thetaone_web::core::error::failure::Failure;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Blob;

wasm_bindgen_test_configure!(run_in_browser);

#[path = "browser/fake_server.rs"]
mod fake_server;
use fake_server::*;

#[wasm_bindgen_test]
async fn every_row_of_the_table_arrives_as_its_class() {
    for spec in ERRORS.iter().filter(|spec| spec.example.is_some()) {
        let status = spec.status.unwrap();
        let body = format!("{{\"detail\":{:?}}}", spec.example.unwrap());
        let scripted = Scripted::new(&[answer(status, &body, None)], "{}");
        let error = scripted.transcribe("{}").await.unwrap_err();
        assert_eq!(lineage(&error), lineage_of(spec.class));
        assert_eq!(text(&error, "name"), spec.class.name());
        assert_eq!(text(&error, "code"), spec.code);
        assert_eq!(text(&error, "reason"), spec.reason.unwrap_or_default());
        assert_eq!(text(&error, "category"), spec.category.as_str());
        assert_eq!(number(&error, "status"), f64::from(status));
        assert_eq!(text(&error, "detail"), spec.example.unwrap());
        assert_eq!(text(&error, "endpoint"), "/transcribe");
        assert_eq!(text(&error, "origin"), "server");
        assert_eq!(text(&error, "fix"), spec.fix);
        assert_eq!(text(&error, "helpUrl"), spec.help_url.unwrap_or_default());
        let attempts: Array = get(&error, "attempts").unchecked_into();
        let expected = if spec.retryable { 3 } else { 1 };
        assert_eq!(
            (attempts.length(), scripted.calls().length()),
            (expected, expected)
        );
        let spoken: Function = get(&error, "userMessage").unchecked_into();
        for (locale, said) in [("en", spec.user_message.en), ("ko", spec.user_message.ko)] {
            assert_eq!(spoken.call1(&error, &locale.into()).unwrap(), said);
        }
    }
}

#[wasm_bindgen_test]
async fn the_form_is_the_one_of_the_reference() {
    let sentence = "Wow, \"check\" out 한국어.";
    let options = format!("{{ gold_text: {sentence:?}, language: 'en' }}");
    let with_reference = format!(
        "{{ gold_text: {sentence:?}, native_speech_components: [{{ z: 1, type: 'word', a: {{ unknown: null }}, start: 0.32 }}, {{ type: 'pause' }}] }}"
    );
    let verbatim = "{ gold_text: 'x', native_speech_components: '[ {\"score\": 95.0} ]' }";
    let options_json = r#"{"gold_text":"Wow, \"check\" out 한국어.","language":"en"}"#;
    let bare_json = r#"{"gold_text":"Wow, \"check\" out 한국어."}"#;
    let file = "file: audio.wav audio/wav 1644";
    for (method, options, expected) in [
        (
            "transcribe",
            "{ suppress_korean: true }",
            format!("{file}\ntranscribe_options={{\"suppress_korean\":true}}"),
        ),
        ("transcribe", "undefined", file.to_owned()),
        (
            "pronunciationSimple",
            options.as_str(),
            format!("{file}\noptions={options_json}"),
        ),
        (
            "pronunciation",
            &with_reference,
            format!(
                "{file}\noptions={bare_json}\nnative_speech_components_json={}",
                r#"[{"z":1,"type":"word","a":{"unknown":null},"start":0.32},{"type":"pause"}]"#
            ),
        ),
        (
            "pronunciation",
            verbatim,
            format!(
                "{file}\noptions={{\"gold_text\":\"x\"}}\nnative_speech_components_json=[ {{\"score\": 95.0}} ]"
            ),
        ),
    ] {
        let scripted = Scripted::new(&[ok()], "{}");
        scripted
            .call(method, wav(800), options, "{}")
            .await
            .unwrap();
        let call = scripted.calls().get(0);
        assert_eq!(form_of(&call).await.as_string().unwrap(), expected);
        assert_eq!(headers_of(&call), "{}", "no header of the SDK's own");
    }
}

#[wasm_bindgen_test]
async fn the_answer_comes_as_it_is() {
    let scripted = Scripted::new(&[ok()], "{}");
    let result = scripted.transcribe("{}").await.unwrap();
    assert_eq!(js_sys::JSON::stringify(&result).unwrap(), SUCCESS);
    assert_eq!(text(&scripted.calls().get(0), "url"), "/api/transcribe");
}

#[wasm_bindgen_test]
async fn retries_end_in_success_and_are_told() {
    let events = Array::new();
    let log = Closure::<dyn FnMut(JsValue)>::new({
        let events = events.clone();
        move |event: JsValue| {
            events.push(&get(&event, "type"));
        }
    });
    Reflect::set(&js_sys::global(), &"logEvent".into(), log.as_ref()).unwrap();
    let scripted = Scripted::new(
        &[status(429), status(503), ok()],
        "{ onEvent: globalThis.logEvent }",
    );
    scripted.transcribe("{}").await.unwrap();
    assert_eq!(
        events.join(","),
        "attempt,response,retry,attempt,response,retry,attempt,response,success"
    );
}

#[wasm_bindgen_test]
async fn retry_after_is_waited_for() {
    let asked = answer(429, "", Some(r#"{"retry-after":"1"}"#));
    let scripted = Scripted::new(&[asked, ok()], "{}");
    let clock = stop_clock();
    let call = transcription(&scripted, JsValue::UNDEFINED);
    scripted.happened("retry", 1).await;
    turn().await;
    clock.advance(999.0);
    turn().await;
    assert_eq!(scripted.calls().length(), 1);
    clock.advance(1.0);
    call.await.unwrap();
    clock.restore();
    let [first, second] = [0, 1].map(|call| number(&scripted.calls().get(call), "at"));
    assert_eq!(second - first, 1_000.0);
}

#[wasm_bindgen_test]
async fn a_wait_past_the_deadline_fails_at_once_with_the_error_in_hand() {
    let asked = answer(429, "", Some(r#"{"retry-after":"60"}"#));
    let scripted = Scripted::new(&[asked], "{ deadlineMs: 20000 }");
    let error = scripted.transcribe("{}").await.unwrap_err();
    // If the client had waited, a TimeoutError would list the wait.
    assert_eq!(text(&error, "code"), "RATE_LIMIT_EXCEEDED");
    let attempts = get(&error, "attempts").unchecked_into::<Array>();
    assert_eq!(attempts.length(), 1);
    assert!(get(&attempts.get(0), "delayMs").is_undefined());
    assert_eq!(number(&error, "retryAfterMs"), 60_000.0);
}

#[wasm_bindgen_test]
async fn timeouts_say_which_clock_ran_out_and_abort_the_request() {
    for (request, ms, reason) in [
        ("{ attemptTimeoutMs: 30 }", 30.0, "attempt"),
        ("{ deadlineMs: 1000 }", 1_000.0, "deadline"),
    ] {
        let scripted = Scripted::new(&["hang".into()], "{}");
        let clock = stop_clock();
        let call = transcription(&scripted, js(request));
        scripted.called(1).await;
        clock.advance(ms);
        let error = call.await.unwrap_err();
        clock.restore();
        assert_uploads_are_strict().await;
        assert_eq!(
            (text(&error, "name"), text(&error, "reason")),
            ("TimeoutError".into(), reason.into())
        );
        assert_eq!(get(&error, "retryable"), JsValue::FALSE);
        let calls = scripted.calls();
        assert_eq!(calls.length(), 1);
        assert_eq!(is_ended(&calls.get(0)), JsValue::TRUE);
        assert_eq!(
            get(&error, "attempts").unchecked_into::<Array>().length(),
            1
        );
    }
    let scripted = Scripted::new(
        &["hang".into(), ok()],
        "{ retry: { timeouts: true, baseDelayMs: 1 } }",
    );
    scripted
        .transcribe("{ attemptTimeoutMs: 30 }")
        .await
        .unwrap();
}

/// The page may abort in the callback that reports a phase.
#[wasm_bindgen_test]
async fn abort_settles_at_once_in_every_phase_and_leaves_no_listener() {
    let slow_backoff = "{ retry: { baseDelayMs: 1000000, maxDelayMs: 1000000, jitter: 'none' } }";
    for (answer, options, phase, sent) in [
        ("hang".into(), "{}", "preparing", 0),
        // The phase is reported before the request, which is then not sent.
        ("hang".into(), "{}", "uploading", 0),
        (status(500), slow_backoff, "waiting", 1),
        ("hang".into(), "{ maxConcurrent: 1 }", "queued", 1),
    ] {
        let scripted = Scripted::new(&[answer], options);
        if phase == "queued" {
            let first = transcription(&scripted, JsValue::UNDEFINED);
            // Handled here, so that disposing below is no unhandled rejection.
            wasm_bindgen_futures::spawn_local(async move {
                let _ = first.await;
            });
            // Both calls are prepared in parallel. The first is ahead only once it is sent.
            scripted.called(1).await;
        }
        let counted = counted_signal();
        let abort = Closure::<dyn FnMut(JsValue)>::new({
            let counted = counted.clone();
            move |progress: JsValue| {
                if text(&progress, "phase") == phase {
                    abort(&counted);
                }
            }
        });
        let request = Object::new();
        Reflect::set(&request, &"signal".into(), &get(&counted, "signal")).unwrap();
        Reflect::set(&request, &"onProgress".into(), abort.as_ref()).unwrap();
        let outcome = transcription(&scripted, request.into()).await;
        assert_aborted(&outcome.unwrap_err(), &counted, phase);
        assert_eq!(scripted.calls().length(), sent, "{phase}");
        scripted.client.dispose();
    }
}

#[wasm_bindgen_test]
async fn abort_in_flight_settles_at_once_and_ends_the_request() {
    let scripted = Scripted::new(&["hang".into()], "{}");
    let counted = counted_signal();
    let request = Object::new();
    Reflect::set(&request, &"signal".into(), &get(&counted, "signal")).unwrap();
    let in_flight = transcription(&scripted, request.into());
    scripted.called(1).await;
    assert_eq!(is_ended(&scripted.calls().get(0)), JsValue::FALSE);
    abort(&counted);
    assert_aborted(&in_flight.await.unwrap_err(), &counted, "in flight");
    assert_eq!(is_ended(&scripted.calls().get(0)), JsValue::TRUE);
    assert_eq!(scripted.calls().length(), 1);
}

fn transcription(scripted: &Scripted, request: JsValue) -> JsFuture {
    let call = scripted
        .client
        .call("transcribe", wav(800), JsValue::UNDEFINED, request);
    JsFuture::from(call)
}

fn abort(counted: &JsValue) {
    let controller = get(counted, "controller");
    let abort: Function = get(&controller, "abort").unchecked_into();
    abort
        .call1(&controller, &"a text as reason".into())
        .unwrap();
}

fn assert_aborted(error: &JsValue, counted: &JsValue, phase: &str) {
    assert_eq!(text(error, "name"), "AbortError", "{phase}");
    assert!(lineage(error).starts_with("AbortedError < ThetaOneError"));
    assert_eq!(get(error, "cause"), "a text as reason", "{phase}");
    assert_eq!(number(counted, "listeners"), 0.0, "{phase}");
}

/// Returns whether the client aborted this call of `fetch`.
fn is_ended(call: &JsValue) -> JsValue {
    get(&get(&get(call, "init"), "signal"), "aborted")
}

#[wasm_bindgen_test]
async fn any_failure_of_fetch_becomes_a_typed_error() {
    for (behaviour, code) in [
        ("reject with text", "CONFIGURATION"),
        ("throw", "CONFIGURATION"),
        ("no network", "CONNECTION_FAILED"),
        ("broken body", "INVALID_RESPONSE"),
        ("not a response", "CONFIGURATION"),
    ] {
        let scripted = Scripted::new(&[behaviour.into()], "{}");
        let error = scripted.transcribe("{}").await.unwrap_err();
        assert_eq!(text(&error, "code"), code, "{behaviour}");
    }
}

#[wasm_bindgen_test]
async fn a_200_that_is_not_the_promised_json_is_told() {
    for body in [
        "",
        "<html>",
        "null",
        "[]",
        "\"text\"",
        "{\"text\": 3}",
        "{\"detail\": \"x\"}",
    ] {
        let scripted = Scripted::new(&[answer(200, body, None)], "{}");
        let error = scripted.transcribe("{}").await.unwrap_err();
        assert_eq!(text(&error, "code"), "INVALID_RESPONSE", "{body:?}");
        assert_eq!(scripted.calls().length(), 1);
    }
}

#[wasm_bindgen_test]
async fn headers_and_key_are_asked_for_at_every_attempt() {
    let options = "{ apiKey: async () => 'sk-theta-emulated-ok', headers: () => ({ 'x-session': 'abc', skipped: undefined }) }";
    let scripted = Scripted::new(&[status(500), ok()], options);
    scripted.transcribe("{}").await.unwrap();
    for call in scripted.calls().iter() {
        assert_eq!(
            headers_of(&call),
            r#"{"x-api-key":"sk-theta-emulated-ok","x-session":"abc"}"#
        );
    }
}

#[wasm_bindgen_test]
async fn a_key_is_no_header_of_a_browsers() {
    let options = "{ headers: async () => ({ 'x-api-key': 'sk-theta-emulated-ok' }) }";
    let scripted = Scripted::new(&[ok()], options);
    let error = scripted.transcribe("{}").await.unwrap_err();
    assert_eq!(text(&error, "code"), "CONFIGURATION");
    assert!(!text(&error, "message").contains("emulated"));
    assert_eq!(scripted.calls().length(), 0);
}

#[wasm_bindgen_test]
async fn headers_may_be_a_headers_object() {
    let scripted = Scripted::new(&[ok()], "{ headers: new Headers({ 'X-Session': 'abc' }) }");
    scripted.transcribe("{}").await.unwrap();
    let sent = headers_of(&scripted.calls().get(0));
    assert_eq!(sent, r#"{"x-session":"abc"}"#);
}

#[wasm_bindgen_test]
async fn bad_keys_and_headers_are_refused_before_sending() {
    for (options, code) in [
        ("{ apiKey: () => 'something-else' }", "UNAUTHORIZED"),
        ("{ apiKey: () => 5 }", "CONFIGURATION"),
        (
            "{ apiKey: async () => { throw new Error('vault is shut') } }",
            "CONFIGURATION",
        ),
        ("{ headers: { 'bad name': 'x' } }", "CONFIGURATION"),
        ("{ headers: { name: 5 } }", "CONFIGURATION"),
        ("{ headers: () => 'text' }", "CONFIGURATION"),
        (
            "{ headers: () => ({ get trap() { throw new Error('trap') } }) }",
            "CONFIGURATION",
        ),
        (
            "{ headers: () => new Proxy({}, { ownKeys() { throw new Error('trap') } }) }",
            "CONFIGURATION",
        ),
    ] {
        let scripted = Scripted::new(&[ok()], options);
        let error = scripted.transcribe("{}").await.unwrap_err();
        assert_eq!(text(&error, "code"), code, "{options}");
        assert_eq!(text(&error, "origin"), "client");
        assert_eq!(scripted.calls().length(), 0);
        assert_eq!(
            get(&error, "attempts").unchecked_into::<Array>().length(),
            0
        );
        assert!(!text(&error, "message").contains("something-else"));
    }
}

#[wasm_bindgen_test]
async fn bad_arguments_are_typed_and_named() {
    let w = "new Uint8Array([1])";
    for (method, audio, options, request, code, named) in [
        (
            "transcribe",
            "null",
            "{}",
            "{}",
            "CONFIGURATION",
            "audio must be",
        ),
        (
            "transcribe",
            "undefined",
            "{}",
            "{}",
            "CONFIGURATION",
            "audio must be",
        ),
        (
            "transcribe",
            "'text'",
            "{}",
            "{}",
            "CONFIGURATION",
            "audio must be",
        ),
        (
            "transcribe",
            "({})",
            "{}",
            "{}",
            "CONFIGURATION",
            "audio must be",
        ),
        (
            "transcribe",
            "new Blob([])",
            "{}",
            "{}",
            "INVALID_AUDIO",
            "no bytes",
        ),
        (
            "transcribe",
            "new File(['just text'], 'a.wav', { type: 'audio/wav' })",
            "{}",
            "{}",
            "INVALID_AUDIO",
            "no audio",
        ),
        (
            "transcribe",
            "new ArrayBuffer(0)",
            "{}",
            "{}",
            "INVALID_AUDIO",
            "no bytes",
        ),
        (
            "transcribe",
            w,
            "{ suppress_korean: 'yes' }",
            "{}",
            "INVALID_OPTIONS",
            "suppress_korean",
        ),
        ("transcribe", w, "[]", "{}", "INVALID_OPTIONS", "object"),
        ("transcribe", w, "5n", "{}", "INVALID_OPTIONS", "object"),
        (
            "transcribe",
            w,
            "Symbol()",
            "{}",
            "INVALID_OPTIONS",
            "object",
        ),
        (
            "analyzeNative",
            w,
            "{ gold_text: '' }",
            "{}",
            "MISSING_GOLD_TEXT",
            "gold_text",
        ),
        (
            "analyzeNative",
            w,
            "undefined",
            "{}",
            "MISSING_GOLD_TEXT",
            "gold_text",
        ),
        (
            "pronunciation",
            w,
            "{ gold_text: 'x', native_speech_components: 'no json' }",
            "{}",
            "INVALID_NATIVE_SPEECH_COMPONENTS",
            "native_speech_components",
        ),
        (
            "pronunciation",
            w,
            "{ gold_text: 'x', native_speech_components: [5n] }",
            "{}",
            "INVALID_NATIVE_SPEECH_COMPONENTS",
            "native_speech_components",
        ),
        (
            "pronunciation",
            w,
            "{ gold_text: 'x', native_speech_components: { a: 1 } }",
            "{}",
            "INVALID_NATIVE_SPEECH_COMPONENTS",
            "native_speech_components",
        ),
        (
            "transcribe",
            w,
            "{}",
            "{ timeout: 5 }",
            "CONFIGURATION",
            "request.timeout",
        ),
        (
            "transcribe",
            w,
            "{}",
            "{ signal: {} }",
            "CONFIGURATION",
            "request.signal",
        ),
        (
            "transcribe",
            w,
            "{}",
            "{ onProgress: 'x' }",
            "CONFIGURATION",
            "request.onProgress",
        ),
        (
            "transcribe",
            w,
            "{}",
            "{ retry: { maxAttempts: Infinity } }",
            "CONFIGURATION",
            "request.retry.maxAttempts",
        ),
        (
            "transcribe",
            w,
            "{}",
            "(() => { const a = {}; a.a = a; return { retry: a }; })()",
            "CONFIGURATION",
            "request.retry.a",
        ),
        (
            "transcribe",
            w,
            "{}",
            "'x'",
            "CONFIGURATION",
            "request must be",
        ),
    ] {
        let scripted = Scripted::new(&[ok()], "{}");
        let what = format!("{method} {audio} {options} {request}");
        let error = scripted
            .call(method, js(audio), options, request)
            .await
            .unwrap_err();
        assert_eq!(
            text(&error, "code"),
            code,
            "{what}: {}",
            text(&error, "message")
        );
        assert!(
            text(&error, "message").contains(named),
            "{what}: {}",
            text(&error, "message")
        );
        assert!(!text(&error, "message").contains("[object"), "{what}");
        assert_eq!(text(&error, "origin"), "client", "{what}");
        assert_eq!(scripted.calls().length(), 0, "{what}");
    }
}

#[wasm_bindgen_test]
async fn audio_that_the_api_does_not_take_is_converted() {
    let scripted = Scripted::new(&[ok()], "{}");
    scripted
        .call("transcribe", float_wav(0.5), "{}", "{}")
        .await
        .unwrap();
    let form = form_of(&scripted.calls().get(0)).await.as_string().unwrap();
    // 0.5 s at 16 kHz, 16 bit, and 44 bytes of header.
    assert_eq!(form, "file: audio.wav audio/wav 16044");
}

/// A block of frames of this length has 2³² bytes or more, which overflows the 32 bits of wasm32. A
/// native test would not find that.
#[wasm_bindgen_test]
async fn frames_of_any_length_are_all_read() {
    let scripted = Scripted::new(&[ok()], "{}");
    for channels in [32_767, 32_768, 32_769, 65_535] {
        let promise = scripted
            .client
            .prepare(wide_wav(channels), JsValue::UNDEFINED);
        let take = JsFuture::from(promise).await.unwrap();
        assert_eq!(
            number(&take, "durationSeconds"),
            2.0 / 16_000.0,
            "{channels}"
        );
        assert_eq!(number(&take, "bytes"), 44.0 + 2.0 * 2.0);
        // Only the second frame is loud.
        let peak = number(&take, "peakDbfs");
        assert!((peak + 6.0).abs() < 0.1, "{channels}: {peak}");
    }
    scripted.transcribe("{}").await.unwrap();
}

#[wasm_bindgen_test]
async fn a_take_holds_what_is_sent_and_its_facts() {
    let scripted = Scripted::new(&[ok()], "{}");
    let promise = scripted.client.prepare(float_wav(0.5), JsValue::UNDEFINED);
    let take = JsFuture::from(promise).await.unwrap();
    assert_eq!(number(&take, "durationSeconds"), 0.5);
    assert_eq!(number(&take, "sampleRate"), 16_000.0);
    assert_eq!(number(&take, "channels"), 1.0);
    assert_eq!(number(&take, "bytes"), 16_044.0);
    // A sine of half amplitude: -6 dBFS peak, -9 dBFS mean.
    assert!(
        (number(&take, "peakDbfs") + 6.0).abs() < 0.5,
        "{}",
        number(&take, "peakDbfs")
    );
    assert!(
        (number(&take, "rmsDbfs") + 9.0).abs() < 0.5,
        "{}",
        number(&take, "rmsDbfs")
    );
    scripted
        .call("transcribe", take.clone(), "{}", "{}")
        .await
        .unwrap();
    let again = JsFuture::from(scripted.client.prepare(take.clone(), JsValue::UNDEFINED))
        .await
        .unwrap();
    assert!(Object::is(&take, &again));
}

#[wasm_bindgen_test]
async fn silence_is_refused_before_it_is_billed() {
    let scripted = Scripted::new(&[ok()], "{}");
    let silence = spoken(1.0, 0.0, 0.0);
    let take = JsFuture::from(scripted.client.prepare(silence.clone(), JsValue::UNDEFINED));
    let take = take.await.unwrap();
    assert_eq!(number(&take, "speechSeconds"), 0.0);
    for audio in [silence, take] {
        let error = scripted
            .call("transcribe", audio, "{}", "{}")
            .await
            .unwrap_err();
        assert_eq!(
            (text(&error, "code"), text(&error, "reason")),
            ("INVALID_AUDIO".into(), "silent".into())
        );
    }
    assert_eq!(scripted.calls().length(), 0);
}

#[wasm_bindgen_test]
async fn a_take_says_what_it_is_like_and_can_be_trimmed() {
    let scripted = Scripted::new(&[ok()], "{}");
    let prepare =
        |options: &str| JsFuture::from(scripted.client.prepare(spoken(1.0, 2.0, 1.0), js(options)));
    let whole = prepare("{}").await.unwrap();
    assert_eq!(number(&whole, "durationSeconds"), 4.0);
    assert_eq!(number(&whole, "offsetSeconds"), 0.0);
    assert!((number(&whole, "leadingSilenceSeconds") - 1.0).abs() < 0.1);
    assert!((number(&whole, "speechSeconds") - 2.0).abs() < 0.1);
    assert_eq!(
        number(&get(&whole, "estimatedCredits"), "transcribe"),
        0.0016
    );
    assert_eq!(
        get(&whole, "warnings").unchecked_into::<Array>().length(),
        0
    );
    let trimmed = prepare("{ trimSilence: true }").await.unwrap();
    assert!((number(&trimmed, "durationSeconds") - 2.3).abs() < 0.1);
    assert!((number(&trimmed, "offsetSeconds") - 0.85).abs() < 0.05);
    let bytes = 44.0 + number(&trimmed, "durationSeconds") * 32_000.0;
    assert!((number(&trimmed, "bytes") - bytes).abs() < 1.0);
    // Trimming does not change the samples that remain.
    let bytes_of = async |take: &JsValue| {
        let blob: Blob = get(take, "blob").unchecked_into();
        let buffer = JsFuture::from(blob.array_buffer()).await.unwrap();
        Uint8Array::new(&buffer).to_vec()
    };
    let (from, to) = (bytes_of(&whole).await, bytes_of(&trimmed).await);
    let start = 44 + (number(&trimmed, "offsetSeconds") * 32_000.0) as usize;
    assert!(from[start..].starts_with(&to[44..]));
}

#[wasm_bindgen_test]
async fn as_many_calls_are_under_way_as_allowed_and_all_get_their_turn() {
    let scripted = Scripted::new(&["held".into()], "{ maxConcurrent: 2 }");
    let calls: Vec<JsFuture> = (0..7)
        .map(|_| transcription(&scripted, JsValue::UNDEFINED))
        .collect();
    // Each call is now either sent or queued.
    while scripted.calls().length() + scripted.times_told("queued") < 7 {
        turn().await;
    }
    assert_eq!(scripted.held(), 2);
    for sent in 3..=7 {
        scripted.release();
        scripted.called(sent).await;
        assert_eq!(scripted.held(), 2, "{sent} were sent");
    }
    scripted.release();
    scripted.release();
    for call in calls {
        call.await.unwrap();
    }
    assert_eq!(scripted.calls().length(), 7);
}

#[wasm_bindgen_test]
async fn dispose_ends_what_is_under_way_and_what_waits() {
    let scripted = Scripted::new(&["hang".into()], "{ maxConcurrent: 1 }");
    let calls = [JsValue::UNDEFINED; 2].map(|request| transcription(&scripted, request));
    scripted.called(1).await;
    scripted.happened("queued", 1).await;
    scripted.client.dispose();
    for call in calls {
        assert_eq!(text(&call.await.unwrap_err(), "name"), "AbortError");
    }
    assert_eq!(scripted.calls().length(), 1);
    assert_eq!(is_ended(&scripted.calls().get(0)), JsValue::TRUE);
}

#[wasm_bindgen_test]
async fn a_callback_that_throws_does_not_disturb_the_call() {
    // Reported as an uncaught error, which the test page must not take for a failure.
    let quiet = js("globalThis.addEventListener('error', (event) => event.preventDefault()), 1");
    assert_eq!(quiet, 1);
    let _ = js(
        "(globalThis.reported = [], globalThis.reportError = (error) => reported.push(error.message))",
    );
    let scripted = Scripted::new(
        &[ok()],
        "{ onEvent: () => { throw new Error('page bug') } }",
    );
    scripted
        .transcribe("{ onProgress: () => { throw new Error('page bug') } }")
        .await
        .unwrap();
    let reported: Array = js("globalThis.reported").unchecked_into();
    assert!(reported.length() >= 3);
}

#[wasm_bindgen_test]
async fn reports_hold_what_support_asks_for_and_no_key() {
    let options = "{ apiKey: 'sk-theta-emulated-secret' }";
    let body = r#"{"detail":"boom for sk-theta-emulated-secret"}"#;
    let scripted = Scripted::new(&[answer(500, body, None)], options);
    let error = scripted.transcribe("{}").await.unwrap_err();
    let report: Function = get(&error, "supportReport").unchecked_into();
    let report = report.call0(&error).unwrap().as_string().unwrap();
    for part in [
        "UTC time: 20",
        "POST /transcribe",
        "Status: 500",
        "sk-theta-…",
        "Attempts: 3",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let json = js_sys::JSON::stringify(&error)
        .unwrap()
        .as_string()
        .unwrap();
    let message = text(&error, "message");
    for said in [&report, &json, &message] {
        assert!(!said.contains("secret"), "{said}");
    }
}

#[wasm_bindgen_test]
fn every_class_is_known_to_the_javascript_side() {
    // The package creates errors of the microphone without the core.
    let classes = Class::ALL
        .iter()
        .filter(|class| **class != Class::Microphone);
    for &class in classes {
        assert!(Failure::specs_of(class).next().is_some(), "{class:?}");
        for spec in Failure::specs_of(class) {
            let failure = Failure {
                spec,
                ..Failure::configuration("on purpose")
            };
            let error = Rejection::from(failure).into_js_error(ErrorContext::default());
            // Code that detects aborts does so by this name.
            let name = match class {
                Class::Aborted => "AbortError",
                other => other.name(),
            };
            assert_eq!(text(&error, "name"), name);
            assert_eq!(text(&error, "code"), spec.code);
            assert_eq!(text(&error, "reason"), spec.reason.unwrap_or_default());
            assert_eq!(lineage(&error), lineage_of(class));
        }
    }
}

/// Returns the names along the prototype chain of an error of this class.
fn lineage_of(class: Class) -> String {
    let above = match class.parent() {
        "ThetaOneError" => String::new(),
        parent => format!("{parent} < "),
    };
    format!("{} < {above}ThetaOneError < Error < Object", class.name())
}

#[wasm_bindgen_test]
async fn abort_settles_while_the_answer_is_read() {
    let scripted = Scripted::new(&["endless body".into()], "{}");
    let counted = counted_signal();
    let request = Object::new();
    Reflect::set(&request, &"signal".into(), &get(&counted, "signal")).unwrap();
    let call = transcription(&scripted, request.into());
    scripted.happened("body is read", 1).await;
    abort(&counted);
    assert_aborted(&call.await.unwrap_err(), &counted, "reading");
    assert_eq!(scripted.calls().length(), 1);
}
