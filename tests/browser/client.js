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

  record(options) {
    return features.record(this.#runtime, options);
  }

  dispose() {
    features.dispose(this.#runtime);
  }

  outboxList() {
    return features.useOutbox(this.#loaded, (outbox) => outbox.list(this.#runtime));
  }

  outboxGet(id) {
    return features.useOutbox(this.#loaded, (outbox) => outbox.get(this.#runtime, id));
  }

  outboxResume(id, request) {
    const own = request ?? {};
    return features.useOutbox(
      this.#loaded,
      (outbox, runtime, elapsedMs) => outbox.resume(runtime, id, own, elapsedMs),
      own,
    );
  }

  outboxDiscard(id) {
    return features.useOutbox(this.#loaded, (outbox) => outbox.discard(this.#runtime, id));
  }

  outboxClear() {
    return features.useOutbox(this.#loaded, (outbox) => outbox.clear());
  }

  referencesGet(audio, options, request) {
    const own = request ?? {};
    return features.useReferences(
      this.#loaded,
      (references, runtime, elapsedMs) => references.get(runtime, audio, options, own, elapsedMs),
      own,
    );
  }

  referencesHas(audio, options) {
    return features.useReferences(this.#loaded, (references) =>
      references.has(this.#runtime, audio, options),
    );
  }

  referencesDelete(audio, options) {
    return features.useReferences(this.#loaded, (references) =>
      references.remove(this.#runtime, audio, options),
    );
  }

  referencesClear() {
    return features.useReferences(this.#loaded, (references) => references.clear(this.#runtime));
  }

  forget() {
    this.dispose();
    return features.clearStorage(this.#runtime);
  }
}
