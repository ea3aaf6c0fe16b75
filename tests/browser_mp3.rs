//! MP3 files in the browser layer: walked through, and sent as they are.
#![cfg(target_arch = "wasm32")]

#[path = "browser/scripted.rs"]
mod scripted;
mod specimens;

use js_sys::{Array, Promise, Uint8Array};
use scripted::{Scripted, get, number, text};
use specimens::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    fn repeated(bytes: &[u8], count: u32) -> JsValue;
    #[wasm_bindgen(js_name = heldUp)]
    async fn held_up(promise: &Promise) -> JsValue;
}

const TONE: &[u8] = include_bytes!("../emulator/tests/tone.mp3");

fn prepare(audio: JsValue) -> Promise {
    let client = Scripted::new(&[], "{}").client;
    client.prepare(audio, JsValue::UNDEFINED)
}

async fn take_of(file: &[u8]) -> Result<JsValue, JsValue> {
    JsFuture::from(prepare(Uint8Array::from(file).into())).await
}

fn warnings(take: &JsValue) -> Vec<String> {
    let warnings = Array::from(&get(take, "warnings"));
    warnings.iter().filter_map(|one| one.as_string()).collect()
}

#[wasm_bindgen_test]
async fn how_long_it_is_is_counted_in_frames() {
    // At the bit rate of its first frame it would be twice as long.
    let vbr = [MONO_64.frames(40), MONO_128.frames(40)].concat();
    let take = take_of(&[id3v2(400_000, false), vbr].concat())
        .await
        .unwrap();
    assert_eq!(number(&take, "durationSeconds"), 80.0 * 1152.0 / 44_100.0);
    assert_eq!(number(&take, "sampleRate"), 44_100.0);
    assert_eq!(text(&get(&take, "blob"), "type"), "audio/mpeg");
}

#[wasm_bindgen_test]
async fn what_is_wrong_with_it_is_said() {
    let whole = MPEG2_64.frames(50);
    let cut = take_of(&whole[..whole.len() - 100]).await.unwrap();
    assert!(warnings(&cut).contains(&"truncated".to_owned()));
    let split = [&whole[..], &[7; 99], &whole].concat();
    let warned = warnings(&take_of(&split).await.unwrap());
    assert!(warned.contains(&"junk".to_owned()), "{warned:?}");
}

#[wasm_bindgen_test]
async fn what_the_api_does_not_take_is_refused() {
    for (file, reason) in [
        (LAYER_ONE.frames(6), "unsupported_codec"),
        (LAYER_TWO.frames(6), "unsupported_codec"),
        (FREE.frames(6), "unsupported_codec"),
        (info_frame(b"Info", 0, 576, 0), "empty"),
        (id3v2(300, false), "undecodable"),
    ] {
        let error = take_of(&file).await.unwrap_err();
        assert_eq!(text(&error, "name"), "InvalidAudioError");
        assert_eq!(text(&error, "reason"), reason);
    }
}

#[wasm_bindgen_test]
async fn a_long_file_does_not_hold_the_page_up() {
    // 50 minutes.
    let work = prepare(repeated(&STEREO_48_320.frames(1_000), 125));
    let most_ms = held_up(&work).await.as_f64().unwrap();
    let take = JsFuture::from(work).await.unwrap();
    assert_eq!(number(&take, "durationSeconds"), 125.0 * 24.0);
    assert!(get(&take, "peakDbfs").is_undefined());
    // The machine has other work, too.
    assert!(most_ms < 150.0, "{most_ms} ms");
}

#[wasm_bindgen_test]
async fn it_goes_up_as_it_is() {
    let server = Scripted::new(&[scripted::ok()], "{}");
    let file: JsValue = Uint8Array::from(TONE).into();
    server
        .call("transcribe", file, "undefined", "undefined")
        .await
        .unwrap();
    let form = scripted::form_of(&server.calls().get(0)).await;
    let expected = format!("file: audio.mp3 audio/mpeg {}", TONE.len());
    assert_eq!(form.as_string().unwrap(), expected);
}
