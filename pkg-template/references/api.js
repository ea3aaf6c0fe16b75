// `ThetaOne.references`: the analyses of native recordings, each requested once.

import { copyArguments, copyRequest } from "../client/arguments.js";

/** @import { NativeAnalysis } from "../index.js" */
/** @import { ReferencesModule, Use } from "../internal.js" */

export class References {
  #use;

  /** @param {Use<ReferencesModule>} use */
  constructor(use) {
    this.#use = use;
  }

  /**
   * @param {unknown} audio
   * @param {unknown} options
   * @param {unknown} [request]
   * @returns {Promise<NativeAnalysis>}
   */
  async get(audio, options, request) {
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    const requestCopy = copyRequest(request);
    return this.#use(
      (references, runtime, elapsedMs) =>
        references.get(runtime, audioCopy, optionsCopy, requestCopy, elapsedMs),
      requestCopy,
    );
  }

  /**
   * @param {unknown} audio
   * @param {unknown} options
   * @returns {Promise<boolean>}
   */
  async has(audio, options) {
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    return this.#use((references, runtime) => references.has(runtime, audioCopy, optionsCopy));
  }

  /**
   * @param {unknown} audio
   * @param {unknown} options
   * @returns {Promise<boolean>}
   */
  async delete(audio, options) {
    const [audioCopy, optionsCopy] = copyArguments(audio, options);
    return this.#use((references, runtime) => references.remove(runtime, audioCopy, optionsCopy));
  }

  /** @returns {Promise<void>} */
  clear() {
    return this.#use((references, runtime) => references.clear(runtime));
  }
}
