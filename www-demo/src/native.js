// Keeps the native voice of each sentence. `theta.references` keeps its analysis.

const address = (sentence) => `/native-voice?${encodeURIComponent(sentence)}`;
// Pages without HTTPS have no cache: there, the voice stays until the page is left.
const open = () => globalThis.caches?.open("native-voices");

/** Returns the recording for a sentence, if there is one. */
export const loadNative = async (sentence) =>
  (await (await open())?.match(address(sentence)))?.blob();

export const saveNative = async (sentence, audio) =>
  (await open())?.put(address(sentence), new Response(audio));

export const deleteNative = async (sentence) => (await open())?.delete(address(sentence));
