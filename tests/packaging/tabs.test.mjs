// What a tab remembers of the others, which nobody outside can see but by how long it looks.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

import { install } from "./installed.mjs";

const installed = install();
after(installed.remove);

test("a tab that only listens forgets what is older than the minute", () => {
  const { heard, longest } = installed.run(`
    import { virtualClock } from "thetaone-web/testing";
    import { Tabs } from ${JSON.stringify(pathToFileURL(join(installed.folder, "tabs.js")).href)};
    const clock = virtualClock().install();
    const channels = [];
    globalThis.BroadcastChannel = class {
      constructor() { channels.push(this); }
      postMessage() {}
    };
    const locks = { request: async (name, how, work) => work(), query: async () => ({ held: [] }) };
    Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
    let heard = 0;
    new Tabs("api", 4, () => heard++);
    let longest = 0;
    const { includes } = Array.prototype;
    for (let minute = 0; minute < 3; minute++) {
      for (let n = 0; n < 10; n++) {
        const data = { entered: [clock.now + n] };
        Array.prototype.includes = function (...given) {
          longest = Math.max(longest, this.length);
          return includes.apply(this, given);
        };
        // Told twice, as by two tabs, it is one.
        for (let tab = 0; tab < 2; tab++) channels[0].onmessage({ data });
        Array.prototype.includes = includes;
      }
      await clock.advance(61_000);
    }
    console.log(JSON.stringify({ heard, longest }));
  `);
  assert.equal(heard, 30);
  assert.equal(longest, 10);
});
