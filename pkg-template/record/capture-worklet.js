// The microphone's samples as they are, from the audio thread.

// As text, because a worklet needs a URL, and one made here works in every
// bundler. A page whose Content-Security-Policy forbids blob: scripts cannot
// load it; such a page records through MediaRecorder.
const SOURCE = `
const BLOCK = 1024;
registerProcessor("thetaone-capture", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(BLOCK);
    this.filled = 0;
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
    this.port.postMessage(block, [block.buffer]);
  }
  process([[samples]]) {
    if (this.state === "stop") return false;
    if (this.state !== "run" || !samples) return true;
    for (const sample of samples) {
      this.block[this.filled++] = sample;
      if (this.filled === BLOCK) this.send();
    }
    return true;
  }
});
`;

/** A node that posts mono samples of `context`'s rate as Float32Array. */
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
