// The memory of the page's process as the system sees it. It counts what no interface of the page does, such as the
// samples of an AudioBuffer, and it has a peak even while the main thread is blocked.

import { readFile, writeFile } from "node:fs/promises";

// In /proc/<pid>/clear_refs, this sets the peak back to what is resident now; see proc(5).
const RESET_PEAK = "5";

export class RendererMemory {
  #ids = [];

  /** Works on Linux; elsewhere its readings are `null`. */
  static async of(browser) {
    const memory = new RendererMemory();
    const cdp = await browser.newBrowserCDPSession();
    const { processInfo } = await cdp.send("SystemInfo.getProcessInfo");
    // A renderer in reserve idles and adds nothing to a difference.
    memory.#ids = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
    await cdp.detach();
    return memory;
  }

  /** Starts to watch; gives the bytes that are resident now. */
  async watch() {
    try {
      await Promise.all(this.#ids.map((id) => writeFile(`/proc/${id}/clear_refs`, RESET_PEAK)));
      return await this.#sum("VmRSS");
    } catch {
      return null;
    }
  }

  /** The most bytes that were resident since. */
  async peak() {
    try {
      return await this.#sum("VmHWM");
    } catch {
      return null;
    }
  }

  async #sum(field) {
    let bytes = 0;
    for (const id of this.#ids) {
      const status = await readFile(`/proc/${id}/status`, "utf8");
      bytes += Number(new RegExp(`^${field}:\\s*(\\d+) kB`, "m").exec(status)[1]) * 1024;
    }
    return bytes;
  }
}
