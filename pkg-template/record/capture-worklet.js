// Reads the microphone's samples in the audio thread.

// Text, because a worklet needs a URL, and the URL of a blob works in every bundler. A page whose
// Content-Security-Policy forbids scripts of blob: cannot load it; such a page records through
// MediaRecorder. The first samples are posted at once: they show that sound arrives.
const SOURCE = `
const BLOCK = 1024;
registerProcessor("thetaone-capture", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(BLOCK);
    this.filled = 0;
    this.hasSent = false;
    this.state = "run";
    this.port.onmessage = ({ data }) => {
      this.state = data;
      if (data !== "run") this.send();
      if (data === "stop") this.port.postMessage(null);
    };
  }
  send() {
    if (this.filled === 0) return;
    const block = this.block.slice(0, this.filled);
    this.filled = 0;
    this.hasSent = true;
    this.port.postMessage(block, [block.buffer]);
  }
  process([[samples]]) {
    if (this.state === "stop") return false;
    if (this.state !== "run" || !samples) return true;
    for (const sample of samples) {
      this.block[this.filled++] = sample;
      if (this.filled === BLOCK) this.send();
    }
    if (!this.hasSent) this.send();
    return true;
  }
});
`;

/**
 * Returns a node that posts mono samples at the rate of `context`, as Float32Array.
 * @param {AudioContext} context
 */
export async function captureNode(context) {
  const url = URL.createObjectURL(new Blob([SOURCE], { type: "text/javascript" }));
  try {
    await context.audioWorklet.addModule(url);
  } finally {
    URL.revokeObjectURL(url);
  }
  return new AudioWorkletNode(context, "thetaone-capture", {
    channelCount: 1,
    channelCountMode: "explicit",
    channelInterpretation: "speakers",
  });
}
