// thetaone-web/testing: stand-ins for the API, the clock and the microphone, for the tests of a
// page. Neither pages nor the package's other entries import it.

export { answers, speechComponents } from "./testing/responses.js";
export { virtualClock } from "./testing/virtual-clock.js";
export { fakeMicrophone } from "./testing/fake-microphone.js";
export { seededRandom } from "./testing/seeded-random.js";
export { fault, scriptedFetch } from "./testing/scripted-fetch.js";
export { toneWav } from "./testing/wav.js";
