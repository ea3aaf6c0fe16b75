// Every failure has a design of its own, and is two clicks away.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";

import {
  DEMO_URL,
  choose,
  chooseByScript,
  launch,
  onPage,
  onTwoPages,
  shownScores,
  shownView,
  test,
  text,
} from "./page.mjs";

const PICTURES = readFileSync(
  new URL("../../www-demo/public/pictures.svg", import.meta.url),
  "utf8",
);

let browser;
let scenarios;
before(async () => {
  browser = await launch();
  ({ scenarios } = await (await fetch(`${DEMO_URL}/api/demo`)).json());
});
after(() => browser.close());

/** Returns what the failure shows. */
async function shownFailure(page) {
  await shownView(page, "failure");
  return page.evaluate(() => {
    const byId = (id) => document.getElementById(id);
    const names = [...byId("failure-fields").querySelectorAll("dt")];
    return {
      fields: Object.fromEntries(
        names.map((name) => [name.textContent, name.nextSibling.textContent]),
      ),
      pictures: Array.from(
        byId("failure-picture").children,
        (use) => use.href.baseVal.split("#")[1],
      ),
      message: byId("failure-message").textContent,
      actions: Array.from(byId("failure-action").children, (node) => node.textContent),
      attempts: byId("failure-attempts").children.length,
      report: byId("failure-report").textContent,
    };
  });
}

function checkDesign({ fields, pictures, message, actions, report }) {
  for (const picture of pictures) assert.ok(PICTURES.includes(`id="${picture}"`), picture);
  assert.ok(message.length > 5);
  assert.equal(actions.length, 1, "one button");
  assert.ok(report.includes(fields.code));
}

test("each scenario of the emulator leads to its result or its failure", async (t) => {
  const designs = new Map();
  // While one page waits in a slow scenario, the other continues.
  const left = [...scenarios];
  await onTwoPages(browser, async (page) => {
    for (let scenario = left.pop(); scenario; scenario = left.pop()) {
      const { title, expect } = scenario;
      await chooseByScript(page, title);
      if (!expect.class) {
        await shownScores(page);
        continue;
      }
      const failure = await shownFailure(page);
      checkDesign(failure);
      assert.equal(failure.fields.name, expect.class, title);
      assert.equal(failure.fields.code, expect.code, title);
      assert.equal(failure.fields.reason, expect.reason ?? undefined, title);
      assert.equal(failure.attempts, expect.attempts, title);
      designs.set(expect.class, failure.pictures[1]);
    }
  });
  assert.equal(scenarios.length > 30, true);
  assert.ok(designs.size >= 12, [...designs].join("; "));
  t.diagnostic([...designs].map(([name, picture]) => `${name}: ${picture}`).join(", "));
});

test("each scenario is two clicks away", async () => {
  await onPage(browser, async (page) => {
    await page.locator("#open-scenarios").click();
    const { titles, unreachable } = await page.evaluate(() => {
      const buttons = [...document.querySelectorAll("#scenario-groups button")];
      const isReachable = (button) => {
        button.scrollIntoView({ block: "center" });
        const { x, y, width, height } = button.getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + height / 2) === button;
      };
      const titleOf = ({ textContent }) => textContent;
      return {
        titles: buttons.map(titleOf),
        unreachable: buttons.filter((button) => !isReachable(button)).map(titleOf),
      };
    });
    assert.deepEqual(unreachable, []);
    for (const { title } of scenarios) assert.ok(titles.includes(title), title);
  });
});

test("each failure of the device is two clicks away too", async () => {
  const expected = {
    "Microphone refused": ["MICROPHONE", "denied"],
    "No microphone": ["MICROPHONE", "not_found"],
    "Microphone in use": ["MICROPHONE", "busy"],
    Silence: ["INVALID_AUDIO", "silent"],
    "A file without sound": ["INVALID_AUDIO", "undecodable"],
    "Storage full": ["STORAGE", "quota"],
    "App not loaded": ["WASM_LOAD_FAILED", undefined],
    "Mistake in the app": ["CONFIGURATION", undefined],
  };
  await onPage(browser, async (page) => {
    for (const [title, [code, reason]] of Object.entries(expected)) {
      await choose(page, title);
      await page.waitForFunction(
        (code) => document.getElementById("failure-report").textContent.includes(code),
        code,
      );
      const failure = await shownFailure(page);
      checkDesign(failure);
      assert.deepEqual([failure.fields.code, failure.fields.reason], [code, reason], title);
      // There is help where the microphone is refused. Its texts load with the first refusal.
      await page.waitForFunction(
        (isHelped) => document.querySelectorAll("#failure-help li").length > 0 === isHelped,
        title === "Microphone refused",
      );
    }
    const all = await page.locator("#scenario-groups h3:last-of-type + .row button").count();
    assert.equal(all, Object.keys(expected).length);
  });
});

