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
    "/pkg-template/prepare/prepare-audio.js"
    "/pkg-template/prepare/blobs.js"
    "/pkg-template/prepare/yield-to-main.js"
    "/pkg-template/prepare/decode-and-convert.js"
    "/pkg-template/prepare/decode.js"
    "/pkg-template/prepare/encode-mp3.js"
    "/pkg-template/prepare/prepared-audio.js"
    "/pkg-template/prepare/mp3-file.js"
    "/pkg-template/prepare/pcm-pipeline.js"
    "/pkg-template/upload/call.js"
    "/pkg-template/client/call-options.js"
    "/pkg-template/client/check-options.js"
    "/pkg-template/client/describe-type.js"
    "/pkg-template/result/errors.js"
    "/pkg-template/result/failure.js"
    "/pkg-template/storage/web-locks.js"
    "/pkg-template/transcribe-long/index.js"
    "/pkg-template/transcribe-long/progress.js"
    "/pkg-template/transcribe-long/result.js"
    "/pkg-template/transcribe-long/split.js"
    "/pkg-template/transcribe-long/resume.js"
    "/pkg-template/transcribe-long/upload-parts.js"
    "/pkg-template/storage/storage-events.js"
    "/pkg-template/client/option-problem.js"
    "/pkg-template/outbox/index.js"
    "/pkg-template/outbox/dedupe.js"
    "/pkg-template/outbox/entry.js"
    "/pkg-template/outbox/lease.js"
    "/pkg-template/outbox/record.js"
    "/pkg-template/client/timeout.js"
    "/pkg-template/loading/lazy-features.js"
    "/pkg-template/client/constants.js"
    "/pkg-template/outbox/constants.js"
    "/pkg-template/prepare/constants.js"
    "/pkg-template/references/constants.js"
    "/pkg-template/result/constants.js"
    "/pkg-template/upload/constants.js"
    "/pkg-template/loading/runtime.js"
    "/pkg-template/wasm/core.js"
    "/pkg-template/prepare/prepare.js"
    "/pkg-template/record/start-recording.js"
    "/pkg-template/record/capture.js"
    "/pkg-template/record/media-recorder-capture.js"
    "/pkg-template/record/level-meter.js"
    "/pkg-template/record/microphone.js"
    "/pkg-template/record/acquire.js"
    "/pkg-template/record/worklet-capture.js"
    "/pkg-template/record/recording.js"
    "/pkg-template/record/stopwatch.js"
    "/pkg-template/result/redact.js"
    "/pkg-template/references/index.js"
    "/pkg-template/references/shared-request.js"
    "/pkg-template/references/sha256.js"
    "/pkg-template/references/reference-store.js"
    "/pkg-template/upload/response.js"
    "/pkg-template/result/find-keys.js"
    "/pkg-template/storage/indexed-db.js"
    "/pkg-template/client/environment.js"
    "/pkg-template/upload/cross-tab-limiter.js"
    "/pkg-template/prepare/take.js"
    "/pkg-template/upload/fetch-fallbacks.js"
    "/pkg-template/upload/xhr-upload.js"
    "/pkg-template/record/capture-worklet.js"
}
