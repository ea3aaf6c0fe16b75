// Tests from the microphone to the server, with real speech, a real recorder and real HTTP.

import { strict as assert } from "node:assert";
import { after, before } from "node:test";
import {
  ENGINE,
  SPEECH,
  allowReading,
  choose,
  chooseSpeech,
  focused,
  forget,
  holdReading,
  launch,
  onPage,
  outcome,
  requests,
  send,
  test,
  trackStates,
  uploaded,
} from "./page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const recorded = (page, seconds) =>
  page.waitForFunction(
    (least) => Number(document.getElementById("elapsed").textContent) >= least,
    seconds,
  );

const isDisabled = async (page, ...testIds) => {
  for (const testId of testIds)
    assert.ok(await page.getByTestId(testId).isDisabled(), `${testId} is disabled`);
};

/** Returns the header of a WAV file, read without a library. */
function header(bytes) {
  assert.equal(bytes.toString("latin1", 0, 4), "RIFF");
  assert.equal(bytes.toString("latin1", 8, 16), "WAVEfmt ");
  assert.equal(bytes.toString("latin1", 36, 40), "data");
  assert.equal(bytes.readUInt32LE(4), bytes.length - 8);
  assert.equal(bytes.readUInt32LE(40), bytes.length - 44);
  return {
    codec: bytes.readUInt16LE(20),
    channels: bytes.readUInt16LE(22),
    sampleRate: bytes.readUInt32LE(24),
    bits: bytes.readUInt16LE(34),
    samples: (bytes.length - 44) / 2,
  };
}

test("speech arrives as 16 kHz mono 16-bit WAV of the right length", async () => {
  await forget();
  await onPage(browser, {}, async (page) => {
    // Without trimming, the length can be compared with the clock.
    await page.getByTestId("trim").uncheck();
    // Uses the page's clock, because this process is late on a busy machine.
    await page.evaluate(() => {
      const elapsed = document.getElementById("elapsed");
      const noteStart = () => {
        const seconds = Number(elapsed.textContent);
        if (seconds > 0)
          globalThis.startedAt = Math.min(
            globalThis.startedAt ?? Infinity,
            performance.now() - seconds * 1000,
          );
      };
      new MutationObserver(noteStart).observe(elapsed, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      const noteStop = () => (globalThis.stoppedAt = performance.now());
      document.querySelector('[data-testid="stop"]').addEventListener("click", noteStop, true);
    });
    await page.getByTestId("record").click();
    await page.waitForFunction(() => document.getElementById("meter").value > -40);
    await recorded(page, 3);
    await page.getByTestId("stop").click();
    await page.getByTestId("take").waitFor();
    const [seconds, untilTake] = await page.evaluate(() =>
      [globalThis.stoppedAt, performance.now()].map((ms) => (ms - globalThis.startedAt) / 1000),
    );
    assert.deepEqual(await trackStates(page), ["ended"]);
    const shown = Number(await page.getByTestId("take-duration").getAttribute("data-seconds"));
    // Firefox starts late on a busy machine. On such a machine, recorders also stop late, but not
    // after the take is there. WebKitGTK, with its mock microphone, may record 1.4 seconds more than
    // the clock.
    const [less, more] = { chromium: [0.3, 0], firefox: [1, 0], webkit: [0.3, 1.4] }[ENGINE];
    assert.ok(
      shown > seconds - less && shown < untilTake + more,
      `${shown} s shown, ${seconds} s by the clock, ${untilTake} s until the take was there`,
    );

    await choose(page, "endpoint", "transcribe");
    const { raw } = await send(page);
    assert.equal(raw.metadata.emulated, true);
    assert.ok(raw.metadata.speech_seconds > 0.5, "speech was heard");
    assert.equal(await page.getByTestId("transcript").textContent(), raw.text);
    assert.ok(await page.getByTestId("emulated").isVisible());

    const [request] = await requests();
    const { file } = request;
    assert.equal(request.endpoint, "/transcribe");
    assert.deepEqual(request.fields, ["file", "transcribe_options"]);
    assert.deepEqual(
      [
        file.name,
        file.contentType,
        file.format,
        file.sampleRate,
        file.channels,
        file.bitsPerSample,
      ],
      ["audio.wav", "audio/wav", "wav", 16000, 1, 16],
    );
    assert.ok(
      Math.abs(file.durationSeconds - shown) < 0.02,
      `${file.durationSeconds} s arrived, ${shown} s shown`,
    );

    const bytes = await uploaded(request.id);
    const { codec, channels, sampleRate, bits, samples } = header(bytes);
    assert.deepEqual([codec, channels, sampleRate, bits], [1, 1, 16000, 16]);
    assert.ok(Math.abs(samples / 16000 - shown) < 0.001);
    let squares = 0;
    for (let n = 0; n < samples; n++) squares += (bytes.readInt16LE(44 + 2 * n) / 32768) ** 2;
    const rms = 10 * Math.log10(squares / samples);
    assert.ok(rms > -40, `${rms} dBFS: that is speech`);
  });
});

test("a reference and a learner's take go all the way", async () => {
  await forget();
  await onPage(browser, {}, async (page) => {
    await page.getByTestId("record").click();
    await recorded(page, 3.2);
    await page.getByTestId("stop").click();
    await page.getByTestId("take").waitFor();
    await page.getByTestId("make-reference").click();
    const { raw: native } = await outcome(page);
    await choose(page, "endpoint", "pronunciation");
    const { raw } = await send(page);
    assert.equal(raw.user_speech_components.filter(({ type }) => type === "word").length, 5);
    assert.equal(raw.speed.score, 100);
    assert.equal(await page.getByTestId("words").locator("li .word").count(), 5);
    const [, request] = await requests();
    assert.deepEqual(request.fields, ["file", "options", "native_speech_components_json"]);
    assert.deepEqual(JSON.parse(request.options), {
      gold_text: "Wow, check out this castle.",
      language: "en",
    });
    assert.ok(native.speech_components.length >= 5);
  });
});

test("a cancelled recording is gone and the microphone is off", async () => {
  await onPage(browser, {}, async (page) => {
    await page.getByTestId("record").click();
    await recorded(page, 0.3);
    await page.getByTestId("cancel").click();
    assert.deepEqual(await trackStates(page), ["ended"]);
    assert.ok(await page.getByTestId("take").isHidden());
    assert.ok(await page.getByTestId("failure").isHidden());
  });
});

test("the level meter and the take have labels, which do not change", async () => {
  await onPage(browser, {}, async (page) => {
    const name = () => page.evaluate(() => document.getElementById("meter").labels[0].textContent);
    await page.getByTestId("record").click();
    await page.waitForFunction(() => document.getElementById("level-text").textContent !== "");
    assert.equal(await name(), "Level");
    await page.getByTestId("cancel").click();
    await chooseSpeech(page);
    const named = await page.getByTestId("take-audio").getAttribute("aria-labelledby");
    assert.equal(await page.locator(`#${named}`).textContent(), "Your take");
  });
});

test("cancelled before the browser's question is answered, nothing is recorded", async () => {
  await onPage(browser, {}, async (page) => {
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
      const answer = new Promise((resolve) => {
        globalThis.asked = resolve;
      });
      mediaDevices.getUserMedia = async (constraints) => {
        globalThis.asking = true;
        await answer;
        return getUserMedia(constraints);
      };
    });
    await page.getByTestId("record").click();
    await page.waitForFunction(() => globalThis.asking);
    await page.getByTestId("cancel").click();
    await page.evaluate(() => globalThis.asked());
    await page.waitForFunction(
      () => globalThis.tracks.length === 1 && globalThis.tracks[0].readyState === "ended",
    );
    assert.ok(await page.getByTestId("stop").isDisabled());
    assert.ok(await page.getByTestId("failure").isHidden());
    assert.ok(await page.getByTestId("record").isEnabled());
  });
});

