// Uses of the package in a page, and mistakes that the compiler must refuse.

import {
  AbortedError,
  MicrophoneError,
  NotAllWordsSpokenError,
  PaymentRequiredError,
  ServerError,
  StorageError,
  Take,
  ThetaOne,
  ThetaOneError,
  TimeoutError,
} from "thetaone-web";
import type {
  AnyThetaOneError,
  ErrorCode,
  InvalidAudioError,
  NativeAnalysis,
  PrepareOptions,
  RetryOptions,
  SpeechComponent,
  UnsentRecording,
} from "thetaone-web";

const theta = new ThetaOne({
  baseUrl: "/api/theta",
  headers: async () => ({ "x-session": "abc" }),
  retry: { maxAttempts: 2 },
  shareAcrossTabs: true,
});
const controller = new AbortController();
const crowd: RetryOptions = { maxAttempts: 12 };
new ThetaOne({ retry: crowd });

const recorder = await theta.record({
  maxSeconds: 30,
  onLevel: ({ rmsDbfs }) => rmsDbfs.toFixed(1),
});
const take: Take = await recorder.stop();
const seconds: number = take.durationSeconds;
const peak: number | undefined = take.peakDbfs;
const peaks: Float32Array = await take.peaks(320);
// @ts-expect-error A number of buckets is a number.
await take.peaks("320");
// @ts-expect-error The number of buckets has no default.
await take.peaks();
void [seconds, peak, peaks];
const small: PrepareOptions = { format: "mp3", bitrateKbps: 48, signal: controller.signal };
(await theta.prepare(take, small)).warnings?.includes("mixed_formats");
await theta.record({ format: "mp3", bitrateKbps: 32 });

const native = await theta.analyzeNative(take, { gold_text: "Wow" });
const components: SpeechComponent[] = native.speech_components;
const result = await theta.pronunciation(
  take,
  { gold_text: "Wow", language: "en", native_speech_components: components },
  {
    signal: controller.signal,
    uploadStallMs: 10_000,
    onProgress: ({ phase, attempt, sentBytes = 0, totalBytes = 1 }) =>
      `${phase} ${attempt} ${sentBytes / totalBytes}`,
  },
);
for (const part of result.user_speech_components) {
  if (part.type === "word") part.word.toUpperCase();
  else part.is_long satisfies boolean | undefined;
}
(await theta.transcribe(new Blob([]), { suppress_korean: true })).text.trim();
await theta.transcribe(new Uint8Array(4));
await theta.transcribe(new ArrayBuffer(4), undefined, { deadlineMs: 5000 });

const long = await theta.transcribeLong(
  take,
  { suppress_korean: false },
  {
    maxPartSeconds: 30,
    signal: controller.signal,
    onProgress: ({ phase, partsDone, partsTotal, doneSeconds, totalSeconds }) =>
      `${phase} ${partsDone}/${partsTotal} ${doneSeconds / totalSeconds}`,
  },
);
for (const { startSeconds, text, cutMidSpeech, result: answer } of long.parts) {
  void [startSeconds.toFixed(1), text.trim(), cutMidSpeech satisfies boolean, answer.metadata];
}
void [long.text.trim(), long.text_type, long.durationSeconds, long.estimatedCredits];

export async function again(error: unknown): Promise<string> {
  if (!ThetaOneError.is(error) || error.partial === undefined) throw error;
  for (const { index, error: why } of error.partial.failed) void [index, why.code];
  void error.partial.notSent.map(({ endSeconds }) => endSeconds);
  return (await theta.transcribeLong(take, undefined, { resume: error.partial })).text;
}

const keeping = new ThetaOne({
  outbox: { ttlMs: 86_400_000, maxBytes: 20_000_000 },
  references: { persist: true, maxEntries: 100 },
  onEvent: (event) => {
    if (event.type === "outbox") event.id.slice(event.reason === "evicted" ? 1 : 0);
    else if (event.type === "references") event.reason satisfies "quota" | "unavailable";
    else event.endpoint.slice(1);
    void [event.endpoint, event.attempt, event.code];
  },
});
for (const unsent of await keeping.outbox.list()) {
  const { id, state, bytes, attempts, createdAt, lastError }: UnsentRecording = unsent;
  void [
    bytes + attempts,
    Date.parse(createdAt),
    unsent.options.gold_text?.length,
    lastError?.code satisfies ErrorCode | undefined,
  ];
  const audio: Blob | undefined = await keeping.outbox.get(id);
  void audio;
  if (state === "unsent") await keeping.outbox.resume(id, { signal: controller.signal });
  else if (state === "rejected") await keeping.outbox.discard(id);
}
await keeping.outbox.clear();
const reference: NativeAnalysis = await keeping.references.get(
  take,
  { gold_text: "Wow" },
  { deadlineMs: 60_000 },
);
void reference;
const isKnown: boolean = await keeping.references.has(take, { gold_text: "Wow" });
const wasKnown: boolean = await keeping.references.delete(take, { gold_text: "Wow" });
void [isKnown, wasKnown];
await keeping.references.clear();
theta.dispose() satisfies void;
const forgotten: Promise<void> = keeping.dispose({ forget: true });
void forgotten;

export async function sendAgain(error: unknown): Promise<void> {
  if (error instanceof StorageError) error.reason satisfies "quota" | "unavailable";
  if (ThetaOneError.is(error) && error.outboxId !== undefined)
    await keeping.outbox.resume(error.outboxId);
}