test("the button of a failure leads on", async () => {
  await onPage(browser, async (page) => {
    await choose(page, "401 of a proxy's own");
    await shownView(page, "failure");
    await page.locator("#failure-action button").click();
    await shownScores(page);

    await choose(page, "No credits left");
    await shownView(page, "failure");
    const link = page.locator("#failure-action a");
    assert.equal(await link.getAttribute("href"), "https://console.thetaone.co/billing");
    assert.equal(await link.getAttribute("rel"), "noreferrer");

    await choose(page, "Storage full");
    await page.waitForFunction(() =>
      document.getElementById("failure-report").textContent.includes("STORAGE"),
    );
    await page.locator("#failure-action button").click();
    await page.waitForFunction(() => document.getElementById("outbox").open);
  });
});

/** Lists what an element shows from now on: its text, and whether a button in it is disabled. */
const watchTexts = (page, id) =>
  page.evaluate((id) => {
    const node = document.getElementById(id);
    const texts = [];
    globalThis.shownTexts = { ...globalThis.shownTexts, [id]: texts };
    const record = () => {
      const isDisabled = node.querySelector("button:disabled") !== null;
      texts.push(`${node.textContent}${isDisabled ? " (disabled)" : ""}`);
    };
    const changes = { childList: true, characterData: true, subtree: true };
    new MutationObserver(record).observe(node, changes);
  }, id);

/** Waits until the seconds in the texts of an element have changed to `count` values in turn. */
async function countedSeconds(page, id, pattern, count) {
  const read = ({ id, source, count }) => {
    const found = globalThis.shownTexts[id].map((text) => new RegExp(source).exec(text)?.[1]);
    const seconds = found.filter(Boolean).map(Number);
    const changes = seconds.filter((value, at) => value !== seconds[at - 1]);
    return changes.length >= count && changes;
  };
  const argument = { id, source: pattern.source, count };
  await page.waitForFunction(read, argument);
  return page.evaluate(read, argument);
}

function assertCountsDown(seconds, first) {
  assert.equal(seconds[0], first);
  const descending = seconds.toSorted((one, other) => other - one);
  assert.deepEqual(seconds, descending);
}

test("waits count down: between attempts, and before another try", async () => {
  await onPage(
    browser,
    async (page) => {
      // Every text is listed, because a busy machine may not find one while it is shown.
      for (const id of ["phase", "numbers", "failure-action"]) await watchTexts(page, id);
      await chooseByScript(page, "429 with Retry-After: 2, then 200");
      assertCountsDown(await countedSeconds(page, "phase", /again in (\d+) s/, 2), 2);
      const numbers = await page.evaluate(() => globalThis.shownTexts.numbers);
      assert.ok(
        numbers.some((shown) => shown.startsWith("68 kB")),
        numbers.join("; "),
      );
      await shownScores(page);

      await chooseByScript(page, "429, always");
      const isCounting = /^Try again in (\d+) s \(disabled\)$/;
      assertCountsDown(await countedSeconds(page, "failure-action", isCounting, 3), 10);
    },
    { isPatient: true },
  );
});

test("developers see class, code, attempts and the report", async () => {
  await onPage(browser, async (page) => {
    await choose(page, "500, always");
    const { fields, attempts } = await shownFailure(page);
    assert.equal(attempts, 3);
    for (const name of ["name", "code", "status", "category", "fix", "endpoint", "occurredAt"]) {
      assert.ok(fields[name], name);
    }
    await page.locator("#failure summary").click();
    assert.match(await text(page, "failure-report"), /^Theta One support report \(ServerError/);
    const shares = await page.evaluate(() =>
      Array.from(document.getElementById("failure-attempts").children, ({ style }) =>
        Number.parseFloat(style.getPropertyValue("--share")),
      ),
    );
    assert.equal(Math.max(...shares), 100);
  });
});
