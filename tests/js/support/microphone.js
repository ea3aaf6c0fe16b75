// Looks at the microphones that a page opens, and replaces them.

import { waitFor } from "./test.js";

// WebKit forgets what was set on it when nobody holds it.
const { mediaDevices } = navigator;

/** Returns a list that grows by the tracks of every microphone that is opened from now on. */
export function watchTracks() {
  const tracks = [];
  const { getUserMedia } = MediaDevices.prototype;
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia.call(mediaDevices, constraints);
    tracks.push(...stream.getTracks());
    return stream;
  };
  return tracks;
}

export const statesOf = (tracks) => tracks.map(({ readyState }) => readyState);

/** Returns a signal that is aborted while the user is asked for the microphone. */
export function abortedWhenAsked(reason) {
  const { getUserMedia } = mediaDevices;
  const controller = new AbortController();
  mediaDevices.getUserMedia = (constraints) => {
    controller.abort(reason);
    return getUserMedia.call(mediaDevices, constraints);
  };
  return controller.signal;
}

/**
 * Replaces the microphone by one with half a second of speech in every two seconds. Speech that is
 * over before a recording starts, as on a busy machine, is repeated. Returns its tracks.
 */
export function speakRepeatedly() {
  const tracks = [];
  mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    await context.resume();
    const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const sound = (frequency, gain) => {
      const loudness = new GainNode(context, { gain });
      const source = new OscillatorNode(context, { frequency, type: "sawtooth" });
      source.connect(loudness).connect(microphone);
      source.start();
      return loudness.gain;
    };
    // No room is without a hum, which is what speech stands out from.
    sound(100, 0.002);
    const voice = sound(300, 0);
    const start = context.currentTime + 0.3;
    for (let seconds = 0; seconds < 60; seconds += 2) {
      voice.setValueAtTime(0.3, start + seconds);
      voice.setValueAtTime(0, start + seconds + 0.5);
    }
    tracks.push(...microphone.stream.getTracks());
    return microphone.stream;
  };
  return tracks;
}

/** Returns a list that grows by every AudioContext that is started from now on. */
export function watchContexts() {
  const contexts = [];
  const { resume } = AudioContext.prototype;
  AudioContext.prototype.resume = function () {
    contexts.push(this);
    return resume.call(this);
  };
  return contexts;
}

/** Waits until all of these are closed, which takes all browsers but Chromium a moment. */
export const allClosed = (contexts) =>
  waitFor(() => contexts.every(({ state }) => state === "closed"));
