// Readings of the page's process from Linux; `null` on other systems. They include memory that no
// API of the page counts, such as the samples of an AudioBuffer. They contain the peak even if the
// main thread is blocked, and separate CPU time from time in which the thread waits for a CPU.

import { readFile, writeFile } from "node:fs/promises";

// Resets the peak to the current resident size, when written to /proc/<pid>/clear_refs; see
// proc(5).
const RESET_PEAK = "5";

// In /proc/<pid>/stat, fields 14 and 15 are the times of all threads, including ended ones, in
// hundredths of a second. The indexes count from the end of the name, which may contain blanks.
const NAME_END = ") ";
const TIMES = [11, 12];
const TICK_MS = 10;

export class RendererProcess {
  #ids = [];

  static async of(browser) {
    const renderer = new RendererProcess();
    const cdp = await browser.newBrowserCDPSession();
    const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
    // Includes spare renderers, which are idle and add nothing to a difference.
    renderer.#ids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
    await cdp.detach();
    return renderer;
  }

  /** Resets the peak of the memory. Returns the resident bytes. */
  resetMemoryPeak() {
    return orNull(async () => {
      await Promise.all(this.#ids.map((id) => writeFile(`/proc/${id}/clear_refs`, RESET_PEAK)));
      return this.#memory("VmRSS");
    });
  }

  /** Returns the peak of the resident bytes since the reset. */
  memoryPeak() {
    return orNull(() => this.#memory("VmHWM"));
  }

  /** Returns how long the main thread has run, and has waited for a CPU, in milliseconds. */
  thread() {
    return orNull(async () => {
      const stats = await Promise.all(
        this.#ids.map((id) => readFile(`/proc/${id}/task/${id}/schedstat`, "utf8")),
      );
      const total = (field) =>
        stats.reduce((sum, text) => sum + Number(text.split(" ")[field]) / 1e6, 0);
      return { cpuMs: total(0), queuedMs: total(1) };
    });
  }

  /** Returns how long all threads of the page's process have run, in milliseconds. */
  allThreadsCpuMs() {
    return orNull(async () => {
      const stats = await Promise.all(this.#ids.map((id) => readFile(`/proc/${id}/stat`, "utf8")));
      const ticks = stats.flatMap((text) => {
        const fields = text.slice(text.lastIndexOf(NAME_END) + NAME_END.length).split(" ");
        return TIMES.map((at) => Number(fields[at]));
      });
      return ticks.reduce((sum, value) => sum + value, 0) * TICK_MS;
    });
  }

  async #memory(field) {
    let bytes = 0;
    for (const id of this.#ids) {
      const status = await readFile(`/proc/${id}/status`, "utf8");
      bytes += Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "m").exec(status)[1]) * 1024;
    }
    return bytes;
  }
}

async function orNull(read) {
  try {
    return await read();
  } catch {
    return null;
  }
}