test("another language for the speaker does not cost the recording under way", async () => {
  await onPage(browser, {}, async (page) => {
    await page.getByTestId("record").click();
    await recorded(page, 0.3);
    await choose(page, "locale", "ko");
    await recorded(page, 0.6);
    await page.getByTestId("stop").click();
    await page.getByTestId("take").waitFor();
    assert.ok(await page.getByTestId("failure").isHidden());
  });
});

test("the keyboard is enough", async () => {
  await onPage(browser, {}, async (page) => {
    await page.getByTestId("gold-text").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await recorded(page, 3.2);
    await page.keyboard.press("Enter");
    await page.getByTestId("take").waitFor();
    await page.waitForFunction(() => document.activeElement?.id === "send");
    await page.keyboard.press("Enter");
    assert.equal((await outcome(page)).class, null);
  });
});

test("a refused microphone is a MicrophoneError that says so", async () => {
  const strict = await launch({ allow: false });
  try {
    await onPage(strict, { permissions: [] }, async (page) => {
      await page.getByTestId("record").click();
      const { class: name, reason, en, ko } = await outcome(page);
      assert.deepEqual([name, reason], ["MicrophoneError", "denied"]);
      assert.match(en, /microphone/);
      assert.match(ko, /마이크/);
      assert.ok(await page.getByTestId("record").isEnabled());
    });
  } finally {
    await strict.close();
  }
});

test("each refusal of the browser has its reason", async () => {
  const refusals = {
    NotAllowedError: "denied",
    NotFoundError: "not_found",
    NotReadableError: "busy",
  };
  for (const [exception, reason] of Object.entries(refusals)) {
    await onPage(browser, {}, async (page) => {
      await page.evaluate((name) => {
        navigator.mediaDevices.getUserMedia = () =>
          Promise.reject(new DOMException("refused", name));
      }, exception);
      await page.getByTestId("record").click();
      const shown = await outcome(page);
      assert.deepEqual([shown.class, shown.reason], ["MicrophoneError", reason]);
      assert.ok(await page.getByTestId("send-again").isHidden(), "nothing was sent");
    });
  }
});

