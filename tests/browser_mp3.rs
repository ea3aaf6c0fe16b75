//! MP3 files in the browser layer: walked through, and sent as they are.
#![cfg(target_arch = "wasm32")]

#[path = "browser/client.rs"]
mod client;
#[path = "browser/scripted.rs"]
mod scripted;
#[path = "browser/served.rs"]
mod served;
mod specimens;

use js_sys::{Array, Function, Promise, Uint8Array};
use scripted::{Scripted, get, js, number, spoken, text};
use specimens::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen(module = "/tests/browser/fixtures.js")]
extern "C" {
    #[wasm_bindgen(js_name = silentMp3)]
    fn silent_mp3(frames: u32) -> JsValue;
    #[wasm_bindgen(js_name = rememberTracks)]
    fn remember_tracks() -> Array;
    #[wasm_bindgen(js_name = watchDecoding)]
    fn watch_decoding(bytes: u32, how: &str) -> JsValue;
    fn hurried() -> Function;
    fn repeated(bytes: &[u8], count: u32) -> JsValue;
    #[wasm_bindgen(js_name = turnsDuring)]
    async fn turns_during(promise: &Promise) -> JsValue;
}

const TONE: &[u8] = include_bytes!("../crates/emulator/tests/tone.mp3");

fn prepare(audio: JsValue) -> Promise {
    let client = Scripted::new(&[], "{}").client;
    client.prepare(audio, JsValue::UNDEFINED)
}

async fn take_of(file: &[u8]) -> Result<JsValue, JsValue> {
    JsFuture::from(prepare(Uint8Array::from(file).into())).await
}

