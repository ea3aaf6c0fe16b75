// Everybody can use the elements: axe-core, keyboard, narrow windows, in both languages and themes.

import { strict as assert } from "node:assert";
import { after } from "node:test";

import { onPage, openSite, test } from "./site.mjs";

const site = await openSite();
after(site.close);

/** The mistakes of developers that the states show. */
const COMPLAINTS = /^thetaone-web\/elements: /;

for (const locale of ["en", "ko"]) {
  for (const scheme of ["light", "dark"]) {
    test(`axe finds nothing in any state, in ${locale} and ${scheme}`, async (t) => {
      await onPage(
        site,
        async (page) => {
          const { violations, passes, states } = await page.evaluate(
            async ([locale, scheme]) => {
              document.documentElement.lang = locale;
              document.documentElement.dataset.scheme = scheme;
              await globalThis.page.showStates();
              await new Promise((resolve) => {
                const script = Object.assign(document.createElement("script"), {
                  src: "/axe/axe.min.js",
                  onload: resolve,
                });
                document.head.append(script);
              });
              const { violations, incomplete, passes } = await axe.run();
              // Contrast that axe cannot decide is as bad: it is decided by hand then, or never.
              const undecided = incomplete.filter(({ id }) => id !== "color-contrast");
              const findings = [...violations, ...undecided].map(({ id, help, nodes }) => ({
                id,
                help,
                nodes: nodes.map(
                  ({ target, failureSummary }) => `${target.flat().join(" ")}: ${failureSummary}`,
                ),
              }));
              return {
                violations: findings,
                passes: passes.map(({ id }) => id),
                states: document.querySelectorAll("section").length,
              };
            },
            [locale, scheme],
          );
          assert.deepEqual(violations, []);
          assert.ok(states > 20, `${states} states`);
          for (const rule of [
            "color-contrast",
            "button-name",
            "aria-allowed-attr",
            "aria-required-children",
            "aria-meter-name",
            "definition-list",
          ]) {
            assert.ok(passes.includes(rule), `axe has seen ${rule}`);
          }
          t.diagnostic(`axe-core: 0 violations in ${states} states, ${passes.length} rules passed`);
        },
        { expected: COMPLAINTS },
      );
    });
  }
}

