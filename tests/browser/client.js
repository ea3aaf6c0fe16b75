// A client without the package's entries: what `ThetaOne` does with the core, for tests in Rust.

import { features } from "../../pkg-template/loading/runtime.js";

export class Client {
  #runtime;

  constructor(options) {
    this.#runtime = features.createRuntime(options);
    features.openStores(this.#runtime).catch(() => {});
  }

  call(method, audio, options, request) {
    return method === "transcribeLong"
      ? features.callTranscribeLong(this.#runtime, audio, options, request ?? {}, 0)
      : features.call(this.#runtime, method, audio, options, request, 0);
  }

  prepare(audio, options) {
    return features.prepare(this.#runtime, audio, options);
  }

  record(options) {
    return features.record(this.#runtime, options);
  }

  dispose() {
    this.#runtime.handle.dispose();
    features.cancelRecording(this.#runtime);
  }

  outboxList() {
    return features.useOutbox(this.#runtime, (outbox) => outbox.list(this.#runtime));
  }

  outboxGet(id) {
    return features.useOutbox(this.#runtime, (outbox) => outbox.get(this.#runtime, id));
  }

  outboxResume(id, request) {
    return features.callWithOutbox(this.#runtime, request, 0, (outbox, elapsedMs) =>
      outbox.resume(this.#runtime, id, request, elapsedMs),
    );
  }

  outboxDiscard(id) {
    return features.useOutbox(this.#runtime, (outbox) => outbox.discard(this.#runtime, id));
  }

  outboxClear() {
    return features.useOutbox(this.#runtime, (outbox) => outbox.clear());
  }

  referencesGet(audio, options, request) {
    return features.callWithReferences(this.#runtime, request, 0, (references, elapsedMs) =>
      references.get(this.#runtime, audio, options, request, elapsedMs),
    );
  }

  referencesHas(audio, options) {
    return features.useReferences(this.#runtime, (references) =>
      references.has(this.#runtime, audio, options),
    );
  }

  referencesDelete(audio, options) {
    return features.useReferences(this.#runtime, (references) =>
      references.remove(this.#runtime, audio, options),
    );
  }

  referencesClear() {
    return features.useReferences(this.#runtime, (references) => references.clear(this.#runtime));
  }

  forget() {
    this.dispose();
    return features.clearStorage(this.#runtime);
  }
}
