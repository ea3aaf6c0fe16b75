// Stands in for the exports of wasm-bindgen, which `cargo xtask build` writes over this file.
//
// Only the browser tests in Rust load it: their test program has the same exports.

export * from "/wasm-bindgen-test";
export { default } from "/wasm-bindgen-test";
