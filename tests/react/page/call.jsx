// useCall

import { useEffect } from "react";
import { ThetaOneProvider, useCall, useThetaOne } from "thetaone-web/react";
import { answers, fault, toneWav } from "thetaone-web/testing";
import { clientOf, equal, mounted, ok, probed, reached, waitFor } from "./tools.jsx";

const SENTENCE = { gold_text: "Wow, check out this castle." };

/** Each error of the API, and a connection that fails. */
const ERRORS = [
  ...[
    "notAllWordsSpoken",
    "invalidAudio",
    "missingGoldText",
    "invalidOptions",
    "badRequest",
    "unauthorized",
    "paymentRequired",
  ],
  ...[
    "payloadTooLarge",
    "rateLimited",
    "serverError",
    "badGateway",
    "serviceUnavailable",
    "gatewayTimeout",
  ],
];

const bytesOf = async ({ audio }) => Array.from(new Uint8Array(await audio.arrayBuffer()));

export const call = {
  "a call runs, tells its progress, and is done": async () => {
    const client = clientOf([answers.pronunciationSimple()]);
    const phases = new Set();
    const own = [];
    const probe = await probed(() => {
      const call = useCall("pronunciationSimple");
      if (call.progress) phases.add(call.progress.phase);
      return call;
    }, client);
    const { run } = probe.current;
    const result = await run(toneWav(), SENTENCE, { onProgress: ({ phase }) => own.push(phase) });
    await reached(probe, "done");
    equal(probe.states, ["idle", "running", "done"]);
    ok(
      probe.current.result === result && result.user_speech_components.length > 0,
      "the result is there",
    );
    ok(probe.current.run === run, "the functions stay the same");
    ok(
      phases.size > 0 && [...phases].every((phase) => own.includes(phase)),
      `${[...phases]} of ${own}`,
    );
    equal(
      [probe.current.progress, probe.current.error, probe.current.message],
      [undefined, undefined, undefined],
    );
    equal(client.requests[0].fields.options.gold_text, SENTENCE.gold_text);
  },

  "each method is called with its own options": async () => {
    const { speech_components: native_speech_components } =
      answers.analyzeNative().body instanceof Function
        ? { speech_components: [] }
        : answers.analyzeNative().body;
    const calls = {
      transcribe: [],
      analyzeNative: [SENTENCE],
      pronunciation: [{ ...SENTENCE, native_speech_components: native_speech_components ?? [] }],
      pronunciationSimple: [SENTENCE],
    };
    for (const [method, options] of Object.entries(calls)) {
      const client = clientOf([answers[method]()]);
      const probe = await probed(() => useCall(method), client);
      await probe.current.run(toneWav(), ...options);
      await reached(probe, "done");
      equal(client.requests.length, 1, method);
      probe.unmount();
    }
  },

  "every error has a class and a message in the client's language": async () => {
    for (const name of [...ERRORS, "connection"]) {
      const step = name === "connection" ? fault.connection() : answers[name]();
      const client = clientOf([step], { locale: "ko" });
      const probe = await probed(() => useCall("pronunciationSimple"), client);
      equal(await probe.current.run(toneWav(), SENTENCE), undefined);
      await reached(probe, "failed");
      const { error, message, result } = probe.current;
      equal([message, result], [error.userMessage("ko"), undefined], name);
      ok(/[가-힣]/.test(message), message);
      probe.unmount();
    }
  },

  "a newer run aborts the older, whose result is nobody's": async () => {
    const client = clientOf([fault.hang(), answers.transcribe({ text: "newer" })]);
    const probe = await probed(() => useCall("transcribe"), client);
    const older = probe.current.run(toneWav());
    await waitFor(() => client.requests.length === 1);
    const newer = probe.current.run(toneWav());
    equal([await older, (await newer).text], [undefined, "newer"]);
    await reached(probe, "done");
    equal(
      client.requests.map(({ aborted }) => aborted),
      [true, false],
    );
    equal(probe.states, ["idle", "running", "done"]);
    equal(probe.current.result.text, "newer");
  },

  "of many runs at once, only the last counts": async () => {
    const client = clientOf(Array.from({ length: 6 }, () => answers.transcribe({ text: "last" })));
    const probe = await probed(() => useCall("transcribe"), client);
    const results = await Promise.all(
      Array.from({ length: 5 }, () => probe.current.run(toneWav())),
    );
    equal(
      results.map((result) => result?.text),
      [undefined, undefined, undefined, undefined, "last"],
    );
    await reached(probe, "done");
  },

  "retry() repeats the last run, with the bytes and options that it had": async () => {
    const client = clientOf([answers.serverError(), answers.pronunciationSimple()]);
    const probe = await probed(() => useCall("pronunciationSimple"), client);
    equal(await probe.current.retry(), undefined);
    equal([probe.current.state, client.requests.length], ["idle", 0], "nothing to repeat");
    const bytes = await toneWav().arrayBuffer();
    const options = { ...SENTENCE };
    await probe.current.run(bytes, options);
    await reached(probe, "failed");
    new Uint8Array(bytes).fill(0);
    options.gold_text = "Another sentence.";
    const result = await probe.current.retry();
    await reached(probe, "done");
    ok(probe.current.result === result, "its result");
    const [first, second] = client.requests;
    equal(await bytesOf(second), await bytesOf(first));
    equal(second.fields.options, first.fields.options);
  },

  "retry() of a long transcript sends only what is missing": async () => {
    const client = clientOf(
      [
        answers.transcribe({ text: "one" }),
        answers.invalidAudio(),
        answers.transcribe({ text: "two" }),
      ],
      { maxConcurrent: 1 },
    );
    const probe = await probed(() => useCall("transcribeLong"), client);
    await probe.current.run(toneWav({ seconds: 9 }), {}, { maxPartSeconds: 5 });
    await reached(probe, "failed");
    equal([client.requests.length, probe.current.error.partial.parts.length], [2, 1]);
    const { text } = await probe.current.retry();
    equal([text, client.requests.length], ["one two", 3]);
    await reached(probe, "done");
  },

  "abort() returns to idle, and the call can be repeated": async () => {
    const client = clientOf([fault.hang(), answers.transcribe()]);
    const probe = await probed(() => useCall("transcribe"), client);
    probe.current.abort();
    const running = probe.current.run(toneWav());
    await waitFor(() => client.requests.length === 1);
    probe.current.abort();
    equal(await running, undefined);
    await reached(probe, "idle");
    equal([client.requests[0].aborted, probe.current.error], [true, undefined]);
    ok(await probe.current.retry(), "a result");
    await reached(probe, "done");
    probe.current.abort();
    equal(probe.current.state, "done", "nothing to abort");
  },

  "unmounting aborts the call, and nothing is sent afterwards": async () => {
    const client = clientOf([fault.hang()]);
    const probe = await probed(() => useCall("transcribe"), client);
    const { run, retry, abort } = probe.current;
    const running = run(toneWav());
    await waitFor(() => client.requests.length === 1);
    probe.unmount();
    equal(await running, undefined);
    equal(client.requests[0].aborted, true);
    equal([await run(toneWav()), await retry(), client.requests.length], [undefined, undefined, 1]);
    abort();
  },

  "a call that an effect makes is made once in StrictMode": async () => {
    const client = clientOf([answers.transcribe(), answers.transcribe()]);
    await client.ready();
    const probe = await probed(() => {
      const call = useCall("transcribe");
      const { run } = call;
      useEffect(() => {
        run(toneWav());
      }, [run]);
      return call;
    }, client);
    await reached(probe, "done");
    // The older of the two was aborted before it was sent.
    equal(client.requests.length, 1);
  },

  "leaving the page aborts the call, which can be repeated when the page comes back": async () => {
    const client = clientOf([fault.hang(), answers.transcribe()]);
    const probe = await probed(() => useCall("transcribe"), client);
    probe.current.run(toneWav());
    await waitFor(() => client.requests.length === 1);
    dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
    await reached(probe, "failed");
    equal([probe.current.error.code, client.requests[0].aborted], ["ABORTED", true]);
    ok(await probe.current.retry(), "a result");
  },

  "the caller's own signal aborts the call, before and while it runs, and is let go of afterwards":
    async () => {
      const client = clientOf([fault.hang(), answers.transcribe()]);
      const probe = await probed(() => useCall("transcribe"), client);
      const controller = new AbortController();
      const running = probe.current.run(toneWav(), {}, { signal: controller.signal });
      await waitFor(() => client.requests.length === 1);
      controller.abort(new Error("too slow"));
      equal(await running, undefined);
      await reached(probe, "failed");
      equal([probe.current.error.code, probe.current.error.cause.message], ["ABORTED", "too slow"]);
      await probe.current.run(toneWav(), {}, { signal: controller.signal });
      equal(client.requests.length, 1, "aborted before");

      let listeners = 0;
      const { signal } = new AbortController();
      for (const [name, change] of [
        ["addEventListener", 1],
        ["removeEventListener", -1],
      ]) {
        signal[name] = (...args) => {
          listeners += change;
          AbortSignal.prototype[name].apply(signal, args);
        };
      }
      await probe.current.run(toneWav(), {}, { signal });
      await reached(probe, "done");
      ok(listeners <= 0, `${listeners} listeners are left`);
    },

  "arguments that are wrong are an error of the SDK": async () => {
    const throwing = {
      get gold_text() {
        throw new Error("mine");
      },
    };
    const wrong = [
      ["no audio", SENTENCE],
      [toneWav(), throwing],
      [toneWav(), SENTENCE, { signal: {} }],
      [toneWav(), SENTENCE, { deadlineMs: -1 }],
      [toneWav(), SENTENCE, 5],
      [toneWav(), SENTENCE, []],
      [toneWav(), 5],
      [],
      [toneWav(), SENTENCE, { onProgress: "loud" }],
      [
        toneWav(),
        SENTENCE,
        {
          get signal() {
            throw new Error("mine");
          },
        },
      ],
      [
        toneWav(),
        SENTENCE,
        {
          get onProgress() {
            throw new Error("mine");
          },
        },
      ],
    ];
    for (const [index, args] of wrong.entries()) {
      const client = clientOf([answers.pronunciationSimple()]);
      const probe = await probed(() => useCall("pronunciationSimple"), client);
      equal(await probe.current.run(...args), undefined);
      await reached(probe, "failed");
      ok(probe.current.error.code && probe.current.message, `no error for ${index}`);
      equal(client.requests.length, 0, `request for ${index}`);
      probe.unmount();
    }
  },

  "a method that there is not is an error, and the console says so": async () => {
    for (const method of ["pronounciation", "record", "constructor", undefined, {}]) {
      const probe = await probed(() => useCall(method), clientOf());
      equal(await probe.current.run(toneWav()), undefined);
      await reached(probe, "failed");
      equal(probe.current.error.code, "CONFIGURATION");
      probe.unmount();
    }
    return [
      'got "pronounciation"',
      'got "record"',
      'got "constructor"',
      "got undefined",
      "got an object",
    ];
  },

  "outside of a provider, every method of the client rejects, and the console says what is missing":
    async () => {
      let theta, call;
      const Component = () => {
        theta = useThetaOne();
        call = useCall("transcribe");
        return "the page";
      };
      for (const client of ["none", undefined, {}, "theta"]) {
        const page =
          client === "none" ? (
            <Component />
          ) : (
            <ThetaOneProvider client={client}>
              <Component />
            </ThetaOneProvider>
          );
        const { container, unmount } = mounted(page);
        await waitFor(() => container.textContent === "the page");
        await call.run(toneWav());
        await waitFor(() => call.state === "failed");
        equal(call.error.code, "CONFIGURATION");
        for (const work of [
          () => theta.ready(),
          () => theta.outbox.list(),
          () => theta.transcribe(toneWav()),
        ]) {
          equal(await work().catch(({ code }) => code), "CONFIGURATION");
        }
        theta.dispose();
        unmount();
      }
      return ["<ThetaOneProvider client={theta}>"];
    },

  "useThetaOne gives the provider's client": async () => {
    const client = clientOf();
    const probe = await probed(() => ({ theta: useThetaOne() }), client);
    ok(probe.current.theta === client, "the client itself");
  },
};
