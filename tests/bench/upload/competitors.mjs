// Ways to upload a file to a server. Each function returns the upload function for a URL.

export const COMPETITORS = {
  bare: async (url) => async (file) => {
    const form = new FormData();
    form.append("file", file, "speech.wav");
    const response = await fetch(`${url}/transcribe`, { method: "POST", body: form });
    if (!response.ok) throw new Error(`bare: ${response.status}`);
    return response.json();
  },
  async ours(url) {
    const { ThetaOne } = await import("thetaone-web");
    const theta = new ThetaOne({ baseUrl: url });
    await theta.ready();
    return (file) => theta.transcribe(file);
  },
  /** Uploads a prepared take, as after a recording. */
  async take(url, file) {
    const { ThetaOne } = await import("thetaone-web");
    const theta = new ThetaOne({ baseUrl: url });
    const take = await theta.prepare(file);
    return () => theta.transcribe(take);
  },
  async openai(url) {
    const { OpenAI } = await import("openai");
    const client = new OpenAI({
      apiKey: "none",
      baseURL: new URL(url, location.href).href,
      dangerouslyAllowBrowser: true,
    });
    return (file) =>
      client.audio.transcriptions.create({
        model: "whisper-1",
        file: new File([file], "speech.wav"),
      });
  },
  async assemblyai(url) {
    const { AssemblyAI } = await import("assemblyai");
    const client = new AssemblyAI({ apiKey: "none", baseUrl: new URL(url, location.href).href });
    return (file) => client.files.upload(file);
  },
};
