// thetaone-web/elements: `<theta-score>`, `<theta-waveform>` and `<theta-recorder>`.

import { define } from "./elements/define.js";

export { define } from "./elements/define.js";
export { ThetaRecorder, microphoneHelp } from "./elements/recorder-element.js";
export { ThetaScore } from "./elements/score-element.js";
export { ThetaWaveform } from "./elements/waveform-element.js";

define();
