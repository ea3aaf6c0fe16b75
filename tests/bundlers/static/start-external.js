import { NotAllWordsSpokenError, ThetaOne, ThetaOneError, init } from "./thetaone-web/external.js";
import { calls, show } from "./calls.js";

init("./thetaone-web/core_bg.wasm").catch(() => {});
show("told", calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }));
