import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "thetaone-web";
import { calls } from "./calls.js";

void calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }).then((told) => postMessage(told));
