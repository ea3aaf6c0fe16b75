// Measurements that the page takes itself during a run: blocks of its thread, and its memory.

const MAX_BLOCKS = 5;

/**
 * Sends messages to itself. The longest waits for a message are the longest blocks of the thread.
 * Returns a function that stops, and returns the blocks, each with the fraction of the run at its
 * end.
 */
export function watchThread() {
  const { port1, port2 } = new MessageChannel();
  const start = performance.now();
  let last = start;
  let blocks = [];
  const measure = () => {
    const now = performance.now();
    const ms = now - last;
    last = now;
    if (blocks.length < MAX_BLOCKS || ms > blocks.at(-1).ms) {
      blocks = [...blocks, { ms, endMs: now - start }]
        .sort((a, b) => b.ms - a.ms)
        .slice(0, MAX_BLOCKS);
    }
  };
  port1.onmessage = () => {
    measure();
    port2.postMessage(null);
  };
  port2.postMessage(null);
  return () => {
    port1.close();
    measure();
    const whole = performance.now() - start;
    return blocks.map(({ ms, endMs }) => ({ ms, at: endMs / whole }));
  };
}

/** Measures the longest task that the browser reports, of 50 ms and more; 0 if there is none. */
export function watchLongTasks() {
  let longestMs = 0;
  const take = (entries) => {
    longestMs = Math.max(longestMs, ...entries.map(({ duration }) => duration));
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: "longtask" });
  return () => {
    take(observer.takeRecords());
    observer.disconnect();
    return longestMs;
  };
}

/** Measures the peak of the JavaScript heap, including array buffers, with a timer. */
export function watchHeap() {
  let peakBytes = performance.memory.usedJSHeapSize;
  const measure = () => {
    peakBytes = Math.max(peakBytes, performance.memory.usedJSHeapSize);
  };
  const timer = setInterval(measure, 4);
  return () => {
    clearInterval(timer);
    measure();
    return peakBytes;
  };
}
