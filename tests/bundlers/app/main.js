import { NotAllWordsSpokenError, ThetaOne, ThetaOneError } from "thetaone-web";
import { calls, show } from "./calls.js";

void show("told", calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }));
