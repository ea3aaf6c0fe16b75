// A service worker cannot import on demand, so it uses the entry whose wasm is passed to `init`.

import { ThetaOne as Inlined } from "./thetaone-web/index.js";
import { NotAllWordsSpokenError, ThetaOne, ThetaOneError, init } from "./thetaone-web/external.js";
import { calls } from "./calls.js";

const TASKS = {
  /** The default entry, whose error names the alternative. */
  async onDemand() {
    const error = await new Inlined({ baseUrl: "/api/ok" }).ready().catch((error) => error);
    return { name: error?.name, message: error?.message };
  },
  async calls() {
    await init("./thetaone-web/core_bg.wasm");
    return calls({ NotAllWordsSpokenError, ThetaOne, ThetaOneError }, { recording: false });
  },
  /**
   * The outbox is also imported on demand. Its error says what a service worker has to do instead.
   */
  async keeping() {
    const error = await new ThetaOne({ baseUrl: "/api/ok", outbox: true })
      .ready()
      .catch((error) => error);
    return { name: error?.name, message: error?.message };
  },
  /** A recording that needs a conversion, for which a module is imported on demand. */
  async recording() {
    const file = await (await fetch("/recordings/chromium.webm")).arrayBuffer();
    const error = await new ThetaOne({ baseUrl: "/api/ok" }).prepare(file).catch((error) => error);
    return { name: error?.name, message: error?.message };
  },
};

let last = Promise.resolve();
addEventListener("message", ({ data, ports: [port] }) => {
  last = last
    .then(() => TASKS[data]())
    .then(
      (told) => port.postMessage(told),
      (error) => port.postMessage(String(error)),
    );
});
