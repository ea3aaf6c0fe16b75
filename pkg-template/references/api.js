// `ThetaOne.references`: the analyses of native recordings, one call for each.

import { copyArguments, copyRequest } from "../client/arguments.js";

export class References {
  #use;

  constructor(use) {
    this.#use = use;
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
}
