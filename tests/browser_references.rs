//! References in a real browser: one call for one sentence, and the result as
//! it came.
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/serve_files.rs"]
mod serve_files;

use client::Client;
use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/kept.js")]
extern "C" {
    fn wav(samples: u32) -> JsValue;
    #[wasm_bindgen(js_name = floatWav)]
    fn float_wav(seconds: f64) -> JsValue;
    fn js(text: &str) -> JsValue;
    fn manual() -> JsValue;
    async fn until(subject: &JsValue, condition: &str);
    async fn settled();
    fn js1(text: &str, value: &JsValue) -> JsValue;
    fn broken(how: &str) -> Function;
    fn same(a: &JsValue, b: &JsValue) -> bool;
}

/// Key order, unknown fields, and numbers that a careless copy would change.
const ANALYSIS: &str = r#"{"zeta":1,"speech_components":[
    {"word":"Wow","type":"word","start":0.32,"end":0.82,"score":95.0,"later":{"b":[],"a":null},
     "numbers":[1e-7,0.1,95.0,-0,9007199254740991,-9007199254740991,1e308,5e-324,0.30000000000000004],
     "feedback":"와 \u0000 \ud800 \"x\"","syllables":[{"phonemes":[{"is_stressed":false}]}]},
    {"type":"pause","is_long":true,"__proto__":{"own":true},"":0}],
    "alpha":true}"#;
const GOLD: &str = "{ gold_text: 'Wow' }";

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    get(object, name).as_string().unwrap_or_default()
}

async fn done(promise: Promise) -> Result<JsValue, JsValue> {
    JsFuture::from(promise).await
}

struct Page {
    client: Client,
    server: JsValue,
    events: Array,
    _log: Closure<dyn FnMut(JsValue)>,
}

