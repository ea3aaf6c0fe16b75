// Makes the calls with the default entry outside browsers. The argument is the URL of the proxy.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "thetaone-web";
import { calls } from "../app/calls.js";

const base = process.argv[2];
console.log(
  JSON.stringify(
    await calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }, { base, recording: false }),
  ),
);
