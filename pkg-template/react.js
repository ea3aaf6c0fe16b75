"use client";
// thetaone-web/react: hooks around `ThetaOne`, for React 18 and newer.

export { ThetaOneProvider, useThetaOne } from "./react/provider.js";
export { useCall } from "./react/use-call.js";
export { useLevel } from "./react/use-level.js";
export { useMicrophones } from "./react/use-microphones.js";
export { useRecorder } from "./react/use-recorder.js";
