// The loop of the demo page: speak, see the scores, speak again, in each mode.

import { strict as assert } from "node:assert";
import { after, before } from "node:test";

import {
  DEMO_URL,
  ENGINE,
  SPEECH,
  choose,
  chooseMode,
  isReady,
  launch,
  onPage,
  open,
  recorderState,
  shownScores,
  shownView,
  speak,
  test,
  text,
  untilSpoken,
} from "./page.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Returns the texts of elements in a shadow root. */
const inside = (page, id, selector) =>
  page.evaluate(
    ([id, selector]) =>
      Array.from(
        document.getElementById(id).shadowRoot.querySelectorAll(selector),
        ({ textContent }) => textContent,
      ),
    [id, selector],
  );

test("a sentence is read, scored word by word, and read again: best, last, curve", async () => {
  await onPage(browser, async (page) => {
    await speak(page);
    await shownScores(page);
    const words = await inside(page, "score", ".word .rated");
    assert.deepEqual(words, ["Wow", "check", "out", "this", "castle"]);
    assert.match(await text(page, "tries-text"), /^Tries 1, best \d+, last \d+$/);
    assert.equal(await page.evaluate(() => document.getElementById("emulated").hidden), false);

    await speak(page);
    await page.waitForFunction(() =>
      /^Tries 2/.test(document.getElementById("tries-text").textContent),
    );
    const points = await page.evaluate(() =>
      document.querySelector("#curve polyline").getAttribute("points").split(" "),
    );
    assert.equal(points.length, 2);
  });
});

test("a native voice is chosen once, compared with, and known on the next visit", async () => {
  await onPage(browser, async (page) => {
    const posts = [];
    page.on("request", (request) => {
      if (request.method() === "POST") posts.push(new URL(request.url()).pathname);
    });
    await chooseMode(page, "say");
    await page.locator("#use-sample").click();
    await shownView(page, "result");
    await page.waitForFunction(() =>
      document.getElementById("waveform").shadowRoot.querySelector(".native"),
    );
    await speak(page);
    await shownScores(page);
    await page.waitForFunction(() => !document.getElementById("comparison").hidden);
    await page.waitForFunction(
      () => document.getElementById("waveform").shadowRoot.querySelectorAll(".track").length === 2,
    );
    const rows = await page.evaluate(() =>
      Array.from(document.querySelectorAll("#comparison tbody th"), (node) => node.textContent),
    );
    assert.deepEqual(rows, ["Stress", "Pauses", "Speed"]);
    assert.match(await text(page, "comparison"), /[\d.]+ s, [\d.]+ words a second/);
    assert.equal((await inside(page, "score", ".dimensions dt")).length, 4);
    assert.deepEqual(posts, ["/api/theta/analyze-native", "/api/theta/pronunciation"]);

    await page.reload();
    await isReady(page);
    await page.waitForFunction(() =>
      document.getElementById("waveform").shadowRoot.querySelector(".native"),
    );
    assert.equal(posts.length, 2, "the analysis is not paid for again");
    await page.locator("#replace-native").click();
    await shownView(page, "welcome");
    await page.locator("#native-choice").waitFor();
  });
});

test("a native voice can be recorded, or chosen as a file", async () => {
  await onPage(browser, async (page) => {
    await chooseMode(page, "say");
    await page.locator("#native-choice").waitFor();
    await speak(page);
    await shownView(page, "result");
    await page.waitForFunction(() =>
      document.getElementById("waveform").shadowRoot.querySelector(".native"),
    );
    await page.locator("#next").click();
    await page.locator("#native-choice").waitFor();
    assert.equal(await page.locator("#use-sample").isHidden(), true, "it says another sentence");
    await page.locator("#file").setInputFiles(SPEECH);
    await page.waitForFunction(() =>
      document.getElementById("waveform").shadowRoot.querySelector(".native"),
    );
  });
});

