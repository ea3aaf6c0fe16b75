// The contenders, by the names they have in contenders.mjs, as a reader of the tables knows them.

export const NAMES = {
  bare: "fetch + FormData",
  ours: "thetaone-web, a file",
  take: "thetaone-web, a take",
  openai: "openai, audio.transcriptions",
  assemblyai: "assemblyai, files.upload",
};

/** The peers know no route of this API: they can be pointed at the server that takes anything. */
export const TARGETS = {
  emulator: ["bare", "ours", "take"],
  sink: ["bare", "ours", "take", "openai", "assemblyai"],
};
