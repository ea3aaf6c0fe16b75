// The elements' own words.

/** By locale; Korean is loaded where it is needed. */
export const TEXTS = {
  en: {
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
    sounds: (word) => `Sounds of ${word}`,
    dimensions: {
      pronunciation: "Pronunciation",
      stress: "Stress",
      pause: "Pauses",
      speed: "Speed",
    },

    own: "Your recording",
    native: "Native speaker",
    live: "Recording",
    position: (at, all) => `${at} of ${all} seconds`,
    empty: "There is no recording yet.",
    unreadable: "This recording cannot be played here.",

    record: "Record",
    recordAgain: "Record again",
    opening: "Waiting for the microphone …",
    recording: "Recording. Speak now.",
    preparing: "Preparing your recording …",
    done: (seconds) => `Recorded: ${seconds} seconds.`,
    elapsed: "Recorded time",
    left: (seconds) => `${seconds} seconds left`,
    level: "Loudness",
    retry: "Try again",
    failed: "Please try again.",
    unavailable: "Recording is not available on this page.",
  },
};

/** Loads the words of a locale. Where that fails, English has to do. */
export async function loadTexts(locale) {
  try {
    TEXTS[locale] ??= (await import("./texts-ko.js")).KOREAN;
  } catch {
    TEXTS[locale] = TEXTS.en;
  }
}
