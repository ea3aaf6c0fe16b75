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

/** Replaces the microphone by one with half a second of speech. Returns its tracks. */
export function speakOnce() {
  const tracks = [];
  mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    await context.resume();
    const microphone = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const sound = (frequency, gain) => {
      const source = new OscillatorNode(context, { frequency, type: "sawtooth" });
      source.connect(new GainNode(context, { gain })).connect(microphone);
      return source;
    };
    // No room is without a hum, which is what speech stands out from.
    sound(100, 0.002).start();
    const voice = sound(300, 0.3);
    voice.start(context.currentTime + 0.3);
    voice.stop(context.currentTime + 0.8);
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
