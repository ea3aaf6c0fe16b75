// Drives WebKitGTK, which Playwright cannot drive, by WebDriver. Has the part of Playwright's
// interface that the tests use and the protocol supports. The tests that need more are listed in
// ../engines.json.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const LIMIT_MS = 90_000;
/** The time in which a browser must start or show a page. Sometimes it never does. */
const START_LIMIT_MS = 30_000;
const POLL_MS = 50;

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** The driver did not respond in time, not even that a script takes too long: the browser hangs. */
export class BrowserHangError extends Error {}

/** Calls `ask` repeatedly until its result is truthy. */
async function until(what, ask, limit = LIMIT_MS) {
  const end = performance.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`${what}: not within ${limit} ms`);
    await pause(POLL_MS);
  }
}

class Session {
  constructor(url) {
    this.url = url;
  }

  /**
   * Waits longer than any script may take. A browser that hangs must fail its test, not the whole
   * file.
   */
  async ask(method, path, body, limit = LIMIT_MS + 5_000) {
    const signal = AbortSignal.timeout(limit);
    try {
      const response = await fetch(this.url + path, {
        method,
        body: body && JSON.stringify(body),
        signal,
      });
      const { value } = await response.json();
      if (response.ok) return value;
      throw new Error(`${value.error}: ${value.message}`);
    } catch (cause) {
      // On a busy machine, WebKitWebDriver sometimes loses the result of a script.
      const isLost = /Could not parse script result/.test(cause.message);
      const ErrorClass = isLost || cause.name === "TimeoutError" ? BrowserHangError : Error;
      const request = `${method} ${path} ${body?.script ?? ""}`;
      throw new ErrorClass(`${cause.message}, after ${request}`, { cause });
    }
  }

