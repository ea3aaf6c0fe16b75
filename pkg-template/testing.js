// thetaone-web/testing: what the tests of a page need to play the API, the clock
// and the microphone. No page imports it, and the package's entry does not either.

export { answers, speechComponents } from "./testing/answers.js";
export { virtualClock } from "./testing/clock.js";
export { fakeMicrophone } from "./testing/microphone.js";
export { seededRandom } from "./testing/random.js";
export { fault, scriptedFetch } from "./testing/script.js";
export { toneWav } from "./testing/wav.js";
