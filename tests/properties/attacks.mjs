// Generates the attacks of a run. Each makes calls with unexpected values and states how each call
// must end.

import { VALUES } from "./values.mjs";
import { FETCHES, answer } from "./network.mjs";

const METHODS = [
  "transcribe",
  "transcribeLong",
  "analyzeNative",
  "pronunciation",
  "pronunciationSimple",
];
const CLIENT_OPTIONS = [
  "baseUrl",
  "apiKey",
  "dangerouslyAllowBrowserKey",
  "headers",
  "credentials",
  "fetch",
  "retry",
  "attemptTimeoutMs",
  "uploadStallMs",
  "deadlineMs",
  "requestsPerMinute",
  "maxConcurrent",
  "shareAcrossTabs",
  "locale",
  "onEvent",
  "outbox",
  "references",
];
const RETRY = ["maxAttempts", "baseDelayMs", "maxDelayMs", "jitter", "timeouts", "connection"];
const REQUEST = [
  "signal",
  "onProgress",
  "attemptTimeoutMs",
  "uploadStallMs",
  "deadlineMs",
  "retry",
  "maxPartSeconds",
  "resume",
];
const ENDPOINT = ["gold_text", "language", "native_speech_components", "suppress_korean"];
const PREPARE = ["signal", "trimSilence", "format", "bitrateKbps"];
const RECORD = [
  "maxSeconds",
  "stopOnSilenceSeconds",
  "capture",
  "onLevel",
  "onStop",
  "deviceId",
  ...PREPARE,
];

/** The limits of a call that waits only for its own timers, in milliseconds. */
const SOON = { deadlineMs: 150, attemptTimeoutMs: 100 };

