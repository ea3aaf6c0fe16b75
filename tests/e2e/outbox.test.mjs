// Tests of the data that outlasts the page: undelivered takes, and references.

import { strict as assert } from "node:assert";
import { after, before, beforeEach } from "node:test";
import {
  SITE_URL,
  choose,
  chooseSpeech,
  forget,
  launch,
  onPage,
  outcome,
  requests,
  send,
  test,
  uploaded,
} from "./page.mjs";

const OUTBOX = "?outbox&retryBaseMs=20";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());
beforeEach(forget);

const unsent = (page) => page.locator("#unsent li");

/** Opens a new page in the browser profile of `context`. */
async function opened(context, query = OUTBOX) {
  const page = await context.newPage();
  await page.goto(`${SITE_URL}/${query}`);
  await page.waitForFunction(() => document.getElementById("scenario").options.length > 10);
  return page;
}

/** Starts to send the speech, to a server that never responds or over a slow network. */
async function sending(page, { bytesPerSecond } = {}) {
  await chooseSpeech(page);
  await choose(page, "endpoint", "pronunciationSimple");
  if (bytesPerSecond) {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    });
  } else {
    await choose(page, "scenario", "hang");
  }
  await page.getByTestId("send").click();
}

async function crash(page) {
  const crashed = page.waitForEvent("crash");
  const devtools = await page.context().newCDPSession(page);
  // The command gets no response, because the page that would respond is gone.
  devtools.send("Page.crash").catch(() => {});
  await crashed;
  await page.close();
}

async function resumed(page) {
  assert.equal(await unsent(page).count(), 1);
  await page.getByTestId("resume").click();
  const { class: name, raw } = await outcome(page);
  assert.equal(name, null);
  await page.getByTestId("nothing-unsent").waitFor();
  assert.equal(await unsent(page).count(), 0);
  return raw;
}

for (const [name, kill] of [
  ["a page that is closed while the server is silent loses nothing", (page) => page.close()],
  ["a page that is crashed while the server is silent loses nothing", crash],
]) {
  test(name, async () => {
    await onPage(browser, { query: OUTBOX }, async (_, context) => {
      const page = await opened(context);
      await sending(page);
      await page.locator('#timeline [data-phase="processing"]').waitFor();
      await kill(page);
      const [first, ...more] = await requests();
      assert.deepEqual(more, []);

      const later = await opened(context);
      await unsent(later).waitFor();
      assert.equal(await unsent(later).getAttribute("data-state"), "unsent");
      const raw = await resumed(later);
      assert.ok(raw.user_speech_components.length > 0);
      const [, second, ...rest] = await requests();
      assert.deepEqual(rest, [], "once");
      assert.deepEqual(
        [second.endpoint, second.fields, second.options],
        [first.endpoint, first.fields, first.options],
      );
      assert.deepEqual(await uploaded(second.id), await uploaded(first.id));
      // No page sends the take again.
      const last = await opened(context);
      await last.getByTestId("nothing-unsent").waitFor();
      assert.equal((await requests()).length, 2);
    });
  });
}

test("a page that crashes in the middle of its upload loses nothing", async () => {
  await onPage(browser, { query: OUTBOX }, async (page, context) => {
    await chooseSpeech(page);
    await send(page);
    const [{ id }] = await requests();
    const whole = await uploaded(id);
    await forget();

    const dying = await opened(context);
    await sending(dying, { bytesPerSecond: 4000 });
    await dying.locator("#timeline [data-sent-bytes]").waitFor();
    const sentBytes = await dying
      .locator("#timeline [data-sent-bytes]")
      .getAttribute("data-sent-bytes");
    assert.ok(Number(sentBytes) < whole.length, `${sentBytes} of ${whole.length}`);
    await crash(dying);

    const later = await opened(context);
    await unsent(later).waitFor();
    await resumed(later);
    const arrived = await requests();
    assert.equal(arrived.filter(({ status }) => status === 200).length, 1, JSON.stringify(arrived));
    assert.deepEqual(await uploaded(arrived.at(-1).id), whole);
  });
});

test("while one tab sends a take, another sees it and cannot send it too", async () => {
  await onPage(browser, { query: OUTBOX }, async (page, context) => {
    const other = await opened(context);
    await sending(page);
    await page.locator('#timeline [data-phase="processing"]').waitFor();
    await other.reload();
    await unsent(other).waitFor();
    assert.equal(await unsent(other).getAttribute("data-state"), "sending");
    assert.ok(await other.getByTestId("resume").isDisabled());
    await page.getByTestId("abort").click();
    await outcome(page);
    await page.locator('#unsent [data-testid="resume"]:enabled').waitFor();
    await page.getByTestId("discard").click();
    await page.getByTestId("nothing-unsent").waitFor();
    assert.equal((await requests()).length, 1);
  });
});

/** Simulates pages without HTTPS and older WebViews. */
const withoutLocks = () =>
  Object.defineProperty(Navigator.prototype, "locks", { value: undefined });

test("a page that is one of three without Web Locks sends a take once among them", async () => {
  await onPage(browser, { query: OUTBOX }, async (_, context) => {
    await context.addInitScript(withoutLocks);
    const page = await opened(context);
    await chooseSpeech(page);
    await choose(page, "endpoint", "transcribe");
    await choose(page, "scenario", "payment-other");
    await send(page);
    await forget();

    const tabs = [await opened(context), await opened(context), await opened(context)];
    for (const tab of tabs) await tab.locator('#unsent [data-testid="resume"]:enabled').waitFor();
    await Promise.all(tabs.map((tab) => tab.getByTestId("resume").click()));
    const outcomes = await Promise.all(tabs.map((tab) => outcome(tab)));
    assert.deepEqual(outcomes.map((one) => one.class).toSorted(), [
      "ConfigurationError",
      "ConfigurationError",
      null,
    ]);
    assert.equal((await requests()).length, 1, "the server saw it once");
  });
});

