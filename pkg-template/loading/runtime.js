// What a client works with once it is loaded: the core, and the scripts that do what waits for the browser.

export { call } from "../upload/call.js";
export { cancelRecording, equipped, forget, kept, openKept, record } from "./lazy-features.js";
export { prepare } from "../prepare/prepare.js";
export { Core, default } from "../wasm/core.js";
