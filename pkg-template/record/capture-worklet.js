// Reads the microphone's samples in the audio thread.

// Text, because a worklet needs a URL, and the URL of a blob works in every bundler. A page whose
// Content-Security-Policy forbids scripts of blob: cannot load it; such a page records through
// MediaRecorder. The first samples are posted at once: they show that sound arrives.
//
// The source outputs silence until the first samples have come through its buffer. This time is its
// delay, 20 to 60 ms. "finish" waits for it, and for some more, because the delay grows when the
// machine is busy. Firefox has no such buffer: there, the silence ends when the device has opened.
const SOURCE = `
const BLOCK = 1024;
const MAX_DELAY = 4096;
const GROWTH = 1440;
registerProcessor("thetaone-capture", class extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.isDelayed = processorOptions.isDelayed;
    this.block = new Float32Array(BLOCK);
    this.filled = 0;
    this.hasSent = false;
    this.hasSound = false;
    this.delay = 0;
    this.state = "run";
    this.port.onmessage = ({ data }) => {
      this.state = data;
      if (data === "finish" && this.delay > 0) return;
      if (data !== "run") this.send();
      if (data === "stop" || data === "finish") this.end();
    };
  }
  send() {
    if (this.filled === 0) return;
    const block = this.block.slice(0, this.filled);
    this.filled = 0;
    this.hasSent = true;
    this.port.postMessage(block, [block.buffer]);
  }
  end() {
    this.state = "stop";
    this.send();
    this.port.postMessage(null);
  }
  waitsForSound(samples) {
    if (this.hasSound) return false;
    if (samples.every((sample) => sample === 0)) this.delay += samples.length;
    else this.hasSound = true;
    if (this.delay >= MAX_DELAY) this.hasSound = true;
    if (this.hasSound && this.delay > 0) this.delay = this.isDelayed ? this.delay + GROWTH : 0;
    return !this.hasSound;
  }
  process([[samples]], [[output]]) {
    if (this.state === "stop") return false;
    if (this.state !== "pause" && samples && !this.waitsForSound(samples)) {
      for (const sample of samples) {
        this.block[this.filled++] = sample;
        if (this.filled === BLOCK) this.send();
      }
      if (!this.hasSent) this.send();
    }
    if (this.state === "finish") {
      this.delay -= output.length;
      if (this.delay <= 0) this.end();
    }
    return true;
  }
});
`;

/**
 * One for all recordings of the page: each click would wait 0.2 ms for its own.
 * @type {string | undefined}
 */
let url;

/**
 * Loads the worklet. Nodes of `context` can be created afterwards.
 * @param {AudioContext} context
 */
export async function loadWorklet(context) {
  url ??= URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
  await context.audioWorklet.addModule(url);
}

/**
 * Returns a node that posts mono samples at the rate of `context`, as Float32Array.
 * @param {AudioContext} context
 * @param {boolean} isDelayed true if sources of the context have a buffer
 */
export function captureNode(context, isDelayed) {
  return new AudioWorkletNode(context, "thetaone-capture", {
    channelCount: 1,
    channelCountMode: "explicit",
    channelInterpretation: "speakers",
    processorOptions: { isDelayed },
  });
}
