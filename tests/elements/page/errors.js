// Errors as the SDK makes them.

import { TEXTS } from "/package/record/microphone-errors.js";
import { MicrophoneError } from "/package/index.js";

export const microphoneError = (reason) =>
  new MicrophoneError({ ...TEXTS[reason], code: "MICROPHONE", origin: "client", message: reason });
