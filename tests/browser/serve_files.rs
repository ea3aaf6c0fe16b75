//! The package's scripts that other scripts of it import. The test server serves only files that
//! are bound.
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
    "/tests/support/wav.js"
    "/pkg-template/client/call-options.js"
    "/pkg-template/client/check-options.js"
    "/pkg-template/client/constants.js"
    "/pkg-template/client/describe-type.js"
    "/pkg-template/client/environment.js"
    "/pkg-template/client/timeout.js"
    "/pkg-template/loading/lazy-features.js"
    "/pkg-template/loading/runtime.js"
    "/pkg-template/prepare/blobs.js"
    "/pkg-template/prepare/constants.js"
    "/pkg-template/prepare/decode-and-convert.js"
    "/pkg-template/prepare/decode.js"
    "/pkg-template/prepare/encode-mp3.js"
    "/pkg-template/prepare/mp3-file.js"
    "/pkg-template/prepare/pcm-pipeline.js"
    "/pkg-template/prepare/prepare-audio.js"
    "/pkg-template/prepare/prepare.js"
    "/pkg-template/prepare/prepared-audio.js"
    "/pkg-template/prepare/take.js"
    "/pkg-template/prepare/wav-file.js"
    "/pkg-template/prepare/yield-to-main.js"
    "/pkg-template/result/constants.js"
    "/pkg-template/result/errors.js"
    "/pkg-template/result/find-keys.js"
    "/pkg-template/upload/call.js"
    "/pkg-template/upload/constants.js"
    "/pkg-template/upload/cross-tab-limiter.js"
    "/pkg-template/upload/fetch-fallbacks.js"
    "/pkg-template/upload/xhr-upload.js"
    "/pkg-template/wasm/core.js"
}
