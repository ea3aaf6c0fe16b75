// Runs one call at a time, and shows its phases, bytes and waits.

import { byId, countDown, show } from "./dom.js";
import { text } from "./language.js";

let running;

/** Ends the call that is running. */
export const abort = () => running?.abort();

/** Runs `call(request)`. Resolves to `{ result }`, `{ error }`, or `{}` if a newer call runs. */
export async function run(call) {
  abort();
  const own = new AbortController();
  running = own;
  showProgress({ phase: "preparing" });
  const onProgress = (progress) => running === own && showProgress(progress);
  const outcome = await call({ signal: own.signal, onProgress }).then(
    (result) => ({ result }),
    (error) => ({ error }),
  );
  if (running !== own) return {};
  running = undefined;
  return outcome;
}

function showProgress({ phase, attempt, maxAttempts, sentBytes, totalBytes, delayMs }) {
  const signal = show("progress");
  if (sentBytes === undefined) byId("bar").removeAttribute("value");
  else Object.assign(byId("bar"), { max: totalBytes, value: sentBytes });
  const counts = [sentBytes, totalBytes].filter(Number.isFinite);
  const bytes = counts.map((count) => Math.round(count / 1000)).join(" / ");
  const numbers = [bytes && `${bytes} kB`, attempt > 1 && text("attempt", attempt, maxAttempts)];
  byId("numbers").textContent = numbers.filter(Boolean).join(" · ");
  if (delayMs === undefined) write(text(phase));
  else countDown(delayMs, signal, (ms) => write(text("retrying", Math.ceil(ms / 1000))));
}

// Writes only changes, because screen readers announce every write.
function write(message) {
  if (byId("phase").textContent !== message) byId("phase").textContent = message;
}
