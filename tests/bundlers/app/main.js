import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "thetaone-web";
import { calls, show } from "./calls.js";

show("told", calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }));
