// thetaone-web: unofficial browser SDK for the Theta One speech API.

export * from "./types/api.js";
export * from "./types/audio.js";
export * from "./types/client.js";
export * from "./types/errors.js";
export * from "./types/events.js";
export * from "./types/outbox.js";
export * from "./types/recording.js";
export * from "./types/references.js";
export * from "./types/request.js";
export * from "./types/transcribe-long.js";
