// `ThetaOne.references`: the analyses of native recordings, one call for each.

import { copyArguments, copyRequest } from "../client/arguments.js";

export class References {
  #run;

  /** `run(operation, request)` resolves to the outcome of `operation(loaded)`; see `#run` of client.js. */
  constructor(run) {
    this.#run = run;
  }

  async get(audio, options, request) {
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    const requestCopy = copyRequest(request);
    return this.#use(
      (references, runtime, elapsedMs) =>
        references.get(runtime, audioCopy, optionsCopy, requestCopy, elapsedMs),
      requestCopy,
    );
  }

  async has(audio, options) {
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    return this.#use((references, runtime) => references.has(runtime, audioCopy, optionsCopy));
  }

  async delete(audio, options) {
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    return this.#use((references, runtime) => references.remove(runtime, audioCopy, optionsCopy));
  }

  clear() {
    return this.#use((references, runtime) => references.clear(runtime));
  }

  #use(operation, request) {
    return this.#run(
      (loaded) => loaded.features.useReferences(loaded, operation, request),
      request,
    );
  }
}
