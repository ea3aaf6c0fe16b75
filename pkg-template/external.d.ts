// thetaone-web/external: the same SDK, with a wasm file that you serve or compile yourself.

export * from "./index.js";

/**
 * The package's file `thetaone-web/core_bg.wasm`: its URL, a response that contains it, its bytes,
 * or the compiled module.
 */
export type WasmSource =
  | string
  | URL
  | Response
  | ArrayBuffer
  | ArrayBufferView
  | WebAssembly.Module;

/**
 * Starts the SDK with this wasm. Call it once, before the first call or `ready()`. Calls that are
 * made meanwhile wait for it. After an error, it may be called again; after a success, it has no
 * effect.
 *
 * A served file is compiled during the download if its type is `application/wasm`, and after the
 * download otherwise. In Node, a `file:` URL is read from disk.
 *
 * @throws {WasmLoadError} if the file is wrong or missing, or the Content-Security-Policy forbids
 * WebAssembly. `message` names the cause.
 */
export function init(source: WasmSource | PromiseLike<WasmSource>): Promise<void>;
