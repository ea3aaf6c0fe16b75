// Tests the elements as custom elements: properties, attributes, moves, and hostile results.

import { strict as assert } from "node:assert";
import { after } from "node:test";

import { onPage, openSite, test } from "./site.mjs";

const site = await openSite();
after(site.close);

const COMPLAINTS = /^thetaone-web\/elements: /;

test("a result stays text, whatever it holds, and never throws", async () => {
  await onPage(
    site,
    async (page) => {
      const outcome = await page.evaluate(async () => {
        const { hostile, waitFor, speech } = globalThis.page;
        const take = speech(1);
        const states = {};
        for (const [name, result] of Object.entries(hostile)) {
          for (const tag of ["theta-score", "theta-waveform"]) {
            const element = document.createElement(tag);
            element.result = result;
            element.nativeResult = result;
            element.take = take;
            document.querySelector("main").append(element);
            await waitFor(() =>
              element.shadowRoot.querySelector(tag === "theta-score" ? ".content" : ".track"),
            );
            const all = [...element.shadowRoot.querySelectorAll("*")];
            for (const toggle of all.filter(({ className }) => className === "more"))
              toggle.click();
            await waitFor(() => true);
            states[`${name} in ${tag}`] = {
              tags: [
                ...new Set(
                  [...element.shadowRoot.querySelectorAll("*")].map(({ localName }) => localName),
                ),
              ].filter((tag) => ["img", "script", "a", "iframe"].includes(tag)),
              handlers: all.some((node) =>
                [...node.attributes].some(({ name }) => name.startsWith("on")),
              ),
              longest: Math.max(
                ...all.map((node) =>
                  [...node.childNodes].reduce(
                    (length, child) => Math.max(length, child.nodeType === 3 ? child.length : 0),
                    0,
                  ),
                ),
              ),
              controls: /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(
                element.shadowRoot.textContent,
              ),
              nodes: all.length,
            };
            element.remove();
          }
        }
        return { states, isHacked: globalThis.isHacked };
      });
      assert.equal(outcome.isHacked ?? undefined, undefined);
      assert.ok(Object.keys(outcome.states).length >= 30);
      for (const [name, { tags, handlers, longest, controls, nodes }] of Object.entries(
        outcome.states,
      )) {
        assert.deepEqual(
          { tags, handlers, controls },
          { tags: [], handlers: false, controls: false },
          name,
        );
        assert.ok(longest <= 1_001, `${name}: ${longest}`);
        assert.ok(nodes < 60_000, `${name}: ${nodes} nodes`);
      }
    },
    { expected: COMPLAINTS },
  );
});

test("markup in a result is shown as it is", async () => {
  await onPage(site, async (page) => {
    const text = await page.evaluate(async () => {
      await globalThis.page.showStates(["score of hostile text"]);
      return document.querySelector("theta-score").shadowRoot.querySelector(".word-button")
        .textContent;
    });
    assert.match(text, /^Play <img src=x onerror=.*<\/script>, score 50, needs practice$/);
  });
});

test("a word that turns the direction of writing turns nothing but itself", async () => {
  await onPage(site, async (page) => {
    const { lefts, isolation } = await page.evaluate(async () => {
      const { hostile, waitFor } = globalThis.page;
      const element = Object.assign(document.createElement("theta-score"), {
        result: hostile.bidi,
      });
      document.querySelector("main").append(element);
      await waitFor(() => element.shadowRoot.querySelector(".word"));
      const words = [...element.shadowRoot.querySelectorAll(".word")];
      return {
        lefts: words.flatMap((word) =>
          [word.querySelector(".rated"), word.querySelector(".score")].map(
            (node) => node.getBoundingClientRect().left,
          ),
        ),
        isolation: getComputedStyle(words[0].querySelector(".rated")).unicodeBidi,
      };
    });
    assert.deepEqual(
      lefts,
      lefts.toSorted((one, other) => one - other),
    );
    assert.equal(isolation, "isolate");
  });
});

