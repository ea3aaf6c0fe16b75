// thetaone-web: microphone in, pronunciation score or typed error out. This entry contains the
// wasm, in a chunk that is downloaded on first use.

import { Client } from "./client/client.js";
import { load } from "./loading/load-inlined.js";

export * from "./exports.js";
export { microphones } from "./record/microphones.js";

export class ThetaOne extends Client {
  /** @param {unknown} [options] */
  constructor(options) {
    super(load, options);
  }
}
