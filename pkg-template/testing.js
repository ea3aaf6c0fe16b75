// thetaone-web/testing: what the tests of a page need to play the API, the clock
// and the microphone. No page imports it, and the package's entry does not either.

export { answers, speechComponents } from "./testing/responses.js";
export { virtualClock } from "./testing/virtual-clock.js";
export { fakeMicrophone } from "./testing/fake-microphone.js";
export { seededRandom } from "./testing/seeded-random.js";
export { fault, scriptedFetch } from "./testing/scripted-fetch.js";
export { toneWav } from "./testing/wav.js";
