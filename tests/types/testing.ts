// Uses of thetaone-web/testing, and mistakes that the compiler must refuse.

import { ThetaOne } from "thetaone-web";
import {
  answers,
  fakeMicrophone,
  fault,
  scriptedFetch,
  seededRandom,
  speechComponents,
  toneWav,
  virtualClock,
} from "thetaone-web/testing";
import type { RecordedRequest, Step, VirtualClock } from "thetaone-web/testing";

const steps: Step[] = [
  answers.transcribe({ text: "Hi", later: [null] }),
  answers.pronunciation({
    user_speech_components: speechComponents("Wow", { Wow: { score: 41, is_correct: false } }),
  }),
  answers.unauthorized({ reason: "inactive_key" }),
  answers.rateLimited({ retryAfterSeconds: 2, delayMs: 10 }),
  { ...fault.connection(), delayMs: 500 },
  {
    status: 418,
    headers: { "x-a": "b" },
    body: ({ endpoint }: RecordedRequest) => ({ detail: endpoint }),
  },
];
const fetch = scriptedFetch(steps);
const theta = new ThetaOne({ baseUrl: "/api/theta", fetch });
fetch.push(fault.hang(), fault.brokenBody({ status: 500 }), fault.notJson());

const clock: VirtualClock = virtualClock({ now: new Date(0) }).install();
const { text } = await clock.until(theta.transcribe(toneWav({ seconds: 2 })));
void [text.trim(), clock.now, clock.elapsedMs, clock.pendingTimers];
await clock.advance(1000);
await clock.runAll();
clock.uninstall();
seededRandom(7).install().uninstall();

const microphone = fakeMicrophone({ refuse: "denied", tone: { hertz: 300 } }).install();
fakeMicrophone({ audio: new Uint8Array(44) }).mute();
microphone.unplug();
microphone.unplug("front");
microphone.plugIn({ deviceId: "front", label: "Front microphone" });
fakeMicrophone({ devices: [], permission: "prompt" }).setPermission("granted");
void (microphone.isOn satisfies boolean);

const gold: unknown = fetch.requests[0]?.fields.options.gold_text;
const size: number | undefined = fetch.requests[0]?.audio?.size;
void [gold, size, fetch.remaining];
fetch.assertDone();

// @ts-expect-error no such error in the reference
answers.teapot();
// @ts-expect-error no such reason
answers.unauthorized({ reason: "expired" });
// @ts-expect-error there is only one
answers.notAllWordsSpoken({ reason: "schema" });
// @ts-expect-error a misspelt field
scriptedFetch([{ stauts: 500 }]);
// @ts-expect-error no such fault
scriptedFetch([{ fault: "offline" }]);
// @ts-expect-error not a function, but what it gives
scriptedFetch([answers.transcribe]);
// @ts-expect-error no such refusal
fakeMicrophone({ refuse: "asleep" });
// @ts-expect-error one sound only
fakeMicrophone({ audio: new Blob([]), tone: {} });
// @ts-expect-error a score is a number
speechComponents("Wow", { Wow: { score: "41" } });
// @ts-expect-error a seed is a number
seededRandom("7");
