// What a client works with once it is loaded: the core, and the scripts that do what waits for the browser.

export { call } from "./call.js";
export { cancelRecording, kept, openKept, readyToRecord, record } from "./platform.js";
export { prepare } from "./prepare.js";
export * from "./wasm/core.js";
export { default } from "./wasm/core.js";
