// Lists takes that were sent but not delivered, if the user chose to store them.

import { announce, byId, element } from "./page.js";
import { showFailure } from "./failure.js";

/**
 * Sets up the list of takes in the outbox of `client()`. `send` runs a call and shows its result.
 * Returns a function that refreshes the list and shows its own errors.
 */
export function setUpOutbox(client, send, isOn) {
  const refresh = async () => {
    byId("outbox").hidden = !isOn();
    if (!isOn()) return;
    try {
      const unsent = await client().outbox.list();
      byId("unsent").replaceChildren(...unsent.map(item));
      byId("nothing-unsent").hidden = unsent.length > 0;
    } catch (error) {
      showFailure(error);
    }
  };

  const item = ({ id, method, createdAt, durationSeconds, state, lastError }) => {
    const length = durationSeconds === undefined ? "" : `, ${durationSeconds.toFixed(1)} s`;
    const reason = lastError ? `, ${lastError.code}` : "";
    const row = element(
      "li",
      `${new Date(createdAt).toLocaleString()}: ${method}${length}, ${state}${reason} `,
    );
    row.dataset.id = id;
    row.dataset.state = state;
    row.append(
      button("Send again", "resume", state === "sending", () =>
        send((request) => client().outbox.resume(id, request)),
      ),
      button("Discard", "discard", false, () => client().outbox.discard(id)),
    );
    return row;
  };

  const button = (text, testId, disabled, click) => {
    const node = element("button", text);
    node.type = "button";
    node.dataset.testid = testId;
    node.disabled = disabled;
    node.addEventListener("click", async () => {
      node.disabled = true;
      try {
        await click();
      } catch (error) {
        showFailure(error);
      }
      await refresh();
    });
    return node;
  };

  byId("discard-all").addEventListener("click", () => byId("discard-question").showModal());
  byId("discard-confirmed").addEventListener("click", async () => {
    try {
      await client().outbox.clear();
      announce("All takes were discarded.");
    } catch (error) {
      showFailure(error);
    }
    await refresh();
  });
  return refresh;
}
