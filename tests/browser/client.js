// A client without the package's entries: what `ThetaOne` does with the core, for tests in Rust.

import { features } from "../../pkg-template/loading/runtime.js";

export class Client {
  #runtime;
  #loaded;

  constructor(options) {
    this.#runtime = features.createRuntime(options);
    this.#loaded = { runtime: this.#runtime, elapsedMs: 0 };
    features.openStores(this.#runtime).catch(() => {});
  }

  call(method, audio, options, request) {
    return features.call(this.#loaded, method, audio, options, request ?? {});
  }

  prepare(audio, options) {
    return features.prepare(this.#runtime, audio, options);
  }

  dispose() {
    features.dispose(this.#runtime);
  }
}