test("a result without words and scores is said on the console, and the page goes on", async () => {
  const messages = [];
  await onPage(
    site,
    async (page) => {
      page.on("console", (message) => messages.push(message.text()));
      const text = await page.evaluate(async () => {
        const { waitFor } = globalThis.page;
        const element = Object.assign(document.createElement("theta-score"), {
          result: { text: "Wow" },
          take: 7,
        });
        document.querySelector("main").append(element);
        await waitFor(() => element.shadowRoot.querySelector(".content"));
        return element.shadowRoot.querySelector(".content").textContent;
      });
      assert.equal(text, "There is no result to show.");
      if (messages.length > 0) {
        assert.match(
          messages.join("\n"),
          /<theta-score> takes what a pronunciation method resolved to as `result`/,
        );
        assert.match(messages.join("\n"), /<theta-score> takes a Take or a Blob as `take`/);
      }
    },
    { expected: COMPLAINTS },
  );
});

test("properties that were set before the element was defined count", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { define, result, scriptedClient, waitFor, speech } = globalThis.page;
      const main = document.querySelector("main");
      main.innerHTML =
        "<early-score></early-score><early-waveform></early-waveform><early-recorder></early-recorder>";
      const [score, waveform, recorder] = main.children;
      const take = speech(2.8);
      Object.assign(score, { result, take, currentTime: 2 });
      Object.assign(waveform, { result, take, currentTime: 1 });
      const client = scriptedClient();
      Object.assign(recorder, { client, goldText: "Hello", maxSeconds: 12 });
      define("early");
      await waitFor(
        () =>
          score.shadowRoot?.querySelector("[aria-current]") &&
          waveform.shadowRoot.querySelector(".label"),
      );
      recorder.start();
      await waitFor(() => recorder.state === "recording");
      return {
        current: score.shadowRoot.querySelector("[aria-current]").textContent,
        time: waveform.currentTime,
        attributes: [recorder.getAttribute("gold-text"), recorder.getAttribute("max-seconds")],
        sentence: recorder.shadowRoot.querySelector(".sentence").textContent,
        max: client.options[0].maxSeconds,
        own: Object.keys(score),
      };
    });
    assert.equal(outcome.current, "Play ˈcastle, score 64, fair, stressed");
    assert.deepEqual(
      [outcome.time, outcome.attributes, outcome.sentence, outcome.max],
      [1, ["Hello", "12"], "Hello", 12],
    );
    assert.ok(!outcome.own.includes("result"));
  });
});

test("attributes and properties are the same, and a change is shown", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { waitFor } = globalThis.page;
      const recorder = document.createElement("theta-recorder");
      document.querySelector("main").append(recorder);
      const text = (selector) => recorder.shadowRoot.querySelector(selector)?.textContent;
      const defaults = [recorder.goldText, recorder.locale];
      recorder.setAttribute("gold-text", "First");
      await waitFor(() => text(".sentence") === "First");
      recorder.goldText = "Second";
      await waitFor(() => text(".sentence") === "Second");
      recorder.goldText = null;
      await waitFor(() => text(".sentence") === undefined);
      recorder.locale = "ko";
      await waitFor(() => text(".record") === "녹음");
      recorder.locale = undefined;
      await waitFor(() => text(".record") === "Record");
      recorder.setAttribute("stop-on-silence-seconds", "1.5");
      return [
        recorder.hasAttribute("gold-text"),
        recorder.hasAttribute("locale"),
        recorder.stopOnSilenceSeconds,
        typeof recorder.maxSeconds,
        defaults,
      ];
    });
    assert.deepEqual(outcome, [false, false, 1.5, "undefined", ["", "en"]]);
  });
});

test("the language is that of the attribute, else of the closest lang", async () => {
  await onPage(site, async (page) => {
    const labels = await page.evaluate(async () => {
      const { waitFor } = globalThis.page;
      const main = document.querySelector("main");
      main.innerHTML = `<div lang="ko-KR"><theta-recorder></theta-recorder><theta-recorder locale="en"></theta-recorder></div><div lang="fr"><theta-recorder></theta-recorder></div>`;
      const recorders = [...main.querySelectorAll("theta-recorder")];
      await waitFor(() => recorders.every(({ shadowRoot }) => shadowRoot.querySelector(".record")));
      return recorders.map(({ shadowRoot }) => [
        shadowRoot.querySelector(".record").textContent,
        shadowRoot.querySelector(".content").lang,
      ]);
    });
    assert.deepEqual(labels, [
      ["녹음", "ko"],
      ["Record", "en"],
      ["Record", "en"],
    ]);
  });
});

