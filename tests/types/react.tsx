// Uses of the hooks, and mistakes that the compiler must refuse.

import type {
  AnyThetaOneError,
  LongProgress,
  LongTranscript,
  MicrophoneError,
  NativeAnalysis,
  Progress,
  Pronunciation,
  StopReason,
  Take,
  Transcript,
} from "thetaone-web";
import { ThetaOne, microphones } from "thetaone-web";
import type { MicrophoneDevice, MicrophonePermission } from "thetaone-web";
import type { ThetaScore } from "thetaone-web/elements";
import {
  ThetaOneProvider,
  useCall,
  useLevel,
  useMicrophones,
  useRecorder,
  useThetaOne,
} from "thetaone-web/react";
import type { CallResult, UseCall, UseRecorder } from "thetaone-web/react";

const theta = new ThetaOne({ baseUrl: "/api/theta" });

export const page = (
  <ThetaOneProvider client={theta}>
    <Reader sentence="Wow" />
    text
  </ThetaOneProvider>
);
export const empty = <ThetaOneProvider client={theta} />;
// @ts-expect-error a client is needed
export const without = <ThetaOneProvider />;
// @ts-expect-error options are none
export const wrong = <ThetaOneProvider client={{ baseUrl: "/api/theta" }} />;

function Reader({ sentence }: { sentence: string }) {
  const recorder = useRecorder({
    maxSeconds: 30,
    stopOnSilenceSeconds: 1.5,
    onLevel: ({ rmsDbfs }) => rmsDbfs.toFixed(1),
  });
  const call = useCall("pronunciationSimple");
  const { start, stop } = recorder;
  const score = async () => {
    const take = (await stop()) satisfies Take | undefined;
    if (take)
      (await call.run(
        take,
        { gold_text: sentence, language: "ko" },
        { deadlineMs: 20_000 },
      )) satisfies Pronunciation | undefined;
  };
  if (recorder.state === "done")
    [recorder.take.durationSeconds, recorder.stopReason satisfies StopReason];
  if (recorder.state === "failed") (recorder.error satisfies AnyThetaOneError).userMessage("ko");
  // @ts-expect-error only a recording that is done has a take
  if (recorder.state === "preparing") recorder.take.durationSeconds;
  if (call.state === "done") call.result.user_speech_components.length;
  if (call.state === "failed") [call.message.trim(), call.error.code, call.retry()];
  if (call.state === "running")
    (call.progress satisfies Progress | undefined)?.sentBytes?.toFixed();
  // @ts-expect-error what is not done has no result
  if (call.state === "running") call.result.user_speech_components;
  return (
    <>
      <button onClick={start}>Record</button>
      <button onClick={score}>Score</button>
      <button onClick={call.retry} onDoubleClick={call.abort}>
        {call.message}
      </button>
      <Meter recorder={recorder} />
      <Menu />
    </>
  );
}

function Meter({ recorder }: { recorder: UseRecorder }) {
  const { rmsDbfs, peakDbfs, elapsedSeconds } = useLevel(recorder);
  // @ts-expect-error a state is no recorder
  useLevel({ state: "idle" });
  return <meter value={rmsDbfs + peakDbfs + elapsedSeconds} />;
}

function Menu() {
  const found = useMicrophones();
  switch (found.permission) {
    case "granted":
      return (
        <ul>
          {found.devices.map(({ deviceId, label, isDefault }) => (
            <li key={deviceId}>{isDefault && label}</li>
          ))}
        </ul>
      );
    case "denied":
      return <p>{(found.error satisfies MicrophoneError | undefined)?.reason}</p>;
    default: {
      // @ts-expect-error devices are known once permission is granted
      found.devices.length;
      return (
        <button onClick={() => found.request() satisfies Promise<boolean>}>
          {found.permission satisfies "prompt" | "unknown"}
        </button>
      );
    }
  }
}

export function Every() {
  const client: ThetaOne = useThetaOne();
  const long: UseCall<"transcribeLong"> = useCall("transcribeLong");
  if (long.state === "running")
    (long.progress satisfies LongProgress | undefined)?.partsDone.toFixed();
  if (long.state === "done") long.result satisfies LongTranscript;
  const transcribe = useCall("transcribe");
  if (transcribe.state === "done") transcribe.result satisfies Transcript;
  const native = useCall("analyzeNative");
  const pronunciation = useCall("pronunciation");
  const run = async (audio: Take) => {
    await long.run(audio, {}, { maxPartSeconds: 30 });
    await transcribe.run(audio);
    await transcribe.run(new Blob([]), { suppress_korean: true });
    const analysis = (await native.run(audio, { gold_text: "Wow" })) satisfies
      | NativeAnalysis
      | undefined;
    if (analysis)
      await pronunciation.run(audio, {
        gold_text: "Wow",
        native_speech_components: analysis.speech_components,
      });
    // @ts-expect-error pronunciation needs the native speech
    await pronunciation.run(audio, { gold_text: "Wow" });
    // @ts-expect-error and a sentence is needed
    await native.run(audio);
    // @ts-expect-error maxPartSeconds is for long recordings
    await transcribe.run(audio, {}, { maxPartSeconds: 30 });
  };
  // @ts-expect-error record() is no call
  useCall("record");
  void (client satisfies ThetaOne);
  const result: CallResult<"transcribe"> | undefined = transcribe.result;
  return (
    <p onClick={() => transcribe.result && run(new Blob([]) as unknown as Take)}>{result?.text}</p>
  );
}

const permission: MicrophonePermission = await microphones.permission();
const devices: MicrophoneDevice[] = await microphones.list();
await microphones.request();
const end: () => void = microphones.subscribe(() => {});
void [permission, devices.find(({ isDefault }) => isDefault)?.label.trim(), end];
// @ts-expect-error a listener is needed
microphones.subscribe();

declare const scored: { take: Take; result: Pronunciation };
const play = (score: ThetaScore | null) => score?.play();
export const elements = (
  <>
    <theta-score {...scored} ref={(score) => void play(score)} className="own" locale="ko" />
    <theta-waveform take={scored.take} nativeTake={new Blob([])} />
    <theta-recorder client={theta} goldText="Wow" maxSeconds={20} recordOptions={{}} />
    {/* @ts-expect-error a result is an object */}
    <theta-score result="{}" />
    {/* @ts-expect-error an element plays by its method */}
    <theta-score playing />
  </>
);
