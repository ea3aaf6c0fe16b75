// thetaone-web/errors: the error classes without anything else, to catch by class and to type without loading the SDK.

export {
  AbortedError, AuthenticationError, BadRequestError, ConfigurationError, ConnectionError, InvalidAudioError,
  InvalidNativeSpeechComponentsError, InvalidOptionsError, InvalidResponseError, MicrophoneError,
  MissingGoldTextError, NotAllWordsSpokenError, PayloadTooLargeError, PaymentRequiredError, RateLimitError,
  ServerError, StorageError, ThetaOneError, TimeoutError, UnexpectedStatusError, WasmLoadError,
} from "./index.js";
export type {
  AnalyzeNativeOptions, AnyThetaOneError, Attempt, Audio, CallEvent, EndpointPath, ErrorCategory, ErrorCode, HeaderMap, Level,
  Locale, LongPart, LongProgress, LongRequestOptions, LongTranscript, MicrophoneDevice, MicrophonePermission, Microphones,
  Mp3BitRate, NativeAnalysis, Outbox,
  OutboxEvent, OutboxOptions, PartialTranscript, PrepareOptions, Progress, Pronunciation, PronunciationOptions,
  PronunciationSimpleOptions, Recorder, RecordOptions, References, ReferencesEvent, ReferencesOptions,
  RequestOptions, RetryOptions, SpeechComponent, SpeechPause, SpeechWord, StopReason, Take, TakeWarning,
  ThetaOneEvent, ThetaOneOptions, TranscribedPart, TranscribeOptions, Transcript, UnsentRecording,
} from "./index.js";
