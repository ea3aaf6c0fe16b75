// Shows a take.

import { byId, write } from "./page.js";

/** Shows the take. */
export function showTake(take) {
  byId("take-audio").src = URL.createObjectURL(take.blob);
  byId("take-duration").dataset.seconds = take.durationSeconds;
  write("take-duration", `${take.durationSeconds.toFixed(2)} s`);
  const warnings = take.warnings ?? [];
  byId("take-warnings").textContent = warnings.join(" ");
  byId("take-warnings").hidden = warnings.length === 0;
  byId("take").hidden = false;
}

/** Hides the take. */
export function hideTake() {
  const player = byId("take-audio");
  if (!player.src) return;
  URL.revokeObjectURL(player.src);
  // A take that is still playing would be recorded too.
  player.removeAttribute("src");
  player.load();
  byId("take").hidden = true;
}
