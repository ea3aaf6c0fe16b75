// The menu of scenario keys, or the notice that there is none.

import { announce, at, element } from "./page.js";

/** Fills the menu; the chosen scenario goes with every call. */
export async function loadScenarios() {
  let demo;
  try {
    demo = await (await fetch("/api/demo")).json();
  } catch {
    announce("The demo server does not answer; start it with `cargo xtask demo`.");
    return;
  }
  if (demo.mode === "api") {
    at("emulator-only").hidden = true;
    at("real-api").hidden = false;
    return;
  }
  for (const { id, group, title } of demo.scenarios) {
    let options = [...at("scenario").children].find((child) => child.label === group);
    if (!options) {
      options = element("optgroup");
      options.label = group;
      at("scenario").append(options);
    }
    const option = element("option", title);
    option.value = id;
    options.append(option);
  }
}

/** The headers for the demo's proxy. */
export function scenarioHeaders() {
  const id = at("scenario").value;
  return id ? { "x-demo-scenario": id } : {};
}