  /** Runs a function, which may be asynchronous, in the page. */
  async evaluate(work, argument) {
    const script = `
      const [argument, done] = arguments;
      Promise.resolve().then(() => (${work})(argument))
        .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.ask("POST", "/execute/async", {
      script,
      args: [argument ?? null],
    });
    if (error !== undefined) throw new Error(error);
    return value;
  }
}

/** The elements that match a selector at the time of each use. */
class Locator {
  constructor(session, selector) {
    Object.assign(this, { session, selector });
  }

  /** Runs a function on the first of them in the page. */
  read(work, argument) {
    const script = `([selector, argument]) => (${work})(document.querySelector(selector), argument)`;
    return this.session.evaluate(script, [this.selector, argument]);
  }

  async element() {
    const found = () =>
      this.session.ask("POST", "/elements", { using: "css selector", value: this.selector });
    const [first] = await until(
      this.selector,
      async () => (await found()).slice(0, 1).filter(Boolean)[0] && found(),
    );
    return `/element/${first[ELEMENT]}`;
  }

  async click() {
    await until(`${this.selector} to be enabled`, () => this.isEnabled());
    await this.session.ask("POST", `${await this.element()}/click`, {});
  }

  async setChecked(wanted) {
    await this.waitFor();
    if ((await this.read((element) => element.checked)) !== wanted) await this.click();
  }
  check = () => this.setChecked(true);
  uncheck = () => this.setChecked(false);

  selectOption(value) {
    return this.read((element, value) => {
      element.value = value;
      for (const type of ["input", "change"])
        element.dispatchEvent(new Event(type, { bubbles: true }));
    }, value);
  }

  /** Passes a file like a drop does, because WebKitWebDriver does not accept files. */
  setInputFiles(file) {
    const { name, mimeType, buffer } =
      typeof file === "string"
        ? { name: basename(file), mimeType: "audio/wav", buffer: readFileSync(file) }
        : file;
    return this.read(
      async (element, { name, type, data }) => {
        const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
        const transfer = new DataTransfer();
        transfer.items.add(new File([bytes], name, { type }));
        element.files = transfer.files;
        element.dispatchEvent(new Event("change", { bubbles: true }));
      },
      { name, type: mimeType, data: buffer.toString("base64") },
    );
  }

  locator = (selector) => new Locator(this.session, `${this.selector} ${selector}`);
  count = () =>
    this.session.evaluate((selector) => document.querySelectorAll(selector).length, this.selector);
  isVisible = () => this.read((element) => element?.checkVisibility() ?? false);
  isHidden = async () => !(await this.isVisible());
  isEnabled = () => this.read((element) => element !== null && !element.disabled);
  isDisabled = async () => !(await this.isEnabled());
  waitFor = () => until(`${this.selector} to be visible`, () => this.isVisible());
  focus = () => this.read((element) => element.focus());
  getAttribute = (name) => this.read((element, name) => element.getAttribute(name), name);
  async textContent() {
    await until(this.selector, () => this.count());
    return this.read((element) => element.textContent);
  }
}

class Page {
  initScripts = [];

  /** `reopen` resolves to a session in a new browser. */
  constructor(session, reopen) {
    Object.assign(this, { session, reopen });
  }

  // Classic WebDriver has no events.
  on() {}
  evaluate = (work, argument) => this.session.evaluate(work, argument);
  locator = (selector) => new Locator(this.session, selector);
  getByTestId = (id) => this.locator(`[data-testid="${id}"]`);
  url = () => this.session.ask("GET", "/url");

  /** Runs after the page has loaded. WebDriver has no earlier event. */
  async addInitScript(script) {
    this.initScripts.push(script);
  }

  async goto(url) {
    const go = () => this.session.ask("POST", "/url", { url }, START_LIMIT_MS);
    // A browser that hangs on its first page has no state yet, so it can be replaced.
    const retried = async (error) => {
      if (!this.reopen || !(error instanceof BrowserHangError)) throw error;
      this.session = await this.reopen();
      await go();
    };
    await go().catch(retried);
    this.reopen = undefined;
    await this.#begin();
  }

  async reload() {
    await this.session.ask("POST", "/refresh", {}, START_LIMIT_MS);
    await this.#begin();
  }

  async #begin() {
    for (const script of this.initScripts) await this.evaluate(script);
  }

  waitForFunction = (work, argument, { timeout } = {}) =>
    until(`${work}`, () => this.evaluate(work, argument), timeout);
}

/** Starts a driver and its browser. */
async function start() {
  const port = await freePort();
  // The process group is ended with the driver. WebKit's messages about audio devices on stderr
  // would fill the report.
  const driver = spawn(process.env.DRIVER ?? "WebKitWebDriver", [`--port=${port}`], {
    stdio: "ignore",
    detached: true,
  });
  const stop = () => {
    try {
      process.kill(-driver.pid);
    } catch {
      // The driver has already ended.
    }
  };
  process.once("exit", stop);
  try {
    const root = `http://127.0.0.1:${port}`;
    await until("WebKitWebDriver", () =>
      fetch(`${root}/status`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const session = new Session(`${root}/session`);
    const capabilities = {
      alwaysMatch: JSON.parse(readFileSync(process.env.CAPABILITIES, "utf8")),
    };
    const { sessionId } = await session.ask("POST", "", { capabilities }, START_LIMIT_MS);
    session.url += `/${sessionId}`;
    await session.ask("POST", "/timeouts", { script: LIMIT_MS });
    const close = async () => {
      // A browser that has crashed is closed already, and one that hangs is ended.
      await session.ask("DELETE", "", undefined, START_LIMIT_MS).catch(() => {});
      stop();
      process.off("exit", stop);
    };
    return { session, close };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Each context is a browser of its own, so that a crash affects only one test. */
export async function launch() {
  let open;
  const close = async () => {
    const last = open;
    open = undefined;
    await last?.close();
  };
  const reopen = async () => {
    await close();
    open = await start().catch(start);
    return open.session;
  };
  const newContext = async () => {
    const session = await reopen();
    return { newPage: async () => new Page(session, reopen), close };
  };
  return { newContext, newPage: async () => (await newContext()).newPage(), close };
}
