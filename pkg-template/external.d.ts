// thetaone-web/external: the same SDK, with a wasm that you serve or compile yourself.

export * from "./index.js";

/** The package's file `thetaone-web/core_bg.wasm`: where it is served, an answer with it, its bytes, or compiled. */
export type WasmSource =
  | string
  | URL
  | Response
  | ArrayBuffer
  | ArrayBufferView
  | WebAssembly.Module;

/**
 * Starts the SDK with this wasm; to be called once, before the first call or `ready()`. Calls that are made meanwhile wait.
 * After it has failed, it may be called again; after it has succeeded, that changes nothing.
 *
 * A served file is compiled while it arrives if its type is `application/wasm`, and afterwards if it is another. In Node, a
 * `file:` URL is read from disk.
 *
 * @throws {WasmLoadError} says what is wrong with the file, or that the Content-Security-Policy forbids WebAssembly
 */
export function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void>;
