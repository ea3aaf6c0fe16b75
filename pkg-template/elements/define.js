// Registers the elements.

import { ThetaRecorder } from "./recorder-element.js";
import { ThetaScore } from "./score-element.js";
import { ThetaWaveform } from "./waveform-element.js";

const ELEMENTS = { score: ThetaScore, waveform: ThetaWaveform, recorder: ThetaRecorder };

/**
 * Defines `<prefix-score>`, `<prefix-waveform>` and `<prefix-recorder>`. Skips names that are
 * taken, which those of a second copy of the package are. Does nothing on the server.
 */
export function define(prefix = "theta") {
  const registry = globalThis.customElements;
  if (!registry) return;
  for (const [name, Class] of Object.entries(ELEMENTS)) {
    const tag = `${prefix}-${name}`;
    // A class can be registered once only, so each name gets a class of its own.
    if (!registry.get(tag)) registry.define(tag, /** @type {any} */ (class extends Class {}));
  }
}
