// Fills the menu of scenario keys, or shows that the real API is used.

import { announce, byId, element } from "./page.js";

/** Fills the menu. Every call sends the selected scenario. */
export async function loadScenarios() {
  let demo;
  try {
    demo = await (await fetch("/api/demo")).json();
  } catch {
    announce("The demo server does not answer; start it with `cargo xtask demo`.");
    return;
  }
  if (demo.mode === "api") {
    byId("emulator-only").hidden = true;
    byId("real-api").hidden = false;
    return;
  }
  for (const { id, group, title } of demo.scenarios) {
    let options = [...byId("scenario").children].find((child) => child.label === group);
    if (!options) {
      options = element("optgroup");
      options.label = group;
      byId("scenario").append(options);
    }
    const option = element("option", title);
    option.value = id;
    options.append(option);
  }
}

/** Returns the headers for the demo's proxy. */
export function scenarioHeaders() {
  const id = byId("scenario").value;
  return id ? { "x-demo-scenario": id } : {};
}
