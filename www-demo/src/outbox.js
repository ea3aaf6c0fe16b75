// The recordings that were not sent yet: to be sent, or forgotten.

import { theta } from "./client.js";
import { byId, create, on } from "./dom.js";
import { currentLocale, onLanguage, text } from "./language.js";

/** Shows the list. */
export const openOutbox = () => byId("outbox").showModal();

/** Lists the recordings. `resume(entry)` sends one. Returns a function that lists them again. */
export function setUpOutbox(resume) {
  const button = (name, onclick) => create("button", { type: "button", onclick }, text(name));
  const item = (entry) => {
    const { id, createdAt, options } = entry;
    const when = new Date(createdAt).toLocaleString(currentLocale());
    const title = create("b", {}, options.gold_text ?? text("transcribe"));
    const send = button("send", () => resume(entry, byId("outbox").close()));
    const forget = button("forget", () => theta.outbox.discard(id).then(refresh));
    return create("li", {}, create("p", {}, title, ` ${when}`), send, forget);
  };
  const refresh = async () => {
    const entries = await theta.outbox.list().catch(() => []);
    const unsent = entries.filter(({ state }) => state === "unsent");
    // The server would reject the others again.
    for (const { id, state } of entries) if (state === "rejected") await theta.outbox.discard(id);
    byId("open-outbox").hidden = unsent.length === 0;
    byId("open-outbox").textContent = text("unsent", unsent.length);
    byId("unsent").replaceChildren(...unsent.map(item));
    if (unsent.length === 0) byId("outbox").close();
  };
  on("open-outbox", "click", openOutbox);
  onLanguage(refresh);
  return refresh;
}
