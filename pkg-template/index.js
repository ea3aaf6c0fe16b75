// thetaone-web: microphone in, pronunciation score or typed error out. This entry
// carries the wasm with it, in a chunk that is fetched on first use.

import { Client } from "./client/client.js";
import { load } from "./loading/load-inlined.js";

export * from "./exports.js";
export { microphones } from "./record/microphones.js";

export class ThetaOne extends Client {
  constructor(options) {
    super(load, options);
  }
}
