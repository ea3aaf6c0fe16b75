// Every failure has a design of its own, and is two clicks away.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";

import { DEMO_URL, choose, launch, onPage, shownScores, shownView, test, text } from "./page.mjs";

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
  await onPage(browser, async (page) => {
    for (const { title, expect } of scenarios) {
      await choose(page, title);
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

test("waits count down: between attempts, and before another try", async () => {
  await onPage(
    browser,
    async (page) => {
      await choose(page, "429 with Retry-After: 2, then 200");
      for (const left of [2, 1]) {
        await page.waitForFunction(
          (left) => document.getElementById("phase").textContent.includes(`again in ${left} s`),
          left,
        );
      }
      assert.match(await text(page, "numbers"), /^68 kB/);
      await shownScores(page);

      await choose(page, "429, always");
      await shownView(page, "failure");
      const button = page.locator("#failure-action button");
      assert.equal(await button.isDisabled(), true);
      assert.match(await button.textContent(), /^Try again in (10|9) s$/);
      await page.waitForFunction(() =>
        /in [78] s/.test(document.getElementById("failure-action").textContent),
      );
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