export function told(error: unknown): string {
  if (error instanceof NotAllWordsSpokenError) return error.code satisfies "NOT_ALL_WORDS_SPOKEN";
  if (error instanceof PaymentRequiredError)
    return error.reason satisfies "insufficient_credits" | "plan_required" | "unknown";
  if (error instanceof MicrophoneError && error.reason === "denied") return error.userMessage("ko");
  if (error instanceof ServerError) return `${error.status ?? 0} ${error.code}`;
  if (error instanceof TimeoutError) return error.reason satisfies "attempt" | "stall" | "deadline";
  if (error instanceof AbortedError) return String(error.cause);
  if (ThetaOneError.is(error)) {
    const code: ErrorCode = error.code;
    const waited = error.attempts.map(({ delayMs }) => delayMs ?? 0);
    return `${code} ${waited.length} ${error.retryAfterMs ?? 0} ${error.supportReport()}`;
  }
  return String(error);
}

/**
 * Distinguishes errors by `code` in an exhaustive `switch`, to which every new code has to be
 * added.
 */
export function whose(error: ThetaOneError): "speaker" | "developer" | "server" {
  switch (error.code) {
    case "NOT_ALL_WORDS_SPOKEN":
    case "INVALID_AUDIO":
    case "PAYLOAD_TOO_LARGE":
    case "MICROPHONE":
    case "ABORTED":
      return "speaker";
    case "BAD_REQUEST":
    case "INVALID_OPTIONS":
    case "MISSING_GOLD_TEXT":
    case "INVALID_NATIVE_SPEECH_COMPONENTS":
    case "UNAUTHORIZED":
    case "PAYMENT_REQUIRED":
    case "STORAGE":
    case "CONFIGURATION":
    case "WASM_LOAD_FAILED":
      return "developer";
    case "RATE_LIMIT_EXCEEDED":
    case "INTERNAL_SERVER_ERROR":
    case "BAD_GATEWAY":
    case "SERVICE_UNAVAILABLE":
    case "GATEWAY_TIMEOUT":
    case "UNEXPECTED_STATUS":
    case "INVALID_RESPONSE":
    case "CONNECTION_FAILED":
    case "TIMEOUT":
      return "server";
    default:
      return error.code satisfies never;
  }
}

/** After `is`, the code alone distinguishes the errors, without their classes. */
export function narrowed(error: unknown): string {
  if (!ThetaOneError.is(error)) return "";
  error satisfies AnyThetaOneError;
  switch (error.code) {
    case "BAD_REQUEST":
      return error.detail ?? "";
    case "TIMEOUT":
      return error.reason satisfies "attempt" | "stall" | "deadline";
    case "MICROPHONE":
      // @ts-expect-error that is a reason of others
      return error.reason === "deadline" ? "" : error.reason;
    case "INVALID_AUDIO":
      return (error satisfies InvalidAudioError).reason ?? "";
    default:
      return error.reason ?? "";
  }
}
export const everyCode: AnyThetaOneError["code"] extends ErrorCode
  ? ErrorCode extends AnyThetaOneError["code"]
    ? true
    : never
  : never = true;

export function codeOf(error: ThetaOneError): void {
  if (error.code === "TIMEOUT") error.code satisfies "TIMEOUT";
  // @ts-expect-error a code that no error has
  if (error.code === "TIMED_OUT") return;
}

// @ts-expect-error gold_text is required
void theta.pronunciationSimple(take, {});
// @ts-expect-error a misspelt option
void theta.pronunciationSimple(take, { gold_text: "x", lang: "en" });
// @ts-expect-error the language of feedback is Korean or English
void theta.pronunciationSimple(take, { gold_text: "x", language: "fr" });
// @ts-expect-error a part has a length in seconds
void theta.transcribeLong(take, {}, { maxPartSeconds: "50" });
// @ts-expect-error only a partial transcript can be resumed
void theta.transcribeLong(take, {}, { resume: long });
// @ts-expect-error other methods have no parts
void theta.transcribe(take, {}, { maxPartSeconds: 50 });
// @ts-expect-error MP3 has certain rates
void theta.prepare(take, { format: "mp3", bitrateKbps: 50 });
// @ts-expect-error no such format
void theta.record({ format: "ogg" });
// @ts-expect-error a take is named by its id
void keeping.outbox.resume(5);
// @ts-expect-error there is no such limit
new ThetaOne({ outbox: { maxTakes: 5 } });
// @ts-expect-error no audio
void theta.transcribe(null);
// @ts-expect-error an option that does not exist
new ThetaOne({ baseURL: "/api" });
// @ts-expect-error pacing is the proxy's
new ThetaOne({ retry: { turns: { clients: 30, requestsPerMinute: 500 } } });
// @ts-expect-error takes are made by the SDK
new Take();
// @ts-expect-error no such code
const wrong: ErrorCode = "NOT_A_CODE";
void wrong;
// @ts-expect-error exactOptionalPropertyTypes: an option is set or left out
new ThetaOne({ deadlineMs: undefined });
// @ts-expect-error the reference of `pronunciation` is required
void theta.pronunciation(take, { gold_text: "x" });

// An error that a worker posts.
const posted = ThetaOneError.from(JSON.parse("{}"));
if (posted.code === "ABORTED") posted.reason satisfies "timeout" | undefined;
// @ts-expect-error: an error is made by the SDK, or from JSON
new TimeoutError({});
