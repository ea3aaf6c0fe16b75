// The elements' own words.

export const ENGLISH = {
  /** @param {number | string} words */
  ready: (words) => `Result: ${words} ${words === 1 ? "word" : "words"}.`,
  nothing: "There is no result to show.",
  playAll: "Play your recording",
  stop: "Stop",
  play: "Play",
  score: "score",
  good: "good",
  fair: "fair",
  poor: "needs practice",
  stressed: "stressed",
  longPause: "long pause",
  /** @param {string} word */
  sounds: (word) => `Sounds of ${word}`,
  /** @type {{ [name: string]: string }} */
  dimensions: {
    pronunciation: "Pronunciation",
    stress: "Stress",
    pause: "Pauses",
    speed: "Speed",
  },

  own: "Your recording",
  native: "Native speaker",
  live: "Recording",
  /** @type {(at: string, all: string) => string} */
  position: (at, all) => `${at} of ${all} seconds`,
  empty: "There is no recording yet.",
  unreadable: "This recording cannot be played here.",

  record: "Record",
  recordAgain: "Record again",
  opening: "Waiting for the microphone …",
  recording: "Recording. Speak now.",
  preparing: "Preparing your recording …",
  /** @param {number | string} seconds */
  done: (seconds) => `Recorded: ${seconds} seconds.`,
  elapsed: "Recorded time",
  /** @param {number | string} seconds */
  left: (seconds) => `${seconds} seconds left`,
  level: "Loudness",
  retry: "Try again",
  failed: "Please try again.",
  unavailable: "Recording is not available on this page.",
};

/**
 * By locale; Korean is loaded where it is needed.
 * @type {{ [locale: string]: typeof ENGLISH }}
 */
export const TEXTS = { en: ENGLISH };

/**
 * Loads the words of a locale. Where that fails, English has to do.
 * @param {string} locale
 */
export async function loadTexts(locale) {
  try {
    TEXTS[locale] ??= (await import("./texts-ko.js")).KOREAN;
  } catch {
    TEXTS[locale] = ENGLISH;
  }
}
