// How the page looks and feels: axe, one screen, 320 pixels, nothing that jumps, few lines.

import { strict as assert } from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import { after, before } from "node:test";

import {
  ENGINE,
  PHONE,
  choose,
  chooseByScript,
  chooseMode,
  launch,
  onPage,
  shownScores,
  shownView,
  speak,
  test,
} from "./page.mjs";

const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const SOURCE = new URL("../../www-demo/", import.meta.url);

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** The states of the page, each by what leads to it from the state before. */
const STATES = {
  welcome: (page) => shownView(page, "welcome"),
  "scenarios menu": (page) => page.locator("#open-scenarios").click(),
  scores: async (page) => {
    await page.keyboard.press("Escape");
    await chooseByScript(page, "Works, on the Pro plan");
    await shownScores(page);
  },
  progress: async (page) => {
    await chooseByScript(page, "Never answers");
    await shownView(page, "progress");
  },
  canceled: async (page) => {
    // Again, because the call before may have timed out while axe ran.
    await chooseByScript(page, "Never answers");
    await page.locator("#cancel").click();
    await page.waitForFunction(() =>
      document.getElementById("failure-report").textContent.includes("ABORTED"),
    );
  },
  "microphone refused": async (page) => {
    await chooseByScript(page, "Microphone refused");
    await page.locator("#failure-help li").first().waitFor();
  },
  "failure with a wait": async (page) => {
    await chooseByScript(page, "429, always");
    await page.locator("#failure-action button:disabled").waitFor();
  },
  "failure with a link, for developers": async (page) => {
    await chooseByScript(page, "No credits left");
    await page.locator("#failure-action a").waitFor();
    await page.locator("#failure summary").click();
  },
  outbox: (page) => page.locator("#open-outbox").click(),
  "without a native voice": async (page) => {
    await page.keyboard.press("Escape");
    await chooseMode(page, "say");
    await page.locator("#native-choice").waitFor();
  },
  "native voice": async (page) => {
    await page.locator("#use-sample").click();
    await page.locator("#waveform .native").waitFor();
  },
  comparison: async (page) => {
    await chooseByScript(page, "Works, on the Pro plan");
    await page.locator("#comparison").waitFor();
  },
  "one's own sentence": (page) => page.locator("#sentence").selectOption("own"),
  transcript: async (page) => {
    await chooseMode(page, "transcribe");
    await chooseByScript(page, "Works, on the Pro plan");
    await page.locator("#transcript").waitFor();
  },
  recording: async (page) => {
    await page.locator("#recorder #record").click();
    await page.locator("#recorder #meter").waitFor();
  },
};

