// Gives the tests outside of the page everything by its name, as `globalThis.page`.

import * as elements from "/package/elements.js";
import * as sdk from "/package/index.js";
import * as clients from "./clients.js";
import * as errors from "./errors.js";
import * as results from "./results.js";
import * as sounds from "./sounds.js";
import { STATES } from "./states.js";
import { waitFor } from "/support/wait-for.js";

/** Builds the states in the page, each in a section of its own, one below the other. */
async function showStates(names = Object.keys(STATES)) {
  const host = document.querySelector("main");
  for (const name of names) {
    const section = document.createElement("section");
    section.dataset.state = name;
    host.append(section);
    await STATES[name](section);
  }
}

globalThis.page = {
  ...elements,
  sdk,
  ...clients,
  ...errors,
  ...results,
  ...sounds,
  STATES,
  waitFor,
  showStates,
};
