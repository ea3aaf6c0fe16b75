import { NotAllWordsSpokenError, ThetaOneError } from "thetaone-web/errors";
import { ThetaOne, init } from "thetaone-web/external";
import { calls, show } from "./calls.js";

/** As main.js, with a wasm from elsewhere. */
export function external(source) {
  // The calls wait for it, and fail with its error.
  init(source).catch(() => {});
  void show("told", calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }));
}
