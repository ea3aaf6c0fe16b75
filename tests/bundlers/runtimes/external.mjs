// Makes the calls with the wasm from disk. The argument is the URL of the proxy.

import { NotAllWordsSpokenError, ThetaOne, ThetaOneError, init } from "thetaone-web/external";
import { calls } from "../app/calls.js";

await init(import.meta.resolve("thetaone-web/core_bg.wasm"));
const base = process.argv[2];
console.log(
  JSON.stringify(
    await calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }, { base, recording: false }),
  ),
);
