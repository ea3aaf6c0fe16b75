// What the page itself can see of a run: how long its thread was held, and how much memory it had.

/** Sends itself messages all the time; the longest wait for one is the longest block of the thread. */
export function watchThread() {
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longestMs = 0;
  port1.onmessage = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    port2.postMessage(null);
  };
  port2.postMessage(null);
  return () => {
    port1.close();
    return Math.max(longestMs, performance.now() - last);
  };
}

/** The longest task of 50 ms and more, as the browser reports it; 0 where there was none. */
export function watchLongTasks() {
  let longestMs = 0;
  const take = (entries) => entries.forEach(({ duration }) => (longestMs = Math.max(longestMs, duration)));
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
