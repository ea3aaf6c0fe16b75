// The page's process as the system sees it. That counts memory which no interface of the page does, such as the samples
// of an AudioBuffer, has a peak even while the main thread is blocked, and tells work from waiting for a processor
// that others use. It takes Linux; elsewhere the readings are `null`.

import { readFile, writeFile } from "node:fs/promises";

// In /proc/<pid>/clear_refs, this sets the peak back to what is resident now; see proc(5).
const RESET_PEAK = "5";

// In /proc/<pid>/stat, the times of all threads, those that ended included, are the 14th and 15th field, in hundredths
// of a second; those before, but for a name that may hold blanks, are skipped with it.
const NAME_END = ") ";
const TIMES = [11, 12];
const TICK_MS = 10;

export class Renderer {
  #ids = [];

  static async of(browser) {
    const renderer = new Renderer();
    const cdp = await browser.newBrowserCDPSession();
    const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
    // A renderer in reserve idles and adds nothing to a difference.
    renderer.#ids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
    await cdp.detach();
    return renderer;
  }

  /** Starts to watch the memory; gives the bytes that are resident now. */
  watchMemory() {
    return orNull(async () => {
      await Promise.all(this.#ids.map((id) => writeFile(`/proc/${id}/clear_refs`, RESET_PEAK)));
      return this.#memory("VmRSS");
    });
  }

  /** The most bytes that were resident since. */
  memoryPeak() {
    return orNull(() => this.#memory("VmHWM"));
  }

  /** How long the main thread has had a processor so far, and has waited for one, in milliseconds. */
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

  /** How long all threads of the page's process together have had a processor so far, in milliseconds. */
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
