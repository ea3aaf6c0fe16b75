import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "./thetaone-web/index.js";
import { calls } from "./calls.js";

calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }).then((told) => postMessage(told));
