// Shows a result: only what the answer of the API holds.

import { compare } from "./compare.js";
import { byId, show } from "./dom.js";
import { text } from "./language.js";

const LANGUAGES = { en: "english", ko: "korean", codeswitched: "codeswitched" };

/**
 * Shows the `result` of a `take`; `native` is the `{ audio, analysis }` that it is compared with.
 * Without a result, the waveform follows the recorder, or shows the native voice.
 */
export function showResult({ result, take, native } = {}) {
  const isTranscript = typeof result?.text === "string";
  byId("emulated").hidden = (result ?? native?.analysis)?.metadata?.emulated !== true;
  byId("transcript").hidden = !isTranscript;
  if (isTranscript) {
    const language = result.text_type;
    byId("badge").hidden = !language;
    byId("badge").textContent = LANGUAGES[language] ? text(LANGUAGES[language]) : `${language}`;
    byId("text").textContent = result.text || text("nothingHeard");
    byId("text").lang = language === "ko" ? "ko" : "en";
  }
  const sources = { take, nativeTake: native?.audio, nativeResult: native?.analysis };
  for (const id of ["waveform", "score"]) {
    Object.assign(byId(id), { ...sources, result: isTranscript ? undefined : result });
  }
  byId("replace-native").hidden = !native;
  compare(native?.analysis.speech_components, result?.user_speech_components);
  show("result");
}
