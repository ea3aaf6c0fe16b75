// Passes on what it hears.

class Tap extends AudioWorkletProcessor {
  process([[samples]]) {
    this.port.postMessage(samples?.slice() ?? new Float32Array(128));
    return true;
  }
}

registerProcessor("tap", Tap);