test("a page that is gone without a word keeps no take for itself, without Web Locks either", async () => {
  await onPage(browser, { query: OUTBOX }, async (_, context) => {
    await context.addInitScript(withoutLocks);
    // The page gets no chance to clean up when it is closed.
    await context.addInitScript(() => {
      addEventListener("pagehide", (event) => event.stopImmediatePropagation(), { capture: true });
    });
    const page = await opened(context);
    await sending(page);
    await page.locator('#timeline [data-phase="processing"]').waitFor();
    const other = await opened(context);
    await unsent(other).waitFor();
    assert.equal(await unsent(other).getAttribute("data-state"), "sending");
    await page.close();

    // Two minutes later.
    await context.addInitScript(() => {
      const { now } = Date;
      Date.now = () => now() + 120_000;
    });
    const later = await opened(context);
    await unsent(later).waitFor();
    assert.equal(await unsent(later).getAttribute("data-state"), "unsent");
    await resumed(later);
    assert.equal((await requests()).length, 2);
  });
});

test("offline, a take is kept before anything can be sent", async () => {
  await onPage(browser, { query: OUTBOX }, async (_, context) => {
    const page = await opened(context);
    await chooseSpeech(page);
    await context.setOffline(true);
    // A call to a server on this machine is sent at once, and fails.
    await send(page);
    await page.close();
    await context.setOffline(false);
    assert.equal((await requests()).length, 0);

    const later = await opened(context);
    await unsent(later).waitFor();
    await resumed(later);
    assert.equal((await requests()).length, 1);
  });
});

test("a kept take that fails once more is what is sent again, and not the take at hand", async () => {
  await onPage(browser, { query: OUTBOX }, async (page) => {
    await chooseSpeech(page);
    await choose(page, "scenario", "payment-other");
    await send(page);
    await unsent(page).waitFor();
    await page.goto(`${SITE_URL}/${OUTBOX}`);
    await page.waitForFunction(() => document.getElementById("scenario").options.length > 10);
    const resume = async () => {
      await choose(page, "scenario", "payment-other");
      await page.getByTestId("resume").click();
      assert.equal((await outcome(page)).status, 402);
      assert.ok(await page.getByTestId("send-again").isVisible());
    };
    // At first, the page has no take of its own.
    await unsent(page).waitFor();
    await resume();
    await page.getByTestId("trim").uncheck();
    await chooseSpeech(page);
    await resume();
    await choose(page, "scenario", "ok");
    await page.getByTestId("send-again").click();
    assert.equal((await outcome(page)).class, null);
    await page.getByTestId("nothing-unsent").waitFor();
    const arrived = await requests();
    assert.equal(arrived.length, 4);
    assert.deepEqual(await uploaded(arrived.at(-1).id), await uploaded(arrived[0].id));
  });
});

test("nothing is kept unless the page asks for it", async () => {
  await onPage(browser, {}, async (page) => {
    await chooseSpeech(page);
    await choose(page, "scenario", "server-error");
    await send(page);
    assert.ok(await page.getByTestId("outbox").isHidden());
    assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
    await page.getByTestId("keep").check();
    await send(page);
    await unsent(page).waitFor();
  });
});

test("kept takes are thrown away only by somebody who is sure", async () => {
  await onPage(browser, { query: OUTBOX }, async (page) => {
    await choose(page, "scenario", "payment-other");
    for (const count of [1, 2]) {
      // Each take is different, because equal takes are stored once. The input is cleared, because
      // choosing the same file again would be no change.
      await page.evaluate(() => {
        document.querySelector('[data-testid="file"]').value = "";
      });
      await chooseSpeech(page);
      await send(page);
      await page.waitForFunction(
        (count) => document.querySelectorAll("#unsent li").length === count,
        count,
      );
    }
    await page.getByTestId("discard-all").click();
    // Enter would press the button that has the focus.
    assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "discard-none");
    await page.getByTestId("discard-none").click();
    assert.ok(await page.getByTestId("discard-confirmed").isHidden());
    // Clears the list, so that its next entries are new.
    await page.evaluate(() => document.getElementById("unsent").replaceChildren());
    await page.getByTestId("keep").uncheck();
    await page.getByTestId("keep").check();
    await page.waitForFunction(() => document.querySelectorAll("#unsent li").length === 2);
    await page.getByTestId("discard-all").click();
    await page.getByTestId("discard-confirmed").click();
    await page.getByTestId("nothing-unsent").waitFor();
    assert.equal(await unsent(page).count(), 0);
  });
});

test("a reference costs one call, however many tabs and reloads there are", async () => {
  const query = "?persistReferences";
  await onPage(browser, { query }, async (page, context) => {
    const tabs = [page, await opened(context, query)];
    await Promise.all(tabs.map(chooseSpeech));
    await Promise.all(tabs.map((tab) => tab.getByTestId("make-reference").click()));
    const answers = await Promise.all(tabs.map(async (tab) => (await outcome(tab)).raw));
    await page.reload();
    await chooseSpeech(page);
    await page.getByTestId("make-reference").click();
    answers.push((await outcome(page)).raw);
    const [text, ...others] = answers.map((answer) => JSON.stringify(answer));
    assert.ok(answers[0].speech_components.length > 0);
    for (const other of others) assert.equal(other, text);
    const arrived = await requests();
    assert.deepEqual(
      arrived.map(({ endpoint }) => endpoint),
      ["/analyze-native"],
    );
  });
});