/** Generates the attacks on the entries of the package with fast-check, `fc`. */
export function attacks({ sdk, external, errors, testing, wasm }, fc) {
  const { ThetaOne, ThetaOneError, Take } = sdk;
  const tone = testing.toneWav({ seconds: 0.3 });
  const bytes = tone.arrayBuffer();

  const value = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...Object.entries(VALUES)) },
    {
      weight: 1,
      arbitrary: fc
        .anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withNullPrototype: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
        })
        .map((it) => ["anything", () => it]),
    },
  );
  /**
   * Generates an object with some of `names`, or any value instead. The members may be own,
   * inherited, of a class or hidden.
   */
  const record = (names, good = {}) => {
    const member = fc.tuple(fc.constantFrom(...names), value);
    const made = fc
      .tuple(
        fc.array(member, { maxLength: 2 }),
        fc.constantFrom("own", "inherited", "of a class", "hidden"),
      )
      .map(([members, how]) => [
        `${how} ${members.map(([name, [what]]) => `${name}: ${what}`).join(", ")}`,
        () =>
          placed(
            { ...good, ...Object.fromEntries(members.map(([name, [, make]]) => [name, make()])) },
            how,
          ),
      ]);
    return fc.oneof({ weight: 5, arbitrary: made }, { weight: 1, arbitrary: value });
  };
  const audio = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        ["a blob", () => tone],
        ["a file", () => new File([tone], "x.wav")],
        ["bytes", () => new Uint8Array(buffer)],
        ["a buffer", () => buffer.slice(0)],
      ),
    },
    { weight: 2, arbitrary: value },
  );
  let buffer;

  const honest = async () => answer();
  const COMPONENTS = [{ type: "word", word: "Wow" }];
  const fieldsOf = (method) =>
    ({
      transcribe: {},
      transcribeLong: {},
      pronunciation: { gold_text: "Wow", native_speech_components: COMPONENTS },
    })[method] ?? { gold_text: "Wow" };

  /** Creates a client whose `fetch` can be replaced, and whose callbacks run those of `scene`. */
  function clientOf(scene, options) {
    const state = { fetch: honest };
    const theta = new ThetaOne({
      baseUrl: "http://localhost/api",
      retry: { maxAttempts: 2, baseDelayMs: 1 },
      ...SOON,
      fetch: (...args) => state.fetch(...args),
      ...options,
    });
    scene.clients.push(theta);
    return { theta, state };
  }

  /** Actions that a callback performs on the client that called it. */
  const REENTRIES = {
    nothing: () => {},
    throws: () => {
      throw new RangeError("thrown by a callback");
    },
    "returns a thenable": () => ({
      then() {
        throw new Error("x");
      },
    }),
    calls: (theta, scene) =>
      scene.call("a call of a callback", () => theta.transcribe(tone, {}, SOON)),
    prepares: (theta, scene) => scene.call("a prepare of a callback", () => theta.prepare(tone)),
    disposes: (theta) => theta.dispose(),
    aborts: (_theta, scene) => scene.controller.abort(new Error("aborted by a callback")),
  };
  const reentry = fc.constantFrom(...Object.keys(REENTRIES));
  const reenter = (name, scene, theta) => {
    // Acts only once, because a callback that calls itself would never end.
    let isDone = false;
    return () => {
      if (isDone || scene.isHonest) return undefined;
      isDone = true;
      return REENTRIES[name](theta(), scene);
    };
  };

  const ATTACKS = {
    "options of the client": fc
      .tuple(
        record(CLIENT_OPTIONS, { baseUrl: "http://localhost/api", fetch: honest, ...SOON }),
        fc.constantFrom(...METHODS),
      )
      .map(([[what, make], method]) => ({
        what: `new ThetaOne(${what}).${method}`,
        async run(scene) {
          let theta;
          scene.sync("new ThetaOne", () => (theta = new ThetaOne(make())));
          if (!theta) return;
          scene.clients.push(theta);
          scene.call(method, () => theta[method](tone, fieldsOf(method), SOON));
          await scene.settled();
        },
      })),

    "retry of the client": record(RETRY).map(([what, make]) => ({
      what: `retry ${what}`,
      async run(scene) {
        let theta;
        scene.sync(
          "new ThetaOne",
          () => (theta = new ThetaOne({ baseUrl: "/api", fetch: honest, ...SOON, retry: make() })),
        );
        if (!theta) return;
        scene.clients.push(theta);
        scene.call("transcribe", () => theta.transcribe(tone));
        await scene.canary(theta);
      },
    })),

    "arguments of calls": fc
      .array(
        fc.tuple(
          fc.constantFrom(...METHODS),
          audio,
          record(ENDPOINT),
          record(REQUEST, SOON),
          fc.boolean(),
        ),
        { minLength: 1, maxLength: 5 },
      )
      .map((calls) => ({
        what: calls
          .map(
            ([method, [sound], [options], [request]]) =>
              `${method}(${sound}, ${options}, ${request})`,
          )
          .join("; "),
        async run(scene) {
          const { theta } = clientOf(scene, { maxConcurrent: 2 });
          for (const [method, [, sound], [, options], [, request], isGood] of calls) {
            scene.call(method, () =>
              theta[method](sound(), isGood ? fieldsOf(method) : options(), request()),
            );
          }
          await scene.canary(theta);
        },
      })),

    "callbacks that call back": fc
      .tuple(
        reentry,
        reentry,
        reentry,
        reentry,
        fc.constantFrom("onEvent", "onProgress", "headers", "fetch", "signal"),
      )
      .map(([event, progress, headers, fetch, spare]) => ({
        what: `onEvent ${event}, onProgress ${progress}, headers ${headers}, fetch ${fetch}, ${spare}`,
        async run(scene) {
          let theta;
          const client = () => theta;
          const [onHeaders, onFetch] = [
            reenter(headers, scene, client),
            reenter(fetch, scene, client),
          ];
          const made = clientOf(scene, {
            maxConcurrent: 1,
            onEvent: reenter(event, scene, client),
            headers: () => {
              onHeaders();
              return {};
            },
          });
          theta = made.theta;
          made.state.fetch = async () => {
            onFetch();
            return answer(spare === "fetch" ? 500 : 200);
          };
          const request = {
            ...SOON,
            signal: scene.controller.signal,
            onProgress: reenter(progress, scene, client),
          };
          for (const method of METHODS)
            scene.call(method, () => theta[method](tone, fieldsOf(method), request));
          if (![event, progress, headers, fetch].includes("disposes")) {
            await scene.settled();
            made.state.fetch = honest;
            scene.isHonest = true;
            await scene.canary(theta);
          }
        },
      })),

    "a fetch that lies": fc
      .tuple(fc.constantFrom(...Object.entries(FETCHES)), fc.constantFrom(...METHODS), fc.boolean())
      .map(([[what, fetch], method, throughProgress]) => ({
        what: `${method}, fetch: ${what}`,
        async run(scene) {
          const { theta, state } = clientOf(scene, { maxConcurrent: 1 });
          state.fetch = fetch;
          const request = throughProgress ? { ...SOON, onProgress() {} } : SOON;
          for (let count = 0; count < 2; count++)
            scene.call(method, () => theta[method](tone, fieldsOf(method), request));
          await scene.settled();
          state.fetch = honest;
          await scene.canary(theta);
        },
      })),

    "headers and keys that lie": fc
      .tuple(value, value, fc.boolean())
      .map(([[header, makeHeader], [key, makeKey], inPairs]) => ({
        what: `headers: ${header}, apiKey: ${key}`,
        async run(scene) {
          let isHonest = false;
          const { theta } = clientOf(scene, {
            maxConcurrent: 1,
            headers: () => (isHonest ? {} : inPairs ? [["x-a", makeHeader()]] : makeHeader()),
            apiKey: () => (isHonest ? "sk-theta-emulated" : makeKey()),
          });
          scene.call("transcribe", () => theta.transcribe(tone, {}, SOON));
          await scene.settled();
          isHonest = true;
          await scene.canary(theta);
        },
      })),

    "prepare and record": fc
      .tuple(
        audio,
        record(PREPARE),
        record(RECORD),
        fc.constantFrom("stop", "cancel", "pause", "both"),
        fc.boolean(),
      )
      .map(([[sound, makeAudio], [options, makeOptions], [wishes, makeWishes], end, isMute]) => ({
        what: `prepare(${sound}, ${options}), record(${wishes}) ${end}`,
        async run(scene) {
          const { theta } = clientOf(scene, {});
          const microphone = testing.fakeMicrophone(isMute ? { refuse: "denied" } : {});
          if (scene.takes("microphone")) scene.after(microphone.install(), (it) => it.uninstall());
          scene.call("prepare", () => theta.prepare(makeAudio(), makeOptions()));
          scene.call("record", async () => {
            const recorder = await theta.record(makeWishes());
            if (end !== "cancel") scene.call("stop", () => recorder.stop());
            if (end !== "stop") recorder[end === "pause" ? "pause" : "cancel"]();
          });
          await scene.canary(theta);
        },
      })),

    "what is kept": fc
      .tuple(
        audio,
        record(ENDPOINT, { gold_text: "Wow" }),
        record(REQUEST, SOON),
        value,
        fc.boolean(),
      )
      .map(
        ([
          [sound, makeAudio],
          [options, makeOptions],
          [request, makeRequest],
          [id, makeId],
          isOn,
        ]) => ({
          what: `references(${sound}, ${options}, ${request}), outbox(${id})`,
          async run(scene) {
            const { theta } = clientOf(scene, { outbox: isOn, references: { persist: isOn } });
            const { outbox, references } = theta;
            scene.call("references.get", () =>
              references.get(makeAudio(), makeOptions(), makeRequest()),
            );
            scene.call("references.has", () => references.has(makeAudio(), makeOptions()));
            scene.call("references.delete", () => references.delete(makeAudio(), makeOptions()));
            scene.call("references.clear", () => references.clear());
            scene.call("outbox.list", () => outbox.list());
            scene.call("outbox.get", () => outbox.get(makeId()));
            scene.call("outbox.resume", () => outbox.resume(makeId(), makeRequest()));
            scene.call("outbox.discard", () => outbox.discard(makeId()));
            await scene.canary(theta);
          },
        }),
      ),

    "errors and takes": fc
      .tuple(
        value,
        value,
        fc.constantFrom(...Object.keys(errors).filter((name) => /^[A-Z]/.test(name))),
      )
      .map(([[what, make], [other, makeOther], name]) => ({
        what: `${name} of ${what}, ${other}`,
        async run(scene) {
          const Class = errors[name];
          scene.pure("is", () => [ThetaOneError.is(make()), Take.is(make())]);
          scene.pure("from", () => {
            const error = ThetaOneError.from(make());
            if (!ThetaOneError.is(error)) throw new Error("from() gave no error");
            return report(error);
          });
          scene.pure("from a record", () =>
            report(
              ThetaOneError.from({
                name: make(),
                code: "TIMEOUT",
                message: makeOther(),
                attempts: make(),
                userMessages: makeOther(),
                detail: make(),
                cause: make(),
              }),
            ),
          );
          scene.pure("new", () => report(new Class(make())));
          scene.pure("new, of a record", () =>
            report(
              new Class({
                message: make(),
                attempts: makeOther(),
                en: make(),
                cause: makeOther(),
                locale: make(),
              }),
            ),
          );
          scene.sync("dispose", () => {
            const theta = new ThetaOne({ baseUrl: "/api" });
            theta.dispose(make());
          });
        },
      })),

    "the wasm of thetaone-web/external": value.map(([what, make]) => ({
      what: `init(${what})`,
      async run(scene) {
        // A source that never settles is left out: `init()` waits for it, as documented.
        const source = what.includes("never") ? undefined : make();
        if (!wasm.isStarted) scene.call("init", () => external.init(source));
        await scene.settled();
      },
    })),

    "the testing kit": fc.tuple(value, value).map(([[what, make], [other, makeOther]]) => ({
      what: `testing with ${what}, ${other}`,
      async run(scene) {
        const attempt = (act) => {
          try {
            act();
          } catch {
            // The author of a test sees the thrown error.
          }
        };
        attempt(() => testing.speechComponents(make(), makeOther()));
        attempt(() => testing.toneWav({ seconds: 0.01, hertz: make() }));
        attempt(() => testing.virtualClock({ now: make(), patienceMs: makeOther() }));
        attempt(() => testing.seededRandom(make()));
        attempt(() => testing.fakeMicrophone(make()));
        for (const name of Object.keys(testing.answers))
          attempt(() => testing.answers[name](make()));
        let fetch;
        attempt(
          () =>
            (fetch = testing.scriptedFetch([
              { status: 200, body: make() },
              { status: 429, headers: makeOther() },
            ])),
        );
        if (!fetch) return;
        const { theta, state } = clientOf(scene, { maxConcurrent: 1 });
        state.fetch = fetch;
        scene.call("a scripted call", () => theta.transcribe(tone, {}, SOON));
        await scene.settled();
        state.fetch = honest;
        await scene.canary(theta);
      },
    })),
  };

  function report(error) {
    structuredClone(error.toJSON());
    const texts = [
      error.userMessage(),
      error.userMessage("ko"),
      error.supportReport(),
      error.message,
      error.name,
    ];
    if (!texts.every((text) => typeof text === "string"))
      throw new Error(`an error without words: ${texts.map((text) => typeof text)}`);
    return texts;
  }

  return {
    ready: async () => {
      buffer = await bytes;
    },
    tone,
    scenario: fc.oneof(
      ...Object.entries(ATTACKS).map(([name, arbitrary]) =>
        arbitrary.map((attack) => ({ name, ...attack })),
      ),
    ),
  };
}

/** Returns an object that has these members in the way `how`. */
function placed(members, how) {
  const names = Object.keys(members);
  switch (how) {
    case "inherited":
      return Object.create(members);
    case "of a class": {
      class Options {}
      for (const name of names)
        Object.defineProperty(Options.prototype, name, {
          get: () => members[name],
          configurable: true,
        });
      return new Options();
    }
    case "hidden":
      return Object.defineProperties(
        {},
        Object.fromEntries(names.map((name) => [name, { value: members[name] }])),
      );
    default:
      return members;
  }
}
