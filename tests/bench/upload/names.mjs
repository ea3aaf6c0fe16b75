// The names of the competitors in tables, by their names in competitors.mjs.

export const NAMES = {
  bare: "fetch + FormData",
  ours: "thetaone-web, a file",
  take: "thetaone-web, a take",
  openai: "openai, audio.transcriptions",
  assemblyai: "assemblyai, files.upload",
};

/** The competitors of each target. Peers have other routes than this API, so they use the sink. */
export const TARGETS = {
  emulator: ["bare", "ours", "take"],
  sink: ["bare", "ours", "take", "openai", "assemblyai"],
};
