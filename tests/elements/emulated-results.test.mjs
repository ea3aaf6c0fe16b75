// Tests the elements with results of the emulator at EMULATOR_URL: each part that a result has is
// shown.

import { strict as assert } from "node:assert";
import { after } from "node:test";

import { wav } from "./page/sounds.js";
import { onPage, openSite, test } from "./site.mjs";

const KEY = "sk-theta-emulated-ok";
const GOLD_TEXT = "Wow, check out this beautiful castle.";
const SECONDS = 3.3;
const SAMPLE_RATE = 16_000;

const site = await openSite();
after(site.close);

/** Half of the speech, a long pause, and the other half, which becomes quieter. */
function amplitudeAt(seconds) {
  if (seconds < 0.3 || seconds >= 3.1) return 0;
  if (seconds >= 1.3 && seconds < 1.9) return 0;
  return seconds < 2.6 ? 0.5 : 0.1;
}

const recording = wav(SECONDS, (frame) => amplitudeAt(frame / SAMPLE_RATE) * Math.sin(frame / 8));

/** Returns the emulator's result of an endpoint for the recording. */
async function resultOf(path, options, fields = {}) {
  const body = new FormData();
  body.append("file", recording, "audio.wav");
  body.append("options", JSON.stringify({ gold_text: GOLD_TEXT, ...options }));
  for (const [name, value] of Object.entries(fields)) body.append(name, JSON.stringify(value));
  const response = await fetch(`${process.env.EMULATOR_URL}${path}`, {
    method: "POST",
    headers: { "x-api-key": KEY },
    body,
  });
  assert.equal(response.status, 200, await response.clone().text());
  return response.json();
}

/** Returns the results of both methods, and the reference that they were compared with. */
async function results() {
  const native = await resultOf("/analyze-native", {});
  const compared = await resultOf(
    "/pronunciation",
    { language: "en" },
    { native_speech_components_json: native.speech_components },
  );
  return { native, compared };
}

const wordsOf = (components) => components.filter(({ type }) => type === "word");

/** Returns what a score shows of a word, a syllable or a sound: text, score, stress. */
const ratingOf = ({ word, text = word, score, is_stressed }) =>
  `${is_stressed ? "ˈ" : ""}${text} ${Math.round(score)}`;

test("a score shows every part of an emulated result", async () => {
  const { native, compared } = await results();
  await onPage(site, async (page) => {
    const seen = await page.evaluate(
      async ({ native, compared }) => {
        const { waitFor } = globalThis.page;
        const score = Object.assign(document.createElement("theta-score"), {
          result: compared,
          nativeResult: native,
          locale: "en",
        });
        document.querySelector("main").append(score);
        const root = score.shadowRoot;
        await waitFor(() => root.querySelector(".dimensions"));
        const texts = (selector, within = root) =>
          [...within.querySelectorAll(selector)].map((node) => node.textContent);
        const ratingIn = (node) =>
          `${texts(".stress", node).join("")}${texts(".rated", node)[0]} ${texts(".score", node)[0]}`;
        const rated = (selector, within = root) =>
          [...within.querySelectorAll(selector)].map(ratingIn);
        const details = [];
        for (let index = 0; index < root.querySelectorAll(".word").length; index++) {
          root.querySelector(`#more-${index}`).click();
          const isOpen = () =>
            root.querySelector(`#more-${index}[aria-expanded=true]`) &&
            root.querySelector("#details");
          await waitFor(isOpen, `the sounds of word ${index}`);
          const opened = root.querySelector("#details");
          details.push(rated(".row", opened));
        }
        return {
          words: rated(".word"),
          levels: [...root.querySelectorAll(".word")].map((node) => node.className),
          pauses: texts(".pause").length,
          feedback: texts(".feedback li"),
          sides: texts(".dimensions dt"),
          scores: texts(".dimensions .score"),
          sentences: texts(".dimensions dd > span:last-child"),
          details,
        };
      },
      { native, compared },
    );

    const words = wordsOf(compared.user_speech_components);
    assert.deepEqual(seen.words, words.map(ratingOf));
    assert.ok(seen.words.some((word) => word.startsWith("ˈ")));
    assert.ok(new Set(seen.levels).size > 1, `words of several levels: ${seen.levels}`);
    assert.equal(seen.pauses, 1);
    assert.deepEqual(
      seen.feedback,
      words.filter(({ feedback }) => feedback).map(({ word, feedback }) => `${word}: ${feedback}`),
    );
    assert.ok(seen.feedback.length > 0);
    assert.deepEqual(seen.sides, ["Pronunciation", "Stress", "Pauses", "Speed"]);
    const sides = ["pronunciation", "stress", "pause", "speed"].map((name) => compared[name]);
    assert.deepEqual(
      seen.scores,
      sides.map(({ score }) => String(Math.round(score))),
    );
    assert.deepEqual(
      seen.sentences,
      sides.map(({ feedback }) => feedback),
    );
    assert.deepEqual(
      seen.details,
      words.map(({ syllables }) =>
        syllables.flatMap((syllable) => [syllable, ...syllable.phonemes].map(ratingOf)),
      ),
    );
  });
});

test("a waveform shows the words of an emulated result at their times", async () => {
  const { compared } = await results();
  const bytes = [...new Uint8Array(await recording.arrayBuffer())];
  await onPage(site, async (page) => {
    const labels = await page.evaluate(
      async ({ compared, bytes }) => {
        const { waitFor } = globalThis.page;
        const waveform = Object.assign(document.createElement("theta-waveform"), {
          result: compared,
          take: new Blob([new Uint8Array(bytes)], { type: "audio/wav" }),
        });
        document.querySelector("main").append(waveform);
        const root = waveform.shadowRoot;
        await waitFor(() => root.querySelector(".label"));
        const track = root.querySelector(".track").getBoundingClientRect();
        return [...root.querySelectorAll(".label")].map((label) => ({
          text: label.textContent,
          from: (label.getBoundingClientRect().left - track.left) / track.width,
        }));
      },
      { compared, bytes },
    );
    const words = wordsOf(compared.user_speech_components);
    assert.deepEqual(
      labels.map(({ text }) => text),
      words.map(({ word }) => word),
    );
    for (const [index, { text, from }] of labels.entries()) {
      const error = Math.abs(from - words[index].start / SECONDS);
      assert.ok(error < 0.02, `${text} is ${error} of the width away`);
    }
  });
});
