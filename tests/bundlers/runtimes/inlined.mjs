// The default entry outside browsers; the argument is where the proxy is.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "thetaone-web";
import { calls } from "../app/calls.js";

const base = process.argv[2];
console.log(
  JSON.stringify(
    await calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }, { base, recording: false }),
  ),
);
