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
    "/pkg-template/audio/blob.js"
    "/pkg-template/audio/breath.js"
    "/pkg-template/audio/convert.js"
    "/pkg-template/audio/decode.js"
    "/pkg-template/audio/encode.js"
    "/pkg-template/audio/made.js"
    "/pkg-template/audio/mpeg.js"
    "/pkg-template/audio/work.js"
    "/pkg-template/long.js"
    "/pkg-template/long/board.js"
    "/pkg-template/long/outcome.js"
    "/pkg-template/long/parts.js"
    "/pkg-template/long/resume.js"
    "/pkg-template/long/sending.js"
    "/pkg-template/patience.js"
    "/pkg-template/tabs.js"
    "/pkg-template/take.js"
    "/pkg-template/worklet.js"
}
