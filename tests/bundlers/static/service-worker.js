// A service worker imports nothing on demand, so that it takes the entry that is given its wasm.

import { ThetaOne as Inlined } from "./thetaone-web/index.js";
import { NotAllWordsSpokenError, ThetaOne, ThetaOneError, init } from "./thetaone-web/external.js";
import { calls } from "./calls.js";

const TASKS = {
  /** The default entry, which says what to do instead. */
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
  /** A recording that would have to be converted, for which a piece is imported on demand. */
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
