// The suite's browser part. Each competitor is a chunk of its own.

const COMPETITORS = {
  async ours() {
    const { ThetaOne } = await import("thetaone-web");
    return new ThetaOne({ baseUrl: "/sink" });
  },
  async oursExternal() {
    const { ThetaOne, init } = await import("thetaone-web/external");
    // `ready()` waits for the promise.
    void init("/core_bg.wasm");
    return new ThetaOne({ baseUrl: "/sink" });
  },
  async assemblyai() {
    const { AssemblyAI } = await import("assemblyai");
    return new AssemblyAI({ apiKey: "none" });
  },
  async deepgram() {
    const { DeepgramClient } = await import("@deepgram/sdk");
    return new DeepgramClient({ apiKey: "none" });
  },
  async openai() {
    const { OpenAI } = await import("openai");
    return new OpenAI({ apiKey: "none", dangerouslyAllowBrowser: true });
  },
};

const fetched = () =>
  performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);

globalThis.bench = {
  /**
   * Imports a competitor, creates a client, and waits until it has loaded everything for a call.
   */
  async load(name) {
    const before = fetched();
    const start = performance.now();
    const client = await COMPETITORS[name]();
    const createdMs = performance.now() - start;
    const early = fetched();
    await client.ready?.();
    const readyMs = performance.now() - start;
    const beyond = (paths) => paths.filter((path) => !before.includes(path));
    return { createdMs, readyMs, early: beyond(early), all: beyond(fetched()) };
  },
};
