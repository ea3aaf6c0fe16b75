import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "./thetaone-web/index.js";
import { calls, show } from "./calls.js";

show("told", calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }));
