// Fills the menu of scenario keys, or shows that the real API is used.

import { announce, byId, element } from "./page.js";

/** Fills the menu. Every call sends the selected scenario. */
export async function loadScenarios() {
  let demo;
  try {
    demo = await (await fetch("/api/demo")).json();
  } catch {
    announce("The server cannot be reached.");
    return;
  }
  if (demo.mode === "api") {
    byId("emulator-only").hidden = true;
    byId("real-api").hidden = false;
    return;
  }
  for (const { id, title } of demo.scenarios) {
    const option = element("option", title);
    option.value = id;
    byId("scenario").append(option);
  }
}

/** Returns the headers for the demo's proxy. */
export function scenarioHeaders() {
  const id = byId("scenario").value;
  return id ? { "x-demo-scenario": id } : {};
}
