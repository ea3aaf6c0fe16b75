// The level of a recording, for a meter.

import { useSyncExternalStore } from "react";
import { useComplaint } from "./warn-once.js";
import { LEVEL, LevelStore } from "./level-store.js";

const noLevel = /* @__PURE__ */ new LevelStore();

export function useLevel(recorder) {
  const level = recorder?.[LEVEL];
  useComplaint(!level && "useLevel() takes what useRecorder() returned");
  const { subscribe, read, readInitial } = level ?? noLevel;
  return useSyncExternalStore(subscribe, read, readInitial);
}
