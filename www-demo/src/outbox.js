// The recordings that were not sent yet: to be sent, or forgotten.

import { theta } from "./client.js";
import { byId, create, on } from "./dom.js";
import { currentLocale, onLanguage, text } from "./language.js";

/** Shows the list. */
export const openOutbox = () => byId("outbox").showModal();

/** Sets up the list. `resume(entry)` sends a recording. Returns a function that refreshes it. */
export function setUpOutbox(resume) {
  const button = (name, onclick) => create("button", { type: "button", onclick }, text(name));
  const item = (entry) => {
    const when = new Date(entry.createdAt).toLocaleString(currentLocale());
    const send = button("send", () => resume(entry, byId("outbox").close()));
    send.disabled = entry.state === "sending";
    const forget = button("forget", () => theta.outbox.discard(entry.id).then(refresh));
    const title = create("b", {}, entry.options.gold_text ?? text("transcribe"));
    return create("li", {}, create("p", {}, title, ` ${when}`), send, forget);
  };
  const refresh = async () => {
    // A browser without storage has nothing to list.
    const entries = await theta.outbox.list().catch(() => []);
    byId("open-outbox").hidden = entries.length === 0;
    byId("open-outbox").textContent = text("unsent", entries.length);
    byId("unsent").replaceChildren(...entries.map(item));
    if (entries.length === 0) byId("outbox").close();
  };
  on("open-outbox", "click", openOutbox);
  onLanguage(refresh);
  return refresh;
}
