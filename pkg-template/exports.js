// The exports that both entries have beside `ThetaOne`.

export {
  AbortedError,
  AuthenticationError,
  BadRequestError,
  ConfigurationError,
  ConnectionError,
  InvalidAudioError,
  InvalidNativeSpeechComponentsError,
  InvalidOptionsError,
  InvalidResponseError,
  MicrophoneError,
  MissingGoldTextError,
  NotAllWordsSpokenError,
  PayloadTooLargeError,
  PaymentRequiredError,
  RateLimitError,
  ServerError,
  StorageError,
  ThetaOneError,
  TimeoutError,
  UnexpectedStatusError,
  WasmLoadError,
} from "./result/errors.js";
export { Take } from "./prepare/take.js";
