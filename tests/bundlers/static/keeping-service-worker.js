// A service worker with an outbox. It imports the modules statically that the core would import on
// demand.

import { ThetaOne, init } from "./thetaone-web/external.js";
import "./thetaone-web/service-worker.js";
import { tone } from "./calls.js";

async function kept() {
  await init("./thetaone-web/core_bg.wasm");
  const theta = new ThetaOne({
    baseUrl: "/api/not-all-words",
    outbox: true,
    references: { persist: true },
  });
  await theta.ready();
  const error = await theta
    .pronunciationSimple(tone(), { gold_text: "Wow" })
    .catch((error) => error);
  const listed = await theta.outbox.list();
  const known = await theta.references.has(tone(), { gold_text: "Wow" });
  const { parts } = await new ThetaOne({ baseUrl: "/api/ok" }).transcribeLong(tone());
  await theta.dispose({ forget: true });
  return {
    name: error.name,
    isListed: listed.length === 1 && listed[0].id === error.outboxId,
    known,
    parts: parts.length,
  };
}

addEventListener("message", ({ ports: [port] }) => {
  kept().then(
    (told) => port.postMessage(told),
    (error) => port.postMessage(String(error)),
  );
});
