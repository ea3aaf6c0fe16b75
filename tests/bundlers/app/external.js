import { NotAllWordsSpokenError, ThetaOneError } from "thetaone-web/errors";
import { ThetaOne, init } from "thetaone-web/external";
import { calls, show } from "./calls.js";

/** Makes the calls like main.js, but with a wasm module from `source`. */
export function external(source) {
  // The calls wait for `init`, and fail with its error.
  init(source).catch(() => {});
  void show("told", calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }));
}
