// Uses of the elements, and mistakes that the compiler must refuse.

import type {
  AnyThetaOneError,
  Level,
  NativeAnalysis,
  Pronunciation,
  Recorder,
  Take,
} from "thetaone-web";
import { ThetaOne } from "thetaone-web";
import type {
  ElementAudio,
  RecorderElementState,
  TimeUpdateDetail,
  WordOpenDetail,
  WordPlayDetail,
} from "thetaone-web/elements";
import {
  define,
  microphoneHelp,
  ThetaRecorder,
  ThetaScore,
  ThetaWaveform,
} from "thetaone-web/elements";

declare const result: Pronunciation;
declare const nativeResult: NativeAnalysis;
declare const take: Take;
declare const recording: Recorder;

define();
define("app");
export const help: Promise<string[]> = microphoneHelp("ko");
// @ts-expect-error a prefix is a string
define(7);

const recorder = document.createElement("theta-recorder");
recorder.client = new ThetaOne({ baseUrl: "/api/theta" });
// @ts-expect-error options are no client
recorder.client = { baseUrl: "/api/theta" };
recorder.goldText = "Wow";
recorder.goldText = null;
recorder.goldText satisfies string;
recorder.maxSeconds = 20;
recorder.maxSeconds satisfies number | undefined;
recorder.locale = "ko";
// @ts-expect-error there are two languages
recorder.locale = "fr";
recorder.recordOptions = { deviceId: "usb", capture: "pcm" };
// @ts-expect-error it is read only
recorder.state = "idle";
recorder.state satisfies RecorderElementState;
recorder.level satisfies Level;
recorder.take satisfies Take | undefined;
recorder.addEventListener("take", ({ detail }) => [
  detail.take satisfies Take,
  detail.goldText.trim(),
]);
recorder.addEventListener("error", ({ detail }) =>
  (detail.error satisfies AnyThetaOneError).userMessage(),
);
recorder.addEventListener("state-change", function ({ detail }) {
  if (detail.state === "done") this.cancel();
  // @ts-expect-error there is no such state
  if (detail.state === "paused") this.cancel();
});
recorder.addEventListener("click", (event) => event.preventDefault(), { once: true });

const score: ThetaScore = document.createElement("theta-score");
Object.assign(score, { result });
score.result = result;
score.result = nativeResult;
score.result = undefined;
// @ts-expect-error a text is no result
score.result = "Wow";
score.take = take;
score.take = new Blob();
score.take satisfies ElementAudio | null | undefined;
score.nativeTake = null;
const onWordPlay = ({ detail }: CustomEvent<WordPlayDetail>) => detail.startSeconds;
score.addEventListener("word-play", onWordPlay);
score.removeEventListener("word-play", onWordPlay);
score.addEventListener("timeupdate", ({ detail }) => detail satisfies TimeUpdateDetail);
score.addEventListener("click", (event) => event.clientX);
score.addEventListener("word-open", ({ detail }) => (detail satisfies WordOpenDetail).open);
void score.play(1, 2);

const waveform = document.querySelector("theta-waveform") satisfies ThetaWaveform | null;
if (waveform) {
  waveform.recorder = recording;
  waveform.recorder = recorder;
  waveform.currentTime = 1.5;
  waveform.addEventListener("timeupdate", ({ detail }) => detail.currentTime.toFixed(1));
}
export const time = (event: CustomEvent<TimeUpdateDetail>) => event.detail.currentTime;
export const classes = [
  ThetaRecorder,
  ThetaScore,
  ThetaWaveform,
] satisfies (new () => HTMLElement)[];