test("speech is transcribed, with its language and without Korean", async () => {
  await onPage(browser, async (page) => {
    const bodies = [];
    page.on("request", (request) => {
      if (request.method() === "POST") bodies.push(request.postData() ?? "");
    });
    await chooseMode(page, "transcribe");
    await page.locator("#suppress").check();
    await speak(page);
    await shownView(page, "result");
    await page.waitForFunction(() => document.getElementById("text").textContent !== "");
    assert.equal(await text(page, "badge"), "English");
    assert.equal(await page.locator("#tries").isHidden(), true, "a transcript has no score");
    assert.equal(bodies.length, 1);
  });
});

test("one's own sentence is read, and remembered", async () => {
  await onPage(browser, async (page) => {
    await page.locator("#sentence").selectOption("own");
    await page.locator("#own").fill("Good morning to you");
    await speak(page);
    await shownScores(page);
    assert.deepEqual(await inside(page, "score", ".word .rated"), ["Good", "morning", "to", "you"]);
    await page.reload();
    await isReady(page);
    assert.equal(await page.locator("#own").inputValue(), "Good morning to you");
  });
});

test("there are twenty sentences in four levels", async () => {
  await onPage(browser, async (page) => {
    const levels = await page.evaluate(() =>
      Array.from(
        document.querySelectorAll("#sentence optgroup"),
        ({ children }) => children.length,
      ),
    );
    assert.deepEqual(levels, [5, 5, 5, 5]);
  });
});

test("the language is Korean everywhere, and remembered", async () => {
  await onPage(browser, async (page) => {
    await choose(page, "Words of the sentence are missing");
    await shownView(page, "failure");
    await page.locator("#language").click();
    const seen = () =>
      page.evaluate(() => [
        document.documentElement.lang,
        document.querySelector("[value='read'] + span").textContent,
        document.getElementById("recorder").shadowRoot.getElementById("record").textContent,
      ]);
    await page.waitForFunction(() =>
      /녹음/.test(
        document.getElementById("recorder").shadowRoot.getElementById("record").textContent,
      ),
    );
    assert.deepEqual(await seen(), ["ko", "읽기", "녹음"]);
    assert.match(await text(page, "failure-message"), /빠진 단어가 있어요/);
    await page.reload();
    await isReady(page);
    await page.waitForFunction(() =>
      /녹음/.test(
        document.getElementById("recorder").shadowRoot.getElementById("record").textContent,
      ),
    );
    assert.deepEqual(await seen(), ["ko", "읽기", "녹음"]);
  });
});

test("the keyboard alone does the loop and a failure", async () => {
  await onPage(browser, async (page) => {
    /** Presses a key until the element with this id has the focus, in a shadow root too. */
    const reach = async (id, key = "Tab") => {
      for (let presses = 0; presses < 40; presses++) {
        const focused = await page.evaluate(() => {
          const { activeElement } = document;
          return activeElement.shadowRoot?.activeElement?.id ?? activeElement.id;
        });
        if (focused === id) return;
        await page.keyboard.press(key);
      }
      assert.fail(`${key} never reaches ${id}`);
    };
    await reach("record");
    await page.keyboard.press("Enter");
    await recorderState(page, "recording");
    await untilSpoken(page);
    await page.keyboard.press("Enter");
    await shownScores(page);
    await reach("play-own");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("waveform").playing);
    await reach("open-scenarios", "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("scenarios").open);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.getElementById("scenarios").open);
    assert.equal(await page.evaluate(() => document.activeElement.id), "open-scenarios");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("scenarios").open);
    // The close button, the first scenario, and the second.
    for (const key of ["Tab", "Tab", "Enter"]) await page.keyboard.press(key);
    await shownView(page, "failure");
  });
});

