// `ThetaOne.references`: the analyses of native recordings, one call for each.

import { copyOptions, copyRequest, snapshotBytes } from "../client/arguments.js";

export class References {
  #run;

  /** `run(use, request)` resolves to the outcome of `use(loaded)`; see `#run` of client.js. */
  constructor(run) {
    this.#run = run;
  }

  async get(audio, options, request) {
    const [ownAudio, ownOptions] = copyArguments(audio, options);
    const ownRequest = copyRequest(request);
    return this.#use(
      (references, runtime, elapsedMs) =>
        references.get(runtime, ownAudio, ownOptions, ownRequest, elapsedMs),
      ownRequest,
    );
  }

  async has(audio, options) {
    const [ownAudio, ownOptions] = copyArguments(audio, options);
    return this.#use((references, runtime) => references.has(runtime, ownAudio, ownOptions));
  }

  async delete(audio, options) {
    const [ownAudio, ownOptions] = copyArguments(audio, options);
    return this.#use((references, runtime) => references.remove(runtime, ownAudio, ownOptions));
  }

  clear() {
    return this.#use((references, runtime) => references.clear(runtime));
  }

  #use(use, request) {
    return this.#run((loaded) => loaded.features.useReferences(loaded, use, request), request);
  }
}

const copyArguments = (audio, options) => [snapshotBytes(audio), copyOptions("options", options)];
