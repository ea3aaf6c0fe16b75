import { allFiles } from "../files/all.mjs";
import { install } from "../packaging/installed.mjs";
import { serve } from "./files.mjs";
import { launch } from "./browser.mjs";
const installed = install();
const files = (await allFiles(installed.folder)).filter(({ expect }) => expect.samples || expect.bytes || expect.same);
const awkward = Object.fromEntries(files.map(({ bytes }, index) => [`/awkward/${index}`, Buffer.from(bytes)]));
const server = await serve({ "/": "<!doctype html>", ...awkward }, {});
const browser = await launch();
const page = await browser.newPage();
await page.goto(server.url);
for (const [index, file] of files.entries()) {
  const got = await page.evaluate(async (index) => {
    const bytes = await (await fetch("/awkward/" + index)).arrayBuffer();
    const c = new OfflineAudioContext(1, 1, 48000);
    return Promise.race([c.decodeAudioData(bytes).then((b) => { const d=b.getChannelData(0); let e=0; for (const x of d) e+=x*x; return { s: b.duration, ch: b.numberOfChannels, rms: Math.sqrt(e/d.length) }; }, (e) => String(e)), new Promise((r) => setTimeout(r, 5000, "hangs"))]);
  }, index);
  const { expect } = file;
  const due = expect.samples ? expect.samples.length / expect.channels / expect.rate : "?";
  if (typeof got === "string" || (due !== "?" && Math.abs(got.s - due) > 0.002)) console.log(file.name, "| due", due, "|", JSON.stringify(got));
}
await browser.close(); await server.close(); installed.remove();
