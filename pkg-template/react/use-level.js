// The level of a recording, for a level meter.

import { useSyncExternalStore } from "react";
import { LEVEL, LevelStore } from "./level-store.js";
import { useWarnOnce } from "./warn-once.js";

const noLevel = /* @__PURE__ */ new LevelStore();

/** @type {typeof import("../react.js").useLevel} */
export function useLevel(recorder) {
  const level = /** @type {{ [LEVEL]?: LevelStore } | undefined} */ (recorder)?.[LEVEL];
  useWarnOnce(!level && "useLevel() takes what useRecorder() returned");
  const { subscribe, getSnapshot, getServerSnapshot } = level ?? noLevel;
  return useSyncExternalStore(subscribe, getSnapshot, getServerSnapshot);
}
