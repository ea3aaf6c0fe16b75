// Takes that were sent and not delivered, where this page keeps them.

import { announce, at, element } from "./page.js";
import { showFailure } from "./failure.js";

/** Lists what the outbox of `client()` holds; `send` shows what comes of a call. Gives a function that looks again. */
export function setUpOutbox(client, send, isOn) {
  const look = async () => {
    at("outbox").hidden = !isOn();
    if (!isOn()) return;
    try {
      const unsent = await client().outbox.list();
      at("unsent").replaceChildren(...unsent.map(item));
      at("nothing-unsent").hidden = unsent.length > 0;
    } catch (error) {
      showFailure(error);
    }
  };

  const item = ({ id, method, createdAt, durationSeconds, state, lastError }) => {
    const length = durationSeconds === undefined ? "" : `, ${durationSeconds.toFixed(1)} s`;
    const why = lastError ? `, ${lastError.code}` : "";
    const made = element(
      "li",
      `${new Date(createdAt).toLocaleString()}: ${method}${length}, ${state}${why} `,
    );
    made.dataset.id = id;
    made.dataset.state = state;
    made.append(
      button("Send again", "resume", state === "sending", () =>
        send((request) => client().outbox.resume(id, request)),
      ),
      button("Throw away", "discard", false, () => client().outbox.discard(id)),
    );
    return made;
  };

  const button = (text, testId, disabled, click) => {
    const made = element("button", text);
    made.type = "button";
    made.dataset.testid = testId;
    made.disabled = disabled;
    made.addEventListener("click", async () => {
      made.disabled = true;
      try {
        await click();
      } catch (error) {
        showFailure(error);
      }
      await look();
    });
    return made;
  };

  at("discard-all").addEventListener("click", () => at("discard-question").showModal());
  at("discard-confirmed").addEventListener("click", async () => {
    try {
      await client().outbox.clear();
      announce("All unsent takes were thrown away.");
    } catch (error) {
      showFailure(error);
    }
    await look();
  });
  return look;
}