test("a microphone that is refused leaves no earlier take to be sent for it", async () => {
  await onPage(browser, {}, async (page) => {
    await chooseSpeech(page);
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException("refused", "NotAllowedError"));
    });
    await page.getByTestId("record").click();
    assert.equal((await outcome(page)).reason, "denied");
    assert.ok(await page.getByTestId("take").isHidden());
    await isDisabled(page, "send", "make-reference");
    assert.equal(await focused(page), "failure");
    assert.ok(await page.getByTestId("record").isEnabled());
    // Choosing the same file again is a change only if the input was cleared.
    await chooseSpeech(page);
    assert.ok(await page.getByTestId("send").isEnabled());
  });
});

test("a file that fails leaves no earlier take to be sent for it", async () => {
  await onPage(browser, {}, async (page) => {
    await chooseSpeech(page);
    await page
      .getByTestId("file")
      .setInputFiles({ name: "notes.wav", mimeType: "audio/wav", buffer: Buffer.from("text") });
    assert.equal((await outcome(page)).class, "InvalidAudioError");
    assert.ok(await page.getByTestId("take").isHidden());
    await isDisabled(page, "send", "make-reference");
    assert.equal(await focused(page), "failure");
  });
});

test("a recording that comes to nothing leaves no earlier take to be sent for it", async () => {
  await onPage(browser, {}, async (page) => {
    await chooseSpeech(page);
    await page.getByTestId("record").click();
    await recorded(page, 0.3);
    assert.ok(await page.getByTestId("take").isHidden());
    await isDisabled(page, "send", "make-reference");
    await page.evaluate(() => {
      Blob.prototype.arrayBuffer = () =>
        Promise.reject(new DOMException("gone", "NotReadableError"));
    });
    await page.getByTestId("stop").click();
    assert.equal((await outcome(page)).class, "InvalidAudioError");
    assert.ok(await page.getByTestId("take").isHidden());
    await isDisabled(page, "send", "make-reference", "stop", "cancel");
    assert.equal(await focused(page), "failure");
    assert.ok(await page.getByTestId("record").isEnabled());
  });
});

test("while a recording becomes a take, no other is begun", async () => {
  await onPage(browser, {}, async (page) => {
    await page.getByTestId("record").click();
    await recorded(page, 2);
    await isDisabled(page, "file");
    await holdReading(page);
    await page.getByTestId("stop").click();
    await page.waitForFunction(() => globalThis.isReading);
    await isDisabled(page, "record", "file", "stop", "cancel", "send");
    await allowReading(page);
    await page.getByTestId("take").waitFor();
    assert.equal(await focused(page), "send");
    for (const testId of ["record", "file", "send"])
      assert.ok(await page.getByTestId(testId).isEnabled(), testId);
  });
});

test("while a file becomes a take, no other is begun", async () => {
  await onPage(browser, {}, async (page) => {
    await holdReading(page);
    await page.getByTestId("file").setInputFiles(SPEECH);
    await page.waitForFunction(() => globalThis.isReading);
    await isDisabled(page, "record", "file", "stop", "cancel", "send");
    await allowReading(page);
    await page.getByTestId("take").waitFor();
    for (const testId of ["record", "file", "send"])
      assert.ok(await page.getByTestId(testId).isEnabled(), testId);
  });
});

test("a page that is loaded again has nothing to send and nothing to stop", async () => {
  await onPage(browser, {}, async (page) => {
    const reloaded = async () => {
      await page.reload();
      await page.waitForFunction(() => document.getElementById("scenario").options.length > 10);
      await isDisabled(page, "stop", "cancel", "send", "make-reference", "abort");
      for (const testId of ["record", "file"])
        assert.ok(await page.getByTestId(testId).isEnabled(), testId);
    };
    await chooseSpeech(page);
    await reloaded();
    await page.getByTestId("record").click();
    await recorded(page, 0.1);
    await reloaded();
  });
});

test("silence around the speech is cut off, unless it is asked for", async () => {
  const lengths = [];
  for (const trim of [false, true]) {
    await onPage(browser, {}, async (page) => {
      await page.getByTestId("trim").setChecked(trim);
      await page.getByTestId("file").setInputFiles(SPEECH);
      await page.getByTestId("take").waitFor();
      lengths.push(Number(await page.getByTestId("take-duration").getAttribute("data-seconds")));
      assert.ok(await page.getByTestId("take-warnings").isHidden());
    });
  }
  // The file has 0.3 s of silence on both sides, of which trimming leaves 0.15 s, and the pauses of
  // the voice.
  const cut = lengths[0] - lengths[1];
  assert.ok(cut > 0.2 && cut < 1.2, `${lengths}`);
});

test("a microphone that is unplugged leaves what was recorded", async () => {
  await onPage(browser, {}, async (page) => {
    await page.getByTestId("record").click();
    await recorded(page, 2);
    await page.evaluate(() => {
      // stop() fires no event; an unplugged device does.
      for (const track of globalThis.tracks) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    });
    await page.getByTestId("take").waitFor();
    const seconds = Number(await page.getByTestId("take-duration").getAttribute("data-seconds"));
    // The audio that the recorder has not yet encoded is lost with the microphone.
    assert.ok(seconds > (ENGINE === "chromium" ? 1 : 0.3), `${seconds} s were kept`);
  });
});