async fn transcribe(server: &Scripted, audio: JsValue) -> Result<JsValue, JsValue> {
    server
        .call("transcribe", audio, "undefined", "undefined")
        .await
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
async fn what_neither_the_api_takes_nor_the_browser_decodes_is_refused() {
    for file in [LAYER_ONE.frames(6), LAYER_TWO.frames(6), FREE.frames(6)] {
        let error = take_of(&file).await.unwrap_err();
        assert_eq!(text(&error, "name"), "InvalidAudioError");
        assert_eq!(text(&error, "reason"), "unsupported_codec");
    }
}

#[wasm_bindgen_test]
async fn what_the_api_does_not_take_is_refused() {
    for (file, reason) in [
        (info_frame(b"Info", 0, 576, 0), "empty"),
        (info_frame(b"Info", 9, 576, 0), "truncated"),
        (id3v2(300, false), "truncated"),
        (MPEG2_64.frames(3), "silent"),
        (b"no audio, whatever its name says".to_vec(), "undecodable"),
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
    let turns = turns_during(&work).await.as_f64().unwrap();
    let take = JsFuture::from(work).await.unwrap();
    assert_eq!(number(&take, "durationSeconds"), 125.0 * 24.0);
    // Decoded, it would be a gigabyte.
    assert!(get(&take, "peakDbfs").is_undefined());
    assert!(turns >= 10.0, "{turns} turns");
}

#[wasm_bindgen_test]
async fn it_goes_up_as_it_is() {
    let server = Scripted::new(&[scripted::ok()], "{}");
    let file: JsValue = Uint8Array::from(TONE).into();
    transcribe(&server, file).await.unwrap();
    let form = scripted::form_of(&server.calls().get(0)).await;
    let expected = format!("file: audio.mp3 audio/mpeg {}", TONE.len());
    assert_eq!(form.as_string().unwrap(), expected);
}

#[wasm_bindgen_test]
async fn only_its_frames_go_up() {
    for (before, behind) in [
        (id3v2(500, false), id3v1()),
        (vec![0; 70_000], b"junk".to_vec()),
        (vec![], ape(300, true)),
    ] {
        let server = Scripted::new(&[scripted::ok()], "{}");
        let file = [&before[..], TONE, &behind].concat();
        transcribe(&server, Uint8Array::from(&file[..]).into())
            .await
            .unwrap();
        let form = scripted::form_of(&server.calls().get(0)).await;
        let expected = format!("file: audio.mp3 audio/mpeg {}", TONE.len());
        assert_eq!(form.as_string().unwrap(), expected);
    }
}

#[wasm_bindgen_test]
async fn it_is_listened_to() {
    let take = take_of(TONE).await.unwrap();
    let seconds = number(&take, "durationSeconds");
    assert!(number(&take, "speechSeconds") > 0.5 * seconds);
    let (peak, rms) = (number(&take, "peakDbfs"), number(&take, "rmsDbfs"));
    assert!(
        rms < peak - 2.5 && peak < 0.0 && rms > -40.0,
        "{peak} {rms}"
    );
    let silence = JsFuture::from(prepare(silent_mp3(100))).await.unwrap();
    assert_eq!(number(&silence, "speechSeconds"), 0.0);
    assert_eq!(warnings(&silence), ["mostly_silence", "very_short"]);
}

#[wasm_bindgen_test]
async fn silence_is_refused_before_it_is_sent() {
    let server = Scripted::new(&[scripted::ok()], "{}");
    let take = JsFuture::from(prepare(silent_mp3(90))).await.unwrap();
    for audio in [silent_mp3(90), take] {
        let error = transcribe(&server, audio).await.unwrap_err();
        assert_eq!(text(&error, "name"), "InvalidAudioError");
        assert_eq!(text(&error, "reason"), "silent");
        assert_eq!(text(&error, "origin"), "client");
    }
    assert_eq!(server.calls().length(), 0);
}

#[wasm_bindgen_test]
async fn what_the_browser_cannot_decode_is_sent_unheard() {
    watch_decoding(417 * 80, "fail");
    let server = Scripted::new(&[scripted::ok()], "{}");
    transcribe(&server, silent_mp3(80)).await.unwrap();
    let take = JsFuture::from(prepare(silent_mp3(80))).await.unwrap();
    assert_eq!(number(&take, "durationSeconds"), 80.0 * 1152.0 / 44_100.0);
    assert!(get(&take, "rmsDbfs").is_undefined() && get(&take, "warnings").is_undefined());
    transcribe(&server, take).await.unwrap();
    assert_eq!(server.calls().length(), 2);
}

#[wasm_bindgen_test]
async fn a_decoder_that_hangs_does_not_keep_it() {
    watch_decoding(417 * 70, "hang");
    let calm = hurried();
    let take = JsFuture::from(prepare(silent_mp3(70))).await.unwrap();
    calm.call0(&JsValue::NULL).unwrap();
    assert!(get(&take, "rmsDbfs").is_undefined());
}

#[wasm_bindgen_test]
async fn a_take_is_decoded_once() {
    let file = [TONE, &MPEG2_64.frame()].concat();
    let watch = watch_decoding(file.len() as u32, "");
    let server = Scripted::new(&[scripted::ok()], "{}");
    let take = take_of(&file).await.unwrap();
    transcribe(&server, take.clone()).await.unwrap();
    transcribe(&server, take).await.unwrap();
    assert_eq!(number(&watch, "count"), 1.0);
    assert_eq!(server.calls().length(), 2);
}

// The encoder itself is tested end to end: it is not served here.
#[wasm_bindgen_test]
async fn without_the_encoder_nothing_is_recorded() {
    let tracks = remember_tracks();
    let client = Scripted::new(&[], "{}").client;
    let options = || js("({ format: 'mp3', bitrateKbps: 32 })");
    for work in [
        client.prepare(spoken(0.1, 0.5, 0.1), options()),
        client.record(options()),
    ] {
        let error = JsFuture::from(work).await.unwrap_err();
        assert_eq!(text(&error, "name"), "WasmLoadError");
        assert!(text(&error, "message").contains("mp3.js"));
        assert!(get(&error, "cause").is_object());
    }
    assert_eq!(tracks.length(), 0);
}