test("two elements share nothing", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { result, scriptedClient, waitFor } = globalThis.page;
      const create = (tag, properties) => {
        const element = Object.assign(document.createElement(tag), properties);
        document.querySelector("main").append(element);
        return element;
      };
      const [one, other] = [
        create("theta-score", { result }),
        create("theta-score", { result: undefined, locale: "ko" }),
      ];
      const [first, second] = [
        create("theta-recorder", { client: scriptedClient() }),
        create("theta-recorder", { client: scriptedClient() }),
      ];
      await waitFor(
        () =>
          one.shadowRoot.querySelector("[id^=more]") && other.shadowRoot.querySelector(".content"),
      );
      one.shadowRoot.querySelector("[id^=more]").click();
      await waitFor(() => one.shadowRoot.querySelector(".details"));
      await first.start();
      first.client.recorders[0].advance(3);
      return [
        other.result,
        other.locale,
        one.locale,
        other.shadowRoot.querySelector(".word"),
        first.state,
        second.state,
        second.level.elapsedSeconds,
      ];
    });
    assert.deepEqual(
      outcome.map((value) => value ?? ""),
      ["", "ko", "en", "", "recording", "idle", 0],
    );
  });
});

test("an element that is moved keeps its state, also into another document", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { result, waitFor } = globalThis.page;
      const score = Object.assign(document.createElement("theta-score"), { result });
      const main = document.querySelector("main");
      main.append(score);
      await waitFor(() => score.shadowRoot.querySelector("[id^=more]"));
      score.shadowRoot.querySelector("[id^=more]").click();
      await waitFor(() => score.shadowRoot.querySelector(".details"));
      const box = document.createElement("div");
      main.append(box);
      box.append(score);
      await waitFor(() => score.shadowRoot.querySelector(".details"));
      score.remove();
      await new Promise((resolve) => setTimeout(resolve));
      main.append(score);
      await waitFor(() => score.shadowRoot.querySelector(".details"));
      const frame = document.createElement("iframe");
      main.append(frame);
      frame.contentDocument.body.append(score);
      return [
        score.shadowRoot.querySelectorAll(".details").length,
        frame.contentWindow.getComputedStyle(score).display,
        score.shadowRoot.adoptedStyleSheets.length,
      ];
    });
    assert.deepEqual(outcome, [1, "block", 1]);
  });
});

test("define() takes other names, and leaves those alone that are taken", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const { ThetaScore, define } = globalThis.page;
      const before = customElements.get("theta-score");
      define();
      customElements.define("app-score", class extends HTMLElement {});
      define("app");
      define("app");
      return [
        customElements.get("theta-score") === before,
        document.createElement("theta-score") instanceof ThetaScore,
        document.createElement("app-score") instanceof ThetaScore,
        document.createElement("app-waveform").localName,
      ];
    });
    assert.deepEqual(outcome, [true, true, false, "app-waveform"]);
  });
});

test("colors, sizes and parts are the page's to change", async () => {
  await onPage(site, async (page) => {
    const outcome = await page.evaluate(async () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`
        theta-score { --theta-poor: rgb(1, 2, 3); --theta-surface: rgb(4, 5, 6); --theta-target-size: 60px; --theta-font: 20px monospace; }
        theta-score::part(word-button) { letter-spacing: 3px; }
        theta-waveform { --theta-wave: rgb(7, 8, 9); --theta-wave-height: 123px; }
        theta-waveform::part(playhead) { opacity: 0.5; }
        theta-recorder::part(record) { letter-spacing: 5px; }`);
      document.adoptedStyleSheets = [sheet];
      await globalThis.page.showStates([
        "score with a take",
        "waveform with a take",
        "recorder at first",
      ]);
      const style = (tag, selector) =>
        getComputedStyle(document.querySelector(tag).shadowRoot.querySelector(selector));
      return {
        poor: style("theta-score", ".score.poor").color,
        surface: style("theta-score", ".content").backgroundColor,
        size: style("theta-score", ".word-button").minBlockSize,
        font: style("theta-score", ".word-button").fontSize,
        part: style("theta-score", ".word-button").letterSpacing,
        wave: style("theta-waveform", ".shape").fill,
        height: style("theta-waveform", ".shape").height,
        playhead: style("theta-waveform", ".playhead").opacity,
        record: style("theta-recorder", ".record").letterSpacing,
      };
    });
    assert.deepEqual(outcome, {
      poor: "rgb(1, 2, 3)",
      surface: "rgb(4, 5, 6)",
      size: "60px",
      font: "20px",
      part: "3px",
      wave: "rgb(7, 8, 9)",
      height: "123px",
      playhead: "0.5",
      record: "5px",
    });
  });
});