test("bytes and phases are shown, and the call can be canceled and sent again", async () => {
  await onPage(browser, async (page, context) => {
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    const setUpload = (uploadThroughput) =>
      devtools.send("Network.emulateNetworkConditions", {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      });
    await page.evaluate(() => fetch("/castle.wav"));
    await setUpload(8_000);
    await choose(page, "Works, on the Pro plan");
    await page.waitForFunction(() => {
      const [phase, numbers] = ["phase", "numbers"].map((id) => document.getElementById(id));
      return (
        phase.textContent === "Sending your recording" && /^\d+ \/ 68 kB/.test(numbers.textContent)
      );
    });
    await page.locator("#cancel").click();
    await shownView(page, "failure");
    assert.equal(await text(page, "failure-message"), "Cancelled.");
    const focused = await page.evaluate(() => document.activeElement.textContent);
    assert.equal(focused, "Send again", "the focus is not lost");
    await setUpload(-1);
    await page.keyboard.press("Enter");
    await shownScores(page);
  });
});

test("the text of an answer is never markup", async () => {
  await onPage(browser, async (page) => {
    const evil = "<img src=x onerror=\"document.title='run'\">";
    await page.route("**/api/theta/transcribe", (route) =>
      route.fulfill({ json: { text: evil, text_type: evil, metadata: {} } }),
    );
    await chooseMode(page, "transcribe");
    await speak(page);
    await page.waitForFunction(() => document.getElementById("text").textContent !== "");
    assert.equal(await text(page, "text"), evil);
    assert.equal(await text(page, "badge"), evil);
    assert.equal(await page.locator("#outcome img").count(), 0);
    assert.equal(await page.locator("#emulated").isHidden(), true, "it does not say so");
  });
});

test("offline, the page opens, a take waits, and it is sent when the network is back", async () => {
  const steps = async (page, context) => {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.reload();
    await page.waitForFunction(() => document.getElementById("source").textContent === "Offline");
    await speak(page);
    await shownView(page, "failure");
    assert.equal(
      await page.evaluate(() => document.querySelector("#failure-picture use + use").href.baseVal),
      "/pictures.svg#unplugged",
    );
    await page.locator("#open-outbox").waitFor();
    assert.equal(await text(page, "open-outbox"), "1 not sent");
    assert.equal(await page.locator("#failure-stored").isHidden(), false);
    await context.setOffline(false);
    // Firefox's emulation reports no change to a page that was loaded offline.
    if (ENGINE === "firefox") await page.locator("#failure-action button").click();
    await shownScores(page);
    await page.waitForFunction(() => document.getElementById("open-outbox").hidden);
  };
  // When the browser says that it is online, the network may still take a moment.
  await onPage(browser, steps, { isPatient: true });
});

test("what was not sent is listed, to be sent or forgotten, on the next visit too", async () => {
  await onPage(browser, async (page, context) => {
    for (const scenario of ["Hangs up without an answer, always", "No credits left"]) {
      await choose(page, scenario);
      await shownView(page, "failure");
      await page.waitForFunction(() => !document.getElementById("open-outbox").hidden);
      await page.close();
      page = await context.newPage();
      await open(page);
      await page.waitForFunction(() => !document.getElementById("open-outbox").hidden);
      if (scenario.startsWith("No")) continue;
      await page.locator("#open-outbox").click();
      await page.locator("#unsent li button").first().click();
      await shownScores(page);
      await page.waitForFunction(() => document.getElementById("open-outbox").hidden);
    }
    await page.locator("#open-outbox").click();
    await page.locator("#unsent li button").last().click();
    await page.waitForFunction(() => document.getElementById("open-outbox").hidden);
    assert.equal(await page.evaluate(() => document.getElementById("outbox").open), false);
  });
});

test("with the real API, the page says so and offers no scenario of the emulator", async () => {
  await onPage(browser, async (page) => {
    await page.route("**/api/demo", (route) =>
      route.fulfill({ json: { mode: "api", scenarios: [] } }),
    );
    await page.goto(`${DEMO_URL}/`);
    await isReady(page);
    assert.equal(await text(page, "source"), "Unofficial, spends credits");
    assert.equal(await page.locator("#scenario-groups h3").count(), 1);
  });
});
