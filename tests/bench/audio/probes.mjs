// What the page itself can see of a run: how long its thread was held, and how much memory it had.

const KEPT_BLOCKS = 5;

/**
 * Sends itself messages all the time; the longest waits for one are the longest blocks of the thread. Each comes with
 * the share of the run that had passed at its end.
 */
export function watchThread() {
  const { port1, port2 } = new MessageChannel();
  const start = performance.now();
  let last = start;
  let blocks = [];
  const look = () => {
    const now = performance.now();
    const ms = now - last;
    last = now;
    if (blocks.length < KEPT_BLOCKS || ms > blocks.at(-1).ms) {
      blocks = [...blocks, { ms, endMs: now - start }]
        .sort((a, b) => b.ms - a.ms)
        .slice(0, KEPT_BLOCKS);
    }
  };
  port1.onmessage = () => {
    look();
    port2.postMessage(null);
  };
  port2.postMessage(null);
  return () => {
    port1.close();
    look();
    const whole = performance.now() - start;
    return blocks.map(({ ms, endMs }) => ({ ms, at: endMs / whole }));
  };
}

/** The longest task of 50 ms and more, as the browser reports it; 0 where there was none. */
export function watchLongTasks() {
  let longestMs = 0;
  const take = (entries) =>
    entries.forEach(({ duration }) => (longestMs = Math.max(longestMs, duration)));
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ type: "longtask" });
  return () => {
    take(observer.takeRecords());
    observer.disconnect();
    return longestMs;
  };
}

/** The most that JavaScript holds, array buffers included, as far as a timer gets to see it. */
export function watchHeap() {
  let peakBytes = performance.memory.usedJSHeapSize;
  const look = () => (peakBytes = Math.max(peakBytes, performance.memory.usedJSHeapSize));
  const timer = setInterval(look, 4);
  return () => {
    clearInterval(timer);
    look();
    return peakBytes;
  };
}
