// Counts the bytes of audio that are copied on the way through the SDK. What the browser does inside, as when it reads
// a blob or sends it, is the same for every page that uploads a file, but for how often it is asked to.

/** Starts to count; gives a function that stops and tells the bytes of each kind. */
export function watchCopies() {
  const counted = { readFromBlob: 0, intoWasm: 0, outOfWasm: 0, withinJs: 0 };
  const mended = [];
  const isWasm = (buffer) => globalThis.wasmMemories.some((memory) => memory.buffer === buffer);
  const wrap = (object, name, look) => {
    const original = object[name];
    mended.push(() => (object[name] = original));
    object[name] = function (...args) {
      const result = original.apply(this, args);
      look(this, args, result);
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
  wrap(
    ArrayBuffer.prototype,
    "slice",
    (_source, _args, result) => (counted.withinJs += result.byteLength),
  );
  wrap(Blob.prototype, "arrayBuffer", (blob) => (counted.readFromBlob += blob.size));
  wrap(Blob.prototype, "stream", (blob) => (counted.readFromBlob += blob.size));
  return () => {
    for (const mend of mended) mend();
    return counted;
  };
}
