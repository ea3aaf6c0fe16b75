//! The outbox in a real browser: what is kept, sent again and thrown away.
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/serve_files.rs"]
mod serve_files;

use client::Client;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/kept.js")]
extern "C" {
    fn wav(samples: u32) -> JsValue;
    fn js(text: &str) -> JsValue;
    fn manual() -> JsValue;
    async fn until(subject: &JsValue, condition: &str);
    async fn settled();
    #[wasm_bindgen(js_name = fileOf)]
    async fn file_of(call: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = fieldsOf)]
    fn fields_of(call: &JsValue) -> String;
    #[wasm_bindgen(js_name = bytesOf)]
    async fn bytes_of(blob: &JsValue) -> JsValue;
    fn js1(text: &str, value: &JsValue) -> JsValue;
    #[wasm_bindgen(js_name = js1)]
    fn of_list(text: &str, value: &Array) -> JsValue;
    async fn dumped() -> JsValue;
    async fn aged(ms: f64);
    async fn leased(ms: f64);
    async fn planted(record: &JsValue);
    fn broken(how: &str) -> Function;
    async fn locked(name: &str) -> JsValue;
}

const OK: &str = r#"{"text":"hi","speech_components":[],"user_speech_components":[]}"#;

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

async fn done(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

/// A client whose requests the test answers.
struct Page {
    client: Client,
    server: JsValue,
    events: Array,
    _log: Closure<dyn FnMut(JsValue)>,
}

impl Page {
    /// With an empty outbox; `more` is merged over the client's options.
    async fn fresh(more: &str) -> Self {
        let page = Page::opened(more);
        done(page.client.outbox_clear()).await.unwrap();
        page
    }

    fn opened(more: &str) -> Self {
        let server = manual();
        let events = Array::new();
        let log = Closure::<dyn FnMut(JsValue)>::new({
            let events = events.clone();
            move |event: JsValue| {
                if text(&event, "type") == "outbox" {
                    events.push(&event);
                }
            }
        });
        let options = js(&format!(
            "Object.assign({{ baseUrl: 'https://secret-host.example', outbox: true, retry: {{ maxAttempts: 1 }} }}, {more})"
        ));
        let live: &Object = options.unchecked_ref();
        Reflect::set(live, &"fetch".into(), &get(&server, "fetch")).unwrap();
        Reflect::set(live, &"onEvent".into(), log.as_ref()).unwrap();
        Page {
            client: Client::new(options).unwrap(),
            server,
            events,
            _log: log,
        }
    }

    fn calls(&self) -> Array {
        get(&self.server, "calls").unchecked_into()
    }

    fn start(&self, method: &str, samples: u32, options: &str) -> Promise {
        self.start_with(method, samples, options, "undefined")
    }

    fn start_with(&self, method: &str, samples: u32, options: &str, request: &str) -> Promise {
        self.client
            .call(method, wav(samples), js(options), js(request))
    }

    /// Waits for the next request.
    async fn sent(&self, count: u32) -> JsValue {
        until(&self.calls(), &format!("subject.length >= {count}")).await;
        self.calls().get(count - 1)
    }

    async fn answer(&self, count: u32, status: u16, body: &str) {
        let call = self.sent(count).await;
        let answer: Function = get(&call, "answer").unchecked_into();
        answer.call2(&call, &status.into(), &body.into()).unwrap();
    }

    /// A call that fails with this status; gives the error.
    async fn failed(&self, status: u16) -> JsValue {
        self.failed_with(&wav(800), status).await
    }

    /// The same with this audio.
    async fn failed_with(&self, audio: &JsValue, status: u16) -> JsValue {
        let call = self.transcribe(audio);
        self.answer(self.calls().length() + 1, status, "").await;
        done(call).await.unwrap_err()
    }

    /// A call with this audio that succeeds.
    async fn delivered(&self, audio: &JsValue) {
        let call = self.transcribe(audio);
        self.answer(self.calls().length() + 1, 200, OK).await;
        done(call).await.unwrap();
    }

    fn transcribe(&self, audio: &JsValue) -> Promise {
        let nothing = JsValue::UNDEFINED;
        self.client
            .call("transcribe", audio.clone(), nothing.clone(), nothing)
    }

    async fn list(&self) -> Array {
        let listed = done(self.client.outbox_list()).await.unwrap();
        listed.unchecked_into()
    }

    /// A member of all that is listed.
    async fn listed(&self, member: &str) -> String {
        json(&of_list(
            &format!("value.map(({{ {member} }}) => {member})"),
            &self.list().await,
        ))
    }

    fn resume(&self, id: &str) -> Promise {
        self.client.outbox_resume(id.into(), JsValue::UNDEFINED)
    }

    /// The reasons of the events so far.
    fn told(&self) -> String {
        json(&of_list("value.map(({ reason }) => reason)", &self.events))
    }
}

#[wasm_bindgen_test]
async fn a_recording_is_kept_before_it_is_sent_and_until_its_result_is_there() {
    let page = Page::fresh("{ apiKey: 'sk-theta-emulated-ok', dangerouslyAllowBrowserKey: true, headers: { 'x-session': 'a session' } }").await;
    let call = page.start(
        "pronunciationSimple",
        8000,
        "{ gold_text: 'Wow', language: 'en' }",
    );
    page.sent(1).await;
    let list = page.list().await;
    assert_eq!(list.length(), 1);
    let entry = list.get(0);
    let shown = json(&js1(
        "(({ id, createdAt, ...rest }) => rest)(value)",
        &entry,
    ));
    assert_eq!(
        shown,
        r#"{"method":"pronunciationSimple","state":"sending","bytes":16044,"durationSeconds":0.5,"attempts":1,"options":{"gold_text":"Wow","language":"en"}}"#
    );
    assert!(js1("/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(value.id) && new Date(value.createdAt).toISOString() === value.createdAt", &entry).is_truthy());
    let dump = dumped().await.as_string().unwrap();
    for secret in ["sk-theta", "secret-host", "a session", "x-session"] {
        assert!(!dump.contains(secret), "{secret} in {dump}");
    }
    page.answer(1, 200, OK).await;
    assert_eq!(json(&done(call).await.unwrap()), OK);
    assert_eq!(page.list().await.length(), 0);
    assert_eq!(page.told(), "[]");
}

#[wasm_bindgen_test]
async fn what_is_sent_again_is_the_same_to_the_byte() {
    for (method, options) in [
        ("transcribe", "{ suppress_korean: true }"),
        ("transcribe", "undefined"),
        ("analyzeNative", "{ gold_text: '와 \"Wow\"' }"),
        (
            "pronunciationSimple",
            "{ gold_text: 'Wow', language: 'ko' }",
        ),
        (
            "pronunciation",
            "{ gold_text: 'Wow', native_speech_components: '[ {\"score\": 95.0, \"x\": -0} ]' }",
        ),
    ] {
        let page = Page::fresh("{}").await;
        let call = page.start(method, 1234, options);
        page.answer(1, 500, "").await;
        let error = done(call).await.unwrap_err();
        let id = text(&error, "outboxId");
        // Another page, later.
        let later = Page::opened("{}");
        let audio = done(later.client.outbox_get(id.as_str().into()))
            .await
            .unwrap();
        let resumed = later.resume(&id);
        later.answer(1, 200, OK).await;
        assert_eq!(json(&done(resumed).await.unwrap()), OK);
        let (first, second) = (page.sent(1).await, later.sent(1).await);
        assert_eq!(text(&first, "url"), text(&second, "url"));
        assert_eq!(fields_of(&first), fields_of(&second));
        let bytes: Uint8Array = file_of(&first).await.unchecked_into();
        assert_eq!(
            bytes.to_vec(),
            Uint8Array::new(&file_of(&second).await).to_vec()
        );
        assert_eq!(
            bytes.to_vec(),
            Uint8Array::new(&bytes_of(&audio).await).to_vec()
        );
        assert_eq!(later.list().await.length(), 0);
        let again = done(later.resume(&id)).await.unwrap_err();
        assert_eq!(text(&again, "code"), "CONFIGURATION");
        assert_eq!(later.calls().length(), 1);
    }
}

#[wasm_bindgen_test]
async fn one_recording_is_sent_by_one_at_a_time() {
    let page = Page::fresh("{}").await;
    let other = Page::opened("{}");
    let call = page.start("transcribe", 800, "undefined");
    page.sent(1).await;
    let id = text(&page.list().await.get(0), "id");
    for refused in [page.resume(&id), other.resume(&id)] {
        let error = done(refused).await.unwrap_err();
        assert_eq!(text(&error, "name"), "ConfigurationError");
        assert!(text(&error, "message").contains("is being sent"));
    }
    page.answer(1, 503, "").await;
    done(call).await.unwrap_err();
    assert_eq!(page.listed("attempts").await, "[1]");

    let (first, second) = (page.resume(&id), other.resume(&id));
    page.answer(2, 503, "").await;
    assert_eq!(
        text(&done(second).await.unwrap_err(), "code"),
        "CONFIGURATION"
    );
    assert_eq!(text(&done(first).await.unwrap_err(), "outboxId"), id);
    assert_eq!((page.calls().length(), other.calls().length()), (2, 0));
    assert_eq!(page.listed("attempts").await, "[2]");
    assert_eq!(page.listed("state").await, r#"["unsent"]"#);
}

#[wasm_bindgen_test]
async fn another_tab_that_sends_it_is_seen_by_its_lock() {
    let page = Page::fresh("{}").await;
    let id = text(&page.failed(500).await, "outboxId");
    let release = locked(&format!("thetaone-web outbox {id}")).await;
    assert_eq!(page.listed("state").await, r#"["sending"]"#);
    let error = done(page.resume(&id)).await.unwrap_err();
    assert_eq!(text(&error, "code"), "CONFIGURATION");
    release
        .unchecked_ref::<Function>()
        .call0(&JsValue::NULL)
        .unwrap();
    while page.listed("state").await != r#"["unsent"]"# {
        settled().await;
    }

    // Without locks the page itself still sees to it.
    let mend = broken("no locks");
    let (first, second) = (page.resume(&id), page.resume(&id));
    assert_eq!(
        text(&done(second).await.unwrap_err(), "code"),
        "CONFIGURATION"
    );
    page.answer(2, 200, OK).await;
    done(first).await.unwrap();
    mend.call0(&JsValue::NULL).unwrap();
    assert_eq!(page.list().await.length(), 0);
}

/// Waits until nothing in the database names a page that sends it.
async fn until_nothing_is_leased() {
    for _ in 0..1000 {
        let all = dumped().await.as_string().unwrap();
        if !all.contains("lease") {
            return;
        }
    }
    panic!("a lease is never given back");
}

#[wasm_bindgen_test]
async fn without_locks_a_take_is_leased_to_one_page_and_a_dead_page_keeps_none() {
    let mend = broken("no locks");
    let page = Page::fresh("{}").await;
    let first = page.transcribe(&wav(800));
    page.sent(1).await;
    let all = dumped().await.as_string().unwrap();
    assert!(all.contains("lease"), "stored with the recording: {all}");
    page.answer(1, 500, "").await;
    let id = text(&done(first).await.unwrap_err(), "outboxId");
    until_nothing_is_leased().await;

    // Another page sends it, and lives.
    leased(30_000.0).await;
    assert_eq!(page.listed("state").await, r#"["sending"]"#);
    let error = done(page.resume(&id)).await.unwrap_err();
    assert!(text(&error, "message").contains("is being sent"));
    assert_eq!(page.calls().length(), 1);

    // It said so too long ago; or the clock was set back since.
    for age_ms in [91_000.0, -91_000.0, 1e12, -1e12] {
        leased(age_ms).await;
        assert_eq!(page.listed("state").await, r#"["unsent"]"#, "{age_ms}");
        let count = page.calls().length() + 1;
        let again = page.resume(&id);
        page.sent(count).await;
        let all = dumped().await.as_string().unwrap();
        assert!(all.contains("lease") && !all.contains("another"), "{all}");
        page.answer(count, 503, "").await;
        assert_eq!(text(&done(again).await.unwrap_err(), "outboxId"), id);
        until_nothing_is_leased().await;
    }
    let count = page.calls().length() + 1;
    let last = page.resume(&id);
    page.answer(count, 200, OK).await;
    done(last).await.unwrap();
    assert_eq!(page.list().await.length(), 0);
    mend.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn no_failure_takes_a_recording_away() {
    for (status, state, code) in [
        (400, "rejected", "BAD_REQUEST"),
        (413, "rejected", "PAYLOAD_TOO_LARGE"),
        (401, "unsent", "UNAUTHORIZED"),
        (402, "unsent", "PAYMENT_REQUIRED"),
        (418, "unsent", "UNEXPECTED_STATUS"),
        (429, "unsent", "RATE_LIMIT_EXCEEDED"),
        (504, "unsent", "GATEWAY_TIMEOUT"),
    ] {
        let page = Page::fresh("{}").await;
        let error = page.failed(status).await;
        let entry = page.list().await.get(0);
        assert_eq!(text(&entry, "id"), text(&error, "outboxId"), "{status}");
        assert_eq!(text(&entry, "state"), state, "{status}");
        assert_eq!(text(&get(&entry, "lastError"), "code"), code);
        assert_eq!(
            text(&get(&entry, "lastError"), "reason"),
            text(&error, "reason")
        );
        assert!(json(&error).contains("outboxId"));
    }
}

#[wasm_bindgen_test]
async fn timeouts_aborts_and_disposal_leave_it_there() {
    let page = Page::fresh("{}").await;
    let call = page.start_with("transcribe", 800, "undefined", "{ attemptTimeoutMs: 30 }");
    assert_eq!(text(&done(call).await.unwrap_err(), "code"), "TIMEOUT");
    let call = page.start_with("transcribe", 800, "undefined", "{ deadlineMs: 2000 }");
    assert_eq!(text(&done(call).await.unwrap_err(), "reason"), "deadline");
    let request =
        js("(() => { const c = new AbortController(); return { signal: c.signal, c } })()");
    let signal = js1("({ signal: value.signal })", &request);
    let call = page
        .client
        .call("transcribe", wav(800), JsValue::UNDEFINED, signal);
    page.sent(3).await;
    js1("value.c.abort()", &request);
    assert_eq!(text(&done(call).await.unwrap_err(), "code"), "ABORTED");
    let call = page.start("transcribe", 800, "undefined");
    page.sent(4).await;
    page.client.dispose();
    assert_eq!(text(&done(call).await.unwrap_err(), "code"), "ABORTED");
    let later = Page::opened("{}");
    assert_eq!(
        later.listed("state").await,
        r#"["unsent","unsent","unsent","unsent"]"#
    );
    assert_eq!(
        json(&of_list(
            "value.map((entry) => entry.lastError.code)",
            &later.list().await
        )),
        r#"["TIMEOUT","TIMEOUT","ABORTED","ABORTED"]"#
    );
}

#[wasm_bindgen_test]
async fn what_was_discarded_does_not_come_back() {
    let page = Page::fresh("{}").await;
    let call = page.start("transcribe", 800, "undefined");
    page.sent(1).await;
    let id = text(&page.list().await.get(0), "id");
    done(page.client.outbox_discard(id.as_str().into()))
        .await
        .unwrap();
    assert_eq!(page.list().await.length(), 0);
    page.answer(1, 500, "").await;
    let error = done(call).await.unwrap_err();
    assert!(get(&error, "outboxId").is_undefined());
    assert_eq!(page.list().await.length(), 0);
    let gone = done(page.client.outbox_get(id.as_str().into()))
        .await
        .unwrap();
    assert!(gone.is_undefined());
    done(page.client.outbox_discard("never there".into()))
        .await
        .unwrap();
}

#[wasm_bindgen_test]
async fn an_error_names_no_recording_that_is_gone() {
    let page = Page::fresh("{}").await;
    let call = page.start("transcribe", 800, "undefined");
    page.sent(1).await;
    done(page.client.outbox_clear()).await.unwrap();
    page.answer(1, 500, "").await;
    let error = done(call).await.unwrap_err();
    assert!(get(&error, "outboxId").is_undefined());
}

#[wasm_bindgen_test]
async fn what_is_not_sent_again_counts_for_nothing() {
    let page = Page::fresh("{}").await;
    let id = text(&page.failed(503).await, "outboxId");
    let refused = page
        .client
        .outbox_resume(id.as_str().into(), js("{ deadlineMs: -1 }"));
    let error = done(refused).await.unwrap_err();
    assert_eq!(text(&error, "code"), "CONFIGURATION");
    assert_eq!(text(&error, "outboxId"), id);
    assert_eq!(page.listed("attempts").await, "[1]");
    let last = get(&page.list().await.get(0), "lastError");
    assert_eq!(text(&last, "code"), "SERVICE_UNAVAILABLE");
    assert_eq!(page.calls().length(), 1);
}

/// Or what was kept before would be billed once more when it is resumed.
#[wasm_bindgen_test]
async fn the_same_take_sent_again_is_kept_once() {
    let page = Page::fresh("{}").await;
    let blob = js1("new Blob([value])", &wav(800));
    let prepared = page.client.prepare(wav(1600), JsValue::UNDEFINED);
    for audio in [blob, done(prepared).await.unwrap()] {
        let id = text(&page.failed_with(&audio, 500).await, "outboxId");
        let call = page.transcribe(&audio);
        page.sent(page.calls().length() + 1).await;
        assert_eq!(page.listed("id").await, format!("[{id:?}]"));
        assert_eq!(page.listed("state").await, r#"["sending"]"#);
        assert_eq!(page.listed("attempts").await, "[2]");
        page.answer(page.calls().length(), 503, "").await;
        assert_eq!(text(&done(call).await.unwrap_err(), "outboxId"), id);
        let entry = page.list().await.get(0);
        assert_eq!(text(&entry, "state"), "unsent");
        let last = get(&entry, "lastError");
        assert_eq!(text(&last, "code"), "SERVICE_UNAVAILABLE");

        // Another client of the page has the same outbox.
        let other = Page::opened("{}");
        other.delivered(&audio).await;
        assert_eq!(page.list().await.length(), 0);
        // Delivered, it starts anew.
        let anew = text(&page.failed_with(&audio, 500).await, "outboxId");
        assert_ne!(anew, id);
        assert_eq!(page.listed("attempts").await, "[1]");
        page.delivered(&audio).await;
        assert_eq!(page.list().await.length(), 0);
    }
}

#[wasm_bindgen_test]
async fn what_is_not_the_same_is_kept_by_itself() {
    let page = Page::fresh("{}").await;
    let blob = js1("new Blob([value])", &wav(800));
    for (method, options) in [
        ("analyzeNative", "{ gold_text: 'Wow' }"),
        ("analyzeNative", "{ gold_text: 'Wow!' }"),
        ("pronunciationSimple", "{ gold_text: 'Wow' }"),
    ] {
        let request = JsValue::UNDEFINED;
        let call = page.client.call(method, blob.clone(), js(options), request);
        page.answer(page.calls().length() + 1, 500, "").await;
        done(call).await.unwrap_err();
    }
    // Of another audio; and the bytes of a buffer may be others by now.
    let bytes = wav(800);
    page.failed_with(&bytes, 500).await;
    page.failed_with(&bytes, 500).await;
    assert_eq!(page.listed("attempts").await, "[1,1,1,1,1]");
}

#[wasm_bindgen_test]
async fn calls_with_the_same_take_at_the_same_time_are_kept_each() {
    let page = Page::fresh("{}").await;
    let blob = js1("new Blob([value])", &wav(800));
    let first = page.transcribe(&blob);
    page.sent(1).await;
    let second = page.transcribe(&blob);
    page.sent(2).await;
    assert_eq!(page.listed("state").await, r#"["sending","sending"]"#);
    page.answer(1, 500, "").await;
    page.answer(2, 500, "").await;
    let errors = [
        done(first).await.unwrap_err(),
        done(second).await.unwrap_err(),
    ];
    let ids = errors.map(|error| text(&error, "outboxId"));
    assert_ne!(ids[0], ids[1]);
    assert_eq!(page.listed("attempts").await, "[1,1]");
    page.delivered(&blob).await;
    assert_eq!(page.listed("id").await, format!("[{:?}]", ids[1]));
    page.delivered(&blob).await;
    assert_eq!(page.list().await.length(), 0);
}

#[wasm_bindgen_test]
async fn a_take_given_up_while_it_was_stored_is_kept_once() {
    let page = Page::fresh("{}").await;
    let blob = js1("new Blob([value])", &wav(800));
    let request = js(
        "(() => { const { put } = IDBObjectStore.prototype; const c = new AbortController(); IDBObjectStore.prototype.put = function (...args) { IDBObjectStore.prototype.put = put; c.abort(); return put.apply(this, args); }; return { signal: c.signal }; })()",
    );
    let nothing = JsValue::UNDEFINED;
    let aborted = page
        .client
        .call("transcribe", blob.clone(), nothing, request);
    let error = done(aborted).await.unwrap_err();
    assert_eq!(text(&error, "code"), "ABORTED");
    page.failed_with(&blob, 500).await;
    assert_eq!(page.listed("attempts").await, "[2]");
}

#[wasm_bindgen_test]
async fn a_take_whose_recording_is_gone_is_kept_anew() {
    let page = Page::fresh("{ outbox: { ttlMs: 60000 } }").await;
    let blob = js1("new Blob([value])", &wav(800));
    let mut id = text(&page.failed_with(&blob, 500).await, "outboxId");
    for how in ["discarded", "cleared", "expired"] {
        match how {
            "discarded" => done(page.client.outbox_discard(id.as_str().into())).await,
            "cleared" => done(page.client.outbox_clear()).await,
            _ => {
                aged(60_000.0).await;
                Ok(JsValue::UNDEFINED)
            }
        }
        .unwrap();
        let anew = text(&page.failed_with(&blob, 500).await, "outboxId");
        assert!(!anew.is_empty() && anew != id, "{how}");
        assert_eq!(page.listed("id").await, format!("[{anew:?}]"), "{how}");
        assert_eq!(page.listed("attempts").await, "[1]", "{how}");
        id = anew;
    }
}

#[wasm_bindgen_test]
async fn the_oldest_make_room_and_what_is_too_large_is_sent_all_the_same() {
    // Three of 8044 bytes fit.
    let page = Page::fresh("{ outbox: { maxBytes: 25000 } }").await;
    let mut ids = Vec::new();
    for _ in 0..4 {
        let call = page.start("transcribe", 4000, "undefined");
        page.answer(page.calls().length() + 1, 500, "").await;
        ids.push(text(&done(call).await.unwrap_err(), "outboxId"));
    }
    assert_eq!(page.told(), r#"["evicted"]"#);
    assert_eq!(text(&page.events.get(0), "id"), ids[0]);
    assert_eq!(
        page.listed("id").await,
        format!("{:?}", &ids[1..]).replace(' ', "")
    );

    let call = page.start("transcribe", 16000, "undefined");
    page.answer(5, 500, "").await;
    let error = done(call).await.unwrap_err();
    assert!(get(&error, "outboxId").is_undefined());
    assert_eq!(page.told(), r#"["evicted","quota"]"#);
    assert_eq!(page.list().await.length(), 3);
}

#[wasm_bindgen_test]
async fn what_is_past_its_time_goes() {
    let page = Page::fresh("{ outbox: { ttlMs: 60000 } }").await;
    let id = text(&page.failed(500).await, "outboxId");
    aged(59_000.0).await;
    assert_eq!(page.list().await.length(), 1);
    aged(1_000.0).await;
    let error = done(page.resume(&id)).await.unwrap_err();
    assert_eq!(text(&error, "code"), "CONFIGURATION");
    // A page that is opened removes it, even if it never looks.
    let later = Page::opened("{ outbox: { ttlMs: 60000 } }");
    until(&later.events, "subject.length === 1").await;
    assert_eq!(later.told(), r#"["expired"]"#);
    assert_eq!(text(&later.events.get(0), "id"), id);
    assert_eq!(dumped().await.as_string().unwrap(), "[]");
}

fn assert_unavailable(error: &JsValue, how: &str) {
    assert_eq!(text(error, "name"), "StorageError", "{how}");
    assert_eq!(text(error, "reason"), "unavailable", "{how}");
    assert_eq!(text(error, "category"), "local");
}

#[wasm_bindgen_test]
async fn storage_that_fails_is_told_and_stops_nothing() {
    for (how, reason) in [
        ("missing", "unavailable"),
        ("refused", "unavailable"),
        ("silent", "unavailable"),
        ("full", "quota"),
        ("full at the end", "quota"),
    ] {
        let page = Page::fresh("{}").await;
        let mend = broken(how);
        let call = page.start("transcribe", 800, "undefined");
        page.answer(1, 200, OK).await;
        assert_eq!(json(&done(call).await.unwrap()), OK, "{how}");
        assert_eq!(page.told(), format!("[{reason:?}]"), "{how}");
        let error = page.failed(500).await;
        assert!(get(&error, "outboxId").is_undefined(), "{how}");
        assert_eq!(text(&error, "code"), "INTERNAL_SERVER_ERROR");
        if reason == "unavailable" {
            for refused in [
                page.client.outbox_list(),
                page.client.outbox_get("x".into()),
                page.resume("x"),
                page.client.outbox_discard("x".into()),
                page.client.outbox_clear(),
            ] {
                assert_unavailable(&done(refused).await.unwrap_err(), how);
            }
            // By itself, because it ends what is under way.
            assert_unavailable(&done(page.client.forget()).await.unwrap_err(), how);
        }
        mend.call0(&JsValue::NULL).unwrap();
        assert_eq!(Page::opened("{}").list().await.length(), 0, "{how}");
    }
}

#[wasm_bindgen_test]
async fn it_is_off_by_default() {
    let page = Page::fresh("{ outbox: undefined }").await;
    let error = page.failed(500).await;
    assert!(get(&error, "outboxId").is_undefined());
    assert_eq!(dumped().await.as_string().unwrap(), "[]");
    for refused in [
        page.client.outbox_list(),
        page.client.outbox_get("x".into()),
        page.resume("x"),
        page.client.outbox_discard("x".into()),
    ] {
        let error = done(refused).await.unwrap_err();
        assert!(text(&error, "message").contains("options.outbox is off"));
    }
}

#[wasm_bindgen_test]
async fn odd_ids_and_foreign_records_are_refused_kindly() {
    let page = Page::fresh("{}").await;
    for id in ["undefined", "null", "5", "{}", "Symbol()", "[]"] {
        for refused in [
            page.client.outbox_get(js(id)),
            page.client.outbox_resume(js(id), JsValue::UNDEFINED),
            page.client.outbox_discard(js(id)),
        ] {
            let error = done(refused).await.unwrap_err();
            assert_eq!(text(&error, "code"), "CONFIGURATION", "{id}");
        }
    }
    page.failed(500).await;
    let base = "id: 'x', createdAt: new Date().toISOString()";
    let bytes = "bytes: new ArrayBuffer(44)";
    for (known, audio) in [
        (String::new(), ""),
        (base.to_owned(), bytes),
        (format!("{base}, method: 'steal', fields: {{}}"), bytes),
        (format!("{base}, method: 'transcribe', fields: []"), ""),
        (
            format!("{base}, method: 'transcribe', bytes: '5', fields: []"),
            "type: 'audio/wav', bytes: 'RIFF'",
        ),
        (
            format!("{base}, method: 'transcribe', fields: [[1], 2]"),
            bytes,
        ),
        (
            format!("{base}, method: 'transcribe', fields: [['evil', '2']]"),
            "type: 'audio/wav', bytes: new ArrayBuffer(44)",
        ),
    ] {
        let record = format!("[{{ {known}, id: 'x' }}, {{ {audio}, id: 'x' }}]");
        let record = record.replace("{ ,", "{");
        planted(&js(&record)).await;
        let error = done(page.resume("x")).await.unwrap_err();
        assert_eq!(text(&error, "code"), "CONFIGURATION", "{record}");
        assert_eq!(page.calls().length(), 1);
        page.list().await;
    }
}

#[wasm_bindgen_test]
async fn to_forget_is_to_stop_and_to_remove_everything() {
    let page = Page::fresh("{}").await;
    page.failed(500).await;
    let call = page.start("transcribe", 800, "undefined");
    page.sent(2).await;
    let beginning = page.start("transcribe", 800, "undefined");
    done(page.client.forget()).await.unwrap();
    for stopped in [call, beginning] {
        assert_eq!(text(&done(stopped).await.unwrap_err(), "code"), "ABORTED");
    }
    settled().await;
    assert_eq!(dumped().await.as_string().unwrap(), "[]");
}