/** Runs in the page: returns what axe finds, and the number of rules that passed. */
async function runAxe() {
  const { violations, incomplete, passes } = await axe.run();
  // A gradient and an animated picture hide the background from axe.
  const undecided = incomplete.filter(({ id }) => id !== "color-contrast");
  return {
    passes: passes.length,
    problems: [...violations, ...undecided].map(({ id, nodes }) => [
      id,
      ...nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`),
    ]),
  };
}

for (const [locale, colorScheme] of [
  ["en-US", "light"],
  ["ko-KR", "dark"],
  ["ko-KR", "light"],
  ["en-US", "dark"],
]) {
  test(`axe finds nothing in any state, in ${locale} and ${colorScheme}`, async (t) => {
    const isDark = colorScheme === "dark";
    const painted = isDark && ENGINE === "firefox" ? await launch({ isDark }) : browser;
    t.after(() => painted !== browser && painted.close());
    await onPage(
      painted,
      async (page) => {
        const scheme = `(prefers-color-scheme: ${colorScheme})`;
        assert.ok(await page.evaluate((scheme) => matchMedia(scheme).matches, scheme));
        await page.evaluate(AXE);
        const found = [];
        let passes = 0;
        for (const [state, reach] of Object.entries(STATES)) {
          await reach(page);
          const results = await page.evaluate(runAxe);
          passes += results.passes;
          for (const problem of results.problems) found.push([state, ...problem]);
        }
        assert.deepEqual(found, []);
        t.diagnostic(
          `0 violations in ${Object.keys(STATES).length} states, ${passes} rules passed`,
        );
      },
      { locale, colorScheme },
    );
  });
}

const overflow = () => [
  document.documentElement.scrollHeight - innerHeight,
  document.documentElement.scrollWidth - document.documentElement.clientWidth,
];

test("on a phone, reading needs no scrolling, whatever the sentence", async () => {
  for (const locale of ["en-US", "ko-KR"]) {
    await onPage(
      browser,
      async (page) => {
        const sentences = await page.evaluate(() =>
          Array.from(document.querySelectorAll("#sentence optgroup option"), ({ value }) => value),
        );
        assert.equal(sentences.length, 20);
        // The words of a result are English, so that a few sentences are enough in Korean.
        const isShort = locale === "ko-KR";
        for (const sentence of isShort ? sentences.slice(0, 6) : sentences) {
          await page.locator("#sentence").selectOption(sentence);
          assert.deepEqual(await page.evaluate(overflow), [0, 0], `${locale} ${sentence}`);
          await chooseByScript(page, "Works, on the Pro plan");
          await shownScores(page);
          assert.deepEqual(await page.evaluate(overflow), [0, 0], `${locale} ${sentence}, scored`);
        }
      },
      { locale },
    );
  }
});

test("nothing is wider than a window of 320 pixels", async () => {
  await onPage(
    browser,
    async (page) => {
      for (const [state, reach] of Object.entries(STATES)) {
        await reach(page);
        assert.equal((await page.evaluate(overflow))[1], 0, state);
      }
    },
    { viewport: { width: 320, height: 640 } },
  );
});

test("nothing jumps: no visible layout shift from opening the page to the scores", async (t) => {
  await onPage(browser, async (page) => {
    await page.evaluate(() => {
      globalThis.shifts = [];
      new PerformanceObserver((list) => {
        for (const { value, sources } of list.getEntries()) {
          const nodes = sources.map(({ node }) => node?.id || node?.nodeName);
          globalThis.shifts.push({ value, nodes });
        }
      }).observe({ type: "layout-shift", buffered: true });
    });
    await speak(page);
    await shownScores(page);
    await speak(page);
    await shownScores(page);
    await choose(page, "No credits left");
    await shownView(page, "failure");
    const shifts = await page.evaluate(() => globalThis.shifts);
    t.diagnostic(`layout shifts: ${JSON.stringify(shifts)}`);
    // Shifts within half a second of an input count, too: on a slow network, the scores come later.
    // The note of the emulator moves the waveform by 0.005.
    assert.deepEqual(
      shifts.filter(({ value }) => value > 0.01),
      [],
    );
  });
});

test("pictures stand still for users who want little motion", async () => {
  const names = async (options) => {
    let name;
    await onPage(
      browser,
      async (page) => {
        name = await page.evaluate(
          () => getComputedStyle(document.querySelector(".picture use + use")).animationName,
        );
      },
      options,
    );
    return name;
  };
  assert.equal(await names({ reducedMotion: "no-preference" }), "rise");
  assert.equal(await names({ reducedMotion: "reduce" }), "none");
});

test("on a wide window, the result is next to the sentence", async () => {
  await onPage(
    browser,
    async (page) => {
      const [speak, outcome] = await page.evaluate(() =>
        ["speak", "outcome"].map((id) =>
          document.getElementById(id).getBoundingClientRect().toJSON(),
        ),
      );
      assert.ok(speak.right < outcome.left);
      assert.equal(speak.top, outcome.top);
      assert.deepEqual(await page.evaluate(overflow), [0, 0]);
    },
    { viewport: { width: 1280, height: 800 } },
  );
  assert.ok(PHONE.width < 768);
});

test("the source has less than 900 lines, with styles and HTML", (t) => {
  const files = ["src", "public"].flatMap((folder) =>
    readdirSync(new URL(folder, SOURCE), { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(js|css|html)$/.test(entry.name))
      .map(({ name }) => `${folder}/${name}`),
  );
  const lines = ["index.html", ...files].map(
    (file) => readFileSync(new URL(file, SOURCE), "utf8").split("\n").length - 1,
  );
  const sum = lines.reduce((total, count) => total + count, 0);
  t.diagnostic(`${sum} lines in ${lines.length} files`);
  assert.ok(files.length > 10 && sum < 900, `${sum} lines`);
});