test("text and surface have enough contrast in both themes, as browsers compute the colors", async (t) => {
  await onPage(site, async (page) => {
    for (const scheme of ["light", "dark"]) {
      const lowest = await page.evaluate(async (scheme) => {
        document.documentElement.dataset.scheme = scheme;
        document.querySelector("main").replaceChildren();
        await globalThis.page.showStates([
          "score with a word marked",
          "waveform with words",
          "recorder that records",
          "recorder that was refused",
        ]);
        // Colors in whatever form, as bytes.
        const context = document
          .createElement("canvas")
          .getContext("2d", { willReadFrequently: true });
        const bytes = (color) => {
          context.clearRect(0, 0, 1, 1);
          context.fillStyle = color;
          context.fillRect(0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data];
        };
        const luminance = (color) => {
          const [r, g, b] = bytes(color).map((byte) =>
            byte / 255 <= 0.03928 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4,
          );
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const surface = (node) => {
          const { backgroundColor } = getComputedStyle(node);
          if (bytes(backgroundColor)[3] === 255) return backgroundColor;
          return surface(node.parentElement ?? node.getRootNode().host);
        };
        const contrasts = [];
        for (const host of document.querySelectorAll("section > *")) {
          for (const node of host.shadowRoot.querySelectorAll(".content *")) {
            const hasText = [...node.childNodes].some(
              (child) => child.nodeType === 3 && child.data.trim(),
            );
            if (!hasText || node.classList.contains("hidden")) continue;
            const [one, other] = [
              luminance(getComputedStyle(node).color),
              luminance(surface(node)),
            ];
            contrasts.push([
              (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05),
              `${node.className} ${node.textContent}`,
            ]);
          }
        }
        return contrasts.sort(([one], [other]) => one - other)[0];
      }, scheme);
      assert.ok(lowest[0] >= 4.5, `${scheme}: ${lowest}`);
      t.diagnostic(`${scheme}: the lowest contrast is ${lowest[0].toFixed(2)}`);
    }
  });
});

test("nothing is wider than a window of 320 pixels", async () => {
  await onPage(
    site,
    async (page) => {
      const { states, wide } = await page.evaluate(async () => {
        document.querySelector("main").style.width = "320px";
        await globalThis.page.showStates();
        const wide = [];
        for (const section of document.querySelectorAll("section")) {
          const { right } = section.getBoundingClientRect();
          const inside = [
            ...section.firstChild.shadowRoot.querySelectorAll(".content, .content *"),
          ];
          for (const node of inside) {
            // The labels of a waveform are cut at its edge.
            const isCut = node.closest(".wave") && !node.classList.contains("wave");
            const box = node.getBoundingClientRect();
            if (!isCut && !node.classList.contains("hidden") && box.right > right + 0.5)
              wide.push(`${section.dataset.state}: ${node.className}, by ${box.right - right}`);
          }
          if (section.scrollWidth > section.clientWidth)
            wide.push(`${section.dataset.state} scrolls`);
        }
        return { wide, states: document.querySelectorAll("section").length };
      });
      assert.ok(states > 20);
      assert.deepEqual(wide, []);
    },
    { expected: COMPLAINTS },
  );
});

test("scores are numbers and lines, not colors alone", async () => {
  await onPage(site, async (page) => {
    const words = await page.evaluate(async () => {
      await globalThis.page.showStates(["score with a take"]);
      const { shadowRoot } = document.querySelector("theta-score");
      return Array.from(shadowRoot.querySelectorAll(".word"), (word) => ({
        text: word.querySelector("button").textContent,
        line: getComputedStyle(word.querySelector(".rated")).textDecorationStyle,
      }));
    });
    assert.deepEqual(words, [
      { text: "Play ˈWow, score 95, good, stressed", line: "solid" },
      { text: "Play check, score 71, fair", line: "dashed" },
      { text: "Play out, score 83, good", line: "solid" },
      { text: "Play this, score 42, needs practice", line: "wavy" },
      { text: "Play ˈcastle, score 64, fair, stressed", line: "dashed" },
    ]);
  });
});

test("nothing is animated, whether or not the user wants little motion", async () => {
  await onPage(
    site,
    async (page) => {
      const { moving, count } = await page.evaluate(async () => {
        await globalThis.page.showStates();
        const nodes = [...document.querySelectorAll("section > *")].flatMap(({ shadowRoot }) => [
          ...shadowRoot.querySelectorAll("*"),
        ]);
        const isMoving = (node) => {
          const { transitionDuration, animationName } = getComputedStyle(node);
          return transitionDuration !== "0s" || animationName !== "none";
        };
        return {
          moving: nodes.filter(isMoving).map(({ className }) => String(className)),
          count: nodes.length,
        };
      });
      assert.ok(count > 200);
      assert.deepEqual(moving, []);
    },
    { expected: COMPLAINTS },
  );
});

test("a live waveform is drawn twice a second for users who want little motion", async () => {
  await onPage(site, async (page) => {
    const { usual, calm } = await page.evaluate(async () => {
      const { scriptedRecorder, waitFor } = globalThis.page;
      const { matchMedia } = globalThis;
      /** Counts the drawings of two seconds of levels, in time that the test moves. */
      const count = async (isCalm) => {
        let nowMs = 0;
        const frames = [];
        globalThis.requestAnimationFrame = (callback) => frames.push(callback);
        globalThis.matchMedia = (query) =>
          query.includes("reduced-motion") ? { matches: isCalm } : matchMedia(query);
        const recorder = scriptedRecorder();
        const waveform = Object.assign(document.createElement("theta-waveform"), { recorder });
        document.querySelector("main").append(waveform);
        await waitFor(() => waveform.shadowRoot.querySelector(".live"));
        const path = waveform.shadowRoot.querySelector(".live path");
        let drawings = 0;
        path.setAttribute = () => {
          drawings += 1;
        };
        for (; nowMs < 2_000; nowMs += 20) {
          recorder.advance(nowMs / 1000, -20);
          for (const frame of frames.splice(0)) frame(nowMs + 1_000);
        }
        waveform.remove();
        return drawings;
      };
      return { usual: await count(false), calm: await count(true) };
    });
    assert.deepEqual([usual, calm], [100, 4]);
  });
});

test("the keyboard reaches and does everything in a score", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(async () => {
      await globalThis.page.showStates(["score with a reference"]);
      globalThis.events = [];
      const element = document.querySelector("theta-score");
      for (const type of ["word-play", "word-open"])
        element.addEventListener(type, ({ detail }) =>
          events.push(`${type} ${detail.word} ${detail.open ?? ""}`),
        );
    });
    const focused = () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.id);
    const order = [];
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press("Tab");
      order.push(await focused());
      if (order.at(-1) === "word-0") await page.keyboard.press("Enter");
      if (order.at(-1) === "word-1") await page.keyboard.press("Space");
      if (order.at(-1) === "more-4") await page.keyboard.press("Enter");
    }
    assert.deepEqual(order.slice(0, 7), [
      "play",
      "word-0",
      "word-1",
      "word-2",
      "word-3",
      "word-4",
      "more-4",
    ]);
    assert.deepEqual(await page.evaluate(() => events), [
      "word-play Wow ",
      "word-play check ",
      "word-open castle true",
    ]);
  });
});

