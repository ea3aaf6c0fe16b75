// Counts the bytes of audio that the SDK copies. Copies inside the browser, such as those when it
// reads or sends a blob, are the same for every page that uploads a file; only their number
// differs.

/** Starts to count. Returns a function that stops, and returns the bytes of each kind. */
export function watchCopies() {
  const counted = { readFromBlob: 0, intoWasm: 0, outOfWasm: 0, withinJs: 0 };
  const restores = [];
  const isWasm = (buffer) => globalThis.wasmMemories.some((memory) => memory.buffer === buffer);
  const wrap = (object, name, onCall) => {
    const original = object[name];
    restores.push(() => {
      object[name] = original;
    });
    object[name] = function (...args) {
      const result = original.apply(this, args);
      onCall(this, args, result);
      return result;
    };
  };
  const TypedArray = Object.getPrototypeOf(Uint8Array.prototype);
  wrap(TypedArray, "set", (target, [source]) => {
    const bytes = source.byteLength ?? source.length * target.BYTES_PER_ELEMENT;
    if (isWasm(target.buffer)) counted.intoWasm += bytes;
    else if (isWasm(source.buffer)) counted.outOfWasm += bytes;
    else counted.withinJs += bytes;
  });
  wrap(TypedArray, "slice", (source, _args, result) => {
    counted[isWasm(source.buffer) ? "outOfWasm" : "withinJs"] += result.byteLength;
  });
  wrap(ArrayBuffer.prototype, "slice", (_source, _args, result) => {
    counted.withinJs += result.byteLength;
  });
  for (const name of ["arrayBuffer", "stream"]) {
    wrap(Blob.prototype, name, (blob) => {
      counted.readFromBlob += blob.size;
    });
  }
  return () => {
    for (const restore of restores) restore();
    return counted;
  };
}
