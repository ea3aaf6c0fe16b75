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
    "/pkg-template/described.js"
    "/pkg-template/tabs.js"
    "/pkg-template/worklet.js"
}