impl Page {
    fn opened(more: &str) -> Self {
        let server = manual();
        let events = Array::new();
        let log = Closure::<dyn FnMut(JsValue)>::new({
            let events = events.clone();
            move |event: JsValue| {
                if text(&event, "type") == "references" {
                    events.push(&event);
                }
            }
        });
        let options = js(&format!(
            "Object.assign({{ baseUrl: '/api', retry: {{ maxAttempts: 1 }} }}, {more})"
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

    /// With nothing remembered from before.
    async fn lasting() -> Self {
        let page = Page::opened("{ references: { persist: true } }");
        done(page.client.references_clear()).await.unwrap();
        page
    }

    fn calls(&self) -> Array {
        get(&self.server, "calls").unchecked_into()
    }

    fn ask(&self, samples: u32, options: &str) -> Promise {
        self.ask_with(wav(samples), options, &JsValue::UNDEFINED)
    }

    fn ask_with(&self, audio: JsValue, options: &str, request: &JsValue) -> Promise {
        self.client
            .references_get(audio, js(options), request.clone())
    }

    async fn sent(&self, count: u32) -> JsValue {
        until(&self.calls(), &format!("subject.length >= {count}")).await;
        self.calls().get(count - 1)
    }

    async fn answer(&self, count: u32, status: u16, body: &str) {
        let call = self.sent(count).await;
        let answer: Function = get(&call, "answer").unchecked_into();
        answer.call2(&call, &status.into(), &body.into()).unwrap();
    }

    /// Asks for what is unknown and answers it.
    async fn learn(&self, samples: u32, options: &str) -> JsValue {
        let asked = self.ask(samples, options);
        self.answer(self.calls().length() + 1, 200, ANALYSIS).await;
        done(asked).await.unwrap()
    }

    async fn knows(&self, samples: u32, options: &str) -> bool {
        let asked = self.client.references_has(wav(samples), js(options));
        done(asked).await.unwrap().is_truthy()
    }
}

fn analysis() -> JsValue {
    JSON::parse(ANALYSIS).unwrap()
}

/// A request with a signal, the phases that it is told, and what aborts it.
fn abortable() -> (JsValue, JsValue, impl Fn()) {
    let controller = js("new AbortController()");
    let (request, phases) = listening("{}");
    Reflect::set(&request, &"signal".into(), &get(&controller, "signal")).unwrap();
    (request, phases, move || {
        drop(js1("value.abort()", &controller))
    })
}

/// Options of a call that note what it is told of its progress, and these too.
fn listening(more: &str) -> (JsValue, JsValue) {
    let phases = js("[]");
    let request = js1(
        &format!("({{ onProgress: ({{ phase }}) => value.push(phase), ...{more} }})"),
        &phases,
    );
    (request, phases)
}

/// Waits until the caller who is told these phases has joined a call.
async fn until_joined(phases: &JsValue) {
    until(phases, "subject.includes('uploading')").await;
}

#[wasm_bindgen_test]
async fn who_asks_for_the_same_at_the_same_time_shares_one_call() {
    let page = Page::opened("{}");
    let asked: Vec<_> = (0..5).map(|_| page.ask(800, GOLD)).collect();
    let other = page.ask(800, "{ gold_text: 'Wow.' }");
    page.sent(2).await;
    settled().await;
    assert_eq!(page.calls().length(), 2);
    page.answer(1, 200, ANALYSIS).await;
    page.answer(2, 200, ANALYSIS).await;
    for promise in asked.into_iter().chain([other]) {
        assert!(same(&done(promise).await.unwrap(), &analysis()));
    }
    // And whoever asks later, with a copy of the bytes.
    assert!(same(&done(page.ask(800, GOLD)).await.unwrap(), &analysis()));
    assert_eq!(page.calls().length(), 2);
}

#[wasm_bindgen_test]
async fn what_one_caller_changes_the_next_does_not_see() {
    let page = Page::lasting().await;
    let asked = [page.ask(800, GOLD), page.ask(800, GOLD)];
    page.answer(1, 200, ANALYSIS).await;
    for promise in asked {
        let result = done(promise).await.unwrap();
        assert!(same(&result, &analysis()));
        js1("value.speech_components.length = value.zeta = 0", &result);
    }
    let again = done(page.ask(800, GOLD)).await.unwrap();
    assert!(same(&again, &analysis()));
    js1("delete value.speech_components", &again);
    let later = Page::opened("{ references: { persist: true } }");
    assert!(same(
        &done(later.ask(800, GOLD)).await.unwrap(),
        &analysis()
    ));
}

#[wasm_bindgen_test]
async fn a_reload_costs_nothing_and_changes_nothing() {
    let page = Page::lasting().await;
    page.learn(800, GOLD).await;
    let later = Page::opened("{ references: { persist: true } }");
    assert!(later.knows(800, GOLD).await);
    let result = done(later.ask(800, GOLD)).await.unwrap();
    assert!(same(&result, &analysis()));
    assert_eq!(
        JSON::stringify(&result).unwrap(),
        JSON::stringify(&analysis()).unwrap()
    );
    assert_eq!(later.calls().length(), 0);
    // It was not asked to last, so it does not look.
    assert!(!Page::opened("{}").knows(800, GOLD).await);
}

#[wasm_bindgen_test]
async fn two_tabs_share_one_call() {
    let page = Page::lasting().await;
    let other = Page::opened("{ references: { persist: true } }");
    let asked = page.ask(800, GOLD);
    page.sent(1).await;
    let waiting = other.ask(800, GOLD);
    settled().await;
    assert_eq!(other.calls().length(), 0);
    page.answer(1, 200, ANALYSIS).await;
    for promise in [asked, waiting] {
        assert!(same(&done(promise).await.unwrap(), &analysis()));
    }
    assert_eq!(other.calls().length(), 0);

    // The other tab fails: it is this one's turn.
    let (asked, waiting) = (page.ask(900, GOLD), other.ask(900, GOLD));
    until(
        &Array::of2(&page.calls(), &other.calls()),
        "subject[0].length + subject[1].length === 2",
    )
    .await;
    let (first, second) = if other.calls().length() == 1 {
        (&other, &page)
    } else {
        (&page, &other)
    };
    first.answer(first.calls().length(), 500, "").await;
    second
        .answer(second.calls().length() + 1, 200, ANALYSIS)
        .await;
    let outcomes = [done(asked).await, done(waiting).await];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
}

#[wasm_bindgen_test]
async fn one_may_leave_and_the_last_to_leave_ends_the_call() {
    let page = Page::opened("{}");
    let (request, phases, abort) = abortable();
    let (to_stay, staying_phases) = listening("{}");
    let staying = page.ask_with(wav(800), GOLD, &to_stay);
    let leaving = page.ask_with(wav(800), GOLD, &request);
    until_joined(&phases).await;
    until_joined(&staying_phases).await;
    abort();
    let error = done(leaving).await.unwrap_err();
    assert_eq!(
        (text(&error, "name"), text(&error, "endpoint")),
        ("AbortError".into(), "/analyze-native".into())
    );
    assert!(get(&page.sent(1).await, "aborted").is_falsy());
    page.answer(1, 200, ANALYSIS).await;
    done(staying).await.unwrap();

    // The first to ask leaves; the second has the call.
    let (request, _, abort) = abortable();
    let leaving = page.ask_with(wav(900), GOLD, &request);
    page.sent(2).await;
    let (to_stay, phases) = listening("{ deadlineMs: 60000 }");
    let staying = page.ask_with(wav(900), GOLD, &to_stay);
    until_joined(&phases).await;
    abort();
    done(leaving).await.unwrap_err();
    page.answer(2, 200, ANALYSIS).await;
    done(staying).await.unwrap();

    let (request, first, abort) = abortable();
    let (hurried, second) = listening("{ deadlineMs: 2000 }");
    let both = [
        page.ask_with(wav(1000), GOLD, &request),
        page.ask_with(wav(1000), GOLD, &hurried),
    ];
    let call = page.sent(3).await;
    until_joined(&first).await;
    until_joined(&second).await;
    abort();
    for promise in both {
        done(promise).await.unwrap_err();
    }
    until(&call, "subject.aborted").await;
    // Nobody is left on it; the next to ask starts anew.
    page.learn(1000, GOLD).await;
    assert_eq!(page.calls().length(), 4);
}

#[wasm_bindgen_test]
async fn failures_are_told_to_all_and_not_kept() {
    let page = Page::lasting().await;
    let asked = [page.ask(800, GOLD), page.ask(800, GOLD)];
    page.answer(1, 400, r#"{"detail":"Not all words are spoken."}"#)
        .await;
    for promise in asked {
        let error = done(promise).await.unwrap_err();
        assert_eq!(text(&error, "code"), "NOT_ALL_WORDS_SPOKEN");
    }
    assert!(!page.knows(800, GOLD).await);
    page.learn(800, GOLD).await;
    assert_eq!(page.calls().length(), 2);
}

#[wasm_bindgen_test]
async fn a_converted_recording_is_known_again() {
    let page = Page::opened("{}");
    for _ in 0..2 {
        let asked = page.ask_with(float_wav(0.5), GOLD, &JsValue::UNDEFINED);
        if page.calls().length() == 0 {
            page.answer(1, 200, ANALYSIS).await;
        }
        done(asked).await.unwrap();
    }
    assert_eq!(page.calls().length(), 1);
}

#[wasm_bindgen_test]
async fn without_web_crypto_it_is_known_by_the_same_key() {
    let page = Page::lasting().await;
    page.learn(800, GOLD).await;
    let mend = broken("no digest");
    let later = Page::opened("{ references: { persist: true } }");
    assert!(later.knows(800, GOLD).await);
    assert!(!later.knows(801, GOLD).await);
    mend.call0(&JsValue::NULL).unwrap();
}

#[wasm_bindgen_test]
async fn the_least_recently_used_are_forgotten() {
    done(Page::lasting().await.client.references_clear())
        .await
        .unwrap();
    let page = Page::opened("{ references: { persist: true, maxEntries: 2 } }");
    // When each was used is told apart by milliseconds.
    let next_millisecond = || async {
        until(&js("{ start: Date.now() }"), "Date.now() > subject.start").await;
    };
    for samples in [800, 900] {
        page.learn(samples, GOLD).await;
        next_millisecond().await;
    }
    let later = Page::opened("{ references: { persist: true, maxEntries: 2 } }");
    done(later.ask(800, GOLD)).await.unwrap();
    next_millisecond().await;
    later.learn(1000, GOLD).await;
    let fresh = Page::opened("{ references: { persist: true } }");
    for (samples, is_known) in [(800, true), (900, false), (1000, true)] {
        assert_eq!(fresh.knows(samples, GOLD).await, is_known, "{samples}");
    }
}

#[wasm_bindgen_test]
async fn one_or_all_can_be_forgotten() {
    for more in ["{}", "{ references: { persist: true } }"] {
        let page = Page::opened(more);
        done(page.client.references_clear()).await.unwrap();
        for samples in [800, 900] {
            page.learn(samples, GOLD).await;
        }
        let delete = || done(page.client.references_delete(wav(800), js(GOLD)));
        assert!(delete().await.unwrap().is_truthy());
        assert!(delete().await.unwrap().is_falsy());
        assert!(!page.knows(800, GOLD).await && page.knows(900, GOLD).await);
        done(page.client.references_clear()).await.unwrap();
        assert!(!page.knows(900, GOLD).await);
    }
}

#[wasm_bindgen_test]
async fn storage_that_fails_costs_a_call_and_no_more() {
    for (how, reason) in [
        ("missing", "unavailable"),
        ("refused", "unavailable"),
        ("full", "quota"),
    ] {
        let page = Page::lasting().await;
        let mend = broken(how);
        assert!(same(&page.learn(800, GOLD).await, &analysis()), "{how}");
        done(page.ask(800, GOLD)).await.unwrap();
        assert_eq!(page.calls().length(), 1, "{how}: memory is enough");
        assert!(page.events.length() >= 1);
        assert_eq!(text(&page.events.get(0), "reason"), reason);
        if reason == "unavailable" {
            let error = done(page.client.references_clear()).await.unwrap_err();
            assert_eq!(text(&error, "name"), "StorageError");
        }
        mend.call0(&JsValue::NULL).unwrap();
    }
}

#[wasm_bindgen_test]
async fn all_who_wait_hear_of_progress_and_a_throwing_listener_stops_nobody() {
    let page = Page::opened("{}");
    let heard = js("{ first: [], second: [], reported: 0 }");
    js1(
        "(globalThis.reportError = () => value.reported++, 0)",
        &heard,
    );
    let first = js1(
        "({ onProgress: ({ phase }) => { value.first.push(phase); throw 1; } })",
        &heard,
    );
    let second = js1(
        "({ onProgress: ({ phase }) => value.second.push(phase) })",
        &heard,
    );
    let asked = [
        page.ask_with(wav(800), GOLD, &first),
        page.ask_with(wav(800), GOLD, &second),
    ];
    // Both must be waiting first: a caller that asks when the answer is there gets no progress of the call.
    until(
        &heard,
        "subject.first.includes('uploading') && subject.second.includes('uploading')",
    )
    .await;
    page.answer(1, 200, ANALYSIS).await;
    for promise in asked {
        done(promise).await.unwrap();
    }
    for who in ["first", "second"] {
        assert!(js1(&format!("value.{who}.includes('uploading')"), &heard).is_truthy());
    }
    assert!(get(&heard, "reported").as_f64().unwrap() >= 1.0);
}

#[wasm_bindgen_test]
async fn mistakes_are_refused_before_anything_is_sent() {
    let page = Page::opened("{}");
    for (audio, options, request, code) in [
        (wav(800), "{}", "{}", "MISSING_GOLD_TEXT"),
        (
            wav(800),
            "{ gold_text: 'x', language: 'en' }",
            "{}",
            "INVALID_OPTIONS",
        ),
        (JsValue::NULL, GOLD, "{}", "CONFIGURATION"),
        (wav(0), GOLD, "{}", "INVALID_AUDIO"),
        (wav(800), GOLD, "{ retry: 3 }", "CONFIGURATION"),
        (wav(800), GOLD, "{ onProgress: 3 }", "CONFIGURATION"),
    ] {
        let error = done(page.ask_with(audio, options, &js(request)))
            .await
            .unwrap_err();
        assert_eq!(text(&error, "code"), code);
    }
    assert_eq!(page.calls().length(), 0);
}

#[wasm_bindgen_test]
async fn a_disposed_client_ends_the_wait_even_for_a_lock() {
    let page = Page::lasting().await;
    let asked = page.ask(800, GOLD);
    page.sent(1).await;
    let other = Page::opened("{ references: { persist: true } }");
    let waiting = other.ask(800, GOLD);
    settled().await;
    other.client.dispose();
    assert_eq!(text(&done(waiting).await.unwrap_err(), "code"), "ABORTED");
    page.client.dispose();
    assert_eq!(text(&done(asked).await.unwrap_err(), "code"), "ABORTED");
    // Whoever gave up waiting does not hold the lock.
    let third = Page::opened("{ references: { persist: true } }");
    third.learn(800, GOLD).await;
}
