// The calls that every page here makes: one that succeeds, one that fails, and one that needs more
// than the core.

/**
 * Makes the calls with the exports of the package, `sdk`. `base` is the URL of the proxy, for
 * runtimes without a page. Resolves to a summary of the results that can be cloned.
 */
export async function calls(
  { ThetaOne, ThetaOneError, NotAllWordsSpokenError },
  { base = "", recording = true } = {},
) {
  try {
    // In a page, tabs share the limit, by a module that is loaded on demand.
    const theta = new ThetaOne({ baseUrl: `${base}/api/ok`, shareAcrossTabs: base === "" });
    const { text, metadata } = await theta.transcribe(tone());
    const told = { text, emulated: metadata.emulated };
    if (recording) {
      // A worker needs the demuxer for this, which is a wasm module of its own.
      const file = await (await fetch(`${base}/recordings/chromium.webm`)).arrayBuffer();
      told.seconds = (await theta.prepare(file)).durationSeconds;
      // The MP3 encoder is another wasm module.
      told.mp3 = (await theta.prepare(tone(), { format: "mp3" })).blob.type;
    }
    theta.dispose();
    const failing = new ThetaOne({ baseUrl: `${base}/api/not-all-words` });
    const error = await failing.pronunciationSimple(tone(), { gold_text: "Wow" }).then(
      () => undefined,
      (error) => error,
    );
    // A minifier must not change the name or the class of an error.
    return {
      ...told,
      error: error?.name,
      typed: error instanceof NotAllWordsSpokenError && ThetaOneError.is(error),
    };
  } catch (error) {
    return { failed: `${error?.name}: ${error?.message}` };
  }
}

/** Writes the results of the calls into the page. */
export async function show(id, calls) {
  const element = document.createElement("pre");
  element.textContent = JSON.stringify(await calls);
  element.id = id;
  document.body.append(element);
}

/** Returns a second of a tone as a WAV file. Silence would be refused before it is sent. */
export function tone() {
  const samples = 16000;
  const wav = new DataView(new ArrayBuffer(44 + 2 * samples));
  const text = (at, text) =>
    [...text].forEach((letter, n) => wav.setUint8(at + n, letter.charCodeAt(0)));
  text(0, "RIFF");
  wav.setUint32(4, 36 + 2 * samples, true);
  text(8, "WAVEfmt ");
  wav.setUint32(16, 16, true);
  wav.setUint16(20, 1, true);
  wav.setUint16(22, 1, true);
  wav.setUint32(24, samples, true);
  wav.setUint32(28, 2 * samples, true);
  wav.setUint16(32, 2, true);
  wav.setUint16(34, 16, true);
  text(36, "data");
  wav.setUint32(40, 2 * samples, true);
  for (let n = 0; n < samples; n++) wav.setInt16(44 + 2 * n, 9000 * Math.sin(n / 5), true);
  return wav.buffer;
}
