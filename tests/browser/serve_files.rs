//! The package's own scripts that others of them import. The browser is served
//! only what is bound.
#![allow(dead_code)]

use wasm_bindgen::prelude::*;

macro_rules! served {
    ($($path:literal)*) => {
        $(
            const _: () = {
                #[wasm_bindgen(module = $path)]
                extern "C" {
                    #[wasm_bindgen(js_name = served)]
                    fn served();
                }
            };
        )*
    };
}

served! {
    "/tests/files/strict.js"
    "/pkg-template/audio.js"
    "/pkg-template/audio/blob.js"
    "/pkg-template/audio/breath.js"
    "/pkg-template/audio/convert.js"
    "/pkg-template/audio/decode.js"
    "/pkg-template/audio/encode.js"
    "/pkg-template/audio/made.js"
    "/pkg-template/audio/mpeg.js"
    "/pkg-template/audio/work.js"
    "/pkg-template/call.js"
    "/pkg-template/call-options.js"
    "/pkg-template/check-options.js"
    "/pkg-template/described.js"
    "/pkg-template/errors.js"
    "/pkg-template/failure.js"
    "/pkg-template/lock.js"
    "/pkg-template/long.js"
    "/pkg-template/long/board.js"
    "/pkg-template/long/outcome.js"
    "/pkg-template/long/parts.js"
    "/pkg-template/long/resume.js"
    "/pkg-template/long/sending.js"
    "/pkg-template/notice.js"
    "/pkg-template/option-problem.js"
    "/pkg-template/outbox.js"
    "/pkg-template/outbox/earlier.js"
    "/pkg-template/outbox/found.js"
    "/pkg-template/outbox/keeping.js"
    "/pkg-template/outbox/lease.js"
    "/pkg-template/outbox/record.js"
    "/pkg-template/patience.js"
    "/pkg-template/pieces.js"
    "/pkg-template/prepare.js"
    "/pkg-template/recorder.js"
    "/pkg-template/recorder/capture.js"
    "/pkg-template/recorder/encoded.js"
    "/pkg-template/recorder/meter.js"
    "/pkg-template/recorder/microphone.js"
    "/pkg-template/recorder/obtained.js"
    "/pkg-template/recorder/pcm.js"
    "/pkg-template/recorder/recording.js"
    "/pkg-template/recorder/stopwatch.js"
    "/pkg-template/redact.js"
    "/pkg-template/references.js"
    "/pkg-template/references/flight.js"
    "/pkg-template/references/sha256.js"
    "/pkg-template/references/shelf.js"
    "/pkg-template/response.js"
    "/pkg-template/secrets.js"
    "/pkg-template/store.js"
    "/pkg-template/surroundings.js"
    "/pkg-template/tabs.js"
    "/pkg-template/take.js"
    "/pkg-template/unusual.js"
    "/pkg-template/watched.js"
    "/pkg-template/worklet.js"
}