test("an opened word keeps the focus, and can be closed again by the same key", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(() => globalThis.page.showStates(["score with a take"]));
    const readState = () =>
      page.evaluate(() => {
        const { shadowRoot } = document.querySelector("theta-score");
        const toggle = shadowRoot.getElementById("more-4");
        const details = shadowRoot.getElementById(toggle.getAttribute("aria-controls") ?? "none");
        return [
          shadowRoot.activeElement === toggle,
          toggle.getAttribute("aria-expanded"),
          details?.textContent ?? null,
        ];
      });
    await page.evaluate(() =>
      document.querySelector("theta-score").shadowRoot.getElementById("more-4").focus(),
    );
    assert.deepEqual(await readState(), [true, "false", null]);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector("theta-score").shadowRoot.getElementById("details") !== null,
    );
    const [isFocused, expanded, details] = await readState();
    assert.deepEqual([isFocused, expanded], [true, "true"]);
    for (const text of ["cas", "58", "æ", "44"])
      assert.ok(details.includes(text), `${text} in ${details}`);
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector("theta-score").shadowRoot.getElementById("details") === null,
    );
    assert.deepEqual(await readState(), [true, "false", null]);
  });
});

test("the keyboard moves through a waveform, and plays from there", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(async () => {
      await globalThis.page.showStates(["waveform with a reference"]);
      globalThis.slider = (name) =>
        document.querySelector("theta-waveform").shadowRoot.getElementById(`position-${name}`);
    });
    const value = (name = "own") =>
      page.evaluate(
        (name) => [
          Number(slider(name).getAttribute("aria-valuenow")),
          slider(name).getAttribute("aria-valuetext"),
        ],
        name,
      );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(
      await page.evaluate(() => document.activeElement.shadowRoot.activeElement.id),
      "position-native",
    );
    await page.keyboard.press("PageUp");
    assert.deepEqual(await value("native"), [0.05, "0.0 of 1.7 seconds, Wow"]);
    await page.evaluate(() => slider("own").focus());
    await page.keyboard.press("PageUp");
    await page.keyboard.press("PageUp");
    assert.deepEqual(await value(), [0.9, "0.9 of 2.8 seconds, check"]);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowUp");
    assert.deepEqual(await value(), [1.1, "1.1 of 2.8 seconds, check"]);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("PageDown");
    assert.deepEqual(await value(), [0.9, "0.9 of 2.8 seconds, check"]);
    await page.keyboard.press("End");
    assert.deepEqual(await value(), [2.8, "2.8 of 2.8 seconds"]);
    await page.keyboard.press("Home");
    assert.deepEqual(await value(), [0, "0.0 of 2.8 seconds"]);
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.querySelector("theta-waveform").currentTime > 0.2);
    await page.keyboard.press("Space");
    assert.equal(
      await page.evaluate(() => document.querySelector("theta-waveform").playing),
      false,
    );
  });
});

test("the keyboard records", async () => {
  await onPage(site, async (page) => {
    await page.evaluate(() => globalThis.page.showStates(["recorder at first"]));
    const state = (wanted) =>
      page.waitForFunction(
        (wanted) => document.querySelector("theta-recorder").state === wanted,
        wanted,
      );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await state("recording");
    // The focus stays on the button, whose label is another now.
    await page.waitForFunction(
      () => document.activeElement?.shadowRoot?.activeElement?.textContent === "Stop",
    );
    await page.keyboard.press("Space");
    await state("preparing");
  });
});

test("live regions announce what happens, in the element's language", async () => {
  await onPage(site, async (page) => {
    const announcements = await page.evaluate(async () => {
      const { scriptedClient, result, waitFor, microphoneError } = globalThis.page;
      const announcements = [];
      const create = async (tag, properties) => {
        const element = Object.assign(document.createElement(tag), properties);
        document.querySelector("main").append(element);
        const region = element.shadowRoot.querySelector("[role=status]");
        new MutationObserver(() => announcements.push(region.textContent)).observe(region, {
          childList: true,
        });
        await waitFor(() => element.shadowRoot.querySelector(".content"));
        return element;
      };
      await create("theta-score", { result, locale: "ko" });
      const client = scriptedClient({ taking: async () => ({ durationSeconds: 1.25 }) });
      const recorder = await create("theta-recorder", { client, locale: "ko", maxSeconds: 20 });
      await recorder.start();
      client.recorders[0].advance(10.5);
      await waitFor(() => announcements.some((text) => text.includes("남음")));
      await recorder.stop();
      await waitFor(() => recorder.state === "done");
      recorder.client = scriptedClient({ opening: () => Promise.reject(microphoneError("busy")) });
      await recorder.start();
      await waitFor(() => recorder.shadowRoot.querySelector("[role=alert]"));
      return [
        ...announcements.filter(Boolean),
        recorder.shadowRoot.querySelector("[role=alert]").textContent,
      ];
    });
    assert.deepEqual(announcements, [
      "결과가 나왔어요. 단어 5개.",
      "마이크를 기다리고 있어요 …",
      "녹음 중이에요. 지금 말해 주세요.",
      "10초 남음",
      "녹음을 준비하고 있어요 …",
      "녹음했어요: 1.3초.",
      "마이크를 기다리고 있어요 …",
      "마이크를 이미 사용하고 있어요. 다른 녹음을 끝내거나 다른 앱을 닫고 다시 시도해 주세요.",
    ]);
  });
});
