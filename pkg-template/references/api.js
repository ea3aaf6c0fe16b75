// `ThetaOne.references`: the analyses of native recordings, one call for each.

import { copyOptions, copyRequest, snapshotBytes, wrapErrors } from "../client/arguments.js";

export class References {
  #load;

  /** `load(request)` resolves to what the client runs on; see `#loadFor` of client.js. */
  constructor(load) {
    this.#load = load;
  }

  async get(audio, options, request) {
    const [ownAudio, ownOptions] = [snapshotBytes(audio), copyOptions("options", options)];
    const ownRequest = copyRequest(request);
    const { features, runtime, elapsedMs } = await this.#load(ownRequest);
    return wrapErrors(() =>
      features.callWithReferences(runtime, ownRequest, elapsedMs, (references, elapsedMs) =>
        references.get(runtime, ownAudio, ownOptions, ownRequest, elapsedMs),
      ),
    );
  }

  async has(audio, options) {
    const [ownAudio, ownOptions] = [snapshotBytes(audio), copyOptions("options", options)];
    return this.#use((references, runtime) => references.has(runtime, ownAudio, ownOptions));
  }

  async delete(audio, options) {
    const [ownAudio, ownOptions] = [snapshotBytes(audio), copyOptions("options", options)];
    return this.#use((references, runtime) => references.remove(runtime, ownAudio, ownOptions));
  }

  clear() {
    return this.#use((references, runtime) => references.clear(runtime));
  }

  async #use(use) {
    const { features, runtime } = await this.#load();
    return wrapErrors(() => features.useReferences(runtime, (module) => use(module, runtime)));
  }
}
