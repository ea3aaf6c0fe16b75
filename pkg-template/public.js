// What both entries export beside `ThetaOne`.

export {
  AbortedError, AuthenticationError, BadRequestError, ConfigurationError, ConnectionError,
  InvalidAudioError, InvalidNativeSpeechComponentsError, InvalidOptionsError, InvalidResponseError,
  MicrophoneError, MissingGoldTextError, NotAllWordsSpokenError, PayloadTooLargeError,
  PaymentRequiredError, RateLimitError, ServerError, StorageError, ThetaOneError, TimeoutError,
  UnexpectedStatusError, WasmLoadError,
} from "./errors.js";
export { Take } from "./take.js";
